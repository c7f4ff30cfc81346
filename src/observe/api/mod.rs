//! The API check: `cargo semver-checks` asked about libraries, and its report read for words.

pub(crate) mod compare;
pub(crate) mod lints;

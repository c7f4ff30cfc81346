//! The API check: `cargo semver-checks` asked about libraries, its report read for words, and the signatures compared that it
//! does not compare.

pub(crate) mod compare;
pub(crate) mod lints;
pub(crate) mod rustdoc;
mod rustdoc_types;
pub(crate) mod signatures;

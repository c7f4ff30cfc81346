//! Findings in words, and in the formats that programs read.

pub(crate) mod check;
pub(crate) mod finding;
pub(crate) mod machine;

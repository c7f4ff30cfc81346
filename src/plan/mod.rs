//! The decisions: from facts and a request to a plan. Pure: the same snapshot, configuration and request give the same
//! plan, byte for byte. This room may use `snapshot`, `config`, `manifest`, `changelog`, `check`, `names` and `error`;
//! it may not use `tools`, `observe` or `apply`.

mod finding;
mod request;
mod value;

pub use self::finding::Finding;
pub use self::finding::Severity;
pub use self::request::*;
pub use self::value::*;
pub use crate::manifest::Splice;

//! `Cargo.toml` and `Cargo.lock` as texts: read with the places of what matters, changed by splicing bytes, so that
//! line ends, comments, quotes and order stay as their authors left them.
//!
//! Pure: texts come in, texts go out. Which versions and requirements to write is decided in `plan`. This room may use
//! `names` and `error`.

pub mod requirement;
mod splice;

pub use self::splice::Splice;
pub use self::splice::apply;
pub use self::splice::between;

//! `release.toml` and its layers, resolved to plain values. Pure: the texts are arguments. This room may use `names` and
//! `error`.

mod settings;

pub use self::settings::*;

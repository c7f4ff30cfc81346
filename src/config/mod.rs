//! `release.toml` and its layers, resolved to plain values. Pure: the texts are arguments. This room may use `names` and
//! `error`.
//!
//! `keys` declares every key once, [`resolve()`] lays the layers over each other.

mod annotate;
mod changelog_names;
mod conversions;
mod declare;
mod document;
mod example;
mod forge_settings;
mod keys;
#[cfg(test)]
mod refusals;
mod resolve;
mod schema;
mod settings;
mod sources;
mod template;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use self::annotate::annotated;
pub(crate) use self::changelog_names::CHANGELOG_DIRS;
pub(crate) use self::changelog_names::ChangelogName;
pub(crate) use self::changelog_names::DEFAULT_CHANGELOG;
pub use self::example::example;
pub(crate) use self::forge_settings::*;
pub(crate) use self::keys::*;
#[cfg(test)]
pub(crate) use self::resolve::effective;
pub(crate) use self::resolve::effective_layers;
pub use self::resolve::resolve;
pub(crate) use self::schema::schema;
pub use self::settings::*;
pub use self::sources::ConfigFile;
pub use self::sources::DirConfig;
pub use self::sources::MemberFacts;
pub use self::sources::Sources;
pub use self::sources::VersionSource;
pub(crate) use self::template::Placeholder;
pub(crate) use self::template::Values;
pub(crate) use self::values::*;

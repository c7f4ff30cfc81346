//! `release.toml` and its layers, resolved to plain values. Pure: the texts are arguments. This room may use `names` and
//! `error`.
//!
//! [`Layer`] declares the keys, `release.toml.example` is their defaults, [`resolve()`] lays the layers over each other.

mod annotate;
mod changelog_names;
mod document;
mod layer;
#[cfg(test)]
mod refusals;
mod resolve;
mod schema;
mod settings;
mod sources;
mod template;
#[cfg(test)]
mod tests;

pub use self::annotate::annotated;
pub use self::changelog_names::CHANGELOG_DIRS;
pub use self::changelog_names::ChangelogName;
pub use self::changelog_names::DEFAULT_CHANGELOG;
pub use self::layer::*;
pub use self::resolve::EXAMPLE;
pub use self::resolve::effective;
pub use self::resolve::effective_layers;
pub use self::resolve::resolve;
pub use self::schema::schema;
pub use self::settings::*;
pub use self::sources::MemberFacts;
pub use self::sources::Place;
pub use self::sources::Source;
pub use self::sources::Sources;
pub use self::sources::VersionSource;
pub use self::template::Placeholder;
pub use self::template::Values;
pub use self::template::placeholders;

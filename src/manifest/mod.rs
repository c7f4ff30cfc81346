//! `Cargo.toml` and `Cargo.lock` as texts: read with the places of what matters, changed by splicing bytes, so that
//! line ends, comments, quotes and order stay as their authors left them.
//!
//! Pure: texts come in, texts go out. Which versions and requirements to write is decided in `plan`. This room may use
//! `names` and `error`.

mod closure;
mod compare;
mod document;
mod literal;
pub(crate) mod lock;
mod lock_fresh;
mod locked;
mod normal;
mod parsed;
mod place;
mod read;
pub(crate) mod requirement;
mod splice;
#[cfg(test)]
mod tests;

pub(crate) use self::compare::Difference;
pub(crate) use self::compare::compare;
pub(crate) use self::compare::compare_targets;
pub(crate) use self::document::Dependency;
pub(crate) use self::document::Manifest;
pub(crate) use self::document::Patch;
pub(crate) use self::document::VersionAt;
pub(crate) use self::lock_fresh::Packages;
pub(crate) use self::lock_fresh::Requirement;
pub(crate) use self::lock_fresh::Requirements;
pub(crate) use self::lock_fresh::is_fresh;
pub(crate) use self::normal::DependencyKey;
pub(crate) use self::normal::Normal;
pub(crate) use self::normal::Required;
pub(crate) use self::parsed::Manifests;
#[cfg(test)]
pub(crate) use self::parsed::parses_below;
pub(crate) use self::place::DependencyEntry;
pub(crate) use self::place::DependencyTable;
pub(crate) use self::place::ManifestField;
pub(crate) use self::splice::Splice;
pub(crate) use self::splice::apply;
pub(crate) use self::splice::between;

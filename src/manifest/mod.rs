//! `Cargo.toml` and `Cargo.lock` as texts: read with the places of what matters, changed by splicing bytes, so that
//! line ends, comments, quotes and order stay as their authors left them.
//!
//! Pure: texts come in, texts go out. Which versions and requirements to write is decided in `plan`. This room may use
//! `names` and `error`.

mod closure;
mod compare;
mod document;
mod literal;
pub mod lock;
mod lock_fresh;
mod locked;
mod normal;
mod place;
mod read;
pub mod requirement;
mod splice;
#[cfg(test)]
mod tests;

pub use self::compare::Difference;
pub use self::compare::Targets;
pub use self::compare::compare;
pub use self::compare::compare_targets;
pub use self::document::Dependency;
pub use self::document::Manifest;
pub use self::document::VersionAt;
pub use self::literal::Literal;
pub use self::literal::line_of;
pub use self::lock_fresh::Packages;
pub use self::lock_fresh::Requirement;
pub use self::lock_fresh::Requirements;
pub use self::lock_fresh::is_fresh;
pub use self::normal::DependencyKey;
pub use self::normal::NamedFile;
pub use self::normal::Normal;
pub use self::normal::Required;
pub use self::normal::Root;
pub use self::place::Entry;
pub use self::place::Place;
pub use self::place::Section;
pub use self::splice::Splice;
pub use self::splice::apply;
pub use self::splice::between;

//! The limits of crates.io, each with its source in `rust-lang/crates.io` (as of 2026-08).

/// Bytes of a packed archive: `config/publish_limits.rs`. A crate may have been given more.
pub(super) const PACKED: u64 = 10 * 1024 * 1024;
/// Bytes of an unpacked archive, from which on it is refused: `config/publish_limits.rs`.
pub(super) const UNPACKED: u64 = 512 * 1024 * 1024;
/// Bytes of the JSON before the archive, the readme among it: `controllers/krate/publish.rs`.
pub(super) const METADATA: u64 = 1024 * 1024;
/// Characters of a crate's or a dependency's name: `crates_io_validation`.
pub(super) const NAME: usize = 64;
/// Characters of a version: `controllers/krate/publish.rs`.
pub(super) const VERSION: usize = 150;
/// Bytes of the description, which the refusal calls characters: `controllers/krate/publish.rs`.
pub(super) const DESCRIPTION: usize = 1000;
/// Keywords: `controllers/krate/publish.rs`.
pub(super) const KEYWORDS: usize = 5;
/// Bytes of a keyword: `models/keyword.rs`.
pub(super) const KEYWORD: usize = 20;
/// Categories: `controllers/krate/publish.rs`.
pub(super) const CATEGORIES: usize = 5;
/// Features, and what one of them enables: `config/publish_limits.rs`. A crate may have been given more.
pub(super) const FEATURES: usize = 300;
/// Dependencies of all kinds: `config/publish_limits.rs`.
pub(super) const DEPENDENCIES: usize = 500;

/// The minutes until there may be one more new crate, once the first ones are taken: `config/rate_limits.rs`.
pub(crate) const NEW_CRATES: usize = 10;
/// The minutes until there may be one more new version, once the first ones are taken: `config/rate_limits.rs`.
pub(crate) const NEW_VERSIONS: usize = 1;

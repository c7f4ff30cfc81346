//! The `cargo` program and its configuration: packing, uploading, metadata, and what only cargo can read of an index. Tokens
//! are never read here.

pub(crate) mod config;
pub(crate) mod credential_gate;
pub(crate) mod handover;
pub(crate) mod index_cache;
pub(crate) mod index_probe;
pub(crate) mod index_reader;
pub(crate) mod metadata;
pub(crate) mod probe_package;
pub(crate) mod run;
pub(crate) mod rustdoc_json;
pub(crate) mod semver_checks;

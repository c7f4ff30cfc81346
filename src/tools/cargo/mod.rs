//! The `cargo` program and its configuration: packing, uploading, metadata, and what only cargo can read of an index. Tokens
//! are never read here.

pub mod config;
pub mod credential_gate;
pub mod handover;
pub mod index_cache;
pub mod index_probe;
pub mod index_reader;
pub mod metadata;
pub mod probe_package;
pub mod run;
pub mod rustdoc_json;
pub mod semver_checks;

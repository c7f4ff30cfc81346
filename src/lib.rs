//! Releases Rust workspaces.

pub mod apply;
pub mod changelog;
pub mod cli;
pub mod config;
pub mod error;
pub mod journal;
pub mod manifest;
pub mod names;
pub mod observe;
pub mod plan;
pub mod registry;
pub mod rehearse;
pub mod report;
pub mod snapshot;
pub mod tools;

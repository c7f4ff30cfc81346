//! The hands: everything that touches processes, files, the network, the clock and the terminal, one file each.
//!
//! Nothing is decided here. A tool says what the world answered, with the cause when it did not; what that means is for
//! `observe` and `apply`. This room may use `names` and `error`.

#![expect(clippy::disallowed_methods, reason = "this is the room that touches the world")]

pub mod archive;
pub mod cargo;
pub mod cargo_config;
pub mod clock;
pub mod editor;
pub mod environment;
pub mod failpoint;
pub mod files;
pub mod gate;
pub mod git;
pub mod ignored;
pub mod index;
pub mod interrupt;
pub mod metadata;
pub mod patience;
pub mod probe_by_cargo;
pub mod process;
pub mod reader;
pub mod repository;
pub mod semver_checks;
pub mod stream;
pub mod terminal;
pub mod throwaway;
pub mod web;

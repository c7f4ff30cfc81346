//! Releases from end to end: real git, real cargo, a real remote, and registries on loopback.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod apart;
mod asked;
mod compat;
mod disk;
mod elsewhere;
mod leaks;
mod manifests;
mod refused;
mod registry;
mod remote;
mod side_by_side;
mod signals;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod upkeep;
mod uploads;
mod verification;
mod whole;
mod wire;
mod witnesses;

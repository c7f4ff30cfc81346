//! The hands: everything that touches processes, files, the network, the clock and the terminal, one file each.
//!
//! Nothing is decided here. A tool says what the world answered, with the cause when it did not; what that means is for
//! `observe` and `apply`. This room may use `names` and `error`.

#![expect(clippy::disallowed_methods, reason = "this is the room that touches the world")]

pub(crate) mod cargo;
pub(crate) mod git;
pub(crate) mod registry;
pub(crate) mod system;

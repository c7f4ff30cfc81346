//! Rehearsals: releases for real, where nothing can be lost.
//!
//! [`demo`] makes a throwaway workspace with a remote beside it. This room may write only into the directory that it is
//! given, and reaches no network. It may use `registry`, `tools`, `names` and `error`.

pub mod demo;
mod show;
mod texts;

pub use self::show::show;

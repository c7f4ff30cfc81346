//! The operating system: processes, files, the clock, the terminal, signals and the environment.

pub mod archive;
pub(crate) mod broken_pipe;
pub(crate) mod child;
pub mod clock;
pub(crate) mod editor;
pub(crate) mod environment;
pub(crate) mod failpoint;
pub mod files;
pub(crate) mod interrupt;
pub(crate) mod pager;
pub mod process;
pub(crate) mod secrets;
pub(crate) mod terminal;

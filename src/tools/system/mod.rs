//! The operating system: processes, files, the clock, the terminal, signals and the environment.

pub mod archive;
pub mod broken_pipe;
pub mod child;
pub mod clock;
pub mod editor;
pub mod environment;
pub mod failpoint;
pub mod files;
pub mod interrupt;
pub mod pager;
pub mod process;
pub mod secrets;
pub mod terminal;

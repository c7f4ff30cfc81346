//! The arguments of `cargo release completions` and `cargo release man`.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

/// `cargo release completions`
#[derive(Clone, Copy, Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// The supported shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash
    Bash,
    /// Zsh
    Zsh,
    /// fish
    Fish,
    /// Elvish
    Elvish,
    /// PowerShell
    Powershell,
}

/// `cargo release man`
#[derive(Clone, Debug, Args)]
pub struct ManArgs {
    /// Write a page per command to this directory [default: print the main page]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

//! What `cargo release completions` and `cargo release man` take.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

/// `cargo release completions`
#[derive(Clone, Copy, Debug, Args)]
pub struct CompletionsArgs {
    /// For this shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// The shells that are completed for.
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
    /// Into this directory, a page for each command; without it, the main page is printed
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

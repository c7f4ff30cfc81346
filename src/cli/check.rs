//! What `cargo release check` takes.

use clap::Args;
use clap::ValueEnum;

use super::selection::AskArgs;

/// `cargo release check`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct CheckArgs {
    /// What is asked for.
    #[command(flatten)]
    pub ask: AskArgs,
    /// Run the hooks of the release, and git's, too
    #[arg(long, help_heading = "Execution")]
    pub hooks: bool,
    /// Check what a release needs of the branch and the remote, too
    #[arg(long, help_heading = "Execution")]
    pub release: bool,
    /// Look for change notes, and at nothing else
    ///
    /// Every package that changed since its last release has to have one; with --since, one that is written or edited
    /// since then. Nothing is packed.
    #[arg(long, help_heading = "Execution", conflicts_with_all = ["hooks", "release"])]
    pub notes: bool,
    /// Verify even where errors are known before
    ///
    /// Without it, what is known before anything is packed and built is told at once, and nothing is built.
    #[arg(long, help_heading = "Execution")]
    pub keep_going: bool,
    /// Check only what changed since this revision, and what depends on it
    #[arg(long, value_name = "REV", help_heading = "Selection")]
    pub since: Option<String>,
    /// What findings come to.
    #[command(flatten)]
    pub levels: LevelFlags,
    /// How results are printed.
    #[command(flatten)]
    pub output: CheckOutput,
}

/// What findings come to.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Findings")]
pub struct LevelFlags {
    /// Block on this finding; `warnings` for all that warn
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Warn of this finding
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub warn: Vec<String>,
    /// Say nothing of this finding
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Say what a code means, and where its rule comes from
    #[arg(long, value_name = "CODE", exclusive = true)]
    pub explain: Option<String>,
}

/// How the results of `check` are printed.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct CheckOutput {
    /// How to print: human, json, github, sarif, junit
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: CheckFormat,
}

/// How the results of `check` are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Tables and words.
    #[default]
    Human,
    /// One object.
    Json,
    /// Workflow commands, which GitHub shows at the lines of a pull request.
    Github,
    /// SARIF 2.1.0, which code scanning takes.
    Sarif,
    /// JUnit XML, a test suite a package, which CI servers show as tests.
    Junit,
}

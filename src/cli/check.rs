//! The arguments of `cargo release check`.

use clap::Args;
use clap::ValueEnum;

use super::selection::AskArgs;

/// `cargo release check`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct CheckArgs {
    /// The packages and versions to release.
    #[command(flatten)]
    pub ask: AskArgs,
    /// Also run the release hooks and the git hooks
    #[arg(long, help_heading = "Execution")]
    pub hooks: bool,
    /// Also check the state of the branch and the remote
    #[arg(long, help_heading = "Execution")]
    pub release: bool,
    /// Only check that every changed package has a change note
    ///
    /// With --since, the note must have been added or edited since that revision. Nothing is packed or built.
    #[arg(long, help_heading = "Execution", conflicts_with_all = ["hooks", "release"])]
    pub notes: bool,
    /// Verify even if there are errors already
    ///
    /// Without this flag, errors found before packing end the check, and nothing is built.
    #[arg(long, help_heading = "Execution")]
    pub keep_going: bool,
    /// Check only packages that changed since this revision, and their dependents
    #[arg(long, value_name = "REV", help_heading = "Selection")]
    pub since: Option<String>,
    /// The severity of findings.
    #[command(flatten)]
    pub levels: LevelFlags,
    /// The output format.
    #[command(flatten)]
    pub output: CheckOutput,
}

/// The severity of findings.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Findings")]
pub struct LevelFlags {
    /// Treat this finding as an error; `warnings` for all warnings
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub deny: Vec<String>,
    /// Treat this finding as a warning
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub warn: Vec<String>,
    /// Do not report this finding
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub allow: Vec<String>,
    /// Explain a code and the source of its rule
    #[arg(long, value_name = "CODE", exclusive = true)]
    pub explain: Option<String>,
}

/// The output format of `check`.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct CheckOutput {
    /// Output format: human, json, github, sarif, junit [default: human]
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

/// The output format of `check`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Tables and sentences.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// Workflow commands, which GitHub shows as annotations on a pull request.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML with one test suite per package, for CI servers.
    Junit,
}

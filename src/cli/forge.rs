//! The arguments of the commands that use the API of a forge.

use clap::Args;
use clap::ValueEnum;

use super::OutputArgs;
use super::selection::AskArgs;
use crate::names::PlanId;

/// `cargo release pr`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct PrArgs {
    /// Push the branch and open or update the pull request
    #[arg(short = 'x', long, help_heading = "Execution")]
    pub execute: bool,
    /// Do not ask for confirmation
    #[arg(long, help_heading = "Execution")]
    pub no_confirm: bool,
    /// Verify the packages before pushing
    #[arg(long, help_heading = "Execution", requires = "execute")]
    pub verified: bool,
    /// Only push the branch, and print the title and description
    ///
    /// Works with any host: open the pull request yourself.
    #[arg(long, help_heading = "Pull request")]
    pub no_forge: bool,
    /// Open the pull request as a draft
    #[arg(long, help_heading = "Pull request")]
    pub draft: bool,
    /// One pull request per workspace, package or group [default: workspace]
    #[arg(long, value_name = "WHAT", value_enum, hide_possible_values = true, help_heading = "Pull request")]
    pub per: Option<Per>,
    /// Check that HEAD contains exactly the proposed release
    ///
    /// For merge queues: fails if the base branch has commits that the proposal does not list. Needs no token.
    #[arg(long, help_heading = "Pull request", conflicts_with_all = ["execute", "no_forge", "draft", "per", "verified"])]
    pub check: bool,
    /// Fail unless the plan has this id
    #[arg(long, value_name = "ID", requires = "execute", help_heading = "Execution")]
    pub expect_plan: Option<PlanId>,
    /// The packages and versions to release.
    #[command(flatten)]
    pub ask: AskArgs,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What gets a separate pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Per {
    /// The whole release.
    Workspace,
    /// Each package.
    Package,
    /// Each group of packages that share a version.
    Group,
}

/// `cargo release announce`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
pub struct AnnounceArgs {
    /// Tags to announce [default: the tags at HEAD]
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
    /// Create the releases on the forge
    #[arg(short = 'x', long, help_heading = "Execution")]
    pub execute: bool,
    /// Attach the files that match; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Release")]
    pub asset: Vec<String>,
    /// Create the releases as drafts
    #[arg(long, help_heading = "Release")]
    pub draft: bool,
    /// Publish releases that are drafts
    #[arg(long, help_heading = "Release", conflicts_with = "draft")]
    pub show: bool,
    /// The configuration flags.
    #[command(flatten)]
    pub config: super::config::ConfigArgs,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

//! The flags of the commands that speak with a forge.

use clap::Args;
use clap::ValueEnum;

use super::OutputArgs;
use super::selection::AskArgs;
use crate::names::PlanId;

/// `cargo release pr`
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct PrArgs {
    /// Push the branch, and open or update the pull request
    #[arg(short = 'x', long, help_heading = "Execution")]
    pub execute: bool,
    /// Do not ask
    #[arg(long, help_heading = "Execution")]
    pub no_confirm: bool,
    /// Verify the packages first
    #[arg(long, help_heading = "Execution", requires = "execute")]
    pub verified: bool,
    /// Only push the branch, and print title and text
    ///
    /// For any host: open the pull request by hand.
    #[arg(long, help_heading = "Pull request")]
    pub no_forge: bool,
    /// Open it as a draft
    #[arg(long, help_heading = "Pull request")]
    pub draft: bool,
    /// One pull request per: workspace, package, group
    #[arg(long, value_name = "WHAT", value_enum, hide_possible_values = true, help_heading = "Pull request")]
    pub per: Option<Per>,
    /// Check that what is checked out is what was proposed, for merge queues
    ///
    /// Fails where commits that the proposal does not tell came in between. Needs no token.
    #[arg(long, help_heading = "Pull request", conflicts_with_all = ["execute", "no_forge", "draft", "per", "verified"])]
    pub check: bool,
    /// Carry out no plan but the one with this id
    #[arg(long, value_name = "ID", requires = "execute", value_parser = super::verbs::plan_id, help_heading = "Execution")]
    pub expect_plan: Option<PlanId>,
    /// What is asked for.
    #[command(flatten)]
    pub ask: AskArgs,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What gets a pull request of its own.
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
    /// The tags; none for those at the commit that is checked out
    #[arg(value_name = "TAG")]
    pub tags: Vec<String>,
    /// Make the releases on the forge
    #[arg(short = 'x', long, help_heading = "Execution")]
    pub execute: bool,
    /// Add files that match; may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Release")]
    pub asset: Vec<String>,
    /// Leave the releases as drafts
    #[arg(long, help_heading = "Release")]
    pub draft: bool,
    /// Show releases that are drafts
    #[arg(long, help_heading = "Release", conflicts_with = "draft")]
    pub show: bool,
    /// The flags that configure.
    #[command(flatten)]
    pub config: super::config::ConfigArgs,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

//! The arguments of the commands that run a single step of a release.

use clap::Args;

use super::OutputArgs;
use super::config::ConfigArgs;
use super::selection::AskArgs;
use super::selection::SelectionFlags;
use crate::error::Failure;
use crate::error::Result;
use crate::names::TagName;
use crate::plan::Request;
use crate::plan::Selection;

/// Whether to run the step, and whether to ask first.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Execution")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct DoFlags {
    /// Make the changes
    ///
    /// Asks for confirmation first. Without this flag, only shows what would change.
    #[arg(short = 'x', long)]
    pub execute: bool,
    /// Accepted for old scripts: nothing is changed without --execute anyway.
    #[arg(short = 'n', long = "dry-run", hide = true, conflicts_with = "execute")]
    pub superfluous: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    pub no_confirm: bool,
}

/// A step that uses the versions in the manifests.
#[derive(Clone, Debug, Args)]
pub struct StepArgs {
    /// Whether to run the step.
    #[command(flatten)]
    pub execute: DoFlags,
    #[command(flatten)]
    selection: SelectionFlags,
    /// Use this tag as the last release
    #[arg(long, value_name = "NAME", help_heading = "Version")]
    prev_tag_name: Option<String>,
    /// The configuration flags.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release version`
#[derive(Clone, Debug, Args)]
pub struct VersionArgs {
    /// Whether to run the step.
    #[command(flatten)]
    pub execute: DoFlags,
    /// The level, and the packages.
    #[command(flatten)]
    pub ask: AskArgs,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release changes`
#[derive(Clone, Debug, Args)]
pub struct ChangesArgs {
    #[command(flatten)]
    selection: SelectionFlags,
    /// Use this tag as the last release
    #[arg(long, value_name = "NAME", help_heading = "Version")]
    prev_tag_name: Option<String>,
    /// The configuration flags.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// `cargo release help`
#[derive(Clone, Debug, Args)]
pub struct HelpArgs {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub of: Vec<String>,
}

/// `cargo release owner`
#[derive(Clone, Debug, Args)]
pub struct OwnerArgs {
    /// list, check [default: add the configured owners]
    #[arg(value_enum, hide_possible_values = true)]
    pub action: Option<OwnerAction>,
    /// Add this user or team as an owner
    ///
    /// A login, or a team such as `github:ORG:TEAM`.
    #[arg(long, value_name = "LOGIN", value_delimiter = ',', help_heading = "Owners", conflicts_with = "action")]
    pub add: Vec<String>,
    /// Remove this user or team from the owners
    #[arg(long, value_name = "LOGIN", value_delimiter = ',', help_heading = "Owners", conflicts_with = "action")]
    pub remove: Vec<String>,
    /// Whether to run the step, and the packages.
    #[command(flatten)]
    pub step: StepArgs,
}

/// The read-only actions on owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OwnerAction {
    /// Show the owners next to the configured ones.
    List,
    /// Like `list`, but a missing owner is an error.
    Check,
}

/// `cargo release yank`
#[derive(Clone, Debug, Args)]
pub struct YankArgs {
    /// A version of all packages that have it, or NAME@VERSION
    #[arg(value_name = "[NAME@]VERSION", required_unless_present = "release", conflicts_with = "release")]
    pub versions: Vec<String>,
    /// Yank all versions released with this tag
    #[arg(long, value_name = "TAG")]
    pub release: Option<String>,
    /// Undo a yank
    #[arg(long)]
    pub undo: bool,
    /// Whether to run the step, and the packages.
    #[command(flatten)]
    pub step: StepArgs,
}

/// `cargo release audit`
#[derive(Clone, Debug, Args)]
pub struct AuditArgs {
    /// Create missing tags at the commits recorded in the published packages
    #[arg(long, help_heading = "Execution")]
    pub fix: bool,
    /// Whether to run the step, and the packages.
    #[command(flatten)]
    pub step: StepArgs,
}

/// `cargo release init`
#[derive(Clone, Debug, Args)]
pub struct InitArgs {
    /// Write the files without asking
    #[arg(long, help_heading = "Execution")]
    pub no_confirm: bool,
    /// Show the files without writing them
    #[arg(short = 'n', long = "dry-run", help_heading = "Execution")]
    pub only_show: bool,
    /// The configuration flags.
    #[command(flatten)]
    pub config: ConfigArgs,
}

impl StepArgs {
    /// The request; `today` is the date in UTC, such as `2026-11-22`.
    pub fn request(&self, today: String) -> Request {
        request(&self.selection, self.prev_tag_name.as_deref(), today)
    }
}

impl ChangesArgs {
    /// The request; `today` is the date in UTC, such as `2026-11-22`.
    pub fn request(&self, today: String) -> Request {
        Request { offline: true, ..request(&self.selection, self.prev_tag_name.as_deref(), today) }
    }
}

impl VersionArgs {
    /// The request; `today` is the date in UTC, such as `2026-11-22`. Offline, because no network is needed.
    ///
    /// # Errors
    /// `Unplannable` without a level.
    pub fn request(&self, today: String) -> Result<Request> {
        let request = self.ask.request(today)?;
        if request.levels.is_empty() {
            return Err(Failure::unplannable("`version` needs a level or a version").help(
                "for example `cargo release version minor`; `cargo release changes` suggests a level per package",
            ));
        }
        Ok(Request { offline: true, ..request })
    }
}

fn request(selection: &SelectionFlags, previous_tag: Option<&str>, today: String) -> Request {
    let named: Selection = selection.selection();
    Request {
        levels: Vec::new(),
        selection: named,
        pre: None,
        metadata: None,
        previous_tag: previous_tag.map(TagName::from),
        unpublished: selection.unpublished(),
        allow_breaking: false,
        offline: false,
        branch: None,
        today,
        entries: std::collections::BTreeMap::new(),
    }
}

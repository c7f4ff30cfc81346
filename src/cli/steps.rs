//! The single steps of a release, and what can be typed for them.

use std::path::PathBuf;

use clap::Args;

use super::OutputArgs;
use super::config::ConfigArgs;
use super::selection::AskArgs;
use super::selection::SelectionFlags;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::TagName;
use crate::plan::Request;
use crate::plan::Selection;

/// Whether a step is done, and asked about.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Execution")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct DoFlags {
    /// Do it
    ///
    /// Asks once before anything changes.
    #[arg(short = 'x', long)]
    pub execute: bool,
    /// Superfluous: nothing is done without --execute.
    #[arg(short = 'n', long = "dry-run", hide = true, conflicts_with = "execute")]
    pub superfluous: bool,
    /// Do not ask
    #[arg(long)]
    pub no_confirm: bool,
}

/// A step over the versions that the manifests have.
#[derive(Clone, Debug, Args)]
pub struct StepArgs {
    /// Whether it is done.
    #[command(flatten)]
    pub execute: DoFlags,
    #[command(flatten)]
    selection: SelectionFlags,
    /// Count changes from this tag
    #[arg(long, value_name = "NAME", help_heading = "Version")]
    prev_tag_name: Option<String>,
    /// The flags that configure.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release version`
#[derive(Clone, Debug, Args)]
pub struct VersionArgs {
    /// Whether it is done.
    #[command(flatten)]
    pub execute: DoFlags,
    /// The level, and the packages.
    #[command(flatten)]
    pub ask: AskArgs,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release changes`
#[derive(Clone, Debug, Args)]
pub struct ChangesArgs {
    #[command(flatten)]
    selection: SelectionFlags,
    /// Count changes from this tag
    #[arg(long, value_name = "NAME", help_heading = "Version")]
    prev_tag_name: Option<String>,
    /// The flags that configure.
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
    /// list, check; without it: add the configured owners
    #[arg(value_enum, hide_possible_values = true)]
    pub action: Option<OwnerAction>,
    /// Make this user or team an owner
    ///
    /// A login, or a team as `github:ORG:TEAM`.
    #[arg(long, value_name = "LOGIN", value_delimiter = ',', help_heading = "Owners", conflicts_with = "action")]
    pub add: Vec<String>,
    /// Take this user or team off the owners
    #[arg(long, value_name = "LOGIN", value_delimiter = ',', help_heading = "Owners", conflicts_with = "action")]
    pub remove: Vec<String>,
    /// Whether, and of which packages.
    #[command(flatten)]
    pub step: StepArgs,
}

/// What is looked at, of owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OwnerAction {
    /// Show the owners beside the configured ones.
    List,
    /// As `list`; a missing owner is an error.
    Check,
}

/// `cargo release yank`
#[derive(Clone, Debug, Args)]
pub struct YankArgs {
    /// The version, of all packages that have it; or NAME@VERSION
    #[arg(value_name = "[NAME@]VERSION", required_unless_present = "release", conflicts_with = "release")]
    pub versions: Vec<String>,
    /// All versions that were released with this tag
    #[arg(long, value_name = "TAG")]
    pub release: Option<String>,
    /// Take the yank back
    #[arg(long)]
    pub undo: bool,
    /// Whether, and of which packages.
    #[command(flatten)]
    pub step: StepArgs,
}

/// `cargo release audit`
#[derive(Clone, Debug, Args)]
pub struct AuditArgs {
    /// Make the tags that are missing, on the commits that the packages record
    #[arg(long, help_heading = "Execution")]
    pub fix: bool,
    /// Whether, and of which packages.
    #[command(flatten)]
    pub step: StepArgs,
}

/// `cargo release init`
#[derive(Clone, Debug, Args)]
pub struct InitArgs {
    /// Write the files without asking
    #[arg(long, help_heading = "Execution")]
    pub no_confirm: bool,
    /// Show the files, and write none
    #[arg(short = 'n', long = "dry-run", help_heading = "Execution")]
    pub only_show: bool,
    /// The flags that configure.
    #[command(flatten)]
    pub config: ConfigArgs,
}

impl StepArgs {
    /// What is asked for; `today` in UTC as `2026-11-22`.
    pub fn request(&self, today: String) -> Request {
        request(&self.selection, self.prev_tag_name.as_deref(), today)
    }

    /// The packages that are named.
    pub fn packages(&self) -> Vec<PackageName> {
        self.selection.selection().packages
    }
}

impl ChangesArgs {
    /// What is asked for; `today` in UTC as `2026-11-22`.
    pub fn request(&self, today: String) -> Request {
        Request { offline: true, ..request(&self.selection, self.prev_tag_name.as_deref(), today) }
    }
}

impl VersionArgs {
    /// What is asked for; `today` in UTC as `2026-11-22`. No network is needed.
    ///
    /// # Errors
    /// `Unplannable` without a level.
    pub fn request(&self, today: String) -> Result<Request> {
        let request = self.ask.request(today)?;
        if request.levels.is_empty() {
            return Err(Failure::unplannable("`version` needs a level or a version")
                .help("`cargo release version minor`; `cargo release changes` suggests one for each package"));
        }
        Ok(Request { offline: true, ..request })
    }
}

impl InitArgs {
    /// The configuration file that is named, if any.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.config.config.clone()
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

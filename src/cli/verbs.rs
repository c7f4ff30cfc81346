//! The commands and the arguments of most of them.

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;

use super::OutputArgs;
use super::changelog::ChangelogVerb;
use super::check::CheckArgs;
use super::config::ConfigArgs;
use super::forge::AnnounceArgs;
use super::forge::PrArgs;
use super::note::NoteArgs;
use super::plan::PlanArgs;
use super::selection::AskArgs;
use super::shell::CompletionsArgs;
use super::shell::ManArgs;
use super::steps::AuditArgs;
use super::steps::ChangesArgs;
use super::steps::HelpArgs;
use super::steps::InitArgs;
use super::steps::OwnerArgs;
use super::steps::StepArgs;
use super::steps::VersionArgs;
use super::steps::YankArgs;
use crate::names::PlanId;

/// The names of the commands, to recognize one that was written in the place of a level.
pub(crate) const COMMANDS: [&str; 28] = [
    "plan",
    "check",
    "pr",
    "announce",
    "changelog",
    "note",
    "rehearse",
    "status",
    "resume",
    "abort",
    "schema",
    "config",
    "doctor",
    "completions",
    "man",
    "changes",
    "version",
    "replace",
    "hook",
    "commit",
    "publish",
    "owner",
    "tag",
    "push",
    "yank",
    "audit",
    "init",
    "help",
];

/// What a plan from a file has decided already, so that it conflicts with `--plan`: flags, and groups by type name.
const DECIDED: [&str; 14] = [
    "levels",
    "branch",
    "SelectionFlags",
    "VersionFlags",
    "config",
    "isolated",
    "unstable",
    "dependent_version",
    "semver_check",
    "certs_source",
    "CommitFlags",
    "TagFlags",
    "PushFlags",
    "PublishFlags",
];

/// A command.
#[derive(Clone, Debug, Subcommand)]
pub enum Verb {
    /// Print the plan of a release
    Plan(Box<PlanArgs>),
    /// Prepare and verify a release without releasing
    Check(Box<CheckArgs>),
    /// Propose a release as a pull request
    ///
    /// Shows the pull request; with -x, opens or updates it on GitHub, GitLab, Forgejo or Gitea. Edits that people make to its
    /// branch, title and description are kept.
    Pr(Box<PrArgs>),
    /// Create releases for tags on the forge
    ///
    /// The description of each release is its changelog entry. An existing release is kept; missing parts are added.
    Announce(Box<AnnounceArgs>),
    /// Draft, check and show changelogs
    #[command(subcommand)]
    Changelog(Box<ChangelogVerb>),
    /// Write a change note
    ///
    /// A note is a file that names the packages a change affects, its level for each, and a text for the changelog. Asks for
    /// everything that no flag gives.
    Note(Box<NoteArgs>),
    /// Run the whole release in a sandbox
    ///
    /// Releases a clone of the repository to a local copy of the remote and to a local registry in front of the real one.
    /// Nothing leaves this machine and your checkout is not changed. Ends with a list of what a real release would make public.
    Rehearse(Box<RehearseArgs>),
    /// Show the state of an unfinished release
    Status(OutputArgs),
    /// Continue an unfinished release
    Resume(ResumeArgs),
    /// Undo an unfinished release that has published nothing
    Abort,
    /// Print a JSON schema
    Schema(SchemaArgs),
    /// Print the effective configuration
    Config(Box<ConfigDumpArgs>),
    /// Print information for a bug report
    ///
    /// Prints versions, configuration files, and the relevant settings of git and cargo. Prints no secrets and does not access
    /// the network.
    Doctor(OutputArgs),
    /// Print a shell completion script
    ///
    /// Completes commands, flags, packages and levels. To install it:
    ///
    /// bash, in ~/.bashrc: `source <(cargo release completions bash)`
    ///
    /// zsh, in ~/.zshrc, after `compinit`: `source <(cargo release completions zsh)`
    ///
    /// fish, in ~/.config/fish/config.fish: `cargo release completions fish | source`
    ///
    /// elvish, in rc.elv: `eval (cargo release completions elvish | slurp)`
    ///
    /// PowerShell, in the profile: `cargo release completions powershell | Out-String | Invoke-Expression`
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
    /// Show what changed in each package since its last release
    Changes(Box<ChangesArgs>),
    /// Change versions in the checkout
    ///
    /// Edits manifests, requirements of dependents, and Cargo.lock. Commits nothing.
    Version(Box<VersionArgs>),
    /// Run the replacements in the checkout
    Replace(Box<StepArgs>),
    /// Run the hooks in the checkout
    Hook(Box<StepArgs>),
    /// Commit the changes in the checkout
    ///
    /// Untracked files are not committed.
    Commit(Box<StepArgs>),
    /// Verify and publish unpublished packages
    Publish(Box<StepArgs>),
    /// Show, add or remove owners of crates
    Owner(Box<OwnerArgs>),
    /// Create missing tags
    Tag(Box<StepArgs>),
    /// Push the branch and the tags
    Push(Box<StepArgs>),
    /// Yank versions, or undo a yank
    ///
    /// A yanked version can still be downloaded; new lock files no longer select it. Secrets in it stay public.
    Yank(Box<YankArgs>),
    /// Compare tags, changelogs and the registry
    ///
    /// Reports versions that are published but not tagged or tagged but not published, packages that differ from their tag,
    /// missing changelog entries, yanks that the changelog does not mention, and stale lock files, each with a fix.
    Audit(Box<AuditArgs>),
    /// Set a workspace up for releases
    ///
    /// Writes a release.toml, the first changelogs and a CI workflow, and shows each one first. Existing files are kept.
    Init(Box<InitArgs>),
    /// Print help for a command
    Help(HelpArgs),
}

/// `cargo release`
#[derive(Clone, Debug, Args)]
pub struct ReleaseArgs {
    /// How to carry out the plan.
    #[command(flatten)]
    pub execute: ExecuteArgs,
    /// The packages and versions to release.
    #[command(flatten)]
    pub ask: AskArgs,
    /// What to show in addition.
    #[command(flatten)]
    pub show: ShowArgs,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What to show of a plan in addition to its table.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct ShowArgs {
    /// Also show the changelog entries
    #[arg(long)]
    pub changelog: bool,
    /// Also show every edit as a diff
    #[arg(long)]
    pub diff: bool,
}

/// How to carry out a plan.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Execution")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct ExecuteArgs {
    /// Carry out the plan
    ///
    /// Asks for confirmation once, after verification and before the branch moves.
    #[arg(short = 'x', long)]
    pub execute: bool,
    /// Accepted for old scripts: nothing is changed without --execute anyway.
    #[arg(short = 'n', long = "dry-run", hide = true, conflicts_with = "execute")]
    pub superfluous: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    pub no_confirm: bool,
    /// Edit the changelog entries first
    ///
    /// Opens `$VISUAL` or `$EDITOR`. Save an empty file to cancel.
    #[arg(long, requires = "execute", conflicts_with = "plan", hide_short_help = true)]
    pub edit: bool,
    /// Stop after this step: stage, verify, tag, reserve
    #[arg(
        long,
        value_name = "STEP",
        value_enum,
        hide_possible_values = true,
        requires = "execute",
        hide_short_help = true
    )]
    pub until: Option<Until>,
    /// If a package fails to publish, continue with packages that do not need it
    #[arg(long, requires = "execute")]
    pub keep_going: bool,
    /// Carry out a plan saved with `plan --format json`
    #[arg(
        long,
        value_name = "FILE",
        requires = "execute",
        conflicts_with_all = DECIDED,
        hide_short_help = true
    )]
    pub plan: Option<PathBuf>,
    /// Fail unless the plan has this id
    #[arg(long, value_name = "ID", requires = "execute", hide_short_help = true)]
    pub expect_plan: Option<PlanId>,
}

/// The step after which a release stops until it is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Until {
    /// The release commit exists, but no branch contains it.
    Stage,
    /// The packages are verified.
    Verify,
    /// The branch has moved and the tags exist.
    Tag,
    /// The branch is pushed; nothing is published.
    Reserve,
}

/// `cargo release rehearse`
#[derive(Clone, Debug, Args)]
pub struct RehearseArgs {
    /// The packages and versions to release.
    #[command(flatten)]
    pub ask: AskArgs,
    /// Run the release hooks and the git hooks in the clone
    #[arg(long, help_heading = "Execution")]
    pub hooks: bool,
    /// Use this new directory for the sandbox, and keep it
    #[arg(long, help_heading = "Execution", value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Release six example crates, twice, instead of this workspace
    #[arg(long, help_heading = "Execution", conflicts_with_all = ["hooks", "format"], conflicts_with_all = DECIDED)]
    pub demo: bool,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release resume`
#[derive(Clone, Debug, Args)]
pub struct ResumeArgs {
    /// Finish a release that was started elsewhere, from this pushed commit
    ///
    /// Publishes the unpublished packages at the versions they have in that commit, and creates missing tags.
    #[arg(long, help_heading = "Execution", value_name = "REV", conflicts_with = "until")]
    pub from: Option<String>,
    /// Stop after this step: stage, verify, tag, reserve
    #[arg(long, help_heading = "Execution", value_name = "STEP", value_enum, hide_possible_values = true)]
    pub until: Option<Until>,
    /// Do not ask for confirmation
    #[arg(long, help_heading = "Execution")]
    pub no_confirm: bool,
    /// If a package fails to publish, continue with packages that do not need it
    #[arg(long, help_heading = "Execution")]
    pub keep_going: bool,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release schema`
#[derive(Clone, Copy, Debug, Args)]
pub struct SchemaArgs {
    /// The document
    #[arg(value_enum)]
    pub of: SchemaOf,
}

/// The documents that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// What `plan --format json` prints
    Plan,
    /// `release.toml`
    Config,
}

/// `cargo release config`
#[derive(Clone, Debug, Args)]
pub struct ConfigDumpArgs {
    /// Write to this file [default: -, stdout]
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub output: PathBuf,
    /// Print an example that documents every key and its default
    #[arg(long, conflicts_with = "output")]
    pub example: bool,
    /// The configuration flags.
    #[command(flatten)]
    pub config: ConfigArgs,
}

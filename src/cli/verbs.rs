//! The commands, each with its flags.

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

/// The names of the commands, to tell one at the wrong place from a level.
pub const COMMANDS: [&str; 28] = [
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

/// What a plan from a file has decided already: flags, and groups of them by the name of their type.
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
    /// Prepare and verify a release, and nothing else
    Check(Box<CheckArgs>),
    /// Propose a release as a pull request
    ///
    /// Shows what pull request would be opened or changed; with -x does it, on GitHub, GitLab, Forgejo or Gitea. What people
    /// edit on its branch, in its title and in its text stays.
    Pr(Box<PrArgs>),
    /// Make the releases of tags on the forge
    ///
    /// With the changelog entry that each tag has as its text. One that is there already is left as it is; what is missing of
    /// it is added.
    Announce(Box<AnnounceArgs>),
    /// Draft, check and show changelogs
    #[command(subcommand)]
    Changelog(Box<ChangelogVerb>),
    /// Write a change note
    ///
    /// A file that says which packages a change touches, how much, and what the changelog is to say. Asks for what no flag
    /// gives.
    Note(Box<NoteArgs>),
    /// Release for real in a throwaway world
    ///
    /// The whole release of a clone: to a bare clone for the remote, and to a registry on this machine that has the real
    /// one behind it. Nothing of yours is touched. What would be live is told at the end.
    Rehearse(Box<RehearseArgs>),
    /// Say how far an unfinished release has come
    Status(OutputArgs),
    /// Go on with an unfinished release
    Resume(ResumeArgs),
    /// Take back an unfinished release that has published nothing
    Abort,
    /// Print a JSON schema
    Schema(SchemaArgs),
    /// Print the configuration as it comes out of all layers
    Config(Box<ConfigDumpArgs>),
    /// Print what a bug report needs
    ///
    /// Versions, the files that configure a release, and the settings of git and cargo that matter. Prints no secrets and
    /// uses no network.
    Doctor(OutputArgs),
    /// Print the script that completes commands, packages and levels in a shell
    ///
    /// bash: `source <(cargo release completions bash)` in ~/.bashrc; zsh: the same in ~/.zshrc, after `compinit`; fish:
    /// `cargo release completions fish | source` in ~/.config/fish/config.fish; elvish: `eval (cargo release completions
    /// elvish | slurp)` in rc.elv; PowerShell: `cargo release completions powershell | Out-String | Invoke-Expression` in
    /// the profile.
    Completions(CompletionsArgs),
    /// Write the manual pages
    Man(ManArgs),
    /// Show what changed in each package since its last release
    Changes(Box<ChangesArgs>),
    /// Change versions in the checkout
    ///
    /// In manifests, in the requirements of dependents, and in Cargo.lock. Nothing is committed.
    Version(Box<VersionArgs>),
    /// Run the replacements in the checkout
    Replace(Box<StepArgs>),
    /// Run the hooks in the checkout
    Hook(Box<StepArgs>),
    /// Commit what is changed in the checkout
    ///
    /// Files that git does not know stay out.
    Commit(Box<StepArgs>),
    /// Verify and publish what is not published
    Publish(Box<StepArgs>),
    /// Show, add and remove the owners of crates
    Owner(Box<OwnerArgs>),
    /// Make the tags that are missing
    Tag(Box<StepArgs>),
    /// Push the branch and the tags
    Push(Box<StepArgs>),
    /// Yank versions, or take that back
    ///
    /// A yanked version stays downloadable; only new lock files do not choose it any more. A secret in it stays public.
    Yank(Box<YankArgs>),
    /// Compare tags, changelogs and the registry
    ///
    /// Published and not tagged, tagged and not published, content that is not that of the tag, a changelog without an
    /// entry, a yank without a word, lock files that are stale: each with its cure.
    Audit(Box<AuditArgs>),
    /// Set a workspace up for releases
    ///
    /// Writes a release.toml, the first changelogs and a CI workflow, each shown first. What is there stays.
    Init(Box<InitArgs>),
    /// Print the help of a command
    Help(HelpArgs),
}

/// `cargo release`
#[derive(Clone, Debug, Args)]
pub struct ReleaseArgs {
    /// How the plan is carried out.
    #[command(flatten)]
    pub execute: ExecuteArgs,
    /// What is asked for.
    #[command(flatten)]
    pub ask: AskArgs,
    /// What more is shown.
    #[command(flatten)]
    pub show: ShowArgs,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What more of a plan is shown than its table.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct ShowArgs {
    /// Show the changelog entries, too
    #[arg(long)]
    pub changelog: bool,
    /// Show every edit as a diff, too
    #[arg(long)]
    pub diff: bool,
}

/// How a plan is carried out.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Execution")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct ExecuteArgs {
    /// Carry the plan out
    ///
    /// Asks once, after everything is verified and before the branch moves.
    #[arg(short = 'x', long)]
    pub execute: bool,
    /// Superfluous: nothing is carried out without --execute.
    #[arg(short = 'n', long = "dry-run", hide = true, conflicts_with = "execute")]
    pub superfluous: bool,
    /// Do not ask
    ///
    /// The answer is yes.
    #[arg(long)]
    pub no_confirm: bool,
    /// Edit the changelog entries first
    ///
    /// In `$VISUAL`, else `$EDITOR`. An emptied text cancels.
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
    /// When a package cannot be published, go on with those that do not need it
    #[arg(long, requires = "execute")]
    pub keep_going: bool,
    /// Carry out this plan of `plan --format json`
    #[arg(
        long,
        value_name = "FILE",
        requires = "execute",
        conflicts_with_all = DECIDED,
        hide_short_help = true
    )]
    pub plan: Option<PathBuf>,
    /// Carry out no plan but the one with this id
    #[arg(long, value_name = "ID", requires = "execute", value_parser = plan_id, hide_short_help = true)]
    pub expect_plan: Option<PlanId>,
}

/// Where a release stops, to be resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Until {
    /// The release commit is made, aside.
    Stage,
    /// Its packages are verified.
    Verify,
    /// The branch has moved, and the tags are made.
    Tag,
    /// The branch is pushed; nothing is published.
    Reserve,
}

/// `cargo release plan`
#[derive(Clone, Debug, Args)]
pub struct PlanArgs {
    /// Explain the decision, of each released package or of this one
    ///
    /// Every reason with its source, and every commit that was considered and does not count.
    #[arg(long, value_name = "PKG", num_args = 0..=1, default_missing_value = "", conflicts_with = "format")]
    pub explain: Option<String>,
    /// What is asked for.
    #[command(flatten)]
    pub ask: AskArgs,
    /// What more is shown.
    #[command(flatten)]
    pub show: ShowArgs,
    /// How the plan is printed.
    #[command(flatten)]
    pub output: PlanOutput,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct PlanOutput {
    /// How to print: human, json, markdown, mermaid, dot, svg, html
    ///
    /// json is for programs and for `-x --plan`; markdown suits the summary of a CI job; mermaid, dot and svg draw the packages
    /// in the order of publishing; html is one page with all of it.
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: PlanFormat,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// Tables and words.
    #[default]
    Human,
    /// One object.
    Json,
    /// A summary for a CI job or a pull request.
    Markdown,
    /// A diagram, as forges draw it in Markdown.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A picture.
    Svg,
    /// One page with all of it.
    Html,
}

/// `cargo release rehearse`
#[derive(Clone, Debug, Args)]
pub struct RehearseArgs {
    /// What is asked for.
    #[command(flatten)]
    pub ask: AskArgs,
    /// Run the hooks of the release, and git's, in the clone
    #[arg(long, help_heading = "Execution")]
    pub hooks: bool,
    /// Do it in this new directory, and leave it there
    #[arg(long, help_heading = "Execution", value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Release six made-up crates, twice, instead of this workspace
    #[arg(long, help_heading = "Execution", conflicts_with_all = ["hooks", "format"], conflicts_with_all = DECIDED)]
    pub demo: bool,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release resume`
#[derive(Clone, Debug, Args)]
pub struct ResumeArgs {
    /// Finish the release of this pushed commit, begun elsewhere
    ///
    /// Publishes what is not published yet, each package with the version that it has there, and makes the tags that are
    /// missing.
    #[arg(long, help_heading = "Execution", value_name = "REV", conflicts_with = "until")]
    pub from: Option<String>,
    /// Stop after this step: stage, verify, tag, reserve
    #[arg(long, help_heading = "Execution", value_name = "STEP", value_enum, hide_possible_values = true)]
    pub until: Option<Until>,
    /// Do not ask
    #[arg(long, help_heading = "Execution")]
    pub no_confirm: bool,
    /// When a package cannot be published, go on with those that do not need it
    #[arg(long, help_heading = "Execution")]
    pub keep_going: bool,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release schema`
#[derive(Clone, Copy, Debug, Args)]
pub struct SchemaArgs {
    /// Of which document
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
    /// Write it to this file; `-` is stdout
    #[arg(short, long, value_name = "FILE", default_value = "-", hide_default_value = true)]
    pub output: PathBuf,
    /// Print every key with its default and what it is for, instead
    #[arg(long, conflicts_with = "output")]
    pub example: bool,
    /// The flags that configure.
    #[command(flatten)]
    pub config: ConfigArgs,
}

pub(super) fn plan_id(text: &str) -> Result<PlanId, std::convert::Infallible> {
    Ok(PlanId::from(text))
}

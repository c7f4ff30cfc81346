//! The command line as clap types: commands, flags, conflicts and help texts.
//!
//! Its only behaviour is to turn flags into a [`Layer`](crate::config::Layer) and a [`Request`](crate::plan::Request).
//! It may use `config`, `names`, `error` and the request of `plan`.

mod changelog;
mod check;
mod config;
mod forge;
mod note;
mod plan;
mod selection;
mod shell;
mod steps;
#[cfg(test)]
mod tests;
mod verbs;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgAction;
use clap::Args;
use clap::Parser;
use clap::ValueEnum;
use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::builder::styling::Effects;

pub(crate) use self::changelog::*;
pub(crate) use self::check::*;
pub(crate) use self::config::ConfigArgs;
pub(crate) use self::forge::AnnounceArgs;
pub(crate) use self::forge::Per;
pub(crate) use self::forge::PrArgs;
pub(crate) use self::note::NoteArgs;
pub(crate) use self::plan::*;
pub(crate) use self::selection::AskArgs;
pub(crate) use self::shell::*;
pub(crate) use self::steps::*;
pub(crate) use self::verbs::*;

/// The colours of cargo's own help.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::BrightGreen.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::BrightGreen.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::BrightCyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// The version, followed by the commit that it was built from if `build.rs` could find it.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("CARGO_RELEASE_COMMIT"));

const SHORT_EXAMPLES: &str = "\
Nothing is changed without -x. See --help for all flags and examples, and
'cargo release help COMMAND' for a command.";

const EXAMPLES: &str = "\
Examples:
  cargo release                             Show what would be released
  cargo release -x                          Release it, after one confirmation
  cargo release minor -p core               Release one package at a given level
  cargo release core@minor cli@patch        Give each package its level
  cargo release 2.0.0-rc.1 --workspace      Release all members as 2.0.0-rc.1
  cargo release -x --until verify           Stop before the branch moves
  cargo release resume                      Continue from there
  cargo release plan --format json >p.json  Save a plan for review
  cargo release -x --plan p.json            Carry out exactly that plan

Without LEVEL, each changed package is released at the level its changes need.
Nothing is changed without -x.";

/// The arguments as cargo passes them: `cargo-release release …`.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = STYLES)]
enum CargoArgs {
    /// Plan and carry out releases of Rust workspaces
    #[command(version = VERSION, display_name = "cargo-release", after_help = SHORT_EXAMPLES, after_long_help = EXAMPLES)]
    Release(Box<Cli>),
}

/// The arguments after `cargo release`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Cli {
    /// The command; without one, the workspace is released.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// The flags of a release.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Flags that every command accepts.
    #[command(flatten)]
    pub global: GlobalArgs,
}

impl Cli {
    /// Parses the arguments; the first one is the name of the program.
    ///
    /// # Errors
    ///
    /// clap's message, which includes help and version: print it and exit with its exit code (0 or 2).
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        CargoArgs::try_parse_from(arguments).map(|CargoArgs::Release(cli)| *cli)
    }

    /// How to print a failure: as JSON if `--format json` was given, as an event if the command prints events.
    pub fn failure_form(&self) -> FailureForm {
        let of = |format: Format, form: FailureForm| if format == Format::Json { form } else { FailureForm::Words };
        match &self.verb {
            None if self.release.execute.execute => of(self.release.output.format, FailureForm::Event),
            None => of(self.release.output.format, FailureForm::Json),
            Some(Verb::Plan(args)) if args.output.format == PlanFormat::Json => FailureForm::Json,
            Some(Verb::Check(args)) if args.output.format == CheckFormat::Json => FailureForm::Json,
            Some(Verb::Rehearse(args)) => of(args.output.format, FailureForm::Event),
            Some(Verb::Resume(args)) => of(args.output.format, FailureForm::Event),
            Some(Verb::Changelog(verb)) => of(verb.format(), FailureForm::Json),
            Some(Verb::Status(args) | Verb::Doctor(args)) => of(args.format, FailureForm::Json),
            Some(Verb::Plan(_) | Verb::Check(_) | Verb::Note(_) | Verb::Abort) => FailureForm::Words,
            Some(Verb::Schema(_) | Verb::Config(_) | Verb::Completions(_) | Verb::Man(_)) => FailureForm::Words,
            Some(_) => FailureForm::Words,
        }
    }

    /// The `--help` text of the command with this path, such as `["changelog", "draft"]`.
    pub fn help(of: &[String]) -> String {
        let words = ["cargo", "release"].map(str::to_owned).into_iter().chain(of.iter().cloned());
        match CargoArgs::try_parse_from(words.chain(["--help".to_owned()])) {
            Err(said) => said.to_string(),
            Ok(_) => String::new(),
        }
    }
}

/// The clap command, for completions and manual pages.
pub(crate) fn command() -> clap::Command {
    <CargoArgs as clap::CommandFactory>::command()
}

/// How to print a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureForm {
    /// As text, on stderr.
    Words,
    /// As one JSON object on stderr, because stdout is for the result.
    Json,
    /// As the last JSON event on stdout.
    Event,
}

/// Flags that every command accepts.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct GlobalArgs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", global = true, help_heading = "Configuration", hide_short_help = true)]
    pub manifest_path: Option<PathBuf>,
    /// Print only results and errors
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub quiet: u8,
    /// Print more, including the output of cargo
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to use colors: auto, always, never [default: auto]
    #[arg(long, value_name = "WHEN", global = true, value_enum, hide_possible_values = true, hide_short_help = true)]
    pub color: Option<Color>,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// If the output is a terminal that supports colors.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The output format.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Output format: human, json [default: human]
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: Format,
}

/// The output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables and sentences.
    #[default]
    Human,
    /// One object for a plan; one event per line for an execution.
    Json,
}

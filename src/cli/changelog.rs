//! `cargo release changelog …`: what can be typed.

use std::collections::BTreeMap;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;
use semver::Version;

use super::Format;
use super::OutputArgs;
use super::config::ConfigArgs;
use crate::error::Failure;
use crate::names::PackageName;
use crate::plan::Request;
use crate::plan::Selection;
use crate::plan::Which;

/// What is done with changelogs.
#[derive(Clone, Debug, Subcommand)]
pub enum ChangelogVerb {
    /// Write commits that no entry covers under Unreleased
    ///
    /// What you rewrite, move or delete afterwards stays so: a comment remembers what was offered.
    Draft(ChangelogDraftArgs),
    /// Look for what is wrong in changelogs
    Check(ChangelogCheckArgs),
    /// Print entries, as an announcement takes them
    Show(ChangelogShowArgs),
}

impl ChangelogVerb {
    /// How its results are printed.
    pub fn format(&self) -> Format {
        match self {
            Self::Draft(_) => Format::Human,
            Self::Check(args) => args.output.format,
            Self::Show(args) => match args.format {
                EntryFormat::Markdown => Format::Human,
                EntryFormat::Json => Format::Json,
            },
        }
    }
}

/// `cargo release changelog draft`
#[derive(Clone, Debug, Args)]
pub struct ChangelogDraftArgs {
    /// Which packages, and how they are configured.
    #[command(flatten)]
    pub of: ChangelogOf,
    /// Edit the entries before they are written
    ///
    /// In `$VISUAL`, else `$EDITOR`. An emptied text cancels.
    #[arg(long)]
    pub edit: bool,
}

/// `cargo release changelog check`
#[derive(Clone, Debug, Args)]
pub struct ChangelogCheckArgs {
    /// Which packages, and how they are configured.
    #[command(flatten)]
    pub of: ChangelogOf,
    /// How results are printed.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release changelog show`
#[derive(Clone, Debug, Args)]
pub struct ChangelogShowArgs {
    /// The version, or `unreleased`; without it the newest release
    #[arg(value_name = "VERSION", value_parser = which)]
    pub which: Option<Which>,
    /// Which packages, and how they are configured.
    #[command(flatten)]
    pub of: ChangelogOf,
    /// How to print: markdown, json
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub format: EntryFormat,
}

/// How entries are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EntryFormat {
    /// As they stand.
    #[default]
    Markdown,
    /// A list of objects.
    Json,
}

/// Whose changelogs are meant.
#[derive(Clone, Debug, Args)]
pub struct ChangelogOf {
    /// Of this package; may be repeated
    #[arg(short, long = "package", value_name = "SPEC", help_heading = "Selection")]
    package: Vec<String>,
    /// The flags that configure.
    #[command(flatten)]
    pub config: ConfigArgs,
}

impl ChangelogOf {
    /// What is asked for; `today` in UTC as `2026-11-22`. Changelogs need no network.
    pub fn request(&self, today: String) -> Request {
        let packages = self.package.iter().map(|spec| PackageName::from(spec.as_str())).collect();
        Request {
            levels: Vec::new(),
            selection: Selection { packages, ..Selection::default() },
            pre: None,
            metadata: None,
            previous_tag: None,
            unpublished: false,
            allow_breaking: false,
            offline: true,
            today,
            branch: None,
            entries: BTreeMap::new(),
        }
    }
}

fn which(text: &str) -> Result<Which, Failure> {
    if text.eq_ignore_ascii_case("unreleased") {
        return Ok(Which::Unreleased);
    }
    let version = Version::parse(text.strip_prefix('v').unwrap_or(text));
    version
        .map(Which::Version)
        .map_err(|error| Failure::unplannable(format!("it is neither a version nor `unreleased`: {error}")))
}

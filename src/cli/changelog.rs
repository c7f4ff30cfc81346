//! The arguments of `cargo release changelog …`.

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

/// The subcommands of `cargo release changelog`.
#[derive(Clone, Debug, Subcommand)]
pub enum ChangelogVerb {
    /// Add entries for commits to the Unreleased section
    ///
    /// Only commits that no entry covers yet are added. A comment in the changelog records them, so entries that you rewrite,
    /// move or delete are not added again.
    Draft(ChangelogDraftArgs),
    /// Report errors in changelogs
    Check(ChangelogCheckArgs),
    /// Print the entry of a release, ready for an announcement
    Show(ChangelogShowArgs),
}

impl ChangelogVerb {
    /// The output format that was chosen.
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
    /// The packages, and the flags that configure them.
    #[command(flatten)]
    pub of: ChangelogOf,
    /// Edit the entries before they are written
    ///
    /// Opens `$VISUAL` or `$EDITOR`. Save an empty file to cancel.
    #[arg(long)]
    pub edit: bool,
}

/// `cargo release changelog check`
#[derive(Clone, Debug, Args)]
pub struct ChangelogCheckArgs {
    /// The packages, and the flags that configure them.
    #[command(flatten)]
    pub of: ChangelogOf,
    /// The output format.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `cargo release changelog show`
#[derive(Clone, Debug, Args)]
pub struct ChangelogShowArgs {
    /// A version, or `unreleased` [default: the newest release]
    #[arg(value_name = "VERSION", value_parser = which)]
    pub which: Option<Which>,
    /// The packages, and the flags that configure them.
    #[command(flatten)]
    pub of: ChangelogOf,
    /// Output format: markdown, json [default: markdown]
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

/// The format of printed entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum EntryFormat {
    /// The text of the changelog, unchanged.
    #[default]
    Markdown,
    /// A list of objects.
    Json,
}

/// The packages whose changelogs are used.
#[derive(Clone, Debug, Args)]
pub struct ChangelogOf {
    /// Only this package; may be repeated
    #[arg(short, long = "package", value_name = "SPEC", help_heading = "Selection")]
    package: Vec<String>,
    /// The configuration flags.
    #[command(flatten)]
    pub config: ConfigArgs,
}

impl ChangelogOf {
    /// The request; `today` is the date in UTC, such as `2026-11-22`. Offline, because changelogs need no network.
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
        .map_err(|error| Failure::unplannable(format!("neither a version nor `unreleased`: {error}")))
}

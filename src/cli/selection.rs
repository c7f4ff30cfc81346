//! The arguments that select packages and versions; they become a [`Request`].

use clap::Args;

use super::config::ConfigArgs;
use super::verbs::COMMANDS;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::PackageName;
use crate::names::TagName;
use crate::phrase::similar;
use crate::plan::LevelRequest;
use crate::plan::Request;
use crate::plan::Selection;

/// The words for levels.
const LEVELS: [&str; 7] = ["major", "minor", "patch", "release", "rc", "beta", "alpha"];

/// The packages and versions to release, and the flags that configure them.
#[derive(Clone, Debug, Args)]
pub struct AskArgs {
    /// major, minor, patch, release, rc, beta, alpha
    ///
    /// A LEVEL or VERSION applies to all selected packages; NAME@LEVEL and NAME@VERSION select one package and apply only
    /// to it. Without arguments, every changed package is released at the level its changes need.
    #[arg(value_name = "[NAME@]LEVEL|VERSION", help_heading = None::<&'static str>, value_parser = asked, conflicts_with = "unpublished")]
    pub levels: Vec<LevelRequest>,
    #[command(flatten)]
    selection: SelectionFlags,
    #[command(flatten)]
    version: VersionFlags,
    /// Release this branch although HEAD is detached
    ///
    /// For repositories shared with jj. The branch must point to HEAD.
    #[arg(long, value_name = "NAME", help_heading = "Commit", hide_short_help = true)]
    branch: Option<BranchName>,
    /// The configuration flags.
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Selection")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub(super) struct SelectionFlags {
    /// Release this package; may be repeated
    #[arg(short, long = "package", value_name = "SPEC")]
    package: Vec<String>,
    /// Release all members of the workspace
    #[arg(long)]
    workspace: bool,
    /// As --workspace.
    #[arg(long, hide = true)]
    all: bool,
    /// Do not release this package; may be repeated
    #[arg(long, value_name = "SPEC")]
    exclude: Vec<String>,
    /// Also release packages whose current version is not published
    ///
    /// Without other selection flags, only those packages are released.
    #[arg(long, hide_short_help = true)]
    unpublished: bool,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Version")]
struct VersionFlags {
    /// Release pre-releases with this identifier, such as rc
    ///
    /// Combines with a level: `minor --pre rc` goes from 1.2.3 to 1.3.0-rc.1. Without a level, uses the level that each
    /// package needs.
    #[arg(long, value_name = "ID", conflicts_with = "unpublished", hide_short_help = true)]
    pre: Option<String>,
    /// Build metadata for the new versions
    #[arg(short, long, value_name = "BUILD", requires = "levels", hide_short_help = true)]
    metadata: Option<String>,
    /// Use this tag as the last release
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    prev_tag_name: Option<String>,
    /// Allow a level lower than the changes need
    ///
    /// Without this flag, a compatible version with breaking changes is an error; with it, a warning.
    #[arg(long, hide_short_help = true)]
    allow_breaking: bool,
    /// Do not access the network
    ///
    /// The plan lists what is unknown as a result.
    #[arg(long, hide_short_help = true)]
    offline: bool,
}

impl SelectionFlags {
    /// The selected packages, by name.
    pub(super) fn selection(&self) -> Selection {
        let names = |specs: &[String]| specs.iter().map(|spec| PackageName::from(spec.as_str())).collect();
        Selection {
            packages: names(&self.package),
            workspace: self.workspace || self.all,
            exclude: names(&self.exclude),
        }
    }

    /// Whether `--unpublished` was given.
    pub(super) fn unpublished(&self) -> bool {
        self.unpublished
    }
}

impl AskArgs {
    /// Whether `--offline` was given.
    pub fn is_offline(&self) -> bool {
        self.version.offline
    }

    /// The request; `today` is the date in UTC, such as `2026-11-22`.
    ///
    /// # Errors
    ///
    /// `Unplannable` if two levels are given for the same packages.
    pub fn request(&self, today: String) -> Result<Request> {
        let Self { levels, selection, version, branch, config: _ } = self;
        one_level_each(levels)?;
        Ok(Request {
            levels: levels.clone(),
            selection: selection.selection(),
            pre: version.pre.clone(),
            metadata: version.metadata.clone(),
            previous_tag: version.prev_tag_name.as_deref().map(TagName::from),
            unpublished: selection.unpublished,
            allow_breaking: version.allow_breaking,
            offline: version.offline,
            branch: branch.clone(),
            today,
            entries: std::collections::BTreeMap::new(),
        })
    }
}

fn one_level_each(levels: &[LevelRequest]) -> Result<()> {
    for (at, asked) in levels.iter().enumerate() {
        let Some(before) = levels[..at].iter().find(|before| before.package == asked.package) else { continue };
        let (first, second) = (&before.target, &asked.target);
        return Err(match &asked.package {
            Some(name) => Failure::unplannable(format!("`{name}` is given two levels: `{first}` and `{second}`"))
                .help(format!("keep one: `{name}@{second}`")),
            None => {
                Failure::unplannable(format!("two levels are given for the same packages: `{first}` and `{second}`"))
                    .help(format!("keep one, or give it to one package: `NAME@{second}`"))
            }
        });
    }
    Ok(())
}

/// Parses one level. clap shows one line, so the help is part of it.
fn asked(text: &str) -> Result<LevelRequest, String> {
    if COMMANDS.contains(&text) {
        return Err(format!("`{text}` is a command and must come before all flags"));
    }
    let apart = text.split_once([':', '=']).filter(|(name, level)| !name.is_empty() && !level.is_empty());
    if let Some((name, level)) = apart {
        return Err(format!("did you mean `{name}@{level}`?"));
    }
    text.parse::<LevelRequest>().map_err(|failure| {
        if let Some(command) = similar(text, COMMANDS.into_iter().chain(LEVELS)).filter(|near| COMMANDS.contains(near))
        {
            return format!(
                "`{text}` is neither a command, a level nor a version; did you mean the command `{command}`?"
            );
        }
        let helps = failure.helps().iter().map(|help| format!("; {help}")).collect::<String>();
        format!("{failure}{helps}")
    })
}

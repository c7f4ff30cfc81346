//! What is asked for: levels, packages, and what the decision may do. Becomes a [`Request`].

use clap::Args;

use super::config::ConfigArgs;
use super::verbs::COMMANDS;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::TagName;
use crate::phrase::similar;
use crate::plan::Asked;
use crate::plan::Request;
use crate::plan::Selection;

/// The words for levels.
const LEVELS: [&str; 7] = ["major", "minor", "patch", "release", "rc", "beta", "alpha"];

/// What is asked for, with the flags that configure it.
#[derive(Clone, Debug, Args)]
pub struct AskArgs {
    /// major, minor, patch, release, rc, beta, alpha
    ///
    /// A LEVEL or VERSION holds for all selected packages; NAME@LEVEL or NAME@VERSION selects one package and holds for
    /// it alone. Without any, every package that changed is released at a level of its own.
    #[arg(value_name = "[NAME@]LEVEL|VERSION", help_heading = None::<&'static str>, value_parser = asked, conflicts_with = "unpublished")]
    pub levels: Vec<Asked>,
    #[command(flatten)]
    selection: SelectionFlags,
    #[command(flatten)]
    version: VersionFlags,
    /// Release this branch, where none is checked out
    ///
    /// As jj leaves a repository. The branch must be at the commit that is checked out.
    #[arg(long, value_name = "NAME", help_heading = "Commit", hide_short_help = true)]
    branch: Option<String>,
    /// The flags that configure.
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
    /// Leave this package out; may be repeated
    #[arg(long, value_name = "SPEC")]
    exclude: Vec<String>,
    /// Add packages whose version is not published
    ///
    /// Alone, it selects just those.
    #[arg(long, hide_short_help = true)]
    unpublished: bool,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Version")]
struct VersionFlags {
    /// As pre-releases of this name, such as rc
    ///
    /// Of any level: `minor --pre rc` makes 1.3.0-rc.1 of 1.2.3. Without a level, of what each package needs.
    #[arg(long, value_name = "ID", conflicts_with = "unpublished", hide_short_help = true)]
    pre: Option<String>,
    /// Build metadata for the new versions
    #[arg(short, long, value_name = "BUILD", requires = "levels", hide_short_help = true)]
    metadata: Option<String>,
    /// Count changes from this tag
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    prev_tag_name: Option<String>,
    /// Allow breaking changes all the same
    ///
    /// A level or version that says less than the changes do is refused where it would be taken for compatible. With
    /// this flag it is a warning.
    #[arg(long, hide_short_help = true)]
    allow_breaking: bool,
    /// Use no network
    ///
    /// The plan says what is therefore not known.
    #[arg(long, hide_short_help = true)]
    offline: bool,
}

impl SelectionFlags {
    /// The packages that are meant.
    pub(super) fn selection(&self) -> Selection {
        let names = |specs: &[String]| specs.iter().map(|spec| PackageName::from(spec.as_str())).collect();
        Selection {
            packages: names(&self.package),
            workspace: self.workspace || self.all,
            exclude: names(&self.exclude),
        }
    }

    /// Whether unpublished packages are added.
    pub(super) fn unpublished(&self) -> bool {
        self.unpublished
    }
}

impl AskArgs {
    /// Whether no network may be used.
    pub fn is_offline(&self) -> bool {
        self.version.offline
    }

    /// What is asked for; `today` in UTC as `2026-11-22`.
    ///
    /// # Errors
    ///
    /// `Unplannable` where two levels are given for the same packages.
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

fn one_level_each(levels: &[Asked]) -> Result<()> {
    for (at, asked) in levels.iter().enumerate() {
        let Some(before) = levels[..at].iter().find(|before| before.package == asked.package) else { continue };
        let (first, second) = (&before.target, &asked.target);
        return Err(match &asked.package {
            Some(name) => Failure::unplannable(format!("`{name}` is given two levels: `{first}` and `{second}`"))
                .help(format!("keep one: `{name}@{second}`")),
            None => {
                Failure::unplannable(format!("two levels are given for the same packages: `{first}` and `{second}`"))
                    .help(format!("name the package that is meant: `NAME@{second}`"))
            }
        });
    }
    Ok(())
}

/// Reads one level. clap shows one line, so what would help stands in it too.
fn asked(text: &str) -> Result<Asked, String> {
    if COMMANDS.contains(&text) {
        return Err(format!("`{text}` is a command: write it first, and flags behind it"));
    }
    let apart = text.split_once([':', '=']).filter(|(name, level)| !name.is_empty() && !level.is_empty());
    if let Some((name, level)) = apart {
        return Err(format!("did you mean `{name}@{level}`?"));
    }
    text.parse::<Asked>().map_err(|failure| {
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

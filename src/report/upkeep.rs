//! Output of `owner`, `yank`, `audit` and `init`.

use std::io;

use serde::Serialize;

use crate::apply::OwnerChange;
use crate::apply::Yanked;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::plan::Audit;
use crate::plan::Init;
use crate::plan::MissingTag;
use crate::plan::OwnedCrate;
use crate::plan::Yank;
use crate::report::findings::finding::findings as write_findings;
use crate::report::screen::page::Screen;
use crate::report::screen::page::USUAL_COLUMNS;
use crate::report::screen::style;
use crate::report::screen::style::field;
use crate::report::screen::text;

/// A version to yank or unyank, and the outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct YankLine {
    /// The version.
    pub target: Yank,
    /// The outcome; `None` if it is still to be done.
    pub outcome: Option<Yanked>,
}

impl YankLine {
    /// Whether nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        self.outcome.is_some()
    }
}

impl Serialize for YankLine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct UpkeepRow<'a> {
            #[serde(flatten)]
            target: &'a Yank,
            outcome: Option<&'a str>,
        }
        let outcome = self.outcome.map(|outcome| match outcome {
            Yanked::Already => "already",
            Yanked::Shown => "done",
            Yanked::Taken => "not-shown-yet",
        });
        UpkeepRow { target: &self.target, outcome }.serialize(serializer)
    }
}

/// Writes the versions to yank or unyank, and what a yank does.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn yanks(out: &mut dyn Screen, lines: &[YankLine], undo: bool) -> io::Result<()> {
    let (due, done): (Vec<_>, Vec<_>) = lines.iter().partition(|line| !line.is_done());
    let title = |line: &&YankLine| {
        let Yank { package, version, registry, yanked: _ } = &line.target;
        format!("{package} {version} ({registry})")
    };
    field(out, if undo { "Unyank" } else { "Yank" }, &due.iter().map(title).collect::<Vec<_>>())?;
    field(out, "Already done", &done.iter().map(title).collect::<Vec<_>>())?;
    if undo || due.is_empty() {
        return Ok(());
    }
    let words = "A yank only stops new lock files from selecting the version. The version can still be downloaded, existing \
                 lock files still use it, and its number cannot be reused. If it contains a secret, revoke the secret.";
    writeln!(out)?;
    text::wrap(words, USUAL_COLUMNS).into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes the outcome of one yank.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn yank_done(out: &mut dyn Screen, line: &YankLine) -> io::Result<()> {
    let Yank { package, version, registry, yanked } = &line.target;
    let word = match (line.outcome, yanked) {
        (Some(Yanked::Already) | None, _) => "Unchanged",
        (Some(Yanked::Shown | Yanked::Taken), true) => "Yanked",
        (Some(Yanked::Shown | Yanked::Taken), false) => "Unyanked",
    };
    let rest = if line.outcome == Some(Yanked::Taken) { "; the index does not show it yet" } else { "" };
    style::status(out, word, &format!("{package} {version} on {registry}{rest}"))
}

/// A crate with the owners that its registry lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct OwnerRow {
    /// The crate, and its configured owners.
    #[serde(flatten)]
    pub of: OwnedCrate,
    /// The owners that the registry lists; `None` if it does not list them.
    pub there: Option<Vec<String>>,
}

impl OwnerRow {
    /// The configured owners that the registry does not list.
    pub(crate) fn missing(&self) -> Vec<&str> {
        let Some(there) = &self.there else { return Vec::new() };
        let is_there = |login: &&String| there.iter().any(|owner| owner.eq_ignore_ascii_case(login));
        self.of.configured.iter().filter(|login| !is_there(login)).map(String::as_str).collect()
    }

    fn others(&self) -> Vec<&str> {
        let is_configured = |owner: &&String| self.of.configured.iter().any(|login| login.eq_ignore_ascii_case(owner));
        self.there.iter().flatten().filter(|owner| !is_configured(owner)).map(String::as_str).collect()
    }
}

/// One change of owners, and the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct OwnerLine {
    /// The package.
    pub package: PackageName,
    /// The registry.
    pub registry: RegistryName,
    /// The user or team.
    pub login: String,
    /// Whether the owner is removed rather than added.
    pub removes: bool,
    /// The outcome; `None` if it is still to be done.
    pub outcome: Option<OwnerChange>,
}

/// Writes the owners of each crate next to the configured ones.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn owners(out: &mut dyn Screen, rows: &[OwnerRow]) -> io::Result<()> {
    for row in rows {
        let OwnedCrate { package, registry, is_there, configured } = &row.of;
        writeln!(out, "{}", style::paint(style::TITLE, format!("{package} ({registry})")))?;
        let there = match (&row.there, is_there) {
            (Some(there), _) => there.join(", "),
            (None, true) => "unknown: the registry lists them only with a token (`cargo owner --list`)".to_owned(),
            (None, false) => "the crate is not published yet; its first release adds the configured owners".to_owned(),
        };
        field(out, "Owners", &[there])?;
        let words = |logins: &[&str]| if logins.is_empty() { Vec::new() } else { vec![logins.join(", ")] };
        field(out, "Missing", &words(&row.missing()))?;
        let others = if configured.is_empty() { Vec::new() } else { row.others() };
        field(out, "Not configured", &words(&others))?;
    }
    if rows.is_empty() {
        writeln!(out, "no package in this workspace is published to a registry")?;
    }
    Ok(())
}

/// Writes which owners are added and removed.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn owner_plan(out: &mut dyn Screen, rows: &[OwnerRow], lines: &[OwnerLine]) -> io::Result<()> {
    if lines.is_empty() {
        owners(out, rows)?;
        return writeln!(out, "\nthe owners match the configuration");
    }
    for line in lines {
        let OwnerLine { package, registry, login, removes, outcome: _ } = line;
        let (verb, to) = if *removes { ("Remove", "from") } else { ("Add", "to") };
        style::status(out, verb, &text::clean(&format!("{login} {to} {package} on {registry}")))?;
    }
    let adds = lines.iter().any(|line| !line.removes && !line.login.contains(':'));
    if adds {
        writeln!(out, "Users receive an invitation and become owners when they accept it; teams become owners at once.")
    } else {
        Ok(())
    }
}

/// Writes the outcome of one change.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn owner_done(out: &mut dyn Screen, line: &OwnerLine) -> io::Result<()> {
    let OwnerLine { package, registry, login, removes: _, outcome } = line;
    let place = text::clean(&format!("{login}, {package} on {registry}"));
    match outcome {
        Some(OwnerChange::Added) => style::status(out, "Added", &place),
        Some(OwnerChange::Invited) => style::status(out, "Invited", &format!("{place}: pending until they accept")),
        Some(OwnerChange::Removed) => style::status(out, "Removed", &place),
        Some(OwnerChange::Refused(why)) => {
            let why = text::clean(why.lines().map(str::trim).collect::<Vec<_>>().join(" ").as_str());
            writeln!(out, "{}{:>12}{:#} {place}: {why}", style::ERROR, "Refused", style::ERROR)
        }
        None => Ok(()),
    }
}

/// Writes the findings of an audit.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn audit(out: &mut dyn Screen, audit: &Audit, fix: bool) -> io::Result<()> {
    let Audit { findings, missing_tags } = audit;
    if findings.is_empty() {
        return writeln!(out, "no problems found in tags, changelogs, the registry and lock files");
    }
    write_findings(out, findings)?;
    if fix {
        writeln!(out)?;
        let tags = missing_tags.iter().map(|MissingTag { tag, commit, .. }| format!("{tag} at {}", commit.short()));
        field(out, "Tags to create", &tags.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Writes that a tag was created.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn tagged(out: &mut dyn Screen, tag: &MissingTag) -> io::Result<()> {
    style::status(out, "Tagged", &format!("{} at {}", tag.tag, tag.commit.short()))
}

/// Writes how to push the new tags.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn push_hint(out: &mut dyn Screen, remote: &RemoteName, tags: &[&str]) -> io::Result<()> {
    style::note(out, &format!("run `git push {remote} {}` to push them", tags.join(" ")))
}

/// Writes what `init` found.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn init_found(out: &mut dyn Screen, init: &Init) -> io::Result<()> {
    field(out, "Found", &init.found)?;
    if init.files.is_empty() { writeln!(out, "all files exist already") } else { writeln!(out) }
}

/// Writes that a file was written.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn init_written(out: &mut dyn Screen, path: &RepoPath) -> io::Result<()> {
    style::status(out, "Wrote", &text::clean(path.as_str()))
}

/// Writes the checklist for the first release.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn init_checklist(out: &mut dyn Screen, init: &Init) -> io::Result<()> {
    writeln!(out, "\n{}", style::paint(style::TITLE, "Checklist for the first release"))?;
    for (is_done, what) in &init.checklist {
        writeln!(out, "  [{}] {}", if *is_done { 'x' } else { ' ' }, text::clean(what))?;
    }
    Ok(())
}

//! Owners, yanks and audits in words.

use std::io;

use serde::Serialize;

use super::finding::findings as write_findings;
use super::page::Screen;
use super::page::USUAL_COLUMNS;
use super::style;
use super::style::field;
use super::text;
use crate::apply::OwnerChange;
use crate::apply::Yanked;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::plan::Audit;
use crate::plan::Init;
use crate::plan::MissingTag;
use crate::plan::OwnedCrate;
use crate::plan::Yank;

/// A version that is yanked or brought back, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YankLine {
    /// The version.
    pub target: Yank,
    /// What became of it; none where it is still to be done.
    pub outcome: Option<Yanked>,
}

impl YankLine {
    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.outcome.is_some()
    }
}

impl Serialize for YankLine {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            #[serde(flatten)]
            target: &'a Yank,
            outcome: Option<&'a str>,
        }
        let outcome = self.outcome.map(|outcome| match outcome {
            Yanked::Already => "already",
            Yanked::Shown => "done",
            Yanked::Taken => "not-shown-yet",
        });
        Line { target: &self.target, outcome }.serialize(serializer)
    }
}

/// Writes which versions are yanked, or brought back, and what that does.
///
/// # Errors
/// The stream does not take it.
pub fn yanks(out: &mut dyn Screen, lines: &[YankLine], undo: bool) -> io::Result<()> {
    let (due, done): (Vec<_>, Vec<_>) = lines.iter().partition(|line| !line.is_done());
    let title = |line: &&YankLine| {
        let Yank { package, version, registry, yanked: _ } = &line.target;
        format!("{package} {version} ({registry})")
    };
    field(out, if undo { "Bring back" } else { "Yank" }, &due.iter().map(title).collect::<Vec<_>>())?;
    field(out, "Done already", &done.iter().map(title).collect::<Vec<_>>())?;
    if undo || due.is_empty() {
        return Ok(());
    }
    let words = "A yank keeps new lock files from choosing a version. It deletes nothing: lock files that have it still \
                 get it, it stays downloadable, and its number is used up. A secret in it stays public: revoke the secret.";
    writeln!(out)?;
    text::wrap(words, USUAL_COLUMNS).into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes what became of one yank.
///
/// # Errors
/// The stream does not take it.
pub fn yank_done(out: &mut dyn Screen, line: &YankLine) -> io::Result<()> {
    let Yank { package, version, registry, yanked } = &line.target;
    let word = match (line.outcome, yanked) {
        (Some(Yanked::Already) | None, _) => "Unchanged",
        (Some(Yanked::Shown | Yanked::Taken), true) => "Yanked",
        (Some(Yanked::Shown | Yanked::Taken), false) => "Unyanked",
    };
    let rest = if line.outcome == Some(Yanked::Taken) { "; the index does not show it yet" } else { "" };
    style::status(out, word, &format!("{package} {version} on {registry}{rest}"))
}

/// A crate with the owners that its registry lists; none where it does not tell them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerRow {
    /// The crate, and who is to own it.
    #[serde(flatten)]
    pub of: OwnedCrate,
    /// Who does.
    pub there: Option<Vec<String>>,
}

impl OwnerRow {
    /// The configured owners that the registry does not list.
    pub fn missing(&self) -> Vec<&str> {
        let Some(there) = &self.there else { return Vec::new() };
        let is_there = |login: &&String| there.iter().any(|owner| owner.eq_ignore_ascii_case(login));
        self.of.configured.iter().filter(|login| !is_there(login)).map(String::as_str).collect()
    }

    fn others(&self) -> Vec<&str> {
        let is_configured = |owner: &&String| self.of.configured.iter().any(|login| login.eq_ignore_ascii_case(owner));
        self.there.iter().flatten().filter(|owner| !is_configured(owner)).map(String::as_str).collect()
    }
}

/// One change of owners, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnerLine {
    /// The package.
    pub package: PackageName,
    /// The registry.
    pub registry: RegistryName,
    /// The user or team.
    pub login: String,
    /// Whether they are removed.
    pub removes: bool,
    /// What became of it; none where it is still to be done.
    pub outcome: Option<OwnerChange>,
}

/// Writes the owners of each crate beside those that the configuration names.
///
/// # Errors
/// The stream does not take it.
pub fn owners(out: &mut dyn Screen, rows: &[OwnerRow]) -> io::Result<()> {
    for row in rows {
        let OwnedCrate { package, registry, is_there, configured } = &row.of;
        writeln!(out, "{}", style::paint(style::TITLE, format!("{package} ({registry})")))?;
        let there = match (&row.there, is_there) {
            (Some(there), _) => there.join(", "),
            (None, true) => "the registry does not tell them without a token: `cargo owner --list`".to_owned(),
            (None, false) => "it is not there yet; a release adds the configured owners".to_owned(),
        };
        field(out, "Owners", &[there])?;
        let words = |logins: &[&str]| if logins.is_empty() { Vec::new() } else { vec![logins.join(", ")] };
        field(out, "Missing", &words(&row.missing()))?;
        let others = if configured.is_empty() { Vec::new() } else { row.others() };
        field(out, "Not configured", &words(&others))?;
    }
    if rows.is_empty() {
        writeln!(out, "no package of this workspace goes to a registry")?;
    }
    Ok(())
}

/// Writes which owners are added and removed.
///
/// # Errors
/// The stream does not take it.
pub fn owner_plan(out: &mut dyn Screen, rows: &[OwnerRow], lines: &[OwnerLine]) -> io::Result<()> {
    if lines.is_empty() {
        owners(out, rows)?;
        return writeln!(out, "\nevery owner is as it should be");
    }
    for line in lines {
        let OwnerLine { package, registry, login, removes, outcome: _ } = line;
        let (verb, to) = if *removes { ("Remove", "from") } else { ("Add", "to") };
        style::status(out, verb, &text::clean(&format!("{login} {to} {package} on {registry}")))?;
    }
    let adds = lines.iter().any(|line| !line.removes && !line.login.contains(':'));
    if adds {
        writeln!(out, "Users get an invitation, and are owners when they accept it; teams are owners at once.")
    } else {
        Ok(())
    }
}

/// Writes what became of one change.
///
/// # Errors
/// The stream does not take it.
pub fn owner_done(out: &mut dyn Screen, line: &OwnerLine) -> io::Result<()> {
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

/// Writes what an audit found.
///
/// # Errors
/// The stream does not take it.
pub fn audit(out: &mut dyn Screen, audit: &Audit, fix: bool) -> io::Result<()> {
    let Audit { findings, missing_tags } = audit;
    if findings.is_empty() {
        return writeln!(out, "tags, changelogs, the registry and lock files agree");
    }
    write_findings(out, findings)?;
    if fix {
        writeln!(out)?;
        let tags = missing_tags.iter().map(|MissingTag { tag, commit, .. }| format!("{tag} at {}", commit.short()));
        field(out, "Makes tags", &tags.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Writes that a tag is there.
///
/// # Errors
/// The stream does not take it.
pub fn tagged(out: &mut dyn Screen, tag: &MissingTag) -> io::Result<()> {
    style::status(out, "Tagged", &format!("{} at {}", tag.tag, tag.commit.short()))
}

/// Writes how new tags come to the remote.
///
/// # Errors
/// The stream does not take it.
pub fn push_hint(out: &mut dyn Screen, remote: &str, tags: &[&str]) -> io::Result<()> {
    style::note(out, &format!("`git push {remote} {}` brings them to the remote", tags.join(" ")))
}

/// Writes what `init` found.
///
/// # Errors
/// The stream does not take it.
pub fn init_found(out: &mut dyn Screen, init: &Init) -> io::Result<()> {
    field(out, "Found", &init.found)?;
    if init.files.is_empty() { writeln!(out, "every file is there already") } else { writeln!(out) }
}

/// Says that a file was written.
///
/// # Errors
/// The stream does not take it.
pub fn init_written(out: &mut dyn Screen, path: &RepoPath) -> io::Result<()> {
    style::status(out, "Wrote", &text::clean(path.as_str()))
}

/// Writes what a first release needs.
///
/// # Errors
/// The stream does not take it.
pub fn init_checklist(out: &mut dyn Screen, init: &Init) -> io::Result<()> {
    writeln!(out, "\n{}", style::paint(style::TITLE, "To a first release"))?;
    for (is_done, what) in &init.checklist {
        writeln!(out, "  [{}] {}", if *is_done { 'x' } else { ' ' }, text::clean(what))?;
    }
    Ok(())
}

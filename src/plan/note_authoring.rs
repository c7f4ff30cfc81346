//! Which packages lack a change note, and what a new one is.

use std::collections::BTreeSet;

use super::request::Request;
use crate::level::Level;

use crate::changelog::Note;
use crate::check::Code;
use crate::check::Finding;
use crate::config::Config;
use crate::error::Failure;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::phrase;
use crate::plan::evidence::affected::owner;
use crate::plan::evidence::commits::CountedCommit;
use crate::plan::evidence::notes;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::preflight::findings;
use crate::plan::versions::selection;
use crate::snapshot::DirtyFile;
use crate::snapshot::Snapshot;

/// What a branch changes since it parted from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// Its commits.
    pub commits: BTreeSet<CommitId>,
    /// The paths that it changes, all commits together.
    pub paths: BTreeSet<RepoPath>,
}

/// A package that a note may be written for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoteChoice {
    /// Its name.
    pub name: PackageName,
    /// What its newest change does; none where nothing changed since its last release.
    pub newest: Option<String>,
    /// How many changes there are besides.
    pub more: usize,
    /// What its changes come to by themselves.
    pub level: Level,
    /// Whether a note names it already.
    pub is_noted: bool,
    /// Whether it is what is being worked on: changed by what is not committed, else by the newest commit.
    pub is_at_hand: bool,
}

/// A note that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewNote {
    /// The packages, with what the change is to those who use them.
    pub packages: Vec<(PackageName, Level)>,
    /// What it says.
    pub text: String,
    /// The name of the file without its ending; none for one that comes from the text.
    pub name: Option<String>,
}

/// The file of a new note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoteFile {
    /// The directory.
    pub dir: RepoPath,
    /// The name without its ending.
    pub stem: String,
    /// What is written.
    pub text: String,
}

impl NoteFile {
    /// The places that the file may have, the first that is free is its own: `NAME.md`, `NAME-2.md`, ….
    pub(crate) fn places(&self) -> impl Iterator<Item = RepoPath> {
        (1_u32..).map(|at| match at {
            1 => self.dir.join(&format!("{}.md", self.stem)),
            at => self.dir.join(&format!("{}-{at}.md", self.stem)),
        })
    }
}

/// What is wrong with the notes, and the selected packages that changed and have none: since the last release, or in a
/// range, in which then the note must be written or edited. A commit that is kept out of the changelog
/// (`Changelog: skip`) needs none.
///
/// # Errors
/// There are no notes, or a package does not exist.
pub(crate) fn check_notes(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    range: Option<&Range>,
) -> Result<Vec<Finding>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    needs_notes(&inputs)?;
    let mut found: Vec<Finding> = findings::shallow(&inputs).into_iter().filter(|_| range.is_none()).collect();
    found.extend(notes::findings(&inputs));
    for name in selection::considered(&inputs)?.keys() {
        let is_new = |path: &RepoPath| range.is_none_or(|range| range.paths.contains(path));
        let is_noted = inputs.notes().iter().any(|it| it.names(name) && !it.is_told(name) && is_new(it.path));
        if !is_noted {
            found.extend(missing(&inputs, name, range));
        }
    }
    Ok(found)
}

fn missing(inputs: &PlanInputs<'_>, name: &PackageName, range: Option<&Range>) -> Option<Finding> {
    let in_range = |change: &&CountedCommit<'_>| range.is_none_or(|range| range.commits.contains(&change.commit.id));
    let changes: Vec<&CountedCommit<'_>> = changes(inputs, name).filter(in_range).collect();
    let newest = changes.first()?;
    let named = changes.iter().map(|change| format!("{} `{}`", change.commit.id.short(), change.summary()));
    let message = format!("`{name}` changed but has no change note: {}", phrase::first(named, 1));
    let finding = Finding::error(Code::NoteMissing, message).package(name);
    let paths = newest.commit.packages.get(name)?;
    let code = |path: &&RepoPath| path.as_str().ends_with(".rs");
    let finding = match paths.iter().find(code).or(paths.first()) {
        Some(path) => finding.at(path, None),
        None => finding,
    };
    let notes = inputs.notes_dir();
    let begun = |file: &&DirtyFile| notes.as_ref().is_some_and(|notes| file.path.is_in(notes));
    let help = match inputs.snapshot.repository.dirty.iter().find(begun) {
        Some(file) => format!("`{}` is not committed; only committed notes count", file.path),
        None => format!("create and commit one: `cargo release note -p {name}`"),
    };
    Some(finding.help(format!("{help}; a commit with a footer `Changelog: skip` needs none")))
}

/// The changes that are to be told.
fn changes<'c>(inputs: &'c PlanInputs<'_>, name: &PackageName) -> impl Iterator<Item = &'c CountedCommit<'c>> {
    inputs.changes(name).iter().filter(|change| !change.message.unlisted)
}

/// The packages that a note may be written for, those that changed and have none first.
///
/// # Errors
/// There are no notes, or a manifest does not parse.
pub(crate) fn note_choices(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Vec<NoteChoice>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    needs_notes(&inputs)?;
    let at_hand = at_hand(&inputs);
    let mut bumps: Vec<NoteChoice> = Vec::new();
    for name in selection::considered(&inputs)?.into_keys() {
        let newest = changes(&inputs, &name).next().map(CountedCommit::summary);
        let level = changes(&inputs, &name).map(|change| change.level).max();
        bumps.push(NoteChoice {
            newest,
            more: changes(&inputs, &name).count().saturating_sub(1),
            level: match level {
                Some(Level::Breaking) => Level::Breaking,
                Some(Level::Feature) => Level::Feature,
                Some(Level::Patch | Level::None) | None => Level::Patch,
            },
            is_noted: inputs.notes().iter().any(|noted| noted.names(&name)),
            is_at_hand: at_hand.contains(&name),
            name,
        });
    }
    bumps.sort_by_key(|bump| (!bump.is_at_hand, bump.newest.is_none(), bump.is_noted));
    Ok(bumps)
}

/// The packages that are being worked on: those with changes that are not committed, else those that the head changes.
fn at_hand(inputs: &PlanInputs<'_>) -> BTreeSet<PackageName> {
    let packages = &inputs.snapshot.workspace.packages;
    let notes = inputs.notes_dir();
    let dirty = inputs.snapshot.repository.dirty.iter().map(|file| &file.path);
    let dirty = dirty.filter(|path| notes.as_ref().is_none_or(|notes| !path.is_in(notes)));
    let changed: BTreeSet<PackageName> = dirty.filter_map(|path| Some(owner(packages, path)?.name.clone())).collect();
    if !changed.is_empty() {
        return changed;
    }
    let head = |name: &&PackageName| changes(inputs, name).any(|it| it.commit.id == inputs.snapshot.repository.head);
    packages.iter().map(|package| &package.name).filter(head).cloned().collect()
}

/// Whether a note may name these packages.
///
/// # Errors
/// One does not exist, takes no part in releases, or is named twice.
pub(crate) fn can_be_noted(snapshot: &Snapshot, config: &Config, names: &[PackageName]) -> Result<()> {
    let members = || snapshot.workspace.packages.iter().map(|package| package.name.as_str());
    for (at, name) in names.iter().enumerate() {
        let Some(settings) = config.packages.get(name) else {
            return Err(Failure::unplannable(format!("there is no package `{name}` in this workspace"))
                .help(selection::nearest(members(), name)));
        };
        if !settings.release {
            return Err(Failure::unplannable(format!("`{name}` takes no part in releases (`release = false`)"))
                .help("leave it out: no release would use its note"));
        }
        if names.iter().take(at).any(|before| before == name) {
            return Err(Failure::unplannable(format!("`{name}` is named twice")).help("keep the higher level"));
        }
    }
    Ok(())
}

/// The file of a new note.
///
/// # Errors
/// There are no notes, a package does not exist or takes no part in releases, or the note would say nothing.
pub(crate) fn new_note(snapshot: &Snapshot, config: &Config, request: &Request, new: &NewNote) -> Result<NoteFile> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let dir = needs_notes(&inputs)?;
    let names: Vec<PackageName> = new.packages.iter().map(|(name, _)| name.clone()).collect();
    can_be_noted(snapshot, config, &names)?;
    let stem = match &new.name {
        Some(name) => name.strip_suffix(".md").unwrap_or(name).to_owned(),
        None => Note::file_name(&new.text),
    };
    if !crate::config::is_note(&format!("{stem}.md")) || stem.contains('\\') {
        return Err(Failure::unplannable(format!("a note cannot be named `{stem}`"))
            .help("use a file name without a directory that does not start with a dot and is not README"));
    }
    let text = Note::written(&new.packages, &new.text);
    match Note::read(&text).1.first() {
        Some(fault) => Err(Failure::unplannable(fault.kind.to_string()).help(fault.kind.help())),
        None => Ok(NoteFile { dir, stem, text }),
    }
}

fn needs_notes(inputs: &PlanInputs<'_>) -> Result<RepoPath> {
    inputs.notes_dir().ok_or_else(|| {
        Failure::unplannable("this workspace has no change notes")
            .because("`[bump] notes` is `false`")
            .help("set their directory in `release.toml`: `notes = \".changes\"`")
    })
}

//! Change notes: what they ask for and say, what is wrong with them, and how a release consumes them.
//!
//! A release takes the packages that it releases out of a note, and the file away with the last of them. A pre-release
//! leaves notes where they are, so that they stand in the entry of the stable release too; what it told already is no
//! reason for the next pre-release.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::plan_inputs::PlanInputs;
use crate::changelog::Note;
use crate::changelog::NoteFault;
use crate::check::Code;
use crate::check::Finding;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::phrase;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::Snapshot;

/// A note that was read.
#[derive(Clone, Debug)]
pub(crate) struct Noted<'a> {
    pub(crate) path: &'a RepoPath,
    pub(crate) note: Note,
    faults: Vec<NoteFault>,
    /// The packages that have had a pre-release with it.
    told: BTreeSet<PackageName>,
}

/// Reads all notes.
pub(crate) fn read(snapshot: &Snapshot) -> Vec<Noted<'_>> {
    let texts = &snapshot.workspace.texts;
    let notes = snapshot.workspace.notes.iter().filter_map(|path| Some((path, texts.get(path)?)));
    notes
        .map(|(path, text)| {
            let (note, faults) = Note::read(text);
            let told = told(snapshot, path, &note);
            Noted { path, note, faults, told }
        })
        .collect()
}

/// The packages of a note whose last release was a pre-release that had it. Packages that were released together share the
/// text of that time, which is read once.
fn told(snapshot: &Snapshot, path: &RepoPath, note: &Note) -> BTreeSet<PackageName> {
    let history = &snapshot.repository.history;
    let mut of_releases: BTreeMap<&CommitId, Option<Note>> = BTreeMap::new();
    let mut is_told = |name: &&PackageName| {
        let last = history.last_releases.get(*name).filter(|last| !last.version.pre.is_empty());
        let Some(last) = last else { return false };
        let read = || history.texts.get(&last.commit)?.get(path).map(|text| Note::read(text).0);
        let then = of_releases.entry(&last.commit).or_insert_with(read);
        then.as_ref().is_some_and(|then| then.level_of(name).is_some())
    };
    note.packages.iter().map(|package| &package.name).filter(|name| is_told(name)).cloned().collect()
}

impl Noted<'_> {
    /// Whether it names a package.
    pub(crate) fn names(&self, name: &PackageName) -> bool {
        self.note.level_of(name).is_some()
    }

    /// Whether a pre-release of the package has told it.
    pub(crate) fn is_told(&self, name: &PackageName) -> bool {
        self.told.contains(name)
    }

    /// As a reason for a release; none for a package that it does not name.
    pub(crate) fn reason(&self, name: &PackageName) -> Option<Reason> {
        let level = self.note.level_of(name)?;
        let summary = self.note.summary().to_owned();
        Some(Reason { evidence: Evidence::Note { path: self.path.clone() }, level, summary })
    }
}

/// What is wrong with the notes.
pub(crate) fn findings(inputs: &PlanInputs<'_>) -> Vec<Finding> {
    let workspace = &inputs.snapshot.workspace;
    let unreadable = workspace.notes.iter().filter_map(|path| Some((path, workspace.unreadable.get(path)?)));
    let unreadable = unreadable.map(|(path, why)| {
        let finding = Finding::error(Code::NoteUnreadable, format!("the note cannot be read: {why}"));
        finding.at(path, None).help("convert it to UTF-8")
    });
    unreadable.chain(inputs.notes().iter().flat_map(|noted| of_one(inputs, noted))).collect()
}

fn of_one(inputs: &PlanInputs<'_>, noted: &Noted<'_>) -> Vec<Finding> {
    let form = noted.faults.iter().map(|fault| {
        let finding = Finding::error(Code::NoteForm, fault.kind.to_string());
        finding.at(noted.path, Some(fault.line)).help(fault.kind.help())
    });
    let unknown = noted.note.packages.iter().filter(|package| inputs.package(&package.name).is_err());
    let unknown = unknown.map(|package| {
        let message = format!("the note names `{}`, which is not a package in this workspace", package.name);
        let finding = Finding::error(Code::NotePackage, message).at(noted.path, Some(package.line));
        finding.help(phrase::suggestion(
            package.name.as_str(),
            inputs.packages().map(|member| member.name.as_str()),
            "packages",
        ))
    });
    let mut found: Vec<Finding> = form.chain(unknown).collect();
    found.sort_by_key(|finding| finding.line);
    found
}

//! What the next entry of a changelog tells of: commits, and change notes. A commit that adds or edits a note is told by the
//! note, in the entries of the packages that the note names.

use std::collections::BTreeSet;

use crate::changelog;
use crate::changelog::Cliff;
use crate::changelog::DraftCommit;
use crate::changelog::DraftFor;
use crate::changelog::DraftNote;
use crate::changelog::Marker;
use crate::changelog::NoteLevel;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::evidence::notes::Noted;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::release_plan::Level;
use crate::snapshot::Commit;
use crate::snapshot::Package;

/// Whose changes are told, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// What no release has told, pre-releases included.
    LastRelease,
    /// Also the notes that pre-releases have told: what the entry of a stable release has.
    LastStable,
}

/// What an entry tells of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told<'c> {
    /// Commits, newest first.
    commits: Vec<&'c Commit>,
    /// Commits that notes speak for.
    spoken_for: Vec<&'c Commit>,
    /// Notes, each with its highest level among the packages of the entry, in the order of their files.
    notes: Vec<(&'c Noted<'c>, NoteLevel)>,
}

impl<'c> Told<'c> {
    /// The changes of these packages.
    pub(crate) fn of(case: &'c Case<'c>, members: &[&Package], since: Since) -> Self {
        let mut listed: BTreeSet<&CommitId> = BTreeSet::new();
        let mut spoken_for: BTreeSet<&CommitId> = BTreeSet::new();
        for member in members {
            let counting = case.changes(&member.name).iter();
            let told = counting.filter(|change| change.level > Level::None && !change.unlisted);
            let (by_note, by_itself): (Vec<_>, Vec<_>) =
                told.map(|change| change.commit).partition(|commit| is_noted(case, &member.name, commit));
            spoken_for.extend(by_note.into_iter().map(|commit| &commit.id));
            listed.extend(by_itself.into_iter().map(|commit| &commit.id));
        }
        let all = &case.snapshot.repository.history.commits;
        let among = |ids: &BTreeSet<&CommitId>| all.iter().filter(|commit| ids.contains(&commit.id)).collect();
        let commits = among(&listed);
        spoken_for.retain(|id| !listed.contains(id));
        Self { commits, spoken_for: among(&spoken_for), notes: notes(case, members, since) }
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.notes.is_empty()
    }

    /// What the drafts before did not offer.
    pub(crate) fn newer(&self, unreleased: &Unreleased) -> Self {
        let Some(marker) = &unreleased.marker else { return self.clone() };
        let commits = self.commits.iter().copied().filter(|commit| !marker.covers(&as_draft(commit)));
        let notes = self.notes.iter().copied().filter(|(noted, _)| !marker.covers_note(&noted.note));
        Self { commits: commits.collect(), spoken_for: self.spoken_for.clone(), notes: notes.collect() }
    }

    /// The notes alone.
    pub(crate) fn only_notes(&self) -> Self {
        Self { commits: Vec::new(), spoken_for: Vec::new(), notes: self.notes.clone() }
    }

    /// Without the commits that edited the changelog themselves: the others are told by whoever did.
    pub(crate) fn without_editors(&self, changelog: &RepoPath) -> Self {
        let edits = |commit: &Commit| commit.packages.values().flatten().any(|path| path == changelog);
        let commits = self.commits.iter().copied().filter(|commit| !edits(commit)).collect();
        Self { commits, ..self.clone() }
    }

    /// A draft, as the project drafts.
    pub(crate) fn drafted(&self, like: &Release, cliff: &Cliff) -> Result<String> {
        // A commit that was picked onto another branch is in the history twice once both are merged.
        let mut said = BTreeSet::new();
        let fresh = self.commits.iter().filter(|commit| {
            let subject = commit.message.lines().next().unwrap_or_default();
            said.insert(subject.trim().to_owned())
        });
        let commits: Vec<DraftCommit> = fresh.map(|commit| as_draft(commit)).collect();
        let wanted = DraftFor {
            package: like.owner.package.clone(),
            version: like.version.clone(),
            tag: like.tag.clone(),
            previous_tag: like.previous_tag.clone(),
            date: like.date,
            repository: like.repository.clone(),
        };
        let draft = changelog::draft(&commits, &wanted, cliff)?.body;
        let notes: Vec<DraftNote<'_>> =
            self.notes.iter().map(|(noted, level)| DraftNote { note: &noted.note, level: *level }).collect();
        Ok(changelog::with_notes(&draft, &notes, cliff))
    }

    /// The marker of a draft of all this; none where there is nothing that it could name.
    pub(crate) fn marker(&self, case: &Case<'_>, unreleased: &Unreleased) -> Option<Marker> {
        let mut marker = unreleased.marker.clone().unwrap_or_default();
        let commits = || self.commits.iter().chain(&self.spoken_for);
        marker.covered.extend(commits().map(|commit| changelog::key(&as_draft(commit))));
        marker.covered.extend(self.notes.iter().map(|(noted, _)| noted.note.key()));
        let ids: BTreeSet<&CommitId> = commits().map(|commit| &commit.id).collect();
        let mut all = case.snapshot.repository.history.commits.iter();
        let newest = all.find(|commit| ids.contains(&commit.id)).map(|commit| &commit.id);
        let newest = newest.or_else(|| (!self.notes.is_empty()).then_some(&case.snapshot.repository.head));
        marker.through = newest.map_or(marker.through, |id| id.as_str().chars().take(12).collect());
        (!marker.covered.is_empty()).then_some(marker)
    }
}

/// Whether a note speaks for a commit, as far as it is about that package.
fn is_noted(case: &Case<'_>, package: &PackageName, commit: &Commit) -> bool {
    case.notes().iter().any(|noted| noted.names(package) && commit.notes.contains(noted.path))
}

fn notes<'c>(case: &'c Case<'c>, members: &[&Package], since: Since) -> Vec<(&'c Noted<'c>, NoteLevel)> {
    let level = |noted: &'c Noted<'c>| {
        let fresh = |member: &&&Package| since == Since::LastStable || !noted.is_told(&member.name);
        members.iter().filter(fresh).filter_map(|member| noted.note.level_of(&member.name)).max()
    };
    case.notes().iter().filter_map(|noted| Some((noted, level(noted)?))).collect()
}

/// A commit as drafts take it.
fn as_draft(commit: &Commit) -> DraftCommit {
    DraftCommit {
        id: commit.id.clone(),
        message: commit.message.clone(),
        author: commit.author.clone(),
        email: commit.email.clone(),
        timestamp: commit.authored_at,
    }
}

//! What the next entry of a changelog tells of: commits, change notes, and what else makes the level. A commit that adds or
//! edits a note is told by the note, in the entries of the packages that the note names.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::untold;
use crate::changelog;
use crate::changelog::Cliff;
use crate::changelog::Credit;
use crate::changelog::DraftChange;
use crate::changelog::DraftCommit;
use crate::changelog::DraftEvidence;
use crate::changelog::DraftFor;
use crate::changelog::DraftNote;
use crate::changelog::Marker;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::error::Result;
use crate::level::Level;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::evidence::commits::CountedCommit;
use crate::plan::evidence::notes::Noted;
use crate::plan::evidence::plan_inputs::PlanInputs;
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
pub(crate) struct EntryContent<'c> {
    /// Commits, newest first.
    commits: Vec<ToldCommit<'c>>,
    /// Commits that notes speak for.
    spoken_for: Vec<&'c Commit>,
    /// What else counts.
    evidence: Vec<DraftEvidence>,
    /// Notes, each with its highest level among the packages of the entry, in the order of their files.
    notes: Vec<(&'c Noted<'c>, Level)>,
}

/// A commit with what of its message is told.
#[derive(Clone, Debug)]
struct ToldCommit<'c> {
    commit: &'c Commit,
    changes: Vec<DraftChange>,
}

impl<'c> EntryContent<'c> {
    /// The changes of these packages.
    pub(crate) fn of(inputs: &'c PlanInputs<'c>, members: &[&Package], since: Since) -> Self {
        let mut listed: BTreeMap<&CommitId, ToldCommit<'c>> = BTreeMap::new();
        let mut spoken_for: BTreeSet<&CommitId> = BTreeSet::new();
        let all =
            members.iter().flat_map(|member| changes(inputs, &member.name, since).map(|change| (&member.name, change)));
        for (name, change) in all.filter(|(_, change)| !change.message.unlisted) {
            if is_noted(inputs, name, change.commit) {
                spoken_for.insert(&change.commit.id);
                continue;
            }
            listed.entry(&change.commit.id).or_insert_with(|| ToldCommit::new(change.commit)).add(change);
        }
        let all = &inputs.snapshot.repository.history.commits;
        spoken_for.retain(|id| !listed.contains_key(id));
        let spoken_for = all.iter().filter(|commit| spoken_for.contains(&commit.id)).collect();
        let commits = all.iter().filter_map(|commit| listed.remove(&commit.id)).collect();
        let mut told = Self { commits, spoken_for, evidence: Vec::new(), notes: notes(inputs, members, since) };
        told.evidence = untold::untold(inputs, members, since, told.level());
        told
    }

    /// The highest level of what commits and notes tell.
    fn level(&self) -> Level {
        let breaks = |told: &ToldCommit<'_>| told.changes.iter().any(|change| change.breaking);
        let adds = |told: &ToldCommit<'_>| {
            let mut changes = told.changes.iter();
            changes.any(|told| matches!(told.change.kind.as_deref(), Some("feat" | "feature")))
        };
        let commits = match () {
            () if self.commits.iter().any(breaks) => Level::Breaking,
            () if self.commits.iter().any(adds) => Level::Feature,
            () if self.commits.is_empty() => Level::None,
            () => Level::Patch,
        };
        self.notes.iter().map(|(_, level)| *level).fold(commits, Level::max)
    }

    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.commits.is_empty() && self.notes.is_empty() && self.evidence.is_empty()
    }

    /// What the drafts before did not offer.
    pub(crate) fn newer(&self, unreleased: &Unreleased) -> Self {
        let Some(marker) = &unreleased.marker else { return self.clone() };
        let mut newer = self.clone();
        newer.commits.retain(|told| !marker.covers(&told.as_draft()));
        newer.notes.retain(|(noted, _)| !marker.covers_note(&noted.note));
        newer.evidence.retain(|one| !marker.covers_key(&one.key()));
        newer
    }

    /// What these commits alone tell.
    pub(crate) fn only_of(&self, ids: &[CommitId]) -> Self {
        let commits = self.commits.iter().filter(|told| ids.contains(&told.commit.id)).cloned().collect();
        Self { commits, ..Self::default() }
    }

    /// The notes alone.
    pub(crate) fn only_notes(&self) -> Self {
        Self { notes: self.notes.clone(), ..Self::default() }
    }

    /// Without the commits that edited the changelog themselves: the others are told by whoever did.
    pub(crate) fn without_editors(&self, changelog: &RepoPath) -> Self {
        let edits = |commit: &Commit| commit.packages.values().flatten().any(|path| path == changelog);
        let mut others = self.clone();
        others.commits.retain(|told| !edits(told.commit));
        others
    }

    /// Without the evidence that a text speaks of.
    pub(crate) fn without_what_is_told(&self, text: &str) -> Self {
        let mut others = self.clone();
        others.evidence.retain(|one| !one.is_told_in(text));
        others
    }

    /// A draft, as the project drafts.
    pub(crate) fn drafted(&self, like: &Release, cliff: &Cliff) -> Result<String> {
        // A commit that was picked onto another branch is in the history twice once both are merged.
        let mut said = BTreeSet::new();
        let fresh = self.commits.iter().filter(|told| {
            let subject = told.commit.message.lines().next().unwrap_or_default();
            said.insert(subject.trim().to_owned())
        });
        let commits: Vec<DraftCommit> = fresh.map(ToldCommit::as_draft).collect();
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
        let draft = changelog::with_notes(&draft, &notes, cliff);
        let untold: Vec<DraftEvidence> = self.evidence.iter().filter(|one| !one.is_told_in(&draft)).cloned().collect();
        Ok(changelog::with_evidence(&draft, &untold, cliff))
    }

    /// The marker of a draft of all this; none where there is nothing that it could name.
    pub(crate) fn marker(&self, inputs: &PlanInputs<'_>, unreleased: &Unreleased) -> Option<Marker> {
        let mut marker = unreleased.marker.clone().unwrap_or_default();
        let commits = || self.commits.iter().map(|told| told.commit).chain(self.spoken_for.iter().copied());
        marker.covered.extend(commits().map(|commit| changelog::key(commit.authored_at, &commit.message)));
        marker.covered.extend(self.evidence.iter().map(DraftEvidence::key));
        marker.covered.extend(self.notes.iter().map(|(noted, _)| noted.note.key()));
        let ids: BTreeSet<&CommitId> = commits().map(|commit| &commit.id).collect();
        let mut all = inputs.snapshot.repository.history.commits.iter();
        let newest = all.find(|commit| ids.contains(&commit.id)).map(|commit| &commit.id);
        let newest = newest.or_else(|| (!self.is_empty()).then_some(&inputs.snapshot.repository.head));
        marker.through = newest.map_or(marker.through, |id| id.as_str().chars().take(12).collect());
        (!marker.covered.is_empty()).then_some(marker)
    }
}

/// The commits that count for a package.
fn changes<'c>(
    inputs: &'c PlanInputs<'c>,
    name: &PackageName,
    since: Since,
) -> impl Iterator<Item = &'c CountedCommit<'c>> {
    let earlier = if since == Since::LastStable { inputs.earlier(name) } else { &[] };
    inputs.changes(name).iter().chain(earlier)
}

/// Whether a note speaks for a commit, as far as it is about that package.
fn is_noted(inputs: &PlanInputs<'_>, package: &PackageName, commit: &Commit) -> bool {
    inputs.notes().iter().any(|noted| noted.names(package) && commit.notes.contains(noted.path))
}

fn notes<'c>(inputs: &'c PlanInputs<'c>, members: &[&Package], since: Since) -> Vec<(&'c Noted<'c>, Level)> {
    let level = |noted: &'c Noted<'c>| {
        let fresh = |member: &&&Package| since == Since::LastStable || !noted.is_told(&member.name);
        members.iter().filter(fresh).filter_map(|member| noted.note.level_of(&member.name)).max()
    };
    inputs.notes().iter().filter_map(|noted| Some((noted, level(noted)?))).collect()
}

impl<'c> ToldCommit<'c> {
    fn new(commit: &'c Commit) -> Self {
        Self { commit, changes: Vec::new() }
    }

    /// Adds what counts of it for a package.
    fn add(&mut self, counted: &CountedCommit<'_>) {
        for (part, change) in counted.told() {
            let breaking = part.level == Level::Breaking;
            match self.changes.iter_mut().find(|known| known.change == *change) {
                Some(known) => known.breaking |= breaking,
                None => self.changes.push(DraftChange { is_title: part.at == 0, breaking, change: change.clone() }),
            }
        }
    }

    /// As drafts take it.
    fn as_draft(&self) -> DraftCommit {
        let Self { commit, changes } = self;
        DraftCommit {
            id: commit.id.clone(),
            message: commit.message.clone(),
            changes: changes.clone(),
            author: commit.author.clone(),
            email: commit.email.clone(),
            timestamp: commit.authored_at,
            credit: Credit {
                pull: commit.credit.as_ref().and_then(|credit| credit.pull),
                login: commit.credit.as_ref().and_then(|credit| credit.login.clone()),
                is_first: commit.credit.as_ref().is_some_and(|credit| credit.is_first),
            },
        }
    }
}

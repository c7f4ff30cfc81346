//! Which commits count for a package, at which level, and why the others do not.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::commit_levels::CommitLevels;
use super::packaged_paths::Shipped;
use crate::commit_message;
use crate::commit_message::CommitMessage;
use crate::commit_message::Reverted;
use crate::level::Level;
use crate::names::RepoPath;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::Commit;
use crate::snapshot::Snapshot;

/// A commit that counts for a package.
#[derive(Clone, Debug)]
pub(crate) struct CountedCommit<'a> {
    /// The commit.
    pub(crate) commit: &'a Commit,
    /// What its message says.
    pub(crate) message: Arc<CommitMessage>,
    /// The level that it asks for: the highest of its parts.
    pub(crate) level: Level,
    /// What of the message counts, and is told in changelogs.
    pub(crate) parts: Vec<CountedChange>,
    /// Whether it was in a pre-release already.
    pub(crate) in_pre_release: bool,
}

/// A change of a message that counts for a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CountedChange {
    /// Which of [`CommitMessage::changes`].
    pub(crate) at: usize,
    /// The level that it asks for.
    pub(crate) level: Level,
}

impl CountedCommit<'_> {
    /// Its parts, each with the change that it is.
    pub(crate) fn told(&self) -> impl Iterator<Item = (CountedChange, &commit_message::Change)> {
        self.parts.iter().filter_map(|part| Some((*part, self.message.changes().nth(part.at)?)))
    }

    /// As reasons for a release, the highest level first.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        let evidence = || Evidence::Commit { commit: self.commit.id.clone() };
        let told = self.told();
        let mut reasons: Vec<Reason> = told
            .map(|(part, change)| {
                let summary = if part.level == Level::Breaking { change.told() } else { change.summary.clone() };
                Reason { evidence: evidence(), level: part.level, summary }
            })
            .collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level));
        reasons
    }

    /// What it does, in one line: its deciding part.
    pub(crate) fn summary(&self) -> String {
        self.reasons().into_iter().next().map_or_else(|| self.message.subject.clone(), |reason| reason.summary)
    }
}

/// A commit that was looked at and does not count for a package.
#[derive(Clone, Debug)]
pub(crate) struct PassedOver<'a> {
    /// The commit.
    pub(crate) commit: &'a Commit,
    /// Why not.
    pub(crate) why: String,
}

/// A commit with its message understood, and what of it belongs to a package.
pub(crate) struct Candidate<'a, 'm> {
    pub(crate) commit: &'a Commit,
    pub(crate) message: &'m Arc<CommitMessage>,
    pub(crate) paths: &'a [RepoPath],
    pub(crate) in_pre_release: bool,
}

/// What was decided about the commits of a package, newest first.
#[derive(Debug, Default)]
pub(crate) struct Judged<'a> {
    pub(crate) counted: Vec<CountedCommit<'a>>,
    pub(crate) passed_over: Vec<PassedOver<'a>>,
}

/// What our own releases are known by.
pub(crate) struct Ours<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Where change notes lie, which a release consumes.
    pub(crate) notes: Option<RepoPath>,
}

/// How the commits of a package are judged.
pub(crate) struct CommitJudge<'a> {
    pub(crate) shipped: Shipped,
    pub(crate) levels: CommitLevels<'a>,
    pub(crate) ours: Ours<'a>,
    /// Whether the manifest says the same as at the last release to those who use the package.
    pub(crate) same_manifest: bool,
}

impl CommitJudge<'_> {
    /// Judges the commits of a package, which are given newest first.
    pub(crate) fn judge<'c>(&self, candidates: &[Candidate<'c, '_>]) -> Judged<'c> {
        let mut judged = Judged::default();
        let mut left = Vec::new();
        for candidate in candidates {
            match self.why_not(candidate) {
                Some(why) => judged.pass_over(candidate, why.to_owned()),
                None => left.push(candidate),
            }
        }
        let cancelled = cancelled(&left);
        for (at, candidate) in left.iter().enumerate() {
            match cancelled.iter().find(|(revert, reverted)| at == *revert || at == *reverted) {
                Some((revert, reverted)) if at == *revert => {
                    judged.pass_over(candidate, format!("it reverts {}", left[*reverted].commit.id.short()));
                }
                Some((revert, _)) => {
                    judged.pass_over(candidate, format!("it is reverted by {}", left[*revert].commit.id.short()));
                }
                None if is_told_by_merged(candidate, &left) => {
                    judged.pass_over(candidate, "it is a merge, and the merged commits say what breaks".to_owned());
                }
                None => judged.count(candidate, &self.levels),
            }
        }
        judged
    }

    fn why_not(&self, candidate: &Candidate<'_, '_>) -> Option<&'static str> {
        let message = candidate.message;
        if is_release(candidate, &self.ours) {
            return Some("it is a release commit made by this tool");
        }
        if is_plain_merge(candidate) && !message.changes().any(commit_message::Change::is_breaking) {
            return Some("it is a merge; the merged commits count themselves");
        }
        if self.only_manifests(candidate) && is_tagged(candidate, self.ours.snapshot) {
            return Some("it is a tagged release commit that only touches the manifest here");
        }
        let asks = || self.levels.parts(message).iter().any(|part| part.level > Level::Patch);
        if self.same_manifest && self.only_manifests(candidate) && !asks() && message.release_as.is_none() {
            return Some("it only touches parts of the manifest that users do not see");
        }
        let paths = || candidate.paths.iter().map(|path| self.shipped.why_not(path));
        paths().find(Option::is_none).map_or_else(|| paths().next().flatten(), |_ships| None)
    }

    /// Whether all that it touches of what the package ships are manifests: the lock file of a library changes with them.
    fn only_manifests(&self, candidate: &Candidate<'_, '_>) -> bool {
        let is_manifest = |path: &RepoPath| path.as_str().rsplit('/').next() == Some("Cargo.toml");
        let ships_other = |path: &RepoPath| !is_manifest(path) && self.shipped.why_not(path).is_none();
        candidate.paths.iter().any(is_manifest) && !candidate.paths.iter().any(ships_other)
    }
}

impl<'a> Judged<'a> {
    fn pass_over(&mut self, candidate: &Candidate<'a, '_>, why: String) {
        self.passed_over.push(PassedOver { commit: candidate.commit, why });
    }

    fn count(&mut self, candidate: &Candidate<'a, '_>, levels: &CommitLevels<'_>) {
        let message = candidate.message;
        let mut parts = levels.parts(message);
        // What a merge says besides is what the merged commits say.
        parts.retain(|part| !is_plain_merge(candidate) || part.level == Level::Breaking);
        // Who asks for a version by name asks for a release.
        if message.release_as.is_some() && parts.is_empty() {
            parts.push(CountedChange { at: 0, level: Level::Patch });
        }
        let Some(level) = parts.iter().map(|part| part.level).max() else {
            return self.pass_over(candidate, levels.silence(&message.title));
        };
        self.counted.push(CountedCommit {
            commit: candidate.commit,
            message: Arc::clone(message),
            level,
            parts,
            in_pre_release: candidate.in_pre_release,
        });
    }
}

/// Whether it is a merge under a title that git or a forge gave it.
fn is_plain_merge(candidate: &Candidate<'_, '_>) -> bool {
    candidate.commit.parents > 1 && candidate.message.title.kind.is_none()
}

/// Whether a merge says that something breaks in the words of another commit, as where a pull request has one commit.
fn is_told_by_merged(merge: &Candidate<'_, '_>, all: &[&Candidate<'_, '_>]) -> bool {
    let says = |other: &&&Candidate<'_, '_>, change: &commit_message::Change| {
        other.message.changes().any(|told| told.is_breaking() && told.summary == change.summary)
    };
    let mut breaks = merge.message.changes().filter(|change| change.is_breaking());
    let others = || all.iter().filter(|other| other.commit.parents < 2);
    is_plain_merge(merge) && breaks.all(|change| others().any(|other| says(&other, change)))
}

/// Reverts with what they take back, by their places. A revert that is itself taken back takes nothing back.
fn cancelled(candidates: &[&Candidate<'_, '_>]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut gone = BTreeSet::new();
    for (at, candidate) in candidates.iter().enumerate() {
        if gone.contains(&at) {
            continue;
        }
        let older = || candidates.iter().enumerate().skip(at + 1).filter(|(place, _)| !gone.contains(place));
        let named = |reverted: &Reverted| older().find(|(_, other)| is_named(other.commit, reverted));
        if let Some((reverted, _)) = candidate.message.reverts.iter().find_map(named) {
            gone.extend([at, reverted]);
            pairs.push((at, reverted));
        }
    }
    pairs
}

fn is_named(commit: &Commit, reverted: &Reverted) -> bool {
    match reverted {
        Reverted::Id(id) => commit.id.as_str().starts_with(id.as_str()),
        Reverted::Title(title) => commit.message.lines().next().is_some_and(|first| first.trim() == title),
    }
}

/// Whether a commit is a release commit made by this tool: it has the trailer, and touches nothing but what releases touch. A
/// squash merge keeps the trailer of a commit in it, and is not one.
fn is_release(candidate: &Candidate<'_, '_>, ours: &Ours<'_>) -> bool {
    let planned = |path: &RepoPath| {
        let file = path.as_str().rsplit('/').next().unwrap_or_default();
        let noted = ours.notes.as_ref().is_some_and(|notes| path.is_in(notes));
        file == "Cargo.toml" || file == "Cargo.lock" || noted || ours.snapshot.workspace.texts.contains_key(path)
    };
    candidate.message.is_release && candidate.commit.all_paths.iter().all(planned)
}

/// Whether a commit is tagged: one of another package, of which this one has the manifest alone, whose differences are told
/// by comparing it, is that package's release, made by whatever tool.
fn is_tagged(candidate: &Candidate<'_, '_>, snapshot: &Snapshot) -> bool {
    snapshot.repository.tags.values().any(|id| *id == candidate.commit.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(id: char, message: &str) -> Commit {
        Commit {
            id: id.to_string().repeat(40).into(),
            author: "Ann".to_owned(),
            email: "ann@example.com".to_owned(),
            authored_at: 0,
            committed_at: 0,
            message: message.to_owned(),
            parents: 1,
            packages: std::collections::BTreeMap::new(),
            in_pre_release: std::collections::BTreeMap::new(),
            notes: Vec::new(),
            all_paths: Vec::new(),
            credit: None,
        }
    }

    fn pairs(messages: &[&str]) -> Vec<(usize, usize)> {
        let commits: Vec<Commit> = ('a'..).zip(messages).map(|(id, text)| commit(id, text)).collect();
        let understood: Vec<_> = messages.iter().map(|text| Arc::new(CommitMessage::of(text))).collect();
        let all = commits.iter().zip(&understood);
        let candidates: Vec<Candidate<'_, '_>> =
            all.map(|(commit, message)| Candidate { commit, message, paths: &[], in_pre_release: false }).collect();
        cancelled(&candidates.iter().collect::<Vec<_>>())
    }

    // Newest first: a revert takes back the newest commit before it that it names, and a revert of a revert gives back
    // what was taken.
    #[test]
    fn reverts_cancel_what_they_revert() {
        assert_eq!(pairs(&["Revert \"feat: x\"", "fix: y", "feat: x"]), [(0, 2)]);
        assert_eq!(pairs(&["oops\n\nThis reverts commit ccccccc.", "fix: y", "feat: x"]), [(0, 2)]);
        assert_eq!(pairs(&["Revert \"feat: x\"", "feat: x", "Revert \"feat: x\"", "feat: x"]), [(0, 1), (2, 3)]);
        let again = "Reapply \"feat: x\"\n\nThis reverts commit bbbbbbbb.";
        assert_eq!(pairs(&[again, "Revert \"feat: x\"", "feat: x"]), [(0, 1)]);
        assert_eq!(pairs(&["Revert \"feat: released before\"", "fix: y"]), []);
    }
}

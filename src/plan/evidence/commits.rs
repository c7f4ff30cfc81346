//! Which commits count for a package, at which level, and why the others do not.

use std::collections::BTreeSet;

use super::commit_message::Message;
use super::commit_message::Reverted;
use super::packaged_paths::Shipped;
use crate::config::BumpLevel;
use crate::config::BumpRule;
use crate::names::RepoPath;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Level;
use crate::plan::release_plan::Reason;
use crate::snapshot::Commit;
use crate::snapshot::Snapshot;

/// The trailer of our own release commits.
const TRAILER: &str = "Release-Plan: ";

/// Types that change nothing for those who use a package.
const SILENT: [&str; 3] = ["ci", "test", "style"];

/// A commit that counts for a package.
#[derive(Clone, Debug)]
pub(crate) struct Change<'a> {
    /// The commit.
    pub(crate) commit: &'a Commit,
    /// The level that it asks for.
    pub(crate) level: Level,
    /// What it does, in its author's words.
    pub(crate) summary: String,
    /// The version that it asks for, as written.
    pub(crate) release_as: Option<String>,
    /// Whether it is kept out of the changelog.
    pub(crate) unlisted: bool,
    /// Whether it was in a pre-release already.
    pub(crate) in_pre_release: bool,
}

impl Change<'_> {
    /// As a reason for a release.
    pub(crate) fn reason(&self) -> Reason {
        let evidence = Evidence::Commit { commit: self.commit.id.clone() };
        Reason { evidence, level: self.level, summary: self.summary.clone() }
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
    pub(crate) message: &'m Message,
    pub(crate) paths: &'a [RepoPath],
    pub(crate) in_pre_release: bool,
}

/// What was decided about the commits of a package, newest first.
#[derive(Debug, Default)]
pub(crate) struct Judged<'a> {
    pub(crate) counted: Vec<Change<'a>>,
    pub(crate) passed_over: Vec<PassedOver<'a>>,
}

/// What our own releases are known by.
pub(crate) struct Ours<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Where change notes lie, which a release consumes.
    pub(crate) notes: Option<RepoPath>,
}

/// Judges the commits of a package, which are given newest first.
pub(crate) fn judge<'a>(
    candidates: &[Candidate<'a, '_>],
    shipped: &Shipped,
    rules: &[BumpRule],
    ours: &Ours<'_>,
) -> Judged<'a> {
    let mut judged = Judged::default();
    let mut left = Vec::new();
    for candidate in candidates {
        let paths = || candidate.paths.iter().map(|path| shipped.why_not(path));
        let why = if is_release(candidate.commit, ours) {
            Some("it is a release commit made by this tool")
        } else if candidate.commit.parents > 1 && candidate.message.kind.is_none() {
            Some("it is a merge; the merged commits count themselves")
        } else if is_tagged_release(candidate, ours.snapshot) {
            Some("it is a tagged release commit that only touches the manifest here")
        } else {
            paths().find(Option::is_none).map_or_else(|| paths().next().flatten(), |_ships| None)
        };
        match why {
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
            None => judged.count(candidate, rules),
        }
    }
    judged
}

impl<'a> Judged<'a> {
    fn pass_over(&mut self, candidate: &Candidate<'a, '_>, why: String) {
        self.passed_over.push(PassedOver { commit: candidate.commit, why });
    }

    fn count(&mut self, candidate: &Candidate<'a, '_>, rules: &[BumpRule]) {
        let message = candidate.message;
        let level = level(message, rules);
        // Who asks for a version by name asks for a release.
        let level = if message.release_as.is_some() { level.max(Level::Patch) } else { level };
        if level == Level::None {
            return self.pass_over(candidate, silence(message));
        }
        self.counted.push(Change {
            commit: candidate.commit,
            level,
            summary: message.summary.clone(),
            release_as: message.release_as.clone(),
            unlisted: message.unlisted,
            in_pre_release: candidate.in_pre_release,
        });
    }
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
fn is_release(commit: &Commit, ours: &Ours<'_>) -> bool {
    let marked = commit.message.lines().any(|line| line.starts_with(TRAILER));
    let planned = |path: &RepoPath| {
        let file = path.as_str().rsplit('/').next().unwrap_or_default();
        let noted = ours.notes.as_ref().is_some_and(|notes| path.is_in(notes));
        file == "Cargo.toml" || file == "Cargo.lock" || noted || ours.snapshot.workspace.texts.contains_key(path)
    };
    marked && commit.all_paths.iter().all(planned)
}

/// Whether a commit is the release of another package, made by whatever tool: it is tagged, and of this package it only
/// touches the manifest, whose differences are told by comparing it.
fn is_tagged_release(candidate: &Candidate<'_, '_>, snapshot: &Snapshot) -> bool {
    let is_manifest = |path: &RepoPath| path.as_str().rsplit('/').next() == Some("Cargo.toml");
    candidate.paths.iter().all(is_manifest) && snapshot.repository.tags.values().any(|id| *id == candidate.commit.id)
}

/// The level that a message asks for: Breaking where it breaks, else by the first rule that fits, else as it is by
/// default: `feat` is a Feature; `ci`, `test`, `style` and `chore(release)` are nothing; all else, unconventional titles
/// too, is a Patch.
fn level(message: &Message, rules: &[BumpRule]) -> Level {
    if message.breaking {
        return Level::Breaking;
    }
    if let Some(rule) = rules.iter().find(|rule| fits(rule, message)) {
        return Level::from(rule.level);
    }
    match (message.kind.as_deref(), message.scope.as_deref()) {
        (Some("feat"), _) => Level::Feature,
        (Some("chore"), Some("release")) => Level::None,
        (Some(kind), _) if SILENT.contains(&kind) => Level::None,
        (Some(_) | None, _) => Level::Patch,
    }
}

fn fits(rule: &BumpRule, message: &Message) -> bool {
    let kind = message.kind.as_deref().unwrap_or_default();
    let typed = rule.r#type.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind));
    let scoped = rule.scope.as_ref().is_none_or(|wanted| Some(wanted) == message.scope.as_ref());
    typed && scoped
}

/// Why a commit asks for nothing.
fn silence(message: &Message) -> String {
    let scope = message.scope.as_ref().map_or_else(String::new, |scope| format!("({scope})"));
    match &message.kind {
        Some(kind) => format!("`{kind}{scope}` asks for no release"),
        None => "unconventional commits ask for no release".to_owned(),
    }
}

impl From<BumpLevel> for Level {
    fn from(level: BumpLevel) -> Self {
        match level {
            BumpLevel::None => Self::None,
            BumpLevel::Patch => Self::Patch,
            BumpLevel::Feature => Self::Feature,
            BumpLevel::Breaking => Self::Breaking,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: Option<&str>, scope: Option<&str>, level: BumpLevel) -> BumpRule {
        BumpRule { r#type: kind.map(str::to_owned), scope: scope.map(str::to_owned), level }
    }

    // Each row: a message, and the level that it asks for where nothing is configured.
    #[test]
    fn levels_of_messages() {
        let table = [
            ("feat: add `tap`", Level::Feature),
            ("Feat: add `tap`", Level::Feature),
            ("fix: no more drops", Level::Patch),
            ("feat!: drop `Old`", Level::Breaking),
            ("fix: a\n\nBREAKING CHANGE: b", Level::Breaking),
            ("ci!: needs a newer compiler", Level::Breaking),
            ("ci: faster", Level::None),
            ("test: more", Level::None),
            ("style: tabs", Level::None),
            ("chore(release): 1.2.0", Level::None),
            ("chore: tidy", Level::Patch),
            ("docs: say more", Level::Patch),
            ("tidy up", Level::Patch),
            ("fix: a (#1)\n\n* feat: b", Level::Patch),
            ("ci: a (#1)\n\n* feat: b", Level::None),
            ("ci: a (#1)\n\n* feat!: b", Level::Breaking),
        ];
        for (message, expected) in table {
            assert_eq!(level(&Message::of(message), &[]), expected, "{message}");
        }
    }

    // The first rule that fits decides, by type, scope or both; what breaks is not for a rule to say.
    #[test]
    fn rules_by_type_and_scope() {
        let rules = [
            rule(Some("feat"), Some("cli"), BumpLevel::Patch),
            rule(Some("docs"), None, BumpLevel::None),
            rule(None, Some("net"), BumpLevel::Breaking),
            rule(Some(""), None, BumpLevel::None),
        ];
        let table = [
            ("feat(cli): a", Level::Patch),
            ("feat: a", Level::Feature),
            ("Docs(net): a", Level::None),
            ("fix(net): a", Level::Breaking),
            ("docs!: a", Level::Breaking),
            ("whatever", Level::None),
        ];
        for (message, expected) in table {
            assert_eq!(level(&Message::of(message), &rules), expected, "{message}");
        }
    }

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
        }
    }

    fn pairs(messages: &[&str]) -> Vec<(usize, usize)> {
        let commits: Vec<Commit> = ('a'..).zip(messages).map(|(id, text)| commit(id, text)).collect();
        let understood: Vec<Message> = messages.iter().map(|text| Message::of(text)).collect();
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

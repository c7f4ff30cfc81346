//! What a commit says of a package: its Conventional Commits type, with the parser's strictness made up for, and the
//! level that it asks for.

use git_conventional::Commit as Conventional;

use super::value::Level;
use crate::config::Config;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::Commit;
use crate::snapshot::Snapshot;

/// The trailer of our own release commits.
const TRAILER: &str = "Release-Plan: ";

/// Types that change nothing for those who use a package.
const SILENT: [&str; 3] = ["ci", "test", "style"];

/// A commit, understood.
#[derive(Clone, Debug)]
pub(super) struct Change<'a> {
    /// The commit.
    pub(super) commit: &'a Commit,
    /// The level that it asks for.
    pub(super) level: Level,
    /// What it does, in its author's words.
    pub(super) summary: String,
    is_release: bool,
}

impl<'a> Change<'a> {
    /// Understands a commit.
    pub(super) fn of(commit: &'a Commit, snapshot: &Snapshot) -> Self {
        let (level, summary) = understand(&commit.message);
        Self { commit, level, summary, is_release: is_release(commit, snapshot) }
    }

    /// Whether it counts for a package of which it changes these paths: a release commit of ours does not, and neither
    /// does one that only touches the package's changelog.
    pub(super) fn counts_for(&self, name: &PackageName, paths: &[RepoPath], config: &Config, facts: &Snapshot) -> bool {
        let package = facts.workspace.packages.iter().find(|package| package.name == *name);
        let settings = config.packages.get(name);
        let changelog =
            package.zip(settings).and_then(|(package, settings)| package.dir.resolve(&settings.changelog_path));
        let only_changelog = !paths.is_empty() && paths.iter().all(|path| Some(path) == changelog.as_ref());
        !self.is_release && !only_changelog
    }
}

/// Whether a commit is a release commit of ours: it has the trailer, and touches nothing but what releases touch. A
/// squash merge keeps the trailer of a commit in it, and is not one.
fn is_release(commit: &Commit, snapshot: &Snapshot) -> bool {
    let marked = commit.message.lines().any(|line| line.starts_with(TRAILER));
    let planned = |path: &RepoPath| {
        let file = path.as_str().rsplit('/').next().unwrap_or_default();
        file == "Cargo.toml" || file == "Cargo.lock" || snapshot.workspace.texts.contains_key(path)
    };
    marked && commit.all_paths.iter().all(planned)
}

/// The level that a message asks for, and what it says.
///
/// A breaking change asks for Breaking, `feat` for Feature; `ci`, `test`, `style` and `chore(release)` for nothing; all
/// else, unconventional subjects too, for Patch.
fn understand(message: &str) -> (Level, String) {
    let subject = message.lines().next().unwrap_or_default().trim();
    // The parser refuses a whole message whose body does not follow on a blank line, and with it the `!` in its subject.
    let parsed = Conventional::parse(message.trim()).or_else(|_whole| Conventional::parse(subject));
    let in_body = message
        .lines()
        .skip(1)
        .any(|line| line.starts_with("BREAKING CHANGE: ") || line.starts_with("BREAKING-CHANGE: "));
    let Ok(parsed) = parsed else {
        return (if in_body { Level::Breaking } else { Level::Patch }, subject.to_owned());
    };
    let kind = parsed.type_().as_str().to_lowercase();
    let scope = parsed.scope().map(|scope| scope.as_str());
    let level = if parsed.breaking() || in_body {
        Level::Breaking
    } else if kind == "feat" {
        Level::Feature
    } else if SILENT.contains(&kind.as_str()) || (kind == "chore" && scope == Some("release")) {
        Level::None
    } else {
        Level::Patch
    };
    (level, parsed.description().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: a message, and the level that it asks for.
    #[test]
    fn levels_of_messages() {
        let table = [
            ("feat: add `tap`", Level::Feature),
            ("Feat: add `tap`", Level::Feature),
            ("fix: no more drops", Level::Patch),
            ("feat!: drop `Old`", Level::Breaking),
            ("feat(core)!: drop `Old`", Level::Breaking),
            ("fix: a\n\nBREAKING CHANGE: b", Level::Breaking),
            ("feat!: a\nb without a blank line", Level::Breaking),
            ("fix: a\nBREAKING CHANGE: b", Level::Breaking),
            ("ci: faster", Level::None),
            ("test: more", Level::None),
            ("style: tabs", Level::None),
            ("chore(release): 1.2.0", Level::None),
            ("chore: tidy", Level::Patch),
            ("docs: say more", Level::Patch),
            ("tidy up", Level::Patch),
            ("Merge branch `x`", Level::Patch),
        ];
        for (message, level) in table {
            assert_eq!(understand(message).0, level, "{message}");
        }
    }
}

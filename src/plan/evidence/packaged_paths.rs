//! What of a commit a package ships: the paths that cargo would pack, by the manifest's `include` and `exclude`.
//!
//! Patterns are those of a gitignore file, as in cargo ("The `exclude` and `include` fields", the Cargo book).

use globset::GlobBuilder;
use globset::GlobMatcher;

use crate::manifest::Normal;
use crate::names::RepoPath;
use crate::snapshot::LastRelease;
use crate::snapshot::Package;
use crate::snapshot::Workspace;

/// What a package ships.
pub(crate) struct Shipped {
    dirs: Vec<RepoPath>,
    include: Option<IgnorePatterns>,
    exclude: IgnorePatterns,
    /// Files that cargo packs whatever `include` and `exclude` say.
    always: Vec<RepoPath>,
    changelogs: Vec<RepoPath>,
    notes: Option<RepoPath>,
    is_program: bool,
}

impl Shipped {
    /// By a package's manifest; at its last release it may have lain elsewhere.
    pub(crate) fn of(package: &Package, normal: &Normal, workspace: &Workspace, last: Option<&LastRelease>) -> Self {
        let former = last.and_then(|last| last.dir.clone()).filter(|dir| *dir != package.dir);
        let named = normal.named_files.iter().filter_map(|file| {
            let base = if file.inherited { &workspace.dir } else { &package.dir };
            base.resolve(&file.path)
        });
        Self {
            dirs: [package.dir.clone()].into_iter().chain(former).collect(),
            include: normal.include.as_deref().map(IgnorePatterns::of),
            exclude: IgnorePatterns::of(&normal.exclude),
            always: named.collect(),
            changelogs: Vec::new(),
            notes: None,
            is_program: package.is_program(),
        }
    }

    /// With the changelogs that tell of it, which a release writes itself.
    pub(crate) fn with_changelogs(self, changelogs: impl IntoIterator<Item = RepoPath>) -> Self {
        Self { changelogs: changelogs.into_iter().collect(), ..self }
    }

    /// With the directory of change notes, which a release consumes.
    pub(crate) fn with_notes(self, notes: Option<RepoPath>) -> Self {
        Self { notes, ..self }
    }

    /// Why a path that belongs to the package does not count; none where it does.
    pub(crate) fn why_not(&self, path: &RepoPath) -> Option<&'static str> {
        if self.changelogs.contains(path) {
            return Some("it only touches the changelog");
        }
        if self.notes.as_ref().is_some_and(|notes| path.is_in(notes)) {
            return Some("it only touches change notes");
        }
        if self.always.contains(path) {
            return None;
        }
        let below = self.dirs.iter().find_map(|dir| path.below(dir))?;
        if below == "Cargo.toml" {
            return None;
        }
        if below == "Cargo.lock" && !self.is_program {
            return Some("it only touches `Cargo.lock`, which is not used by dependents of a library");
        }
        if below == "release.toml" {
            return Some("it only touches release configuration");
        }
        if self.include.as_ref().is_some_and(|include| !include.matches(below)) {
            return Some("it only touches files outside `include`");
        }
        self.exclude.matches(below).then_some("it only touches files in `exclude`")
    }
}

/// Patterns as in a gitignore file: the last that matches decides, `!` takes back.
struct IgnorePatterns {
    all: Vec<(bool, Vec<GlobMatcher>)>,
}

impl IgnorePatterns {
    fn of(patterns: &[String]) -> Self {
        Self { all: patterns.iter().map(|pattern| one(pattern)).collect() }
    }

    fn matches(&self, path: &str) -> bool {
        let decides = self.all.iter().rev().find(|(_, globs)| globs.iter().any(|glob| glob.is_match(path)));
        decides.is_some_and(|(positive, _)| *positive)
    }
}

/// One pattern: itself, and everything below it where it is a directory. What cargo could not read matches nothing.
fn one(pattern: &str) -> (bool, Vec<GlobMatcher>) {
    let (positive, pattern) = pattern.strip_prefix('!').map_or((true, pattern), |rest| (false, rest));
    let body = pattern.trim_end_matches('/');
    let anchored = body.contains('/');
    let glob = if anchored { body.trim_start_matches('/').to_owned() } else { format!("**/{body}") };
    let itself = (body.len() == pattern.len()).then(|| glob.clone());
    let globs = itself.into_iter().chain([format!("{glob}/**")]);
    let built = globs.filter_map(|glob| GlobBuilder::new(&glob).literal_separator(true).build().ok());
    (positive, built.map(|glob| glob.compile_matcher()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: patterns, a path, and whether they match it, as git would say.
    #[test]
    fn patterns_are_those_of_a_gitignore() {
        let table: [(&[&str], &str, bool); 12] = [
            (&["/src"], "src/lib.rs", true),
            (&["src"], "a/src/lib.rs", true),
            (&["/src"], "a/src/lib.rs", false),
            (&["src/**/*.rs"], "src/a/b.rs", true),
            (&["src/*.rs"], "src/a/b.rs", false),
            (&["*.snap"], "tests/x/a.snap", true),
            (&["tests/"], "tests/a.rs", true),
            (&["tests/"], "tests", false),
            (&["*", "!keep"], "keep", false),
            (&["*", "!keep"], "other", true),
            (&["a/b"], "c/a/b", false),
            (&[], "src/lib.rs", false),
        ];
        for (patterns, path, expected) in table {
            let owned: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            assert_eq!(IgnorePatterns::of(&owned).matches(path), expected, "{patterns:?} {path}");
        }
    }
}

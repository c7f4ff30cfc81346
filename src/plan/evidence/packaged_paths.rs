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

    /// Whether files below a directory may be shipped, as far as `include` and `exclude` tell without knowing them.
    pub(crate) fn reaches_below(&self, dir: &RepoPath) -> bool {
        let Some(below) = self.dirs.iter().find_map(|own| dir.below(own)) else { return true };
        let includes = self.include.as_ref().is_none_or(|include| include.reaches_below(below));
        includes && !self.exclude.matches_directory(below)
    }
}

/// Patterns as in a gitignore file: the last that matches decides, `!` takes back.
struct IgnorePatterns {
    all: Vec<(bool, Vec<GlobMatcher>)>,
    texts: Vec<String>,
}

impl IgnorePatterns {
    fn of(patterns: &[String]) -> Self {
        Self { all: patterns.iter().map(|pattern| one(pattern)).collect(), texts: patterns.to_vec() }
    }

    /// Whether they match a directory, and so all that is in it.
    fn matches_directory(&self, dir: &str) -> bool {
        self.matches(dir) || self.matches(&format!("{dir}/x"))
    }

    /// Whether a pattern matches a directory, or names something in it. A plain name such as `LICENSE`, which is looked for
    /// at every depth, is not meant for a directory that nothing else names.
    fn reaches_below(&self, dir: &str) -> bool {
        let mut positive = self.texts.iter().filter(|pattern| !pattern.starts_with('!'));
        self.matches_directory(dir) || positive.any(|pattern| leads_into(pattern, dir))
    }

    fn matches(&self, path: &str) -> bool {
        let decides = self.all.iter().rev().find(|(_, globs)| globs.iter().any(|glob| glob.is_match(path)));
        decides.is_some_and(|(positive, _)| *positive)
    }
}

/// Whether a pattern can match a path below a directory without matching the directory.
fn leads_into(pattern: &str, dir: &str) -> bool {
    let pattern = pattern.trim_end_matches('/');
    if !pattern.contains('/') {
        return pattern.contains(['*', '?', '[']);
    }
    let mut parts = pattern.trim_start_matches('/').split('/');
    for name in dir.split('/') {
        let Some(part) = parts.next() else { return false };
        if part == "**" {
            return true;
        }
        if !GlobBuilder::new(part).build().is_ok_and(|glob| glob.compile_matcher().is_match(name)) {
            return false;
        }
    }
    parts.next().is_some()
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

    // Each row: patterns, and whether files below `vendor/lib` may match them.
    #[test]
    fn patterns_lead_into_directories() {
        let table: [(&[&str], bool); 13] = [
            (&["vendor"], true),
            (&["/vendor/lib/"], true),
            (&["vendor/lib/src/*.c"], true),
            (&["vendor/*/src"], true),
            (&["**/*.c"], true),
            (&["*.c"], true),
            (&["vendor", "!vendor/lib"], false),
            (&["src/**", "LICENSE", "/README.md"], false),
            (&["vendor/*.c"], false),
            (&["vendor/other/src"], false),
            (&["/lib"], false),
            (&["lib"], true),
            (&[], false),
        ];
        for (patterns, expected) in table {
            let owned: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            assert_eq!(IgnorePatterns::of(&owned).reaches_below("vendor/lib"), expected, "{patterns:?}");
        }
    }
}

//! Packages that moved, links that lead out of a package, and commits without changes that ask for a version.

use super::history::observed;
use super::history::package;
use super::*;
use crate::snapshot::History;

fn manifest(name: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n")
}

fn titles(history: &History, name: &str) -> Vec<String> {
    let of = |commit: &&crate::snapshot::Commit| commit.packages.contains_key(name);
    history.commits.iter().filter(of).map(|commit| commit.message.trim_end().to_owned()).collect()
}

/// What changed in a package while it lay somewhere in between counts; the moves themselves, and what came later to a place
/// that it had left, do not.
#[test]
fn moved_twice() {
    sealed(module_path!(), "moved_twice", |world| {
        world.write("one/Cargo.toml", &manifest("a")).write("one/x", "1\n").commit("start");
        world.git(&["tag", "a-v1.0.0"]);
        world.git(&["mv", "one", "two"]);
        world.commit("to two");
        world.write("two/x", "2\n").commit("fix: in two");
        world.git(&["mv", "two", "three"]);
        world.commit("to three");
        world.write("three/x", "3\n").commit("fix: in three");
        world.write("two/y", "other\n").write("one/y", "other\n").commit("fix: another thing in the old places");
        let history = observed(world, &[package("a", "three")], None).unwrap();
        assert_eq!(titles(&history, "a"), ["fix: in three", "fix: in two"]);
    });
}

/// A commit without changes that asks for a version is about the package in its scope, or the only one.
#[test]
fn versions_asked_for_by_empty_commits() {
    sealed(module_path!(), "versions_asked_for_by_empty_commits", |world| {
        world.write("a/x", "1\n").write("b/x", "1\n").commit("start");
        world.git(&["tag", "a-v1.0.0"]);
        world.git(&["tag", "b-v1.0.0"]);
        world.commit("chore(b): go on\n\nRelease-As: 2.0.0");
        world.commit("chore: nothing");
        world.commit("chore: go on\n\nRelease-As: 3.0.0");
        let both = observed(world, &[package("a", "a"), package("b", "b")], None).unwrap();
        assert_eq!(titles(&both, "a"), [""; 0]);
        assert_eq!(titles(&both, "b"), ["chore(b): go on\n\nRelease-As: 2.0.0"]);
        let one = observed(world, &[package("a", "a")], None).unwrap();
        assert_eq!(titles(&one, "a"), ["chore: go on\n\nRelease-As: 3.0.0"]);
    });
}

/// A licence that a package has as a link is one of its files: where it changes, the package does.
#[test]
#[cfg(unix)]
fn linked_files() {
    sealed(module_path!(), "linked_files", |world| {
        world.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"b\"]\n").write("LICENSE", "of 2025\n");
        world.package("a", "").package("b", "");
        std::os::unix::fs::symlink("../LICENSE", world.path("a/LICENSE")).unwrap();
        std::os::unix::fs::symlink("../nowhere", world.path("a/broken")).unwrap();
        world.commit("start");
        world.git(&["tag", "a-v0.1.0"]);
        world.git(&["tag", "b-v0.1.0"]);
        world.write("LICENSE", "of 2026\n").commit("docs: another year");
        let place = world.place();
        let config = defaults(place.workspace.packages.iter().map(|package| &package.name));
        let history = observe(&place, &config, &world.options()).unwrap().repository.history;
        assert_eq!(titles(&history, "a"), ["docs: another year"]);
        assert_eq!(titles(&history, "b"), [""; 0]);
    });
}

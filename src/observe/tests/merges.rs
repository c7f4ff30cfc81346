//! Merges, release commits, and shallow histories.

use super::history::observed;
use super::history::package;
use super::*;

fn packages() -> [crate::snapshot::Package; 2] {
    [package("a", "a"), package("b", "b")]
}

/// A world whose branch `side` and `main` change these files of `a`, about to be merged.
fn parted(world: &World, ours: &str, theirs: &str) {
    world.write("a/one", "1\n").write("a/two", "1\n").write("b/x", "1\n").commit("start");
    world.git(&["checkout", "--quiet", "-b", "side"]);
    world.write(theirs, "side\n").commit("side");
    world.git(&["checkout", "--quiet", "main"]);
    world.write(ours, "main\n").commit("main");
}

/// A merge of branches that changed different files of one package adds nothing to them.
#[test]
fn clean_merge_is_no_change() {
    sealed(module_path!(), "clean_merge_is_no_change", |world| {
        parted(world, "a/one", "a/two");
        world.git(&["merge", "--quiet", "--no-edit", "side"]);
        let history = observed(world, &packages(), None).unwrap();
        let messages: Vec<&str> = history.commits.iter().map(|commit| commit.message.trim_end()).collect();
        assert_eq!(messages, ["main", "side", "start"]);
    });
}

/// A merge counts for the package, and with the files, in which it is as neither of its parents.
#[test]
fn merge_that_decides_counts() {
    sealed(module_path!(), "merge_that_decides_counts", |world| {
        parted(world, "a/one", "a/two");
        world.git(&["merge", "--quiet", "--no-commit", "side"]);
        world.write("a/three", "evil\n").commit("merge side");
        let history = observed(world, &packages(), None).unwrap();
        let merge = &history.commits[0];
        assert_eq!((merge.message.trim_end(), merge.parents), ("merge side", 2));
        assert_eq!(merge.packages.len(), 1);
        assert_eq!(merge.packages["a"], ["a/three"]);
    });
}

/// Commits on a branch that was forked before a release and merged after it are not released by it.
#[test]
fn late_branch_is_unreleased() {
    sealed(module_path!(), "late_branch_is_unreleased", |world| {
        parted(world, "a/one", "a/two");
        world.git(&["tag", "a-v1.0.0"]);
        world.git(&["merge", "--quiet", "--no-edit", "side"]);
        let history = observed(world, &packages()[..1], None).unwrap();
        let messages: Vec<&str> = history.commits.iter().map(|commit| commit.message.trim_end()).collect();
        assert_eq!(messages, ["side"]);
    });
}

/// A release commit of ours is told with all paths that it changes, so that one that was squashed is known by them.
#[test]
fn release_commit_has_all_paths() {
    sealed(module_path!(), "release_commit_has_all_paths", |world| {
        world.write("a/one", "1\n").commit("start");
        world.write("a/one", "2\n").write("Cargo.lock", "").write("b/x", "2\n");
        world.commit("chore: Release\n\nRelease-Plan: 0123abcd");
        let history = observed(world, &packages()[..1], None).unwrap();
        assert_eq!(history.commits[0].all_paths, ["Cargo.lock", "a/one", "b/x"]);
        assert_eq!(history.commits[0].packages["a"], ["a/one"]);
        assert!(history.commits[1].all_paths.is_empty());
    });
}

/// A history that was cut off says so, and is read as far as it goes.
#[test]
fn shallow_clone_is_told() {
    sealed(module_path!(), "shallow_clone_is_told", |world| {
        world.write("a/one", "1\n").commit("start");
        world.write("a/one", "2\n").commit("then");
        let from = format!("file://{}", world.root().display());
        let to = world.dir.path().join("shallow");
        world.git(&["clone", "--quiet", "--depth=1", &from, to.to_str().unwrap()]);
        std::fs::remove_dir_all(world.root()).unwrap();
        std::fs::rename(&to, world.root()).unwrap();
        assert!(world.checkout().is_shallow());
        let history = observed(world, &packages()[..1], None).unwrap();
        assert_eq!(history.commits.len(), 1);
        assert_eq!(history.commits[0].parents, 0);
    });
}

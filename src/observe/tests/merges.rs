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

/// A merge that says that something breaks is told with the packages that it brought changes to; one that only says what is
/// new is not.
#[test]
fn merge_that_breaks_is_told() {
    for (title, told) in [("feat!: drop one", true), ("feat: add two", false)] {
        sealed(module_path!(), "merge_that_breaks_is_told", |world| {
            parted(world, "b/x", "a/two");
            let message = format!("Merge pull request #1 from x/side\n\n{title}");
            world.git(&["merge", "--quiet", "--no-ff", "-m", &message, "side"]);
            let history = observed(world, &packages(), None).unwrap();
            let merge = history.commits.iter().find(|commit| commit.parents == 2);
            let packages = merge.map(|merge| merge.packages.keys().map(|name| name.as_str()).collect::<Vec<_>>());
            assert_eq!(packages, told.then(|| vec!["a"]), "{title}");
        });
    }
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

/// Notes are those of the commit, whatever lies in the checkout; a commit is told with those that it wrote, by whatever name,
/// and a pre-release with what they said there.
#[test]
fn notes_are_those_of_the_commit() {
    sealed(module_path!(), "notes_are_those_of_the_commit", |world| {
        world.write("a/one", "1\n").write(".changes/README.md", "").commit("start");
        world.write("a/one", "2\n").write(".changes/old.md", "1\n").write(".changes/kept.md", "1\n").commit("both");
        world.git(&["tag", "a-v1.0.0-rc.1"]);
        world.write("a/one", "3\n").write(".changes/kept.md", "2\n");
        world.git(&["mv", ".changes/old.md", ".changes/new.md"]);
        world.commit("edit");
        world.write("a/one", "4\n").write(".changes/not-yet.md", "");
        let history = observed(world, &packages()[..1], None).unwrap();
        assert_eq!(history.commits[0].notes, [".changes/kept.md", ".changes/new.md"]);
        assert_eq!(history.commits.len(), 1);
        let texts = &history.texts[&history.last_releases["a"].commit];
        assert_eq!(texts.get(".changes/kept.md").map(String::as_str), Some("1\n"));
        world.git(&["tag", "--delete", "a-v1.0.0-rc.1"]);
        let history = observed(world, &packages()[..1], None).unwrap();
        assert_eq!(history.commits[1].notes, [".changes/kept.md", ".changes/new.md"], "another name, the same content");
        let (checkout, mut texts) = (world.checkout(), texts::RepoTexts::default());
        let head = checkout.head().unwrap().commit;
        let notes = notes::CommittedNotes::of(&checkout, head, Some(".changes".into())).unwrap();
        world.write(".changes/kept.md", "2\r\n").write(".changes/new.md", "changed\n");
        notes.read(&checkout, head, &mut texts).unwrap();
        let read: Vec<&str> = texts.texts.values().map(String::as_str).collect();
        assert_eq!(read, ["2\r\n", "1\n"], "line endings of a filter, and nothing else that is not committed");
    });
}

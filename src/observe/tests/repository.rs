//! Where the repository stands, and its remote.

use super::*;
use crate::error::Kind;
use crate::observe::repository::state;
use crate::snapshot::Relation;
use crate::snapshot::Remote;

fn remote(world: &World) -> Remote {
    let checkout = world.checkout();
    let head = checkout.head().unwrap();
    state::remote(&checkout, &head, &"origin".into(), false).unwrap().unwrap()
}

/// Each way of not being as in the head has its word; what is ignored is none.
#[test]
fn dirty_files_are_told() {
    sealed(module_path!(), "dirty_files_are_told", |world| {
        world.write(".gitignore", "target\n").write("a", "1").write("b", "1").write("c", "1").commit("start");
        world.write("a", "2").write("new dir/x y", "1").write("target/z", "1").write("staged", "1");
        world.git(&["add", "staged"]);
        std::fs::remove_file(world.path("b")).unwrap();
        let dirty = state::dirty(&world.root()).unwrap();
        let told: Vec<(&str, &str)> = dirty.iter().map(|file| (file.path.as_str(), file.how.as_str())).collect();
        assert_eq!(told, [("a", "modified"), ("b", "deleted"), ("staged", "staged"), ("new dir", "untracked")]);
    });
}

/// A merge that stopped at a conflict is in progress, and its file is conflicted.
#[test]
fn unfinished_merge_is_told() {
    sealed(module_path!(), "unfinished_merge_is_told", |world| {
        world.write("a", "1").commit("start");
        world.git(&["checkout", "--quiet", "-b", "side"]);
        world.write("a", "2").commit("side");
        world.git(&["checkout", "--quiet", "main"]);
        world.write("a", "3").commit("main");
        let merge = Command::new("git").args(["merge", "side"]).current_dir(world.root()).output().unwrap();
        assert!(!merge.status.success());
        assert_eq!(world.checkout().in_progress(), Some("merge"));
        assert_eq!(state::dirty(&world.root()).unwrap()[0].how, "conflicted");
    });
}

/// The remote branch is told as seen from here, its tags peeled, and nothing is fetched for it.
#[test]
fn remote_is_seen_from_here() {
    sealed(module_path!(), "remote_is_seen_from_here", |world| {
        let bare = world.dir.path().join("bare");
        let bare = bare.to_str().unwrap();
        world.git(&["init", "--quiet", "--bare", bare]);
        world.git(&["remote", "add", "origin", bare]);
        let start = world.write("a", "1").commit("start");
        assert_eq!(remote(world).relation, Relation::Absent);
        world.git(&["tag", "-a", "v1.0.0", "-m", "one"]);
        world.git(&["tag", "light"]);
        world.git(&["push", "--quiet", "origin", "main", "v1.0.0", "light"]);
        let seen = remote(world);
        assert_eq!(seen.relation, Relation::Same);
        assert_eq!(seen.tags.values().map(|id| id.as_str()).collect::<Vec<_>>(), [&start, &start]);
        let ahead = world.write("a", "2").commit("ahead");
        assert_eq!(remote(world).relation, Relation::Ahead(1));
        world.git(&["push", "--quiet", "origin", "main"]);
        world.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
        assert_eq!(remote(world).relation, Relation::Behind(1));
        world.write("a", "3").commit("apart");
        assert_eq!(remote(world).relation, Relation::Diverged(1, 1));
        let elsewhere = elsewhere(world, bare);
        assert_eq!(remote(world).relation, Relation::Elsewhere(elsewhere.as_str().into()));
        world.git(&["checkout", "--quiet", "--detach"]);
        assert!(matches!(remote(world).relation, Relation::Unknown(_)));
        assert_ne!(ahead, elsewhere);
    });
}

/// A commit on the remote's branch that this clone has never seen.
fn elsewhere(world: &World, bare: &str) -> String {
    let other = world.dir.path().join("other");
    world.git(&["clone", "--quiet", "--branch=main", bare, other.to_str().unwrap()]);
    let git = |arguments: &[&str]| Command::new("git").args(arguments).current_dir(&other).output().unwrap();
    assert!(git(&["commit", "--allow-empty", "-m", "far"]).status.success());
    assert!(git(&["push", "origin", "main"]).status.success());
    String::from_utf8(git(&["rev-parse", "HEAD"]).stdout).unwrap().trim().to_owned()
}

/// A remote that does not answer is a fact, and what it said keeps no password.
#[test]
fn silent_remote_is_unknown() {
    sealed(module_path!(), "silent_remote_is_unknown", |world| {
        world.write("a", "1").commit("start");
        let checkout = world.checkout();
        let head = checkout.head().unwrap();
        assert_eq!(state::remote(&checkout, &head, &"origin".into(), false).unwrap(), None);
        world.git(&["remote", "add", "origin", "http://ann:secret@127.0.0.1:1/x.git"]);
        let Relation::Unknown(said) = remote(world).relation else { panic!("it answered") };
        assert!(!said.is_empty() && !said.contains("secret"), "{said}");
        let offline = state::remote(&checkout, &head, &"origin".into(), true).unwrap().unwrap();
        assert_eq!(offline.relation, Relation::Unknown("skipped (--offline)".into()));
    });
}

/// Without a repository, without a checkout and without a commit nothing can be planned, and each says what to do.
#[test]
fn no_place_to_release_from() {
    sealed(module_path!(), "no_place_to_release_from", |world| {
        let refused = |path: &Path| Checkout::discover(path).and_then(|checkout| checkout.head()).unwrap_err();
        let bare = world.dir.path().join("bare");
        world.git(&["init", "--quiet", "--bare", bare.to_str().unwrap()]);
        for path in [world.dir.path(), &bare, &world.root()] {
            let failure = refused(path);
            assert_eq!(failure.kind(), Kind::Unplannable, "{failure}");
            assert!(!failure.helps().is_empty(), "{failure}");
        }
    });
}

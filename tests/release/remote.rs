//! Remotes that refuse, and people who are faster.

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

fn two() -> World {
    Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made()
}

/// A protected branch stops the release before anything is published, and it can be taken back whole.
#[test]
fn protected_branch_stops_before_publishing() {
    let world = two();
    let before = world.state();
    world.remote_hook("pre-receive", "echo this branch is protected >&2\nexit 1\n");
    world.release("-x --no-confirm").ends(4).says("this branch is protected");
    assert_eq!(world.uploads("box"), 0);
    world.release("abort").ends_well();
    assert_eq!(world.state(), before);
}

/// Once the protection is gone, the same release goes on.
#[test]
fn protection_that_is_lifted_lets_it_go_on() {
    let world = two();
    world.remote_hook("pre-receive", "exit 1\n");
    world.release("-x --no-confirm").ends(4);
    world.without_remote_hook("pre-receive");
    world.release("resume --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
}

/// A tag of that name that appears while the release is under way is not moved, here or there.
#[test]
fn tag_taken_by_somebody_is_not_moved() {
    let world = two();
    world.release("-x --no-confirm --until verify").ends_well();
    world.git(&["tag", "base-v0.1.0", "HEAD"]);
    let taken = world.git(&["rev-parse", "base-v0.1.0"]);
    world.release("resume --no-confirm").ends(4).says("the tag `base-v0.1.0` points to another commit");
    assert_eq!((world.git(&["rev-parse", "base-v0.1.0"]), world.uploads("box")), (taken, 0));
}

/// Somebody pushes first: nothing is published, and taken back, the user's branch is as it was.
#[test]
fn lost_race_stops_before_publishing() {
    let world = two();
    let before = world.state();
    world.release("-x --no-confirm --until tag").ends_well();
    let theirs = world.git(&["commit-tree", "-p", "main~1", "-m", "faster", "main~1^{tree}"]);
    world.git(&["push", "--quiet", "origin", &format!("{theirs}:refs/heads/main")]);
    world.git(&["update-ref", "refs/remotes/origin/main", "main~1"]);
    world.release("resume --no-confirm").ends(4).says("has moved since the plan was made");
    assert_eq!(world.uploads("box"), 0);
    world.release("abort").ends_well();
    assert_eq!((world.state().refs, world.state().head), (before.refs, before.head));
}

/// Tags that the remote refuses are pushed by a later run; what is live stays live.
#[test]
fn refused_tags_are_pushed_later() {
    let world = two();
    world.remote_hook("update", "case \"$1\" in refs/tags/*) exit 1;; esac\n");
    world.release("-x --no-confirm").ends(4);
    assert_eq!((world.published("box").len(), world.uploads("box")), (2, 2));
    world.without_remote_hook("update");
    world.release("status").ends(3).says("`abort` ends it and lists what is published");
    world.release("resume --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
    assert_eq!(world.uploads("box"), 2);
}

/// Taken back when the branch is on the remote already, the commit stays for its owner to revert, and only the tags go.
#[test]
fn pushed_branch_is_not_hidden() {
    let world = two();
    world.release("-x --no-confirm --until reserve").ends_well();
    let pushed = world.state();
    world.release("abort").ends_well().says("git revert");
    let now = world.state();
    assert_eq!((&now.head, &now.remote), (&pushed.head, &pushed.remote));
    assert_eq!(world.git(&["tag"]), "");
}

/// Ended when something is live already: nothing is changed, and it is said what is live and how to go on.
#[test]
fn release_with_live_versions_is_closed() {
    let world = two();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "not your crate")).on("left")));
    world.release("-x --no-confirm").ends(4);
    let before = world.state();
    let run = world
        .release("abort")
        .ends_well()
        .says("published: base 0.1.0 on box")
        .says("not published: left 0.1.0 on box");
    let run = run.says("to release the rest, run `cargo release`").says("run `git push origin base-v0.1.0`");
    run.says("cargo release yank base@0.1.0 --registry box -x");
    let now = world.state();
    assert_eq!((now.refs, now.remote, now.head, now.worktrees), (before.refs, before.remote, before.head, 0));
    world.release("status").ends_well().says("no release is in progress here");
    world.git(&["push", "origin", "base-v0.1.0"]);
    world.release("yank base@0.1.0 --registry box -x --no-confirm").ends_well();
}

/// A refusal of the first upload leaves nothing live, so the release is taken back; what was pushed is said.
#[test]
fn refused_first_upload_is_taken_back() {
    let world = two();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "authentication failed"))));
    world.release("-x --no-confirm").ends(4);
    world.release("abort").ends_well().says("nothing was published").says("git revert");
    assert_eq!((world.git(&["tag"]).as_str(), world.state().worktrees), ("", 0));
}

/// What cannot be put back is noticed before anything is taken back.
#[test]
fn local_changes_are_noticed_first() {
    let world = two();
    world.release("-x --no-confirm --until tag").ends_well();
    let manifest = world.read("base/Cargo.toml");
    world.write("base/CHANGELOG.md", "scribbled\n");
    let before = world.state();
    world.release("abort").ends(4).says("local changes are in the way").says("git stash");
    assert_eq!((world.state(), world.read("base/Cargo.toml")), (before, manifest));
    world.git(&["checkout", "base/CHANGELOG.md"]);
    world.release("abort").ends_well();
}

/// Commits on top of the release commit stay, and so does what they stand on.
#[test]
fn commits_on_top_stay() {
    let world = two();
    world.release("-x --no-confirm --until tag").ends_well();
    let tip = world.commit("fix: on top");
    world.release("abort").ends_well().says("has other commits on top of it");
    assert_eq!((world.git(&["rev-parse", "main"]), world.git(&["tag"])), (tip, String::new()));
    world.release("status").ends_well();
}

/// A remote that took the push and died before it said so is looked at.
#[test]
fn remote_that_died_is_looked_at() {
    let world = two();
    world.remote_hook("post-update", "kill -9 $PPID\n");
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
}

/// A journal that cannot be read is put aside, and that ends the release.
#[test]
fn broken_journal_has_a_way_out() {
    let world = two();
    world.release("-x --no-confirm --until tag").ends_well();
    let path = world.checkout().join(".git/cargo-release/root/journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap().replacen("\"record\":\"begun\"", "\"record\":\"bogus\"", 1);
    std::fs::write(&path, text).unwrap();
    for verb in ["status", "resume"] {
        world.release(verb).says("cannot read the journal").says("`cargo release abort` puts it aside");
    }
    world.release("abort").ends_well().says("could not be read and was moved");
    world.release("status").ends_well();
    assert_eq!(world.state().worktrees, 0);
}

/// What somebody undid between stop and resume is not done again behind their back: both ways out are named, and work.
#[test]
fn undone_meanwhile_is_asked_about() {
    type Undo = fn(&World);
    let table: [(&str, Undo, Undo); 2] = [
        (
            "tag",
            |world| drop(world.git(&["tag", "--delete", "base-v0.1.0"])),
            |world| drop(world.git(&["tag", "base-v0.1.0", "main"])),
        ),
        (
            "tag",
            |world| drop(world.git(&["reset", "--quiet", "--hard", "main~1"])),
            |world| drop(world.git(&["reset", "--quiet", "--hard", "left-v0.1.0"])),
        ),
    ];
    for (until, undo, redo) in table {
        let stopped = || {
            let world = two();
            world.release(&format!("-x --no-confirm --until {until}")).ends_well();
            undo(&world);
            world.release("resume --no-confirm").ends(4).says("cargo release abort");
            assert_eq!(world.uploads("box"), 0);
            world
        };
        let world = stopped();
        redo(&world);
        world.release("resume --no-confirm").ends_well();
        world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
        let world = stopped();
        world.release("abort").ends_well();
        world.is_at_rest();
        assert_eq!(world.git(&["tag"]), "");
    }
}

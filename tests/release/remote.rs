//! Remotes that refuse, and people who are faster.

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
    let status = world.release("status").ends(3).says("only carried to its end");
    assert!(!status.stderr.contains("release abort"), "{}", status.stderr);
    world.release("abort").ends(1).says("an upload was begun");
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

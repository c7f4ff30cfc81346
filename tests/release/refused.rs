//! Refusals before anything outside the stage is touched: nothing is left behind.

use crate::support::Member;
use crate::support::Workspace;
use crate::support::script_at;

/// A hook that fails stops the release, and what it had made is gone.
#[test]
fn failing_hook_leaves_nothing() {
    let config = "pre-release-hook = [\"./prepare\"]\n";
    let world = Workspace::of([Member::new("base")]).file("base/release.toml", config).made();
    script_at(&world.checkout().join("base/prepare"), "echo made > made.txt\necho spilt the milk >&2\nexit 7\n");
    world.commit("chore: a hook");
    let before = world.state();
    world.release("-x --no-confirm").ends(1).says("spilt the milk");
    assert_eq!(world.state(), before);
}

/// A package that does not build from the release commit is not released, and nor is any other.
#[test]
fn package_that_does_not_build_stops_all() {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made();
    world.change("feat(left): in a hurry", "left/src/lib.rs", "pub fn left() -> u8 { base::missing() }\n");
    let before = world.state();
    let run = world.release("-x --no-confirm").ends(1).says("the packages do not verify");
    run.says("cargo was at: Verifying left v0.1.0\n");
    assert_eq!(world.state(), before);
}

/// Files that are not committed stand in the way, and are still there afterwards.
#[test]
fn dirty_tree_stops_before_the_start() {
    let world = Workspace::of([Member::new("base")]).made();
    world.write("base/src/lib.rs", "//! Half a thought.\n");
    let before = world.state();
    world.release("-x --no-confirm").ends(1).says("dirty-tree");
    assert_eq!(world.state(), before);
}

/// A tag that somebody pushed, unseen here, stands in the way.
#[test]
fn tag_on_the_remote_stops_before_the_start() {
    let world = Workspace::of([Member::new("base")]).made();
    world.remote(&["tag", "base-v0.1.0", "main"]);
    world.release("-x --no-confirm").ends(1).says("tag-exists");
    assert_eq!(world.uploads("box"), 0);
}

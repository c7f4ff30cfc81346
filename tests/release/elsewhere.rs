//! A release that is finished on another machine than the one that began it.

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

/// A runner that died after the first of two uploads; what is left is the remote and the registry.
fn dead_runner() -> World {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "not now")).on("left")));
    world.release("-x --no-confirm").ends(4);
    world.is_mended();
    is_another_clone(&world);
    world
}

/// The checkout is gone with all that it knew, and a new clone is in its place.
fn is_another_clone(world: &World) {
    let commit = world.git(&["rev-parse", "main"]);
    std::fs::remove_dir_all(world.checkout()).unwrap();
    let clone = ["clone", "--quiet", "remote.git", "checkout"];
    let cloned = world.command("git", &world.path("")).args(clone).status().unwrap();
    assert!(cloned.success());
    assert_eq!((world.git(&["rev-parse", "main"]), world.git(&["tag"])), (commit, String::new()));
}

/// A runner that was killed when the branch was pushed and nothing uploaded is finished by a plain release in another clone.
#[test]
fn killed_after_the_branch_was_pushed() {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made();
    world.release("-x --no-confirm --until reserve").ends_well();
    is_another_clone(&world);
    world.release("-x --no-confirm").ends_well();
    assert_eq!((world.published("box").len(), world.uploads("box")), (2, 2));
    assert_eq!(world.remote(&["tag"]), "base-v0.1.0\nleft-v0.1.0");
    assert_eq!(world.remote(&["rev-parse", "left-v0.1.0^{commit}"]), world.git(&["rev-parse", "main"]));
    world.is_at_rest();
}

fn is_finished(world: &World) {
    assert_eq!(world.published("box"), ["base 0.1.0", "left 0.1.0"]);
    assert_eq!(world.uploads("box"), 3);
    assert_eq!(world.remote(&["tag"]), "base-v0.1.0\nleft-v0.1.0");
    let tagged = |tag: &str| world.remote(&["rev-parse", &format!("{tag}^{{commit}}")]);
    assert_eq!(
        (tagged("base-v0.1.0"), tagged("left-v0.1.0")),
        (world.git(&["rev-parse", "main"]), tagged("base-v0.1.0"))
    );
    world.is_at_rest();
}

/// A plain release in a fresh clone finishes it, tags included, and bumps nothing.
#[test]
fn plain_release_in_a_fresh_clone() {
    let world = dead_runner();
    world.release("-x --no-confirm").ends_well();
    is_finished(&world);
    world.release("-x --no-confirm").ends_well();
    assert_eq!(world.uploads("box"), 3);
}

/// Named by its commit, it is finished also where others have gone on since.
#[test]
fn finished_by_its_commit() {
    let world = dead_runner();
    let commit = world.git(&["rev-parse", "main"]);
    let run = world.release(&format!("resume --from {commit}~1")).ends(2);
    run.says("is not a release commit");
    world.change("docs: a readme", "README.md", "Read me.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.release(&format!("resume --from {commit} --no-confirm")).ends_well();
    world.git(&["reset", "--quiet", "--hard", &commit]);
    is_finished(&world);
}

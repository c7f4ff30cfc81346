//! How a release is asked for: stopped and resumed, from a file, with a no at the prompt.

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

fn two() -> World {
    Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made()
}

/// `--no-publish` does everything here and on the remote, and brings nothing to a registry.
#[test]
fn nothing_is_published_where_it_is_not_wanted() {
    let world = two();
    world.release("-x --no-confirm --no-publish").ends_well();
    world.is_at_rest().is_on_the_remote();
    assert_eq!((world.published("box").len(), world.git(&["tag"]).as_str()), (0, "base-v0.1.0\nleft-v0.1.0"));
}

/// `--no-push` leaves the remote as it was.
#[test]
fn nothing_is_pushed_where_it_is_not_wanted() {
    let world = two();
    let before = world.state();
    world.release("-x --no-confirm --no-push").ends_well();
    world.is_at_rest();
    assert_eq!(world.state().remote, before.remote);
    assert_eq!(world.published("box"), ["base 0.1.0", "left 0.1.0"]);
}

/// With `push-branch = "after"` the branch goes with the tags, when everything is live.
#[test]
fn branch_goes_last_where_it_is_wanted() {
    let world = Workspace::of([Member::new("base")]).configured("[remote]\npush-branch = \"after\"\n").made();
    let plan = world.release("plan --format json").ends_well().json();
    let kinds = plan["steps"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap());
    assert!(!kinds.collect::<Vec<_>>().contains(&"reserve"));
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
}

/// Stopped after a step, the release is open; everything up to there is done and nothing more; `resume` ends it.
#[test]
fn stops_where_it_is_told_and_goes_on() {
    for (until, tags, pushed) in [("stage", 0, false), ("verify", 0, false), ("tag", 2, false), ("reserve", 2, true)] {
        let world = two();
        let before = world.state();
        world.release(&format!("-x --no-confirm --until {until}")).ends_well();
        let now = world.state();
        assert_eq!(now.refs.matches("refs/tags/").count(), tags, "tags after {until}");
        assert_eq!(now.remote != before.remote, pushed, "the remote after {until}");
        assert_eq!(now.uploads["box"], 0);
        world.release("").ends(3).says("a release is in progress here");
        world.release("resume --no-confirm").ends_well();
        world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
    }
}

/// A no, or nobody there to answer, leaves everything as it was.
#[test]
fn no_is_a_no() {
    let world = two();
    let before = world.state();
    world.release_typing("-x", "").ends(1).says("there is no terminal");
    assert_eq!(world.state(), before);
    for typed in ["n\n", "perhaps\n"] {
        world.release_typing("-x", typed).ends(1).says("you answered no");
        assert_eq!(world.state(), before, "after {typed:?}");
    }
    world.release_typing("-x", "y\n").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
}

/// A plan that was kept is carried out, that plan and no other.
#[test]
fn plan_from_a_file_is_carried_out() {
    let world = two();
    let kept = world.path("plan.json").display().to_string();
    let plan = world.release("plan --format json").ends_well();
    std::fs::write(&kept, &plan.stdout).unwrap();
    let id = plan.json()["id"].as_str().unwrap().to_owned();
    world.release(&format!("-x --no-confirm --plan {kept} --expect-plan {id}")).ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
    world.release(&format!("-x --no-confirm --plan {kept}")).ends(4).says("plan again");
}

/// A plan that was changed, or another than the expected one, is not carried out.
#[test]
fn another_plan_is_refused() {
    let world = two();
    let before = world.state();
    let kept = world.path("plan.json").display().to_string();
    let plan = world.release("plan --format json").ends_well().stdout.replace("\"0.1.0\"", "\"6.6.6\"");
    std::fs::write(&kept, plan).unwrap();
    world.release(&format!("-x --no-confirm --plan {kept}")).ends(2).says("was edited");
    world.release("-x --no-confirm --expect-plan 0123456789abcdef").ends(4).says("was expected");
    assert_eq!(world.state(), before);
}

/// `check` verifies, and leaves everything as it was.
#[test]
fn check_leaves_nothing() {
    let world = two();
    let before = world.state();
    let checked = world.release("check --format json").ends_well().json();
    assert_eq!(checked["verified"].as_array().unwrap().len(), 2);
    assert_eq!(world.state(), before);
}

/// Taken back after the tags, everything is as it was.
#[test]
fn abort_gives_back_the_beginning() {
    let world = two();
    let before = world.state();
    world.release("-x --no-confirm --until tag").ends_well();
    world.release("status").ends(3).says("run `cargo release abort` to undo it");
    world.release("abort").ends_well();
    assert_eq!(world.state(), before);
    world.release("abort").ends(2).says("no release is in progress here");
    world.release("resume").ends(2).says("no release is in progress here");
}

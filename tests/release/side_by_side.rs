//! Packages that do not need each other are uploaded and waited for at the same time.

use std::time::Duration;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;
use serde_json::Value;

use crate::support::Member;
use crate::support::Workspace;

/// The second upload begins before the index shows the first; what needs both begins after it shows both.
#[test]
fn uploads_wait_for_what_they_need_and_for_nothing_else() {
    let members = [Member::new("alpha"), Member::new("other"), Member::new("tops").needs(&["alpha", "other"])];
    let world = Workspace::of(members).made();
    let late = Duration::from_millis(700);
    let faults = Faults::none().with(Fault::ShownAfter(late).on("alpha")).with(Fault::ShownAfter(late).on("other"));
    world.goes_wrong(faults);
    let run = world.release("-x --no-confirm --format json").ends_well();
    let events: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let at = |event: &str, step: &str| {
        let found = events.iter().position(|told| told["event"] == event && told["step"] == step);
        found.unwrap_or_else(|| panic!("{event} {step} is not told: {events:?}"))
    };
    assert!(at("started", "publish other") < at("done", "publish alpha"));
    assert!(at("started", "publish alpha") < at("done", "publish other"));
    assert!(at("started", "publish tops") > at("done", "confirm alpha").max(at("done", "confirm other")));
    world.has_released(&["alpha 0.1.0 in box", "other 0.1.0 in box", "tops 0.1.0 in box"]);
}

/// With `--keep-going` a refused package stops only those that need it; `resume` brings the rest.
#[test]
fn keep_going_stops_only_what_needs_the_failed() {
    let members = [
        Member::new("faulty"),
        Member::new("good"),
        Member::new("heir").needs(&["faulty"]),
        Member::new("tops").needs(&["good"]),
    ];
    let world = Workspace::of(members).made();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "not your crate")).on("faulty")));
    world.release("-x --no-confirm --keep-going").ends(4).says("not your crate").says("cargo release resume");
    assert_eq!(world.published("box"), ["good 0.1.0", "tops 0.1.0"]);
    world.is_mended().release("resume --no-confirm").ends_well();
    world.has_released(&["faulty 0.1.0 in box", "good 0.1.0 in box", "heir 0.1.0 in box", "tops 0.1.0 in box"]);
    assert_eq!(world.uploads("box"), 5);
}

/// Without it nothing more begins: what needs the refused package is not uploaded, and nothing is pushed.
#[test]
fn refusal_stops_the_release() {
    let members = [Member::new("faulty"), Member::new("good"), Member::new("heir").needs(&["faulty"])];
    let world = Workspace::of(members).made();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "not your crate")).on("faulty")));
    world.release("-x --no-confirm").ends(4).says("not your crate");
    assert!(!world.published("box").contains(&"heir 0.1.0".to_owned()));
    assert_eq!(world.remote(&["tag"]), "");
    world.is_mended().release("resume --no-confirm").ends_well();
    world.has_released(&["faulty 0.1.0 in box", "good 0.1.0 in box", "heir 0.1.0 in box"]);
}

/// What `check` has built is packed by the release after it, and not built again; other sources and other
/// settings of the compiler are.
#[test]
fn check_and_release_build_once() {
    let world = Workspace::of([Member::new("base")]).made();
    world.release("check").ends_well();
    let compiled = "built before from the same sources";
    let until = "-x --no-confirm --until verify --format json";
    world.release(until).ends_well().says(compiled);
    world.release("abort").ends_well();
    let otherwise = [("CARGO_PROFILE_DEV_OPT_LEVEL", "1")];
    let run = world.release_with(until, &otherwise).ends_well();
    assert!(!run.stdout.contains(compiled), "the compiler is told something else");
    world.release("abort").ends_well();
    world.change("fix(base): say more", "base/src/lib.rs", "//! More.\n");
    let run = world.release("-x --no-confirm --format json").ends_well();
    assert!(!run.stdout.contains(compiled));
    world.has_released(&["base 0.1.0 in box"]);
}

//! Registries that answer late, wrong, or not at all.

use std::time::Duration;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;

use crate::support::Asked;
use crate::support::Break;
use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

const BOTH: [&str; 2] = ["base 0.1.0 in box", "left 0.1.0 in box"];

fn two() -> World {
    Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made()
}

/// An index that is late is waited for, and said so.
#[test]
fn late_index_is_waited_for() {
    let world = two();
    world.goes_wrong(Faults::none().with(Fault::ShownAfter(Duration::from_millis(700)).on("base")));
    world.release("-x --no-confirm").ends_well();
    world.has_released(&BOTH);
    assert_eq!(world.uploads("box"), 2);
}

/// While the index is late it is asked politely: a few times a second at the most, and only for what has changed.
#[test]
fn late_index_is_asked_for_changes_alone() {
    let world = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
    let proxy = world.proxy();
    world.release("-x --no-confirm").ends_well();
    world.change("fix(base): steep longer", "base/src/lib.rs", "//! Longer.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.goes_wrong(Faults::none().with(Fault::ShownAfter(Duration::from_secs(6)).on("base")));
    let before = proxy.exchanges().len();
    world.release("-x --no-confirm").ends_well();
    let asked = proxy.exchanges().split_off(before);
    let uploaded = asked.iter().position(|asked| asked.path == "/api/v1/crates/new").unwrap();
    let polls = asked[uploaded..].iter().filter(|asked| asked.path == "/index/ba/se/base");
    let (same, sent): (Vec<_>, Vec<_>) = polls.partition(|asked| asked.status == "304");
    // Six seconds, and a quarter of a second between two looks, or a quarter less of that.
    assert!((3..=32).contains(&same.len()) && sent.len() == 1, "{same:?} {sent:?}");
}

/// The answer is lost, the upload was stored: it is found there, and nothing is uploaded twice.
#[test]
fn lost_answer_is_no_refusal() {
    let world = two();
    world.goes_wrong(Faults::none().with(Fault::StoreThenDrop.on("base").times(1)));
    world.release("-x --no-confirm").ends_well();
    world.has_released(&BOTH);
    assert_eq!(world.uploads("box"), 2);
}

/// A refused upload stops the release, which goes on once the reason is gone; what was live is passed over.
#[test]
fn refused_upload_can_be_resumed() {
    let world = two();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "not your crate")).on("left")));
    let run = world.release("-x --no-confirm").ends(4).says("`box` refused left 0.1.0");
    run.says("not your crate").says("cargo release resume").says("cargo release abort");
    assert_eq!(world.published("box"), ["base 0.1.0"]);
    world.is_mended().release("resume --no-confirm").ends_well();
    world.has_released(&BOTH);
    assert_eq!(world.uploads("box"), 3);
}

/// A version that somebody else published meanwhile is a conflict; nothing is uploaded over it.
#[test]
fn somebody_elses_version_is_a_conflict() {
    let world = two();
    world.release("-x --no-confirm --until reserve").ends_well();
    world.somebody_publishes("left", "0.1.0");
    world.release("resume --no-confirm").ends(4).says("is not what was verified");
    assert_eq!(world.published("box"), ["base 0.1.0", "left 0.1.0"]);
    assert_eq!(world.uploads("box"), 2);
}

/// An edge that hides again what it showed is waited for: what was seen is neither gone nor sent again.
#[test]
fn stale_edge_is_a_wait() {
    let world = two();
    let proxy = world.proxy();
    world.goes_wrong(Faults::none().with(Fault::Refuse(Refusal::new(403, "not now")).on("left")));
    world.release("-x --no-confirm").ends(4);
    world.is_mended();
    proxy.breaks(Asked::IndexFile, Break::Stale, 9);
    world.release("resume --no-confirm").ends_well();
    world.has_released(&BOTH);
    assert_eq!((world.uploads("box"), proxy.broken()), (3, 9));
}

/// A version that the index never shows is no success: the wait runs out, and a later run looks again.
#[test]
fn wait_that_runs_out_can_be_resumed() {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]);
    let world = world.configured("[confirm]\ntimeout = 1\n").made();
    world.cargo_does_not_wait();
    world.goes_wrong(Faults::none().with(Fault::NeverShown.on("base")));
    world.release("-x --no-confirm").ends(3).says("timed out after 1 s waiting for base 0.1.0 on `box`");
    assert_eq!(world.published("box"), ["base 0.1.0"]);
    world.is_mended().release("resume --no-confirm").ends_well();
    world.has_released(&BOTH);
    assert_eq!(world.uploads("box"), 2);
}

/// An index that lists another checksum than the verified one stops everything.
#[test]
fn wrong_checksum_in_the_index_is_a_conflict() {
    let world = two();
    world.goes_wrong(Faults::none().with(Fault::WrongChecksum.on("base")));
    world.release("-x --no-confirm").ends(4).says("is not what was verified");
    assert_eq!(world.published("box"), ["base 0.1.0"]);
}

/// A registry that does not answer while it is planned is no registry without the package.
#[test]
fn silent_index_stops_before_the_start() {
    let world = two();
    let before = world.state();
    world.goes_wrong(Faults::none().with(Fault::IndexRefused(503)));
    world.release("-x --no-confirm").ends(1).says("registry-unknown");
    assert_eq!(world.state(), before);
}

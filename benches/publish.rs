//! How long a release takes beside `cargo publish --workspace`, both from the same sources to a registry on the same
//! machine: `cargo bench --bench publish`. The registry does all at once, shows an upload in its
//! index two seconds later, or takes a while to answer one.
//!
//! Ours decides, commits aside, verifies, tags, pushes, publishes, and confirms every version; cargo verifies and
//! publishes.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "it is a script, and shares the world of the stories"
)]

use std::collections::BTreeMap;
use std::time::Duration;
use std::time::Instant;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use serde_json::Value;

#[path = "../tests/support/mod.rs"]
mod support;

use support::Member;
use support::Workspace;
use support::World;

/// How fast a registry is.
#[derive(Clone, Copy)]
struct Pace {
    name: &'static str,
    /// How long it takes to answer an upload.
    answers: Duration,
    /// How long after that its index shows it.
    shows: Duration,
}

/// One that does everything at once, one with a late index, and one that works on an upload before it answers, as servers
/// that keep archives elsewhere do.
const PACES: [Pace; 3] = [
    Pace { name: "at once", answers: Duration::ZERO, shows: Duration::ZERO },
    Pace { name: "shown after 2 s", answers: Duration::ZERO, shows: Duration::from_secs(2) },
    Pace { name: "answered after 0.7 s", answers: Duration::from_millis(700), shows: Duration::ZERO },
];

fn main() {
    for (levels, width) in [(1, 5), (5, 8)] {
        for pace in PACES {
            let (ours, cargo) = (seconds(levels, width, pace, ours), seconds(levels, width, pace, cargo));
            let (count, ratio, name) = (levels * width, ours / cargo, pace.name);
            println!("{count} packages in {levels} levels, {name}: {ours:.1} s, cargo {cargo:.1} s, {ratio:.2} x");
        }
    }
}

/// Runs a release of so many levels of so many packages, each of which needs one of the level below.
fn seconds(levels: usize, width: usize, pace: Pace, release: fn(&World)) -> f64 {
    let name = |level: usize, at: usize| -> &'static str { format!("unit-{level}-{at}").leak() };
    let places = (0..levels).flat_map(|level| (0..width).map(move |at| (level, at)));
    let members = places.map(|(level, at)| match level {
        0 => Member::new(name(0, at)),
        level => Member::new(name(level, at)).needs(&[name(level - 1, at)]),
    });
    let world = Workspace::of(members).made();
    let slow = [(pace.shows, Fault::ShownAfter(pace.shows)), (pace.answers, Fault::SlowUpload(pace.answers))];
    let slow = slow.into_iter().filter(|(by, _)| !by.is_zero());
    world.goes_wrong(slow.fold(Faults::none(), |faults, (_, fault)| faults.with(fault)));
    let begun = Instant::now();
    release(&world);
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(world.published("box").len(), levels * width);
    took
}

/// Prints how long the steps of each kind took; those that run side by side are added up.
fn ours(world: &World) {
    let run = world.release("-x --no-confirm --format json").ends_well();
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for line in run.stdout.lines() {
        let event: Value = serde_json::from_str(line).expect("an event");
        if let (Some(kind), Some(took)) = (event["kind"].as_str(), event["milliseconds"].as_u64()) {
            *kinds.entry(kind.to_owned()).or_default() += took;
        }
    }
    let parts: Vec<String> = kinds.iter().map(|(kind, took)| format!("{kind} {took} ms")).collect();
    println!("  {}", parts.join(", "));
}

fn cargo(world: &World) {
    let output = world.command("cargo", &world.checkout()).args(["publish", "--workspace"]).output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

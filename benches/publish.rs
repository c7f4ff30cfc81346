//! How long a release takes beside `cargo publish --workspace`, both from the same sources to a registry on the same
//! machine: `cargo bench --bench publish`. The index shows an upload at once, or two seconds after it.
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

/// How late a late index is.
const LATE: Duration = Duration::from_secs(2);

fn main() {
    for (levels, width) in [(1, 5), (5, 8)] {
        for late in [Duration::ZERO, LATE] {
            let (ours, cargo) = (seconds(levels, width, late, ours), seconds(levels, width, late, cargo));
            let count = levels * width;
            let ratio = ours / cargo;
            println!(
                "{count} packages in {levels} levels, index {late:?} late: {ours:.1} s, cargo {cargo:.1} s, {ratio:.2} x"
            );
        }
    }
}

/// Runs a release of so many levels of so many packages, each of which needs one of the level below.
fn seconds(levels: usize, width: usize, late: Duration, release: fn(&World)) -> f64 {
    let name = |level: usize, at: usize| -> &'static str { format!("unit-{level}-{at}").leak() };
    let places = (0..levels).flat_map(|level| (0..width).map(move |at| (level, at)));
    let members = places.map(|(level, at)| match level {
        0 => Member::new(name(0, at)),
        level => Member::new(name(level, at)).needs(&[name(level - 1, at)]),
    });
    let world = Workspace::of(members).made();
    if !late.is_zero() {
        world.goes_wrong(Faults::none().with(Fault::ShownAfter(late)));
    }
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

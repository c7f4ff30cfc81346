//! How long a release takes beside `cargo publish --workspace`, both from the same sources to a registry on the same
//! machine: `cargo bench --bench publish`. The registry does all at once, shows an upload in its
//! index two seconds later, or takes a while to answer one. `cargo bench --bench publish -- 40 late` measures those whose
//! line has these words, three times each, and prints the medians.
//!
//! Ours decides, commits aside, verifies, tags, pushes, publishes, and confirms every version; cargo verifies and
//! publishes. The last line is about plans: how many round trips the index takes for one package and for 64, each answered
//! after 50 ms.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "it is a script, and shares the world of the stories"
)]

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Stdio;
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
    Pace { name: "index 2 s late", answers: Duration::ZERO, shows: Duration::from_secs(2) },
    Pace { name: "answered after 0.7 s", answers: Duration::from_millis(700), shows: Duration::ZERO },
];

/// How often each is measured.
const RUNS: usize = 3;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |line: &str| words.iter().all(|word| line.contains(word.as_str()));
    for (levels, width) in [(1, 5), (5, 8)] {
        for pace in PACES {
            let line = format!("{} packages in {levels} levels, {}", levels * width, pace.name);
            if is_wanted(&line) {
                let (ours, cargo) =
                    (median(|| seconds(levels, width, pace, ours)), median(|| seconds(levels, width, pace, cargo)));
                println!("{line}: {ours:.1} s, cargo {cargo:.1} s, {:.2} x", ours / cargo);
            }
        }
    }
    if is_wanted("reads of the index") {
        let (one, many) = (round_trips(1), round_trips(64));
        println!("reads of the index: {one:.1} round trips for 1 package, {many:.1} for 64");
    }
}

fn median(measure: impl Fn() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..RUNS).map(|_| measure()).collect();
    all.sort_by(f64::total_cmp);
    all[RUNS / 2]
}

/// How much longer a plan takes where the index answers after 50 ms, in such answers.
fn round_trips(packages: usize) -> f64 {
    let members = (0..packages).map(|at| Member::new(format!("unit-{at}").leak()));
    let world = Workspace::of(members).made();
    let answer = Duration::from_millis(50);
    let plan = |faults: Faults| {
        world.goes_wrong(faults);
        median(|| {
            let begun = Instant::now();
            world.release("plan --semver-check off --format json").ends_well();
            begun.elapsed().as_secs_f64()
        })
    };
    let (quick, slow) = (plan(Faults::none()), plan(Faults::none().with(Fault::SlowIndex(answer))));
    (slow - quick) / answer.as_secs_f64()
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

/// Prints how long the steps of each kind took, those that run side by side added up; and the time from the first upload to
/// the last confirmation.
fn ours(world: &World) {
    let mut command = world.command(env!("CARGO_BIN_EXE_cargo-release"), &world.checkout());
    command.args(["release", "-x", "--no-confirm", "--format", "json"]);
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("ours");
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let (mut first, mut last) = (None, Duration::ZERO);
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let event: Value = serde_json::from_str(&line.expect("text")).expect("an event");
        match event["kind"].as_str() {
            Some("publish") => first = first.or_else(|| Some(begun.elapsed())),
            Some("confirm") => last = begun.elapsed(),
            Some(_) | None => {}
        }
        if let (Some(kind), Some(took)) = (event["kind"].as_str(), event["milliseconds"].as_u64()) {
            *kinds.entry(kind.to_owned()).or_default() += took;
        }
    }
    assert!(child.wait().expect("ours").success());
    let parts: Vec<String> = kinds.iter().map(|(kind, took)| format!("{kind} {took} ms")).collect();
    let publishing = last.saturating_sub(first.unwrap_or_default()).as_secs_f64();
    println!("  {}; all uploads and waits {publishing:.1} s", parts.join(", "));
}

fn cargo(world: &World) {
    let output = world.command("cargo", &world.checkout()).args(["publish", "--workspace"]).output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

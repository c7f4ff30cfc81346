//! Scenarios of plans, as files: what happened (`in/`, `scenario.toml`), what is seen (`snapshot.json`), what is decided
//! (`plan.json`). A difference in `snapshot.json` is the eyes', one in `plan.json` the mind's.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "scenarios are files, and made into repositories")]

#[path = "plan/scenario.rs"]
mod scenario;
mod support;

use cargo_release::testing::plan;
use cargo_release::testing::plan::ReleasePlan;
use cargo_release::testing::report;
use cargo_release::testing::snapshot::ApiAnswer;
use cargo_release::testing::snapshot::Snapshot;
use scenario::Scenario;
use support::is_as_the_schema_says;
use support::is_kept;
use support::sealed;

/// The same facts and the same request give the same plan, byte for byte, without a process or the world.
#[test]
fn seen_again_it_is_decided_again() {
    for scenario in Scenario::all() {
        let plan = decided(&scenario);
        let mut printed = Vec::new();
        report::plan_json(&mut printed, &plan).unwrap();
        is_kept(&scenario.path("plan.json"), std::str::from_utf8(&printed).unwrap());
        is_as_the_schema_says("plan", &serde_json::to_value(&plan).unwrap());
        assert!(plan.is_intact().unwrap(), "{}: the id is not of the content", scenario.name);
    }
}

/// Every step comes after those that it needs, and names none that is not there.
#[test]
fn steps_come_after_what_they_need() {
    for scenario in Scenario::all() {
        let plan = decided(&scenario);
        let mut done = Vec::new();
        for step in &plan.steps {
            assert!(step.needs.iter().all(|need| done.contains(&need)), "{}: {}", scenario.name, step.id);
            done.push(&step.id);
        }
    }
}

/// A real repository, a real remote and a registry are seen as the facts that are kept, and the program decides as it
/// does from them.
#[test]
fn seen_in_the_world_it_is_decided() {
    sealed("seen_in_the_world_it_is_decided", || {
        for scenario in Scenario::all() {
            let world = scenario.world();
            let snapshot = world.redacted(&pretty(&scenario.observed(&world)));
            is_kept(&scenario.path("snapshot.json"), &snapshot);
            let printed = world.release(&format!("plan --format json {}", scenario.ask));
            is_kept(&scenario.path("plan.json"), &printed.stdout);
        }
    });
}

fn decided(scenario: &Scenario) -> ReleasePlan {
    let mut snapshot: Snapshot = serde_json::from_str(&scenario.read("snapshot.json")).unwrap();
    let (config, request) = (scenario.config(&snapshot), scenario.request());
    // The sealed world has no API check, and the snapshot is taken before the program asks for one.
    for question in plan::wants(&snapshot, &config, &request).unwrap() {
        snapshot.api.insert(question.package, ApiAnswer::NotInstalled);
    }
    plan::decide(&snapshot, &config, &request).unwrap()
}

fn pretty(value: &impl serde::Serialize) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).unwrap())
}

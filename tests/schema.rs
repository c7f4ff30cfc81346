//! The committed schemas are those of the program, and what it prints is as they say.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use serde_json::Value;
use support::Member;
use support::Workspace;
use support::World;
use support::is_as_the_schema_says;
use support::is_kept;

/// Whoever reads a plan by the committed schema reads the plans of this program.
#[test]
fn schemas_are_current() {
    let world = World::empty(&[]);
    for kind in ["plan", "config"] {
        let printed = world.release(&format!("schema {kind}")).ends_well().stdout;
        is_kept(&format!("docs/schema/{kind}.json"), &printed);
    }
}

/// Plans of every shape are as the schema says: empty, blocked, with a hook, to two registries, verified.
#[test]
fn plans_are_as_the_schema_says() {
    let hook = "pre-release-hook = [\"true\"]\nowners = [\"ann\"]\n";
    let members = [Member::new("base"), Member::new("left").needs(&["base"]), Member::new("tasks").private()];
    let world = Workspace::of(members).file("left/release.toml", hook).made();
    is_as_the_schema_says("plan", &world.release("plan --format json").ends_well().json());
    is_as_the_schema_says("plan", &world.release("check --format json").ends_well().json());
    world.write("base/src/lib.rs", "//! Half a thought.\n");
    let blocked = world.release("plan --format json").ends(1).json();
    is_as_the_schema_says("plan", &blocked);
    assert_eq!(blocked["findings"][0]["line"], Value::Null);
    world.git(&["stash", "--quiet"]);
    world.release("-x --no-confirm").ends_well();
    let empty = world.release("plan --format json").ends_well().json();
    is_as_the_schema_says("plan", &empty);
    assert_eq!(empty["steps"], Value::Array(Vec::new()));
}

/// A key that may be null is there all the same, and its schema lets it be null; a plan without it is none.
#[test]
fn null_is_a_value() {
    let world = Workspace::of([Member::new("base")]).made();
    let plan = world.release("plan --format json").ends_well().json();
    is_as_the_schema_says("plan", &plan);
    let land = plan["steps"].as_array().unwrap().iter().find(|step| step["kind"] == "land").unwrap();
    assert_eq!((&land["package"], &plan["packages"][0]["from"]), (&Value::Null, &Value::Null));
    let mut without = plan.clone();
    without["packages"][0].as_object_mut().unwrap().remove("from");
    let refused = std::panic::catch_unwind(|| is_as_the_schema_says("plan", &without));
    assert!(refused.is_err(), "the schema takes a package without `from`");
}

/// The example, which is the defaults, is as the schema of the configuration says; an unknown key is not.
#[test]
fn example_is_as_the_schema_says() {
    let text = include_str!("../release.toml.example");
    let mut example: Value = toml_edit::de::from_str(text).unwrap();
    is_as_the_schema_says("config", &example);
    example["pusch"] = true.into();
    let refused = std::panic::catch_unwind(|| is_as_the_schema_says("config", &example));
    assert!(refused.is_err(), "the schema takes an unknown key");
}

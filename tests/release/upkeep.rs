//! What comes after a release, and before the first one: yanks, owners, audits, and `init`.

use cargo_release::testing::registry::Faults;

use crate::support::BOX;
use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

fn released() -> World {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made();
    world.release("-x --no-confirm").ends_well();
    world
}

fn yanked(world: &World) -> Vec<String> {
    let all = world.registry(BOX).published();
    all.iter().filter(|it| it.yanked).map(|it| format!("{} {}", it.name, it.version)).collect()
}

/// A yank is shown first, goes from dependents to what they need, and a second one has nothing to do.
#[test]
fn a_release_is_yanked_and_brought_back() {
    let world = released();
    world
        .release("yank 0.1.0")
        .ends_well()
        .says("left 0.1.0 (box)")
        .says("revoke the secret")
        .says("nothing was changed");
    assert!(yanked(&world).is_empty());
    let run = world.release("yank --release base-v0.1.0 -x --no-confirm").ends_well();
    assert!(run.stderr.find("Yanked left") < run.stderr.find("Yanked base"), "{}", run.stderr);
    assert_eq!(yanked(&world), ["base 0.1.0", "left 0.1.0"]);
    world.release("yank 0.1.0 -x --no-confirm").ends_well().says("Already done");
    world.release("yank 0.1.0 --undo -x --no-confirm -p left").ends_well();
    assert_eq!(yanked(&world), ["base 0.1.0"]);
    let json = world.release("yank base@0.1.0 --undo --format json").ends_well().json();
    assert_eq!(json[0]["package"], "base");
    world.release("yank 7.0.0").ends(2).says("no package has 7.0.0");
    world.release("yank --release nothing").ends(2).says("there is no tag `nothing`");
}

/// A yank that a registry refuses half way is finished by the same command.
#[test]
fn an_interrupted_yank_goes_on() {
    let world = released();
    world.release_killed("yank 0.1.0 -x --no-confirm", 1);
    world.release("yank 0.1.0 -x --no-confirm").ends_well();
    assert_eq!(yanked(&world).len(), 2);
    world.goes_wrong(Faults::none());
}

/// Owners are shown beside the configured ones; one wrong login keeps nobody else out.
#[test]
fn owners_are_added_one_by_one() {
    let config = "owners = [\"ann\", \"github:tea:brewers\"]\n";
    let world = Workspace::of([Member::new("base"), Member::new("left")]).made();
    world.release("-x --no-confirm").ends_well();
    world.write("release.toml", config).commit("chore: owners");
    world.git(&["push", "--quiet"]);
    world.release("owner list").ends_well().says("Missing        ann, github:tea:brewers");
    world.release("owner check").ends(1).says("lack a configured owner");
    world.release("owner").ends_well().says("Add ann to base on box").says("nothing was changed");
    let run = world.release("owner -p base -x --no-confirm").ends_well();
    run.says("Invited ann, base on box: pending").says("Added github:tea:brewers, base on box");
    assert_eq!(world.registry(BOX).invited("base"), ["ann"]);
    let run = world.release("owner --remove demo --remove nobody -p left -x --no-confirm");
    run.ends(4).says("Refused").says("cannot remove all individual owners");
    let json = world.release("owner list --format json").ends_well().json();
    assert_eq!(json[0]["there"], serde_json::json!(["demo", "github:tea:brewers"]));
}

/// An audit finds what does not fit, and makes the tags that are missing, once.
#[test]
fn an_audit_finds_and_mends() {
    let excluded = "[workspace]\n[package]\nname = \"fuzz\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[dependencies]\nbase = { path = \"../base\" }\n";
    let world =
        Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).root("exclude = [\"fuzz\"]\n");
    let world = world.file("fuzz/Cargo.toml", excluded).file("fuzz/src/lib.rs", "").made();
    world.write("fuzz/Cargo.lock", "version = 4\n\n[[package]]\nname = \"base\"\nversion = \"0.0.9\"\n\n[[package]]\nname = \"fuzz\"\nversion = \"0.0.0\"\ndependencies = [\n \"base\",\n]\n");
    world.commit("chore: fuzz");
    world.git(&["push", "--quiet"]);
    world.release("-x --no-confirm").ends_well();
    world.release("audit").ends(1).says("audit-lockfile").says("base 0.0.9 for");
    let commit = world.git(&["rev-parse", "base-v0.1.0^{}"]);
    world.git(&["tag", "--delete", "base-v0.1.0"]);
    world.git(&["tag", "base-v0.3.0"]);
    world.write("left/src/lib.rs", "//! Changed.\n").commit("fix: later");
    world.git(&["tag", "--force", "left-v0.1.0"]);
    let run = world.release("audit").ends(1);
    let run = run.says("audit-untagged").says("audit-unpublished").says("`base 0.3.0`");
    run.says("audit-content").says("`src/lib.rs`");
    world.release("audit --fix -x --no-confirm").ends(1).says("Tagged base-v0.1.0").says("git push origin base-v0.1.0");
    assert_eq!(world.git(&["rev-parse", "base-v0.1.0^{}"]), commit);
    world.release("yank base@0.1.0 -x --no-confirm").ends_well();
    let json = world.release("audit --format json -p base").ends(1).json();
    let codes: Vec<&str> = json["findings"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect();
    assert!(codes.contains(&"audit-yanked"), "{codes:?}");
    assert!(!codes.contains(&"audit-untagged"), "{codes:?}");
}

/// A workspace without anything gets its files, shown first, and what is there stays.
#[test]
fn a_workspace_is_set_up() {
    let world = Workspace::of([Member::new("base"), Member::new("left")]).file(".github/keep", "").made();
    world.git(&["tag", "base/v0.0.9"]);
    world.release("init --dry-run").ends_well().says("+tag-name = \"{{crate_name}}/v{{version}}\"");
    assert!(!world.checkout().join("release.toml").exists());
    world
        .release("init")
        .ends_well()
        .says("Wrote release.toml")
        .says("Checklist for the first release")
        .says("description");
    assert!(world.read("base/CHANGELOG.md").contains("## [Unreleased]"));
    assert!(world.read("release.toml").starts_with("#:schema "));
    assert!(world.read(".github/workflows/release-check.yml").contains("cargo release check"));
    world.write("release.toml", "# mine\n").release("init").ends_well().says("all files exist already");
    assert_eq!(world.read("release.toml"), "# mine\n");
    world.release("config").ends_well().says("push-branch = \"before\" # default");
}

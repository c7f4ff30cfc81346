//! Releases that go well, in the shapes that workspaces have.

use crate::support::Member;
use crate::support::Workspace;
use crate::support::script_at;

/// Four packages that nobody has seen before, each after those that it needs; a third run finds nothing to do.
#[test]
fn first_release_of_a_diamond() {
    let world = Workspace::of([
        Member::new("tops").needs(&["left", "right"]),
        Member::new("left").needs(&["base"]),
        Member::new("right").needs(&["base"]),
        Member::new("base"),
    ])
    .made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box", "right 0.1.0 in box", "tops 0.1.0 in box"]);
    let order: Vec<String> = world.registry("box").published().iter().map(|one| one.name.to_string()).collect();
    assert_eq!((order[0].as_str(), order[3].as_str()), ("base", "tops"));
    world.release("-x --no-confirm").ends_well().says("Nothing to release");
}

/// What breaks one package raises those that need it, and nobody else.
#[test]
fn breaking_change_reaches_dependents() {
    let members = [Member::new("base"), Member::new("left").needs(&["base"]), Member::new("alone")];
    let world = Workspace::of(members).made();
    world.release("-x --no-confirm").ends_well();
    world.change("feat(base)!: drop the old way", "base/src/lib.rs", "//! New.\n");
    world.release("-x --no-confirm").ends_well();
    world.has_released(&[
        "alone 0.1.0 in box",
        "base 0.1.0 in box",
        "base 0.2.0 in box",
        "left 0.1.0 in box",
        "left 0.1.1 in box",
    ]);
    assert!(world.read("left/Cargo.toml").contains("base = { version = \"0.2.0\", path"));
    assert!(
        world.read("base/CHANGELOG.md").contains("## [0.2.0] - 2026-11-22\n"),
        "{}",
        world.read("base/CHANGELOG.md")
    );
}

/// A package that goes nowhere is tagged once it is named, from then on with the others, and nothing of it is packed.
#[test]
fn private_package_stays_at_home() {
    let world = Workspace::of([Member::new("base"), Member::new("tasks").private()]).made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
    assert_eq!(world.git(&["tag"]), "base-v0.1.0");
    world.release("-x --no-confirm -p tasks").ends_well();
    world.change("feat(tasks): wash up", "tasks/src/lib.rs", "//! Washed.\n");
    world.release("-x --no-confirm").ends_well();
    assert_eq!(world.git(&["tag"]), "base-v0.1.0\ntasks-v0.1.0\ntasks-v0.1.1");
    assert_eq!(world.uploads("box"), 1);
}

/// `publish = ["one", "two"]` brings the same sources to both.
#[test]
fn one_package_goes_to_two_registries() {
    let members = [Member::new("base").goes_to(&["one", "two"]), Member::new("left").goes_to(&["two"])];
    let world = Workspace::of(members).registries(&["one", "two"]).made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in one", "base 0.1.0 in two", "left 0.1.0 in two"]);
}

/// Packages whose tags come out equal share one.
#[test]
fn packages_share_a_tag() {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).configured("tag-name = \"v{{version}}\"\n").made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
    assert_eq!(world.git(&["tag"]), "v0.1.0");
}

/// A replacement is part of the release commit, and the file that it edits of the package.
#[test]
fn replacement_is_released() {
    let config = "[[pre-release-replacements]]\nfile = \"src/lib.rs\"\nsearch = \"since [^ ]+\"\nreplace = \"since {{version}}\"\n";
    let world = Workspace::of([Member::new("base")]).file("base/src/lib.rs", "//! Here since today .\n");
    let world = world.file("base/release.toml", config).made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
    assert_eq!(world.git(&["show", "base-v0.1.0:base/src/lib.rs"]), "//! Here since 0.1.0 .");
}

/// What a hook makes belongs to the release, new files too; it sees the documented variables.
#[test]
fn hook_adds_a_file() {
    let config = "pre-release-hook = [\"./prepare\", \"{{version}}\"]\n";
    let world = Workspace::of([Member::new("base")]).file("base/release.toml", config);
    let world = world.file("base/prepare", "").made();
    script_at(&world.checkout().join("base/prepare"), "echo \"// $CRATE_NAME $NEW_VERSION $1\" > src/made.rs\n");
    world.commit("chore: a hook");
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
    assert_eq!(world.git(&["show", "base-v0.1.0:base/src/made.rs"]), "// base 0.1.0 0.1.0");
}

/// One commit a package; the archives are packed from the last, and all tags name it.
#[test]
fn every_package_has_its_commit() {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).configured("consolidate-commits = false\n").made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
    let subjects = world.git(&["log", "--format=%s", "-2"]);
    assert_eq!(subjects, "chore: Release left version 0.1.0\nchore: Release base version 0.1.0");
}

/// A workspace that lies deeper in the repository is released like any other.
#[test]
fn changelog_that_a_person_wrote_is_kept() {
    let written = "# Changelog\n\n## [Unreleased]\n\n- By hand.\n";
    let world = Workspace::of([Member::new("base")]).file("base/CHANGELOG.md", written).made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
    let now = world.read("base/CHANGELOG.md");
    assert!(now.starts_with("# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-22\n\n- By hand.\n"), "{now}");
}

/// With `-q` a release says nothing while it runs; the result, and what went wrong, are still there.
#[test]
fn quiet_releases_say_nothing_on_the_way() {
    let world = Workspace::of([Member::new("base")]).made();
    assert_eq!(world.release("plan -q").ends_well().stderr, "");
    assert_eq!(world.release("-x -q --no-confirm").ends_well().stderr, "");
    world.has_released(&["base 0.1.0 in box"]);
    world.release("-x -q --no-confirm 0.1.0").ends(1).says("error[version-exists]");
}

//! Where the last release is found when tags and the registry disagree.

use super::support::Member;
use super::support::Workspace;

/// A release without a tag is found by the record in its archive, and the way to tag it is told.
#[test]
fn a_published_version_without_a_tag() {
    let world = Workspace::of([Member::new("core")]).configured("tag = false\n").made();
    world.release("-x --no-confirm").ends_well();
    world.write("release.toml", "");
    world.commit("chore: want tags");
    world.write("core/src/lib.rs", "//! better\n");
    world.commit("fix: better");
    world.git(&["push", "--quiet"]);
    let plan = world.release("plan --format json").ends_well().json();
    assert_eq!(plan["packages"][0]["from"], "0.1.0");
    assert_eq!(plan["packages"][0]["to"], "0.1.1");
    assert_eq!(plan["packages"][0]["reasons"].as_array().unwrap().len(), 1, "{plan:#}");
    assert_eq!(plan["findings"][0]["code"], "release-without-tag");
    world.release("plan --explain core").ends_well().says("(published archive)");
}

/// A tag for a version that the registry does not have is told.
#[test]
fn a_tag_without_a_published_version() {
    let world = Workspace::of([Member::new("core")]).made();
    world.git(&["tag", "core-v0.1.0"]);
    world.write("core/src/lib.rs", "//! better\n");
    world.commit("fix: better");
    world.git(&["push", "--quiet", "--tags", "origin", "main"]);
    world.release("plan").says("warning[tag-without-release]");
}

/// What is committed and tagged, and was not published, is published from that tag: nothing about it is worth a warning.
#[test]
fn what_is_tagged_is_published_without_a_warning() {
    let changelog = "# Changelog\n\n## [Unreleased]\n\n- begin\n";
    let world = Workspace::of([Member::new("core")]).file("core/CHANGELOG.md", changelog).made();
    world.release("-x --no-confirm --no-publish").ends_well();
    let plan = world.release("plan --format json").ends_well().json();
    assert_eq!(plan["packages"][0]["to"], "0.1.0");
    assert_eq!(plan["findings"], serde_json::json!([]));
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["core 0.1.0 in box"]);
}

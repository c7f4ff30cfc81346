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

//! The steps of a release, one by one, in the checkout.

use crate::support::Member;
use crate::support::Workspace;

/// All steps after each other come to a release, each does nothing the second time, and nothing without `-x`.
#[test]
fn steps_after_each_other_are_a_release() {
    let replacements = r#"
pre-release-replacements = [{ file = "README.md", search = "next", replace = "{{version}}\nnext" }]
pre-release-hook = ["sh", "-c", "echo $NEW_VERSION > version.txt && test $DRY_RUN = false"]
"#;
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])])
        .file("base/release.toml", replacements)
        .file("base/README.md", "next\n")
        .file("base/version.txt", "0.1.0\n")
        .made();
    world.release("version minor --workspace").ends_well().says("base 0.1.0 -> 0.2.0").says("nothing was changed");
    for step in ["version minor --workspace", "replace --workspace", "hook --workspace", "commit"] {
        world.release(&format!("{step} -x --no-confirm")).ends_well();
    }
    assert!(world.read("left/Cargo.toml").contains("base = { version = \"0.2.0\""));
    assert_eq!(world.read("base/README.md"), "0.2.0\nnext\n");
    assert_eq!(world.read("base/version.txt"), "0.2.0\n");
    assert_eq!(world.git(&["log", "-1", "--format=%B"]).trim(), "chore: Release");
    world.release("push --workspace -x --no-confirm").ends(1).says("tag-missing");
    for _ in 0..2 {
        for step in ["commit", "publish --workspace", "tag --workspace", "push --workspace"] {
            world.release(&format!("{step} -x --no-confirm")).ends_well();
        }
    }
    world.has_released(&["base 0.2.0 in box", "left 0.2.0 in box"]);
    world.is_at_rest().is_on_the_remote();
}

/// Replacements that the checkout has already are not made twice.
#[test]
fn replacements_are_made_once() {
    let replacements = r#"pre-release-replacements = [{ file = "CHANGES", search = "^next", replace = "next\n\n## {{version}}", exactly = 1 }]"#;
    let world =
        Workspace::of([Member::new("base")]).file("base/release.toml", replacements).file("base/CHANGES", "next\n");
    let world = world.made();
    for _ in 0..2 {
        world.release("replace --workspace -x --no-confirm").ends_well();
        assert_eq!(world.read("base/CHANGES"), "next\n\n## 0.1.0\n");
    }
    world.release("replace --workspace").ends_well().says("Nothing to replace").says("warning[dirty-tree]");
}

/// A step that is interrupted is run again; a file that git does not know stays out of the commit.
#[test]
fn steps_take_what_is_theirs() {
    let world = Workspace::of([Member::new("base"), Member::new("left")]).made();
    world.release_typing("version patch -p base -x", "n\n").ends(1);
    world.release_typing("version patch -p base -x", "y\n").ends_well();
    assert!(world.read("base/Cargo.toml").contains("0.1.1"));
    assert!(world.read("left/Cargo.toml").contains("0.1.0"));
    world.write("stranger.txt", "mine\n");
    world.release("commit -x --no-confirm").ends_well().says("stranger.txt");
    assert!(world.git(&["status", "--porcelain"]).contains("?? stranger.txt"));
    world.release("tag -p base -x --no-confirm").ends(1).says("dirty-tree");
    std::fs::remove_file(world.checkout().join("stranger.txt")).unwrap();
    world.release("tag -p base -x --no-confirm").ends_well();
    world.release("tag -p base").ends_well().says("Nothing to tag");
    world.release("version -p base").ends(2).says("needs a level");
}

/// What changed since the last release is listed, with the level that it asks for.
#[test]
fn changes_suggest_a_level() {
    let world = Workspace::of([Member::new("base"), Member::new("left")]).made();
    world.release("-x --no-confirm").ends_well();
    world.change("feat(base)!: another way", "base/src/lib.rs", "//! New.\n");
    world.change("fix(left): a hole", "left/src/lib.rs", "//! New.\n");
    let run = world.release("changes").ends_well();
    run.says("Changes of base since base-v0.1.0").says("cargo release version -p base minor").says("-p left patch");
    world.release("help tag").ends_well().says("Create missing tags");
}

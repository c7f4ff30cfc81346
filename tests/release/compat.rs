//! What configurations and scripts written for other versions of `cargo release` rely on.

use crate::support::Member;
use crate::support::Workspace;

/// `dependent-version` is a property of the crate depended on: what its reader says of itself does not matter.
#[test]
fn dependent_version_belongs_to_the_crate_depended_on() {
    for (of, expected) in [("base", "0.1.0"), ("left", "0.1.1")] {
        let members = [Member::new("base"), Member::new("left").needs(&["base"])];
        let fixed = "dependent-version = \"fix\"\n";
        let world = Workspace::of(members).file(&format!("{of}/release.toml"), fixed).made();
        world.release("patch -x --no-confirm -p base --no-publish").ends_well();
        let manifest = world.read("left/Cargo.toml");
        assert!(manifest.contains(&format!("base = {{ version = \"{expected}\"")), "{of}: {manifest}");
    }
}

/// The directories that a hook is given compare as texts, and it finds itself on the branch that is released.
#[test]
fn hooks_find_the_world_that_they_know() {
    let hook = r#"
set -e
test "$CRATE_ROOT" = "$WORKSPACE_ROOT/base"
test "${ORIGINAL_WORKSPACE_ROOT%/}" = "$ORIGINAL_WORKSPACE_ROOT"
test "$(git rev-parse --abbrev-ref HEAD)" = main
test -n "$CARGO_TARGET_DIR"
echo "$NEW_VERSION" > version.txt
git add version.txt && git commit --quiet --message "docs: by the hook"
"#;
    let hooked = "pre-release-hook = [\"sh\", \"./hook.sh\"]\n";
    let world = Workspace::of([Member::new("base")]).file("base/release.toml", hooked).file("base/hook.sh", hook);
    let world = world.made();
    world.release("minor -x --no-confirm --no-publish").ends_well();
    assert_eq!(world.read("base/version.txt"), "0.2.0\n");
    world.is_at_rest().is_on_the_remote();
}

/// A hook that writes the changelog itself has the only section of the version, and the tag says what it wrote.
#[test]
fn the_changelog_of_a_hook_stays_alone() {
    // As towncrier, it refuses a version that the file has already.
    let script = "! grep -q \"$NEW_VERSION\" CHANGELOG.md || exit 1\nprintf '# Changelog\n\n## %s (today)\n\n- collected\n\n' \"$NEW_VERSION\" > new\ntail -n +3 CHANGELOG.md >> new\nmv new CHANGELOG.md\n";
    let world = Workspace::of([Member::new("base")])
        .file("base/release.toml", "pre-release-hook = [\"sh\", \"../collect.sh\"]\n")
        .file("base/CHANGELOG.md", "# Changelog\n\n## 0.1.0 - 2026-01-01\n\n- begin\n")
        .file("collect.sh", script);
    let world = world.made();
    world.write("base/src/lib.rs", "//! tea\npub fn pour() {}\n").commit("feat: pour");
    world.git(&["push", "--quiet"]);
    let said = world.release("minor -x --no-confirm --format json").ends_well().stdout;
    let receipt: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(receipt["packages"][0]["entry"], "- collected", "{receipt}");
    let changelog = world.read("base/CHANGELOG.md");
    // Not even an empty heading for what is unreleased is left of the draft.
    assert_eq!(changelog, "# Changelog\n\n## 0.2.0 (today)\n\n- collected\n\n## 0.1.0 - 2026-01-01\n\n- begin\n");
    let tag = world.git(&["tag", "--list", "--format=%(contents)", "base-v0.2.0"]);
    assert!(tag.contains("- collected") && !tag.contains("pour"), "{tag}");
}

/// A hook that needs what git ignores is not released, and the key that brings it along is named.
#[test]
fn hooks_that_need_ignored_files_name_the_way_out() {
    let hooked = "pre-release-hook = [\"../ignored/bin/prepare\"]\n";
    let world = Workspace::of([Member::new("base")]).file("base/release.toml", hooked).made();
    world.write("ignored/bin/prepare", "#!/bin/sh\necho made > made.txt\n");
    world.git(&["-c", "core.fileMode=true", "status"]);
    std::process::Command::new("chmod")
        .args(["+x"])
        .arg(world.checkout().join("ignored/bin/prepare"))
        .status()
        .unwrap();
    world.release("minor -x --no-confirm --no-publish").ends(1).says("[stage] copy = [\"ignored/bin/**\"]");
    world.write("release.toml", "[stage]\ncopy = [\"ignored/**\"]\n").commit("chore: copy");
    world.git(&["push", "--quiet"]);
    world.release("minor -x --no-confirm --no-publish").ends_well();
    assert_eq!(world.read("base/made.txt"), "made\n");
}

/// A member that is never released and inherits the version moves in the lock file with those that are.
#[test]
fn unreleased_members_that_inherit_the_version_move_along() {
    let members = [
        Member::new("base").at("workspace"),
        Member::new("bench").at("workspace").with("[package.metadata.release]\nrelease = false\n"),
        Member::new("left")
            .at("workspace")
            .with("[dependencies]\nbase = { path = \"../base\", version = \"0.1.0\", registry = \"box\" }\n"),
    ];
    let world = Workspace::of(members).root("[workspace.package]\nversion = \"0.1.0\"\n").made();
    world.release("minor -x --no-confirm --workspace").ends_well();
    world.cargo(&["metadata", "--locked", "--offline", "--format-version", "1"]);
    assert_eq!(world.read("Cargo.lock").matches("version = \"0.2.0\"").count(), 3);
    world.has_released(&["base 0.2.0 in box", "left 0.2.0 in box"]);
}

/// `[check] rules = "crates-io"` reads the rules with the package's own registry in the place of crates.io.
#[test]
fn the_rules_of_crates_io_take_dependencies_in_the_same_registry() {
    let about = "description = \"tea\"\nlicense = \"MIT\"\n";
    let left = "description = \"tea\"\nlicense = \"MIT\"\n[dependencies]\nbase = { path = \"../base\", version = \"0.1.0\", registry = \"box\" }\n";
    let world = Workspace::of([Member::new("base").with(about), Member::new("left").with(left)]);
    let world = world.configured("[check]\nrules = \"crates-io\"\n").made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
    let bare = Workspace::of([Member::new("base")]).configured("[check]\nrules = \"crates-io\"\n").made();
    bare.release("check").ends(1).says("description");
}

/// A name that no registry takes is said before cargo is asked to pack it.
#[test]
fn names_outside_ascii_are_refused_by_their_code() {
    let world = Workspace::of([Member::new("thé")]).made();
    world.release("plan").ends(1).says("crate-name").says("invalid character `é`");
}

/// A detached head that is allowed, and flags that cancel each other, stand in nobody's way.
#[test]
fn a_detached_head_that_is_allowed_is_released() {
    let world = Workspace::of([Member::new("base")]).configured("allow-branch = [\"HEAD\"]\n").made();
    world.git(&["checkout", "--quiet", "--detach"]);
    world.release("minor -x --no-confirm --no-publish -qq -v --workspace -p base").ends_well();
    assert_eq!(world.git(&["rev-parse", "HEAD"]), world.git(&["rev-parse", "base-v0.2.0^{}"]));
    world.git(&["switch", "--quiet", "main"]);
    world.release("minor").ends(1).says("branch-not-allowed");
}

/// Members of one version share a changelog at the root: the replacements of one of them write its only section.
#[test]
fn the_replacements_of_one_member_make_the_shared_entry() {
    let replaced = "pre-release-replacements = [{ file = \"../CHANGELOG.md\", search = \"next\", replace = \"next\\n\\n## {{version}}\\n\\n- ours\" }]\n";
    let world = Workspace::of([Member::new("base").at("workspace"), Member::new("left").at("workspace")])
        .root("[workspace.package]\nversion = \"0.1.0\"\n")
        .file("base/release.toml", replaced)
        .file("CHANGELOG.md", "# Changelog\n\nnext\n\n## 0.1.0\n\n- begin\n");
    let world = world.made();
    world.release("minor -x --no-confirm --workspace --no-publish").ends_well();
    let changelog = world.read("CHANGELOG.md");
    assert_eq!(changelog.matches("0.2.0").count(), 1, "{changelog}");
    assert!(changelog.contains("## 0.2.0\n\n- ours"), "{changelog}");
}

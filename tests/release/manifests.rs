//! What becomes of manifests: every place that names a version moves, everything else stays as it is.

use crate::support::Member;
use crate::support::Workspace;

/// A dependency under another name, in the table of a target, too, is found by its package.
#[test]
fn renamed_and_targeted_dependencies_move() {
    let tables = r#"
[dependencies]
ground = { package = "base", version = "0.1.0", path = "../base", registry = "box" } # the ground
[target.'cfg(unix)'.dependencies]
ground = { path = "../base", registry = "box", version = "0.1", package = "base" }
"#;
    let world = Workspace::of([Member::new("base"), Member::new("left").with(tables)]).made();
    world.release("-x --no-confirm").ends_well();
    world.change("feat(base)!: another way", "base/src/lib.rs", "//! New.\n");
    world.release("-x --no-confirm").ends_well();
    let expected = tables.replace("0.1.0", "0.2.0").replace("version = \"0.1\"", "version = \"0.2\"");
    assert!(world.read("left/Cargo.toml").ends_with(&expected), "{}", world.read("left/Cargo.toml"));
    world.is_at_rest().is_on_the_remote();
    assert!(world.published("box").contains(&"left 0.1.1".to_owned()));
}

/// A workspace that keeps one changelog, at its root, gets no other; one whose members have their own gets the missing.
#[test]
fn a_missing_changelog_is_made_where_that_is_the_custom() {
    const EMPTY: &str = "# Changelog\n\n## [Unreleased]\n";
    let members = || [Member::new("base"), Member::new("left")];
    let (root, base) = ("CHANGELOG.md", "base/CHANGELOG.md");
    let alone = "";
    let grouped = "shared-version = \"tea\"\n";
    for (files, left, made) in [
        (&[root][..], alone, false),
        (&[base], alone, true),
        (&[root, base], alone, true),
        (&[root, base], grouped, false),
    ] {
        let world = Workspace::of(members()).file("left/release.toml", left);
        let world = files.iter().fold(world, |world, path| world.file(path, EMPTY)).made();
        world.release("-x --no-confirm -p left").ends_well();
        assert_eq!(world.checkout().join("left/CHANGELOG.md").exists(), made, "{files:?} {left}");
    }
}

/// Packages that are built with features of their own are verified on top of those that they need.
#[test]
fn packages_with_builds_of_their_own_are_released_together() {
    let left = Member::new("left").needs(&["base"]).with("\n[features]\nextra = []\n");
    let world = Workspace::of([Member::new("base"), left]).file("left/release.toml", "enable-features = [\"extra\"]\n");
    let world = world.made();
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box"]);
}

/// Members that `[patch]` joins are packed in the order in which they are published, each on top of those before it, and
/// found the same when they are uploaded: cargo alone would pack them by name, with whatever is live.
#[test]
fn members_joined_by_patch_are_released_together() {
    let needs =
        |table: &str, name: &str| format!("\n[{table}]\n{name} = {{ version = \"0.1.0\", registry = \"box\" }}\n");
    let alone = Member::new("alone").with(&needs("dependencies", "macros"));
    // What a dev-dependency asks for is live already, and it needs the package itself.
    let macros = Member::new("macros");
    let world = Workspace::of([alone, macros]);
    let world = world.root("\n[patch.box]\nalone = { path = \"alone\" }\nmacros = { path = \"macros\" }\n").made();
    world.release("-x --no-confirm").ends_well();
    let circle = world.read("macros/Cargo.toml") + &needs("dev-dependencies", "alone");
    world.change("test(macros): use the whole", "macros/Cargo.toml", &circle);
    world.cargo(&["update", "--workspace", "--offline", "--quiet"]);
    world.change("feat(alone): more", "alone/src/lib.rs", "//! More.\n");
    world.release("-x --no-confirm alone@patch macros@patch").ends_well();
    assert_eq!(world.published("box"), ["alone 0.1.0", "alone 0.1.1", "macros 0.1.0", "macros 0.1.1"]);
    world.is_at_rest().is_on_the_remote();
}

/// Packages that inherit one version are released together, and the requirement in the root moves with them.
#[test]
fn inheriting_packages_move_together() {
    let root = "[workspace.package]\nversion = \"0.3.0\"\n[workspace.dependencies]\nbase = { version = \"0.3.0\", path = \"base\", registry = \"box\" }\n";
    let inherits = |name| Member::new(name).at("workspace");
    let left = inherits("left").with("[dependencies]\nbase.workspace = true\n");
    let world = Workspace::of([inherits("base"), left, Member::new("alone")]).root(root).made();
    world.release("-x --no-confirm").ends_well();
    world.change("feat(left)!: another way", "left/src/lib.rs", "//! New.\n");
    world.release("-x --no-confirm").ends_well();
    world.has_released(&[
        "alone 0.1.0 in box",
        "base 0.3.0 in box",
        "base 0.4.0 in box",
        "left 0.3.0 in box",
        "left 0.4.0 in box",
    ]);
    assert!(world.read("Cargo.toml").ends_with(&root.replace("0.3.0", "0.4.0")), "{}", world.read("Cargo.toml"));
}

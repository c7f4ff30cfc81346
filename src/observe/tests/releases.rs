//! Which tag is taken for the last release of a package.

use super::history::observed;
use super::history::observed_as;
use super::history::package;
use super::*;
use crate::error::Kind;
use crate::snapshot::Package;

fn last(world: &World, package: &Package) -> Option<String> {
    let history = observed(world, std::slice::from_ref(package), None).unwrap();
    history.last_releases.get(&package.name).map(|last| last.version.to_string())
}

/// The highest version by precedence counts, not the newest tag and not the last by name; tags of other packages, of
/// other branches and of no version do not.
#[test]
fn highest_reachable_tag_of_the_package_wins() {
    sealed(module_path!(), "highest_reachable_tag_of_the_package_wins", |world| {
        world.write("core/x", "1").commit("start");
        for tag in
            ["core-v0.9.0", "core-v0.10.0-rc.1", "core-v0.10.0", "core-v0.2.0", "core-vNext", "core-extra-v3.0.0"]
        {
            world.git(&["tag", tag]);
        }
        world.git(&["tag", "-a", "core-v0.11.0", "-m", "annotated"]);
        world.git(&["checkout", "--quiet", "-b", "other"]);
        world.write("core/x", "2").commit("elsewhere");
        world.git(&["tag", "core-v2.0.0"]);
        world.git(&["checkout", "--quiet", "main"]);
        assert_eq!(last(world, &package("core", "core")).as_deref(), Some("0.11.0"));
        assert_eq!(last(world, &package("core-extra", "extra")).as_deref(), Some("3.0.0"));
        assert_eq!(last(world, &package("cli", "cli")), None);
    });
}

/// The package at the root of the repository has no prefix.
#[test]
fn root_package_has_plain_tags() {
    sealed(module_path!(), "root_package_has_plain_tags", |world| {
        world.write("x", "1").commit("start");
        world.git(&["tag", "v1.2.3"]);
        world.git(&["tag", "top-v2.0.0"]);
        assert_eq!(last(world, &package("top", "")).as_deref(), Some("1.2.3"));
    });
}

/// A version that was released on another branch and taken over by this one is the last release: what both branches have
/// is released, what only the other has is not here.
#[test]
fn releases_of_other_branches_count_where_taken_over() {
    sealed(module_path!(), "releases_of_other_branches_count_where_taken_over", |world| {
        world.write("core/x", "1").write("cli/x", "1").commit("before");
        world.git(&["checkout", "--quiet", "-b", "stable"]);
        world.write("core/x", "2").write("cli/x", "2").commit("there");
        world.git(&["tag", "core-v1.2.0"]);
        world.git(&["checkout", "--quiet", "main"]);
        world.write("core/y", "1").commit("here");
        let mut core = package("core", "core");
        core.version = semver::Version::new(1, 1, 0);
        assert_eq!(last(world, &core), None);
        core.version = semver::Version::new(1, 2, 0);
        assert_eq!(last(world, &core).as_deref(), Some("1.2.0"));
        let history = observed(world, &[core, package("cli", "cli")], None).unwrap();
        let told = history.commits.iter().map(|commit| {
            let packages: Vec<&str> = commit.packages.keys().map(|name| name.as_str()).collect();
            format!("{}: {}", commit.message.trim(), packages.join(" "))
        });
        assert_eq!(told.collect::<Vec<_>>(), ["here: core", "before: cli"]);
    });
}

/// A project that comes to us may have tagged with the version alone; that tells of the package at the root only.
#[test]
fn bare_versions_tell_of_the_root() {
    sealed(module_path!(), "bare_versions_tell_of_the_root", |world| {
        world.write("x", "1").commit("start");
        let (mut top, mut inner) = (package("top", ""), package("inner", "inner"));
        (top.version, inner.version) = (semver::Version::new(15, 2, 0), semver::Version::new(15, 2, 0));
        world.git(&["tag", "15.2.0"]);
        assert_eq!(last(world, &top).as_deref(), Some("15.2.0"));
        assert_eq!(last(world, &inner), None);
    });
}

/// In a workspace of several versions without a package at its root, a tag that names none of them, or the directory of one,
/// is about the packages whose manifests have its version there.
#[test]
fn tags_without_a_name_are_held_against_manifests() {
    sealed(module_path!(), "tags_without_a_name_are_held_against_manifests", |world| {
        let manifest = |name: &str, version: &str| format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
        world.write("crates/core/Cargo.toml", &manifest("tea-core", "1.0.0"));
        world.write("crates/cli/Cargo.toml", &manifest("tea-cli", "0.3.0")).commit("both");
        let (mut core, mut cli) = (package("tea-core", "crates/core"), package("tea-cli", "crates/cli"));
        (core.version, cli.version) = (semver::Version::new(1, 0, 0), semver::Version::new(0, 3, 0));
        let packages = [core, cli];
        let spellings = [
            "v/1.0.0",
            "v-1.0.0",
            "release/1.0.0",
            "1.0.0",
            "core/v1.0.0",
            "crates/core@1.0.0",
            "core@v1.0.0",
            "core_v1.0.0",
            "release-core-1.0.0",
            "core-v1.0.0",
        ];
        for tag in spellings {
            world.git(&["tag", tag]);
            let found = observed(world, &packages, None).unwrap().last_releases;
            let names: Vec<&str> = found.keys().map(|name| name.as_str()).collect();
            assert_eq!(names, ["tea-core"], "{tag}");
            world.git(&["tag", "-d", tag]);
        }
        world.git(&["tag", "cli-v1.0.0"]);
        assert_eq!(observed(world, &packages, None).unwrap().last_releases.len(), 0);
    });
}

/// The tag that the user names holds for all packages, whatever its name.
#[test]
fn named_tag_overrides() {
    sealed(module_path!(), "named_tag_overrides", |world| {
        world.write("a/x", "1").write("b/x", "1").commit("start");
        world.git(&["tag", "a-v1.0.0"]);
        world.write("a/x", "2").commit("second");
        world.git(&["tag", "nightly-7"]);
        world.write("b/x", "2").commit("third");
        let packages = [package("a", "a"), package("b", "b")];
        let history = observed(world, &packages, Some(&"nightly-7".into())).unwrap();
        assert_eq!(history.commits.len(), 1);
        assert_eq!(history.last_releases["a"].version, packages[0].version);
        let refused = observed(world, &packages, Some(&"gone".into())).unwrap_err();
        assert_eq!(refused.kind(), Kind::Unplannable);
    });
}

/// A tag that two packages could have made is about those that have its version there.
#[test]
fn shared_tags_are_told_apart_by_the_manifests() {
    sealed(module_path!(), "shared_tags_are_told_apart_by_the_manifests", |world| {
        let manifest = |name: &str, version: &str| format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
        world.write("a/Cargo.toml", &manifest("a", "1.0.0")).write("b/Cargo.toml", &manifest("b", "1.0.0"));
        world.commit("both");
        world.git(&["tag", "v1.0.0"]);
        world.write("a/Cargo.toml", &manifest("a", "1.1.0")).commit("only a");
        world.git(&["tag", "v1.1.0"]);
        let packages = [package("a", "a"), package("b", "b")];
        let mut config = defaults(packages.iter().map(|package| &package.name));
        config.packages.values_mut().for_each(|settings| settings.tag_name = "v{{version}}".to_owned());
        let history = observed_as(world, &packages, &config, None).unwrap();
        let last = |name: &str| history.last_releases[name].version.to_string();
        assert_eq!([last("a"), last("b")], ["1.1.0", "1.0.0"]);
    });
}

/// A project whose tags have no `v` is not taken for one that never released; a higher tag of its own spelling that
/// came later wins.
#[test]
fn tags_of_another_spelling_count() {
    sealed(module_path!(), "tags_of_another_spelling_count", |world| {
        world.write("core/x", "1").commit("start");
        let core = package("core", "core");
        world.git(&["tag", &format!("core-{}", core.version)]);
        assert_eq!(last(world, &core), Some(core.version.to_string()));
        world.write("core/x", "2").commit("more");
        world.git(&["tag", "core-v99.0.0"]);
        assert_eq!(last(world, &core).as_deref(), Some("99.0.0"));
        assert_eq!(last(world, &package("cor", "cor")), None);
    });
}

/// A package that was numbered anew goes on from its new numbers, whatever higher tags are in its history; a higher tag that
/// came later is the last release.
#[test]
fn former_numbers_do_not_count() {
    sealed(module_path!(), "former_numbers_do_not_count", |world| {
        let at = |version: &str| {
            let mut core = package("core", "core");
            core.version = version.parse().unwrap();
            last(world, &core)
        };
        world.write("core/x", "1").commit("start");
        world.git(&["tag", "core-v0.5.0-rc.2"]);
        assert_eq!(at("0.1.0").as_deref(), Some("0.5.0-rc.2"));
        world.write("core/x", "2").commit("renumber");
        world.git(&["tag", "core-v0.1.0"]);
        assert_eq!(at("0.1.0").as_deref(), Some("0.1.0"));
        assert_eq!(at("0.2.0").as_deref(), Some("0.1.0"));
        world.git(&["tag", "core-v9.0.0"]);
        assert_eq!(at("0.1.0").as_deref(), Some("0.1.0"));
        world.write("core/x", "3").commit("released elsewhere");
        world.git(&["tag", "core-v0.3.0"]);
        assert_eq!(at("0.1.0").as_deref(), Some("0.3.0"));
    });
}

/// `beta9` stands above `beta10` in the order of versions, and was released before it.
#[test]
fn numbers_in_letters_do_not_mislead() {
    sealed(module_path!(), "numbers_in_letters_do_not_mislead", |world| {
        let mut core = package("core", "core");
        core.version = "1.0.0-beta10".parse().unwrap();
        for tag in ["core-v1.0.0-beta1", "core-v1.0.0-beta9", "core-v1.0.0-beta10"] {
            world.write("core/x", tag).commit(tag);
            world.git(&["tag", tag]);
            assert_eq!(last(world, &core).map(|last| format!("core-v{last}")).as_deref(), Some(tag));
        }
    });
}

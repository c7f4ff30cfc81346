//! What is seen of a workspace.

use super::*;
use crate::error::Kind;
use crate::manifest::parses_below;
use crate::names::RegistryName;
use crate::plan::decide;
use crate::plan::tests::decision_table::asking;
use crate::snapshot::DependencyKind;
use crate::snapshot::Lockfile;
use crate::snapshot::MemberDependency;
use crate::snapshot::PublishTo;

const ROOT: &str = "[workspace]
members = [\"crates/*\"]
default-members = [\"crates/cli\"]
resolver = \"2\"
[workspace.package]
version = \"0.3.0\"
[workspace.dependencies]
zz-core = { path = \"crates/zz-core\", version = \"0.1\" }
[patch.crates-io]
zz-patched = { path = \"crates/zz-patched\" }
";

const CLI: &str = "[package]
name = \"cli\"
version.workspace = true
edition = \"2021\"
publish = [\"ours\", \"crates-io\"]
[dependencies]
zz-core.workspace = true
zz-patched = \"0.1.0\"
renamed = { package = \"zz-util\", path = \"../zz-util\", version = \">=0.1, <0.3\", optional = true }
[dev-dependencies]
zz-util = { path = \"../zz-util\" }
[target.'cfg( unix )'.build-dependencies]
zz-util = { path = \"../zz-util\", version = \"*\", registry = \"ours\" }
";

/// Five packages: one inherits its version and uses the others in every way that there is.
fn workspace(world: &World) {
    world.write("Cargo.toml", ROOT).write(".gitignore", "target\n");
    world.write("crates/cli/Cargo.toml", CLI).write("crates/cli/src/main.rs", "fn main() {}\n");
    world.write("crates/cli/build.rs", "fn main() {}\n").write("crates/cli/CHANGELOG.md", "# Changelog\r\n");
    world.package("crates/zz-core", "publish = false\n").package("crates/zz-util", "description = \"u\"\n");
    world.package("crates/zz-patched", "");
    world.write(".cargo/config.toml", "[registries.ours]\nindex = \"sparse+http://127.0.0.1:1/\"\n");
}

fn locked(world: &World) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["generate-lockfile", "--offline"];
    let output = Command::new(cargo).args(arguments).current_dir(world.root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The edges of `cli`, by key, kind, target, requirement and registry.
fn edges(dependencies: &[MemberDependency]) -> Vec<String> {
    let told = |edge: &MemberDependency| {
        let MemberDependency { package, key, kind, target, requirement, registry } = edge;
        let kind = match kind {
            DependencyKind::Normal => "normal",
            DependencyKind::Dev => "dev",
            DependencyKind::Build => "build",
        };
        let [target, requirement] = [target, requirement].map(|text| text.as_deref().unwrap_or("-"));
        let registry = registry.as_ref().map_or("-", RegistryName::as_str);
        format!("{package} as {key} {kind} {target} {requirement} {registry}")
    };
    let mut edges: Vec<String> = dependencies.iter().map(told).collect();
    edges.sort();
    edges
}

const EDGES: [&str; 5] = [
    "zz-core as zz-core normal - ^0.1 -",
    "zz-patched as zz-patched normal - ^0.1.0 -",
    "zz-util as renamed normal - >=0.1, <0.3 -",
    "zz-util as zz-util build cfg(unix) * ours",
    "zz-util as zz-util dev - - -",
];

/// Members, versions, edges of every kind, default members and where each may go; the texts that may be edited.
#[test]
fn members_are_told_as_written() {
    sealed(module_path!(), "members_are_told_as_written", |world| {
        workspace(world);
        locked(world);
        world.commit("start");
        let place = world.place();
        let packages = &place.workspace.packages;
        let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["cli", "zz-core", "zz-patched", "zz-util"]);
        let cli = &packages[0];
        assert_eq!((cli.version.to_string().as_str(), cli.inherits_version, cli.default_member), ("0.3.0", true, true));
        assert_eq!(cli.publish, PublishTo::Only(vec!["ours".into(), "crates-io".into()]));
        assert_eq!(cli.targets, ["bin", "custom-build"]);
        assert_eq!(edges(&cli.dependencies), EDGES);
        assert_eq!((packages[1].publish.clone(), packages[1].default_member), (PublishTo::Nowhere, false));
        assert_eq!(place.workspace.lockfile, Lockfile::Committed);
        let config = defaults(packages.iter().map(|package| &package.name));
        let snapshot = observe(&place, &config, &world.options()).unwrap();
        assert_eq!(snapshot.workspace.texts["crates/cli/CHANGELOG.md"], "# Changelog\r\n");
        assert!(snapshot.workspace.texts.contains_key("Cargo.lock"));
        assert_eq!(snapshot.registries.keys().map(RegistryName::as_str).collect::<Vec<_>>(), ["crates-io", "ours"]);
        let text = serde_json::to_string(&snapshot).unwrap();
        assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
    });
}

// What is observed and what is decided share each manifest: it is parsed once, and once more when it is edited.
#[test]
fn manifests_are_parsed_once() {
    sealed(module_path!(), "manifests_are_parsed_once", |world| {
        world.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"once/*\"]\n[workspace.dependencies]\nzz-a = { path = \"once/zz-a\", version = \"0.1\" }\n",
        );
        world.package("once/zz-a", "");
        world.package("once/zz-b", "[dependencies]\nzz-a.workspace = true\n");
        world.package("once/zz-c", "[dependencies]\nzz-b = { path = \"../zz-b\", version = \"0.1\" }\n");
        world.commit("start");
        let place = world.place();
        let config = defaults(place.workspace.packages.iter().map(|package| &package.name));
        let snapshot = observe(&place, &config, &world.options()).unwrap();
        let plan = decide(&snapshot, &config, &asking("minor", None)).unwrap();
        assert_eq!(plan.packages.len(), 3);
        assert_eq!(parses_below(&"once".into()), 3 + 3, "three members, all of them edited");
    });
}

// That a large lock file is fresh is kept, and counts for that file and those manifests alone: not for another version, nor
// for a lock file that lost a package, nor with what was kept damaged.
#[test]
fn a_fresh_lock_file_is_kept_as_long_as_nothing_changes() {
    sealed(module_path!(), "a_fresh_lock_file_is_kept_as_long_as_nothing_changes", |world| {
        world.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n");
        for number in 0..64 {
            world.package(&format!("crates/unit-{number:02}"), "");
        }
        locked(world);
        world.commit("start");
        let seen = || world.place().workspace.lockfile;
        let kept = world.path(".git/cargo-release/cache/lock");
        assert_eq!((seen(), kept.exists()), (Lockfile::Committed, true));
        assert_eq!(seen(), Lockfile::Committed);
        let question = std::fs::read(&kept).unwrap();
        std::fs::write(&kept, &question[1..]).unwrap();
        assert_eq!((seen(), std::fs::read(&kept).unwrap()), (Lockfile::Committed, question));
        let manifest = std::fs::read_to_string(world.path("crates/unit-07/Cargo.toml")).unwrap();
        let lock = std::fs::read_to_string(world.path("Cargo.lock")).unwrap();
        world.write("crates/unit-07/Cargo.toml", &manifest.replace("0.1.0", "0.2.0")).commit("bump");
        assert_eq!(seen(), Lockfile::Stale);
        let without = lock.replace("[[package]]\nname = \"unit-07\"\nversion = \"0.1.0\"\n\n", "");
        world.write("crates/unit-07/Cargo.toml", &manifest).write("Cargo.lock", &without).commit("cut");
        assert_eq!(seen(), Lockfile::Stale);
        world.write("Cargo.lock", &lock).commit("back");
        assert_eq!(seen(), Lockfile::Committed);
    });
}

/// A lockfile that is out of date, missing or ignored is reported, the edges are still read, and it is not touched.
#[test]
fn lockfile_is_told_and_left_alone() {
    sealed(module_path!(), "lockfile_is_told_and_left_alone", |world| {
        workspace(world);
        world.commit("start");
        let place = world.place();
        assert_eq!(place.workspace.lockfile, Lockfile::Absent);
        assert_eq!(edges(&place.workspace.packages[0].dependencies), EDGES);
        assert!(!world.path("Cargo.lock").exists());
        locked(world);
        assert_eq!(world.place().workspace.lockfile, Lockfile::Untracked);
        world.commit("lock");
        let manifest = ROOT.replace("0.3.0", "0.4.0");
        let lock = std::fs::read(world.path("Cargo.lock")).unwrap();
        world.write("Cargo.toml", &manifest).commit("bump");
        let place = world.place();
        assert_eq!(place.workspace.lockfile, Lockfile::Stale);
        assert_eq!(edges(&place.workspace.packages[0].dependencies), EDGES);
        assert_eq!(std::fs::read(world.path("Cargo.lock")).unwrap(), lock);
    });
}

/// A file that is no text is reported with the reason, and the rest is read.
#[test]
fn unreadable_changelog_is_told() {
    sealed(module_path!(), "unreadable_changelog_is_told", |world| {
        world.package(".", "");
        std::fs::write(world.path("CHANGELOG.md"), b"\xff\xfe").unwrap();
        world.write("Cargo.toml", "[package]\nname = \"one\"\nversion = \"1.0.0\"\n").commit("start");
        let place = world.place();
        assert_eq!(place.workspace.root_package, Some("one".into()));
        let snapshot = observe(&place, &defaults([&"one".into()]), &world.options()).unwrap();
        assert_eq!(
            snapshot.workspace.unreadable.keys().map(|path| path.as_str()).collect::<Vec<_>>(),
            ["CHANGELOG.md"]
        );
    });
}

/// Configuration is found beside each manifest; a file that was given must be there.
#[test]
fn configuration_is_found_in_its_places() {
    sealed(module_path!(), "configuration_is_found_in_its_places", |world| {
        workspace(world);
        world.write("release.toml", "tag = false\n").write("crates/cli/release.toml", "push = false\n").commit("start");
        std::fs::write(std::env::home_dir().unwrap().join(".release.toml"), "verify = false\n").unwrap();
        let config = world.place().config;
        assert_eq!(config.workspace.unwrap().text, "tag = false\n");
        assert_eq!(config.home.unwrap().text, "verify = false\n");
        assert_eq!(config.packages.into_values().map(|found| found.text).collect::<Vec<_>>(), ["push = false\n"]);
        let options = Options { config_file: Some("gone.toml".into()), ..world.options() };
        let refused = locate(&world.environment(), &options).err().unwrap();
        assert_eq!(refused.kind(), Kind::Unplannable);
    });
}

/// What cargo does not take is quoted.
#[test]
fn refusal_of_cargo_is_quoted() {
    sealed(module_path!(), "refusal_of_cargo_is_quoted", |world| {
        world.write("Cargo.toml", "[package]\nname = 3\n").commit("start");
        let refused = locate(&world.environment(), &world.options()).err().unwrap();
        assert_eq!(refused.kind(), Kind::Unplannable);
        assert!(refused.why().join("\n").contains("name = 3"), "{refused}");
    });
}

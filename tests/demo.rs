//! The demo workspace, made with the real git and cargo.

use std::collections::BTreeSet;

use cargo_release::testing::names::RegistryName;
use cargo_release::testing::registry::BoxedRegistry;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::rehearse::demo;
use cargo_release::testing::rehearse::demo::Demo;
use cargo_release::testing::system::process::Program;
use tempfile::TempDir;

fn made() -> (TempDir, Demo) {
    let dir = tempfile::tempdir().expect("a directory");
    let index = "sparse+http://127.0.0.1:9/index/";
    let demo = demo::create(dir.path(), index, &RegistryName::from("box")).expect("a demo");
    (dir, demo)
}

/// Runs a program in the checkout, with nothing of the user's configuration, and takes its stdout.
fn said(demo: &Demo, line: &str) -> String {
    let mut words = line.split(' ');
    let program = Program::new(words.next().expect("a program")).args(words).dir(&demo.checkout);
    let home = demo.checkout.parent().expect("a directory").join("home");
    let sealed = program.env("HOME", &home).env("CARGO_HOME", home.join("cargo"));
    let sealed = sealed.env("CARGO_REGISTRIES_BOX_TOKEN", "any-token").env("NO_PROXY", "127.0.0.1");
    let sealed = sealed.env("CARGO_TARGET_DIR", demo.checkout.join("target"));
    let sealed = sealed.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    sealed.succeed().unwrap_or_else(|failure| panic!("{failure}")).text()
}

/// Six crates with a lockfile that is up to date, everything committed and pushed.
#[test]
fn is_clean_and_locked() {
    let (_dir, demo) = made();
    let metadata = said(&demo, "cargo metadata --locked --offline --format-version 1");
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(Vec::from_iter(names), ["tea-cup", "tea-leaf", "tea-party", "tea-pot", "tea-tasks", "tea-timer"]);
    assert_eq!(said(&demo, "git status --porcelain --branch"), "## main...origin/main");
    assert_eq!(said(&demo, "git ls-files Cargo.lock .cargo/config.toml"), ".cargo/config.toml\nCargo.lock");
    assert_eq!(said(&demo, "git log -1 --format=%an,%ae"), "Demo,demo@example.invalid");
}

/// The workspace builds at each commit that changes it, is pushed, and only one commit breaks anything.
#[test]
fn goes_on_building() {
    let (_dir, demo) = made();
    let before = said(&demo, "git rev-parse HEAD");
    let subjects = demo::change(&demo).expect("changes");
    let logged = said(&demo, &format!("git log --reverse --format=%s {before}..origin/main"));
    assert_eq!(logged, subjects.join("\n"));
    assert_eq!(subjects.iter().filter(|subject| subject.contains("!:")).count(), 1);
    for back in (0..subjects.len()).rev() {
        said(&demo, &format!("git checkout --quiet --detach main~{back}"));
        said(&demo, "cargo check --workspace --locked --offline --quiet");
    }
    assert_eq!(said(&demo, "git status --porcelain"), "");
}

/// The registry in the box takes the five public crates as they stand.
#[test]
fn can_be_published() {
    let dir = tempfile::tempdir().expect("a directory");
    let registry = BoxedRegistry::start(&dir.path().join("registry"), Faults::none()).expect("a registry");
    let demo = demo::create(dir.path(), &registry.index_url(), &RegistryName::from("box")).expect("a demo");
    said(&demo, "cargo publish --workspace --locked --no-verify");
    let published: BTreeSet<String> = registry.published().iter().map(|one| one.name.to_string()).collect();
    assert_eq!(Vec::from_iter(published), ["tea-cup", "tea-leaf", "tea-party", "tea-pot", "tea-timer"]);
    assert_eq!(said(&demo, "git status --porcelain"), "");
}

/// A fix fixes something: the files of the last commit differ from those before it.
#[test]
fn changes_what_it_says() {
    let (_dir, demo) = made();
    demo::change(&demo).expect("changes");
    let touched = |back: usize| said(&demo, &format!("git show --format= --name-only main~{back}"));
    assert_eq!([touched(1), touched(0)], ["tea-leaf/src/lib.rs", "tea-cup/src/lib.rs"]);
}

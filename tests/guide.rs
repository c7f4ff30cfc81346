//! The guide is true: what it tells the reader to type is typed, page by page, in a workspace like the reader's.
//!
//! A block `sh` is run as it is, by a shell, with the real cargo, git and `cargo release`. A block `sh,ignore` needs what
//! no test has (an account, a server, a terminal), or is shown beside one that is run.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::path::Path;

use support::Member;
use support::Workspace;
use support::World;

/// Blocks of a page that are run.
fn blocks(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(support::here(page)).unwrap();
    let parts = text.split("```sh\n").skip(1).map(|part| part.split("```").next().unwrap().to_owned());
    parts.collect()
}

/// Types what a page says.
fn follow(page: &str, world: &World) {
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-release")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::iter::once(program.to_owned()).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).unwrap();
    let blocks = blocks(page);
    assert!(!blocks.is_empty(), "{page} has nothing to type");
    for block in blocks {
        let mut shell = world.command("sh", &world.checkout());
        let output =
            shell.args(["-euc", &block]).env("PATH", &path).stdin(std::process::Stdio::null()).output().unwrap();
        let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{page}: {}\n{block}\n-- stdout\n{said}\n-- stderr\n{told}", output.status);
    }
}

/// One crate at the root, pushed, never released.
fn one_crate() -> World {
    let world = World::empty(&[support::BOX]);
    let manifest = "[package]\nname = \"teapot\"\nversion = \"0.1.0\"\nedition = \"2024\"\ndescription = \"Pours\"\n\
                    license = \"MIT\"\npublish = [\"box\"]\n";
    world.write("Cargo.toml", manifest);
    world.write("src/lib.rs", "//! A teapot.\n");
    world.write(".gitignore", "/target\n/plan.json\n/schema.json\n");
    world.cargo(&["generate-lockfile", "--offline", "--quiet"]);
    world.commit("feat: begin");
    world.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    world
}

/// Two crates that were released once, and one of them changed since.
fn two_crates() -> World {
    let world = Workspace::of([Member::new("core"), Member::new("cli").needs(&["core"])]).made();
    world.release("-x --no-confirm").ends_well();
    world.write("core/src/lib.rs", "//! core\n\n/// Steeps.\npub fn steep() {}\n");
    world.commit("feat(core): steep");
    world
}

// A reader who never released anything gets to a second release.
#[test]
fn first_release() {
    let world = one_crate();
    follow("docs/guide/first-release.md", &world);
    assert_eq!(world.git(&["tag", "--list"]), "v0.1.0");
}

// What the introduction shows can be typed anywhere.
#[test]
fn index() {
    follow("docs/index.md", &one_crate());
}

// A plan is kept and carried out as it was kept.
#[test]
fn formats() {
    let world = one_crate();
    follow("docs/formats.md", &world);
    assert_eq!(world.git(&["tag", "--list"]), "v0.1.0");
}

// Packages are chosen in every way that the page names.
#[test]
fn workspaces() {
    follow("docs/guide/workspaces.md", &two_crates());
}

// Entries are written, drafted and noted.
#[test]
fn changelogs() {
    let world = one_crate();
    follow("docs/guide/changelogs.md", &world);
    assert!(world.checkout().join(".changes").is_dir());
}

// A release commit is prepared for review.
#[test]
fn protected_branches() {
    let world = two_crates();
    follow("docs/guide/protected-branches.md", &world);
    world.release("abort").ends_well();
}

// A release that stopped goes on, and one that is not wanted is taken back.
#[test]
fn recovering() {
    let world = two_crates();
    follow("docs/guide/recovering.md", &world);
    world.release("status").ends_well();
}

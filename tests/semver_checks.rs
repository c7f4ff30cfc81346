//! The real `cargo semver-checks`, asked about every change that the Cargo book lists: what it sees is what
//! `docs/semver.md` says that it sees.
//!
//! Behind the feature `e2e`: `cargo test --features e2e --test semver_checks`. The program is the one that the variable
//! `CARGO_SEMVER_CHECKS` names, else the one that `.ci/run` has installed. No network is used.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests build the world that is released")]

#[path = "semver/book.rs"]
mod book;
mod support;

use std::path::PathBuf;

use book::ROWS;
use book::Row;
use book::Seen;
use support::Member;
use support::Run;
use support::Workspace;
use support::World;

/// The program.
fn program() -> String {
    let named = std::env::var_os("CARGO_SEMVER_CHECKS").map(PathBuf::from);
    let installed = || std::env::home_dir().unwrap().join(".cache/cargo-release-e2e/bin/cargo-semver-checks");
    let program = named.unwrap_or_else(installed);
    assert!(program.is_file(), "`{}` is missing: `.ci/run` installs it", program.display());
    program.display().to_string()
}

/// The changes that are made to sources.
fn rows() -> Vec<&'static Row> {
    let in_sources = |row: &&Row| !matches!(row.seen, Seen::Manifest(_)) && row.texts != ["", ""];
    ROWS.iter().filter(in_sources).collect()
}

fn plan(world: &World, arguments: &str) -> Run {
    world.release_with(&format!("plan --offline {arguments}"), &[("CARGO_SEMVER_CHECKS", &program())])
}

/// What the check says of each package: the highest level among its reasons.
fn told(run: &Run, name: &str) -> Option<(String, String)> {
    let plan = run.json();
    let package = plan["packages"].as_array().unwrap().iter().find(|package| package["name"] == name);
    let package = package.unwrap_or_else(|| panic!("{name} is not released: {}", run.stderr));
    let reasons = package["reasons"].as_array().unwrap();
    let first = reasons.iter().find(|reason| reason["kind"] == "api")?;
    let text = |key: &str| first[key].as_str().unwrap().to_owned();
    Some((text("level"), text("lint")))
}

// One package for each change, released and then changed: what is seen of all of them is in the table, no more, no less.
#[test]
fn the_changes_of_the_book() {
    let members = rows().into_iter().map(|row| Member::new(row.anchor).at("1.0.0").private());
    let mut workspace = Workspace::of(members);
    for row in rows() {
        workspace = workspace.file(&format!("{}/src/lib.rs", row.anchor), &format!("{}\n", row.texts[0]));
    }
    let world = workspace.made();
    for row in rows() {
        world.git(&["tag", &format!("{}-v1.0.0", row.anchor)]);
        world.write(&format!("{}/src/lib.rs", row.anchor), &format!("{}\n", row.texts[1]));
    }
    world.commit("fix: nothing to speak of");
    let run = plan(&world, "--format json --semver-check require").ends_well();
    let mut wrong = Vec::new();
    for row in rows() {
        let seen = told(&run, row.anchor);
        println!("{:45} {seen:?}", row.anchor);
        let expected = match row.seen {
            Seen::Api(level) | Seen::Signatures(level @ "breaking") => Some(level),
            // What may break and may not is a warning, and no reason.
            Seen::Manifest(_) | Seen::Signatures(_) | Seen::Nobody => None,
        };
        if seen.as_ref().map(|(level, _)| level.as_str()) != expected {
            wrong.push(format!("{}: {seen:?} instead of {expected:?}", row.anchor));
        }
    }
    assert!(wrong.is_empty(), "the table says otherwise:\n{}", wrong.join("\n"));
}

// Asked again about the same two trees, it answers the same, and so does the second library of the same name.
#[test]
fn asked_again() {
    let renamed = "\n[lib]\nname = \"core\"\n";
    let members = [Member::new("core").private(), Member::new("core-next").private().with(renamed)];
    let source = |body: &str| format!("//! One.\n{body}\n");
    let world = Workspace::of(members)
        .file("core/src/lib.rs", &source("pub fn one() {}"))
        .file("core-next/src/lib.rs", &source("pub fn other() {}"))
        .made();
    for name in ["core", "core-next"] {
        world.git(&["tag", &format!("{name}-v0.1.0")]);
    }
    world.write("core/src/lib.rs", &source(""));
    world.write("core-next/src/lib.rs", &source("pub fn other() {}\n/// More.\npub fn more() {}"));
    world.commit("fix: less, and more");
    for _again in 0..3 {
        let run = plan(&world, "--format json --semver-check require").ends_well();
        assert_eq!(told(&run, "core"), Some(("breaking".to_owned(), "function_missing".to_owned())));
        assert_eq!(told(&run, "core-next"), None);
    }
}

// What does not build is told with the side that it is on, and is never taken for compatible. It blocks where the
// comparison is required.
#[test]
fn what_does_not_build() {
    let world = Workspace::of([Member::new("core").private()]).file("core/src/lib.rs", "pub fn broken( {}\n").made();
    world.git(&["tag", "core-v0.1.0"]);
    world.change("fix: mend it", "core/src/lib.rs", "//! Mended.\n");
    plan(&world, "").ends_well().says("api-not-compared");
    let run = plan(&world, "--semver-check require").ends(1).says("api-not-compared");
    assert!(run.stdout.contains("(baseline)"), "{}", run.stdout);
}

// A package that was one alone, and is the member of a workspace now, is compared all the same, and so is one that moved.
#[test]
fn a_package_that_joined_a_workspace() {
    let world = World::empty(&[]);
    let manifest = "[package]\nname = \"core\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n";
    world.write("Cargo.toml", manifest).write("src/lib.rs", "//! One.\npub fn one() {}\n");
    world.commit("feat: begin");
    world.git(&["tag", "core-v0.1.0"]);
    world.git(&["rm", "--quiet", "-r", "Cargo.toml", "src"]);
    world.write("Cargo.toml", "[workspace]\nmembers = [\"core\"]\nresolver = \"3\"\n");
    world.write("core/Cargo.toml", manifest).write("core/src/lib.rs", "//! None.\n");
    world.cargo(&["generate-lockfile", "--offline", "--quiet"]);
    world.commit("fix: move in");
    let run = plan(&world, "--format json --semver-check require").ends_well();
    assert_eq!(told(&run, "core"), Some(("breaking".to_owned(), "function_missing".to_owned())));
}

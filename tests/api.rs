//! The API check with a program that stands in for `cargo semver-checks` and answers as it does: what it said was
//! recorded from version 0.51.0. The real one is asked in `tests/semver_checks.rs`.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests build the world that is released")]

mod support;

use support::Member;
use support::Run;
use support::Workspace;
use support::World;
use support::script_at;

/// What the real one printed, and the roots of the trees in it.
const REPORT: &str = include_str!("semver/report.txt");
const BROKEN: &str = include_str!("semver/broken.txt");

/// `core` and `cli`, released, and then both changed by a fix.
fn changed() -> World {
    let members = [Member::new("core").at("1.2.3").private(), Member::new("cli").at("1.0.0").private()];
    let world = Workspace::of(members).made();
    world.git(&["tag", "core-v1.2.3"]);
    world.git(&["tag", "cli-v1.0.0"]);
    world.change("fix: less", "core/src/lib.rs", "//! Less.\n");
    world.change("fix: more", "cli/src/lib.rs", "//! More.\n");
    world
}

/// A stand-in of this version that says these things with these statuses: for a patch, and for a minor release.
fn stand_in(world: &World, version: &str, [patch, minor]: [i32; 2]) -> String {
    let path = world.path("stand-in/cargo-semver-checks");
    let dir = world.path("stand-in");
    let script = format!(
        "cd {dir}\n\
         case \"$*\" in\n\
         *--version*) echo cargo-semver-checks {version}; exit 0;;\n\
         esac\n\
         echo \"$*\" >> calls\n\
         env | grep -c _TOKEN= >> tokens || true\n\
         echo \"$CARGO_NET_OFFLINE\" >> offline\n\
         cat said >&2\n\
         cat report\n\
         case \"$*\" in *'--release-type patch'*) exit {patch};; *) exit {minor};; esac\n",
        dir = dir.display()
    );
    script_at(&path, &script);
    std::fs::write(dir.join("report"), REPORT).unwrap();
    std::fs::write(dir.join("said"), BROKEN).unwrap();
    path.display().to_string()
}

fn plan(world: &World, arguments: &str, program: &str) -> Run {
    world.release_with(&format!("plan {arguments}"), &[("CARGO_SEMVER_CHECKS", program)])
}

/// Where a package goes, and the levels of its reasons.
fn decision(run: &Run, name: &str) -> (String, Vec<String>) {
    let plan = run.json();
    let package = plan["packages"].as_array().unwrap().iter().find(|package| package["name"] == name).unwrap();
    let reason = |reason: &serde_json::Value| {
        let text = |key: &str| reason[key].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("kind"), text("level"), text("lint"), text("path"))
    };
    (package["to"].as_str().unwrap().to_owned(), package["reasons"].as_array().unwrap().iter().map(reason).collect())
}

fn kept(world: &World, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(world.path("stand-in").join(file)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

// Compatible: the commits decide, one call is enough for each package, no token is in its sight, and the trees are laid
// out beside the checkout, which stays as it is.
#[test]
fn compatible() {
    let world = changed();
    let before = world.git(&["status", "--porcelain", "--ignored"]);
    let run = plan(&world, "--format json", &stand_in(&world, "0.51.0", [0, 0])).ends_well();
    assert_eq!(decision(&run, "core"), ("1.2.4".to_owned(), vec!["commit patch - -".to_owned()]));
    assert!(run.stderr.contains("Compared core: compatible"), "{}", run.stderr);
    let mut calls = kept(&world, "calls");
    calls.sort();
    assert_eq!(calls.len(), 2);
    assert!(calls[1].contains("--release-type patch --package core --manifest-path"), "{calls:?}");
    assert_eq!(kept(&world, "tokens"), ["0", "0"]);
    assert_eq!(world.git(&["status", "--porcelain", "--ignored"]), before);
    assert!(!calls[1].contains(&world.checkout().join("core").display().to_string()), "{calls:?}");
}

// It needs at least a minor release, or a major one: the statuses decide, the lints are the reasons.
#[test]
fn needs_more() {
    let world = changed();
    let run = plan(&world, "--format json", &stand_in(&world, "0.51.0", [100, 0])).ends_well();
    let (to, reasons) = decision(&run, "core");
    assert_eq!((to.as_str(), reasons[0].as_str()), ("1.3.0", "api feature constructible_struct_adds_field -"));
    assert_eq!(reasons.len(), 5);

    let run = plan(&world, "--format json", &stand_in(&world, "0.51.0", [100, 100])).ends_well();
    let (to, reasons) = decision(&run, "core");
    assert_eq!((to.as_str(), reasons[0].as_str()), ("2.0.0", "api breaking constructible_struct_adds_field -"));
    run.says("Compared core: breaking");
}

// Words that nobody can read change nothing about what is decided.
#[test]
fn other_words_decide_the_same() {
    let world = changed();
    let program = stand_in(&world, "0.99.0", [100, 100]);
    std::fs::write(world.path("stand-in/report"), "semver requires new minor version\n").unwrap();
    let (to, reasons) = decision(&plan(&world, "--format json", &program).ends_well(), "core");
    assert_eq!((to.as_str(), reasons[0].as_str()), ("2.0.0", "api breaking cargo-semver-checks -"));
}

// Anything but the two documented statuses is no answer: a warning where the check is asked for, told once for all
// packages, and a refusal where it is required.
#[test]
fn could_not_be_compared() {
    let world = changed();
    let broken = stand_in(&world, "0.51.0", [101, 0]);
    let said = "the APIs of `cli`, `core` could not be compared with the last release: `cargo semver-checks` ended with \
                status 101 at `Building toy-core v1.2.3 (baseline)`: error: this file contains an unclosed delimiter";
    let run = plan(&world, "--format json", &broken).ends_well();
    let findings = run.json()["findings"].clone();
    let about = findings.as_array().unwrap().iter().filter(|finding| finding["code"] == "api-not-compared");
    let about: Vec<_> = about.map(|finding| (finding["severity"].clone(), finding["message"].clone())).collect();
    assert_eq!(about, [("warning".into(), said.into())]);
    assert_eq!(decision(&run, "core").0, "1.2.4");
    plan(&world, "--semver-check require", &broken).ends(1).says("api-not-compared");
    plan(&world, "--semver-check off", &broken).ends_well();

    // A first answer without a second is none either.
    let half = stand_in(&world, "0.51.0", [100, 1]);
    plan(&world, "--semver-check require", &half).ends(1).says("ended with status 1");
}

// Below 0.51 the status does not tell what was found from what could not be looked for.
#[test]
fn too_old() {
    let world = changed();
    let old = stand_in(&world, "0.50.1", [0, 0]);
    let said = "`cargo semver-checks` 0.50.1 is too old, 0.51.0 or newer is required";
    plan(&world, "--semver-check require", &old).ends(1).says("is too old");
    let run = plan(&world, "--explain core", &old).ends_well();
    assert!(run.stdout.replace("\n              ", "").contains(said), "{}", run.stdout);
    assert_eq!(kept(&world, "calls"), [""; 0]);
}

// Where nobody asked for the program, that it is not there is no finding, and the levels say what they come from; where
// somebody did, it is one.
#[test]
fn not_installed() {
    let world = changed();
    let run = plan(&world, "", "").ends_well();
    assert!(!format!("{}{}", run.stdout, run.stderr).contains("api-not-compared"), "{}", run.stdout);
    plan(&world, "--semver-check auto", "").ends_well().says("api-not-compared");
    plan(&world, "--semver-check require", "").ends(1).says("is not installed");
    plan(&world, "--explain core", "").ends_well().says("not compared: `cargo semver-checks` is not installed");
}

// `--offline` holds for what the program starts as well.
#[test]
fn offline() {
    let world = changed();
    let program = stand_in(&world, "0.51.0", [0, 0]);
    plan(&world, "--offline", &program).ends_well();
    assert_eq!(kept(&world, "offline"), ["true", "true"]);
}

// A package that says already that it breaks is not compared, and neither is one that is not selected.
#[test]
fn only_what_may_change_the_decision_is_compared() {
    let world = changed();
    world.change("fix!: even less", "core/src/lib.rs", "//! Even less.\n");
    let program = stand_in(&world, "0.51.0", [0, 0]);
    plan(&world, "", &program).ends_well();
    let calls = kept(&world, "calls");
    assert!(calls.len() == 1 && calls[0].contains("--package cli"), "{calls:?}");
    plan(&world, "-p core", &program).ends_well();
    assert_eq!(kept(&world, "calls").len(), 1);
}

// What is published is what was compared: a release with -x asks as the plan does, and refuses as it does.
#[test]
fn a_release_asks_too() {
    let world = changed();
    let broken = stand_in(&world, "0.51.0", [101, 0]);
    let run = world.release_with("-x --no-confirm --semver-check require", &[("CARGO_SEMVER_CHECKS", &broken)]);
    run.ends(1).says("api-not-compared");
    assert_eq!(world.git(&["tag", "--list"]).lines().count(), 2);
    let breaks = stand_in(&world, "0.51.0", [100, 100]);
    let run = world.release_with("-x --no-confirm -p core", &[("CARGO_SEMVER_CHECKS", &breaks)]);
    run.ends_well();
    assert!(world.git(&["tag", "--list"]).contains("core-v2.0.0"));
}

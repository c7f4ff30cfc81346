//! When something is wrong with this program, or with the machine: what the user is told, and what a report holds.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use support::Member;
use support::Workspace;
use support::World;

/// A workspace whose remote has a password in its address.
fn workspace() -> World {
    let world = Workspace::of([Member::new("core"), Member::new("kettle").needs(&["core"])])
        .configured("sign-tag = false\n")
        .file("kettle/release.toml", "owners = [\"ann\"]\n")
        .made();
    world.git(&["remote", "add", "forge", "https://ann:hunter2@example.com/tea.git"]);
    world.git(&["config", "user.signingkey", "very-private"]);
    world.git(&["config", "core.autocrlf", "input"]);
    world
}

// A panic in the middle of a release says where the journal is and what to send, and the release goes on afterwards.
#[test]
fn a_panic_says_where_the_journal_is() {
    let world = workspace();
    let run = world.release_with("-x --no-confirm", &[("CARGO_RELEASE_FAILPOINT", "panic 9")]).ends(70);
    let said = run.stderr;
    assert!(said.contains("error: internal error: place 9 of the tests (src/tools/system/failpoint.rs:"), "{said}");
    assert!(said.contains("this is a bug in cargo-release"), "{said}");
    assert!(said.contains("`cargo release doctor`"), "{said}");
    assert!(!said.contains("stack backtrace") && !said.contains("RUST_BACKTRACE"), "{said}");
    let dir = world.checkout().canonicalize().unwrap().join(".git/cargo-release");
    assert!(said.contains(&format!("in `{}`", dir.display())), "{said}");
    let status = world.release("status --format json").ends(3).json();
    assert_eq!((&status["unfinished"], &status["release"]["published"]), (&true.into(), &false.into()));
    assert_eq!(status["release"]["steps"][0]["state"], "done");
    world.release("resume --no-confirm").ends_well();
    world.has_released(&["core 0.1.0 in box", "kettle 0.1.0 in box"]);
    assert_eq!(world.release("status --format json").ends_well().json()["unfinished"], false);
}

// A backtrace comes to those who ask for one.
#[test]
fn a_backtrace_is_asked_for() {
    let world = workspace();
    let variables = [("CARGO_RELEASE_FAILPOINT", "panic 9"), ("RUST_BACKTRACE", "1")];
    let said = world.release_with("-x --no-confirm", &variables).ends(70).stderr;
    assert!(said.contains("stack backtrace:"), "{said}");
}

// What a report needs is there, in words and as JSON; secrets are not.
#[test]
fn doctor_tells_what_a_report_needs() {
    let world = workspace();
    let said = world.release("doctor").ends_well().stdout;
    for fact in [
        concat!("cargo-verified-release ", env!("CARGO_PKG_VERSION")),
        "git version ",
        "members           2",
        "remote forge     https://example.com/tea.git",
        "core.autocrlf    input (local)",
        "user.signingkey  (set) (local)",
        "release.toml",
        "package kettle",
        "packages: 2; token variable: set",
        "journal    none",
    ] {
        assert!(said.contains(fact), "{fact:?} is missing:\n{said}");
    }
    let json = world.release("doctor --format json").ends_well();
    let sections = json.json()["sections"].clone();
    assert_eq!((&sections[0]["title"], &sections[3]["title"]), (&"programs".into(), &"repository".into()));
    for secret in ["hunter2", "any-token", "very-private", "ann@example.com"] {
        assert!(!said.contains(secret) && !json.stdout.contains(secret), "{secret} is in\n{said}");
    }
}

// On a machine where nothing can be planned, the doctor still answers, and says why.
#[test]
fn doctor_answers_where_nothing_else_does() {
    let world = workspace();
    world.write("core/Cargo.toml", "[package\n");
    let said = world.release("doctor").ends_well().stdout;
    assert!(said.contains("cannot be read") && said.contains("core/Cargo.toml"), "{said}");
    assert!(said.contains("git settings"), "{said}");
}

// A configuration that is wrong does not keep the rest from being told; an unfinished release is named with its journal.
#[test]
fn doctor_tells_of_what_is_unfinished() {
    let world = workspace();
    world.release("-x --no-confirm --until verify").ends_well();
    world.write("release.toml", "pusch = true\n");
    let said = world.release("doctor").ends_well().stdout;
    assert!(said.contains("unknown key `pusch`"), "{said}");
    assert!(said.contains("(unfinished)") && said.contains("journal.jsonl"), "{said}");
}

//! What a person sees, in real terminals of several widths, with colours: the plan, the question, a release while it runs, waits,
//! fails and ends.

#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a terminal is made, and programs run in it")]

mod support;
#[path = "screens/terminal.rs"]
mod terminal;

use std::time::Duration;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;
use support::Asked;
use support::BOX;
use support::Break;
use support::Member;
use support::Workspace;
use support::World;
use support::is_kept;
use terminal::Terminal;

/// What takes the progress off a task bar.
const NO_PROGRESS: &str = "\x1b]9;4;0";

#[track_caller]
fn is_seen(name: &str, terminal: &Terminal<'_>) {
    is_kept(&format!("tests/screens/{name}.txt"), &format!("{}\n", terminal.shown()));
}

/// Three packages, each after the one before, after a first release: one broke, one follows it, one has a fix.
fn three() -> World {
    let members = [Member::new("base"), Member::new("left").needs(&["base"]), Member::new("lamp").needs(&["left"])];
    let world = Workspace::of(members).configured("verify = false\n").made();
    world.release("-x --no-confirm").ends_well();
    world.change(
        "feat(base)!: drop the function `old`, which nobody called for a long time",
        "base/src/lib.rs",
        "//! New.\n",
    );
    world.change("fix(lamp): burn longer", "lamp/src/lib.rs", "//! Longer.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    world
}

/// The plan fits terminals of 60, 80 and 120 columns.
#[test]
fn plan() {
    let world = three();
    for columns in [60, 80, 120] {
        let mut terminal = Terminal::run(&world, columns, "plan");
        assert_eq!(terminal.end(), Some(0));
        is_seen(&format!("plan-{columns}"), &terminal);
    }
}

/// The question repeats what breaks; Ctrl-C leaves everything as it was, and says so.
#[test]
fn question() {
    let world = three();
    let before = world.state();
    let mut terminal = Terminal::run(&world, 80, "-x");
    terminal.until("[y/N]");
    is_seen("question-80", &terminal);
    terminal.types("\x03");
    assert_eq!(terminal.end(), Some(3));
    is_seen("question-interrupted-80", &terminal);
    assert_eq!(world.state(), before);
}

/// Ctrl-C, SIGTERM and SIGHUP leave every prompt at once: everything is as it was, and what is typed afterwards is no answer.
#[test]
fn signals_at_prompts() {
    let world = three();
    let before = world.state();
    let prompts = [
        ("-x", "[y/N]"),
        ("note", "Numbers or names"),
        ("note -p base", "Level"),
        ("note -p base --level patch", "What changes"),
    ];
    for (arguments, prompt) in prompts {
        for signal in ["INT", "TERM", "HUP"] {
            let mut terminal = Terminal::run(&world, 80, arguments);
            terminal.until(prompt).signal(signal).types("y\n");
            assert_eq!(terminal.end(), Some(3), "{signal} at `{prompt}`: {}", terminal.printed());
            assert!(terminal.printed().contains("interrupted"), "{signal} at `{prompt}`: {}", terminal.printed());
            assert_eq!(world.state(), before, "{signal} at `{prompt}`");
        }
    }
}

/// The question says again what the answer depends on: how long the registry keeps the release waiting, and what it did not
/// say about names and owners.
#[test]
fn question_repeats() {
    let metadata = "description = \"Tea.\"\nlicense = \"MIT\"\n";
    let member = |name| Member::new(name).goes_to(&["crates-io"]).with(metadata);
    let config = "verify = false\n[rate-limit]\nnew-packages = 2\n";
    let world = Workspace::of(["assam", "bancha", "ceylon"].map(member)).configured(config).made();
    world.proxy().breaks(Asked::About, Break::Reset, usize::MAX);
    let before = world.is_crates_io().state();
    let mut terminal = Terminal::run(&world, 80, "-x");
    terminal.until("[y/N]");
    is_seen("question-repeats-80", &terminal);
    terminal.types("n\n");
    assert_eq!(terminal.end(), Some(1));
    assert_eq!(world.state(), before);
}

/// While an upload is under way there is a line for it and a bar for the whole.
#[test]
fn upload() {
    for columns in [60, 80, 120] {
        let world = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
        world.goes_wrong(Faults::none().with(Fault::SlowUpload(Duration::from_secs(60))));
        let mut terminal = Terminal::run(&world, columns, "-x --no-confirm");
        // What cargo does stands behind the name until the upload itself begins.
        terminal.until("Uploading").until("base 0.1.0 to box").until("1/3").until_gone("base 0.1.0 to box:");
        is_seen(&format!("upload-{columns}"), &terminal);
        drop(terminal);
    }
}

/// A wait says for what, and until when; at its end the screen has only what is worth keeping, and the terminal knew how far it
/// was.
#[test]
fn wait_and_end() {
    let world = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
    world.goes_wrong(Faults::none().with(Fault::NeverShown));
    let mut terminal = Terminal::run(&world, 80, "-x --no-confirm");
    terminal.until("it is not in the index yet").until("gives up in");
    is_seen("wait-80", &terminal);
    world.registry(BOX).reveal();
    assert_eq!(terminal.end(), Some(0));
    is_seen("end-80", &terminal);
    assert!(terminal.printed().contains(NO_PROGRESS), "the task bar is left as it was found");
}

/// A refusal of the registry is the last thing on the screen, in its words, with the way out.
#[test]
fn refused() {
    for columns in [60, 120] {
        let world = three();
        let refusal = Refusal::new(400, "this crate name is reserved");
        world.goes_wrong(Faults::none().with(Fault::Refuse(refusal).on("lamp")));
        let mut terminal = Terminal::run(&world, columns, "-x --no-confirm");
        assert_eq!(terminal.end(), Some(4));
        assert!(terminal.printed().contains(NO_PROGRESS), "the task bar is left as it was found");
        is_seen(&format!("refused-{columns}"), &terminal);
    }
}

/// A check that finds something says it at the end.
#[test]
fn check() {
    let world = three();
    world.write("base/src/lib.rs", "//! Half a thought.\n");
    for columns in [60, 80, 120] {
        let mut terminal = Terminal::run(&world, columns, "check");
        assert_eq!(terminal.end(), Some(1));
        is_seen(&format!("check-{columns}"), &terminal);
    }
}

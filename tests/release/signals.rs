//! Signals: at the prompt through a real terminal, while the packages are verified, and while a child hangs.

use std::io::Read as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Child;
use std::process::Stdio;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-release");

fn one() -> World {
    Workspace::of([Member::new("base")]).configured("verify = false\n").made()
}

/// A pipe with a name: whoever writes into it waits until it is read here.
fn fifo(world: &World) -> PathBuf {
    let path = world.path("here");
    let made = world.command("mkfifo", &world.path("")).arg(&path).status().unwrap();
    assert!(made.success());
    path
}

fn signal(child: &Child, name: &str) {
    let sent = std::process::Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn begun(world: &World, arguments: &[&str]) -> Child {
    let mut command = world.command(PROGRAM, &world.checkout());
    command.arg("release").args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// What it said and how it ended.
fn ended(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// At the prompt Ctrl-C leaves at once, with everything as it was; what is typed after it is no answer.
#[cfg(target_os = "linux")]
#[test]
fn interrupt_at_the_prompt_changes_nothing() {
    let world = one();
    let before = world.state();
    let mut command = world.command("script", &world.checkout());
    command.args(["-qfec", &format!("exec {PROGRAM} release -x"), "/dev/null"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut said, mut byte) = (Vec::new(), [0]);
    while !String::from_utf8_lossy(&said).contains("[y/N] ") && screen.read(&mut byte).unwrap() > 0 {
        said.extend(byte);
    }
    keys.write_all(b"\x03").unwrap();
    keys.write_all(b"y\n").unwrap_or(());
    screen.read_to_end(&mut said).unwrap();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{said}");
    assert!(said.contains("interrupted") && said.contains("nothing was changed"), "{said}");
    assert_eq!(world.state(), before);
}

/// While packages are verified it is an interruption, and never a package that does not verify. What was being built ends, too.
#[test]
fn interrupt_while_verifying() {
    let world = Workspace::of([Member::new("base")]).made();
    let fifo = fifo(&world);
    // It holds the pipe open for as long as it lives.
    let script = format!(
        "fn main() {{\n    let mut held = std::fs::File::create({fifo:?}).unwrap();\n    \
         std::io::Write::write_all(&mut held, b\"x\").unwrap();\n    std::thread::park();\n    drop(held);\n}}\n"
    );
    world.change("feat(base): prepare", "base/build.rs", &script);
    world.git(&["push", "--quiet", "origin", "main"]);
    let before = world.state();
    let child = begun(&world, &["-x", "--no-confirm"]);
    let mut held = std::fs::File::open(&fifo).unwrap();
    held.read_exact(&mut [0]).unwrap();
    signal(&child, "TERM");
    let (code, said) = ended(child);
    assert_eq!(held.read(&mut [0]).unwrap(), 0, "the build script has ended");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("interrupted") && !said.contains("do not verify"), "{said}");
    assert_eq!(world.state(), before);
}

/// While a push hangs, the signal is passed on; the release goes on later.
#[test]
fn interrupt_while_a_push_hangs() {
    let world = one();
    let fifo = fifo(&world);
    world.remote_hook("pre-receive", &format!("echo here > {}\nsleep 60\n", fifo.display()));
    let child = begun(&world, &["-x", "--no-confirm"]);
    std::fs::read(&fifo).unwrap();
    signal(&child, "HUP");
    let (code, said) = ended(child);
    assert_eq!(code, Some(3), "{said}");
    world.without_remote_hook("pre-receive");
    world.release("resume --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
}

/// A second signal ends it at once, also where something hangs that heeds none.
#[test]
fn second_signal_ends_at_once() {
    let world = one();
    let fifo = fifo(&world);
    let deaf = format!("trap '' INT TERM HUP; echo $$ > {}; exec sleep 60", fifo.display());
    let hook = format!("verify = false\npre-release-hook = [\"sh\", \"-c\", {deaf:?}]\n");
    world.change("chore: hook", "release.toml", &hook);
    world.git(&["push", "--quiet", "origin", "main"]);
    let before = world.state();
    let child = begun(&world, &["-x", "--no-confirm"]);
    let hook = std::fs::read_to_string(&fifo).unwrap();
    signal(&child, "INT");
    signal(&child, "TERM");
    let (code, _) = ended(child);
    assert_eq!(code, Some(3));
    // It was not waited for; a release that waits for it ends it.
    let is_alive = std::process::Command::new("kill").args(["-KILL", hook.trim()]).status().unwrap();
    assert!(is_alive.success(), "the hook was waited for");
    let now = world.state();
    assert_eq!((now.head, now.refs, now.remote), (before.head, before.refs, before.remote));
    world.release("abort").ends_well();
    assert_eq!(world.state().room, before.room);
}

/// Without a terminal, and without a word that nobody is to be asked, nothing is begun.
#[test]
fn nobody_to_ask_is_noticed_first() {
    let world = Workspace::of([Member::new("base")]).made();
    let before = world.state();
    let run = world.release("-x").ends(1).says("no terminal").says("--no-confirm");
    assert!(!run.stderr.contains("Verif"), "{}", run.stderr);
    assert_eq!(world.state(), before);
}

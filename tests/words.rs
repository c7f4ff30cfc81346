//! Every refusal and every finding about bad input, rendered once by the real program into one file that is read in
//! review (`tests/words.txt`), each with its documented exit status, and none of them changes a byte. Beside it the help
//! of every command (`tests/help.txt`).

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests build the world that is refused")]

#[path = "words/cases.rs"]
mod cases;
#[path = "words/world.rs"]
#[expect(dead_code, reason = "other tests use the same world, and other parts of it")]
mod world;

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use cargo_release::testing::system::process::Program;
use cases::Case;

/// How many cases run at once.
const AT_ONCE: usize = 4;

/// Each refusal says what, why and what to do, ends with the documented status, and leaves everything as it was.
#[test]
fn refusals_in_words() {
    let cases = cases::all();
    let next = AtomicUsize::new(0);
    let mut said: Vec<(usize, (String, Vec<String>))> = std::thread::scope(|scope| {
        let work = || {
            let mut said = Vec::new();
            while let Some((at, case)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, cases.get(at)?)))
            {
                said.push((at, rendered(case)));
            }
            said
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    said.sort();
    let (texts, wrong): (String, Vec<_>) = said.into_iter().map(|(_, one)| one).unzip();
    snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV).eq(texts, snapbox::file!["words.txt"].raw());
    assert_eq!(wrong.concat(), Vec::<String>::new());
}

/// The help of every command reads as it is meant to.
#[test]
fn help_of_every_command() {
    let said = |words: &[&str]| {
        let program = Program::new(env!("CARGO_BIN_EXE_cargo-release")).args(words).env("COLUMNS", "80");
        program.without_env("CARGO_TERM_COLOR").succeed().unwrap().text()
    };
    let mut text = format!("## cargo release -h\n\n{}\n\n", said(&["release", "-h"]));
    for command in [
        "",
        "plan",
        "check",
        "pr",
        "announce",
        "note",
        "rehearse",
        "status",
        "resume",
        "abort",
        "schema",
        "config",
        "doctor",
        "completions",
        "man",
        "changes",
        "version",
        "replace",
        "hook",
        "commit",
        "publish",
        "owner",
        "tag",
        "push",
        "yank",
        "audit",
        "init",
    ] {
        let words: Vec<&str> = ["release", command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = said(&words);
        let command = if command.is_empty() { String::new() } else { format!(" {command}") };
        text.push_str(&format!("## cargo release{command} --help\n\n{help}\n\n"));
    }
    snapbox::Assert::new().action_env(snapbox::assert::DEFAULT_ACTION_ENV).eq(text, snapbox::file!["help.txt"].raw());
}

/// A case in words, and what is wrong with it.
fn rendered(case: &Case) -> (String, Vec<String>) {
    let world = (case.make)();
    let before = world.digests();
    let output = world.release(case.arguments);
    let words = world.plain(&format!("{}{}", findings(&output.text()), without_plan(&output.stderr)));
    let words = match words.split_once("error: the plan is ") {
        Some((before, rest)) => format!("{before}error: the plan is [ID]{}", rest.get(16..).unwrap_or_default()),
        None => words,
    };
    let arguments: String = case.arguments.iter().map(|argument| format!(" {argument}")).collect();
    let code = output.code.map_or("none".to_owned(), |code| code.to_string());
    let text = format!("## {}\n$ cargo release{arguments}\n{}\nexit status {code}\n\n", case.name, words.trim_end());
    // What was committed aside and given up stays among git's objects until it collects them.
    let kept = |path: &std::path::Path| {
        let path = path.display().to_string();
        case.arguments.contains(&"-x") && (path.contains("/.git/objects/") || path.contains("/.git/cargo-release"))
    };
    let [before, after] =
        [before, world.digests()].map(|all| all.into_iter().filter(|(path, _)| !kept(path)).collect::<Vec<_>>());
    let changed: Vec<_> = after.iter().filter(|file| !before.contains(file)).map(|(path, _)| path.display()).collect();
    let wrong = [
        (output.code != Some(case.status)).then(|| format!("status {} was documented", case.status)),
        (before != after).then(|| format!("something changed: {changed:?}")),
        (!words.contains("help:") && !words.contains("'--help'")).then(|| "it does not say what to do".to_owned()),
    ];
    let wrong = wrong.into_iter().flatten().map(|wrong| format!("{}: {wrong}", case.name)).collect();
    (text, wrong)
}

/// What comes behind the table of a plan: its findings.
fn findings(plan: &str) -> String {
    let ends = ["\nChangelog  ", "\nEdits  ", "\nCan be undone"];
    let end = ends.iter().filter_map(|end| plan.find(end)).min().unwrap_or(plan.len());
    let plan = plan.get(..end).unwrap_or_default();
    let starts = |line: &&str| line.starts_with("error[") || line.starts_with("warning[");
    let lines: Vec<&str> = plan.lines().skip_while(|line| !starts(line)).collect();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// What is said besides the plan that is carried out.
fn without_plan(said: &str) -> String {
    match said.split_once("\nPlan  ") {
        Some((_, rest)) if said.starts_with("Release of") => {
            let asked = rest.find("? [y/N]").and_then(|end| rest[..end].rfind('\n'));
            asked.map_or(rest, |at| &rest[at + 1..]).to_owned()
        }
        Some(_) | None => said.to_owned(),
    }
}

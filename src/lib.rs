//! `cargo release`: plans and carries out releases of Rust workspaces.
//!
//! ```text
//! config ─┐
//!         ├─► observe ─► Snapshot ─► plan::decide ─► ReleasePlan ─┬─► report
//! request ┘   (reads)    (facts)     (pure)          (a value)    └─► apply (executor + journal)
//! ```
//!
//! `observe` is the only reader of the world and `apply` its only writer, both through the hands in `tools`.
//! `plan` decides, purely, over the facts in `snapshot` and the texts that `manifest` and `changelog`
//! understand. `journal` remembers what a release that was cut short intended. `report` has the words, `cli` the
//! flags, `config` the files. `registry` is a registry in a box, for `rehearse` and the tests. Which room may use
//! which is kept by `tests/architecture.rs`.

#![cfg_attr(
    not(feature = "testing"),
    allow(unreachable_pub, reason = "what is public inside the private rooms is for the tests")
)]

mod apply;
mod changelog;
mod check;
mod cli;
mod commands;
mod commit_message;
mod config;
mod duration_as;
mod error;
mod forge;
#[cfg(feature = "testing")]
mod fuzzing;
mod journal;
mod level;
mod manifest;
mod names;
mod observe;
mod phrase;
mod plan;
mod registry;
mod rehearse;
mod report;
mod snapshot;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod testing;
mod tools;

use std::ffi::OsString;
use std::process::ExitCode;

use cli::Cli;
use cli::Verb;
use commands::session;
use commands::session::Session;
use commands::terminal;
use error::Result;
use plan::Single;
use tools::system::environment::Environment;

/// Runs the program on these arguments, the first of them its own name.
///
/// Results go to stdout, words to stderr. The exit code is the documented one.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.iter().any(|argument| argument == "--cargo-plugin") {
        return session::gate();
    }
    if commands::complete::answered(&arguments) {
        return ExitCode::SUCCESS;
    }
    let cli = match Cli::parse(arguments.clone()) {
        Ok(cli) => cli,
        Err(said) => return terminal::usage(&said),
    };
    let terminal = terminal::Terminal::of(&cli);
    let work = || {
        let session = Session::new(Environment::of_process()?, &terminal, &arguments)?;
        dispatch(&cli, &session)
    };
    commands::bug::keep_panics();
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    let ended = ended.unwrap_or_else(|_panic| Err(commands::bug::of_panic()));
    terminal.end(ended)
}

fn dispatch(cli: &Cli, session: &Session<'_>) -> Result<()> {
    tools::system::interrupt::listen()?;
    match &cli.verb {
        None => commands::verbs::release(session, &cli.release),
        Some(Verb::Plan(args)) => commands::verbs::plan(session, args),
        Some(Verb::Check(args)) => commands::check::check(session, args),
        Some(Verb::Changelog(verb)) => commands::changelog::run(session, verb),
        Some(Verb::Pr(args)) => commands::forge::pr::pr(session, args),
        Some(Verb::Announce(args)) => commands::forge::announce::announce(session, args),
        Some(Verb::Note(args)) => commands::note::note(session, args),
        Some(Verb::Rehearse(args)) => commands::verbs::rehearse(session, args),
        Some(Verb::Status(args)) => commands::verbs::status(session, *args),
        Some(Verb::Resume(args)) => commands::verbs::resume(session, args),
        Some(Verb::Abort) => commands::verbs::abort(session),
        Some(Verb::Schema(args)) => commands::verbs::schema(session, *args),
        Some(Verb::Completions(args)) => commands::complete::completions(session, *args),
        Some(Verb::Man(args)) => commands::complete::man(session, args),
        Some(Verb::Config(args)) => commands::verbs::config(session, args),
        Some(Verb::Doctor(args)) => commands::upkeep::doctor::doctor(session, *args),
        Some(Verb::Changes(args)) => commands::steps::changes(session, args),
        Some(Verb::Version(args)) => commands::steps::version(session, args),
        Some(Verb::Replace(args)) => commands::steps::step(session, Single::Replace, args),
        Some(Verb::Hook(args)) => commands::steps::step(session, Single::Hook, args),
        Some(Verb::Commit(args)) => commands::steps::step(session, Single::Commit, args),
        Some(Verb::Publish(args)) => commands::steps::step(session, Single::Publish, args),
        Some(Verb::Tag(args)) => commands::steps::step(session, Single::Tag, args),
        Some(Verb::Push(args)) => commands::steps::step(session, Single::Push, args),
        Some(Verb::Owner(args)) => commands::upkeep::owner::run(session, args),
        Some(Verb::Yank(args)) => commands::upkeep::yank::run(session, args),
        Some(Verb::Audit(args)) => commands::upkeep::audit::run(session, args),
        Some(Verb::Init(args)) => commands::upkeep::init::run(session, args),
        Some(Verb::Help(args)) => commands::steps::help(session, args),
    }
}

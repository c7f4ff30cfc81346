//! `cargo release`: plans and carries out releases of Rust workspaces.
//!
//! ```text
//! config ─┐
//!         ├─► observe ─► Snapshot ─► plan::decide ─► ReleasePlan ─┬─► report
//! request ┘   (reads)    (facts)     (pure)          (a value)    └─► apply (executor + journal)
//! ```
//!
//! [`observe`] is the only reader of the world and [`apply`] its only writer, both through the hands in [`tools`].
//! [`plan`] decides, purely, over the facts in [`snapshot`] and the texts that [`manifest`] and [`changelog`]
//! understand. [`journal`] remembers what a release that was cut short intended. [`report`] has the words, [`cli`] the
//! flags, [`config`] the files. [`registry`] is a registry in a box, for [`rehearse`] and the tests. Which room may use
//! which is kept by `tests/architecture.rs`.

pub mod apply;
pub mod changelog;
pub mod check;
pub mod cli;
pub mod config;
pub mod error;
pub mod journal;
pub mod manifest;
pub mod names;
pub mod observe;
pub mod plan;
pub mod registry;
mod rehearsal;
pub mod rehearse;
pub mod report;
mod session;
pub mod snapshot;
pub mod tools;
mod verbs;
mod verbs_changelog;
mod verbs_notes;

use std::ffi::OsString;
use std::process::ExitCode;

use cli::Cli;
use cli::Verb;
use error::Failure;
use error::Result;
use session::Session;
use tools::environment::Environment;

/// Runs the program on these arguments, the first of them its own name.
///
/// Results go to stdout, words to stderr. The exit code is the documented one.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.iter().any(|argument| argument == "--cargo-plugin") {
        return session::gate();
    }
    let cli = match Cli::parse(arguments.clone()) {
        Ok(cli) => cli,
        Err(said) => return session::usage(&said),
    };
    let terminal = session::Terminal::of(&cli);
    let work = || {
        let session = Session::new(Environment::of_process()?, &terminal, &arguments)?;
        dispatch(&cli, &session)
    };
    // A panic has said where it was; what is left is to end with the status that is documented for a bug.
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_said| {
        Err(Failure::bug("this is a bug in cargo-release")
            .help("`cargo release status` says whether a release is open"))
    });
    terminal.end(ended)
}

fn dispatch(cli: &Cli, session: &Session<'_>) -> Result<()> {
    tools::interrupt::listen()?;
    match &cli.verb {
        None => verbs::release(session, &cli.release),
        Some(Verb::Plan(args)) => verbs::plan(session, args),
        Some(Verb::Check(args)) => verbs::check(session, args),
        Some(Verb::Changelog(verb)) => verbs_changelog::run(session, verb),
        Some(Verb::Note(args)) => verbs_notes::note(session, args),
        Some(Verb::Rehearse(args)) => verbs::rehearse(session, args),
        Some(Verb::Status) => verbs::status(session),
        Some(Verb::Resume(args)) => verbs::resume(session, args),
        Some(Verb::Abort) => verbs::abort(session),
        Some(Verb::Schema(args)) => verbs::schema(session, *args),
        Some(Verb::Config(args)) => verbs::config(session, args),
    }
}

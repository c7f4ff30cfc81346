//! `cargo release check`: stages the release commit, verifies it and says what a registry would refuse. Nothing is kept.

use std::io::Write as _;

use crate::apply::CargoTime;
use crate::apply::Execution;
use crate::apply::VerifiedRelease;
use crate::check;
use crate::check::Levels;
use crate::cli::CheckArgs;
use crate::cli::CheckFormat;
use crate::cli::Format;
use crate::cli::LevelFlags;
use crate::commands::carry_out;
use crate::commands::login;
use crate::commands::login::Login;
use crate::commands::note;
use crate::commands::session;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::commands::show::unblocked;
use crate::config::CheckSettings;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Verified;
use crate::observe::Located;
use crate::plan::ReleasePlan;
use crate::report;
use crate::report::Run;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::files;

/// `cargo release check`: prepares and verifies a release, then removes everything it made.
pub(crate) fn check(session: &Session<'_>, args: &CheckArgs) -> Result<()> {
    if let Some(code) = &args.levels.explain {
        return session.terminal.stdout().write_all(check::explained(code)?.as_bytes()).or_world(unwritten);
    }
    if args.notes {
        return note::check(session, args);
    }
    let watch = Stopwatch::start();
    let (place, mut plan) = session
        .decide_as(&args.ask, &Scope { since: args.since.as_deref(), sites: true, push: args.release, forge: false })?;
    carry_out::refuse_while_open(&place)?;
    let levels = levels(&session.configuration(&place, &args.ask.config)?.workspace.check, &args.levels)?;
    let found = std::mem::take(&mut plan.findings);
    let logins = if args.release { login::of(session, &place, &plan) } else { Vec::new() };
    let known = if args.release { found } else { check::without_release(found) };
    plan.findings = levels.apply(known.clone());
    let stops = plan.is_blocked() && !args.keep_going;
    let (checked, time) =
        if plan.is_empty() || stops { Default::default() } else { prepared(session, args, place, &plan)? };
    plan.findings = levels.apply([known, checked.found].concat());
    say_checked(session, &plan, &checked.verified, args.output.format)?;
    if args.output.format == CheckFormat::Github {
        summarize(session, &plan)?;
    }
    if args.output.format == CheckFormat::Human && !plan.is_empty() {
        let whole = watch.elapsed();
        if stops {
            report::not_built(&mut session.terminal.notes()).or_world(unwritten)?;
        } else {
            report::took(&mut session.terminal.notes(), "finished", CargoTime { whole, ..time }).or_world(unwritten)?;
        }
        for words in logins.iter().filter_map(Login::words) {
            writeln!(session.terminal.notes(), "note: {words}").or_world(unwritten)?;
        }
    }
    unblocked(&plan)
}

/// Adds the plan to the summary of the job, where the runner keeps one.
fn summarize(session: &Session<'_>, plan: &ReleasePlan) -> Result<()> {
    let Some(path) = session.environment.text("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let mut text = Vec::new();
    report::markdown(&mut text, plan).or_world(unwritten)?;
    files::append(&session.environment.directory().join(path), &text)
}

/// Stages and verifies the plan.
fn prepared(
    session: &Session<'_>,
    args: &CheckArgs,
    place: Located,
    plan: &ReleasePlan,
) -> Result<(VerifiedRelease, CargoTime)> {
    let room = session::room(&place);
    let lock = carry_out::locked(session, &room)?;
    let mut world = session.world(place).locked_by(&lock).only_looking(args.hooks)?;
    if args.ask.is_offline() {
        world.cargo = world.cargo.overridden(&["net.offline=true".to_owned()]);
    }
    let journal = Journal::unwritten(carry_out::opening(session, &world, plan.clone()));
    let mut ui = session.ui_of(Run::Check, plan, Format::Human, true);
    let execution = Execution::new(&world, journal, &mut ui);
    let execution = if args.hooks { execution } else { execution.without_hooks() };
    let verified = execution.offline(args.ask.is_offline()).check()?;
    Ok((verified, world.cargo_time()))
}

/// The severities of findings: the configuration, overridden by the flags.
pub(crate) fn levels(configured: &CheckSettings, flags: &LevelFlags) -> Result<Levels> {
    let CheckSettings { rules: _, deny, warn, allow, owners: _, hide_env: _ } = configured;
    Levels::default().add(deny, warn, allow)?.add(&flags.deny, &flags.warn, &flags.allow)
}

fn say_checked(session: &Session<'_>, plan: &ReleasePlan, verified: &[Verified], format: CheckFormat) -> Result<()> {
    let mut out = session.terminal.stdout();
    match format {
        CheckFormat::Human => report::checked(&mut out, plan, verified).and_then(|()| {
            if session.terminal.verbose() { report::at_length(&mut out, plan, verified) } else { Ok(()) }
        }),
        CheckFormat::Json => report::checked_json(&mut out, plan, verified),
        CheckFormat::Github => report::github(&mut out, &plan.findings),
        CheckFormat::Sarif => report::sarif(&mut out, &plan.findings),
        CheckFormat::Junit => {
            let packages: Vec<String> = plan.packages.iter().map(|package| package.name.to_string()).collect();
            report::junit(&mut out, &packages, &plan.findings)
        }
    }
    .and_then(|()| out.flush())
    .or_world(unwritten)
}

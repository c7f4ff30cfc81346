//! The main commands, one short function each. What a release does is decided in `plan`.

use std::io::Write as _;
use std::path::Path;

use crate::apply;
use crate::apply::Execution;
use crate::apply::Outcome;
use crate::apply::VerifiedRelease;
use crate::check;
use crate::check::Levels;
use crate::cli::AskArgs;
use crate::cli::CheckArgs;
use crate::cli::CheckFormat;
use crate::cli::ConfigDumpArgs;
use crate::cli::Format;
use crate::cli::LevelFlags;
use crate::cli::OutputArgs;
use crate::cli::PlanArgs;
use crate::cli::RehearseArgs;
use crate::cli::ReleaseArgs;
use crate::cli::ResumeArgs;
use crate::cli::SchemaArgs;
use crate::cli::SchemaOf;
use crate::cli::ShowArgs;
use crate::cli::Until;
use crate::commands::announce;
use crate::commands::asked_registries::AskedRegistries;
use crate::commands::changelog;
use crate::commands::login;
use crate::commands::login::Login;
use crate::commands::note;
use crate::commands::rehearse;
use crate::commands::resume_from;
use crate::commands::session;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::commands::show::explain;
use crate::commands::show::in_words;
use crate::commands::show::show;
use crate::commands::show::shown_as;
use crate::commands::show::unblocked;
use crate::config;
use crate::config::CheckSettings;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal;
use crate::journal::HeldLock;
use crate::journal::Journal;
use crate::journal::JournalHeader;
use crate::journal::StateDir;
use crate::journal::Verified;
use crate::names::PlanId;
use crate::observe::Located;
use crate::plan;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;
use crate::report;
use crate::report::Run;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::files;
use crate::tools::system::terminal;

/// `cargo release`: shows the plan; with `-x`, carries it out.
pub(crate) fn release(session: &Session<'_>, args: &ReleaseArgs) -> Result<()> {
    let execute = &args.execute;
    let (place, plan) = match &execute.plan {
        Some(file) => (session.locate()?, from_file(session, file)?),
        None if execute.edit => changelog::edited(session, &args.ask)?,
        None => {
            let scope = Scope { push: execute.execute, ..Scope::default() };
            session.decide_as(&args.ask, &scope)?
        }
    };
    expected(&plan, execute.expect_plan.as_ref())?;
    refuse_while_open(&place)?;
    if !execute.execute || plan.is_blocked() || plan.is_empty() {
        show(session, &place, &plan, (args.output.format, args.show))?;
        let only_shown = !execute.execute && !plan.is_empty() && args.output.format == Format::Human;
        return if only_shown { report::only_shown(&mut session.terminal.notes()).or_world(unwritten) } else { Ok(()) };
    }
    refuse_offline(&plan, &args.ask)?;
    let until = execute.until.map(last_kind);
    refuse_unasked(until, execute.no_confirm)?;
    if args.output.format == Format::Human {
        let files = if args.show.diff { plan::edited(&plan, &place.workspace.texts)? } else { Vec::new() };
        in_words(&mut session.terminal.notes(), &plan, args.show.changelog, &files).or_world(unwritten)?;
    }
    carry_out(
        session,
        place,
        plan,
        &ExecuteOptions {
            format: args.output.format,
            until,
            no_confirm: execute.no_confirm,
            keeps_going: execute.keep_going,
        },
    )
}

/// `cargo release plan`: shows the plan.
pub(crate) fn plan(session: &Session<'_>, args: &PlanArgs) -> Result<()> {
    let known = session.observe_for(&args.ask, &Scope::default())?;
    refuse_while_open(&known.place)?;
    let plan = known.decide()?;
    match &args.explain {
        Some(of) => explain(session, &known, &plan, of),
        None => shown_as(session, &known.place, &plan, args),
    }
}

/// `cargo release resume`: continues the release in progress.
pub(crate) fn resume(session: &Session<'_>, args: &ResumeArgs) -> Result<()> {
    if let Some(revision) = &args.from {
        return resume_from::run(session, args, revision);
    }
    let place = session.locate()?;
    let room = session::room(&place);
    if announce::make_up(session, &place, &room)? {
        return Ok(());
    }
    needs_open(&room)?;
    let lock = locked(session, &room)?;
    let journal = opened(&place, &room)?;
    let plan = journal.plan().clone();
    refuse_unasked(args.until.map(last_kind), args.no_confirm || journal.has_agreed())?;
    let address = remote_address(&place, &plan);
    let asked = AskedRegistries::about(session, &place, &plan);
    let world = session.world(place).locked_by(&lock);
    let mut ui = session.ui(&plan, args.output.format, args.no_confirm);
    let meanwhile = (!journal.has_agreed()).then(|| asked.told(&world, &plan));
    let execution = Execution::new(&world, journal, &mut ui).hearing(meanwhile).keeping_going(args.keep_going);
    let outcome = execution.run(args.until.map(last_kind))?;
    drop(ui);
    tell(session, &outcome, args.output.format, address.as_deref())
}

/// `cargo release abort`: undoes the release in progress.
pub(crate) fn abort(session: &Session<'_>) -> Result<()> {
    let place = session.locate()?;
    let room = session::room(&place);
    needs_open(&room)?;
    let lock = locked(session, &room)?;
    if Journal::is_broken(&room)? {
        let kept = Journal::put_aside(&room)?;
        apply::clear(&session.world(place))?;
        let kept = kept.display().to_string();
        return report::put_aside(&mut session.terminal.stderr(), &kept).or_world(unwritten);
    }
    let journal = opened(&place, &room)?;
    let plan = journal.plan().clone();
    let aborted = apply::abort(&session.world(place).locked_by(&lock), journal)?;
    report::aborted(&mut session.terminal.stderr(), &plan, &aborted).or_world(unwritten)
}

/// Takes the lock that keeps two releases of a workspace apart.
pub(crate) fn locked(session: &Session<'_>, room: &StateDir) -> Result<HeldLock> {
    HeldLock::take(room, &mut || report::upload_outlived(&mut session.terminal.stderr()).or_world(unwritten))
}

/// `cargo release status`: shows the release in progress; fails if there is one, for scripts.
pub(crate) fn status(session: &Session<'_>, args: OutputArgs) -> Result<()> {
    let room = session::room(&session.locate()?);
    let journal = Journal::open(&room)?;
    let out = &mut session.terminal.stdout();
    match (args.format, &journal) {
        (Format::Json, journal) => report::status_json(out, journal.as_ref(), &room.journal()),
        (Format::Human, Some(journal)) => report::status(out, journal),
        (Format::Human, None) => writeln!(out, "no release is in progress here"),
    }
    .or_world(unwritten)?;
    let Some(journal) = journal else { return Ok(()) };
    let failure = Failure::interrupted("a release is in progress here").help("run `cargo release resume` to finish it");
    let way = match apply::is_published(&journal) {
        true => "run `cargo release abort` to end it; it lists what is live",
        false => "run `cargo release abort` to undo it",
    };
    Err(failure.help(way))
}

/// `cargo release check`: prepares and verifies a release, then removes everything it made.
pub(crate) fn check(session: &Session<'_>, args: &CheckArgs) -> Result<()> {
    if let Some(code) = &args.levels.explain {
        return session.terminal.stdout().write_all(check::explained(code)?.as_bytes()).or_world(unwritten);
    }
    if args.notes {
        return note::check(session, args);
    }
    let watch = Stopwatch::start();
    let (place, mut plan) =
        session.decide_as(&args.ask, &Scope { since: args.since.as_deref(), sites: true, push: args.release })?;
    refuse_while_open(&place)?;
    let levels = levels(&session.configuration(&place, &args.ask.config)?.workspace.check, &args.levels)?;
    let found = std::mem::take(&mut plan.findings);
    let logins = if args.release { login::of(session, &place, &plan) } else { Vec::new() };
    let known = if args.release { found } else { check::without_release(found) };
    plan.findings = levels.apply(known.clone());
    let stops = plan.is_blocked() && !args.keep_going;
    let checked =
        if plan.is_empty() || stops { VerifiedRelease::default() } else { prepared(session, args, place, &plan)? };
    plan.findings = levels.apply([known, checked.found].concat());
    say_checked(session, &plan, &checked.verified, args.output.format)?;
    if args.output.format == CheckFormat::Human && !plan.is_empty() {
        let whole = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
        if stops {
            report::not_built(&mut session.terminal.notes()).or_world(unwritten)?;
        } else {
            report::took(&mut session.terminal.notes(), whole, checked.milliseconds).or_world(unwritten)?;
        }
        for words in logins.iter().filter_map(Login::words) {
            writeln!(session.terminal.notes(), "note: {words}").or_world(unwritten)?;
        }
    }
    unblocked(&plan)
}

/// Stages and verifies the plan.
fn prepared(session: &Session<'_>, args: &CheckArgs, place: Located, plan: &ReleasePlan) -> Result<VerifiedRelease> {
    let room = session::room(&place);
    let lock = locked(session, &room)?;
    let mut world = session.world(place).locked_by(&lock).only_looking(args.hooks)?;
    if args.ask.is_offline() {
        world.cargo = world.cargo.overridden(&["net.offline=true".to_owned()]);
    }
    let journal = Journal::unwritten(opening(session, &world, plan.clone()));
    let mut ui = session.ui_of(Run::Check, plan, Format::Human, true);
    let execution = Execution::new(&world, journal, &mut ui);
    let execution = if args.hooks { execution } else { execution.without_hooks() };
    execution.offline(args.ask.is_offline()).check()
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

/// `cargo release rehearse`: makes a sandbox and starts this program in it. That process comes here again and releases.
pub(crate) fn rehearse(session: &Session<'_>, args: &RehearseArgs) -> Result<()> {
    let out = &mut session.terminal.stdout();
    if args.demo {
        return crate::rehearse::show(&session.environment, args.keep.as_deref(), out);
    }
    let (place, plan) = rehearse::decided(session, args)?;
    refuse_while_open(&place)?;
    if plan.is_blocked() || plan.is_empty() {
        return show(session, &place, &plan, (args.output.format, ShowArgs::default()));
    }
    if session.inside.is_some() {
        if args.output.format == Format::Human {
            report::plan(&mut session.terminal.notes(), &plan).or_world(unwritten)?;
        }
        return carry_out(
            session,
            place,
            plan,
            &ExecuteOptions { format: args.output.format, until: None, no_confirm: true, keeps_going: false },
        );
    }
    let piece = rehearse::piece(session, &place, &plan, args)?;
    crate::rehearse::perform(&piece, args.keep.as_deref(), out)
}

/// `cargo release schema`: prints a schema.
pub(crate) fn schema(session: &Session<'_>, args: SchemaArgs) -> Result<()> {
    let mut out = session.terminal.stdout();
    match args.of {
        SchemaOf::Plan => report::pretty(&mut out, &report::schema_plan()),
        SchemaOf::Config => report::pretty(&mut out, &config::schema()),
    }
    .or_world(unwritten)
}

/// `cargo release config`: prints the effective configuration.
pub(crate) fn config(session: &Session<'_>, args: &ConfigDumpArgs) -> Result<()> {
    if args.example {
        let text = format!("{SCHEMA_LINE}{}", config::EXAMPLE);
        return session.terminal.stdout().write_all(text.as_bytes()).or_world(unwritten);
    }
    let place = crate::observe::locate(&session.environment, &session.options(args.config.config.clone()))?;
    let layers = config::effective_layers(&session::sources(&place, &args.config), &session::members(&place))?;
    let text = config::annotated(&layers)?;
    if args.output == Path::new("-") {
        return session.terminal.stdout().write_all(text.as_bytes()).or_world(unwritten);
    }
    files::write(&session.environment.directory().join(&args.output), text.as_bytes())
}

/// Tells editors (Taplo, Tombi) where the schema is.
const SCHEMA_LINE: &str = "\
#:schema ./release.schema.json
# For completion and documentation in an editor, write the schema named above:
# `cargo release schema config > release.schema.json`
#
";

/// How to carry out a plan.
pub(crate) struct ExecuteOptions {
    pub(crate) format: Format,
    pub(crate) until: Option<StepKind>,
    pub(crate) no_confirm: bool,
    pub(crate) keeps_going: bool,
}

pub(crate) fn carry_out(
    session: &Session<'_>,
    place: Located,
    plan: ReleasePlan,
    manner: &ExecuteOptions,
) -> Result<()> {
    let room = session::room(&place);
    let lock = locked(session, &room)?;
    let address = remote_address(&place, &plan);
    let asked = AskedRegistries::about(session, &place, &plan);
    let world = session.world(place).locked_by(&lock);
    if plan.steps.iter().any(|step| step.action.kind() == StepKind::Publish) {
        world.refuse_untrusted(&plan)?;
    }
    let mut ui = session.ui(&plan, manner.format, manner.no_confirm);
    let meanwhile = asked.told(&world, &plan);
    let journal = Journal::begin(&room, opening(session, &world, plan))?;
    let execution = Execution::new(&world, journal, &mut ui).hearing(Some(meanwhile)).keeping_going(manner.keeps_going);
    let outcome = execution.run(manner.until)?;
    drop(ui);
    tell(session, &outcome, manner.format, address.as_deref())
}

/// The URL of the remote that the plan pushes its tags to.
fn remote_address(place: &Located, plan: &ReleasePlan) -> Option<String> {
    let pushes = plan.steps.iter().find(|step| step.action.kind() == StepKind::Push)?;
    let plan::Action::Push { remote, .. } = &pushes.action else { return None };
    place.checkout().remote_address(remote)
}

pub(crate) fn opening(session: &Session<'_>, world: &apply::ReleaseContext, plan: ReleasePlan) -> JournalHeader {
    JournalHeader {
        format: journal::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        checkout: world.checkout.dir().to_owned(),
        overrides: session.overrides().to_vec(),
        plan,
    }
}

fn tell(session: &Session<'_>, outcome: &Outcome, format: Format, remote: Option<&str>) -> Result<()> {
    match (outcome, format) {
        (Outcome::Finished(receipt), Format::Human) => {
            let rehearsed = session.inside.is_some();
            report::receipt(&mut session.terminal.stdout(), receipt, remote, rehearsed).or_world(unwritten)
        }
        (Outcome::Finished(_), Format::Json) => Ok(()),
        (Outcome::Stopped { after }, _) => report::stopped(&mut session.terminal.notes(), *after).or_world(unwritten),
    }
}

fn from_file(session: &Session<'_>, file: &Path) -> Result<ReleasePlan> {
    let path = session.environment.directory().join(file);
    let text = files::read_text(&path)?
        .ok_or_else(|| Failure::unplannable(format!("there is no file `{}`", file.display())))?;
    let plan: ReleasePlan = serde_json::from_str(&text)
        .or_unplannable(|| format!("`{}` is not a plan", file.display()))
        .map_err(|failure| failure.help("`cargo release plan --format json` prints one"))?;
    if plan.is_intact()? {
        return plan.check().map(|()| plan);
    }
    Err(Failure::unplannable(format!("the plan in `{}` was edited", file.display()))
        .because(format!("its content does not match its id {}", plan.id))
        .help("plan again, and use the file unchanged"))
}

pub(crate) fn expected(plan: &ReleasePlan, expected: Option<&PlanId>) -> Result<()> {
    match expected.filter(|expected| **expected != plan.id) {
        None => Ok(()),
        Some(expected) => Err(Failure::world(format!("the plan is {}, but {expected} was expected", plan.id))
            .because("the repository, a registry, the configuration or the date has changed since")
            .help("review the new plan, then pass its id")),
    }
}

/// Fails if the plan publishes or pushes: that needs the network, and the checks that `--offline` skips.
fn refuse_offline(plan: &ReleasePlan, ask: &AskArgs) -> Result<()> {
    let goes_out = plan.steps.iter().any(|step| step.action.kind() >= StepKind::Reserve);
    if !goes_out || !ask.is_offline() {
        return Ok(());
    }
    Err(Failure::unplannable("`--offline` cannot publish or push")
        .because("the registry and the remote were not queried")
        .help("omit `--offline`, or pass `--no-publish --no-push`"))
}

/// Fails before anything is prepared if confirmation is needed and there is no terminal.
fn refuse_unasked(until: Option<StepKind>, no_confirm: bool) -> Result<()> {
    let asks = until.is_none_or(|until| until > StepKind::Verify);
    if no_confirm || !asks || terminal::can_answer() {
        return Ok(());
    }
    Err(Failure::blocked("not released: there is no terminal to ask for confirmation")
        .help("pass `--no-confirm` to release without asking"))
}

pub(crate) fn refuse_while_open(place: &Located) -> Result<()> {
    if Journal::is_open(&session::room(place))? { Err(journal::unfinished()) } else { Ok(()) }
}

/// The release in progress. It continues only in the checkout that it was started in, because it moves that branch.
fn opened(place: &Located, room: &StateDir) -> Result<Journal> {
    let journal = Journal::open(room)?.ok_or_else(nothing_open)?;
    let begun_in = &journal.opening().checkout;
    if begun_in == place.root() {
        return Ok(journal);
    }
    Err(Failure::unplannable("the release in progress was started in another checkout of this repository")
        .because(format!("that is `{}`", begun_in.display()))
        .help("run the command there"))
}

/// Fails early if no release is in progress, before any file is created.
fn needs_open(room: &StateDir) -> Result<()> {
    if Journal::is_open(room)? { Ok(()) } else { Err(nothing_open()) }
}

fn nothing_open() -> Failure {
    Failure::unplannable("no release is in progress here").help("`cargo release` shows what would be released")
}

fn last_kind(until: Until) -> StepKind {
    match until {
        Until::Stage => StepKind::Commit,
        Until::Verify => StepKind::Verify,
        Until::Tag => StepKind::Tag,
        Until::Reserve => StepKind::Reserve,
    }
}

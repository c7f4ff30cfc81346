//! The main commands, one short function each. What a release does is decided in `plan`.

use std::io::Write as _;
use std::mem::ManuallyDrop;
use std::path::Path;

use crate::apply;
use crate::apply::Execution;
use crate::cli::ConfigDumpArgs;
use crate::cli::Format;
use crate::cli::OutputArgs;
use crate::cli::PlanArgs;
use crate::cli::RehearseArgs;
use crate::cli::ReleaseArgs;
use crate::cli::ResumeArgs;
use crate::cli::SchemaArgs;
use crate::cli::SchemaOf;
use crate::cli::ShowArgs;
use crate::cli::Until;
use crate::commands::asked_registries::AskedRegistries;
use crate::commands::carry_out;
use crate::commands::carry_out::ExecuteOptions;
use crate::commands::carry_out::carry_out;
use crate::commands::changelog;
use crate::commands::forge::announce;
use crate::commands::forge::credits;
use crate::commands::merged_head;
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
use crate::commands::worktree;
use crate::config;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::StateDir;
use crate::observe::Located;
use crate::plan;
use crate::plan::StepKind;
use crate::report;
use crate::tools::git::cli::Git;
use crate::tools::system::files;

/// `cargo release`: shows the plan; with `-x`, carries it out.
pub(crate) fn release(session: &Session<'_>, args: &ReleaseArgs) -> Result<()> {
    let execute = &args.execute;
    let (place, plan) = match &execute.plan {
        Some(file) => (session.locate()?, carry_out::from_file(session, file)?),
        None if execute.edit => changelog::edited(session, &args.ask)?,
        None => {
            let scope = Scope { push: execute.execute, ..Scope::default() };
            let decide = if execute.execute { merged_head::released_first } else { merged_head::shown_first };
            let Some(decided) = decide(session, &args.ask, &scope)? else { return Ok(()) };
            decided
        }
    };
    carry_out::expected(&plan, execute.expect_plan.as_ref())?;
    carry_out::refuse_while_open(&place)?;
    if !execute.execute || plan.is_blocked() || plan.is_empty() {
        show(session, &place, &plan, (args.output.format, args.show))?;
        let only_shown = !execute.execute && !plan.is_empty() && args.output.format == Format::Human;
        return if only_shown { report::only_shown(&mut session.terminal.notes()).or_world(unwritten) } else { Ok(()) };
    }
    carry_out::refuse_offline(&plan, &args.ask)?;
    let until = execute.until.map(last_kind);
    carry_out::refuse_unasked(until, execute.no_confirm)?;
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
    // The process is about to end: giving back each of these texts takes longer than ending does.
    let known = ManuallyDrop::new(session.observe_for(&args.ask, &Scope::default())?);
    carry_out::refuse_while_open(&known.place)?;
    let plan = known.decide()?;
    if let Some(head) = known.released_head(&plan)? {
        return merged_head::run(session, &known, &head);
    }
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
    if worktree::goes_on(session, &place, &room)? {
        return Ok(());
    }
    if announce::make_up(session, &place, &room)? {
        return Ok(());
    }
    needs_open(&room)?;
    let lock = carry_out::locked(session, &room)?;
    let journal = opened(&place, &room)?;
    let plan = journal.plan().clone();
    carry_out::refuse_unasked(args.until.map(last_kind), args.no_confirm || journal.has_agreed())?;
    let address = carry_out::remote_address(&place, &plan);
    let asked = AskedRegistries::about(session, &place, &plan);
    let world = session.world(place).locked_by(&lock);
    let mut ui = session.ui(&plan, args.output.format, args.no_confirm);
    let meanwhile = (!journal.has_agreed()).then(|| asked.told(&world, &plan));
    let execution = Execution::new(&world, journal, &mut ui).hearing(meanwhile).keeping_going(args.keep_going);
    let outcome = execution.run(args.until.map(last_kind))?;
    drop(ui);
    carry_out::tell_time(session, &world, args.output.format)?;
    carry_out::tell(session, &outcome, args.output.format, address.as_deref())
}

/// `cargo release abort`: undoes the release in progress.
pub(crate) fn abort(session: &Session<'_>) -> Result<()> {
    let place = session.locate()?;
    let room = session::room(&place);
    needs_open(&room)?;
    if worktree::goes_on(session, &place, &room)? {
        return Ok(());
    }
    let lock = carry_out::locked(session, &room)?;
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

/// `cargo release status`: shows the release in progress; fails if there is one, for scripts.
pub(crate) fn status(session: &Session<'_>, args: OutputArgs) -> Result<()> {
    let located = session.locate()?;
    let room = session::room(&located);
    let journal = Journal::open(&room)?;
    let proposals = credits::proposals(&Git::at(located.root()))?;
    let out = &mut session.terminal.stdout();
    match (args.format, &journal) {
        (Format::Json, journal) => report::status_json(out, journal.as_ref(), &room.journal(), &proposals),
        (Format::Human, Some(journal)) => report::status(out, journal),
        (Format::Human, None) => writeln!(out, "no release is in progress here"),
    }
    .or_world(unwritten)?;
    if args.format == Format::Human {
        report::proposals(out, &proposals).or_world(unwritten)?;
    }
    let Some(journal) = journal else { return Ok(()) };
    let failure = Failure::interrupted("a release is in progress here").help("run `cargo release resume` to finish it");
    let way = match apply::is_published(&journal) {
        true => "run `cargo release abort` to end it; it lists what is live",
        false => "run `cargo release abort` to undo it",
    };
    Err(failure.help(way))
}

/// `cargo release rehearse`: makes a sandbox and starts this program in it. That process comes here again and releases.
pub(crate) fn rehearse(session: &Session<'_>, args: &RehearseArgs) -> Result<()> {
    let out = &mut session.terminal.stdout();
    if args.demo {
        return crate::rehearse::show(&session.environment, args.keep.as_deref(), out);
    }
    let (place, plan) = rehearse::decided(session, args)?;
    carry_out::refuse_while_open(&place)?;
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
        let text = format!("{SCHEMA_LINE}{}", config::example());
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

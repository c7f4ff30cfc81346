//! Carries out a plan: what is refused before it begins, the executor, and what is told at the end.

use std::path::Path;
use std::time::Duration;

use crate::apply;
use crate::apply::Execution;
use crate::apply::Outcome;
use crate::cli::AskArgs;
use crate::cli::Format;
use crate::commands::asked_registries::AskedRegistries;
use crate::commands::session;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal;
use crate::journal::HeldLock;
use crate::journal::Journal;
use crate::journal::JournalHeader;
use crate::journal::StateDir;
use crate::names::PlanId;
use crate::observe::Located;
use crate::plan;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;
use crate::report;
use crate::tools::system::files;
use crate::tools::system::terminal;

/// How to carry out a plan.
pub(crate) struct ExecuteOptions {
    pub(crate) format: Format,
    pub(crate) until: Option<StepKind>,
    pub(crate) no_confirm: bool,
    pub(crate) keeps_going: bool,
}

/// Carries out a plan in this checkout, and tells what came of it.
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
    tell_time(session, &world, manner.format)?;
    tell(session, &outcome, manner.format, address.as_deref())
}

/// Verifications that took less are not explained.
const LONG: Duration = Duration::from_secs(20);

/// Tells how much of a long verification was cargo's.
pub(super) fn tell_time(session: &Session<'_>, world: &apply::ReleaseContext, format: Format) -> Result<()> {
    let time = world.cargo_time();
    if format == Format::Json || time.whole < LONG {
        return Ok(());
    }
    report::took(&mut session.terminal.notes(), "verified", time).or_world(unwritten)
}

/// Takes the lock that keeps two releases of a workspace apart.
pub(crate) fn locked(session: &Session<'_>, room: &StateDir) -> Result<HeldLock> {
    HeldLock::take(room, &mut || report::upload_outlived(&mut session.terminal.stderr()).or_world(unwritten))
}

/// The URL of the remote that the plan pushes its tags to.
pub(super) fn remote_address(place: &Located, plan: &ReleasePlan) -> Option<String> {
    let pushes = plan.steps.iter().find(|step| step.action.kind() == StepKind::Push)?;
    let plan::Action::Push { remote, .. } = &pushes.action else { return None };
    place.checkout().remote_address(remote)
}

/// The header of the journal of a plan.
pub(crate) fn opening(session: &Session<'_>, world: &apply::ReleaseContext, plan: ReleasePlan) -> JournalHeader {
    JournalHeader {
        format: journal::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        checkout: world.checkout.dir().to_owned(),
        overrides: session.overrides().to_vec(),
        plan,
    }
}

/// Tells how a release ended.
pub(super) fn tell(session: &Session<'_>, outcome: &Outcome, format: Format, remote: Option<&str>) -> Result<()> {
    match (outcome, format) {
        (Outcome::Finished(receipt), Format::Human) => {
            let rehearsed = session.inside.is_some();
            report::receipt(&mut session.terminal.stdout(), receipt, remote, rehearsed).or_world(unwritten)
        }
        (Outcome::Finished(_), Format::Json) => Ok(()),
        (Outcome::Stopped { after }, _) => report::stopped(&mut session.terminal.notes(), *after).or_world(unwritten),
    }
}

/// The plan in a file, if nobody edited it.
pub(super) fn from_file(session: &Session<'_>, file: &Path) -> Result<ReleasePlan> {
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

/// Fails if another plan was expected.
pub(crate) fn expected(plan: &ReleasePlan, expected: Option<&PlanId>) -> Result<()> {
    match expected.filter(|expected| **expected != plan.id) {
        None => Ok(()),
        Some(expected) => Err(Failure::world(format!("the plan is {}, but {expected} was expected", plan.id))
            .because("the repository, a registry, the configuration or the date has changed since")
            .help("review the new plan, then pass its id")),
    }
}

/// Fails if the plan publishes or pushes: that needs the network, and the checks that `--offline` skips.
pub(super) fn refuse_offline(plan: &ReleasePlan, ask: &AskArgs) -> Result<()> {
    let goes_out = plan.steps.iter().any(|step| step.action.kind() >= StepKind::Reserve);
    if !goes_out || !ask.is_offline() {
        return Ok(());
    }
    Err(Failure::unplannable("`--offline` cannot publish or push")
        .because("the registry and the remote were not queried")
        .help("omit `--offline`, or pass `--no-publish --no-push`"))
}

/// Fails before anything is prepared if confirmation is needed and there is no terminal.
pub(super) fn refuse_unasked(until: Option<StepKind>, no_confirm: bool) -> Result<()> {
    let asks = until.is_none_or(|until| until > StepKind::Verify);
    if no_confirm || !asks || terminal::can_answer() {
        return Ok(());
    }
    Err(Failure::blocked("not released: there is no terminal to ask for confirmation")
        .help("pass `--no-confirm` to release without asking"))
}

/// Fails while a release of this workspace is unfinished.
pub(crate) fn refuse_while_open(place: &Located) -> Result<()> {
    let room = session::room(place);
    if !Journal::is_open(&room)? {
        return Ok(());
    }
    Err(journal::running(&room)?.unwrap_or_else(journal::unfinished))
}

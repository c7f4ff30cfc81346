//! The executor: takes any step whose needs are met, until all are done or it has to stop.

mod flight;
mod outcome;
mod side_by_side;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use crate::check::Code;
use crate::check::Finding;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::names::StepId;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::interrupt;

pub(crate) use self::outcome::Outcome;
pub(crate) use self::outcome::Prompt;
pub(crate) use self::outcome::Ui;
pub(crate) use self::outcome::VerifiedRelease;
use self::world::World;
use super::receipt;
use crate::apply::context::ReleaseContext;
use crate::apply::event::AfterWait;
use crate::apply::event::Event;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;
use crate::apply::upload::turns;
use crate::apply::upload::turns::Turns;
use crate::apply::verify::archive_findings;
use crate::apply::worktree::stage;

/// One run over a journal.
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
pub(crate) struct Execution<'a> {
    world: &'a dyn World,
    journal: Journal,
    ui: &'a mut dyn Ui,
    done: BTreeSet<StepId>,
    stage_is_there: bool,
    watch: Stopwatch,
    asked_for: Duration,
    is_offline: bool,
    /// Whether a step that fails stops only what needs it.
    keeps_going: bool,
    failed: BTreeMap<StepId, Failure>,
    turns: Turns,
    /// What somebody else finds out meanwhile.
    meanwhile: Option<Meanwhile<'a>>,
}

/// Tells what was found out beside the verification: asked once, before anything outside the stage is touched.
pub(crate) type Meanwhile<'a> = Box<dyn FnOnce() -> Result<Vec<Finding>> + 'a>;

impl<'a> Execution<'a> {
    /// Over a journal that was begun or opened again.
    pub(crate) fn new(world: &'a ReleaseContext, journal: Journal, ui: &'a mut dyn Ui) -> Self {
        Self::over(world, journal, ui)
    }

    fn over(world: &'a dyn World, journal: Journal, ui: &'a mut dyn Ui) -> Self {
        let done = BTreeSet::new();
        Self {
            world,
            journal,
            ui,
            done,
            stage_is_there: false,
            watch: Stopwatch::start(),
            asked_for: Duration::ZERO,
            is_offline: false,
            keeps_going: false,
            failed: BTreeMap::new(),
            turns: Turns::default(),
            meanwhile: None,
        }
    }

    /// Asks this as well before the one question.
    #[must_use]
    pub(crate) fn hearing(mut self, meanwhile: Option<Meanwhile<'a>>) -> Self {
        self.meanwhile = meanwhile;
        self
    }

    /// Leaves out the user's hooks: for checks that must not run them.
    #[must_use]
    pub(crate) fn without_hooks(mut self) -> Self {
        let hooks = self.journal.plan().steps.iter().filter(|step| step.action.kind() == StepKind::Hook);
        self.done.extend(hooks.map(|step| step.id.clone()));
        self
    }

    /// Asks no registry anything.
    #[must_use]
    pub(crate) fn offline(mut self, is_offline: bool) -> Self {
        self.is_offline = is_offline;
        self
    }

    /// Lets an upload that fails stop only what needs it.
    #[must_use]
    pub(crate) fn keeping_going(mut self, keeps_going: bool) -> Self {
        self.keeps_going = keeps_going;
        self
    }

    /// Prepares and verifies, then leaves everything as it was.
    ///
    /// # Errors
    /// Something does not prepare or verify.
    pub(crate) fn check(mut self) -> Result<VerifiedRelease> {
        let ended = self.prepare();
        let verified = archive_findings::verified(&self.journal);
        let found = self.world.archive_findings(&self.journal, !self.is_offline);
        let token = self.world.token_exposure(&self.journal).into_iter().collect();
        self.world.remove_stage()?;
        self.journal.forget()?;
        let found = [ended?, found?, token].concat();
        Ok(VerifiedRelease { verified, found })
    }

    /// Everything up to the verification. What stands in its way is found, like all else.
    fn prepare(&mut self) -> Result<Vec<Finding>> {
        while let Some(step) = self.next_ready().filter(|step| step.action.kind() <= StepKind::Verify) {
            self.stop_if_asked()?;
            match self.carry_out(&step) {
                Ok(()) => drop(self.done.insert(step.id)),
                Err(failure) if failure.kind() == Kind::Blocked => {
                    let why = failure.why().join("; ");
                    // What cargo said on the way to its error is progress.
                    let why = why.find("error").and_then(|at| why.get(at..)).unwrap_or(&why);
                    let message = format!("{}: {why}", failure.what());
                    let finding = Finding::error(Code::VerifyFailed, message).help(failure.helps().join("; "));
                    return Ok(vec![finding]);
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(Vec::new())
    }

    /// Carries the plan out, up to and with the steps of a kind.
    ///
    /// # Errors
    /// A step is refused, the world is not as expected, or we were asked to stop. Before anything outside the stage was
    /// touched, a refusal leaves nothing behind; afterwards the journal stays open.
    pub(crate) fn run(mut self, until: Option<StepKind>) -> Result<Outcome> {
        if let Err(failure) = self.world.base_is_here(&self.journal) {
            return self.give_up(failure);
        }
        let is_fresh = self.journal.entries().is_empty();
        self.turns.remember(&self.journal, &|registry| self.world.has_public_limits(registry));
        let plan = self.journal.plan();
        self.world.ends_after(turns::deadline(plan));
        let done = plan.steps.iter().filter(|step| self.journal.proof(&step.id).is_some()).count();
        self.ui.tell(&Event::Began { plan: plan.id.clone(), steps: plan.steps.len(), done })?;
        match self.all_steps(until) {
            Ok(true) => self.finish(),
            Ok(false) => Ok(Outcome::Stopped { after: until.unwrap_or(StepKind::Push) }),
            Err(failure) if self.world.is_interrupted() && is_fresh && self.is_untouched() => {
                self.give_up(failure.help("nothing was changed"))
            }
            Err(failure) if failure.kind() != Kind::Interrupted && self.is_untouched() => self.give_up(failure),
            Err(failure) => Err(self.can_be_resumed(failure)),
        }
    }

    fn stop_if_asked(&self) -> Result<()> {
        if self.world.is_interrupted() { Err(interrupt::stopped()) } else { Ok(()) }
    }

    /// The first step that is not done and whose needs are met.
    fn next_ready(&self) -> Option<Step> {
        self.ready().next().cloned()
    }

    /// The steps that are not done and whose needs are met.
    fn ready(&self) -> impl Iterator<Item = &Step> {
        let is_met = |id: &StepId| self.done.contains(id);
        let ready = move |step: &&Step| !is_met(&step.id) && step.needs.iter().all(is_met);
        self.journal.plan().steps.iter().filter(ready)
    }

    /// Lays the stage where a step of this kind needs it and it is not there.
    fn create_for(&mut self, kind: StepKind) -> Result<()> {
        if stage::is_needed_by(kind) && !self.stage_is_there {
            self.world.create_stage(&self.journal)?;
            self.stage_is_there = true;
        }
        Ok(())
    }

    /// Where nothing runs and something waits for its turn: waits for it, and says so. `false` where nothing does.
    fn waits_for_a_turn(&mut self) -> Result<bool> {
        let now = self.world.now();
        let open = self.ready().filter(|step| !self.failed.contains_key(&step.id));
        let waiting =
            open.filter_map(|step| Some((self.turns.of(&step.id, now)?, step.id.clone(), step.package.clone())));
        let Some((until, step, package)) = waiting.min_by_key(|(until, ..)| *until) else { return Ok(false) };
        let reason = self.turns.reason(&step, &self.journal);
        let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
        let until = clock::time_of_day(now, wait + Duration::from_secs(1));
        let then = AfterWait::GoesOn;
        self.ui.tell(&Event::Waiting { step, package, reason, until, then, left: wait })?;
        self.world.pause(wait);
        Ok(!self.world.is_interrupted() && !self.world.is_late())
    }

    fn carry_out(&mut self, step: &Step) -> Result<()> {
        let watch = Stopwatch::start();
        let kind = step.action.kind();
        self.create_for(kind)?;
        let (proof, already) = match self.world.probe(step, &self.journal)? {
            Probe::Conflict(failure) => return Err(failure),
            Probe::Done(proof) => {
                self.journal.found_done(&step.id, proof.clone())?;
                (proof, true)
            }
            Probe::ToDo => {
                self.was_not_undone(step)?;
                (self.act(step)?, false)
            }
        };
        let elapsed = watch.elapsed();
        let (step, package) = (step.id.clone(), step.package.clone());
        let detail = receipt::detail(&proof);
        self.ui.tell(&Event::Done { step, kind, package, already, detail, elapsed })
    }

    /// Refuses to do again what was done and undone by somebody since: only they know why.
    fn was_not_undone(&self, step: &Step) -> Result<()> {
        if self.journal.proof(&step.id).is_none() {
            return Ok(());
        }
        match self.world.undone(step, &self.journal)? {
            None => Ok(()),
            Some(failure) => Err(failure.help("or end the release: `cargo release abort`")),
        }
    }

    fn act(&mut self, step: &Step) -> Result<Proof> {
        let (kind, package) = (step.action.kind(), step.package.clone());
        self.ui.tell(&Event::Started { step: step.id.clone(), kind, package })?;
        let in_flight = self.journal.begin_step(&step.id)?;
        let ui = &mut *self.ui;
        match self.world.perform(step, &self.journal, &mut |event| ui.tell(event))? {
            Performed::Done(proof) => {
                self.journal.end(in_flight, proof.clone())?;
                Ok(proof)
            }
            Performed::Later(_) | Performed::Refused { .. } => {
                Err(Failure::bug(format!("`{}` uploads, and was not begun as an upload", step.id)))
            }
        }
    }

    /// Asks the one question, once.
    fn ask(&mut self) -> Result<()> {
        if self.journal.has_agreed() {
            return Ok(());
        }
        let watch = Stopwatch::start();
        let mut found = self.world.archive_findings(&self.journal, true)?;
        let meanwhile = self.meanwhile.take().map_or_else(|| Ok(Vec::new()), |tell| tell());
        found.extend(meanwhile?);
        let found = archive_findings::as_configured(self.journal.plan(), found)?;
        archive_findings::refuse(&found)?;
        let plan = self.journal.plan();
        let verified = archive_findings::verified(&self.journal);
        let asking = Prompt { plan, verified, found, changed_by_hooks: self.changed_by_hooks()? };
        let answer = self.ui.ask(&asking)?;
        self.asked_for = watch.elapsed();
        if !answer {
            return Err(Failure::blocked("not released: you answered no")
                .help("nothing was changed")
                .help("without a terminal, pass `--no-confirm`"));
        }
        self.journal.agreed()
    }

    fn changed_by_hooks(&self) -> Result<Vec<String>> {
        let plan = self.journal.plan();
        let Some(commit) = self.journal.commit() else { return Ok(Vec::new()) };
        let planned: BTreeSet<&str> = plan.edited_paths().map(|path| path.as_str()).collect();
        let changed = self.world.changed(&plan.base.commit, commit)?;
        Ok(changed.into_iter().filter(|path| !planned.contains(path.as_str())).collect())
    }

    /// Whether nothing outside the stage was touched.
    fn is_untouched(&self) -> bool {
        let outside = |step: &&Step| step.action.kind() >= StepKind::Land;
        let mut outside = self.journal.plan().steps.iter().filter(outside);
        !outside.any(|step| self.journal.was_begun(&step.id))
    }

    /// Leaves everything as it was.
    fn give_up(self, failure: Failure) -> Result<Outcome> {
        self.world.remove_stage()?;
        self.journal.forget()?;
        Err(failure)
    }

    fn can_be_resumed(&self, failure: Failure) -> Failure {
        let failure = match turns::progress(&self.journal) {
            Some(progress) => failure.because(progress),
            None => failure,
        };
        if failure.helps().iter().any(|help| help.contains("resume")) {
            return failure;
        }
        failure.help("run `cargo release resume` to continue").help("run `cargo release abort` to end it")
    }

    /// Looks at the remote once more: somebody may have forced the branch back, or deleted a tag, while packages were
    /// uploaded.
    fn look_again(&self) -> Result<()> {
        let pushes = |step: &&Step| matches!(step.action.kind(), StepKind::Reserve | StepKind::Push);
        let (world, journal) = (self.world, &self.journal);
        let probed: Vec<(&Step, Result<Probe>)> = thread::scope(|scope| {
            let steps = journal.plan().steps.iter().filter(pushes);
            let looks: Vec<_> = steps.map(|step| (step, scope.spawn(move || world.probe(step, journal)))).collect();
            let panicked = || Err(Failure::bug("a look at the remote panicked"));
            looks.into_iter().map(|(step, look)| (step, look.join().unwrap_or_else(|_said| panicked()))).collect()
        });
        for (step, probed) in probed {
            match probed? {
                Probe::Done(_) => {}
                Probe::Conflict(failure) => return Err(failure),
                Probe::ToDo => self.was_not_undone(step)?,
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Outcome> {
        if let Err(failure) = self.look_again() {
            return Err(self.can_be_resumed(failure));
        }
        let elapsed = self.watch.elapsed().saturating_sub(self.asked_for);
        let mut receipt = receipt::write(&self.journal, elapsed);
        self.world.tell_entries(&mut receipt, &self.journal)?;
        self.world.remove_stage()?;
        self.world.close(self.journal)?;
        self.ui.tell(&Event::Receipt(receipt.clone()))?;
        Ok(Outcome::Finished(receipt))
    }
}

//! The loop over the steps: what may runs side by side, everything else alone, and a failure stops what needs the step.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use super::Execution;
use super::flight;
use super::flight::Aloft;
use super::flight::Flight;
use super::flight::Message;
use crate::apply::event::Event;
use crate::apply::receipt;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;
use crate::apply::upload::answer;
use crate::apply::upload::turns;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::StepId;
use crate::plan::Step;
use crate::plan::StepKind;

impl Execution<'_> {
    /// Whether all steps were done; `false` where it stopped as asked.
    pub(super) fn all_steps(&mut self, until: Option<StepKind>) -> Result<bool> {
        let world = self.world;
        thread::scope(|scope| {
            let mut flight = Flight::new(scope, world);
            self.until_none_runs(&mut flight, until)?;
            self.stop_if_asked().or_else(|stopped| if self.failed.is_empty() { Err(stopped) } else { Ok(()) })?;
            let failed = std::mem::take(&mut self.failed);
            if let Some(failure) = failures(failed) {
                return Err(failure);
            }
            let is_over = self.next_ready().is_none();
            if self.world.is_late() && !is_over { Err(turns::late()) } else { Ok(is_over) }
        })
    }

    /// Starts steps and hears of them, until none runs and none can be started.
    fn until_none_runs(&mut self, flight: &mut Flight<'_, '_>, until: Option<StepKind>) -> Result<()> {
        let mut only_told = false;
        loop {
            // Words of a program make nothing ready.
            if self.goes_on() && !only_told {
                self.start_what_is_ready(flight, until)?;
            }
            if flight.is_empty() && !(self.goes_on() && self.waits_for_a_turn()?) {
                return Ok(());
            }
            let message = if flight.is_empty() { None } else { flight.next(self.next_turn())? };
            only_told = matches!(message, Some(Message::Told(_)));
            if let Some(message) = message {
                self.heard(flight, message)?;
                self.begin_what_may(flight)?;
            }
        }
    }

    /// Lets the steps act that are to be done, as far as they may; where nothing more is begun, they are left as they are.
    fn begin_what_may(&mut self, flight: &mut Flight<'_, '_>) -> Result<()> {
        for id in flight.waiting() {
            if !self.goes_on() {
                flight.land(&id);
            } else if flight.may_act(&id) {
                self.begin(flight, &id)?;
            }
        }
        Ok(())
    }

    /// How long until an upload that waits for its turn may be sent.
    fn next_turn(&self) -> Option<Duration> {
        let now = self.world.now();
        let next = self.ready().filter_map(|step| self.turns.of(&step.id, now)).min()?;
        Some(Duration::try_from(next.duration_since(now)).unwrap_or_default())
    }

    /// Whether more is begun.
    fn goes_on(&self) -> bool {
        !self.world.is_interrupted() && !self.world.is_late() && (self.keeps_going || self.failed.is_empty())
    }

    /// Begins what can run side by side; anything else runs when nothing else does.
    fn start_what_is_ready(&mut self, flight: &mut Flight<'_, '_>, until: Option<StepKind>) -> Result<()> {
        while self.goes_on() {
            let now = self.world.now();
            let is_turn = |step: &Step| self.turns.may_start(&step.id, now);
            let has_room = |step: &Step| flight.has_room(step.action.kind());
            let is_left = |step: &Step| !flight.has(&step.id) && !self.failed.contains_key(&step.id);
            let open = |step: &Step| is_left(step) && has_room(step) && is_turn(step);
            let Some(step) = self.ready().find(|step| open(step)).cloned() else { return Ok(()) };
            let kind = step.action.kind();
            let beside = flight::may_take_off(kind);
            if until.is_some_and(|until| kind > until) || (!beside && !flight.is_empty()) {
                return Ok(());
            }
            if kind >= StepKind::Land || self.world.is_in_place() {
                self.ask()?;
            }
            if beside {
                self.create_for(kind)?;
                flight.probe(step, &self.journal);
            } else {
                self.carry_out(&step)?;
                self.done.insert(step.id);
            }
        }
        Ok(())
    }

    fn heard(&mut self, flight: &mut Flight<'_, '_>, message: Message) -> Result<()> {
        match message {
            Message::Told(event) => {
                if let Event::Said { step, line } = &event
                    && answer::is_sending(line)
                {
                    flight.sends(step);
                }
                self.ui.tell(&event)
            }
            Message::Probed(id, Ok(Probe::ToDo)) => {
                flight.waits(&id);
                Ok(())
            }
            Message::Probed(id, Ok(Probe::Done(proof))) => {
                let Some(aloft) = flight.land(&id) else { return Ok(()) };
                self.journal.found_done(&id, proof.clone())?;
                self.ended(aloft, &proof, true)
            }
            Message::Ended(id, Ok(performed)) => {
                let Some(mut aloft) = flight.land(&id) else { return Ok(()) };
                let Some(in_flight) = aloft.in_flight.take() else { return Ok(()) };
                match performed {
                    Performed::Done(proof) => {
                        self.turns.taken(&id, self.world.now());
                        self.journal.end(in_flight, proof.clone())?;
                        self.ended(aloft, &proof, false)
                    }
                    Performed::Later(limited) => {
                        self.turns.limited(&id, limited.until);
                        self.journal.limited(in_flight, limited)
                    }
                    Performed::Refused { said, failure } => {
                        self.turns.left(&id);
                        self.journal.refused(in_flight, said)?;
                        self.fails(id, failure);
                        Ok(())
                    }
                }
            }
            Message::Probed(id, Ok(Probe::Conflict(failure)) | Err(failure)) | Message::Ended(id, Err(failure)) => {
                flight.land(&id);
                self.turns.left(&id);
                self.fails(id, failure);
                Ok(())
            }
        }
    }

    /// Lets a step act that is to be done, where it is its turn.
    fn begin(&mut self, flight: &mut Flight<'_, '_>, id: &StepId) -> Result<()> {
        let Some(aloft) = flight.aloft(id) else { return Ok(()) };
        let (step, kind, package) = (&aloft.step, aloft.step.action.kind(), aloft.step.package.clone());
        if let Some(upload) = step.action.upload() {
            self.turns.join(id, &upload.registry, self.world.is_new(step, upload, &self.journal)?);
        }
        if !self.turns.may_start(id, self.world.now()) {
            flight.land(id);
            return Ok(());
        }
        self.turns.started(id);
        self.ui.tell(&Event::Started { step: id.clone(), kind, package })?;
        let in_flight = self.journal.begin_step(id)?;
        flight.perform(id, in_flight, &self.journal);
        Ok(())
    }

    fn fails(&mut self, id: StepId, failure: Failure) {
        self.failed.insert(id, failure);
        if !self.keeps_going {
            self.world.stop_waiting();
        }
    }

    fn ended(&mut self, aloft: Aloft, proof: &Proof, already: bool) -> Result<()> {
        let Aloft { step, watch, .. } = aloft;
        let elapsed = watch.elapsed();
        self.done.insert(step.id.clone());
        let (kind, detail) = (step.action.kind(), receipt::detail(proof));
        self.ui.tell(&Event::Done { step: step.id, kind, package: step.package, already, detail, elapsed })
    }
}

/// One failure for all that failed, a refusal before a wait that was broken off; none where nothing failed.
fn failures(failed: BTreeMap<StepId, Failure>) -> Option<Failure> {
    let mut failed: Vec<_> = failed.into_iter().collect();
    failed.sort_by_key(|(_, failure)| failure.kind() == Kind::Interrupted);
    let mut failed = failed.into_iter();
    let (_, first) = failed.next()?;
    Some(failed.fold(first, |all, (step, other)| all.because(format!("`{step}` did not end either: {other}"))))
}

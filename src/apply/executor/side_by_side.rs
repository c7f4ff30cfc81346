//! The loop over the steps: what may runs side by side, everything else alone, and a failure stops what needs the step.

use std::collections::BTreeMap;
use std::thread;

use super::Execution;
use super::flight;
use super::flight::Aloft;
use super::flight::Flight;
use super::flight::Message;
use crate::apply::context::Probe;
use crate::apply::event::Event;
use crate::apply::receipt;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::StepId;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::tools::system::interrupt;

impl Execution<'_> {
    /// Whether all steps were done; `false` where it stopped as asked.
    pub(super) fn all_steps(&mut self, until: Option<StepKind>) -> Result<bool> {
        let world = self.world;
        thread::scope(|scope| {
            let mut flight = Flight::new(scope, world);
            loop {
                if self.goes_on() {
                    self.start_what_is_ready(&mut flight, until)?;
                }
                if flight.is_empty() {
                    break;
                }
                let message = flight.next()?;
                self.heard(&mut flight, message)?;
            }
            interrupt::stop_if_asked().or_else(|stopped| if self.failed.is_empty() { Err(stopped) } else { Ok(()) })?;
            let failed = std::mem::take(&mut self.failed);
            failures(failed).map_or_else(|| Ok(self.next_ready().is_none()), Err)
        })
    }

    /// Whether more is begun.
    fn goes_on(&self) -> bool {
        !interrupt::asked() && (self.keeps_going || self.failed.is_empty())
    }

    /// Begins what can run side by side; anything else runs when nothing else does.
    fn start_what_is_ready(&mut self, flight: &mut Flight<'_, '_>, until: Option<StepKind>) -> Result<()> {
        while self.goes_on() && flight.has_room() {
            let open = |step: &Step| !flight.has(&step.id) && !self.failed.contains_key(&step.id);
            let Some(step) = self.ready().find(|step| open(step)).cloned() else { return Ok(()) };
            let kind = step.action.kind();
            let beside = flight::may_take_off(kind);
            if until.is_some_and(|until| kind > until) || (!beside && !flight.is_empty()) {
                return Ok(());
            }
            if kind >= StepKind::Land {
                self.ask()?;
            }
            if beside {
                self.lay_for(kind)?;
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
            Message::Told(event) => self.audience.tell(&event),
            Message::Probed(id, Ok(Probe::ToDo)) if self.goes_on() => {
                let Some(aloft) = flight.aloft(&id) else { return Ok(()) };
                let (kind, package) = (aloft.step.action.kind(), aloft.step.package.clone());
                self.audience.tell(&Event::Started { step: id.clone(), kind, package })?;
                let begun = self.journal.begin_step(&id)?;
                flight.perform(&id, begun, &self.journal);
                Ok(())
            }
            Message::Probed(id, Ok(Probe::ToDo)) => {
                flight.land(&id);
                Ok(())
            }
            Message::Probed(id, Ok(Probe::Done(proof))) => {
                let Some(aloft) = flight.land(&id) else { return Ok(()) };
                self.journal.found_done(&id, proof.clone())?;
                self.ended(aloft, &proof, true)
            }
            Message::Ended(id, Ok(proof)) => {
                let Some(mut aloft) = flight.land(&id) else { return Ok(()) };
                if let Some(begun) = aloft.begun.take() {
                    self.journal.end(begun, proof.clone())?;
                }
                self.ended(aloft, &proof, false)
            }
            Message::Probed(id, Ok(Probe::Conflict(failure)) | Err(failure)) | Message::Ended(id, Err(failure)) => {
                flight.land(&id);
                self.failed.insert(id, failure);
                if !self.keeps_going {
                    self.world.stop_waiting();
                }
                Ok(())
            }
        }
    }

    fn ended(&mut self, aloft: Aloft, proof: &Proof, already: bool) -> Result<()> {
        let Aloft { step, watch, begun: _ } = aloft;
        let milliseconds = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.done.insert(step.id.clone());
        let (kind, detail) = (step.action.kind(), receipt::detail(proof));
        self.audience.tell(&Event::Done { step: step.id, kind, package: step.package, already, detail, milliseconds })
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

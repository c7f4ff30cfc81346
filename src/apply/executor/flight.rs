//! Steps that run side by side: uploads, the waits for the index, and owners. Each runs on a thread of its own and works
//! with what the journal knew when it set off; the journal is written, and the user told, by the one thread that waits
//! for them.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::mpsc;
use std::thread;
use std::thread::Scope;
use std::time::Duration;

use super::world::World;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::InFlightStep;
use crate::journal::Journal;
use crate::names::StepId;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::tools::system::clock::Stopwatch;

use crate::apply::event::Event;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;

/// How many uploads run at once.
const UPLOADS: usize = 8;

/// How many of them pack at once, beside one for each processor: until cargo sends, an upload is work for a processor, and
/// more of them only delay each other; while it asks the index, it leaves one idle.
const PACKS_BESIDE: usize = 1;

/// How many wait for an index at once. They ask it in turn, so that more of them do not ask more often.
const WAITS: usize = 64;

/// Whether steps of a kind run beside others. All before them work in the one stage, or move what is the user's.
pub(super) fn may_take_off(kind: StepKind) -> bool {
    match kind {
        StepKind::Publish | StepKind::Confirm | StepKind::Owners => true,
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit | StepKind::Verify => false,
        StepKind::Land | StepKind::Tag | StepKind::Reserve | StepKind::Push => false,
        StepKind::Carry | StepKind::Propose | StepKind::Request | StepKind::Announce => false,
    }
}

/// What a thread says.
pub(super) enum Message {
    /// Something to be told.
    Told(Event),
    /// What the world says about a step.
    Probed(StepId, Result<Probe>),
    /// How a step ended.
    Ended(StepId, Result<Performed>),
}

/// A step that is on its way.
pub(super) struct Aloft {
    pub(super) step: Step,
    pub(super) watch: Stopwatch,
    /// Since it acts.
    pub(super) in_flight: Option<InFlightStep>,
    stage: Stage,
}

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The world is asked about it.
    Probed,
    /// It is to be done, and waits until it may.
    Waiting,
    /// It acts; an upload packs.
    Acting,
    /// What it uploads is packed, and sent.
    Sending,
}

impl Aloft {
    fn is(&self, kind: StepKind, stage: Stage) -> bool {
        self.step.action.kind() == kind && self.stage == stage
    }
}

/// The steps that are on their way.
pub(super) struct Flight<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    world: &'env dyn World,
    aloft: BTreeMap<StepId, Aloft>,
    say: mpsc::Sender<Message>,
    heard: mpsc::Receiver<Message>,
}

impl<'scope, 'env> Flight<'scope, 'env> {
    /// Nobody, yet.
    pub(super) fn new(scope: &'scope Scope<'scope, 'env>, world: &'env dyn World) -> Self {
        let (say, heard) = mpsc::channel();
        Self { scope, world, aloft: BTreeMap::new(), say, heard }
    }

    /// Whether a step is on its way.
    pub(super) fn has(&self, step: &StepId) -> bool {
        self.aloft.contains_key(step)
    }

    /// Whether none is.
    pub(super) fn is_empty(&self) -> bool {
        self.aloft.is_empty()
    }

    /// Whether there is room for one more of a kind: who only waits for an index holds up no upload.
    pub(super) fn has_room(&self, kind: StepKind) -> bool {
        let waits = self.aloft.values().filter(|aloft| aloft.step.action.kind() == StepKind::Confirm).count();
        if kind == StepKind::Confirm { waits < WAITS } else { self.aloft.len() - waits < UPLOADS }
    }

    /// Asks the world about a step.
    pub(super) fn probe(&mut self, step: Step, journal: &Journal) {
        let (of, id) = (step.clone(), step.id.clone());
        self.aloft.insert(id.clone(), Aloft { step, watch: Stopwatch::start(), in_flight: None, stage: Stage::Probed });
        self.spawn(journal, move |world, journal, _| Message::Probed(id, guarded(|| world.probe(&of, journal))));
    }

    /// A step that was probed is to be done, when it may.
    pub(super) fn waits(&mut self, id: &StepId) {
        self.enters(id, Stage::Waiting);
    }

    /// What a step uploads is packed: the next may pack.
    pub(super) fn sends(&mut self, id: &StepId) {
        self.enters(id, Stage::Sending);
    }

    fn enters(&mut self, id: &StepId, stage: Stage) {
        self.aloft.get_mut(id).into_iter().for_each(|aloft| aloft.stage = stage);
    }

    /// The steps that were probed and are not begun.
    pub(super) fn waiting(&self) -> Vec<StepId> {
        let waiting = self.aloft.iter().filter(|(_, aloft)| aloft.stage == Stage::Waiting);
        waiting.map(|(id, _)| id.clone()).collect()
    }

    /// Whether a step may act beside those that do: no more pack at once than there are processors for.
    pub(super) fn may_act(&self, id: &StepId) -> bool {
        let is_upload = self.aloft(id).is_some_and(|aloft| aloft.step.action.kind() == StepKind::Publish);
        let packing = self.aloft.values().filter(|aloft| aloft.is(StepKind::Publish, Stage::Acting)).count();
        !is_upload || packing < thread::available_parallelism().map_or(1, usize::from) + PACKS_BESIDE
    }

    /// Lets a step act that was probed, and that the journal knows to have begun.
    pub(super) fn perform(&mut self, id: &StepId, in_flight: InFlightStep, journal: &Journal) {
        let Some(aloft) = self.aloft.get_mut(id) else { return };
        (aloft.in_flight, aloft.stage) = (Some(in_flight), Stage::Acting);
        let (of, id) = (aloft.step.clone(), id.clone());
        self.spawn(journal, move |world, journal, say| {
            let mut tell = |event: &Event| say.send(Message::Told(event.clone())).map_err(|_gone| unheard());
            Message::Ended(id, guarded(|| world.perform(&of, journal, &mut tell)))
        });
    }

    /// A step that has ended, or has not begun.
    pub(super) fn land(&mut self, id: &StepId) -> Option<Aloft> {
        self.aloft.remove(id)
    }

    /// A step that is on its way.
    pub(super) fn aloft(&self, id: &StepId) -> Option<&Aloft> {
        self.aloft.get(id)
    }

    /// Waits for the next message, so long at the most where that is said.
    pub(super) fn next(&self, at_most: Option<Duration>) -> Result<Option<Message>> {
        let Some(at_most) = at_most else { return self.heard.recv().map(Some).map_err(|_gone| unheard()) };
        match self.heard.recv_timeout(at_most) {
            Ok(message) => Ok(Some(message)),
            Err(mpsc::RecvTimeoutError::Timeout) => Ok(None),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(unheard()),
        }
    }

    fn spawn(
        &self,
        journal: &Journal,
        work: impl FnOnce(&dyn World, &Journal, &mpsc::Sender<Message>) -> Message + Send + 'scope,
    ) {
        let (journal, say, world) = (journal.as_known(), self.say.clone(), self.world);
        self.scope.spawn(move || {
            let message = work(world, &journal, &say);
            // Where nobody listens any more, the journal says that the step was begun.
            drop(say.send(message));
        });
    }
}

/// A panic is the failure of one step, not the end of those beside it.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_said| Err(Failure::bug("a step panicked")))
}

fn unheard() -> Failure {
    Failure::bug("steps that run side by side cannot be heard")
}

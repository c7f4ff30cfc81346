//! A world in memory, and a release in it: no git, no cargo, no registry. The journal is a file, as a resumed run reads it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;

use crate::apply::context::Tell;
use crate::apply::event::Event;
use crate::apply::executor::Execution;
use crate::apply::executor::Outcome;
use crate::apply::executor::Prompt;
use crate::apply::executor::Ui;
use crate::apply::executor::world::World;
use crate::apply::sample;
use crate::apply::sample::proof;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;
use crate::check::Code;
use crate::check::Finding;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Limited;
use crate::journal::Record;
use crate::journal::StateDir;
use crate::names::CommitId;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::names::StepId;
use crate::plan::*;

/// What comes of performing a step, in place of its being done.
#[derive(Clone, Debug)]
pub(super) enum Comes {
    /// It fails.
    Fails,
    /// The registry refuses it.
    Refused,
    /// The registry refuses it, once another step is being performed.
    RefusedBeside(&'static str),
    /// The registry takes no more for so many seconds.
    Limited(u64),
    /// It is done, and the user asks to stop meanwhile.
    Interrupted,
    /// It is done, and the deadline comes meanwhile.
    Late,
    /// It panics.
    Panics,
    /// It is done once another step has been performed.
    After(&'static str),
    /// It packs, and is sent, and the registry answers once another step has been performed.
    SendsUntil(&'static str),
    /// It waits until nothing is waited for any more.
    Waits,
    /// It acts, and the process ends before that can be recorded.
    Lost,
}

#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
struct State {
    acts: Vec<String>,
    /// The steps whose performance began.
    begun: BTreeSet<String>,
    there: BTreeSet<String>,
    theirs: BTreeSet<String>,
    comes: BTreeMap<String, VecDeque<Comes>>,
    found: Vec<Finding>,
    moved_on: bool,
    passed: Duration,
    is_interrupted: bool,
    is_late: bool,
    is_stopping: bool,
    interrupts_a_wait: bool,
}

/// A release and its world.
pub(super) struct Memory {
    dir: TempDir,
    plan: ReleasePlan,
    state: Mutex<State>,
    changed: Condvar,
}

/// What a run told.
#[derive(Default)]
struct Told {
    lines: Vec<String>,
    asked: usize,
    says_no: bool,
}

/// What came of a run.
#[derive(Debug)]
pub(super) struct Ran {
    /// How it ended: `finished`, `stopped`, or the failure.
    pub(super) ended: std::result::Result<&'static str, Failure>,
    /// What was told of steps.
    pub(super) told: Vec<String>,
    /// How often the user was asked.
    pub(super) asked: usize,
}

impl Ran {
    pub(super) fn failure(self) -> Failure {
        self.ended.expect_err("it was to fail")
    }
}

/// How a run is made.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    pub(super) until: Option<StepKind>,
    pub(super) keeps_going: bool,
    pub(super) says_no: bool,
}

impl Memory {
    /// A release of these steps: `publish b: publish a, land` needs two others.
    pub(super) fn of(steps: &[&str]) -> Self {
        let plan = sample::plan(steps);
        let dir = tempfile::tempdir().unwrap();
        let memory = Self { dir, plan, state: Mutex::default(), changed: Condvar::new() };
        memory.room().make().unwrap();
        memory
    }

    /// What comes of a step, time after time; afterwards it is done.
    #[must_use]
    pub(super) fn with(self, step: &str, comes: &[Comes]) -> Self {
        self.state().comes.insert(step.to_owned(), comes.iter().cloned().collect());
        self
    }

    /// The user asks to stop in the middle of the first wait.
    #[must_use]
    pub(super) fn interrupted_in_a_wait(self) -> Self {
        self.state().interrupts_a_wait = true;
        self
    }

    /// What is done already.
    #[must_use]
    pub(super) fn there(self, step: &str) -> Self {
        self.state().there.insert(step.to_owned());
        self
    }

    /// Where somebody else was.
    #[must_use]
    pub(super) fn theirs(self, step: &str) -> Self {
        self.state().theirs.insert(step.to_owned());
        self
    }

    /// What is said of the archives.
    #[must_use]
    pub(super) fn found(self, finding: Finding) -> Self {
        self.state().found.push(finding);
        self
    }

    /// The checkout is not where the plan was made.
    #[must_use]
    pub(super) fn moved_on(self) -> Self {
        self.state().moved_on = true;
        self
    }

    /// Somebody takes a step back between two runs.
    pub(super) fn undo(&self, step: &str) {
        self.state().there.remove(step);
    }

    /// Begins the release, or goes on with it.
    pub(super) fn run(&self, run: Run) -> Ran {
        {
            let mut state = self.state();
            (state.is_interrupted, state.is_late, state.is_stopping) = (false, false, false);
        }
        let opening = sample::opening(self.plan.clone(), self.dir.path());
        let open = Journal::open(&self.room()).unwrap();
        let journal = open.unwrap_or_else(|| Journal::begin(&self.room(), opening).unwrap());
        let mut told = Told { says_no: run.says_no, ..Told::default() };
        let execution = Execution::over(self, journal, &mut told).keeping_going(run.keeps_going);
        let ended = execution.run(run.until).map(|outcome| match outcome {
            Outcome::Finished(_) => "finished",
            Outcome::Stopped { .. } => "stopped",
        });
        Ran { ended, told: told.lines, asked: told.asked }
    }

    /// Begins the release, or goes on with it, as usual.
    pub(super) fn goes(&self) -> Ran {
        self.run(Run::default())
    }

    /// What was done to the world since this was last asked.
    pub(super) fn acts(&self) -> Vec<String> {
        std::mem::take(&mut self.state().acts)
    }

    /// What the journal of the open release says last of each step; `None` where none is open.
    pub(super) fn journal(&self) -> Option<Vec<String>> {
        let journal = Journal::open(&self.room()).unwrap()?;
        let last = |step: &Step| {
            let record =
                journal.entries().iter().rev().map(|entry| &entry.record).find(|it| of(it) == Some(&step.id))?;
            let word = match record {
                Record::InFlightStep { .. } => "begun",
                Record::Done { .. } => "done",
                Record::Undone { .. } => "undone",
                Record::Limited { .. } => "limited",
                Record::Refused { .. } => "refused",
                Record::Plan(_) | Record::Agreed => return None,
            };
            Some(format!("{word}: {}", step.id))
        };
        Some(self.plan.steps.iter().filter_map(last).collect())
    }

    fn room(&self) -> StateDir {
        StateDir::of(self.dir.path(), &RepoPath::root())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn wait_for(&self, is_met: impl Fn(&State) -> bool) {
        let (_state, waited) =
            self.changed.wait_timeout_while(self.state(), Duration::from_secs(60), |state| !is_met(state)).unwrap();
        assert!(!waited.timed_out(), "a step waits for what never comes");
    }

    fn acted(&self, act: String) {
        self.state().acts.push(act);
        self.changed.notify_all();
    }

    fn refused(&self, id: &str) -> Performed {
        self.acted(format!("refused {id}"));
        let failure = Failure::world(format!("`{id}` was refused"));
        Performed::Refused { said: "no".to_owned(), failure }
    }

    fn done(&self, step: &Step) -> Result<Performed> {
        self.state().there.insert(step.id.to_string());
        self.acted(format!("did {}", step.id));
        Ok(Performed::Done(proof(step)))
    }
}

impl World for Memory {
    fn base_is_here(&self, journal: &Journal) -> Result<()> {
        match self.state().moved_on && journal.entries().is_empty() {
            true => Err(Failure::world("the plan starts from elsewhere")),
            false => Ok(()),
        }
    }

    fn probe(&self, step: &Step, _journal: &Journal) -> Result<Probe> {
        let state = self.state();
        let id = step.id.as_str();
        Ok(match (state.theirs.contains(id), state.there.contains(id)) {
            (true, _) => Probe::Conflict(Failure::world(format!("somebody else did `{id}`"))),
            (false, true) => Probe::Done(proof(step)),
            (false, false) => Probe::ToDo,
        })
    }

    fn perform(&self, step: &Step, _journal: &Journal, tell: Tell<'_>) -> Result<Performed> {
        let id = step.id.to_string();
        let comes = self.state().comes.get_mut(&id).and_then(VecDeque::pop_front);
        self.state().begun.insert(id.clone());
        self.changed.notify_all();
        match comes {
            None => self.done(step),
            Some(Comes::Fails) => Err(Failure::world(format!("`{id}` failed"))),
            Some(Comes::Panics) => panic!("`{id}` panics on purpose"),
            Some(Comes::Refused) => Ok(self.refused(&id)),
            Some(Comes::RefusedBeside(other)) => {
                self.wait_for(|state| state.begun.contains(other));
                Ok(self.refused(&id))
            }
            Some(Comes::Limited(seconds)) => {
                let until = self.now().checked_add(Duration::from_secs(seconds)).unwrap();
                Ok(Performed::Later(Limited { is_new: false, until, said: "slow down".to_owned() }))
            }
            Some(Comes::Interrupted) => {
                self.state().is_interrupted = true;
                self.done(step)
            }
            Some(Comes::Late) => {
                self.state().is_late = true;
                self.done(step)
            }
            Some(Comes::After(other)) => {
                self.wait_for(|state| state.acts.iter().any(|act| act.ends_with(other)));
                self.done(step)
            }
            Some(Comes::SendsUntil(other)) => {
                let line = format!("   Uploading {id} v0.1.0 (/stage)");
                tell(&Event::Said { step: step.id.clone(), line })?;
                self.wait_for(|state| state.acts.iter().any(|act| act.ends_with(other)));
                self.done(step)
            }
            Some(Comes::Waits) => {
                self.acted(format!("waits {id}"));
                self.wait_for(|state| state.is_stopping);
                Err(Failure::interrupted("stopped waiting"))
            }
            Some(Comes::Lost) => {
                drop(self.done(step)?);
                Err(Failure::interrupted("the connection ended"))
            }
        }
    }

    fn undone(&self, step: &Step, _journal: &Journal) -> Result<Option<Failure>> {
        let is_outside =
            matches!(step.action.kind(), StepKind::Land | StepKind::Tag | StepKind::Reserve | StepKind::Push);
        Ok(is_outside.then(|| Failure::world(format!("`{}` was taken back", step.id))))
    }

    fn is_new(&self, _step: &Step, _upload: &Upload, _journal: &Journal) -> Result<bool> {
        Ok(false)
    }

    fn has_public_limits(&self, _registry: &RegistryName) -> bool {
        false
    }

    fn create_stage(&self, _journal: &Journal) -> Result<()> {
        self.acted("created the stage".to_owned());
        Ok(())
    }

    fn remove_stage(&self) -> Result<()> {
        self.acted("removed the stage".to_owned());
        Ok(())
    }

    fn is_in_place(&self) -> bool {
        false
    }

    fn archive_findings(&self, _journal: &Journal, _web: bool) -> Result<Vec<Finding>> {
        Ok(self.state().found.clone())
    }

    fn token_exposure(&self, _journal: &Journal) -> Option<Finding> {
        None
    }

    fn changed(&self, _from: &CommitId, _to: &CommitId) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn close(&self, journal: Journal) -> Result<()> {
        self.acted("closed".to_owned());
        journal.close(&self.room())
    }

    fn ends_after(&self, _deadline: Option<Duration>) {}

    fn is_late(&self) -> bool {
        self.state().is_late
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_000_000).unwrap().checked_add(self.state().passed).unwrap()
    }

    fn pause(&self, duration: Duration) {
        let mut state = self.state();
        if std::mem::take(&mut state.interrupts_a_wait) {
            state.is_interrupted = true;
            return;
        }
        state.passed += duration;
        drop(state);
        self.acted(format!("waited {}s", duration.as_secs()));
    }

    fn stop_waiting(&self) {
        self.state().is_stopping = true;
        self.changed.notify_all();
    }

    fn is_interrupted(&self) -> bool {
        self.state().is_interrupted
    }
}

impl Ui for Told {
    fn tell(&mut self, event: &Event) -> Result<()> {
        match event {
            Event::Done { step, already: true, .. } => self.lines.push(format!("already {step}")),
            Event::Waiting { step, left, .. } => self.lines.push(format!("{step} waits {}s", left.as_secs())),
            Event::Began { done, .. } if *done > 0 => self.lines.push(format!("{done} done before")),
            Event::Began { .. } | Event::Started { .. } | Event::Said { .. } | Event::Done { .. } => {}
            Event::Undone { .. } | Event::Receipt(_) => {}
        }
        Ok(())
    }

    fn ask(&mut self, _asking: &Prompt<'_>) -> Result<bool> {
        self.asked += 1;
        Ok(!self.says_no)
    }
}

/// A finding that blocks.
pub(super) fn blocks() -> Finding {
    Finding::error(Code::Secret, "a key is packed")
}

fn of(record: &Record) -> Option<&StepId> {
    match record {
        Record::InFlightStep { step } | Record::Done { step, .. } | Record::Undone { step } => Some(step),
        Record::Limited { step, .. } | Record::Refused { step, .. } => Some(step),
        Record::Plan(_) | Record::Agreed => None,
    }
}

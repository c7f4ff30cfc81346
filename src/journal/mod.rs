//! The memory of an interrupted release: what was intended, what was begun, and what the world said when it was done.
//!
//! It is memory of intent, never the witness: whether a step is done is asked of the world again. One JSON object a line,
//! with a version; record 0 is the whole plan. Every record is on the disk before the effect that it announces. This room
//! may use `plan`, `tools`, `names` and `error`.

mod lock;
mod record;
mod state_dir;

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

pub(crate) use self::lock::HeldLock;
pub(crate) use self::lock::running;
pub(crate) use self::record::JournalEntry;
pub(crate) use self::record::JournalHeader;
pub(crate) use self::record::Proof;
pub(crate) use self::record::Pulled;
pub(crate) use self::record::Record;
pub(crate) use self::record::Verified;
pub(crate) use self::state_dir::StateDir;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::StepId;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;
use crate::tools::system::clock;
use crate::tools::system::failpoint;
use crate::tools::system::files;

/// The version of the journal's form. A journal of a newer form is refused, never written to.
pub(crate) const FORMAT: u32 = 1;

/// The journal of one release.
#[derive(Debug)]
pub(crate) struct Journal {
    /// `None` for one that is only in memory.
    path: Option<PathBuf>,
    opening: Arc<JournalHeader>,
    entries: Vec<JournalEntry>,
}

/// That a registry takes no more for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limited {
    /// Whether it brings a new crate: new crates have a separate limit.
    pub is_new: bool,
    /// Until when.
    pub until: Timestamp,
    /// What the registry said.
    pub said: String,
}

/// A step that was begun. It does not go away quietly: only [`Journal::end`] and its like take it.
#[derive(Debug)]
#[must_use = "a step that was begun has to end with a proof, or the release is open"]
pub(crate) struct InFlightStep(StepId);

impl Journal {
    /// Begins the journal of a release.
    ///
    /// # Errors
    /// There is one that is not finished, or it cannot be written.
    pub(crate) fn begin(room: &StateDir, opening: JournalHeader) -> Result<Self> {
        if Self::is_open(room)? {
            return Err(unfinished());
        }
        // A first line that was never written whole announced nothing.
        files::remove(&room.journal())?;
        let record = Record::Plan(Box::new(opening.clone()));
        let mut journal = Self { path: Some(room.journal()), opening: Arc::new(opening), entries: Vec::new() };
        journal.append(record)?;
        Ok(journal)
    }

    /// A journal in memory alone: for a check, which nothing may resume.
    pub(crate) fn unwritten(opening: JournalHeader) -> Self {
        Self { path: None, opening: Arc::new(opening), entries: Vec::new() }
    }

    /// What is known so far, to be read while the journal goes on: in memory alone.
    #[must_use]
    pub(crate) fn as_known(&self) -> Self {
        Self { path: None, opening: Arc::clone(&self.opening), entries: self.entries.clone() }
    }

    /// Whether a release is in progress here.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub(crate) fn is_open(room: &StateDir) -> Result<bool> {
        Ok(files::read(&room.journal())?.is_some_and(|bytes| bytes.contains(&b'\n')))
    }

    /// Opens the journal of an unfinished release; `None` where there is none.
    ///
    /// # Errors
    /// It cannot be read, or a newer version of this program wrote it.
    pub(crate) fn open(room: &StateDir) -> Result<Option<Self>> {
        let Some(bytes) = files::read(&room.journal())? else { return Ok(None) };
        if !bytes.ends_with(b"\n") && bytes.contains(&b'\n') {
            files::write(&room.journal(), &record::whole_lines(&bytes).collect::<Vec<_>>().concat())?;
        }
        Self::read(&bytes, &room.journal())
    }

    /// Whether there is a journal that nothing can go on from; one of another version of this program can.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn is_broken(room: &StateDir) -> Result<bool> {
        let Some(bytes) = files::read(&room.journal())? else { return Ok(false) };
        let of_another = record::whole_lines(&bytes).next().is_some_and(record::is_of_another_version);
        Ok(!of_another && Self::read(&bytes, &room.journal()).is_err())
    }

    /// Puts a journal that cannot be read aside, and says where it is.
    ///
    /// # Errors
    /// It cannot be moved.
    pub(crate) fn put_aside(room: &StateDir) -> Result<PathBuf> {
        let kept = room.broken_journal(&clock::now().strftime("%Y%m%d-%H%M%S").to_string());
        files::rename(&room.journal(), &kept)?;
        Ok(kept)
    }

    /// The journal of the release that is open, else of the last one, to be looked at; `None` where there is none.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub(crate) fn latest(room: &StateDir) -> Result<Option<Self>> {
        for path in [room.journal(), room.last_journal()] {
            if let Some(bytes) = files::read(&path)? {
                return Self::read(&bytes, &path);
            }
        }
        Ok(None)
    }

    /// Reads the bytes of a journal; `None` where not even its first line is whole.
    ///
    /// # Errors
    /// It is no journal, or a newer version of this program wrote it.
    pub(crate) fn read(bytes: &[u8], path: &Path) -> Result<Option<Self>> {
        let mut lines = record::whole_lines(bytes);
        let Some(first) = lines.next() else { return Ok(None) };
        let opening = Arc::new(record::opening(first, path)?);
        let entries = lines.map(|line| record::entry(line, path)).collect::<Result<_>>()?;
        Ok(Some(Self { path: Some(path.to_owned()), opening, entries }))
    }

    /// The plan that is being executed.
    pub(crate) fn plan(&self) -> &ReleasePlan {
        &self.opening.plan
    }

    /// How and where it was begun.
    pub(crate) fn opening(&self) -> &JournalHeader {
        &self.opening
    }

    /// Everything that was recorded after the plan.
    pub(crate) fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    /// Records that a step is about to act on the world.
    ///
    /// # Errors
    /// The journal cannot be written; then the step must not act.
    pub(crate) fn begin_step(&mut self, step: &StepId) -> Result<InFlightStep> {
        self.append(Record::InFlightStep { step: step.clone() })?;
        Ok(InFlightStep(step.clone()))
    }

    /// Records what the world said when a step that was begun was done.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn end(&mut self, in_flight: InFlightStep, proof: Proof) -> Result<()> {
        self.append(Record::Done { step: in_flight.0, proof })
    }

    /// Records that a step was found done.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn found_done(&mut self, step: &StepId, proof: Proof) -> Result<()> {
        if self.proof(step) == Some(&proof) {
            return Ok(());
        }
        self.append(Record::Done { step: step.clone(), proof })
    }

    /// Records that a step was taken back.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn undone(&mut self, step: &StepId) -> Result<()> {
        self.append(Record::Undone { step: step.clone() })
    }

    /// Records that a registry takes no more for now, and that the upload of this step was not taken.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn limited(&mut self, in_flight: InFlightStep, limit: Limited) -> Result<()> {
        let Limited { is_new, until, said } = limit;
        self.append(Record::Limited { step: in_flight.0, is_new, until, said })
    }

    /// Records that the upload of this step was refused.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn refused(&mut self, in_flight: InFlightStep, said: String) -> Result<()> {
        self.append(Record::Refused { step: in_flight.0, said })
    }

    /// How often a registry had no room for the upload of this step, and since when.
    pub(crate) fn limited_so_far(&self, step: &StepId) -> (u32, Option<Timestamp>) {
        let limited = |entry: &&JournalEntry| matches!(&entry.record, Record::Limited { step: of, .. } if of == step);
        let mut limited = self.entries.iter().filter(limited);
        let first = limited.next().map(|entry| entry.at);
        (first.map_or(0, |_| u32::try_from(limited.count() + 1).unwrap_or(u32::MAX)), first)
    }

    /// Records the yes at the prompt.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub(crate) fn agreed(&mut self) -> Result<()> {
        self.append(Record::Agreed)
    }

    /// Whether the answer at the prompt was yes.
    pub(crate) fn has_agreed(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.record, Record::Agreed))
    }

    /// Whether a step was ever begun and not taken back since.
    pub(crate) fn was_begun(&self, step: &StepId) -> bool {
        let last = self.entries.iter().rev().find_map(|entry| entry.record.concerning(step));
        matches!(last, Some(Record::InFlightStep { .. } | Record::Done { .. }))
    }

    /// Whether a step was ever begun, whatever came of it.
    pub(crate) fn was_ever_begun(&self, step: &StepId) -> bool {
        self.entries.iter().any(|entry| matches!(&entry.record, Record::InFlightStep { step: of } if of == step))
    }

    /// Whether a step that was begun was begun before as well, and nobody knows what came of that.
    pub(crate) fn was_left_open(&self, step: &StepId) -> bool {
        let mut last = self.entries.iter().rev().filter_map(|entry| entry.record.concerning(step));
        let mut is_begun = || matches!(last.next(), Some(Record::InFlightStep { .. }));
        is_begun() && is_begun()
    }

    /// What a registry said of a step last, where that was no.
    pub(crate) fn refusal(&self, step: &StepId) -> Option<&Record> {
        let last = self.entries.iter().rev().find_map(|entry| entry.record.concerning(step));
        last.filter(|record| matches!(record, Record::Limited { .. } | Record::Refused { .. }))
    }

    /// The proof that a step left, where it was done and not taken back since.
    pub(crate) fn proof(&self, step: &StepId) -> Option<&Proof> {
        let last = self.entries.iter().rev().find_map(|entry| entry.record.concerning(step));
        match last {
            Some(Record::Done { proof, .. }) => Some(proof),
            Some(Record::Plan(_) | Record::InFlightStep { .. } | Record::Undone { .. } | Record::Agreed) | None => None,
            Some(Record::Limited { .. } | Record::Refused { .. }) => None,
        }
    }

    /// The release commit, where the last commit step is done.
    pub(crate) fn commit(&self) -> Option<&CommitId> {
        self.plan().last_commit().and_then(|step| self.proof(&step.id)).and_then(Proof::commit)
    }

    /// What was verified of a package for a registry.
    pub(crate) fn verified(&self, package: &PackageName, registry: &RegistryName) -> Option<&Verified> {
        let verifying = self.plan().steps.iter().filter(|step| step.action.kind() == StepKind::Verify);
        let proofs = verifying.filter_map(|step| self.proof(&step.id));
        proofs.flat_map(Proof::verified).find(|known| known.name == *package && known.registry == *registry)
    }

    /// When a step was last recorded done.
    pub(crate) fn done_at(&self, step: &StepId) -> Option<Timestamp> {
        let done = |entry: &&JournalEntry| matches!(&entry.record, Record::Done { step: of, .. } if of == step);
        self.entries.iter().rev().find(done).map(|entry| entry.at)
    }

    /// How long a step took from its last beginning; `None` where it was not begun, or is not done.
    pub(crate) fn took(&self, step: &StepId) -> Option<Duration> {
        let in_flight =
            |entry: &&JournalEntry| matches!(&entry.record, Record::InFlightStep { step: of } if of == step);
        let in_flight = self.entries.iter().rev().find(in_flight)?.at;
        self.done_at(step)?.duration_since(in_flight).try_into().ok()
    }

    /// Closes the journal: it is kept as the last one, for `status`, and no release is open any more.
    ///
    /// # Errors
    /// It cannot be moved.
    pub(crate) fn close(self, room: &StateDir) -> Result<()> {
        failpoint::here();
        self.path.map_or(Ok(()), |path| files::rename(&path, &room.last_journal()))
    }

    /// Forgets a release that left nothing behind.
    ///
    /// # Errors
    /// The journal cannot be removed.
    pub(crate) fn forget(self) -> Result<()> {
        self.path.map_or(Ok(()), |path| files::remove(&path))
    }

    fn append(&mut self, record: Record) -> Result<()> {
        failpoint::here();
        let entry = JournalEntry { at: clock::now(), record };
        if let Some(path) = &self.path {
            let mut line = serde_json::to_vec(&entry).or_world(|| "cannot write the journal".into())?;
            line.push(b'\n');
            files::append(path, &line)?;
        }
        if !matches!(entry.record, Record::Plan(_)) {
            self.entries.push(entry);
        }
        failpoint::here();
        Ok(())
    }
}

/// The refusal where a release is open.
pub(crate) fn unfinished() -> Failure {
    Failure::interrupted("a release is in progress here")
        .help("run `cargo release status` to see its state")
        .help("run `cargo release resume` to finish it")
        .help("run `cargo release abort` to end it")
}

/// A digest for words: the first seven digits.
pub(crate) fn short(digest: &Digest) -> &str {
    digest.as_str().get(..7).unwrap_or(digest.as_str())
}

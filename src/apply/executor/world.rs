//! The seam under the executor: what it asks and moves outside its own journal. The transitions (refused, in conflict,
//! found done, interrupted, resumed) are tested over a world in memory; a release runs over the real one.

use std::time::Duration;

use jiff::Timestamp;

use crate::apply::context::ReleaseContext;
use crate::apply::context::Tell;
use crate::apply::event::Receipt;
use crate::apply::preflight;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::dispatch;
use crate::apply::steps::hooked_changelog;
use crate::apply::verify::archive_findings;
use crate::apply::verify::token_exposure;
use crate::apply::worktree::stage;
use crate::check::Finding;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::names::CommitId;
use crate::names::RegistryName;
use crate::plan::Step;
use crate::plan::Upload;
use crate::tools::registry::index;
use crate::tools::system::clock;
use crate::tools::system::interrupt;

/// What steps do to git, cargo and registries, and what the time and the user say.
pub(super) trait World: Sync {
    /// Refuses a plan that was not made for what is checked out.
    fn base_is_here(&self, journal: &Journal) -> Result<()>;

    /// Asks about a step.
    fn probe(&self, step: &Step, journal: &Journal) -> Result<Probe>;

    /// Does a step.
    fn perform(&self, step: &Step, journal: &Journal, tell: Tell<'_>) -> Result<Performed>;

    /// What to say where a step was done, and is not done any more.
    fn undone(&self, step: &Step, journal: &Journal) -> Result<Option<Failure>>;

    /// Whether an upload brings a crate that its registry does not have.
    fn is_new(&self, step: &Step, upload: &Upload, journal: &Journal) -> Result<bool>;

    /// Whether a registry publishes how much it takes.
    fn has_public_limits(&self, registry: &RegistryName) -> bool;

    /// Makes the tree that steps work in.
    fn create_stage(&self, journal: &Journal) -> Result<()>;

    /// Removes it, with all that a release keeps until it is over.
    fn remove_stage(&self) -> Result<()>;

    /// Gives the receipt the changelog entries of the release commit, where those of the plan are not the last word.
    fn tell_entries(&self, _receipt: &mut Receipt, _journal: &Journal) -> Result<()> {
        Ok(())
    }

    /// Whether steps work on the files of the checkout.
    fn is_in_place(&self) -> bool;

    /// What is said of the verified archives; with `web`, registries are asked.
    fn archive_findings(&self, journal: &Journal, web: bool) -> Result<Vec<Finding>>;

    /// Whether verification could read a token.
    fn token_exposure(&self, journal: &Journal) -> Option<Finding>;

    /// The paths that differ between two commits.
    fn changed(&self, from: &CommitId, to: &CommitId) -> Result<Vec<String>>;

    /// Keeps the journal as that of the last release.
    fn close(&self, journal: Journal) -> Result<()>;

    /// Sets when no step that leaves this machine is begun any more, from the start.
    fn ends_after(&self, deadline: Option<Duration>);

    /// Whether that time has come.
    fn is_late(&self) -> bool;

    /// The time.
    fn now(&self) -> Timestamp;

    /// Waits so long, unless there is nothing to wait for any more.
    fn pause(&self, duration: Duration);

    /// Lets steps that only wait end: another has failed.
    fn stop_waiting(&self);

    /// Whether we were asked to stop.
    fn is_interrupted(&self) -> bool;
}

impl World for ReleaseContext {
    fn base_is_here(&self, journal: &Journal) -> Result<()> {
        preflight::base_is_here(self, journal)
    }

    fn probe(&self, step: &Step, journal: &Journal) -> Result<Probe> {
        dispatch::probe(&StepContext { step, world: self, journal })
    }

    fn perform(&self, step: &Step, journal: &Journal, tell: Tell<'_>) -> Result<Performed> {
        dispatch::perform(&StepContext { step, world: self, journal }, tell)
    }

    fn undone(&self, step: &Step, journal: &Journal) -> Result<Option<Failure>> {
        dispatch::undone(&StepContext { step, world: self, journal })
    }

    fn is_new(&self, step: &Step, upload: &Upload, journal: &Journal) -> Result<bool> {
        StepContext { step, world: self, journal }.is_new(upload)
    }

    fn has_public_limits(&self, registry: &RegistryName) -> bool {
        self.registries.index(registry).as_deref() == Some(index::CRATES_IO)
    }

    fn create_stage(&self, journal: &Journal) -> Result<()> {
        stage::create(self, journal)
    }

    fn remove_stage(&self) -> Result<()> {
        stage::remove(self)
    }

    fn tell_entries(&self, receipt: &mut Receipt, journal: &Journal) -> Result<()> {
        hooked_changelog::tell(receipt, self, journal)
    }

    fn is_in_place(&self) -> bool {
        Self::is_in_place(self)
    }

    fn archive_findings(&self, journal: &Journal, web: bool) -> Result<Vec<Finding>> {
        archive_findings::findings(self, journal, web)
    }

    fn token_exposure(&self, journal: &Journal) -> Option<Finding> {
        token_exposure::token(self, journal)
    }

    fn changed(&self, from: &CommitId, to: &CommitId) -> Result<Vec<String>> {
        self.checkout.changed(from, to)
    }

    fn close(&self, journal: Journal) -> Result<()> {
        journal.close(&self.room)
    }

    fn ends_after(&self, deadline: Option<Duration>) {
        Self::ends_after(self, deadline);
    }

    fn is_late(&self) -> bool {
        Self::is_late(self)
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }

    fn pause(&self, duration: Duration) {
        Self::pause(self, duration);
    }

    fn stop_waiting(&self) {
        Self::stop_waiting(self);
    }

    fn is_interrupted(&self) -> bool {
        interrupt::asked()
    }
}

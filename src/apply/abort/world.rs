//! The seam under abort: what it asks and takes back outside its own journal. Which answers end a release how is tested over
//! a world in memory; a release ends over the real one.

use crate::apply::context::ReleaseContext;
use crate::apply::publish_state;
use crate::apply::publish_state::Live;
use crate::apply::step_context::StepContext;
use crate::apply::steps::dispatch;
use crate::apply::steps::land;
use crate::apply::steps::land::Standing;
use crate::apply::steps::push::Arrived;
use crate::apply::worktree::stage;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Verified;
use crate::names::BranchName;
use crate::plan::Step;

/// What registries, the remote and the branch say of a release, and how its steps are taken back.
pub(super) trait AbortWorld {
    /// Looks for a version in the index and the web API of its registry.
    fn live(&self, step: &Step, known: &Verified, journal: &Journal) -> Result<Live>;

    /// Whether the registry says that a version is not there; one without a web API says nothing.
    fn denies(&self, known: &Verified) -> Result<bool>;

    /// What has arrived of a push.
    fn arrived(&self, step: &Step, journal: &Journal) -> Result<Arrived>;

    /// Where the branch is that took the release commit.
    fn standing(&self, step: &Step, branch: &BranchName, journal: &Journal) -> Result<Standing>;

    /// Refuses where files in the checkout are in the way of taking the branch back.
    fn can_be_undone(&self, step: &Step, branch: &BranchName, journal: &Journal) -> Result<()>;

    /// Takes a step back.
    fn undo(&self, step: &Step, journal: &Journal) -> Result<()>;

    /// Removes the stage, with all that a release keeps until it is over.
    fn remove_stage(&self) -> Result<()>;

    /// Keeps the journal as that of the last release.
    fn close(&self, journal: Journal) -> Result<()>;
}

impl AbortWorld for ReleaseContext {
    fn live(&self, step: &Step, known: &Verified, journal: &Journal) -> Result<Live> {
        publish_state::anywhere(known, &StepContext { step, world: self, journal })
    }

    fn denies(&self, known: &Verified) -> Result<bool> {
        Ok(self.registry(&known.registry)?.denies(known))
    }

    fn arrived(&self, step: &Step, journal: &Journal) -> Result<Arrived> {
        dispatch::arrived(&StepContext { step, world: self, journal })
    }

    fn standing(&self, step: &Step, branch: &BranchName, journal: &Journal) -> Result<Standing> {
        land::standing(branch, &StepContext { step, world: self, journal })
    }

    fn can_be_undone(&self, step: &Step, branch: &BranchName, journal: &Journal) -> Result<()> {
        land::can_be_undone(branch, &StepContext { step, world: self, journal })
    }

    fn undo(&self, step: &Step, journal: &Journal) -> Result<()> {
        dispatch::undo(&StepContext { step, world: self, journal })
    }

    fn remove_stage(&self) -> Result<()> {
        stage::remove(self)
    }

    fn close(&self, journal: Journal) -> Result<()> {
        journal.close(&self.room)
    }
}

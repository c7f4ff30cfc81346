//! Abort: takes an unfinished release back to where it began, as long as nothing is published.

use crate::apply::publish_state::is_published;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::names::CommitId;
use crate::plan::Step;
use crate::plan::StepKind;

use super::context::Scene;
use super::context::World;
use crate::apply::steps::dispatch;
use crate::apply::steps::push::Arrived;
use crate::apply::worktree::stage;

/// What was taken back.
#[derive(Debug, PartialEq, Eq)]
pub struct Aborted {
    /// The commit that the branch is at again.
    pub base: CommitId,
    /// The release commit, where it is on the remote and stays.
    pub stays: Option<CommitId>,
}

/// Takes it back: tags, the branch, the stage, in that order; then forgets it.
///
/// # Errors
/// Something may be published, tags are on the remote, or the branch is not as the release left it.
pub fn abort(world: &World, mut journal: Journal) -> Result<Aborted> {
    if is_published(&journal) {
        return Err(Failure::blocked("this release cannot be taken back: an upload was begun")
            .because("a version that was published stays for ever")
            .help("`cargo release resume` carries it to its end")
            .help("a version that nobody should use can be yanked afterwards: `cargo yank`"));
    }
    let plan = journal.plan().clone();
    let arrived = arrived(world, &journal)?;
    if arrived.tags {
        return Err(Failure::blocked("this release cannot be taken back: its tags are on the remote, or may be")
            .because("others may have fetched them")
            .help("`cargo release resume` carries it to its end"));
    }
    // Where the branch was pushed, taking it back here would only hide the commit from its owner.
    let is_reserved = arrived.branch;
    let goes = |step: &&Step| match step.action.kind() {
        StepKind::Land => !is_reserved,
        StepKind::Tag => true,
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit | StepKind::Verify => false,
        StepKind::Reserve | StepKind::Publish | StepKind::Confirm | StepKind::Owners | StepKind::Push => false,
    };
    for step in plan.steps.iter().rev().filter(goes) {
        if journal.was_begun(&step.id) {
            dispatch::undo(&Scene { step, world, journal: &journal })?;
            journal.undone(&step.id)?;
        }
    }
    let stays = is_reserved.then(|| journal.commit().cloned()).flatten();
    stage::strike(world)?;
    journal.forget()?;
    Ok(Aborted { base: plan.base.commit, stays })
}

/// What the remote has of this release.
fn arrived(world: &World, journal: &Journal) -> Result<Arrived> {
    let mut all = Arrived::default();
    let pushes = |step: &&Step| matches!(step.action.kind(), StepKind::Reserve | StepKind::Push);
    for step in journal.plan().steps.iter().filter(pushes).filter(|step| journal.was_begun(&step.id)) {
        let one = dispatch::arrived(&Scene { step, world, journal })?;
        all = Arrived { branch: all.branch || one.branch, tags: all.tags || one.tags };
    }
    Ok(all)
}

//! The stage: a scratch worktree of the same repository, at the base until the release commit is made, then at it.

use super::submodules;
use crate::apply::context::ReleaseContext;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::names::CommitId;
use crate::plan::StepKind;
use crate::tools::git::ignored;
use crate::tools::system::failpoint;
use crate::tools::system::files;

/// What git says where it could not write.
const UNWRITTEN: [&str; 3] = ["unable to write file", "unable to create file", "unable to checkout working tree"];

/// Makes the stage what the release needs next. Where the release commit is not made, it is laid anew at the base: edits
/// and hooks then find what the plan was made for, and nothing is lost, since nothing outside names it.
///
/// # Errors
/// git refuses to add or remove the worktree.
pub(crate) fn create(world: &ReleaseContext, journal: &Journal) -> Result<()> {
    if world.is_in_place() {
        return Ok(());
    }
    let plan = journal.plan();
    create_for(world, journal)?;
    ignored::copy(world.checkout.dir(), &world.room.stage(), &plan.base.copied)
}

fn create_for(world: &ReleaseContext, journal: &Journal) -> Result<()> {
    let plan = journal.plan();
    match (journal.commit(), plan.last_commit()) {
        (Some(commit), _) => lay_at(world, commit),
        (None, None) => lay_at(world, &plan.base.commit),
        (None, Some(_)) => {
            world.checkout.remove_worktree(&world.room.stage())?;
            add(world, &plan.base.commit)
        }
    }
}

fn lay_at(world: &ReleaseContext, commit: &CommitId) -> Result<()> {
    let stage = world.room.stage();
    // Asked with the stage as working directory: a directory that is no worktree would answer for the checkout around it.
    let there = stage.join(".git").exists() && world.stage().commit_of("HEAD")?.as_ref() == Some(commit);
    if there && world.stage().is_clean()? {
        // It may have been left before its submodules were filled.
        return submodules::fill(world.checkout.dir(), &stage);
    }
    world.checkout.remove_worktree(&stage)?;
    add(world, commit)
}

fn add(world: &ReleaseContext, commit: &CommitId) -> Result<()> {
    world.room.make()?;
    let added = world.checkout.add_worktree(&world.room.stage(), commit);
    added.map_err(|refused| not_created(world, commit, &refused))?;
    failpoint::here();
    submodules::fill(world.checkout.dir(), &world.room.stage())
}

/// The words of the failure. git does not say why a file could not be written, and makes room again before we can look:
/// where the commit is larger than what is free, that is why.
fn not_created(world: &ReleaseContext, commit: &CommitId, refused: &Failure) -> Failure {
    let said = refused.to_string();
    let failure = Failure::world("failed to create the scratch worktree for the release").on_the_disk(&said);
    let is_mute = UNWRITTEN.iter().any(|words| said.contains(words));
    let failure = failure.because(said);
    match (files::free_bytes(world.room.dir()), world.checkout.bytes_of(commit)) {
        (Some(free), Ok(needed)) if is_mute && free < needed => failure
            .because(format!("the files of {} take {needed} bytes, and {free} are free", commit.short()))
            .on_the_disk("No space left on device"),
        (Some(_) | None, Ok(_) | Err(_)) => failure,
    }
}

/// Removes the stage, the verified archives, what they were packed on top of, and what an upload that was cut short left of its pass.
///
/// # Errors
/// They cannot be removed.
pub(crate) fn remove(world: &ReleaseContext) -> Result<()> {
    if world.is_in_place() {
        return Ok(());
    }
    failpoint::here();
    world.checkout.remove_worktree(&world.room.stage())?;
    failpoint::here();
    files::remove(&world.room.archives())?;
    files::remove(&world.room.overlay())?;
    files::remove(&world.room.passes())?;
    files::remove(&world.room.lockfile())
}

/// Whether steps of this kind work in the stage.
pub(crate) fn is_needed_by(kind: StepKind) -> bool {
    match kind {
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit | StepKind::Verify => true,
        StepKind::Publish => true,
        StepKind::Land | StepKind::Tag | StepKind::Reserve | StepKind::Confirm => false,
        StepKind::Carry => true,
        StepKind::Owners | StepKind::Push => false,
        StepKind::Propose | StepKind::Request | StepKind::Announce => false,
    }
}

//! Before a plan is begun: whether the checkout is still what it was made for. What was seen while planning may have
//! changed since, and a plan from a file may be of another day.

use super::context::ReleaseContext;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::names::BranchName;

/// Refuses a plan whose base is not checked out, and one that would land on files that are not committed. A release that
/// was begun before goes on from where it is, which each step finds out by itself.
///
/// # Errors
/// The checkout is not as the plan expects.
pub(crate) fn base_is_here(world: &ReleaseContext, journal: &Journal) -> Result<()> {
    if !journal.entries().is_empty() {
        return Ok(());
    }
    let base = &journal.plan().base;
    let git = &world.checkout;
    let head = git.commit_of("HEAD")?;
    if head.as_ref() != Some(&base.commit) {
        let at = head.as_ref().map_or("nothing", |head| head.short());
        return Err(Failure::world(format!("the plan starts from {}, but {at} is checked out", base.commit.short()))
            .help("plan again"));
    }
    let branch = git.branch()?;
    // A detached head stands for the branch that the plan names.
    if branch != base.branch && branch.is_some() {
        let planned = base.branch.as_ref().map_or("a detached head", BranchName::as_str);
        let found = branch.as_ref().map_or("a detached head", BranchName::as_str);
        return Err(Failure::world(format!("the plan is for `{planned}`, but `{found}` is checked out"))
            .help("switch, or plan again"));
    }
    if world.is_in_place() || git.is_clean()? {
        return Ok(());
    }
    Err(Failure::world("files changed after the plan was made")
        .because("`git status` names them")
        .help("commit or stash them, then plan again"))
}

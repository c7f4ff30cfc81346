//! Land: the one time that the user's checkout is touched, a fast-forward to the verified commit.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::BranchName;
use crate::plan::DETACHED;

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;

/// Done when the branch contains the release commit.
pub(crate) fn probe(branch: &BranchName, context: &StepContext<'_>) -> Result<Probe> {
    let git = &context.world.checkout;
    let commit = context.commit()?;
    let Some(tip) = git.commit_of(&place(branch))? else {
        return Ok(Probe::Conflict(Failure::world(format!("the branch `{branch}` is gone"))));
    };
    if git.is_ancestor(commit, &tip)? {
        return Ok(Probe::Done(Proof::Plain));
    }
    if !git.is_ancestor(&tip, commit)? {
        let what = format!("the branch `{branch}` has moved since the plan was made");
        let why = format!(
            "it is at {}, and the release starts from {}",
            tip.short(),
            context.journal.plan().base.commit.short()
        );
        let help = "run `cargo release abort`, then plan again";
        return Ok(Probe::Conflict(Failure::world(what).because(why).help(help)));
    }
    if is_here(branch, context)? {
        return Ok(Probe::ToDo);
    }
    let what = format!("`{branch}` is no longer checked out");
    Ok(Probe::Conflict(Failure::world(what).help(format!("run `git switch {branch}`, then `cargo release resume`"))))
}

/// The ref that moves: that of the branch, or the head itself where it is detached and stands for none.
fn place(branch: &BranchName) -> String {
    if branch == DETACHED { DETACHED.to_owned() } else { format!("refs/heads/{branch}") }
}

/// Whether the branch is checked out, or a detached head stands for it: at the commit that the release started from, or,
/// where we were interrupted, at the one that it made.
fn is_here(branch: &BranchName, context: &StepContext<'_>) -> Result<bool> {
    let git = &context.world.checkout;
    match git.branch()? {
        Some(here) => Ok(here == *branch),
        None => {
            let head = git.commit_of("HEAD")?;
            Ok(head.as_ref() == Some(&context.journal.plan().base.commit) || head.as_ref() == Some(context.commit()?))
        }
    }
}

/// Fast-forwards, overwriting nothing. A detached head goes first, and the branch that it stands for comes after.
pub(crate) fn perform(branch: &BranchName, context: &StepContext<'_>) -> Result<Proof> {
    let (git, commit) = (&context.world.checkout, context.commit()?);
    git.fast_forward(commit).map_err(|refused| {
        Failure::world("the checkout could not be fast-forwarded to the release commit")
            .because(refused.to_string())
            .help("move the files that block it, then run `cargo release resume`; or run `cargo release abort`")
    })?;
    if branch != DETACHED && git.branch()?.is_none() {
        git.move_branch(branch, &context.journal.plan().base.commit, commit)?;
    }
    Ok(Proof::Plain)
}

/// Where the branch stands after the release commit was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Where the release began.
    AtBase,
    /// At the release commit.
    Ours,
    /// At a commit on top of it.
    BuiltOn,
    /// Somewhere that does not hold it.
    Elsewhere,
}

/// Looks where the branch stands.
pub(crate) fn standing(branch: &BranchName, context: &StepContext<'_>) -> Result<Standing> {
    let git = &context.world.checkout;
    let Some(tip) = git.commit_of(&format!("refs/heads/{branch}"))? else { return Ok(Standing::Elsewhere) };
    let commit = context.commit()?;
    if tip == *commit {
        return Ok(Standing::Ours);
    }
    if tip == context.journal.plan().base.commit {
        return Ok(Standing::AtBase);
    }
    Ok(if git.is_ancestor(commit, &tip)? { Standing::BuiltOn } else { Standing::Elsewhere })
}

/// Asks git whether the checkout can be put back, and changes nothing.
///
/// # Errors
/// It cannot: local changes are in the way.
pub(crate) fn can_be_undone(branch: &BranchName, context: &StepContext<'_>) -> Result<()> {
    if !is_here(branch, context)? {
        return Ok(());
    }
    context.world.checkout.could_put_back(&context.journal.plan().base.commit).map_err(|refused| {
        Failure::world("local changes are in the way of taking the release back; nothing was changed")
            .because(refused.to_string())
            .help("commit or stash them (`git stash`), then `cargo release abort` again")
            .help("or go on: `cargo release resume`")
    })
}

/// Puts the branch back, if it still points at the release commit; a branch that others moved is left alone.
pub(crate) fn undo(branch: &BranchName, context: &StepContext<'_>) -> Result<()> {
    let git = &context.world.checkout;
    let base = &context.journal.plan().base.commit;
    match standing(branch, context)? {
        Standing::AtBase => {
            // A detached head goes before the branch, and comes back after it.
            let is_ahead = git.branch()?.is_none() && git.commit_of("HEAD")?.as_ref() == context.journal.commit();
            if is_ahead { git.put_back(base) } else { Ok(()) }
        }
        Standing::BuiltOn | Standing::Elsewhere => Ok(()),
        Standing::Ours if !is_here(branch, context)? => git.move_branch(branch, context.commit()?, base),
        Standing::Ours => {
            if git.branch()?.is_none() {
                git.move_branch(branch, context.commit()?, base)?;
            }
            git.put_back(base)
        }
    }
}

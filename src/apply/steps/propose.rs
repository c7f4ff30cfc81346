//! Propose: pushes the release commit to the branch that it is proposed on, which has to be as it was seen.

use crate::apply::context::Probe;
use crate::apply::context::StepContext;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::CommitId;
use crate::plan::Propose;

/// Done when the branch is at the release commit.
pub(crate) fn probe(propose: &Propose, context: &StepContext<'_>) -> Result<Probe> {
    let Propose { remote, branch, seen } = propose;
    let there = head(propose, context)?;
    if there.as_ref() == Some(context.commit()?) {
        return Ok(Probe::Done(Proof::Plain));
    }
    if there == *seen {
        return Ok(Probe::ToDo);
    }
    let what = format!("`{remote}/{branch}` has moved since the plan was made");
    Ok(Probe::Conflict(
        Failure::interrupted(what)
            .because(there.map_or("it is gone".to_owned(), |there| format!("it is at {}", there.short())))
            .help("`cargo release abort`, then `cargo release pr` again: it starts from what is there"),
    ))
}

/// Pushes. A branch that moved meanwhile is left alone.
pub(crate) fn perform(propose: &Propose, context: &StepContext<'_>) -> Result<Proof> {
    let Propose { remote, branch, seen } = propose;
    context.world.checkout.push_leased(remote, branch, Some(context.commit()?), seen.as_ref())?;
    Ok(Proof::Plain)
}

/// Puts the branch back to where it was, where it is still as this step left it.
pub(crate) fn undo(propose: &Propose, context: &StepContext<'_>) -> Result<()> {
    let ours = context.commit()?;
    if head(propose, context)?.as_ref() != Some(ours) {
        return Ok(());
    }
    context.world.checkout.push_leased(&propose.remote, &propose.branch, propose.seen.as_ref(), Some(ours))
}

fn head(propose: &Propose, context: &StepContext<'_>) -> Result<Option<CommitId>> {
    let refs = context.world.checkout.remote_refs(&propose.remote).map_err(|silent| {
        Failure::interrupted(format!("the remote `{}` does not answer", propose.remote))
            .because(silent.to_string())
            .help("when it does, `cargo release resume`")
    })?;
    Ok(refs.get(&format!("refs/heads/{}", propose.branch)).cloned())
}

//! Propose: pushes the release commit to the branch that it is proposed on, which has to be as it was seen.

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
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
    Ok(Probe::Conflict(moved(remote, branch, there.as_ref())))
}

fn moved(remote: &str, branch: &str, there: Option<&CommitId>) -> Failure {
    Failure::interrupted(format!("`{remote}/{branch}` has moved since the plan was made"))
        .because(there.map_or("it is gone".to_owned(), |there| format!("it is at {}", there.short())))
        .help("`cargo release abort`, then `cargo release pr` again: it starts from what is there")
}

/// Pushes. A branch that moved meanwhile is left alone; another run may have made the same commit in the same second.
pub(crate) fn perform(propose: &Propose, context: &StepContext<'_>) -> Result<Proof> {
    let Propose { remote, branch, seen } = propose;
    let ours = context.commit()?;
    let Err(refused) = context.world.checkout.push_leased(remote, branch, Some(ours), seen.as_ref()) else {
        return Ok(Proof::Plain);
    };
    match head(propose, context)? {
        Some(there) if there == *ours => Ok(Proof::Plain),
        there if there == *seen => Err(refused),
        there => Err(moved(remote, branch, there.as_ref()).because(refused.to_string())),
    }
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

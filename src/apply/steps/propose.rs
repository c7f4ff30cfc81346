//! Propose: pushes the release commit to the branch that it is proposed on, which has to be as it was seen. Where the forge
//! signs commits, the commit that it made of the same files is pushed instead.

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::propose_by_api;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::plan::Propose;

/// Done when the branch is at the release commit, or at the forge's commit of the same files.
pub(crate) fn probe(propose: &Propose, context: &StepContext<'_>) -> Result<Probe> {
    let Propose { remote, branch, seen, by_api: _ } = propose;
    let there = head(propose, context)?;
    if let Some(there) = &there
        && there_is_ours(there, propose, context)?
    {
        return Ok(Probe::Done(proof(there, propose)));
    }
    if there == *seen {
        return Ok(Probe::ToDo);
    }
    Ok(Probe::Conflict(moved(remote, branch, there.as_ref())))
}

fn moved(remote: &RemoteName, branch: &BranchName, there: Option<&CommitId>) -> Failure {
    Failure::interrupted(format!("`{remote}/{branch}` has moved since the plan was made"))
        .because(there.map_or("it is gone".to_owned(), |there| format!("it is at {}", there.short())))
        .help("`cargo release abort`, then `cargo release pr` again: it starts from what is there")
}

/// Pushes. A branch that moved meanwhile is left alone; another run may have made the same commit in the same second.
pub(crate) fn perform(propose: &Propose, context: &StepContext<'_>) -> Result<Proof> {
    let Propose { remote, branch, seen, by_api } = propose;
    let ours = match by_api {
        Some(site) => propose_by_api::made(site, propose, context)?,
        None => context.commit()?.clone(),
    };
    let Err(refused) = context.world.checkout.push_leased(remote, branch, Some(&ours), seen.as_ref()) else {
        return Ok(proof(&ours, propose));
    };
    match head(propose, context)? {
        Some(there) if there == ours => Ok(proof(&ours, propose)),
        there if there == *seen => Err(refused),
        there => Err(moved(remote, branch, there.as_ref()).because(refused.to_string())),
    }
}

fn there_is_ours(there: &CommitId, propose: &Propose, context: &StepContext<'_>) -> Result<bool> {
    if there == context.commit()? {
        return Ok(true);
    }
    let is_new = propose.seen.as_ref() != Some(there);
    Ok(is_new && propose.by_api.is_some() && propose_by_api::is_same(there, propose, context)?)
}

/// The forge's commit is remembered; ours is in the journal already.
fn proof(there: &CommitId, propose: &Propose) -> Proof {
    if propose.by_api.is_some() { Proof::Commit(there.clone()) } else { Proof::Plain }
}

/// Puts the branch back to where it was, where it is still as this step left it.
pub(crate) fn undo(propose: &Propose, context: &StepContext<'_>) -> Result<()> {
    let Some(there) = head(propose, context)? else { return Ok(()) };
    if !there_is_ours(&there, propose, context)? {
        return Ok(());
    }
    context.world.checkout.push_leased(&propose.remote, &propose.branch, propose.seen.as_ref(), Some(&there))
}

fn head(propose: &Propose, context: &StepContext<'_>) -> Result<Option<CommitId>> {
    let refs = context.world.checkout.remote_refs(&propose.remote).map_err(|silent| {
        Failure::interrupted(format!("the remote `{}` does not answer", propose.remote))
            .because(silent.to_string())
            .help("when it does, `cargo release resume`")
    })?;
    Ok(refs.get(&format!("refs/heads/{}", propose.branch)).cloned())
}

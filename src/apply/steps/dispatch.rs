//! From the kind of a step to its file: the one place that lists them all.

use super::announce;
use super::carry;
use super::commit;
use super::confirm;
use super::edit;
use super::hook;
use super::owners;
use super::propose;
use super::publish;
use super::push;
use super::request;
use super::tag;
use super::verify;
use crate::apply::context::Tell;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::land;
use crate::apply::steps::push::Arrived;
use crate::apply::steps::push::PushTarget;
use crate::error::Failure;
use crate::error::Result;
use crate::plan::Action;

/// Asks the world about a step.
pub(crate) fn probe(context: &StepContext<'_>) -> Result<Probe> {
    match &context.step.action {
        Action::Edit(edit) | Action::Replace(edit) => edit::probe(edit, context),
        Action::Hook(_) => Ok(hook::probe(context)),
        Action::Commit(_) => commit::probe(context),
        Action::Verify(_) => verify::probe(context),
        Action::Land { branch } => land::probe(branch, context),
        Action::Tag(tag) => tag::probe(tag, context),
        Action::Reserve { .. } | Action::Push { .. } => push::probe(target(&context.step.action)?, context),
        Action::Publish(upload) => publish::probe(upload, context),
        Action::Confirm { registry, .. } => confirm::probe(registry, context),
        Action::Owners { registry, owners } => owners::probe(registry, owners, context),
        Action::Carry(_) => carry::probe(context),
        Action::Propose(propose) => propose::probe(propose, context),
        Action::Request(wanted) => request::probe(wanted, context),
        Action::Announce(wanted) => announce::probe(wanted, context),
    }
}

/// Does a step.
pub(crate) fn perform(context: &StepContext<'_>, tell: Tell<'_>) -> Result<Performed> {
    let proof = match &context.step.action {
        Action::Edit(edit) | Action::Replace(edit) => edit::perform(edit, context),
        Action::Hook(hook) => hook::perform(hook, context, tell),
        Action::Commit(commit) => commit::perform(commit, context, tell),
        Action::Verify(verify) => verify::perform(verify, context, tell),
        Action::Land { branch } => land::perform(branch, context),
        Action::Tag(tag) => tag::perform(tag, context),
        Action::Reserve { .. } | Action::Push { .. } => push::perform(target(&context.step.action)?, context),
        Action::Publish(upload) => return publish::perform(upload, context, tell),
        Action::Confirm { registry, timeout, .. } => confirm::perform(registry, *timeout, context, tell),
        Action::Owners { registry, owners } => owners::perform(registry, owners, context),
        Action::Carry(carry) => carry::perform(carry, context),
        Action::Propose(propose) => propose::perform(propose, context),
        Action::Request(wanted) => request::perform(wanted, context),
        Action::Announce(wanted) => announce::perform(wanted, context),
    };
    proof.map(Performed::Done)
}

/// Takes a step back. The stage is struck as a whole, so what works in it has nothing of its own to undo; nothing from
/// the push of the branch on can be taken back.
pub(crate) fn undo(context: &StepContext<'_>) -> Result<()> {
    match &context.step.action {
        Action::Land { branch } => land::undo(branch, context),
        Action::Tag(tag) => tag::undo(tag, context),
        Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) | Action::Verify(_) => Ok(()),
        Action::Reserve { .. } | Action::Publish(_) | Action::Confirm { .. } => Ok(()),
        Action::Owners { .. } | Action::Push { .. } => Ok(()),
        Action::Propose(propose) => propose::undo(propose, context),
        Action::Request(wanted) => request::undo(wanted, context),
        Action::Carry(_) | Action::Announce(_) => Ok(()),
    }
}

/// What the remote has of the steps that push, where they were begun.
pub(crate) fn arrived(context: &StepContext<'_>) -> Result<Arrived> {
    push::arrived(target(&context.step.action)?, context)
}

/// What to say where a step was done, and is not done any more; nothing where it is simply done again.
pub(crate) fn undone(context: &StepContext<'_>) -> Result<Option<Failure>> {
    // Before the release commit is made nothing of it can be undone, and what it is made of is done again.
    let Ok(commit) = context.commit() else { return Ok(None) };
    let failure = match &context.step.action {
        Action::Land { branch } => Failure::world(format!("the release commit was taken off `{branch}` again"))
            .because(format!("`{branch}` is back at where the release began"))
            .help(format!("put it back: `git merge --ff-only {commit}`, then `cargo release resume`")),
        Action::Tag(tag) => Failure::world(format!("the tag `{}` was deleted again", tag.name))
            .because("this release made it, and it is gone")
            .help(format!("make it again: `git tag {} {commit}`, then `cargo release resume`", tag.name)),
        Action::Reserve { remote, branch, .. } => {
            Failure::world(format!("the release commit was taken off `{remote}/{branch}` again"))
                .because("this release pushed it, and somebody forced the branch back")
                .help(format!(
                    "push it again: `git push {remote} {commit}:refs/heads/{branch}`, then `cargo release resume`"
                ))
        }
        Action::Push { remote, .. } => Failure::world(format!("what was pushed is not on `{remote}` any more"))
            .because("this release pushed its branch and tags, and some of it is gone")
            .help("push the tags and the branch again, then `cargo release resume`"),
        Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => return Ok(None),
        Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) => return Ok(None),
        Action::Verify(_) | Action::Publish(_) | Action::Confirm { .. } | Action::Owners { .. } => return Ok(None),
    };
    Ok(Some(failure))
}

fn target(action: &Action) -> Result<PushTarget<'_>> {
    match action {
        Action::Reserve { remote, branch, options } => {
            Ok(PushTarget { remote, branch: Some(branch), tags: &[], options })
        }
        Action::Push { remote, branch, tags, options } => {
            Ok(PushTarget { remote, branch: branch.as_ref(), tags, options })
        }
        Action::Edit(_)
        | Action::Replace(_)
        | Action::Hook(_)
        | Action::Commit(_)
        | Action::Verify(_)
        | Action::Land { .. }
        | Action::Tag(_)
        | Action::Publish(_)
        | Action::Confirm { .. }
        | Action::Carry(_)
        | Action::Propose(_)
        | Action::Request(_)
        | Action::Announce(_)
        | Action::Owners { .. } => Err(Failure::bug("a step that pushes nothing was asked where it pushes to")),
    }
}

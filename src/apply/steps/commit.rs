//! Commit: makes the release commit in the tree it is given, with trailers that name the plan and its base.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::trailer;
use crate::plan::Commit;

use crate::apply::context::Tell;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::hooked_changelog;
use crate::apply::verify::lockfile;

/// The value of the trailer: the plan, and the package where each has a commit of its own.
fn plan_of(context: &StepContext<'_>) -> String {
    let plan = &context.journal.plan().id;
    context.step.package.as_ref().map_or_else(|| plan.to_string(), |package| format!("{plan}/{package}"))
}

/// Done when a commit with that trailer stands on the base in the stage.
pub(crate) fn probe(context: &StepContext<'_>) -> Result<Probe> {
    if let Some(Proof::Commit(id)) = context.journal.proof(&context.step.id)
        && context.journal.commit().is_some()
    {
        return Ok(Probe::Done(Proof::Commit(id.clone())));
    }
    if context.world.is_in_place() {
        return Ok(Probe::ToDo);
    }
    let base = &context.journal.plan().base.commit;
    let found = context.world.stage().commit_with_trailer(base, "HEAD", (trailer::PLAN, &plan_of(context)))?;
    Ok(found.map_or(Probe::ToDo, |id| Probe::Done(Proof::Commit(id))))
}

/// Commits as the user would: their hooks, their signing, their identity.
pub(crate) fn perform(commit: &Commit, context: &StepContext<'_>, tell: Tell<'_>) -> Result<Proof> {
    let world = context.world;
    if world.is_in_place() {
        return world.stage().commit_known(&commit.message, commit.sign).map(Proof::Commit).map_err(refused);
    }
    hooked_changelog::settle(context)?;
    if commit.resolves_lock {
        lockfile::resolve(context, tell)?;
    }
    // The stage is another worktree on no branch: what is configured for the user's has to be brought along.
    let stage = world.stage().as_in(&world.checkout)?;
    let base = &context.journal.plan().base.commit;
    let trailers = [format!("{}: {}", trailer::PLAN, plan_of(context)), format!("{}: {base}", trailer::BASE)];
    let made = stage.commit_all(&commit.paths, &commit.message, &trailers, commit.sign && !world.only_looks());
    made.map(Proof::Commit).map_err(refused)
}

fn refused(why: Failure) -> Failure {
    Failure::blocked("failed to create the release commit")
        .because(why.to_string())
        .help("run `git commit --allow-empty` by hand to test identity, signing key and git hooks")
}

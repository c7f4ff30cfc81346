//! Commit: makes the release commit in the tree it is given, with trailers that name the plan and its base.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::trailer;
use crate::plan::Commit;

use crate::apply::context::Probe;
use crate::apply::context::Scene;
use crate::apply::context::Tell;
use crate::apply::verify::lockfile;

/// The value of the trailer: the plan, and the package where each has a commit of its own.
fn plan_of(scene: &Scene<'_>) -> String {
    let plan = &scene.journal.plan().id;
    scene.step.package.as_ref().map_or_else(|| plan.to_string(), |package| format!("{plan}/{package}"))
}

/// Done when a commit with that trailer stands on the base in the stage.
pub(crate) fn probe(scene: &Scene<'_>) -> Result<Probe> {
    if let Some(Proof::Commit(id)) = scene.journal.proof(&scene.step.id)
        && scene.journal.commit().is_some()
    {
        return Ok(Probe::Done(Proof::Commit(id.clone())));
    }
    if scene.world.is_in_place() {
        return Ok(Probe::ToDo);
    }
    let base = &scene.journal.plan().base.commit;
    let found = scene.world.stage().commit_with_trailer(base, "HEAD", (trailer::PLAN, &plan_of(scene)))?;
    Ok(found.map_or(Probe::ToDo, |id| Probe::Done(Proof::Commit(id))))
}

/// Commits as the user would: their hooks, their signing, their identity.
pub(crate) fn perform(commit: &Commit, scene: &Scene<'_>, tell: Tell<'_>) -> Result<Proof> {
    let world = scene.world;
    if world.is_in_place() {
        return world.stage().commit_known(&commit.message, commit.sign).map(Proof::Commit).map_err(refused);
    }
    if commit.resolves_lock {
        lockfile::resolve(scene, tell)?;
    }
    // The stage is another worktree on no branch: what is configured for the user's has to be brought along.
    let stage = world.stage().as_in(&world.checkout)?;
    let base = &scene.journal.plan().base.commit;
    let trailers = [format!("{}: {}", trailer::PLAN, plan_of(scene)), format!("{}: {base}", trailer::BASE)];
    let made = stage.commit_all(&commit.paths, &commit.message, &trailers, commit.sign && !world.only_looks());
    made.map(Proof::Commit).map_err(refused)
}

fn refused(why: Failure) -> Failure {
    Failure::blocked("failed to create the release commit")
        .because(why.to_string())
        .help("run `git commit --allow-empty` by hand to test identity, signing key and git hooks")
}

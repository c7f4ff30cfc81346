//! Carry: takes what people changed on the branch of a proposal into the release commit, as a merge of both. Their commits
//! stay, and the branch goes forward.

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::RepoPath;
use crate::names::trailer;
use crate::plan::Carry;
use crate::plan::StepKind;
use crate::tools::system::files;

/// Done when the merge was made; it is remembered, since nothing names it.
pub(crate) fn probe(context: &StepContext<'_>) -> Result<Probe> {
    let Some(Proof::Commit(id)) = context.journal.proof(&context.step.id) else { return Ok(Probe::ToDo) };
    let here = context.world.checkout.commit_of(id.as_str())?;
    Ok(here.map_or(Probe::ToDo, |id| Probe::Done(Proof::Commit(id))))
}

/// Merges: the files that the plan wrote as it wrote them, all others of both sides.
pub(crate) fn perform(carry: &Carry, context: &StepContext<'_>) -> Result<Proof> {
    let (git, plan) = (&context.world.checkout, context.journal.plan());
    let made = plan.steps.iter().rev().find(|step| step.action.kind() == StepKind::Commit);
    let made = made.and_then(|step| context.journal.proof(&step.id)).and_then(Proof::commit);
    let made = made.ok_or_else(|| Failure::bug("the release commit is not made yet"))?;
    let index = context.world.room.dir().join("carry.index");
    files::remove(&index)?;
    let texts: Vec<(RepoPath, String)> =
        carry.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let theirs = git.with_texts(&carry.head, &texts, &index)?;
    files::remove(&index)?;
    let tree = git.merge_trees(&carry.made, &theirs, made)?.map_err(|conflicting| {
        Failure::blocked("what people changed on the branch of the proposal conflicts with the release")
            .because(format!("in {}", conflicting.join(", ")))
            .help("merge the base branch there by hand and push it, then run the same command again")
    })?;
    let (key, base) = (trailer::PLAN, &plan.base.commit);
    let message = format!("{}\n\n{key}: {}\n{}: {base}\n", carry.message.trim_end(), plan.id, trailer::BASE);
    let sign = (carry.sign || git.signs_commits()?) && !context.world.only_looks();
    let commit = git.commit_tree(&tree, &[&carry.head, made], &message, sign)?;
    context.world.stage().show_commit(&commit)?;
    Ok(Proof::Commit(commit))
}

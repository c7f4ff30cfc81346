//! Propose through the API of the forge: the forge makes the same commits on a branch of its own and signs them. They are
//! proposed only if their trees are exactly those that git made.

use crate::apply::step_context::StepContext;
use crate::error::Failure;
use crate::error::Result;
use crate::forge::Forge;
use crate::forge::NewCommit;
use crate::names::CommitId;
use crate::plan::Propose;
use crate::snapshot::ForgeSite;
use crate::tools::git::tree_changes::FileChange;

/// How many digits of the plan's id are in the name of the branch.
const DIGITS: usize = 8;

/// Whether a commit is one that the forge made from ours: the same tree, and the same messages since the base.
pub(super) fn is_same(there: &CommitId, propose: &Propose, context: &StepContext<'_>) -> Result<bool> {
    let (git, ours) = (&context.world.checkout, context.commit()?);
    git.fetch_objects(&propose.remote, &propose.branch)?;
    if git.commit_of(there.as_str())?.is_none() || git.tree(there.as_str())? != git.tree(ours.as_str())? {
        return Ok(false);
    }
    let base = &context.journal.plan().base.commit;
    let messages = |tip: &CommitId| -> Result<Vec<String>> {
        let all = git.messages_between(base, tip)?;
        Ok(all.into_iter().map(|(_, message)| message.trim_end().to_owned()).collect())
    };
    Ok(messages(there)? == messages(ours)?)
}

/// Has the forge make the commits, and fetches them. The branch that they were made on is deleted again.
pub(super) fn made(site: &ForgeSite, propose: &Propose, context: &StepContext<'_>) -> Result<CommitId> {
    let git = &context.world.checkout;
    let forge = Forge::of(site, &context.world.environment);
    let wanted = wanted(context)?;
    let plan = context.journal.plan();
    let digits: String = plan.id.as_str().chars().take(DIGITS).collect();
    let branch = format!("{}-signing-{digits}", propose.branch).into();
    let scratch = Propose { branch, ..propose.clone() };
    move_scratch(&scratch, Some(&plan.base.commit), context)?;
    let made = make(&forge, &scratch, &wanted, context);
    let removed = move_scratch(&scratch, None, context);
    let made = made?;
    removed?;
    let (theirs, ours) = (git.tree(made.as_str())?, git.tree(context.commit()?.as_str())?);
    if theirs != ours {
        return Err(Failure::world(format!("`{}` made a commit with other files than the release commit", site.api))
            .because(format!("its tree is {theirs}, and git's is {ours}"))
            .help("nothing was proposed; let git make the commit: `[pr] sign = \"git\"`"));
    }
    Ok(made)
}

/// A commit as git made it.
struct Wanted {
    message: String,
    changes: Vec<FileChange>,
}

/// The commits since the base, oldest first.
fn wanted(context: &StepContext<'_>) -> Result<Vec<Wanted>> {
    let git = &context.world.checkout;
    let mut parent = context.journal.plan().base.commit.clone();
    let mut wanted = Vec::new();
    for (commit, message) in git.messages_between(&parent, context.commit()?)?.into_iter().rev() {
        let changes = git.file_changes(&parent, &commit)?;
        let special = changes.iter().find_map(|change| Some((&change.path, change.special?)));
        if let Some((path, kind)) = special {
            return Err(Failure::blocked("the API of the forge cannot make the release commit")
                .because(format!(
                    "the release changes `{path}`, which is {kind}, and the API makes ordinary files only"
                ))
                .help("let git make the commit: `[pr] sign = \"git\"`")
                .help("or keep such files out of the release commit"));
        }
        wanted.push(Wanted { message, changes });
        parent = commit;
    }
    Ok(wanted)
}

fn make(forge: &Forge, scratch: &Propose, wanted: &[Wanted], context: &StepContext<'_>) -> Result<CommitId> {
    let mut parent = context.journal.plan().base.commit.clone();
    for Wanted { message, changes } in wanted {
        parent = forge.make_commit(NewCommit { branch: &scratch.branch, parent: &parent, message, changes })?;
    }
    context.world.checkout.fetch_objects(&scratch.remote, &scratch.branch)?;
    Ok(parent)
}

/// Moves the branch for the forge's commits, or deletes it. It is ours, so it does not matter where it was.
fn move_scratch(scratch: &Propose, to: Option<&CommitId>, context: &StepContext<'_>) -> Result<()> {
    let git = &context.world.checkout;
    let there = git.remote_refs(&scratch.remote)?.remove(&format!("refs/heads/{}", scratch.branch));
    if there.as_ref() == to {
        return Ok(());
    }
    git.push_leased(&scratch.remote, &scratch.branch, to, there.as_ref())
}

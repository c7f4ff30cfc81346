//! Reserve and Push: bring the branch and the tags to the remote, never by force, tags all together or not at all.

use std::collections::BTreeMap;

use crate::apply::publish_state::is_published;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::TagName;
use crate::tools::system::interrupt;

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;

/// What is pushed where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PushTarget<'a> {
    pub(crate) remote: &'a RemoteName,
    pub(crate) branch: Option<&'a BranchName>,
    pub(crate) tags: &'a [TagName],
    pub(crate) options: &'a [String],
}

/// Done when the remote has the branch with the release commit in it, and every tag.
pub(crate) fn probe(target: PushTarget<'_>, context: &StepContext<'_>) -> Result<Probe> {
    let refs = context.world.checkout.remote_refs(target.remote).map_err(|silent| {
        Failure::interrupted(format!("the remote `{}` does not answer", target.remote))
            .because(silent.to_string())
            .help("when it does, `cargo release resume`")
    })?;
    let branch = match target.branch {
        Some(branch) => probe_branch(branch, target.remote, &refs, context)?,
        None => Probe::Done(Proof::Plain),
    };
    if matches!(branch, Probe::Conflict(_)) {
        return Ok(branch);
    }
    let mut missing = matches!(branch, Probe::ToDo);
    let tagged = context.world.checkout.all_tagged(target.tags)?;
    for tag in target.tags {
        // Pushed by itself, a tag may name an older commit than the branch.
        let expected = tagged.get(tag).map_or_else(|| context.commit(), Ok)?;
        match refs.get(&format!("refs/tags/{tag}")) {
            Some(found) if found == expected => {}
            Some(found) => {
                let what = format!("the tag `{tag}` on `{}` points to another commit", target.remote);
                return Ok(Probe::Conflict(Failure::world(what).because(format!("it is at {}", found.short()))));
            }
            None => missing = true,
        }
    }
    Ok(if missing { Probe::ToDo } else { Probe::Done(Proof::Plain) })
}

fn probe_branch(
    branch: &BranchName,
    remote: &RemoteName,
    refs: &BTreeMap<String, CommitId>,
    context: &StepContext<'_>,
) -> Result<Probe> {
    let git = &context.world.checkout;
    let commit = context.commit()?;
    let Some(there) = refs.get(&format!("refs/heads/{branch}")) else { return Ok(Probe::ToDo) };
    if there == commit {
        return Ok(Probe::Done(Proof::Plain));
    }
    if git.commit_of(there.as_str())?.is_some() {
        if git.is_ancestor(commit, there)? {
            return Ok(Probe::Done(Proof::Plain));
        }
        if git.is_ancestor(there, commit)? {
            return Ok(Probe::ToDo);
        }
    }
    let what = format!("`{remote}/{branch}` has moved since the plan was made");
    let failure = Failure::world(what).because(format!("it is at {}", there.short()));
    Ok(Probe::Conflict(advise(failure, branch, remote, context)))
}

/// What of a push the remote has, or may have where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// The release commit, on its branch.
    pub(crate) branch: bool,
    /// One of the tags.
    pub(crate) tags: bool,
}

/// Looks what has arrived of a push that was begun. A remote that does not answer may have all of it.
pub(crate) fn arrived(target: PushTarget<'_>, context: &StepContext<'_>) -> Result<Arrived> {
    let git = &context.world.checkout;
    let Ok(refs) = git.remote_refs(target.remote) else {
        return Ok(Arrived { branch: target.branch.is_some(), tags: !target.tags.is_empty() });
    };
    let commit = context.commit()?;
    let there = target.branch.and_then(|branch| refs.get(&format!("refs/heads/{branch}")));
    let branch = match there {
        None => false,
        // A commit that is not here was made by somebody else, and ours may be below it.
        Some(there) => git.commit_of(there.as_str())?.is_none() || git.is_ancestor(commit, there)?,
    };
    let tags = target.tags.iter().any(|tag| refs.get(&format!("refs/tags/{tag}")) == Some(commit));
    Ok(Arrived { branch, tags })
}

/// Whether the remote refuses the branch though nobody else was faster.
fn is_protected(branch: &BranchName, remote: &RemoteName, context: &StepContext<'_>) -> bool {
    let git = &context.world.checkout;
    let Ok(refs) = git.remote_refs(remote) else { return false };
    let in_ours = |there: &CommitId| {
        let known = git.commit_of(there.as_str()).is_ok_and(|commit| commit.is_some());
        known && context.commit().and_then(|ours| git.is_ancestor(there, ours)).unwrap_or(false)
    };
    !is_published(context.journal) && refs.get(&format!("refs/heads/{branch}")).is_none_or(in_ours)
}

/// What to do when the branch was not taken. After the first upload nothing may suggest to rebase: the published
/// packages name this very commit.
fn advise(failure: Failure, branch: &BranchName, remote: &RemoteName, context: &StepContext<'_>) -> Failure {
    if is_published(context.journal) {
        return failure
            .help(format!("the packages are live: bring the release commit to `{remote}/{branch}` by a merge"))
            .help("then `cargo release resume` pushes what is missing");
    }
    failure.help("nothing is published: `cargo release abort`, `git pull`, then plan again")
}

/// Pushes what the probe missed.
pub(crate) fn perform(target: PushTarget<'_>, context: &StepContext<'_>) -> Result<Proof> {
    let commit = context.commit()?;
    let branch = target.branch.map(|branch| format!("{commit}:refs/heads/{branch}"));
    let tags = target.tags.iter().map(|tag| format!("refs/tags/{tag}:refs/tags/{tag}"));
    let refspecs: Vec<String> = branch.into_iter().chain(tags).collect();
    let pushed = context.world.checkout.push(target.remote, &refspecs, target.options);
    // A remote may take everything and die before it says so.
    if pushed.is_err() && !interrupt::asked() && matches!(probe(target, context), Ok(Probe::Done(_))) {
        return Ok(Proof::Plain);
    }
    pushed.map_err(|refused| {
        if refused.kind() == Kind::Interrupted {
            return refused;
        }
        let failure = Failure::world(format!("`{}` did not take the push", target.remote)).because(refused.to_string());
        match target.branch {
            Some(branch) if is_protected(branch, target.remote, context) => failure
                .help(format!("`{branch}` takes no pushes: propose the release as a pull request: `cargo release pr`"))
                .help("nothing is published: `cargo release abort` takes this one back"),
            Some(branch) => advise(failure, branch, target.remote, context),
            None => failure.help("mend what it says, then `cargo release resume`"),
        }
    })?;
    Ok(Proof::Plain)
}

//! Land: the one time that the user's checkout is touched, a fast-forward to the verified commit.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;

use super::world::Probe;
use super::world::Scene;

/// Done when the branch contains the release commit.
pub(super) fn probe(branch: &str, scene: &Scene<'_>) -> Result<Probe> {
    let git = &scene.world.checkout;
    let commit = scene.commit()?;
    let Some(tip) = git.commit_of(&format!("refs/heads/{branch}"))? else {
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
            scene.journal.plan().base.commit.short()
        );
        let help = "take the release back with `cargo release abort`, then plan again";
        return Ok(Probe::Conflict(Failure::world(what).because(why).help(help)));
    }
    if git.branch()?.as_deref() == Some(branch) {
        return Ok(Probe::ToDo);
    }
    let what = format!("`{branch}` is not checked out any more");
    Ok(Probe::Conflict(Failure::world(what).help(format!("run `git switch {branch}`, then `cargo release resume`"))))
}

/// Fast-forwards, overwriting nothing.
pub(super) fn perform(scene: &Scene<'_>) -> Result<Proof> {
    scene.world.checkout.fast_forward(scene.commit()?).map_err(|refused| {
        Failure::world("the checkout could not be fast-forwarded to the release commit")
            .because(refused.to_string())
            .help("move what is in the way, then `cargo release resume`; or `cargo release abort`")
    })?;
    Ok(Proof::Plain)
}

/// Puts the branch back, if it still points at the release commit.
pub(super) fn undo(branch: &str, scene: &Scene<'_>) -> Result<()> {
    let git = &scene.world.checkout;
    let base = &scene.journal.plan().base.commit;
    let tip = git.commit_of(&format!("refs/heads/{branch}"))?;
    if tip.as_ref() == Some(base) {
        return Ok(());
    }
    let ours = tip.as_ref() == Some(scene.commit()?);
    if !ours || git.branch()?.as_deref() != Some(branch) {
        return Err(Failure::world(format!("`{branch}` is not as the release left it, so it is not put back"))
            .because("another commit was added, or another branch is checked out")
            .help(format!("put it back by hand: the release started from {}", base.short())));
    }
    git.put_back(base)
}

//! Abort: ends an unfinished release, whatever became of it. As long as nothing left this machine, everything is as it was;
//! once something is live, or may be, nothing is changed, and it is told what is where.

#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeSet;

use self::world::AbortWorld;
use crate::apply::context::ReleaseContext;
use crate::apply::publish_state::Live;
use crate::apply::steps::land::Standing;
use crate::apply::steps::push::Arrived;
use crate::apply::worktree::stage;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::TagName;
use crate::plan::Action;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::plan::Upload;

/// How a release was ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Aborted {
    /// Everything is as it was.
    TakenBack {
        /// The commit that the branch is at again.
        base: CommitId,
    },
    /// Nothing is published, and the release commit stays on its branch.
    Stays {
        /// The release commit.
        commit: CommitId,
        /// Whether it is on the remote; else other commits were made on top of it.
        pushed: bool,
    },
    /// Something has left this machine for good, or may have: nothing was changed.
    Closed(Closed),
}

/// What is where.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Closed {
    /// Live, and ours.
    pub live: Vec<Version>,
    /// Taken by the registry, and not in its index yet.
    pub accepted: Vec<Version>,
    /// There, and somebody else's.
    pub theirs: Vec<Version>,
    /// Not known, and why.
    pub unknown: Vec<(Version, String)>,
    /// Not there.
    pub missing: Vec<Version>,
    /// Whether its tags are on the remote, or may be.
    pub tags_pushed: bool,
    /// The tags of what is live, where they were made and are not on the remote, and the remote that they were to go to.
    pub unpushed: Option<(RemoteName, Vec<TagName>)>,
}

/// A version in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    /// The package.
    pub package: PackageName,
    /// Its version.
    pub version: semver::Version,
    /// Where it was to go.
    pub registry: RegistryName,
}

/// Ends it.
///
/// # Errors
/// Files in the checkout are in the way; then nothing was taken back.
pub(crate) fn abort(world: &ReleaseContext, journal: Journal) -> Result<Aborted> {
    ended(world, journal)
}

fn ended(world: &dyn AbortWorld, mut journal: Journal) -> Result<Aborted> {
    let mut closed = uploads(world, &journal)?;
    let arrived = arrived(world, &journal)?;
    closed.tags_pushed = arrived.tags;
    let is_out = |closed: &Closed| {
        let Closed { live, accepted, theirs: _, unknown, missing: _, tags_pushed, unpushed: _ } = closed;
        *tags_pushed || !live.is_empty() || !accepted.is_empty() || !unknown.is_empty()
    };
    if is_out(&closed) {
        closed.unpushed = if closed.tags_pushed { None } else { unpushed(&closed, &journal) };
        world.remove_stage()?;
        world.close(journal)?;
        return Ok(Aborted::Closed(closed));
    }
    let stays = commit_that_stays(world, &journal, arrived)?;
    let plan = journal.plan().clone();
    // Where the branch was pushed, taking it back here would only hide the commit from its owner.
    let goes = |step: &&Step| match step.action.kind() {
        StepKind::Land => stays.is_none(),
        StepKind::Tag | StepKind::Propose | StepKind::Request => true,
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit | StepKind::Verify => false,
        StepKind::Reserve | StepKind::Publish | StepKind::Confirm | StepKind::Owners | StepKind::Push => false,
        StepKind::Carry | StepKind::Announce => false,
    };
    for step in plan.steps.iter().rev().filter(goes) {
        if journal.was_begun(&step.id) {
            world.undo(step, &journal)?;
            journal.undone(&step.id)?;
        }
    }
    world.remove_stage()?;
    journal.forget()?;
    Ok(stays.unwrap_or(Aborted::TakenBack { base: plan.base.commit }))
}

/// Removes what a release whose journal cannot be read left for itself.
///
/// # Errors
/// It cannot be removed.
pub(crate) fn clear(world: &ReleaseContext) -> Result<()> {
    stage::remove(world)
}

/// The release commit, where it cannot be taken off its branch. What can be in the way is looked for here, before
/// anything is undone.
fn commit_that_stays(world: &dyn AbortWorld, journal: &Journal, arrived: Arrived) -> Result<Option<Aborted>> {
    let in_flight = journal.plan().steps.iter().filter(|step| journal.was_begun(&step.id));
    let lands = in_flight.into_iter().find_map(|step| Some((step, step.action.lands_on()?)));
    let (Some((step, branch)), Some(commit)) = (lands, journal.commit().cloned()) else { return Ok(None) };
    if arrived.branch {
        return Ok(Some(Aborted::Stays { commit, pushed: true }));
    }
    Ok(match world.standing(step, branch, journal)? {
        Standing::BuiltOn => Some(Aborted::Stays { commit, pushed: false }),
        Standing::Ours => {
            world.can_be_undone(step, branch, journal)?;
            None
        }
        Standing::AtBase | Standing::Elsewhere => None,
    })
}

/// What became of the uploads. Where none was ever begun, no registry is asked.
fn uploads(world: &dyn AbortWorld, journal: &Journal) -> Result<Closed> {
    let mut closed = Closed::default();
    let uploads = || journal.plan().steps.iter().filter_map(|step| Some((step, step.action.upload()?)));
    if !uploads().any(|(step, _)| journal.was_ever_begun(&step.id)) {
        return Ok(closed);
    }
    for (step, upload) in uploads() {
        if let Some(package) = &step.package {
            sort(&mut closed, (step, package, upload), world, journal)?;
        }
    }
    Ok(closed)
}

fn sort(
    closed: &mut Closed,
    (step, package, upload): (&Step, &PackageName, &Upload),
    world: &dyn AbortWorld,
    journal: &Journal,
) -> Result<()> {
    let Upload { registry, version, build: _, limits: _ } = upload;
    let known = journal.verified(package, registry);
    let version = Version { package: package.clone(), version: version.clone(), registry: registry.clone() };
    let Some(known) = known else {
        closed.missing.push(version);
        return Ok(());
    };
    let is_begun = journal.was_begun(&step.id);
    let is_accepted = matches!(journal.proof(&step.id), Some(Proof::Uploaded { .. } | Proof::Live { .. }));
    match world.live(step, known, journal)? {
        Live::Ours(_) => closed.live.push(version),
        Live::Theirs(_) => closed.theirs.push(version),
        Live::Absent | Live::Unknown(_) if is_accepted => closed.accepted.push(version),
        Live::Unknown(why) if is_begun => closed.unknown.push((version, why)),
        Live::Absent if is_begun && !world.denies(known)? => {
            closed.unknown.push((version, "the registry tells only what its index shows".to_owned()));
        }
        Live::Absent | Live::Unknown(_) => closed.missing.push(version),
    }
    Ok(())
}

/// The tags of what is live that only this repository has.
fn unpushed(closed: &Closed, journal: &Journal) -> Option<(RemoteName, Vec<TagName>)> {
    let plan = journal.plan();
    let (remote, tags) = plan.steps.iter().find_map(|step| {
        let Action::Push { remote, tags, .. } = &step.action else { return None };
        Some((remote.clone(), tags))
    })?;
    let live: BTreeSet<&PackageName> = closed.live.iter().chain(&closed.accepted).map(|one| &one.package).collect();
    let of_live = plan.packages.iter().filter(|package| live.contains(&package.name));
    let of_live: BTreeSet<&TagName> = of_live.filter_map(|package| package.tag.as_ref()).collect();
    let tags: Vec<TagName> = tags.iter().filter(|tag| of_live.contains(tag)).cloned().collect();
    (!tags.is_empty()).then_some((remote, tags))
}

/// What the remote has of this release.
fn arrived(world: &dyn AbortWorld, journal: &Journal) -> Result<Arrived> {
    let mut all = Arrived::default();
    let pushes = |step: &&Step| matches!(step.action.kind(), StepKind::Reserve | StepKind::Push);
    for step in journal.plan().steps.iter().filter(pushes).filter(|step| journal.was_begun(&step.id)) {
        let one = world.arrived(step, journal)?;
        all = Arrived { branch: all.branch || one.branch, tags: all.tags || one.tags };
    }
    Ok(all)
}

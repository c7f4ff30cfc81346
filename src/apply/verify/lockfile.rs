//! The `Cargo.lock` of a workspace that commits none: made once in the stage, kept with the journal, and the same for
//! the verification and every upload of the release.

use std::sync::PoisonError;

use crate::apply::context::Tell;
use crate::apply::step_context::StepContext;
use crate::error::Failure;
use crate::error::Result;
use crate::tools::system::files;

/// Sees to it that the `Cargo.lock` that is going to be committed is one that cargo takes for the edited manifests.
///
/// # Errors
/// Cargo cannot resolve the workspace.
pub(crate) fn resolve(context: &StepContext<'_>, tell: Tell<'_>) -> Result<()> {
    let world = context.world;
    let is_tracked = world.stage().tracks(world.workspace.join("Cargo.lock").as_str())?;
    if !is_tracked || world.cargo.holds_lockfile().run()?.success() {
        return Ok(());
    }
    let output = context.run(&world.cargo.resolve_lockfile(), tell)?;
    if output.success() {
        return Ok(());
    }
    Err(Failure::blocked("cargo cannot resolve `Cargo.lock` with the new versions")
        .because(output.tail(20))
        .help("fix what cargo says in the manifests, commit it, then plan again"))
}

/// Sees to it that the stage has the `Cargo.lock` of this release. The stage must be at the release commit: before it,
/// a file that git does not ignore would be committed.
///
/// # Errors
/// Cargo cannot make one.
pub(crate) fn ensure(context: &StepContext<'_>) -> Result<()> {
    // Uploads come side by side, and the stage stays as it is between them.
    let mut is_there = context.world.has_lockfile.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_there {
        create(context)?;
        *is_there = true;
    }
    Ok(())
}

fn create(context: &StepContext<'_>) -> Result<()> {
    let world = context.world;
    let path = world.workspace.join("Cargo.lock");
    if world.stage().tracks(path.as_str())? {
        return Ok(());
    }
    let (staged, kept) = (world.staged(&path), world.room.lockfile());
    if files::read(&kept)?.is_some() {
        return files::copy(&kept, &staged);
    }
    // A hook may have left one.
    if files::read(&staged)?.is_none() {
        let output = world.cargo.generate_lockfile().run()?;
        if !output.success() {
            return Err(Failure::blocked("cargo cannot create a `Cargo.lock` for this release")
                .because(output.tail(20))
                .help("fix the error above, or commit a `Cargo.lock`, then plan again"));
        }
    }
    files::copy(&staged, &kept)
}

//! Owners: makes the configured users and teams owners of a new crate. It never holds up the rest of a release.

use crate::error::Result;
use crate::journal::Proof;
use crate::names::RegistryName;

use crate::apply::context::Probe;
use crate::apply::context::Scene;

/// Done when the registry lists all of them.
pub(crate) fn probe(registry: &RegistryName, owners: &[String], scene: &Scene<'_>) -> Result<Probe> {
    let name = scene.package()?;
    let listed = scene.world.registry(registry)?.owners(name);
    let missing = owners.iter().any(|owner| !listed.contains(owner));
    Ok(if missing { Probe::ToDo } else { Probe::Done(Proof::Plain) })
}

/// Adds them. Users get an invitation; a refusal is remembered as a remark, since the package is live already.
pub(crate) fn perform(registry: &RegistryName, owners: &[String], scene: &Scene<'_>) -> Result<Proof> {
    let name = scene.package()?;
    let program = scene.world.cargo.add_owners(registry, name, owners);
    let output = program.run()?;
    if output.success() {
        return Ok(Proof::Remark(format!("added or invited as owners: {}", owners.join(", "))));
    }
    let why = output.tail(3).replace('\n', " ");
    Ok(Proof::Remark(format!("owners were not added ({why}); by hand: `{}`", program.line())))
}

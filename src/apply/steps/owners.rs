//! Owners: makes the configured users and teams owners of a new crate. It never holds up the rest of a release.

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::upkeep;
use crate::apply::upkeep::OwnerChange;
use crate::error::Result;
use crate::journal::Proof;
use crate::names::RegistryName;

/// Done when the registry lists all of them.
pub(crate) fn probe(registry: &RegistryName, owners: &[String], context: &StepContext<'_>) -> Result<Probe> {
    let name = context.package()?;
    let listed = context.world.registry(registry)?.owners(name);
    let missing = owners.iter().any(|owner| !listed.contains(owner));
    Ok(if missing { Probe::ToDo } else { Probe::Done(Proof::Plain) })
}

/// Adds them one by one, so that one wrong login keeps nobody else out. Users get an invitation; a refusal is remembered
/// as a remark, since the package is live already.
pub(crate) fn perform(registry: &RegistryName, owners: &[String], context: &StepContext<'_>) -> Result<Proof> {
    let name = context.package()?;
    let listed = context.world.registry(registry)?.owners(name);
    let mut remarks = Vec::new();
    for login in owners.iter().filter(|login| !listed.contains(login)) {
        remarks.push(match upkeep::add_owner(context.world, registry, name, login)? {
            OwnerChange::Added | OwnerChange::Removed => format!("{login} is an owner"),
            OwnerChange::Invited => format!("{login} is invited"),
            OwnerChange::Refused(why) => {
                let why = why.replace('\n', " ");
                format!("{login} was not added ({why}); by hand: `cargo release owner --add {login} -p {name} -x`")
            }
        });
    }
    Ok(Proof::Remark(remarks.join("; ")))
}

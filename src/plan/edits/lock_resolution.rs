//! Where new versions in `Cargo.lock` are not enough: a package from elsewhere that `[patch]` gives a member needs another
//! one when the member's new version is not what it requires. Only cargo can resolve that.

use crate::check::Code;
use crate::check::Finding;
use crate::manifest::requirement;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::next_version::Bump;
use crate::snapshot::Lockfile;
use crate::snapshot::NeededBy;

/// What needs a member at a version that the member leaves.
pub(crate) fn outgrown<'a>(inputs: &PlanInputs<'a>, bumps: &[&'a Bump]) -> Vec<(&'a NeededBy, &'a Bump)> {
    let mut found = Vec::new();
    for bump in bumps.iter().filter(|bump| bump.to != bump.current) {
        let needed_by = inputs.packages().find(|package| package.name == bump.name).map(|package| &package.needed_by);
        let outgrown = needed_by.into_iter().flatten();
        let outgrown = outgrown.filter(|needed| !requirement::admits(&needed.requirement, &bump.to));
        found.extend(outgrown.map(|needed| (needed, *bump)));
    }
    found
}

/// One warning for each: users of the workspace get another package there from now on.
pub(crate) fn findings(inputs: &PlanInputs<'_>, bumps: &[&Bump]) -> Vec<Finding> {
    if inputs.snapshot.workspace.lockfile != Lockfile::Committed {
        return Vec::new();
    }
    let found = outgrown(inputs, bumps).into_iter().map(|(needed, bump)| {
        let NeededBy { name: other, version, requirement } = needed;
        let (name, to) = (&bump.name, &bump.to);
        let message = format!(
            "`{other} {version}` requires `{name} {requirement}`, so `[patch]` no longer gives it {to}; cargo resolves \
             `Cargo.lock` again before the commit"
        );
        let help =
            format!("`{other}` then uses the published `{name}`; release one that takes {to} to have a single copy");
        Finding::warning(Code::LockResolved, message).package(name).help(help)
    });
    found.collect()
}

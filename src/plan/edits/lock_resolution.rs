//! Where new versions in `Cargo.lock` are not enough: a package from elsewhere that `[patch]` gives a member needs another
//! one when the member's new version is not what it requires. Only cargo can resolve that.

use crate::check::Finding;
use crate::manifest::requirement;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::versions::next_version::Choice;
use crate::snapshot::Lockfile;
use crate::snapshot::NeededBy;

/// What needs a member at a version that the member leaves.
pub(crate) fn outgrown<'a>(case: &Case<'a>, choices: &[&'a Choice]) -> Vec<(&'a NeededBy, &'a Choice)> {
    let mut found = Vec::new();
    for choice in choices.iter().filter(|choice| choice.to != choice.current) {
        let needed_by = case.packages().find(|package| package.name == choice.name).map(|package| &package.needed_by);
        let outgrown = needed_by.into_iter().flatten();
        let outgrown = outgrown.filter(|needed| !requirement::admits(&needed.requirement, &choice.to));
        found.extend(outgrown.map(|needed| (needed, *choice)));
    }
    found
}

/// One warning for each: users of the workspace get another package there from now on.
pub(crate) fn findings(case: &Case<'_>, choices: &[&Choice]) -> Vec<Finding> {
    if case.snapshot.workspace.lockfile != Lockfile::Committed {
        return Vec::new();
    }
    let found = outgrown(case, choices).into_iter().map(|(needed, choice)| {
        let NeededBy { name: other, version, requirement } = needed;
        let (name, to) = (&choice.name, &choice.to);
        let message = format!(
            "`{other} {version}` requires `{name} {requirement}`, so `[patch]` no longer gives it {to}; cargo resolves \
             `Cargo.lock` again before the commit"
        );
        let help =
            format!("`{other}` then uses the published `{name}`; release one that takes {to} to have a single copy");
        Finding::warning("lock-resolved", message).package(name).help(help)
    });
    found.collect()
}

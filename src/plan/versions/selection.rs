//! Who is considered: without a level every member, each judged by what changed; with one exactly what cargo would
//! select.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::request::VersionTarget;
use crate::snapshot::Package;

/// What is requested for a package.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// We decide, by what changed.
    Decide,
    /// This was asked for.
    To(VersionTarget),
    /// The version in the manifest, where it is not released (`--unpublished`).
    AsItIs,
}

/// The packages that are considered, each with its wish.
pub(crate) fn considered(inputs: &PlanInputs<'_>) -> Result<BTreeMap<PackageName, Target>> {
    let mut targets = requested(inputs)?;
    for package in inputs.packages() {
        if is_helper(inputs, package)? {
            targets.remove(&package.name);
        }
    }
    Ok(targets)
}

/// Exactly what cargo would select, apart from packages that take no part in releases: for single steps, which give no
/// level.
pub(crate) fn as_cargo_would(inputs: &PlanInputs<'_>) -> Result<BTreeSet<PackageName>> {
    known_names(inputs)?;
    let mut names = BTreeSet::new();
    for package in selected(inputs, true) {
        if inputs.settings(&package.name)?.release && !is_helper(inputs, package)? {
            names.insert(package.name.clone());
        }
    }
    Ok(names)
}

/// The packages that are named, else all members but those that are excluded: for what comes after a release.
pub(crate) fn as_named(inputs: &PlanInputs<'_>) -> Result<BTreeSet<PackageName>> {
    known_names(inputs)?;
    Ok(selected(inputs, false).into_iter().map(|package| package.name.clone()).collect())
}

/// A package that is published nowhere and was never released, and that nobody names: an example, a benchmark, a task.
/// Where nothing is published and for the package at the root, tags are what a release is for.
pub(crate) fn is_helper(inputs: &PlanInputs<'_>, package: &Package) -> Result<bool> {
    let name = &package.name;
    let is_named = inputs.request.selection.packages.contains(name) || inputs.request.names(name);
    let is_root = inputs.snapshot.workspace.root_package.as_ref() == Some(name);
    if is_named || is_root || inputs.last_release(name).is_some() || inputs.config.opted_in.contains(name) {
        return Ok(false);
    }
    let mut is_published = false;
    for other in inputs.packages() {
        is_published |= !inputs.destinations(other)?.is_empty();
    }
    Ok(is_published && inputs.destinations(package)?.is_empty())
}

/// The packages that are asked for, each with its wish.
fn requested(inputs: &PlanInputs<'_>) -> Result<BTreeMap<PackageName, Target>> {
    known_names(inputs)?;
    let request = inputs.request;
    let general = request.levels.iter().find(|asked| asked.package.is_none()).map(|asked| asked.target.clone());
    let mut targets = BTreeMap::new();
    for package in selected(inputs, general.is_some()) {
        let target = match &general {
            Some(target) => Target::To(target.clone()),
            None if request.unpublished => Target::AsItIs,
            None => Target::Decide,
        };
        targets.insert(package.name.clone(), target);
    }
    for asked in &request.levels {
        if let Some(name) = &asked.package {
            targets.insert(name.clone(), Target::To(asked.target.clone()));
        }
    }
    let mut kept = BTreeMap::new();
    for (name, target) in targets {
        if inputs.settings(&name)?.release {
            kept.insert(name, target);
        }
    }
    Ok(kept)
}

/// Every name that was given must be a member's.
fn known_names(inputs: &PlanInputs<'_>) -> Result<()> {
    let members: BTreeSet<&str> = inputs.packages().map(|package| package.name.as_str()).collect();
    let selection = &inputs.request.selection;
    let levels = inputs.request.levels.iter().filter_map(|asked| asked.package.as_ref());
    for name in selection.packages.iter().chain(&selection.exclude).chain(levels) {
        if members.contains(name.as_str()) {
            continue;
        }
        return Err(Failure::unplannable(format!("there is no package `{name}` in this workspace"))
            .help(nearest(members.iter().copied(), name)));
    }
    Ok(())
}

/// What would do for a name that is none of these: the one that is near, else all that there are.
pub(crate) fn nearest<'m>(members: impl Iterator<Item = &'m str>, name: &PackageName) -> String {
    phrase::suggestion(name.as_str(), members, "packages")
}

/// What cargo would select; without a level and without a selection, every member. `name@level` alone selects only
/// what it names.
fn selected<'a>(inputs: &PlanInputs<'a>, has_level: bool) -> Vec<&'a Package> {
    let selection = &inputs.request.selection;
    let named = !selection.packages.is_empty();
    let only_by_name = !has_level && inputs.request.levels.iter().any(|asked| asked.package.is_some());
    let everyone = selection.workspace || !selection.exclude.is_empty() || (!has_level && !only_by_name);
    let is_in = |package: &&Package| {
        if selection.exclude.contains(&package.name) {
            false
        } else if named && !selection.workspace {
            selection.packages.contains(&package.name)
        } else {
            everyone || (has_level && package.default_member)
        }
    };
    inputs.packages().filter(is_in).collect()
}

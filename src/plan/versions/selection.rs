//! Who is considered: without a level every member, each judged by what changed; with one exactly what cargo would
//! select.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::phrase;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::request::Target;
use crate::snapshot::Package;

/// What is wished for a package.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wish {
    /// We decide, by what changed.
    Decide,
    /// This was asked for.
    Target(Target),
    /// The version in the manifest, where it is not released (`--unpublished`).
    AsItIs,
}

/// The packages that are considered, each with its wish.
pub(crate) fn considered(case: &Case<'_>) -> Result<BTreeMap<PackageName, Wish>> {
    let mut wishes = wished(case)?;
    for package in case.packages() {
        if is_helper(case, package)? {
            wishes.remove(&package.name);
        }
    }
    Ok(wishes)
}

/// Exactly what cargo would select, apart from packages that take no part in releases: for single steps, which give no
/// level.
pub(crate) fn as_cargo_would(case: &Case<'_>) -> Result<BTreeSet<PackageName>> {
    known_names(case)?;
    let mut names = BTreeSet::new();
    for package in selected(case, true) {
        if case.settings(&package.name)?.release && !is_helper(case, package)? {
            names.insert(package.name.clone());
        }
    }
    Ok(names)
}

/// The packages that are named, else all members but those that are excluded: for what comes after a release.
pub(crate) fn as_named(case: &Case<'_>) -> Result<BTreeSet<PackageName>> {
    known_names(case)?;
    Ok(selected(case, false).into_iter().map(|package| package.name.clone()).collect())
}

/// A package that is published nowhere and was never released, and that nobody names: an example, a benchmark, a task.
/// Where nothing is published and for the package at the root, tags are what a release is for.
pub(crate) fn is_helper(case: &Case<'_>, package: &Package) -> Result<bool> {
    let name = &package.name;
    let is_named = case.request.selection.packages.contains(name) || case.request.names(name);
    let is_root = case.snapshot.workspace.root_package.as_ref() == Some(name);
    if is_named || is_root || case.last_release(name).is_some() || case.settings(name)?.release_is_own {
        return Ok(false);
    }
    let mut is_published = false;
    for other in case.packages() {
        is_published |= !case.destinations(other)?.is_empty();
    }
    Ok(is_published && case.destinations(package)?.is_empty())
}

/// The packages that are asked for, each with its wish.
fn wished(case: &Case<'_>) -> Result<BTreeMap<PackageName, Wish>> {
    known_names(case)?;
    let request = case.request;
    let general = request.levels.iter().find(|asked| asked.package.is_none()).map(|asked| asked.target.clone());
    let mut wishes = BTreeMap::new();
    for package in selected(case, general.is_some()) {
        let wish = match &general {
            Some(target) => Wish::Target(target.clone()),
            None if request.unpublished => Wish::AsItIs,
            None => Wish::Decide,
        };
        wishes.insert(package.name.clone(), wish);
    }
    for asked in &request.levels {
        if let Some(name) = &asked.package {
            wishes.insert(name.clone(), Wish::Target(asked.target.clone()));
        }
    }
    let mut kept = BTreeMap::new();
    for (name, wish) in wishes {
        if case.settings(&name)?.release {
            kept.insert(name, wish);
        }
    }
    Ok(kept)
}

/// Every name that was given must be a member's.
fn known_names(case: &Case<'_>) -> Result<()> {
    let members: BTreeSet<&str> = case.packages().map(|package| package.name.as_str()).collect();
    let selection = &case.request.selection;
    let levels = case.request.levels.iter().filter_map(|asked| asked.package.as_ref());
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
fn selected<'a>(case: &Case<'a>, has_level: bool) -> Vec<&'a Package> {
    let selection = &case.request.selection;
    let named = !selection.packages.is_empty();
    let only_by_name = !has_level && case.request.levels.iter().any(|asked| asked.package.is_some());
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
    case.packages().filter(is_in).collect()
}

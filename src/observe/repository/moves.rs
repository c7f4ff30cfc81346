//! Packages that moved, and commits that change nothing and still concern a package.

use super::last_release_tree;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::Package;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;

/// The footer by which a commit asks for a version.
const RELEASE_AS: &str = "Release-As:";

/// Where a package lay between the commit `then`, in which it was at `at`, and now: the newest place first, without the
/// present one. `ids` are commits, children first.
pub(crate) fn former(
    git: &Checkout,
    ids: &mut dyn Iterator<Item = Oid>,
    package: &Package,
    (then, at): (Oid, &RepoPath),
) -> Result<Vec<RepoPath>> {
    let mut places = Vec::new();
    if *at == package.dir {
        return Ok(places);
    }
    let mut present = package.dir.clone();
    for id in ids.take_while(|id| *id != then) {
        let node = git.node(id)?;
        let Some(parent) = node.parents.first() else { continue };
        let manifest = present.join("Cargo.toml");
        if !git.tree_holds(node.tree, &manifest)? || git.holds(*parent, &manifest)? {
            continue;
        }
        let Some(before) = last_release_tree::place_of(git, *parent, &package.name)? else { continue };
        if before == *at {
            break;
        }
        if before != package.dir && !places.contains(&before) {
            places.push(before.clone());
        }
        present = before;
    }
    places.push(at.clone());
    Ok(places)
}

/// The package that a commit without changes is about, where it asks for a version: the one that its scope names, else
/// the only one, else the one at the root.
pub(crate) fn addressed<'a>(message: &str, packages: &[(&'a PackageName, &RepoPath)]) -> Option<&'a PackageName> {
    if !message.lines().skip(1).any(|line| line.trim().starts_with(RELEASE_AS)) {
        return None;
    }
    let title = message.lines().next().unwrap_or_default();
    let before = title.split_once(':').map_or("", |(before, _)| before);
    let scope = before.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(scope, _)| scope.trim());
    let mut names = packages.iter().map(|(name, _)| *name);
    match (scope, packages) {
        (Some(scope), _) => names.find(|name| name.as_str() == scope),
        (None, [(only, _)]) => Some(*only),
        (None, _) => packages.iter().find(|(_, dir)| dir.as_str().is_empty()).map(|(name, _)| *name),
    }
}

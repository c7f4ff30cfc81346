//! Which members a change touches: those whose files it changes, and all that depend on them.

use std::collections::BTreeSet;

use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::Package;
use crate::snapshot::Workspace;

/// The members that files at these paths belong to, with all members that depend on them. The manifest and the lock file
/// of the workspace belong to all.
pub(crate) fn touched(workspace: &Workspace, paths: &[RepoPath]) -> BTreeSet<PackageName> {
    let shared = ["Cargo.toml", "Cargo.lock"].map(|file| workspace.dir.join(file));
    if paths.iter().any(|path| shared.contains(path)) {
        return workspace.packages.iter().map(|package| package.name.clone()).collect();
    }
    let owners = paths.iter().filter_map(|path| owner(&workspace.packages, path));
    let mut found: BTreeSet<PackageName> = owners.map(|package| package.name.clone()).collect();
    loop {
        let depends = |package: &&Package| package.dependencies.iter().any(|edge| found.contains(&edge.package));
        let dependents: Vec<PackageName> =
            workspace.packages.iter().filter(depends).map(|package| package.name.clone()).collect();
        let before = found.len();
        found.extend(dependents);
        if found.len() == before {
            return found;
        }
    }
}

/// The member whose directory is the nearest above the path.
pub(crate) fn owner<'a>(packages: &'a [Package], path: &RepoPath) -> Option<&'a Package> {
    let above = |package: &&Package| {
        let dir = package.dir.as_str();
        dir.is_empty() || path.as_str().strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
    };
    packages.iter().filter(above).max_by_key(|package| package.dir.as_str().len())
}

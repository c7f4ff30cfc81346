//! Manifests that reach outside the repository: a release is made from a commit, and what is not in the repository is in
//! no commit.

use super::case::Case;
use super::manifests::root_manifest;
use crate::check::Finding;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::names::RepoPath;

/// One finding for each dependency whose path leads out of the repository.
pub(super) fn findings(case: &Case<'_>) -> Result<Vec<Finding>> {
    let mut manifests: Vec<RepoPath> = case.packages().map(|package| package.manifest.clone()).collect();
    manifests.push(root_manifest(case));
    manifests.sort();
    manifests.dedup();
    let mut found = Vec::new();
    for path in manifests {
        let Some(text) = case.snapshot.workspace.texts.get(&path) else { continue };
        let manifest = Manifest::parse(&path, text)?;
        for dependency in manifest.dependencies() {
            let Some(target) = &dependency.path else { continue };
            if path.parent().resolve(target).is_some() {
                continue;
            }
            let message = format!("`{}` is taken from `{target}`, outside the repository", dependency.entry.key);
            let help = "a release is made from a commit alone: bring it into the repository (a submodule will do), or \
                        take it from a registry";
            found.push(Finding::error("outside-repository", message).at(&path, Some(dependency.line)).help(help));
        }
    }
    Ok(found)
}

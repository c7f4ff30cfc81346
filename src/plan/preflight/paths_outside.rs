//! Manifests that reach outside the repository: a release is made from a commit, and what is not in the repository is in
//! no commit.

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::names::RepoPath;
use crate::plan::edits::manifests::root_manifest;
use crate::plan::evidence::packaged_paths::Shipped;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::Package;

/// One finding for each dependency, readme and licence whose path leads out of the repository.
pub(crate) fn findings(inputs: &PlanInputs<'_>) -> Result<Vec<Finding>> {
    let mut manifests: Vec<RepoPath> = inputs.packages().map(|package| package.manifest.clone()).collect();
    manifests.push(root_manifest(inputs));
    manifests.sort();
    manifests.dedup();
    let mut found = Vec::new();
    for path in manifests {
        let manifest = inputs.snapshot.workspace.manifest(&path)?;
        for dependency in manifest.dependencies() {
            let Some(target) = &dependency.path else { continue };
            if path.parent().resolve(target).is_some() {
                continue;
            }
            let message = format!("`{}` comes from `{target}`, outside the repository", dependency.entry.key);
            let help = "a release is made from a commit alone: bring it into the repository (a submodule will do), or \
                        take it from a registry";
            found.push(Finding::error(Code::OutsideRepository, message).at(&path, Some(dependency.line)).help(help));
        }
    }
    for package in inputs.packages() {
        if inputs.destinations(package)?.is_empty() {
            continue;
        }
        found.extend(named_files(inputs, package)?);
    }
    Ok(found)
}

/// Links out of the repository in what is packed: cargo follows them, and publishes what they lead to.
pub(crate) fn links(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for (link, target) in &inputs.snapshot.repository.links_out {
        for planned in packages.iter().filter(|package| package.publish) {
            let package = inputs.package(&planned.name)?;
            let is_nearer = |other: &Package| other.dir != package.dir && other.dir.is_in(&package.dir);
            let of_another = inputs.packages().any(|other| is_nearer(other) && link.is_in(&other.dir));
            let shipped = Shipped::of(package, inputs.manifest(package)?, &inputs.snapshot.workspace, None);
            if link.is_in(&package.dir) && !of_another && shipped.why_not(link).is_none() {
                let message = format!("the link `{link}` leads to `{target}`, outside the repository");
                let help = "cargo would follow it and publish what it finds there: commit the file itself, or leave \
                            the link out of the package (`exclude`)";
                found.push(
                    Finding::error(Code::OutsideRepository, message).package(&planned.name).at(link, None).help(help),
                );
            }
        }
    }
    Ok(found)
}

/// The readme and the licence, which cargo packs wherever they lie. One that is inherited lies beside the root manifest.
fn named_files(inputs: &PlanInputs<'_>, package: &Package) -> Result<Vec<Finding>> {
    let workspace = &inputs.snapshot.workspace;
    let root = root_manifest(inputs);
    let outside = inputs.manifest(package)?.named_files.iter().filter(|file| {
        let base = if file.inherited { &workspace.dir } else { &package.dir };
        base.resolve(&file.path).is_none()
    });
    let found = outside.map(|file| {
        let message = format!("`{}` packs `{}`, outside the repository", package.name, file.path);
        let help = "a release is built from a commit only: move the file into the repository";
        let place = if file.inherited { &root } else { &package.manifest };
        Finding::error(Code::OutsideRepository, message).package(&package.name).at(place, None).help(help)
    });
    Ok(found.collect())
}

//! Which release commit in the history a package's unreleased version comes from.

use super::plan_inputs::PlanInputs;
use crate::snapshot::Package;
use crate::snapshot::Proposal;

/// The release commit that gave a package the version in its manifest, where that is not released yet.
pub(crate) fn of<'a>(inputs: &PlanInputs<'a>, package: &Package) -> Option<&'a Proposal> {
    let changelog = inputs.changelogs().of(&package.name);
    let root = package.inherits_version.then(|| inputs.snapshot.workspace.dir.join("Cargo.toml"));
    let history = &inputs.snapshot.repository.history;
    history.proposals.iter().find(|proposal| {
        let mut commits = history.commits.iter();
        let touched = commits.find(|commit| commit.id == proposal.commit).map(|commit| &commit.all_paths);
        let is_touched = |path| touched.is_some_and(|touched| touched.contains(path));
        is_touched(&package.manifest) || changelog.is_some_and(is_touched) || root.as_ref().is_some_and(is_touched)
    })
}

//! What released packages need and no registry has: by that name, in that spelling, in such a version.

use semver::Version;

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::manifest::requirement::admits;
use crate::names::RegistryName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::DependencyKind;
use crate::snapshot::Need;
use crate::snapshot::Offer;
use crate::snapshot::Package;

/// One finding for each dependency that nobody could download, of packages that are published.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for planned in packages.iter().filter(|package| package.publish) {
        let package = inputs.package(&planned.name)?;
        let place = |finding: Finding| finding.package(&package.name).at(&package.manifest, None);
        let of_need = |need| by_path_alone(package, need).or_else(|| unknown(inputs, package, need));
        found.extend(package.needs.iter().filter_map(of_need).map(place));
    }
    Ok(found)
}

/// Cargo drops dev-dependencies without a version when it packs, and refuses others.
fn by_path_alone(package: &Package, need: &Need) -> Option<Finding> {
    if need.requirement.is_some() || !need.from_elsewhere || need.kind == DependencyKind::Dev {
        return None;
    }
    let message = format!("`{}` depends on `{}` only by path or git", package.name, need.package);
    let help = format!("give `{}` a `version` that exists in a registry", need.key);
    Some(Finding::error(Code::DependencyWithoutVersion, message).help(help))
}

fn unknown(inputs: &PlanInputs<'_>, package: &Package, need: &Need) -> Option<Finding> {
    let requirement = need.requirement.as_deref()?;
    let registry = need.registry.clone().unwrap_or_else(RegistryName::crates_io);
    let (name, wanted) = (&package.name, &need.package);
    let error = |why: String, help: String| {
        let message = format!("`{name}` needs `{wanted} {requirement}`, {why}");
        Some(Finding::error(Code::DependencyUnknown, message).help(help))
    };
    match inputs.snapshot.registries.get(&registry)?.offers.get(wanted)? {
        Offer::Unknown(_) => None,
        Offer::Absent => error(
            format!("and {registry:#} has no crate with that name"),
            format!("publish `{wanted}` first, or remove the dependency"),
        ),
        Offer::Spelled(other) => error(
            format!("which {registry:#} lists as `{other}`"),
            format!("write `{other}`: crate names in dependencies must match exactly"),
        ),
        Offer::Versions(versions) => {
            let admitted: Vec<&(Version, bool)> =
                versions.iter().filter(|(version, _)| admits(requirement, version)).collect();
            if admitted.is_empty() {
                let highest = versions.iter().map(|(version, _)| version).max();
                let highest = highest.map_or_else(String::new, |highest| format!("; the highest is {highest}"));
                let help = format!("publish a matching version of `{wanted}` first, or require an existing one");
                return error(format!("and {registry:#} has no matching version{highest}"), help);
            }
            let message = format!(
                "`{name}` needs `{wanted} {requirement}`, but all matching versions in {registry:#} are yanked"
            );
            let help = format!("require another version of `{wanted}`: cargo does not resolve to yanked versions");
            let all_yanked = admitted.iter().all(|(_, yanked)| *yanked);
            all_yanked.then(|| Finding::warning(Code::DependencyUnknown, message).help(help))
        }
    }
}

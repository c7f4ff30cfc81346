//! What released packages need and no registry has: by that name, in that spelling, in such a version.

use semver::Version;

use crate::check::Finding;
use crate::error::Result;
use crate::manifest::requirement::admits;
use crate::names::RegistryName;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::DependencyKind;
use crate::snapshot::Need;
use crate::snapshot::Offer;
use crate::snapshot::Package;

/// One finding for each dependency that nobody could download, of packages that are published.
pub(crate) fn findings(case: &Case<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for planned in packages.iter().filter(|package| package.publish) {
        let package = case.package(&planned.name)?;
        let place = |finding: Finding| finding.package(&package.name).at(&package.manifest, None);
        let of_need = |need| by_path_alone(package, need).or_else(|| unknown(case, package, need));
        found.extend(package.needs.iter().filter_map(of_need).map(place));
    }
    Ok(found)
}

/// Cargo drops dev-dependencies without a version when it packs, and refuses others.
fn by_path_alone(package: &Package, need: &Need) -> Option<Finding> {
    if need.requirement.is_some() || !need.from_elsewhere || need.kind == DependencyKind::Dev {
        return None;
    }
    let message = format!("`{}` takes `{}` from a path or a repository alone", package.name, need.package);
    let help = format!("give `{}` a `version` that a registry has", need.key);
    Some(Finding::error("dependency-without-version", message).help(help))
}

fn unknown(case: &Case<'_>, package: &Package, need: &Need) -> Option<Finding> {
    let requirement = need.requirement.as_deref()?;
    let registry = need.registry.clone().unwrap_or_else(RegistryName::crates_io);
    let (name, wanted) = (&package.name, &need.package);
    let error = |why: String, help: String| {
        let message = format!("`{name}` needs `{wanted} {requirement}`, {why}");
        Some(Finding::error("dependency-unknown", message).help(help))
    };
    match case.snapshot.registries.get(&registry)?.offers.get(wanted)? {
        Offer::Unknown(_) => None,
        Offer::Absent => error(
            format!("and `{registry}` has no crate of that name"),
            format!("publish `{wanted}` first, or leave it out"),
        ),
        Offer::Spelled(other) => error(
            format!("which `{registry}` has as `{other}`"),
            format!("write `{other}`: names are compared letter by letter"),
        ),
        Offer::Versions(versions) => {
            let admitted: Vec<&(Version, bool)> =
                versions.iter().filter(|(version, _)| admits(requirement, version)).collect();
            if admitted.is_empty() {
                let highest = versions.iter().map(|(version, _)| version).max();
                let highest = highest.map_or_else(String::new, |highest| format!("; the highest is {highest}"));
                let help = format!("publish such a version of `{wanted}` first, or require one that is there");
                return error(format!("and `{registry}` has no such version{highest}"), help);
            }
            let message =
                format!("`{name}` needs `{wanted} {requirement}`, of which every version in `{registry}` is yanked");
            let help = format!("require another version of `{wanted}`: users cannot resolve to a yanked one");
            let all_yanked = admitted.iter().all(|(_, yanked)| *yanked);
            all_yanked.then(|| Finding::warning("dependency-unknown", message).help(help))
        }
    }
}

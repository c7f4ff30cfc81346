//! Whether packages may go where they are sent: what cargo refuses before it uploads anything.

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::names::RegistryName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::Listing;
use crate::snapshot::PublishTo;
use crate::snapshot::Registry;

/// All findings about where released packages go.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for package in packages {
        let publish = &inputs.package(&package.name)?.publish;
        let registries = package.registries.iter();
        found.extend(registries.filter_map(|registry| not_listed(package, publish, registry)));
    }
    for (name, registry) in &inputs.snapshot.registries {
        let is_sent = packages.iter().any(|package| package.registries.contains(name));
        found.extend(without_api(name, registry).filter(|_| is_sent));
    }
    Ok(found)
}

/// `registry` of the configuration sends a package where `publish` of its manifest does not let it go.
fn not_listed(package: &PlannedPackage, publish: &PublishTo, registry: &RegistryName) -> Option<Finding> {
    let PublishTo::Only(listed) = publish else { return None };
    if listed.contains(registry) {
        return None;
    }
    let name = &package.name;
    let message =
        format!("`{name}` would be published to `{registry}`, which `package.publish` in its manifest does not list");
    let help = format!("add `{registry}` to `publish` in its manifest, or remove `registry` from `release.toml`");
    Some(Finding::error(Code::RegistryNotListed, message).package(name).help(help))
}

/// An index that answers and names no address for uploads. Where only cargo reads it, the address is not known.
fn without_api(name: &RegistryName, registry: &Registry) -> Option<Finding> {
    let answers = registry.listings.values().any(|listing| !matches!(listing, Listing::Unknown(_)));
    if !answers || registry.auth_required || registry.api.is_some() {
        return None;
    }
    let message = format!("`{name}` takes no uploads: its index names no `api`");
    let help = "publish to another registry, or check its index address";
    Some(Finding::error(Code::RegistryWithoutApi, message).help(help))
}

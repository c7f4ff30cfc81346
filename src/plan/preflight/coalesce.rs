//! A registry that says nothing at all is told once, and not for every package that goes there.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::check::Finding;
use crate::error::Result;
use crate::names::RegistryName;
use crate::plan::evidence::plan_inputs::Case;
use crate::snapshot::Listing;
use crate::snapshot::Registry;

/// The code of what it is about.
const CODE: &str = "registry-unknown";

/// The findings, with one for each registry that says nothing in the place of those for the packages that go there.
pub(crate) fn told_once(case: &Case<'_>, found: Vec<Finding>) -> Result<Vec<Finding>> {
    let registries = case.snapshot.registries.iter();
    let silent: BTreeMap<&RegistryName, &str> =
        registries.filter_map(|(name, registry)| Some((name, reason(registry)?))).collect();
    let mut kept = Vec::new();
    let mut told = BTreeSet::new();
    for finding in found {
        let package = finding.package.as_ref().filter(|_| finding.code == CODE && finding.is_error());
        let destinations = match package {
            Some(name) => case.destinations(case.package(name)?)?,
            None => Vec::new(),
        };
        match destinations.iter().find_map(|registry| silent.get_key_value(registry)) {
            None => kept.push(finding),
            Some((registry, why)) if told.insert(*registry) => kept.push(silence(case, registry, why)),
            Some(_) => {}
        }
    }
    Ok(kept)
}

/// Why a registry says nothing; none where it says something, or has a reason of its own for each package.
fn reason(registry: &Registry) -> Option<&str> {
    let first = registry.listings.values().next()?;
    let is_same = registry.listings.values().all(|listing| listing == first);
    match first {
        Listing::Unknown(why) if is_same => Some(why),
        Listing::Unknown(_) | Listing::Absent | Listing::Versions(_) => None,
    }
}

fn silence(case: &Case<'_>, registry: &RegistryName, why: &str) -> Finding {
    let is_closed = case.snapshot.registries.get(registry).is_some_and(|facts| facts.auth_required);
    let finding = Finding::error(CODE, format!("cannot read versions from `{registry}`: {why}"));
    finding.help(if is_closed {
        format!("give cargo a token: run `cargo login --registry {registry}` or set its environment variable, then plan again")
    } else {
        "retry when the registry is back, or use `--offline` to plan from tags alone".to_owned()
    })
}

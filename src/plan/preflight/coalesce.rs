//! One finding for a registry that does not answer, naming the packages, instead of one for each of them.

use std::collections::BTreeMap;

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::names::RegistryName;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::snapshot::Listing;

/// The code of what it is about.
const CODE: Code = Code::RegistryUnknown;

/// How many packages are named.
const NAMED: usize = 5;

/// The findings, with one for each registry and cause in the place of those for each package that is published there.
pub(crate) fn told_once(inputs: &PlanInputs<'_>, found: Vec<Finding>) -> Result<Vec<Finding>> {
    let mut groups: BTreeMap<(RegistryName, String), Vec<Finding>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut kept: Vec<Option<Finding>> = Vec::new();
    for finding in found {
        let Some(cause) = cause(inputs, &finding)? else {
            kept.push(Some(finding));
            continue;
        };
        let group = groups.entry(cause.clone()).or_default();
        if group.is_empty() {
            order.push((kept.len(), cause));
            kept.push(None);
        }
        group.push(finding);
    }
    for (at, cause) in order {
        let group = groups.remove(&cause).unwrap_or_default();
        kept[at] = Some(merged(inputs, &cause, &group));
    }
    Ok(kept.into_iter().flatten().collect())
}

/// The registry that says nothing of the package that the finding is about, and why; none where the finding is about
/// something else.
fn cause(inputs: &PlanInputs<'_>, finding: &Finding) -> Result<Option<(RegistryName, String)>> {
    let Some(name) = finding.package.as_ref().filter(|_| finding.code == CODE && finding.is_error()) else {
        return Ok(None);
    };
    let destinations = inputs.destinations(inputs.package(name)?)?;
    Ok(destinations.into_iter().find_map(|registry| match inputs.listing(name, &registry)? {
        Listing::Unknown(why) => Some((registry.clone(), why.clone())),
        Listing::Absent | Listing::Versions(_) => None,
    }))
}

fn merged(inputs: &PlanInputs<'_>, (registry, why): &(RegistryName, String), group: &[Finding]) -> Finding {
    let is_closed = inputs.snapshot.registries.get(registry).is_some_and(|facts| facts.auth_required);
    let names = phrase::first(group.iter().filter_map(|finding| finding.package.as_ref()), NAMED);
    let finding = Finding::error(CODE, format!("cannot read the versions of {names} from {registry:#}: {why}"));
    let finding = match group {
        [Finding { package: Some(only), .. }] => finding.package(only),
        [] | [_, ..] => finding,
    };
    finding.help(if is_closed {
        format!("give cargo a token: run `cargo login --registry {registry}` or set its environment variable, then plan again")
    } else {
        "retry when the registry is back, or use `--offline` to plan from tags alone".to_owned()
    })
}

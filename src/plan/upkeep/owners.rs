//! Whose crates they are to be: the owners that the configuration names, for each crate of the workspace.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::config::Config;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::request::Request;
use crate::plan::versions::selection;
use crate::snapshot::Listing;
use crate::snapshot::Snapshot;

/// A crate, and who is to own it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct OwnedCrate {
    /// The package.
    pub package: PackageName,
    /// The registry.
    pub registry: RegistryName,
    /// Whether it is there.
    pub is_there: bool,
    /// `owners` and `[check] owners`.
    pub configured: Vec<String>,
}

/// The crates that are selected, in every registry that they go to.
///
/// # Errors
/// A package does not exist, or a registry does not say whether it has it.
pub(crate) fn owned_crates(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Vec<OwnedCrate>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let selected = selection::as_named(&inputs)?;
    let mut crates = Vec::new();
    for package in inputs.packages().filter(|package| selected.contains(&package.name)) {
        let settings = inputs.settings(&package.name)?;
        let mut configured = settings.owners.clone();
        for owner in &config.workspace.check.owners {
            if !configured.contains(owner) {
                configured.push(owner.clone());
            }
        }
        for registry in inputs.destinations(package)? {
            let is_there = match inputs.listing(&package.name, &registry) {
                Some(Listing::Versions(_)) => true,
                Some(Listing::Absent) | None => false,
                Some(Listing::Unknown(why)) => {
                    return Err(Failure::world(format!("{registry:#} does not say whether it has `{}`", package.name))
                        .because(why.clone())
                        .help("run it again when the registry answers"));
                }
            };
            crates.push(OwnedCrate {
                package: package.name.clone(),
                registry,
                is_there,
                configured: configured.clone(),
            });
        }
    }
    Ok(crates)
}

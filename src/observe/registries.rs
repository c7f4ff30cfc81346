//! The registries that members may go to, and what they list under our names.

use std::collections::BTreeMap;

use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::snapshot::ListedVersion;
use crate::snapshot::Listing;
use crate::snapshot::Registry;
use crate::snapshot::Token;
use crate::snapshot::Workspace;
use crate::tools::cargo_config::CargoConfig;
use crate::tools::index::Line;
use crate::tools::reader::Reader;
use crate::tools::web::Web;

/// What is said of an index that must not be asked.
const OFFLINE: &str = "not asked (--offline)";

/// The registries that members may go to, each with the members that go there.
pub(super) fn destinations(
    workspace: &Workspace,
    settings: &BTreeMap<PackageName, PackageSettings>,
) -> BTreeMap<RegistryName, Vec<PackageName>> {
    let default = workspace.default_registry.as_ref();
    let mut found: BTreeMap<RegistryName, Vec<PackageName>> = BTreeMap::new();
    for package in &workspace.packages {
        let Some(settings) = settings.get(&package.name) else { continue };
        for registry in package.publish.destinations(settings.publish, settings.registry.as_ref(), default) {
            found.entry(registry).or_default().push(package.name.clone());
        }
    }
    found
}

/// What a registry lists under these names. Whatever goes wrong is unknown, not a failure.
pub(super) fn read(
    config: &CargoConfig,
    web: &Web,
    name: &RegistryName,
    of: &[PackageName],
    offline: bool,
) -> Registry {
    let index = config.index(name);
    let token = if config.has_token_variable(name) { Token::Present } else { Token::Unknown };
    let listings = BTreeMap::new();
    let empty = Registry { index: index.clone(), api: None, auth_required: false, token, listings, site: None };
    let unknown = |why: &str| all_unknown(of, why);
    let Some(address) = index else {
        let listings = unknown(&format!("the registry `{name}` is not in cargo's configuration"));
        return Registry { listings, ..empty };
    };
    if offline {
        return Registry { listings: unknown(OFFLINE), ..empty };
    }
    match Reader::open(config, name, &address, web.clone()) {
        Err(failure) => Registry { listings: unknown(&failure.to_string()), ..empty },
        Ok(reader) => {
            let listings = listed(&reader, of);
            let config = reader.config();
            Registry { api: config.api, auth_required: config.auth_required, listings, ..empty }
        }
    }
}

fn listed(reader: &Reader, of: &[PackageName]) -> BTreeMap<PackageName, Listing> {
    reader.lookup_all(of).into_iter().map(|(name, answer)| (name, listing(answer))).collect()
}

/// An index's answer as the snapshot has it.
fn listing(answer: Result<Option<Vec<Line>>, Failure>) -> Listing {
    let version = |line: Line| ListedVersion { version: line.version, checksum: line.checksum, yanked: line.yanked };
    match answer {
        Ok(None) => Listing::Absent,
        Ok(Some(lines)) => Listing::Versions(lines.into_iter().map(version).collect()),
        Err(failure) => Listing::Unknown(failure.to_string()),
    }
}

fn all_unknown(of: &[PackageName], why: &str) -> BTreeMap<PackageName, Listing> {
    of.iter().map(|name| (name.clone(), Listing::Unknown(why.to_owned()))).collect()
}

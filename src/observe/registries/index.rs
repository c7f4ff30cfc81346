//! The registries that members may go to, and what they list under our names.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::snapshot::ListedVersion;
use crate::snapshot::Listing;
use crate::snapshot::MemberDependency;
use crate::snapshot::Offer;
use crate::snapshot::Registry;
use crate::snapshot::Token;
use crate::snapshot::Workspace;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::config::Credential;
use crate::tools::cargo::index_reader::IndexReader;
use crate::tools::registry::index::IndexVersion;
use crate::tools::registry::web::Web;

/// What is said of an index that must not be asked.
const OFFLINE: &str = "skipped (--offline)";

/// The registries that members may go to, each with the members that go there.
pub(crate) fn destinations(
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

/// Members that go nowhere (any more), and that members which go to this registry need from it: it may have them.
pub(crate) fn kept_back(
    workspace: &Workspace,
    registry: &RegistryName,
    bound: &[PackageName],
) -> BTreeSet<PackageName> {
    let going = workspace.packages.iter().filter(|package| bound.contains(&package.name));
    let edges = going.flat_map(|package| &package.dependencies);
    let from_there = edges.filter(|edge| edge.requirement.is_some() && is_from(edge, registry));
    let names = from_there.map(|edge| &edge.package).filter(|name| !bound.contains(name));
    names.cloned().collect()
}

/// A dependency that names no registry comes from crates.io, or from where the package that needs it goes.
fn is_from(edge: &MemberDependency, registry: &RegistryName) -> bool {
    edge.registry.as_ref().is_none_or(|named| named == registry)
}

/// What is asked of a registry.
#[derive(Clone, Copy)]
pub(crate) struct RegistryQuery<'a> {
    pub(crate) name: &'a RegistryName,
    /// Our names.
    pub(crate) of: &'a [PackageName],
    /// Names of what members need.
    pub(crate) needed: &'a [PackageName],
    pub(crate) offline: bool,
    /// Whether a token is looked for.
    pub(crate) credentials: bool,
    /// Is told how many questions were answered.
    pub(crate) answered: &'a (dyn Fn(usize) + Sync),
}

/// Whether a token is at hand; a file of tokens that cannot be read may have one.
fn token(config: &CargoConfig, name: &RegistryName) -> Token {
    match config.credential(name) {
        Ok(Credential::Present) => Token::Present,
        Ok(Credential::Absent) => Token::Absent,
        Ok(Credential::Unknown) | Err(_) => Token::Unknown,
    }
}

/// The names of what members need from a registry. A dependency that names none comes from crates.io.
pub(crate) fn needed(workspace: &Workspace, from: &RegistryName) -> BTreeSet<PackageName> {
    let needs = workspace.packages.iter().flat_map(|package| &package.needs);
    let theirs = needs.filter(|need| match &need.registry {
        Some(registry) => registry == from,
        None => from.is_crates_io(),
    });
    theirs.map(|need| need.package.clone()).collect()
}

/// What a registry lists under these names. Whatever goes wrong is unknown, not a failure.
pub(crate) fn read(config: &CargoConfig, web: &Web, question: &RegistryQuery<'_>) -> Registry {
    let RegistryQuery { name, of, needed, offline, credentials, answered } = *question;
    let index = config.index(name);
    let token = match credentials {
        true => token(config, name),
        false if config.has_token_variable(name) => Token::Present,
        false => Token::Unknown,
    };
    let listings = BTreeMap::new();
    let empty = Registry {
        index: index.clone(),
        api: None,
        auth_required: false,
        token,
        listings,
        offers: BTreeMap::new(),
        site: None,
    };
    let silent =
        |why: &str| Registry { listings: all_unknown(of, why), offers: none_known(needed, why), ..empty.clone() };
    let Some(address) = index else {
        return silent(&format!("the registry `{name}` is not in cargo's configuration"));
    };
    if offline {
        return silent(OFFLINE);
    }
    match IndexReader::open(config, name, &address, web.clone()) {
        Err(failure) => silent(&failure.to_string()),
        Ok(reader) => {
            answered(0);
            // All at once: what is asked in two turns waits twice.
            let names: BTreeSet<&PackageName> = of.iter().chain(needed).collect();
            let names: Vec<PackageName> = names.into_iter().cloned().collect();
            let answers = reader.lookup_all(&names, answered);
            let found = |name: &PackageName| answers.get(name).map(|answer| (name.clone(), answer));
            let listings = of.iter().filter_map(found).map(|(name, answer)| (name, listing(answer))).collect();
            let offers = needed.iter().filter_map(found).map(|(name, answer)| offer(name, answer)).collect();
            let config = reader.config();
            Registry { api: config.api, auth_required: config.auth_required, listings, offers, ..empty }
        }
    }
}

/// An index's answer as the snapshot has it.
fn listing(answer: &Result<Option<Vec<IndexVersion>>, Failure>) -> Listing {
    let version = |line: &IndexVersion| ListedVersion {
        version: line.version.clone(),
        checksum: line.checksum.clone(),
        yanked: line.yanked,
    };
    match answer {
        Ok(None) => Listing::Absent,
        Ok(Some(lines)) => Listing::Versions(lines.iter().map(version).collect()),
        Err(failure) => Listing::Unknown(failure.to_string()),
    }
}

fn offer(name: PackageName, answer: &Result<Option<Vec<IndexVersion>>, Failure>) -> (PackageName, Offer) {
    let offer = match answer {
        Ok(None) => Offer::Absent,
        Err(failure) => Offer::Unknown(failure.to_string()),
        Ok(Some(lines)) => match lines.iter().find(|line| line.name != name) {
            Some(other) => Offer::Spelled(other.name.clone()),
            None => Offer::Versions(lines.iter().map(|line| (line.version.clone(), line.yanked)).collect()),
        },
    };
    (name, offer)
}

fn none_known(needed: &[PackageName], why: &str) -> BTreeMap<PackageName, Offer> {
    needed.iter().map(|name| (name.clone(), Offer::Unknown(why.to_owned()))).collect()
}

fn all_unknown(of: &[PackageName], why: &str) -> BTreeMap<PackageName, Listing> {
    of.iter().map(|name| (name.clone(), Listing::Unknown(why.to_owned()))).collect()
}

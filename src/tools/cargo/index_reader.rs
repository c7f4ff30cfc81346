//! The index of a registry, read by whoever can: by us where anybody may read it, else by cargo, which has the token.

use std::collections::BTreeMap;

use super::config::CargoConfig;
use super::index_probe::ByCargo;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::tools::registry::index::Index;
use crate::tools::registry::index::IndexConfig;
use crate::tools::registry::index::IndexVersion;
use crate::tools::registry::web::Web;

/// An index that can be read.
pub(crate) struct IndexReader {
    way: Way,
}

enum Way {
    Ourselves(Index, IndexConfig),
    Cargo(ByCargo),
}

impl IndexReader {
    /// Opens the index at an address, as cargo's configuration spells it.
    ///
    /// # Errors
    /// It does not answer; or cargo would have to read it, and would look elsewhere.
    pub(crate) fn open(config: &CargoConfig, registry: &RegistryName, address: &str, web: Web) -> Result<Self> {
        if is_sparse(address) {
            let index = Index::open(address, web)?;
            let index = match config.cargo_home() {
                Some(home) => index.with_cache_of(&home),
                None => index,
            };
            let known = index.config()?;
            if !known.auth_required {
                return Ok(Self { way: Way::Ourselves(index, known) });
            }
        }
        if let Some(other) = config.replacement(registry) {
            return Err(Failure::world(format!("only cargo can read the index of {registry:#}"))
                .because(format!("it would read `{other}` in its place (`replace-with`)"))
                .help("release from a configuration without source replacement"));
        }
        config.by_cargo(registry).map(|by_cargo| Self { way: Way::Cargo(by_cargo) })
    }

    /// Whether each question takes a run of cargo.
    pub(crate) fn is_by_cargo(&self) -> bool {
        matches!(self.way, Way::Cargo(_))
    }

    /// The index's `config.json`, as far as it is known. Where cargo has to read, a token is taken to be needed, and
    /// the addresses are known after the first look.
    pub(crate) fn config(&self) -> IndexConfig {
        match &self.way {
            Way::Ourselves(_, known) => known.clone(),
            Way::Cargo(by_cargo) => IndexConfig { auth_required: true, ..by_cargo.config() },
        }
    }

    /// What is listed under these names, yanked versions too; none where a name is not there. Tells how many were answered,
    /// where they are not all asked as one.
    pub(crate) fn lookup_all(
        &self,
        names: &[PackageName],
        answered: &(dyn Fn(usize) + Sync),
    ) -> BTreeMap<PackageName, Result<Option<Vec<IndexVersion>>>> {
        match &self.way {
            Way::Ourselves(index, _) => index.lookup_all(names, answered),
            Way::Cargo(by_cargo) => match by_cargo.lookup_all(names) {
                Ok(listed) => listed.into_iter().map(|(name, lines)| (name, Ok(lines))).collect(),
                Err(failure) => {
                    let why = failure.to_string();
                    names.iter().map(|name| (name.clone(), Err(Failure::world(why.clone())))).collect()
                }
            },
        }
    }

    /// What is listed under a name now, past all caches on the way: for confirming.
    ///
    /// # Errors
    /// The index does not answer, or not with what it should.
    pub(crate) fn fresh(&self, name: &PackageName) -> Result<Option<Vec<IndexVersion>>> {
        match &self.way {
            Way::Ourselves(index, _) => index.fresh(name),
            Way::Cargo(by_cargo) => {
                by_cargo.lookup_all(std::slice::from_ref(name)).map(|mut all| all.remove(name).flatten())
            }
        }
    }
}

fn is_sparse(address: &str) -> bool {
    address.starts_with("sparse+http")
}

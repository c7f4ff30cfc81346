//! What registries say of packages that are about to be uploaded: asked while the packages are verified, and told before
//! anything moves.

use std::collections::BTreeMap;

use crate::apply::Meanwhile;
use crate::apply::ReleaseContext;
use crate::cli::ConfigArgs;
use crate::commands::session::Session;
use crate::error::Failure;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::observe;
use crate::observe::AskedSites;
use crate::observe::Located;
use crate::plan;
use crate::plan::ReleasePlan;
use crate::plan::Upcoming;

/// Questions that are under way.
pub(crate) struct AskedRegistries {
    sites: AskedSites,
    /// `[check] owners`.
    owners: Vec<String>,
}

impl AskedRegistries {
    /// Asks about the packages that a plan uploads. Only packages that it uploads: a plan that pushes a tag asks nothing.
    pub(crate) fn about(session: &Session<'_>, place: &Located, plan: &ReleasePlan) -> Self {
        let mut bound: BTreeMap<RegistryName, Vec<PackageName>> = BTreeMap::new();
        for step in &plan.steps {
            if let (Some(upload), Some(package)) = (step.action.upload(), &step.package) {
                bound.entry(upload.registry.clone()).or_default().push(package.clone());
            }
        }
        let config = session.configuration(place, &ConfigArgs::default());
        let owners = config.map_or_else(|_unreadable| Vec::new(), |config| config.workspace.check.owners);
        Self { sites: observe::ask_sites(&place.registries, bound), owners }
    }

    /// What they said, once it is asked for.
    pub(crate) fn told<'a>(self, world: &'a ReleaseContext, plan: &ReleasePlan) -> Meanwhile<'a> {
        let packages = plan.packages.clone();
        Box::new(move || {
            let sites = self.sites.join().map_err(|_panic| Failure::bug("the thread that asks registries panicked"))?;
            let trusted = world.trusted(sites.keys());
            let upcoming = Upcoming { packages: &packages, owners: &self.owners, trusted: &trusted };
            Ok(plan::registry_findings(&sites, &upcoming))
        })
    }
}

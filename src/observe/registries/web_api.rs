//! What a registry's web API says of our crates. Reading only; no token is sent.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::snapshot::CrateRecord;
use crate::snapshot::Site;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::registry::index;
use crate::tools::registry::index::Index;
use crate::tools::registry::index::IndexConfig;
use crate::tools::registry::web::Web;
use crate::tools::registry::web_api::Api;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;

/// crates.io takes one request a second from a program (its data access policy).
const PACE: Duration = Duration::from_secs(1);

/// Asks of these crates. Whatever goes wrong is said in the answer, and is no failure.
pub(crate) fn read(api: &Api, address: Option<&str>, of: &[PackageName], answered: &dyn Fn(usize)) -> Site {
    let mut site = Site::default();
    let pace = RequestPacer::of(if address == Some(index::CRATES_IO) { PACE } else { Duration::ZERO });
    let asked = fill(&mut site, (api, pace), of, answered);
    site.silent = asked.err().map(|failure| failure.to_string());
    site
}

/// Asks the web APIs of registries about packages that are about to be uploaded there. A registry that answers no such
/// questions is not asked.
pub(crate) fn ask(
    config: &CargoConfig,
    bound: &BTreeMap<RegistryName, Vec<PackageName>>,
) -> BTreeMap<RegistryName, Site> {
    let web = Web::patient();
    let asked = bound.iter().filter(|(registry, _)| answers(registry)).filter_map(|(registry, of)| {
        let address = config.index(registry)?;
        let site = match Index::open(&address, web.clone()).and_then(|index| index.config()) {
            Ok(IndexConfig { api: Some(api), .. }) => read(&Api::new(web.clone(), &api), Some(&address), of, &|_| {}),
            Ok(_) => silent("the registry has no web API"),
            Err(failure) => silent(&failure.to_string()),
        };
        Some((registry.clone(), site))
    });
    asked.collect()
}

/// Nothing was asked, and this is why.
pub(crate) fn silent(why: &str) -> Site {
    Site { silent: Some(why.to_owned()), ..Site::default() }
}

/// Lets a request begin no sooner than so long after the one before it began.
struct RequestPacer {
    every: Duration,
    last: Stopwatch,
}

impl RequestPacer {
    fn of(every: Duration) -> Self {
        Self { every, last: Stopwatch::start() }
    }

    fn keep(&mut self) {
        clock::pause(self.every.saturating_sub(self.last.elapsed()));
        self.last = Stopwatch::start();
    }
}

fn fill(
    site: &mut Site,
    (api, mut pace): (&Api, RequestPacer),
    of: &[PackageName],
    answered: &dyn Fn(usize),
) -> Result<()> {
    answered(0);
    site.read_only = api.is_read_only()?;
    for (at, name) in of.iter().enumerate() {
        answered(at);
        pace.keep();
        let Some(record) = api.krate(name)? else { continue };
        pace.keep();
        let owners = api.owners(name)?.unwrap_or_default();
        let trusted_publishing_only = record.trustpub_only;
        site.crates.insert(name.clone(), CrateRecord { name: record.name, trusted_publishing_only, owners });
    }
    Ok(())
}

/// Whether the registry is one whose web API answers such questions: crates.io, or what stands in for it.
pub(crate) fn answers(registry: &RegistryName) -> bool {
    registry.is_crates_io()
}

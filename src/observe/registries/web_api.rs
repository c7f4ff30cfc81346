//! What a registry's web API says of our crates. Reading only; no token is sent.

use std::time::Duration;

use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::snapshot::CrateRecord;
use crate::snapshot::Site;
use crate::tools::registry::index;
use crate::tools::registry::web_api::Api;
use crate::tools::system::clock;

/// crates.io takes one request a second from a program (its data access policy).
const PACE: Duration = Duration::from_secs(1);

/// Asks of these crates. Whatever goes wrong is said in the answer, and is no failure.
pub(crate) fn read(api: &Api, address: Option<&str>, of: &[PackageName]) -> Site {
    let mut site = Site::default();
    let pace = if address == Some(index::CRATES_IO) { PACE } else { Duration::ZERO };
    let asked = fill(&mut site, api, of, pace);
    site.silent = asked.err().map(|failure| failure.to_string());
    site
}

/// Nothing was asked, and this is why.
pub(crate) fn silent(why: &str) -> Site {
    Site { silent: Some(why.to_owned()), ..Site::default() }
}

fn fill(site: &mut Site, api: &Api, of: &[PackageName], pace: Duration) -> Result<()> {
    site.read_only = api.is_read_only()?;
    for name in of {
        clock::pause(pace);
        let Some(record) = api.krate(name)? else { continue };
        clock::pause(pace);
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

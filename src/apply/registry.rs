//! A registry as the steps need it: its index, its API, its downloads. Opened when it is first asked, so that a release
//! that goes nowhere asks nobody.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use semver::Version;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Verified;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::snapshot::ListedVersion;
use crate::snapshot::Listing;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::index_reader::IndexReader;
use crate::tools::registry::web::Web;
use crate::tools::registry::web_api::Api;

/// A registry that answers.
pub(crate) struct RegistryClient {
    reader: IndexReader,
    web: Web,
    /// Which crates were not there when they were first asked for.
    new: Mutex<BTreeMap<PackageName, bool>>,
    /// How many wait for its index.
    waiting: AtomicUsize,
}

/// One of those who wait for an index.
pub(super) struct IndexWait<'a>(&'a RegistryClient);

impl IndexWait<'_> {
    /// How many there are.
    pub(super) fn all(&self) -> u32 {
        u32::try_from(self.0.waiting.load(Ordering::SeqCst)).unwrap_or(u32::MAX)
    }

    /// Whether a look takes a run of cargo.
    pub(super) fn is_by_cargo(&self) -> bool {
        self.0.reader.is_by_cargo()
    }
}

impl Drop for IndexWait<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl RegistryClient {
    /// Opens the index at an address.
    pub(crate) fn open(config: &CargoConfig, name: &RegistryName, address: &str) -> Result<Self> {
        let web = Web::new();
        let reader = IndexReader::open(config, name, address, web.clone()).map_err(|silent| {
            Failure::interrupted(format!("the registry `{name}` does not answer"))
                .because(silent.to_string())
                .help("when it does, `cargo release resume`")
        })?;
        Ok(Self { reader, web, new: Mutex::default(), waiting: AtomicUsize::new(0) })
    }

    /// Counts one more who waits for the index, as long as this is kept.
    pub(super) fn waits(&self) -> IndexWait<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        IndexWait(self)
    }

    /// Whether reading needs a token.
    pub(crate) fn auth_required(&self) -> bool {
        self.reader.config().auth_required
    }

    /// Whether its API is asked without encryption, as on this machine or in a network of one's own.
    pub(super) fn speaks_plain_http(&self) -> bool {
        self.reader.config().api.is_some_and(|api| api.starts_with("http://"))
    }

    /// The address of its web API.
    pub(super) fn api_address(&self) -> Option<String> {
        self.reader.config().api
    }

    /// What the index lists under a name now.
    pub(crate) fn listing(&self, name: &PackageName) -> Listing {
        let listed = |line: crate::tools::registry::index::IndexVersion| ListedVersion {
            version: line.version,
            checksum: line.checksum,
            yanked: line.yanked,
        };
        let listing = match self.reader.fresh(name) {
            Ok(Some(lines)) => Listing::Versions(lines.into_iter().map(listed).collect()),
            Ok(None) => Listing::Absent,
            Err(silent) => return Listing::Unknown(silent.to_string()),
        };
        self.new
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(name.clone())
            .or_insert_with(|| matches!(listing, Listing::Absent));
        listing
    }

    /// Whether a crate was not there when it was first asked for.
    pub(super) fn is_new(&self, name: &PackageName) -> bool {
        let known = self.new.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied();
        if let Some(known) = known {
            return known;
        }
        matches!(self.listing(name), Listing::Absent)
    }

    /// The version as the API has it, which knows of an upload before the index does. `None` where it has none, says
    /// nothing, or tells no checksum: then only the index can tell.
    pub(crate) fn by_api(&self, name: &PackageName, version: &Version) -> Option<ListedVersion> {
        let record = self.api()?.version(name, version).ok().flatten()?;
        let ours = record.name == *name && record.version.cmp_precedence(version).is_eq();
        let checksum = record.checksum.filter(|_| ours)?;
        Some(ListedVersion { version: record.version, checksum, yanked: record.yanked })
    }

    /// Whether the API says that a version is not there. One that has no such API says nothing.
    pub(super) fn denies(&self, known: &Verified) -> bool {
        self.api().is_some_and(|api| api.denies(&known.name, &known.version).unwrap_or(false))
    }

    /// The logins of the owners; empty where they are not told.
    pub(super) fn owners(&self, name: &PackageName) -> Vec<String> {
        self.known_owners(name).unwrap_or_default()
    }

    /// The logins of the owners; `None` where they are not told.
    pub(super) fn known_owners(&self, name: &PackageName) -> Option<Vec<String>> {
        self.api()?.owners(name).ok().flatten()
    }

    /// The slugs of the categories; `None` where they are not told.
    pub(crate) fn categories(&self) -> Option<Vec<String>> {
        self.api().and_then(|api| api.categories().ok().flatten())
    }

    /// A published archive; `None` where it is not to be had, as from a registry that shows nothing without a token.
    ///
    /// # Errors
    /// The registry does not answer.
    pub(crate) fn download(&self, name: &PackageName, version: &Version, checksum: &Digest) -> Result<Option<Vec<u8>>> {
        if self.auth_required() {
            return Ok(None);
        }
        self.web.download(&self.reader.config().download(name, version, checksum))
    }

    /// The web API; none where it shows nothing without a token, which only cargo has.
    fn api(&self) -> Option<Api> {
        let address = self.reader.config().api.filter(|_| !self.auth_required());
        address.map(|address| Api::new(self.web.clone(), &address))
    }
}

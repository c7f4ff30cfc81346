//! What cargo keeps of an index: read, never written. Only what cannot change is taken from it: what a published version
//! requires. Whether a version is there, or yanked, is for the index itself to say.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use crates_index::HashKind;
use crates_index::local_path_and_canonical_url_with_hash_kind;
use semver::VersionReq;
use serde::Deserialize;

use crate::tools::registry::index::path_of;
use crate::tools::system::files;

/// How the lock file spells crates.io.
pub(crate) const CRATES_IO_SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The first bytes of a file that this reads: the version of the cache, and of the index's format.
const FORMAT: [u8; 5] = [3, 2, 0, 0, 0];

/// What cargo keeps of one index.
pub(crate) struct IndexCache {
    dir: PathBuf,
}

/// A published version.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CachedVersion {
    /// What it depends on.
    pub deps: Vec<ReleaseDependency>,
    /// The SHA-256 of its archive.
    pub cksum: String,
    #[serde(default)]
    features: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    features2: BTreeMap<String, Vec<String>>,
}

/// A dependency of a published version.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ReleaseDependency {
    /// The key, which features name it by.
    pub name: String,
    /// The package, where it is not the key.
    #[serde(default)]
    pub package: Option<String>,
    /// The versions that fit.
    pub req: VersionReq,
    /// The features that are asked for.
    #[serde(default)]
    pub features: Vec<String>,
    /// `optional`.
    #[serde(default)]
    pub optional: bool,
    /// `default-features`.
    #[serde(default = "on")]
    pub default_features: bool,
    /// `normal`, `build` or `dev`.
    #[serde(default)]
    pub kind: Option<String>,
    /// The index that it is from, where that is another one.
    #[serde(default)]
    pub registry: Option<String>,
}

fn on() -> bool {
    true
}

impl IndexCache {
    /// What cargo keeps in its home of the index at this address (`sparse+https://…/`); none where it is not a sparse one.
    pub(crate) fn of(cargo_home: &Path, address: &str) -> Option<Self> {
        if !address.starts_with("sparse+http") {
            return None;
        }
        let found = local_path_and_canonical_url_with_hash_kind(address, Some(cargo_home), &HashKind::Stable).ok()?;
        Some(Self { dir: found.0.join(".cache") })
    }

    /// A version; none where it is not there, or is written as this does not read it.
    pub(crate) fn release(&self, name: &str, version: &str) -> Option<CachedVersion> {
        let bytes = files::read(&self.dir.join(path_of(name))).ok()??;
        let rest = bytes.strip_prefix(&FORMAT)?;
        let mut parts = rest.split(|byte| *byte == 0).skip(1);
        loop {
            let (found, line) = (parts.next()?, parts.next()?);
            if found == version.as_bytes() {
                return serde_json::from_slice(line).ok();
            }
        }
    }
}

impl CachedVersion {
    /// Its features, with those that optional dependencies imply.
    pub(crate) fn features(&self) -> BTreeMap<String, Vec<String>> {
        let mut all = self.features.clone();
        for (name, below) in &self.features2 {
            all.entry(name.clone()).or_default().extend(below.iter().cloned());
        }
        let named: BTreeSet<String> =
            all.values().flatten().filter_map(|feature| feature.strip_prefix("dep:")).map(str::to_owned).collect();
        for dependency in self.deps.iter().filter(|dependency| dependency.optional) {
            if !named.contains(&dependency.name) {
                let implied = || vec![format!("dep:{}", dependency.name)];
                all.entry(dependency.name.clone()).or_insert_with(implied);
            }
        }
        all
    }
}

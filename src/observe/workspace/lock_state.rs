//! Whether `Cargo.lock` is as cargo would write it, told from the manifests and from what cargo keeps of the index. Where
//! that does not suffice cargo is asked for the whole resolve.

use std::collections::BTreeMap;
use std::path::Path;

use cargo_metadata::Dependency;
use cargo_metadata::DependencyKind;
use cargo_metadata::Metadata;
use cargo_metadata::Package;
use semver::Version;
use toml_edit::DocumentMut;

use crate::manifest;
use crate::manifest::Packages;
use crate::manifest::Requirement;
use crate::manifest::Requirements;
use crate::names::Digest;
use crate::names::RegistryName;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::index_cache::CRATES_IO_SOURCE;
use crate::tools::cargo::index_cache::CachedVersion;
use crate::tools::cargo::index_cache::IndexCache;
use crate::tools::cargo::index_cache::ReleaseDependency;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;

/// The version of the rules in [`crate::manifest::is_fresh`]: a change of them takes another number.
const FORMAT: &str = "lock 01";

/// A lock file of fewer packages is looked at faster than what was kept of it.
const WORTH_KEEPING: usize = 64;

/// What is known of a lock file without cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KnownLock {
    /// There is none.
    Absent,
    /// It is as cargo would write it.
    Fresh,
    /// Only cargo can tell.
    Open,
}

/// Looks at the lock file of a workspace. That it is fresh is kept in `cache`, a file beside git's own: the next look at the
/// same manifests and the same lock file needs no index.
pub(crate) fn look(metadata: &Metadata, environment: &Environment, config: &CargoConfig, cache: &Path) -> KnownLock {
    let root = metadata.workspace_root.as_std_path();
    let Ok(lock) = files::read_text(&root.join("Cargo.lock")) else { return KnownLock::Open };
    let Some(lock) = lock else { return KnownLock::Absent };
    if config.replaces_packages() || is_patched(root) {
        return KnownLock::Open;
    }
    let packages = LockSources::new(metadata, environment, config);
    let is_fresh = || manifest::is_fresh(&lock, packages.members.len(), &packages);
    if lock.matches("[[package]]").count() < WORTH_KEEPING {
        return if is_fresh() { KnownLock::Fresh } else { KnownLock::Open };
    }
    let question = packages.question(metadata, &lock);
    if files::read(cache).ok().flatten().is_some_and(|kept| kept == question.as_str().as_bytes()) {
        return KnownLock::Fresh;
    }
    if !is_fresh() {
        return KnownLock::Open;
    }
    // Where it cannot be written it is found out again.
    drop(files::write(cache, question.as_str().as_bytes()));
    KnownLock::Fresh
}

/// Whether the root manifest puts packages in the place of others. One that cannot be read may.
fn is_patched(root: &Path) -> bool {
    let Ok(Some(text)) = files::read_text(&root.join("Cargo.toml")) else { return true };
    // Most have neither word, and need no parsing.
    if !text.contains("patch") && !text.contains("replace") {
        return false;
    }
    let document = text.strip_prefix('\u{feff}').unwrap_or(&text).parse::<DocumentMut>();
    document.map_or(true, |document| ["patch", "replace"].iter().any(|key| document.contains_key(key)))
}

/// The packages that a lock file may hold.
struct LockSources<'a> {
    members: BTreeMap<(&'a str, &'a Version), &'a Package>,
    environment: &'a Environment,
    config: &'a CargoConfig,
    crates_io: Option<IndexCache>,
}

impl<'a> LockSources<'a> {
    fn new(metadata: &'a Metadata, environment: &'a Environment, config: &'a CargoConfig) -> Self {
        let members = metadata.workspace_packages().into_iter();
        let members = members.map(|package| ((package.name.as_str(), &package.version), package)).collect();
        let crates_io = config.source(&RegistryName::crates_io());
        let home = environment.cargo_home();
        let crates_io = home.zip(crates_io).and_then(|(home, address)| IndexCache::of(&home, &address));
        Self { members, environment, config, crates_io }
    }

    /// Everything that the answer depends on, as one name. What a published version requires never changes, so the index
    /// is not in it.
    fn question(&self, metadata: &Metadata, lock: &str) -> Digest {
        let manifests = serde_json::to_string(metadata).unwrap_or_default();
        let sources =
            format!("{:?} {}", self.config.source(&RegistryName::crates_io()), self.config.replaces_sources());
        Digest::of(format!("{FORMAT}\0{sources}\0{manifests}\0{lock}").as_bytes())
    }

    fn release(&self, source: &str, name: &str, version: &str) -> Option<CachedVersion> {
        if source == CRATES_IO_SOURCE {
            return self.crates_io.as_ref()?.release(name, version);
        }
        // Another source may stand in for this one, which only cargo follows.
        if self.config.replaces_sources() {
            return None;
        }
        IndexCache::of(&self.environment.cargo_home()?, source)?.release(name, version)
    }
}

impl Packages for LockSources<'_> {
    fn member(&self, name: &str, version: &Version) -> Option<Requirements> {
        let package = self.members.get(&(name, version))?;
        let dependencies = package.dependencies.iter().map(required).collect::<Option<_>>()?;
        let features = package.features.iter().map(|(name, below)| (name.clone(), below.clone())).collect();
        Some(Requirements { dependencies, features, checksum: None })
    }

    fn published(&self, source: &str, name: &str, version: &str) -> Option<Requirements> {
        let release = self.release(source, name, version)?;
        let features = release.features();
        let counts = release.deps.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"));
        let dependencies = counts.map(|dependency| published(dependency, source)).collect::<Option<_>>()?;
        Some(Requirements { dependencies, features, checksum: Some(release.cksum) })
    }
}

/// A dependency of a member.
fn required(dependency: &Dependency) -> Option<Requirement> {
    if dependency.kind == DependencyKind::Unknown {
        return None;
    }
    Some(Requirement {
        key: dependency.rename.clone().unwrap_or_else(|| dependency.name.clone()),
        package: dependency.name.clone(),
        versions: dependency.req.clone(),
        source: dependency.source.as_ref().map(|source| source.repr.clone()),
        optional: dependency.optional,
        features: dependency.features.clone(),
        default_features: dependency.uses_default_features,
    })
}

/// A dependency of a published version. One from another registry is spelled there as only cargo reads it.
fn published(dependency: &ReleaseDependency, source: &str) -> Option<Requirement> {
    if dependency.registry.is_some() {
        return None;
    }
    Some(Requirement {
        package: dependency.package.clone().unwrap_or_else(|| dependency.name.clone()),
        key: dependency.name.clone(),
        versions: dependency.req.clone(),
        source: Some(source.to_owned()),
        optional: dependency.optional,
        features: dependency.features.clone(),
        default_features: dependency.default_features,
    })
}

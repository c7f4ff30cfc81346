//! Published versions that no tag names: the commit that each was packed from, as the record in its archive says. An
//! archive is downloaded only for these.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use semver::Version;

use super::last_releases::TagPattern;
use super::last_releases::Tags;
use super::last_releases::ToldRelease;
use crate::config::Config;
use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::TagName;
use crate::observe::Located;
use crate::snapshot::ListedVersion;
use crate::snapshot::Listing;
use crate::snapshot::Package;
use crate::snapshot::Registry;
use crate::snapshot::ReleaseEvidence;
use crate::tools::git::read::Oid;
use crate::tools::git::read::parse_id;
use crate::tools::registry::index::Index;
use crate::tools::registry::index::IndexConfig;
use crate::tools::registry::web::Web;
use crate::tools::system::archive;

/// What is known before archives are asked.
pub(crate) struct VcsQuery<'a> {
    pub(crate) place: &'a Located,
    pub(crate) config: &'a Config,
    pub(crate) tags: &'a BTreeMap<TagName, Oid>,
    pub(crate) registries: &'a BTreeMap<RegistryName, Registry>,
}

/// The highest published version of each package, up to that of its manifest, where no tag names it and its archive
/// names a commit. An archive that is missing or cannot be read names none.
///
/// # Errors
/// A registry does not answer, or with something else: without the archive the plan would be another one.
pub(crate) fn read(question: &VcsQuery<'_>) -> Result<BTreeMap<PackageName, ToldRelease>> {
    let tags = Tags::new(question.tags, None);
    let mut open: BTreeMap<&RegistryName, Option<Shop>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for package in &question.place.workspace.packages {
        let Some(settings) = question.config.packages.get(&package.name) else { continue };
        let Some((registry, listed)) = highest(question, package) else { continue };
        let pattern = TagPattern::of(&package.name, &package.dir, settings)?;
        if tags.names(package, &pattern, &listed.version) || is_pinned(settings) {
            continue;
        }
        let unreadable = |silent: Failure| {
            let what = format!("cannot tell from which commit `{} {}` was published", package.name, listed.version);
            Failure::blocked(what)
                .because(silent.to_string())
                .help(format!("retry when {registry:#} is back, or tag that commit"))
                .help("`--offline` plans without it")
        };
        let shop = match open.entry(registry) {
            Entry::Occupied(shop) => shop.into_mut(),
            Entry::Vacant(empty) => empty.insert(Shop::open(question, registry).map_err(unreadable)?),
        };
        let commit = shop.as_ref().map(|shop| shop.commit(&package.name, listed)).transpose().map_err(unreadable)?;
        let told = commit.flatten().map(|commit| ToldRelease {
            witness: ReleaseEvidence::VcsRecord,
            commit,
            version: listed.version.clone(),
        });
        found.extend(told.map(|told| (package.name.clone(), told)));
    }
    Ok(found)
}

/// Nothing of a package that takes no part in releases is asked.
fn is_pinned(settings: &PackageSettings) -> bool {
    !settings.release
}

/// The highest version that is published and not above that of the manifest.
fn highest<'a>(question: &VcsQuery<'a>, package: &Package) -> Option<(&'a RegistryName, &'a ListedVersion)> {
    let listings = question.registries.iter().filter_map(|(name, registry)| {
        let listing = registry.listings.get(&package.name)?;
        match listing {
            Listing::Versions(versions) => Some((name, versions)),
            Listing::Absent | Listing::Unknown(_) => None,
        }
    });
    let below = |version: &Version| version.cmp_precedence(&package.version).is_le();
    let all = listings.flat_map(|(name, versions)| versions.iter().map(move |listed| (name, listed)));
    all.filter(|(_, listed)| !listed.yanked && below(&listed.version))
        .max_by(|(_, one), (_, other)| one.version.cmp_precedence(&other.version))
}

/// A registry that archives come from.
struct Shop {
    config: IndexConfig,
    web: Web,
}

impl Shop {
    /// None where it is read by cargo, or shows nothing without a token.
    fn open(question: &VcsQuery<'_>, name: &RegistryName) -> Result<Option<Self>> {
        let web = Web::new();
        let Some(address) = question.place.registries.index(name) else { return Ok(None) };
        let Ok(index) = Index::open(&address, web.clone()) else { return Ok(None) };
        let config = index.config()?;
        Ok((!config.auth_required).then_some(Self { config, web }))
    }

    fn commit(&self, name: &PackageName, listed: &ListedVersion) -> Result<Option<Oid>> {
        let bytes = self.web.download(&self.config.download(name, &listed.version, &listed.checksum))?;
        if bytes.as_ref().is_some_and(|bytes| Digest::of(bytes) != listed.checksum) {
            return Err(Failure::world("the archive that the registry sends is not the one that its index lists"));
        }
        let entries = bytes.and_then(|bytes| archive::entries(&bytes).ok());
        let record = entries.and_then(|entries| archive::vcs_record(&entries));
        Ok(record.and_then(|record| parse_id(record.commit.as_str())))
    }
}

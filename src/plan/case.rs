//! What is decided from: the facts, the configuration, the request; and the questions that every decision asks of them.

use std::collections::BTreeMap;

use semver::Version;

use super::commits::Change;
use super::request::Request;
use crate::config::Config;
use crate::config::PackageSettings;
use crate::config::Placeholder;
use crate::config::Values;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::TagName;
use crate::snapshot::LastRelease;
use crate::snapshot::Listing;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// Facts, configuration and request.
pub(super) struct Case<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) config: &'a Config,
    pub(super) request: &'a Request,
    packages: BTreeMap<&'a PackageName, &'a Package>,
    changes: BTreeMap<&'a PackageName, Vec<Change<'a>>>,
}

/// Whether a version was released.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Released {
    Yes,
    No,
    /// It could not be found out, and this is why.
    Unknown(String),
}

impl<'a> Case<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, config: &'a Config, request: &'a Request) -> Self {
        let packages = snapshot.workspace.packages.iter().map(|package| (&package.name, package)).collect();
        let mut changes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for commit in &snapshot.repository.history.commits {
            let change = Change::of(commit, snapshot);
            let counting =
                commit.packages.iter().filter(|(name, paths)| change.counts_for(name, paths, config, snapshot));
            counting.for_each(|(name, _)| changes.entry(name).or_default().push(change.clone()));
        }
        Self { snapshot, config, request, packages, changes }
    }

    /// All members, by name.
    pub(super) fn packages(&self) -> impl Iterator<Item = &'a Package> {
        self.snapshot.workspace.packages.iter()
    }

    /// A member.
    pub(super) fn package(&self, name: &PackageName) -> Result<&'a Package> {
        let found = self.packages.get(name).copied();
        found.ok_or_else(|| Failure::bug(format!("`{name}` is no member of the workspace")))
    }

    /// Its settings.
    pub(super) fn settings(&self, name: &PackageName) -> Result<&'a PackageSettings> {
        let found = self.config.packages.get(name);
        found.ok_or_else(|| Failure::bug(format!("`{name}` has no settings")))
    }

    /// The commits that count for a package, newest first.
    pub(super) fn changes(&self, name: &PackageName) -> &[Change<'a>] {
        self.changes.get(name).map_or(&[], Vec::as_slice)
    }

    /// Its last release.
    pub(super) fn last_release(&self, name: &PackageName) -> Option<&'a LastRelease> {
        self.snapshot.repository.history.last_releases.get(name)
    }

    /// Where it goes.
    pub(super) fn destinations(&self, package: &Package) -> Result<Vec<RegistryName>> {
        let settings = self.settings(&package.name)?;
        let default = self.snapshot.workspace.default_registry.as_ref();
        Ok(package.publish.destinations(settings.publish, settings.registry.as_ref(), default))
    }

    /// What a registry lists under the name of a package.
    pub(super) fn listing(&self, package: &PackageName, registry: &RegistryName) -> Option<&'a Listing> {
        self.snapshot.registries.get(registry)?.listings.get(package)
    }

    /// Whether that version was released: by the indexes of the registries that it goes to; by the tag for a package
    /// that goes nowhere, and where no index was asked.
    pub(super) fn released(&self, package: &Package, version: &Version) -> Result<Released> {
        let tagged = self.last_release(&package.name).is_some_and(|last| last.version.cmp_precedence(version).is_eq());
        let mut all = if tagged { Released::Yes } else { Released::No };
        let destinations = self.destinations(package)?;
        let mut answers = destinations.iter().map(|registry| self.listing(&package.name, registry));
        if destinations.is_empty() || self.request.offline {
            return Ok(all);
        }
        let silent = answers.find_map(|listing| match listing {
            None => Some("it was not asked"),
            Some(Listing::Unknown(why)) => Some(why.as_str()),
            Some(Listing::Absent | Listing::Versions(_)) => None,
        });
        if let Some(why) = silent.filter(|_| !tagged) {
            let name = &package.name;
            return Ok(Released::Unknown(format!("whether `{name} {version}` is published is not known: {why}")));
        }
        let listed = destinations.iter().filter_map(|registry| self.listing(&package.name, registry));
        for listing in listed {
            match listing {
                Listing::Unknown(_) => {}
                Listing::Absent | Listing::Versions(_) if listing.find(version).is_some() => all = Released::Yes,
                Listing::Absent | Listing::Versions(_) => return Ok(Released::No),
            }
        }
        Ok(all)
    }

    /// What placeholders stand for, for a package that goes from one version to another.
    pub(super) fn values(&self, package: &Package, to: &Version) -> Values {
        let from = self.last_release(&package.name).map_or(&package.version, |last| &last.version);
        let values = Values::new()
            .set(Placeholder::CrateName, package.name.as_str())
            .set(Placeholder::PrevVersion, bare(from))
            .set(Placeholder::PrevMetadata, from.build.as_str())
            .set(Placeholder::Version, bare(to))
            .set(Placeholder::Metadata, to.build.as_str())
            .set(Placeholder::Date, self.request.today.as_str());
        match &package.metadata.repository {
            Some(repository) => values.set(Placeholder::Repository, repository.as_str()),
            None => values,
        }
    }

    /// The tag of a package at a version; none where tags are off.
    pub(super) fn tag(&self, package: &Package, to: &Version) -> Result<Option<TagName>> {
        let settings = self.settings(&package.name)?;
        if !settings.tag {
            return Ok(None);
        }
        let values = self.values(package, to);
        let default = if package.dir.as_str().is_empty() { "" } else { "{{crate_name}}-" };
        let prefix = values.render(settings.tag_prefix.as_deref().unwrap_or(default));
        let name = values.set(Placeholder::Prefix, prefix).render(&settings.tag_name);
        Ok(Some(TagName::new(name)))
    }
}

/// A version without its build metadata.
pub(super) fn bare(version: &Version) -> String {
    Version { build: semver::BuildMetadata::EMPTY, ..version.clone() }.to_string()
}

//! Which versions are yanked: of one version, or of all that was released with a tag.

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::config::Config;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::TagName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::request::Request;
use crate::plan::steps::order::dependencies_first;
use crate::plan::versions::selection;
use crate::snapshot::Listing;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// What was asked to be yanked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct YankRequest {
    /// Versions, of one package or of all.
    pub versions: Vec<(Option<PackageName>, Version)>,
    /// All that was released with this tag.
    pub release: Option<TagName>,
    /// Take the yank back.
    pub undo: bool,
}

/// One version, and whether it is to be yanked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Yank {
    /// The package.
    pub package: PackageName,
    /// The version.
    pub version: Version,
    /// The registry.
    pub registry: RegistryName,
    /// Whether it is to be yanked; `false` brings it back.
    pub yanked: bool,
}

/// The versions that are yanked, dependents before what they need; brought back the other way round, so that nothing that
/// can be chosen ever needs what cannot. With each, whether it is so already.
///
/// # Errors
/// There is no such version or tag, or a registry does not say.
pub(crate) fn yanks(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    asked: &YankRequest,
) -> Result<Vec<(Yank, bool)>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let selected = selection::as_named(&inputs)?;
    let mut order = dependencies_first(&inputs, selected.iter())?;
    if !asked.undo {
        order.reverse();
    }
    let mut all = Vec::new();
    for name in &order {
        let package = inputs.package(name)?;
        for registry in inputs.destinations(package)? {
            all.extend(of_package(&inputs, package, &registry, asked)?);
        }
    }
    if all.is_empty() {
        return Err(nothing(asked));
    }
    Ok(all)
}

fn of_package(
    inputs: &PlanInputs<'_>,
    package: &Package,
    registry: &RegistryName,
    asked: &YankRequest,
) -> Result<Vec<(Yank, bool)>> {
    let versions = match inputs.listing(&package.name, registry) {
        Some(Listing::Versions(versions)) => versions,
        Some(Listing::Absent) => return Ok(Vec::new()),
        Some(Listing::Unknown(why)) => {
            return Err(Failure::world(format!("{registry:#} does not list the versions of `{}`", package.name))
                .because(why.clone())
                .help("run it again when the registry answers"));
        }
        None => return Ok(Vec::new()),
    };
    let mut found = Vec::new();
    for listed in versions {
        if is_meant(inputs, package, &listed.version, asked)? {
            let (package, version) = (package.name.clone(), listed.version.clone());
            let yanked = !asked.undo;
            found.push((Yank { package, version, registry: registry.clone(), yanked }, listed.yanked == yanked));
        }
    }
    Ok(found)
}

fn is_meant(inputs: &PlanInputs<'_>, package: &Package, version: &Version, asked: &YankRequest) -> Result<bool> {
    let by_version = asked.versions.iter().any(|(name, wanted)| {
        name.as_ref().is_none_or(|name| *name == package.name) && wanted.cmp_precedence(version).is_eq()
    });
    let Some(release) = &asked.release else { return Ok(by_version) };
    let tags = &inputs.snapshot.repository.tags;
    let Some(commit) = tags.get(release) else {
        return Err(Failure::unplannable(format!("there is no tag `{release}`"))
            .help("`git tag --list` shows them; `git fetch --tags` fetches those of the remote"));
    };
    let own = inputs.tag(package, version)?;
    Ok(by_version || own.is_some_and(|own| tags.get(&own) == Some(commit)))
}

fn nothing(asked: &YankRequest) -> Failure {
    let what = match (&asked.release, asked.versions.as_slice()) {
        (Some(tag), _) => format!("nothing that was released with `{tag}` is in a registry"),
        (None, [(Some(name), version), ..]) => format!("`{name} {version}` is in no registry"),
        (None, [(None, version), ..]) => format!("no package has {version} in a registry"),
        (None, []) => "no version was named".to_owned(),
    };
    Failure::unplannable(what).help("`cargo release audit` lists what is published, and what is tagged")
}

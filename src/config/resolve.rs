//! From layers to values: which layer is laid over which, and what the keys come to.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::conversions::Resolve;
use super::declare::KeyName;
use super::declare::Over as _;
use super::document::LayerScope;
use super::document::read_file;
use super::document::read_manifest;
use super::document::read_only_package;
use super::example::example;
use super::keys::Layer;
use super::keys::PublishTable;
use super::settings::Config;
use super::sources::DirConfig;
use super::sources::MemberFacts;
use super::sources::Sources;
use super::sources::VersionSource;
use super::values::SharedVersion;
use crate::error::Failure;
use crate::error::Result;

/// The group of packages that inherit their version.
const INHERITED: &str = "workspace";
/// The message of one commit for all packages.
const ONE_COMMIT: &str = "chore: Release";
/// The message of a package's own commit.
const OWN_COMMIT: &str = "chore: Release {{crate_name}} version {{version}}";

/// The keys that have a default, with it.
pub(super) fn defaults() -> Result<&'static Layer> {
    static DEFAULTS: LazyLock<Result<Layer, String>> =
        LazyLock::new(|| toml_edit::de::from_str(example()).map_err(|error| error.to_string()));
    DEFAULTS.as_ref().map_err(|why| Failure::bug("the defaults of the configuration do not parse").because(why.clone()))
}

/// Resolves the configuration of a workspace.
///
/// From high to low: what a manifest says (`publish = false`, no version, an inherited one), the flags, `-c FILE`, the
/// package's `[package.metadata.release]` and `release.toml`, the workspace's `[workspace.metadata.release]` and
/// `release.toml`, the platform's file, `$HOME/.release.toml`, the defaults. A key is taken from the highest layer that
/// has it; lists are not joined. For the root package `release.toml` stands at both places. Workspace keys skip the
/// package's two layers, unless there is one member.
///
/// # Errors
///
/// `Unplannable`, with path and line, for a text that does not parse, an unknown key, a value of the wrong kind, a key
/// that has no effect yet; and where members disagree on `consolidate-commits`.
pub fn resolve(sources: &Sources, members: &[MemberFacts]) -> Result<Config> {
    let stack = Stack::read(sources, members)?;
    let layers = members.iter().map(|member| stack.package(member)).collect::<Result<Vec<_>>>()?;
    let consolidate = consolidation(members, &layers)?;
    let message = if consolidate { ONE_COMMIT } else { OWN_COMMIT };
    let workspace = settings(stack.workspace(members)?, consolidate, message)?;
    let (mut packages, mut opted_in) = (BTreeMap::new(), BTreeSet::new());
    for (member, layer) in members.iter().zip(layers) {
        packages.insert(member.name.clone(), settings(layer, consolidate, OWN_COMMIT)?);
        if stack.own(member)?.release == Some(true) {
            opted_in.insert(member.name.clone());
        }
    }
    Ok(Config { workspace, packages, opted_in })
}

/// What a layer comes to, with the two keys whose default depends on other members.
fn settings<Settings>(mut layer: Layer, consolidate: bool, message: &str) -> Result<Settings>
where
    Layer: Resolve<Settings>,
{
    layer.consolidate_commits = Some(consolidate);
    layer.pre_release_commit_message.get_or_insert_with(|| message.to_owned());
    layer.resolve(KeyName { table: "", field: "" })
}

/// The keys of the root package, or of the workspace where there is none, as they come out: what `config` shows.
///
/// # Errors
///
/// As [`resolve`].
#[cfg(test)]
pub(crate) fn effective(sources: &Sources, members: &[MemberFacts]) -> Result<Layer> {
    Ok(merged(&effective_layers(sources, members)?))
}

/// The layers of `effective`, the highest first, each with the name that people know it by.
///
/// # Errors
///
/// As [`resolve`].
pub(crate) fn effective_layers(sources: &Sources, members: &[MemberFacts]) -> Result<Vec<(String, Layer)>> {
    let stack = Stack::read(sources, members)?;
    match members.iter().find(|member| member.is_root) {
        Some(root) => stack.layers_of(root),
        None => stack.layers(members),
    }
}

/// What the layers come to.
fn merged(layers: &[Named]) -> Layer {
    layers.iter().map(|(_, layer)| layer.clone()).reduce(Layer::over).unwrap_or_default()
}

/// A layer and where it comes from.
type Named = (String, Layer);

/// The layers that all members share, read once.
struct Stack<'a> {
    sources: &'a Sources,
    alone: bool,
    below: Vec<Named>,
    above: Vec<Named>,
}

impl<'a> Stack<'a> {
    fn read(sources: &'a Sources, members: &[MemberFacts]) -> Result<Self> {
        let Sources { home, platform, workspace, explicit, command_line, isolated, packages: _ } = sources;
        let mut below = Vec::new();
        if let Some(manifest) = workspace.manifest.as_ref().filter(|_| !isolated) {
            let name = format!("[workspace.metadata.release] of {}", manifest.path);
            below.push((name, read_manifest(manifest, LayerScope::Workspace)?));
        }
        for source in [&workspace.release_toml, platform, home].into_iter().flatten().filter(|_| !isolated) {
            below.push((source.path.clone(), read_file(source, LayerScope::Workspace)?));
        }
        below.push(("default".to_owned(), defaults()?.clone()));
        let mut above = vec![("flag".to_owned(), command_line.clone())];
        if let Some(source) = explicit {
            above.push((source.path.clone(), read_file(source, LayerScope::Workspace)?));
        }
        Ok(Self { sources, alone: members.len() == 1, below, above })
    }

    fn layers(&self, members: &[MemberFacts]) -> Result<Vec<Named>> {
        match members {
            [only] => self.layers_of(only),
            [] | [_, ..] => Ok([self.above.clone(), self.below.clone()].concat()),
        }
    }

    fn layers_of(&self, member: &MemberFacts) -> Result<Vec<Named>> {
        let facts = vec![("the manifest".to_owned(), manifest_facts(member))];
        Ok([facts, self.above.clone(), self.own_layers(member)?, self.below.clone()].concat())
    }

    fn workspace(&self, members: &[MemberFacts]) -> Result<Layer> {
        Ok(merged(&self.layers(members)?))
    }

    fn package(&self, member: &MemberFacts) -> Result<Layer> {
        Ok(merged(&self.layers_of(member)?))
    }

    fn own(&self, member: &MemberFacts) -> Result<Layer> {
        Ok(merged(&self.own_layers(member)?))
    }

    /// The two layers of a package.
    fn own_layers(&self, member: &MemberFacts) -> Result<Vec<Named>> {
        let root = member.is_root.then_some(&self.sources.workspace);
        let place = root.or_else(|| self.sources.packages.get(&member.name));
        let Some(DirConfig { release_toml, manifest }) = place.filter(|_| !self.sources.isolated) else {
            return Ok(Vec::new());
        };
        let mut layers = Vec::new();
        if let Some(manifest) = manifest {
            let read =
                if self.alone { read_only_package(manifest)? } else { read_manifest(manifest, LayerScope::Package)? };
            layers.push((format!("[package.metadata.release] of {}", manifest.path), read));
        }
        let scope = if self.alone || member.is_root { LayerScope::Workspace } else { LayerScope::Package };
        if let Some(source) = release_toml {
            layers.push((source.path.clone(), read_file(source, scope)?));
        }
        Ok(layers)
    }
}

/// What the manifest says, as the highest layer.
fn manifest_facts(member: &MemberFacts) -> Layer {
    let inherited = member.version == VersionSource::Inherited;
    Layer {
        publish: PublishTable::flag(member.publishes_nowhere.then_some(false)),
        release: (member.version == VersionSource::Absent).then_some(false),
        shared_version: inherited.then(|| SharedVersion::Group(INHERITED.to_owned())),
        consolidate_commits: inherited.then_some(true),
        ..Layer::default()
    }
}

/// Whether there is one commit for all members, on which they have to agree.
fn consolidation(members: &[MemberFacts], layers: &[Layer]) -> Result<bool> {
    let several = members.len() > 1;
    let wish = |layer: &Layer| layer.consolidate_commits.unwrap_or(several);
    let with = |wanted: bool| members.iter().zip(layers).find(|(_, layer)| wish(layer) == wanted);
    let (Some((one, _)), Some((each, _))) = (with(true), with(false)) else {
        return Ok(layers.first().map_or(several, wish));
    };
    let why = match one.version {
        VersionSource::Inherited => "packages that inherit their version share one release commit",
        VersionSource::Own | VersionSource::Absent => "it must be equal for all members",
    };
    let (one, each) = (&one.name, &each.name);
    Err(Failure::unplannable(format!("`consolidate-commits` is true for `{one}` and false for `{each}`"))
        .because(why)
        .help("set it once, in the configuration of the workspace"))
}

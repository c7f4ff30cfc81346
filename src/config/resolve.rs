//! From layers to values: which layer is laid over which, and what the keys come to.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::document::LayerScope;
use super::document::read_file;
use super::document::read_manifest;
use super::document::read_only_package;

use super::forge_settings::AnnounceSettings;
use super::forge_settings::ForgeSettings;
use super::forge_settings::PrSettings;
use super::layer::Layer;
use super::layer::Over as _;
use super::layer::PublishTable;
use super::settings::BumpRule;
use super::settings::BumpSettings;
use super::settings::CheckSettings;
use super::settings::Config;
use super::settings::PackageSettings;
use super::settings::RateLimit;
use super::settings::WorkspaceSettings;
use super::settings::file_glob;
use super::sources::DirConfig;
use super::sources::MemberFacts;
use super::sources::Sources;
use super::sources::VersionSource;
use super::values::HookCommand;
use super::values::SharedVersion;
use crate::error::Failure;
use crate::error::Result;
use crate::names::RegistryName;

/// The example file, which is the defaults.
pub(crate) const EXAMPLE: &str = include_str!("../../release.toml.example");

/// The group of packages that inherit their version.
const INHERITED: &str = "workspace";
/// The message of one commit for all packages.
const ONE_COMMIT: &str = "chore: Release";
/// The message of a package's own commit.
const OWN_COMMIT: &str = "chore: Release {{crate_name}} version {{version}}";

/// The keys that have a default, with it.
pub(super) fn defaults() -> Result<&'static Layer> {
    static DEFAULTS: LazyLock<Result<Layer, String>> =
        LazyLock::new(|| toml_edit::de::from_str(EXAMPLE).map_err(|error| error.to_string()));
    DEFAULTS.as_ref().map_err(|why| Failure::bug("`release.toml.example` does not parse").because(why.clone()))
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
    let workspace = workspace_settings(stack.workspace(members)?, consolidate)?;
    let packages = members
        .iter()
        .zip(layers)
        .map(|(member, layer)| {
            let release_is_own = stack.own(member)?.release == Some(true);
            Ok((member.name.clone(), PackageSettings { release_is_own, ..package_settings(layer)? }))
        })
        .collect::<Result<_>>()?;
    Ok(Config { workspace, packages })
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

fn workspace_settings(layer: Layer, consolidate_commits: bool) -> Result<WorkspaceSettings> {
    let message = if consolidate_commits { ONE_COMMIT } else { OWN_COMMIT };
    Ok(WorkspaceSettings {
        allow_branch: set("allow-branch", layer.allow_branch)?,
        sign_commit: set("sign-commit", layer.sign_commit)?,
        push: set("push", layer.push)?,
        push_remote: set("push-remote", layer.push_remote)?.into(),
        push_options: set("push-options", layer.push_options)?,
        consolidate_commits,
        pre_release_commit_message: layer.pre_release_commit_message.unwrap_or_else(|| message.to_owned()),
        features_in_zero: set("bump.features-in-zero", layer.bump.features_in_zero)?,
        notes: set("bump.notes", layer.bump.notes)?.dir()?,
        stage_copy: set("stage.copy", layer.stage.copy)?,
        stage_also: set("stage.also", layer.stage.also)?,
        changelog_links: set("changelog.links", layer.changelog.links)?,
        push_branch: set("remote.push-branch", layer.remote.push_branch)?,
        confirm_timeout: Duration::from_secs(set("confirm.timeout", layer.confirm.timeout)?),
        publish_retry: Duration::from_secs(set("publish.retry", layer.publish.0.retry)?),
        publish_deadline: layer.publish.0.deadline.map(Duration::from_secs),
        rate_limit: RateLimit {
            new_packages: set("rate-limit.new-packages", layer.rate_limit.new_packages)?,
            existing_packages: set("rate-limit.existing-packages", layer.rate_limit.existing_packages)?,
        },
        check: CheckSettings {
            rules: layer.check.rules,
            deny: set("check.deny", layer.check.deny)?,
            warn: set("check.warn", layer.check.warn)?,
            allow: set("check.allow", layer.check.allow)?,
            owners: set("check.owners", layer.check.owners)?,
            hide_env: globs("check.hide-env", layer.check.hide_env)?,
        },
        pr: PrSettings {
            branch: set("pr.branch", layer.pr.branch)?,
            title: layer.pr.title,
            labels: set("pr.labels", layer.pr.labels)?,
            reviewers: set("pr.reviewers", layer.pr.reviewers)?,
            draft: set("pr.draft", layer.pr.draft)?,
            per: set("pr.per", layer.pr.per)?,
            late: set("pr.late", layer.pr.late)?,
            sign: set("pr.sign", layer.pr.sign)?,
            required: set("pr.required", layer.pr.required)?,
        },
        forge: ForgeSettings {
            kind: layer.forge.kind,
            url: layer.forge.url,
            api: layer.forge.api,
            token_env: layer.forge.token_env,
        },
        trusted_publishing: set("trusted-publishing.mode", layer.trusted_publishing.mode)?,
        announce: AnnounceSettings {
            enabled: set("announce.enabled", layer.announce.enabled)?,
            name: set("announce.name", layer.announce.name)?,
            draft: set("announce.draft", layer.announce.draft)?,
            assets: set("announce.assets", layer.announce.assets)?,
            comment: set("announce.comment", layer.announce.comment)?,
        },
    })
}

fn package_settings(layer: Layer) -> Result<PackageSettings> {
    Ok(PackageSettings {
        release: set("release", layer.release)?,
        release_is_own: false,
        publish: set("publish.enabled", layer.publish.0.enabled)?,
        registry: layer.registry.map(RegistryName::from),
        verify: set("verify", layer.verify)?,
        enable_features: set("enable-features", layer.enable_features)?,
        enable_all_features: set("enable-all-features", layer.enable_all_features)?,
        target: layer.target,
        dependent_version: layer.dependent_version,
        shared_version: layer.shared_version.and_then(SharedVersion::group),
        metadata: set("metadata", layer.metadata)?,
        tag: set("tag", layer.tag)?,
        sign_tag: set("sign-tag", layer.sign_tag)?,
        tag_name: set("tag-name", layer.tag_name)?,
        tag_prefix: layer.tag_prefix,
        tag_message: layer.tag_message,
        sign_commit: set("sign-commit", layer.sign_commit)?,
        pre_release_commit_message: layer.pre_release_commit_message.unwrap_or_else(|| OWN_COMMIT.to_owned()),
        pre_release_hook: layer.pre_release_hook.map(HookCommand::line).unwrap_or_default(),
        pre_release_replacements: set("pre-release-replacements", layer.pre_release_replacements)?,
        owners: set("owners", layer.owners)?,
        push: set("push", layer.push)?,
        changelog_enabled: set("changelog.enabled", layer.changelog.enabled)?,
        changelog_path: set("changelog.path", layer.changelog.path)?,
        changelog_create: layer.changelog.create,
        bump: BumpSettings {
            rules: rules(set("bump.rules", layer.bump.rules)?)?,
            scopes: set("bump.scopes", layer.bump.scopes)?
                .into_iter()
                .map(|(scope, name)| (scope, name.into()))
                .collect(),
            rust_version: set("bump.rust-version", layer.bump.rust_version)?,
            public_dependencies: globs("bump.public-dependencies", layer.bump.public_dependencies)?,
            semver_check: layer.bump.semver_check,
        },
    })
}

/// Rules about commits, whose patterns can be read.
fn rules(rules: Vec<BumpRule>) -> Result<Vec<BumpRule>> {
    for pattern in rules.iter().filter_map(|rule| rule.subject.as_deref()) {
        Regex::new(pattern).map_err(|error| {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Failure::unplannable(format!("`bump.rules` has a `subject` that is no regular expression: `{pattern}`"))
                .because(why)
                .help("it is searched in the first line of a commit: `subject = \"^:sparkles:\"`")
        })?;
    }
    Ok(rules)
}

/// Names, of which some may be globs.
fn globs(key: &str, value: Option<Vec<String>>) -> Result<Vec<String>> {
    let names = set(key, value)?;
    for name in &names {
        if let Err(error) = file_glob(name) {
            return Err(Failure::unplannable(format!("`{key}` has an invalid glob: `{name}`"))
                .because(error.to_string())
                .help("use package names or globs: `core`, `core-*`"));
        }
    }
    Ok(names)
}

/// The value of a key that has a default.
fn set<T>(key: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Failure::bug(format!("`release.toml.example` has no default for `{key}`")))
}

//! What the configuration comes to: plain values, one struct for the workspace and one for each package.
//!
//! A field is named as its key. Keys whose effect does not exist yet have no field: `resolve` refuses them.

use std::collections::BTreeMap;
use std::time::Duration;

use globset::GlobBuilder;
use globset::GlobMatcher;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::forge_settings::AnnounceSettings;
use super::forge_settings::ForgeSettings;
use super::forge_settings::PrSettings;
use super::forge_settings::TrustedPublishing;
use super::values::RuleSet;
use super::values::SemverCheck;
use crate::level::Level;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;

/// The configuration of a workspace, resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Keys that hold for the workspace.
    pub workspace: WorkspaceSettings,
    /// Keys that hold for a package; every member has an entry.
    pub packages: BTreeMap<PackageName, PackageSettings>,
}

/// Keys that hold for the workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one field a key, and the keys are what users rely on")]
pub struct WorkspaceSettings {
    /// Globs of branches that may be released from; `!` excludes.
    pub allow_branch: Vec<String>,
    /// Sign the release commit.
    pub sign_commit: bool,
    /// Push at all.
    pub push: bool,
    /// Where to.
    pub push_remote: RemoteName,
    /// `--push-option`s.
    pub push_options: Vec<String>,
    /// One commit for all packages, or one a package.
    pub consolidate_commits: bool,
    /// The template of the release commit's message.
    pub pre_release_commit_message: String,
    /// `[bump] features-in-zero`: what a feature does to a 0.y version.
    pub features_in_zero: FeaturesInZero,
    /// `[bump] notes`: the directory of change notes, from the root of the workspace; none where there are none.
    pub notes: Option<String>,
    /// `[stage] copy`: globs, relative to the workspace, of files that git ignores and that packages need.
    pub stage_copy: Vec<String>,
    /// `[stage] also`: globs, from the root of the repository, of manifests that are no members and follow them.
    pub stage_also: Vec<String>,
    /// `[changelog] links`.
    pub changelog_links: ChangelogLinks,
    /// `[remote] push-branch`.
    pub push_branch: PushBranch,
    /// `[confirm] timeout`.
    pub confirm_timeout: Duration,
    /// `[publish] retry`.
    pub publish_retry: Duration,
    /// `[publish] deadline`; none: there is none.
    pub publish_deadline: Option<Duration>,
    /// `[rate-limit]`: how many new crates, and how many new versions, crates.io takes at once.
    pub rate_limit: RateLimit,
    /// `[check]`
    pub check: CheckSettings,
    /// `[pr]`
    pub pr: PrSettings,
    /// `[forge]`
    pub forge: ForgeSettings,
    /// `[announce]`
    pub announce: AnnounceSettings,
    /// `[trusted-publishing] mode`
    pub trusted_publishing: TrustedPublishing,
}

/// `[rate-limit]`: how much crates.io takes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimit {
    /// New crates.
    pub new_packages: usize,
    /// New versions of crates.
    pub existing_packages: usize,
}

/// `[check]`: the rules for packages, and how severe each is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckSettings {
    /// Whose rules packages of other registries are held to as well.
    pub rules: Option<RuleSet>,
    /// Codes of findings that block.
    pub deny: Vec<String>,
    /// Codes of findings that warn.
    pub warn: Vec<String>,
    /// Codes of findings that are not told.
    pub allow: Vec<String>,
    /// The owners that every crate has to have; empty where nobody is named.
    pub owners: Vec<String>,
    /// Globs of environment variables that the verification build does not get, besides those that it never gets.
    pub hide_env: Vec<String>,
}

/// Keys that hold for a package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one field a key, and the keys are what users rely on")]
pub struct PackageSettings {
    /// Takes part in releases.
    pub release: bool,
    /// Whether its own configuration says so.
    pub release_is_own: bool,
    /// Goes to a registry.
    pub publish: bool,
    /// The registry that it goes to; none: as the manifest says, else crates.io.
    pub registry: Option<RegistryName>,
    /// Builds the package before it is uploaded.
    pub verify: bool,
    /// Features of the verification build.
    pub enable_features: Vec<String>,
    /// All features in the verification build.
    pub enable_all_features: bool,
    /// The target triple of the verification build.
    pub target: Option<String>,
    /// When requirements of dependents are rewritten; none: `upgrade` where a level was given, `fix` where we decide.
    pub dependent_version: Option<DependentVersion>,
    /// The group of packages that share a version.
    pub shared_version: Option<String>,
    /// What happens to build metadata.
    pub metadata: MetadataPolicy,
    /// Makes a tag.
    pub tag: bool,
    /// Signs it.
    pub sign_tag: bool,
    /// The template of its name.
    pub tag_name: String,
    /// The template of `{{prefix}}`; none: empty at the repository root, else `{{crate_name}}-`.
    pub tag_prefix: Option<String>,
    /// The template of its message; none: the default first line, a blank line, and the changelog entry.
    pub tag_message: Option<String>,
    /// Signs this package's own commit, where commits are not consolidated.
    pub sign_commit: bool,
    /// The message of this package's own commit, where commits are not consolidated.
    pub pre_release_commit_message: String,
    /// The program that runs in the stage before the commit, with its arguments; each a template.
    pub pre_release_hook: Vec<String>,
    /// Texts that are replaced by regular expressions.
    pub pre_release_replacements: Vec<Replacement>,
    /// Users and teams that are made owners of a new crate.
    pub owners: Vec<String>,
    /// Whether this package's refs are pushed.
    pub push: bool,
    /// `[changelog] enabled`.
    pub changelog_enabled: bool,
    /// `[changelog] path`, relative to the package.
    pub changelog_path: String,
    /// `[changelog] create`: make the file where it is missing. None: where the project has no other custom.
    pub changelog_create: Option<bool>,
    /// `[bump]`, as far as it holds for a package.
    pub bump: BumpSettings,
}

/// How the level of a package is decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BumpSettings {
    /// `rules`: the first that fits a commit holds.
    pub rules: Vec<BumpRule>,
    /// `rust-version`: what raising it does.
    pub rust_version: Level,
    /// `public-dependencies`: those that are part of the package's API, by name or as globs that can be read.
    pub public_dependencies: Vec<String>,
    /// `scopes`: scopes of commits that stand for packages of other names.
    pub scopes: BTreeMap<String, PackageName>,
    /// `semver-check`; none: as `auto`, and silent where there is no such program.
    pub semver_check: Option<SemverCheck>,
}

impl BumpSettings {
    /// Whether a dependency is part of the package's API: as configured, or, with `auto`, as its documentation tells.
    pub fn is_public(&self, dependency: &str, seen: &[String]) -> bool {
        let plain = |name: &str| name.replace('-', "_");
        if self.public_dependencies.iter().any(|name| name == "auto")
            && seen.iter().any(|name| plain(name) == plain(dependency))
        {
            return true;
        }
        let fits = |glob: &String| file_glob(glob).is_ok_and(|glob| glob.is_match(dependency));
        self.public_dependencies.iter().any(fits)
    }
}

/// One entry of `[bump] rules`: the level of the commits that it fits. Without a type, or without a scope, it fits any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BumpRule {
    /// The type, in any case; empty for a commit that has none, because it is not conventional.
    pub r#type: Option<String>,
    /// The scope.
    pub scope: Option<String>,
    /// A regular expression that finds something in the first line.
    pub subject: Option<String>,
    /// The level.
    pub level: Level,
}

/// When a dependent's requirement is rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependentVersion {
    /// Always.
    Upgrade,
    /// When it no longer admits the new version.
    Fix,
}

/// What happens to build metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MetadataPolicy {
    /// Taken where it is given.
    Optional,
    /// Has to be given.
    Required,
    /// Left out even where it is given.
    Ignore,
    /// Kept from version to version.
    Persistent,
}

/// What a feature does to a 0.y version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FeaturesInZero {
    /// 0.4.1 to 0.4.2.
    Patch,
    /// 0.4.1 to 0.5.0.
    Minor,
}

/// What drafted entries name and link besides the changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangelogLinks {
    /// Nothing.
    Off,
    /// Pull requests, issues and authors, as far as the commits name them.
    Offline,
    /// The same, with what the forge says.
    Forge,
}

/// When the branch is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PushBranch {
    /// Before anything is published, so that a refusal costs nothing.
    Before,
    /// With the tags, at the end.
    After,
}

/// Whether the `file` of a replacement has the marks of a glob.
pub(crate) fn is_glob(file: &str) -> bool {
    file.contains(['*', '?', '[', '{'])
}

/// The `file` of a replacement, or the name of a package, as a glob; `*` stays within a directory.
///
/// # Errors
/// It cannot be read as one.
pub(crate) fn file_glob(file: &str) -> Result<GlobMatcher, globset::Error> {
    GlobBuilder::new(file).literal_separator(true).build().map(|glob| glob.compile_matcher())
}

/// Whether a file of the directory of change notes is one, by its name: Markdown, and not what explains the directory.
pub(crate) fn is_note(file: &str) -> bool {
    let stem = file.strip_suffix(".md");
    !file.contains('/') && !file.starts_with('.') && stem.is_some_and(|stem| !stem.eq_ignore_ascii_case("readme"))
}

/// One entry of `pre-release-replacements`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Relative to the package.
    pub file: String,
    /// A regular expression; `^` and `$` match at lines.
    pub search: String,
    /// A template, with `$1` for captures.
    pub replace: String,
    /// At least this many matches.
    pub min: Option<usize>,
    /// At most this many.
    pub max: Option<usize>,
    /// Just this many.
    pub exactly: Option<usize>,
    /// Also for a pre-release.
    #[serde(default)]
    pub prerelease: bool,
}

//! What the configuration comes to: the settings of the workspace and of each package, and the values that they have.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use globset::GlobBuilder;
use globset::GlobMatcher;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::keys::BumpSettings;
use super::keys::PackageSettings;
use super::keys::WorkspaceSettings;
use crate::level::Level;
use crate::names::PackageName;

/// The configuration of a workspace, resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Keys that hold for the workspace.
    pub workspace: WorkspaceSettings,
    /// Keys that hold for a package; every member has an entry.
    pub packages: BTreeMap<PackageName, PackageSettings>,
    /// The packages whose own configuration says `release = true`.
    pub opted_in: BTreeSet<PackageName>,
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

//! What a configuration is resolved from: texts by the place that they come from, and facts of the members' manifests.

use std::collections::BTreeMap;

use super::keys::Layer;
use crate::names::PackageName;

/// A text, and the path that refusals name it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    /// For people: relative to the workspace where it lies in it.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// The texts of one directory. A file that does not exist is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirConfig {
    /// `release.toml`
    pub release_toml: Option<ConfigFile>,
    /// `Cargo.toml`
    pub manifest: Option<ConfigFile>,
}

/// Everything that may hold configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// `$HOME/.release.toml`
    pub home: Option<ConfigFile>,
    /// `cargo-release/release.toml` in the platform's configuration directory.
    pub platform: Option<ConfigFile>,
    /// The workspace root, which is also the directory of the root package.
    pub workspace: DirConfig,
    /// The directories of the members; the root package needs none.
    pub packages: BTreeMap<PackageName, DirConfig>,
    /// The file that `-c` names.
    pub explicit: Option<ConfigFile>,
    /// The flags.
    pub command_line: Layer,
    /// `--isolated`: only `explicit`, `command_line` and what the manifests say are taken.
    pub isolated: bool,
}

/// What a member's manifest says; no configuration can say otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberFacts {
    /// Its name.
    pub name: PackageName,
    /// Whether its manifest is the workspace's own.
    pub is_root: bool,
    /// Where its version comes from.
    pub version: VersionSource,
    /// Whether it says `publish = false` or `publish = []`.
    pub publishes_nowhere: bool,
}

/// Where a member's version comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// Its own manifest.
    Own,
    /// `version.workspace = true`
    Inherited,
    /// There is none.
    Absent,
}

//! What cargo knows of the workspace.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::error::Result;
use crate::manifest::Manifest;
use crate::manifest::Manifests;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;

/// The workspace: its members, and the texts that a release may edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Workspace {
    /// Where the workspace root lies in the repository.
    pub dir: RepoPath,
    /// The package of the root manifest, where there is one.
    pub root_package: Option<PackageName>,
    /// All members, by name.
    pub packages: Vec<Package>,
    /// How `Cargo.lock` stands.
    pub lockfile: Lockfile,
    /// The registry that `registry.default` of cargo's configuration names, where it does.
    pub default_registry: Option<RegistryName>,
    /// Texts by path: manifests, `Cargo.lock` where it is committed, changelogs, files that replacements name.
    /// A path that is asked for and absent here does not exist.
    pub texts: BTreeMap<RepoPath, String>,
    /// Manifests of the repository that are no members and depend on members by path; their texts are among `texts`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Beside>,
    /// The change notes that are committed; what they say is among `texts` or `unreadable`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<RepoPath>,
    /// Files that a release would edit and that cannot be read as text, with the reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unreadable: BTreeMap<RepoPath, String>,
    /// The manifests among `texts` that were read by now.
    #[serde(skip)]
    pub manifests: Manifests,
}

impl Workspace {
    /// The manifest at this path, parsed once; an empty one where there is no such text.
    ///
    /// # Errors
    /// It does not parse.
    pub(crate) fn manifest(&self, path: &RepoPath) -> Result<Arc<Manifest>> {
        let text = self.texts.get(path).map_or("", String::as_str);
        self.manifests.get(path, text, || {
            if self.packages.iter().any(|package| package.manifest == *path) && *path != self.root_manifest() {
                return self.manifest(&self.root_manifest())?.member(path, text);
            }
            Manifest::parse(path, text)
        })
    }

    /// The path of the root manifest.
    pub(crate) fn root_manifest(&self) -> RepoPath {
        self.dir.join("Cargo.toml")
    }
}

/// A manifest of the repository that is no member's and depends on members by path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Beside {
    /// The manifest.
    pub manifest: RepoPath,
    /// The lock file that is committed for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lockfile: Option<RepoPath>,
}

/// How `Cargo.lock` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lockfile {
    /// Committed, and it matches the manifests.
    Committed,
    /// Committed, and `cargo metadata --locked` refuses it.
    Stale,
    /// There is one, and git does not track it.
    Untracked,
    /// There is none.
    Absent,
}

/// A member of the workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Package {
    /// Its name.
    pub name: PackageName,
    /// The version in its manifest.
    pub version: Version,
    /// Its directory.
    pub dir: RepoPath,
    /// Its manifest.
    pub manifest: RepoPath,
    /// Whether the version comes from `[workspace.package]`.
    pub inherits_version: bool,
    /// Whether cargo would select it without `-p` at the workspace root.
    pub default_member: bool,
    /// Where its manifest lets it go.
    pub publish: PublishTo,
    /// The members that it depends on: from cargo's resolve, joined with what its manifest says.
    pub dependencies: Vec<MemberDependency>,
    /// What else it depends on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// Files that cargo packs in the checkout and git ignores, so that no commit has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<RepoPath>,
    /// Directories with such files that a tool made for itself: another repository, a virtual environment, a cache.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_by_tools: Vec<RepoPath>,
    /// Packages from elsewhere that need it, and get this one in place of what is published: `[patch]` says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needed_by: Vec<NeededBy>,
    /// The kinds of its targets, as cargo names them (`lib`, `bin`, `proc-macro`, …), without tests and examples.
    pub targets: Vec<String>,
    /// The files below its directory that may be its library and binaries: `src/lib.rs`, `src/main.rs`, `src/bin/…`.
    #[serde(default)]
    pub entry_points: Vec<String>,
    /// What registries ask of a manifest.
    pub metadata: Metadata,
}

impl Package {
    /// Whether it is installed and not depended on: binaries and no library. What `Cargo.lock` pins is then part of it. A
    /// binary beside a library is as often a fixture of the tests, and who depends on the library does not get the pins.
    pub fn is_program(&self) -> bool {
        let is = |kind: &str| self.targets.iter().any(|other| other == kind);
        let library = ["lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"].into_iter().any(is);
        is("bin") && !library
    }
}

/// The `publish` key of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PublishTo {
    /// No key, or `true`.
    Anywhere,
    /// `publish = ["one", "two"]`.
    Only(Vec<RegistryName>),
    /// `publish = false` or `[]`.
    Nowhere,
}

impl PublishTo {
    /// The registries that a package goes to: none where its configuration does not allow it (`publish`), the one that
    /// the configuration names (`registry`), each of the manifest's list, else cargo's default registry, else crates.io.
    /// That the manifest's list has the one that the configuration names is for a finding to say.
    pub fn destinations(
        &self,
        allowed: bool,
        registry: Option<&RegistryName>,
        default: Option<&RegistryName>,
    ) -> Vec<RegistryName> {
        match (self, registry) {
            (Self::Nowhere, _) => Vec::new(),
            (Self::Anywhere | Self::Only(_), _) if !allowed => Vec::new(),
            (Self::Anywhere | Self::Only(_), Some(registry)) => vec![registry.clone()],
            (Self::Only(list), None) => list.clone(),
            (Self::Anywhere, None) => vec![default.cloned().unwrap_or_else(RegistryName::crates_io)],
        }
    }
}

/// One edge to another member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberDependency {
    /// The member that is depended on.
    pub package: PackageName,
    /// The key in the manifest; another than the package's name where it is renamed.
    pub key: String,
    /// Normal, dev or build.
    pub kind: DependencyKind,
    /// The `[target.…]` that it stands under, as cargo prints it.
    pub target: Option<String>,
    /// The requirement as semver understands it; absent where the manifest gives no version.
    pub requirement: Option<String>,
    /// The registry that the dependency names, where it does.
    pub registry: Option<RegistryName>,
}

/// A package from elsewhere that needs a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct NeededBy {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Version,
    /// What it requires of the member, as semver prints it.
    pub requirement: String,
}

/// A dependency that is no member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// The package that is depended on.
    pub package: PackageName,
    /// The key in the manifest; another than the package's name where it is renamed.
    pub key: String,
    /// Normal, dev or build.
    pub kind: DependencyKind,
    /// The requirement as semver understands it; absent where the manifest gives no version.
    pub requirement: Option<String>,
    /// The registry that the dependency names, where it does.
    pub registry: Option<RegistryName>,
    /// Whether it is taken from a path or a repository here.
    pub from_elsewhere: bool,
}

/// The kind of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependencyKind {
    /// `[dependencies]`.
    Normal,
    /// `[dev-dependencies]`.
    Dev,
    /// `[build-dependencies]`.
    Build,
}

/// The fields of `[package]` that crates.io insists on, and those that templates use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Metadata {
    /// `description`.
    pub description: Option<String>,
    /// `license`.
    pub license: Option<String>,
    /// `license-file`.
    pub license_file: Option<String>,
    /// `repository`.
    pub repository: Option<String>,
}

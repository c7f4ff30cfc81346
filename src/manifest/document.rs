//! A `Cargo.toml`, read: what a release needs to know of it, each with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml_edit::Document;
use toml_edit::Item;
use toml_edit::TableLike;

use super::literal::Literal;
use super::literal::line_of;
use super::normal::Normal;
use super::place::DependencyEntry;
use super::place::ManifestField;
use super::read;
use super::splice;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;

/// A `Cargo.toml`, read. It keeps its text; every edit gives a new manifest and leaves it as it is.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    path: RepoPath,
    text: String,
    name: Option<PackageName>,
    version: Option<VersionAt>,
    workspace_version: Option<Literal>,
    dependencies: Vec<Dependency>,
    patches: Vec<Patch>,
    configures_releases: bool,
    /// `resolver`, of the workspace or of the package.
    resolver: Option<String>,
    /// The `[workspace]` that it inherits from: its own, or that of the root manifest.
    shared: Option<Arc<Item>>,
    normal: Normal,
}

/// An entry of `[patch]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patch {
    /// The key.
    pub key: String,
    /// The name of the package: the `package` key, else the key of the entry.
    pub package: PackageName,
    /// `path`, as written.
    pub path: Option<String>,
}

/// Where the version of a package is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VersionAt {
    /// Here.
    Literal(Literal),
    /// In `[workspace.package]` of the root manifest (`version.workspace = true`).
    Inherited,
    /// Nowhere: cargo takes it for 0.0.0 and does not publish it.
    Absent,
}

/// An entry of a dependency table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The table and the key.
    pub entry: DependencyEntry,
    /// The name of the package: the `package` key, else the key of the entry. An inherited entry has its own key here,
    /// which is the key in `[workspace.dependencies]`.
    pub package: PackageName,
    /// `path`, as written.
    pub path: Option<String>,
    /// `registry`, as written.
    pub registry: Option<String>,
    /// The version requirement, where there is one.
    pub requirement: Option<Literal>,
    /// Whether it is taken from `[workspace.dependencies]` (`workspace = true`).
    pub inherited: bool,
    /// The line of its key, from one.
    pub line: usize,
}

impl Manifest {
    /// Reads a manifest that inherits from nothing but itself: that of a root, or of no member. `path` is for words only.
    ///
    /// # Errors
    /// The text is not TOML, or one of the keys that are read here is of a kind that cargo refuses too.
    pub(crate) fn parse(path: &RepoPath, text: &str) -> Result<Self> {
        Self::read(path, text, None)
    }

    /// Reads the manifest of a member, of which this is the root manifest.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub(crate) fn member(&self, path: &RepoPath, text: &str) -> Result<Self> {
        Self::read(path, text, self.shared.clone())
    }

    /// Reads this manifest with another text.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub(crate) fn with(&self, text: &str) -> Result<Self> {
        Self::read(&self.path, text, self.shared.clone())
    }

    fn read(path: &RepoPath, text: &str, shared: Option<Arc<Item>>) -> Result<Self> {
        #[cfg(test)]
        super::parsed::count(path);
        let document = Document::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Failure::unplannable(format!("`{path}` does not parse at line {line}")).because(error.message())
        })?;
        let source = read::SourceText { path, text };
        let root: &dyn TableLike = document.as_table();
        // `[project]` is what cargo called `[package]` before 1.0, and still reads.
        let package = match source.table(root, "package")? {
            Some(package) => Some(package),
            None => source.table(root, "project")?,
        };
        let name = package.and_then(|package| package.get("name")).and_then(|name| name.as_str());
        let shared = root.get("workspace").cloned().map(Arc::new).or(shared);
        let normal = Normal::of(root, shared.as_deref().and_then(Item::as_table_like));
        Ok(Self {
            path: path.clone(),
            text: text.to_owned(),
            name: name.map(PackageName::from),
            version: package.map(|package| source.version(package)).transpose()?,
            workspace_version: source.workspace_version(root)?,
            dependencies: source.dependencies(root)?,
            patches: read::patches(root),
            configures_releases: read::configures_releases(root),
            resolver: read::resolver(root),
            shared,
            normal,
        })
    }

    /// Where it lies.
    pub(crate) fn path(&self) -> &RepoPath {
        &self.path
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// `[package] name`; none in a manifest that is of a workspace only.
    pub(crate) fn package_name(&self) -> Option<&PackageName> {
        self.name.as_ref()
    }

    /// Where the package's version is; none in a manifest that is of a workspace only.
    pub(crate) fn version(&self) -> Option<&VersionAt> {
        self.version.as_ref()
    }

    /// `[workspace.package] version`.
    pub(crate) fn workspace_version(&self) -> Option<&Literal> {
        self.workspace_version.as_ref()
    }

    /// Every entry of every dependency table; `[patch]` and `[replace]` are none.
    pub(crate) fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// Every entry of `[patch]`.
    pub(crate) fn patches(&self) -> &[Patch] {
        &self.patches
    }

    /// Whether it has a `metadata.release`, of the package or of the workspace.
    pub(crate) fn configures_releases(&self) -> bool {
        self.configures_releases
    }

    /// Whether cargo, below this root, turns `--features` on in each package of a call that has them. The first resolver
    /// turns them on in the root package alone.
    pub(crate) fn has_features_for_all(&self) -> bool {
        let is_virtual = self.version.is_none();
        let chosen = self.resolver.as_deref().map(|resolver| resolver != "1");
        let is_old = matches!(self.normal.edition.as_deref(), None | Some("2015" | "2018"));
        is_virtual || chosen.unwrap_or(!is_old)
    }

    /// What it says to those who use the package, with what it inherits.
    pub(crate) fn normal(&self) -> &Normal {
        &self.normal
    }

    /// The manifest with all of these places saying something else, in the quotes that they have, and every other byte as
    /// it was. Of two changes of one place the last one counts.
    ///
    /// # Errors
    /// A place is not in this manifest.
    pub(crate) fn edit(&self, changes: &[(ManifestField, String)]) -> Result<Self> {
        let literals = self.literals();
        let changes: BTreeMap<&ManifestField, &str> =
            changes.iter().map(|(place, value)| (place, value.as_str())).collect();
        let mut splices = Vec::with_capacity(changes.len());
        for (place, value) in &changes {
            let literal = literals.get(*place).ok_or_else(|| self.without(place))?;
            splices.push(literal.saying(&self.text, value));
        }
        splices.sort_by_key(|splice| splice.at);
        let after = splice::apply(&self.text, &splices)?;
        self.checked(&after, &changes)
    }

    /// Everything in it that may be changed.
    fn literals(&self) -> BTreeMap<ManifestField, &Literal> {
        let version = match &self.version {
            Some(VersionAt::Literal(literal)) => Some((ManifestField::PackageVersion, literal)),
            Some(VersionAt::Inherited | VersionAt::Absent) | None => None,
        };
        let workspace = self.workspace_version.iter().map(|literal| (ManifestField::WorkspaceVersion, literal));
        let requirements = self.dependencies.iter().filter_map(|dependency| {
            let literal = dependency.requirement.as_ref()?;
            Some((ManifestField::Requirement(dependency.entry.clone()), literal))
        });
        version.into_iter().chain(workspace).chain(requirements).collect()
    }

    fn without(&self, place: &ManifestField) -> Failure {
        Failure::unplannable(format!("`{}` has no `{place}` to change", self.path))
    }

    /// Reads the text after and compares what it says with what it should say.
    fn checked(&self, after: &str, changes: &BTreeMap<&ManifestField, &str>) -> Result<Self> {
        let wrong = || Failure::bug(format!("an edit of `{}` produced an unexpected result", self.path));
        let read = self.with(after).map_err(|failure| wrong().caused_by(failure))?;
        let before = self.literals();
        let says: Vec<(&ManifestField, &str)> =
            before.iter().map(|(place, old)| (place, *changes.get(place).unwrap_or(&old.value.as_str()))).collect();
        let after = read.literals();
        let is_as_meant = after.iter().map(|(place, new)| (place, new.value.as_str())).eq(says);
        if is_as_meant { Ok(read) } else { Err(wrong()) }
    }
}

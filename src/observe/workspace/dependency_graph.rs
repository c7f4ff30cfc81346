//! Which members depend on which, and what their manifests say of it.
//!
//! A dependency that names a member's directory is an edge to it. One that names a registry may be one as well, where
//! `[patch]` puts the member in its place: cargo's resolve tells, or, where there is none, the `[patch]` tables.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::str::FromStr as _;

use cargo_metadata::Dependency;
use cargo_metadata::DependencyKind as CargoKind;
use cargo_metadata::Metadata;
use cargo_metadata::NodeDep;
use cargo_metadata::Package as CargoPackage;
use cargo_metadata::PackageId;
use cargo_metadata::Resolve;
use cargo_metadata::camino::Utf8Component;
use cargo_metadata::camino::Utf8Path;
use cargo_metadata::camino::Utf8PathBuf;
use cargo_metadata::cargo_platform::Platform;

use crate::manifest::Dependency as Declared;
use crate::manifest::DependencyTable;
use crate::manifest::Manifest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::snapshot::DependencyKind;
use crate::snapshot::MemberDependency;
use crate::snapshot::Need;
use crate::snapshot::NeededBy;

/// The members by name, the resolve, and the root manifest.
pub(crate) struct Edges<'a> {
    members: BTreeMap<&'a str, &'a CargoPackage>,
    /// All packages.
    packages: &'a [CargoPackage],
    /// What each package was resolved to depend on; none where nothing was resolved.
    resolved: Option<HashMap<&'a PackageId, &'a [NodeDep]>>,
    workspace_root: &'a Utf8Path,
    root: &'a Manifest,
}

impl<'a> Edges<'a> {
    /// What cargo answered, with the root manifest.
    pub(crate) fn new(metadata: &'a Metadata, root: &'a Manifest) -> Self {
        let members =
            metadata.workspace_packages().into_iter().map(|package| (package.name.as_str(), package)).collect();
        let nodes = |resolve: &'a Resolve| resolve.nodes.iter().map(|node| (&node.id, node.deps.as_slice())).collect();
        let resolved = metadata.resolve.as_ref().map(nodes);
        Self { members, packages: &metadata.packages, resolved, workspace_root: &metadata.workspace_root, root }
    }

    /// The members that a member depends on, in the order of its manifest as cargo gives it.
    pub(crate) fn of(&self, package: &CargoPackage, manifest: &Manifest) -> Vec<MemberDependency> {
        let edges = package.dependencies.iter().filter(|dependency| self.is_edge(package, dependency));
        edges.filter_map(|dependency| self.edge(dependency, manifest)).collect()
    }

    /// What else a member depends on, in the same order.
    pub(crate) fn needs(&self, package: &CargoPackage, manifest: &Manifest) -> Vec<Need> {
        let others = package.dependencies.iter().filter(|dependency| !self.is_edge(package, dependency));
        let need = |dependency: &Dependency| {
            let source = dependency.source.as_ref().map_or("", |source| source.repr.as_str());
            let from_elsewhere = !source.starts_with("registry+") && !source.starts_with("sparse+");
            let MemberDependency { package, key, kind, target: _, requirement, registry } =
                self.edge(dependency, manifest)?;
            Some(Need { package, key, kind, requirement, registry, from_elsewhere })
        };
        others.filter_map(need).collect()
    }

    /// The packages from elsewhere that were resolved to use a member, with what they require of it.
    pub(crate) fn needed_by(&self, member: &CargoPackage) -> Vec<NeededBy> {
        let Some(resolved) = &self.resolved else { return Vec::new() };
        let foreign = self.packages.iter().filter(|other| other.source.is_some());
        let using = foreign.filter(|other| {
            resolved.get(&other.id).is_some_and(|edges| edges.iter().any(|edge| edge.pkg == member.id))
        });
        let mut found: Vec<NeededBy> = using
            .flat_map(|other| other.dependencies.iter().map(move |dependency| (other, dependency)))
            .filter(|(_, dependency)| dependency.name == member.name.as_str())
            .map(|(other, dependency)| NeededBy {
                name: other.name.to_string(),
                version: other.version.clone(),
                requirement: dependency.req.to_string(),
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }

    fn is_edge(&self, package: &CargoPackage, dependency: &Dependency) -> bool {
        let Some(member) = self.members.get(dependency.name.as_str()) else { return false };
        if dependency.path.is_some() {
            return dependency.path.as_deref() == member.manifest_path.parent();
        }
        match &self.resolved {
            Some(resolved) => resolved.get(&package.id).is_some_and(|edges| leads_to(edges, dependency, member)),
            None => self.is_patched(member),
        }
    }

    fn is_patched(&self, member: &CargoPackage) -> bool {
        let dir = member.manifest_path.parent();
        let patches = self.root.patches().iter().filter(|patch| patch.package == member.name.as_str());
        let mut paths = patches.filter_map(|patch| patch.path.as_deref());
        paths.any(|path| Some(tidy(&self.workspace_root.join(path)).as_path()) == dir)
    }

    fn edge(&self, dependency: &Dependency, manifest: &Manifest) -> Option<MemberDependency> {
        let target = dependency.target.as_ref().map(ToString::to_string);
        let key = dependency.rename.clone().unwrap_or_else(|| dependency.name.clone());
        let kind = kind(dependency.kind)?;
        let written = entry(manifest, kind, target.as_deref(), &key).map(|entry| self.inherited(entry));
        // Cargo tells `*` from no version at all only in the manifest.
        let versioned = written.is_none_or(|entry| entry.requirement.is_some());
        let registry = written.and_then(|entry| entry.registry.as_deref());
        Some(MemberDependency {
            package: PackageName::from(dependency.name.clone()),
            key,
            kind,
            target,
            requirement: versioned.then(|| dependency.req.to_string()),
            registry: registry.map(RegistryName::from),
        })
    }

    /// The entry that counts: the one in `[workspace.dependencies]` where this one says so.
    fn inherited<'e>(&'e self, entry: &'e Declared) -> &'e Declared {
        let is_meant = |shared: &&Declared| {
            shared.entry.section == DependencyTable::Workspace && shared.entry.key == entry.entry.key
        };
        let shared = || self.root.dependencies().iter().find(is_meant);
        if entry.inherited { shared().unwrap_or(entry) } else { entry }
    }
}

/// Whether a dependency was resolved to this package. Another version of it may stand beside it under another name.
fn leads_to(edges: &[NodeDep], dependency: &Dependency, to: &CargoPackage) -> bool {
    let renamed = dependency.rename.as_ref().map(|name| name.replace('-', "_"));
    let is_named = |edge: &&NodeDep| renamed.as_ref().is_none_or(|name| *name == edge.name);
    if !dependency.req.matches(&to.version) {
        return false;
    }
    let edges = edges.iter().filter(|edge| edge.pkg == to.id).filter(is_named);
    let mut kinds = edges.flat_map(|edge| &edge.dep_kinds);
    kinds.any(|kind| kind.kind == dependency.kind && kind.target == dependency.target)
}

fn kind(kind: CargoKind) -> Option<DependencyKind> {
    match kind {
        CargoKind::Normal => Some(DependencyKind::Normal),
        CargoKind::Development => Some(DependencyKind::Dev),
        CargoKind::Build => Some(DependencyKind::Build),
        // A kind that cargo does not have yet.
        CargoKind::Unknown => None,
    }
}

/// The entry of a dependency in a manifest.
fn entry<'m>(manifest: &'m Manifest, kind: DependencyKind, target: Option<&str>, key: &str) -> Option<&'m Declared> {
    let section = match kind {
        DependencyKind::Normal => DependencyTable::Normal,
        DependencyKind::Dev => DependencyTable::Dev,
        DependencyKind::Build => DependencyTable::Build,
    };
    manifest.dependencies().iter().find(|Declared { entry, .. }| {
        let is_there = match (entry.target.as_deref(), target) {
            (None, None) => true,
            (Some(written), Some(printed)) => same_target(written, printed),
            (None, Some(_)) | (Some(_), None) => false,
        };
        is_there && entry.section == section && entry.key == key
    })
}

/// Cargo prints a target in its own spelling.
fn same_target(written: &str, printed: &str) -> bool {
    Platform::from_str(written).map_or(written == printed, |platform| platform.to_string() == printed)
}

/// The path without `.` and `..`, as cargo prints paths.
fn tidy(path: &Utf8Path) -> Utf8PathBuf {
    let mut tidy = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => drop(tidy.pop()),
            Utf8Component::Prefix(_) | Utf8Component::RootDir | Utf8Component::Normal(_) => tidy.push(part),
        }
    }
    tidy
}

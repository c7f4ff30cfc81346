//! The workspace: what cargo says of its members, joined with what is only in the texts of the manifests.

use std::path::Path;
use std::sync::Arc;

use cargo_metadata::Metadata;
use cargo_metadata::Package as CargoPackage;
use cargo_metadata::TargetKind;
use cargo_metadata::camino::Utf8Path;
use rayon::iter::IntoParallelRefIterator as _;
use rayon::iter::ParallelIterator as _;

use super::dependency_graph::Edges;
use super::lock_state::KnownLock;
use super::texts::RepoTexts;
use crate::error::Failure;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::manifest::Manifests;
use crate::manifest::VersionAt;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::snapshot::Lockfile;
use crate::snapshot::Metadata as PackageMetadata;
use crate::snapshot::Package;
use crate::snapshot::PublishTo;
use crate::snapshot::Workspace;
use crate::tools::cargo::metadata::MetadataAnswer;
use crate::tools::cargo::metadata::MetadataQuery;
use crate::tools::cargo::metadata::refused;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::system::files;

/// What cargo answered.
pub(crate) struct MembersAnswer {
    /// The workspace; without a resolve where `Cargo.lock` does not serve for one.
    pub(crate) metadata: Metadata,
    /// Whether there is a resolve.
    locked: bool,
}

/// Asks cargo for the resolve where only that tells how `Cargo.lock` stands. It is never written: where it is missing or
/// out of date there is no resolve.
///
/// # Errors
/// Cargo does not take the workspace.
pub(crate) fn ask(question: &MetadataQuery, manifests: Metadata, known: KnownLock) -> Result<MembersAnswer> {
    match known {
        KnownLock::Fresh => return Ok(MembersAnswer { metadata: manifests, locked: true }),
        KnownLock::Absent => return Ok(MembersAnswer { metadata: manifests, locked: false }),
        KnownLock::Open => {}
    }
    match question.resolved()? {
        MetadataAnswer::Workspace(metadata) => Ok(MembersAnswer { metadata: *metadata, locked: true }),
        MetadataAnswer::Refused(output) => {
            // Cargo names the flag where it is what stands in the way. Otherwise a download failed, which `--offline`
            // may do.
            if !output.stderr.contains("--locked") && !question.offline {
                return Err(refused(&output).help("with `--offline`, the plan uses manifests and tags only"));
            }
            let stale = output.stderr.contains("--locked");
            Ok(MembersAnswer { metadata: manifests, locked: !stale })
        }
    }
}

/// The workspace as far as cargo, git and the manifests tell.
///
/// # Errors
/// It does not lie in the repository, or a manifest cannot be read.
pub(crate) fn read(asked: &MembersAnswer, checkout: &Checkout, head: Oid) -> Result<Workspace> {
    let metadata = &asked.metadata;
    let dir = located(checkout, "workspace", &metadata.workspace_root)?;
    let mut texts = RepoTexts::default();
    let manifests = Manifests::default();
    let root = dir.join("Cargo.toml");
    texts.add(checkout, root.clone());
    let root = manifest(&texts, &manifests, &root, None)?;
    let edges = Edges::new(metadata, &root);
    let mut places = Vec::new();
    for package in metadata.workspace_packages() {
        let place = located(checkout, "package", package.manifest_path.parent().unwrap_or(Utf8Path::new("/")))?;
        texts.add(checkout, place.join("Cargo.toml"));
        places.push((package, place));
    }
    let read = |place: &RepoPath| manifest(&texts, &manifests, &place.join("Cargo.toml"), Some(&root));
    let parsed: Vec<Result<Arc<Manifest>>> = places.par_iter().map(|(_, place)| read(place)).collect();
    let mut packages = Vec::new();
    for ((package, place), manifest) in places.into_iter().zip(parsed) {
        let manifest = manifest?;
        let dependencies = edges.of(package, &manifest);
        let needs = edges.needs(package, &manifest);
        let needed_by = edges.needed_by(package);
        let inherits_version = manifest.version() == Some(&VersionAt::Inherited);
        let default_member = is_default_member(metadata, package);
        let entry_points = checkout.entry_points(head, &place)?;
        packages.push(Package {
            dependencies,
            needs,
            needed_by,
            inherits_version,
            default_member,
            entry_points,
            ..described(package, place)
        });
    }
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    let lockfile = lockfile(asked, checkout, head, &dir.join("Cargo.lock"))?;
    if matches!(lockfile, Lockfile::Committed | Lockfile::Stale) {
        texts.add(checkout, dir.join("Cargo.lock"));
    }
    let root_package = packages.iter().find(|package| package.dir == dir).map(|package| package.name.clone());
    let RepoTexts { texts, unreadable } = texts;
    Ok(Workspace {
        dir,
        root_package,
        packages,
        lockfile,
        default_registry: None,
        texts,
        beside: Vec::new(),
        notes: Vec::new(),
        unreadable,
        manifests,
    })
}

fn located(checkout: &Checkout, what: &str, path: &Utf8Path) -> Result<RepoPath> {
    let path: &Path = path.as_std_path();
    checkout.locate(path)?.ok_or_else(|| outside(what, path, checkout.root()))
}

/// A manifest, of a member where there is a root that it inherits from.
fn manifest(
    texts: &RepoTexts,
    manifests: &Manifests,
    path: &RepoPath,
    root: Option<&Manifest>,
) -> Result<Arc<Manifest>> {
    let Some(text) = texts.texts.get(path) else {
        return Err(Failure::unplannable(format!("the manifest `{path}` cannot be read"))
            .because(texts.unreadable.get(path).map_or("it is not there", String::as_str)));
    };
    manifests.get(path, text, || root.map_or_else(|| Manifest::parse(path, text), |root| root.member(path, text)))
}

fn is_default_member(metadata: &Metadata, package: &CargoPackage) -> bool {
    let members = &metadata.workspace_default_members;
    // Cargo before 1.71 does not tell.
    members.is_missing() || members.contains(&package.id)
}

/// What cargo says of a package.
fn described(package: &CargoPackage, dir: RepoPath) -> Package {
    let path = |path: &cargo_metadata::camino::Utf8PathBuf| path.to_string();
    Package {
        name: PackageName::from(package.name.as_str()),
        version: package.version.clone(),
        manifest: dir.join("Cargo.toml"),
        dir,
        inherits_version: false,
        default_member: false,
        publish: publish_to(package.publish.as_deref()),
        dependencies: Vec::new(),
        needs: Vec::new(),
        ignored: Vec::new(),
        kept_by_tools: Vec::new(),
        needed_by: Vec::new(),
        targets: targets(package),
        entry_points: Vec::new(),
        metadata: PackageMetadata {
            description: package.description.clone(),
            license: package.license.clone(),
            license_file: package.license_file.as_ref().map(path),
            repository: package.repository.clone(),
        },
    }
}

fn publish_to(publish: Option<&[String]>) -> PublishTo {
    match publish {
        None => PublishTo::Anywhere,
        Some([]) => PublishTo::Nowhere,
        Some(names) => PublishTo::Only(names.iter().map(|name| RegistryName::from(name.as_str())).collect()),
    }
}

fn targets(package: &CargoPackage) -> Vec<String> {
    let shipped = |kind: &&TargetKind| !matches!(kind, TargetKind::Test | TargetKind::Example | TargetKind::Bench);
    let kinds = package.targets.iter().flat_map(|target| &target.kind);
    let mut names: Vec<String> = kinds.filter(shipped).map(ToString::to_string).collect();
    names.sort();
    names.dedup();
    names
}

fn lockfile(asked: &MembersAnswer, checkout: &Checkout, head: Oid, path: &RepoPath) -> Result<Lockfile> {
    if files::read(&checkout.on_disk(path))?.is_none() {
        return Ok(Lockfile::Absent);
    }
    Ok(match (checkout.holds(head, path)?, asked.locked) {
        (false, _) => Lockfile::Untracked,
        (true, true) => Lockfile::Committed,
        (true, false) => Lockfile::Stale,
    })
}

/// The refusal of a checkout whose workspace lies outside of it.
fn outside(what: &str, path: &Path, root: &Path) -> Failure {
    Failure::unplannable(format!("the {what} `{}` is outside the repository", path.display()))
        .because(format!("the repository is `{}`, and the release commit can only change files in it", root.display()))
        .help("move it into the repository, or add it to `[workspace] exclude`")
}

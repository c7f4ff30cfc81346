//! The edits of manifests and of `Cargo.lock`: new versions, and requirements that follow them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use rayon::iter::IntoParallelRefIterator as _;
use rayon::iter::ParallelIterator as _;
use semver::Version;

use super::edit_buffer::EditBuffer;
use crate::check::Code;
use crate::check::Finding;
use crate::config::DependentVersion;
use crate::error::Result;
use crate::manifest::Dependency;
use crate::manifest::DependencyEntry;
use crate::manifest::DependencyTable;
use crate::manifest::Manifest;
use crate::manifest::ManifestField;
use crate::manifest::lock;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::next_version::Bump;
use crate::plan::versions::selection::Target;
use crate::snapshot::DependencyKind;
use crate::snapshot::Lockfile;
use crate::snapshot::MemberDependency;
use crate::snapshot::Package;

/// Puts new versions into the manifests and the lock file, and lets requirements follow.
pub(crate) fn edit(
    inputs: &PlanInputs<'_>,
    bumps: &[&Bump],
    texts: &mut EditBuffer<'_>,
    found: &mut Vec<Finding>,
) -> Result<()> {
    let moves = moves(inputs, bumps)?;
    let (manifests, locks) = rayon::join(|| manifests(inputs, bumps, &moves, texts), || locks(inputs, &moves, texts));
    let (manifests, unfit) = manifests?;
    found.extend(unfit);
    manifests.into_iter().for_each(|edited| texts.set_manifest(edited));
    for lock in locks {
        match lock {
            Ok((path, text)) => texts.set(&path, text),
            Err(refused) => found.push(refused),
        }
    }
    Ok(())
}

/// The manifests as the release leaves them, and what is said of requirements that cannot follow.
fn manifests(
    inputs: &PlanInputs<'_>,
    bumps: &[&Bump],
    moves: &[Move<'_>],
    texts: &EditBuffer<'_>,
) -> Result<(Vec<Manifest>, Vec<Finding>)> {
    let mut unfit = Vec::new();
    let mut changes: BTreeMap<RepoPath, Vec<(ManifestField, String)>> = BTreeMap::new();
    for bump in bumps.iter().filter(|bump| bump.to != bump.current) {
        let package = inputs.package(&bump.name)?;
        let (path, place) = if package.inherits_version {
            (root_manifest(inputs), ManifestField::WorkspaceVersion)
        } else {
            (package.manifest.clone(), ManifestField::PackageVersion)
        };
        changes.entry(path).or_default().push((place, bump.to.to_string()));
    }
    for mention in mentions(inputs, texts)? {
        let Some(moved) = moves.iter().find(|moved| *moved.name == mention.of) else { continue };
        if let Some(raised) = follow(inputs, &mention, moved, &mut unfit)? {
            let place = ManifestField::Requirement(mention.entry);
            changes.entry(mention.manifest).or_default().push((place, raised));
        }
    }
    let changes: Vec<_> = changes.into_iter().collect();
    let edit = |(path, places): &(RepoPath, Vec<_>)| texts.manifest(path)?.edit(places);
    let edited: Vec<Result<Manifest>> = changes.par_iter().map(edit).collect();
    Ok((edited.into_iter().collect::<Result<_>>()?, unfit))
}

/// A member whose version changes.
struct Move<'a> {
    name: &'a PackageName,
    from: &'a Version,
    to: &'a Version,
    /// Whether a level was given for it.
    is_asked: bool,
}

/// The members whose versions change: those that are released, and those that only inherit the version of one that is.
fn moves<'a>(inputs: &PlanInputs<'a>, bumps: &[&'a Bump]) -> Result<Vec<Move<'a>>> {
    let mut moves = Vec::new();
    let mut inherited = None;
    for bump in bumps.iter().filter(|bump| bump.to != bump.current) {
        let is_asked = match bump.target {
            Target::To(_) => true,
            Target::Decide | Target::AsItIs => false,
        };
        moves.push(Move { name: &bump.name, from: &bump.current, to: &bump.to, is_asked });
        if inputs.package(&bump.name)?.inherits_version {
            inherited = Some((&bump.to, is_asked));
        }
    }
    let Some((to, is_asked)) = inherited else { return Ok(moves) };
    let bystanders = inputs.packages().filter(|package| package.inherits_version && package.version != *to);
    let bystanders = bystanders.filter(|package| bumps.iter().all(|bump| bump.name != package.name));
    moves.extend(bystanders.map(|package| Move { name: &package.name, from: &package.version, to, is_asked }));
    Ok(moves)
}

/// The manifest of the workspace root.
pub(crate) fn root_manifest(inputs: &PlanInputs<'_>) -> RepoPath {
    inputs.snapshot.workspace.dir.join("Cargo.toml")
}

/// The lock files with their new texts, or what stands in the way.
fn locks(
    inputs: &PlanInputs<'_>,
    moves: &[Move<'_>],
    texts: &EditBuffer<'_>,
) -> Vec<std::result::Result<(RepoPath, String), Finding>> {
    let workspace = &inputs.snapshot.workspace;
    let own = (workspace.lockfile == Lockfile::Committed).then(|| workspace.dir.join("Cargo.lock"));
    let beside: BTreeSet<RepoPath> = workspace.beside.iter().filter_map(|beside| beside.lockfile.clone()).collect();
    let changes: Vec<_> =
        moves.iter().map(|moved| (moved.name.clone(), moved.from.clone(), moved.to.clone())).collect();
    let all = own.map(|own| (own, true)).into_iter().chain(beside.into_iter().map(|path| (path, false)));
    let edited = |(path, is_own): (RepoPath, bool)| {
        let text = texts.get(&path).unwrap_or_default();
        // A lock file beside the workspace holds the members that it needs.
        let edited = match is_own {
            true => lock::set_versions(text, &changes),
            false => lock::held(text, &changes).and_then(|held| lock::set_versions(text, &held)),
        };
        edited
            .map_err(|refused| {
                let said = format!("cannot update `{path}` for the new versions: {refused}");
                let finding =
                    if is_own { Finding::error(Code::Lockfile, said) } else { Finding::warning(Code::Lockfile, said) };
                finding.at(&path, None).help("update it with `cargo check`, commit it, then plan again")
            })
            .map(|text| (path, text))
    };
    all.map(edited).collect()
}

/// By key in `[workspace.dependencies]`: the member that it stands for, and who inherits it.
type Readers = BTreeMap<String, (PackageName, BTreeSet<PackageName>)>;

/// A place in a manifest that requires a version of a member.
struct Mention {
    /// The member that is required.
    of: PackageName,
    /// The packages that read it; several for an entry of `[workspace.dependencies]`.
    by: Vec<PackageName>,
    manifest: RepoPath,
    entry: DependencyEntry,
    requirement: String,
    line: usize,
}

impl Mention {
    /// Who reads it, in words.
    fn readers(&self) -> String {
        match self.by.as_slice() {
            [] if self.entry.section != DependencyTable::Workspace => format!("`{}`", self.manifest),
            [] => "`[workspace.dependencies]`".to_owned(),
            by => by.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
        }
    }

    /// The place of a dependency that has a requirement.
    fn of(of: PackageName, by: Vec<PackageName>, manifest: &Manifest, declared: &Dependency) -> Option<Self> {
        let literal = declared.requirement.as_ref()?;
        let (path, line) = (manifest.path().clone(), literal.line(manifest.text()));
        let (entry, requirement) = (declared.entry.clone(), literal.value.clone());
        Some(Self { of, by, manifest: path, entry, requirement, line })
    }
}

/// The edges of a package, each with its entries in the manifest.
fn declarations<'a>(
    package: &'a Package,
    manifest: &'a Manifest,
) -> impl Iterator<Item = (&'a MemberDependency, &'a Dependency)> {
    package.dependencies.iter().flat_map(|edge| {
        let declared = manifest.dependencies().iter().filter(|declared| declares(&declared.entry, edge));
        declared.map(move |declared| (edge, declared))
    })
}

/// The entries of `[workspace.dependencies]`, by key: read once for all who inherit them.
pub(crate) struct SharedDependencies(BTreeMap<String, Dependency>);

impl SharedDependencies {
    /// As the texts say by now.
    ///
    /// # Errors
    /// The root manifest does not parse.
    pub(crate) fn of(inputs: &PlanInputs<'_>, texts: &EditBuffer<'_>) -> Result<Self> {
        let root = texts.manifest(&root_manifest(inputs))?;
        let shared = root.dependencies().iter().filter(|shared| shared.entry.section == DependencyTable::Workspace);
        Ok(Self(shared.map(|shared| (shared.entry.key.clone(), shared.clone())).collect()))
    }
}

/// What a package requires of other members, as the texts say by now: each edge with its requirement, and whether it
/// names the member's directory. Edges without a requirement are left out.
pub(crate) fn required<'a>(
    package: &'a Package,
    texts: &EditBuffer<'_>,
    shared: &SharedDependencies,
) -> Result<Vec<(&'a MemberDependency, String, bool)>> {
    let manifest = texts.manifest(&package.manifest)?;
    let mut found = Vec::new();
    for edge in &package.dependencies {
        let declared = manifest.dependencies().iter().filter(|declared| declares(&declared.entry, edge));
        found.extend(declared.filter_map(|declared| {
            let meant = if declared.inherited { shared.0.get(&edge.key)? } else { declared };
            Some((edge, meant.requirement.as_ref()?.value.clone(), meant.path.is_some()))
        }));
    }
    Ok(found)
}

/// Every place that requires a version of a member: entries of the members' own manifests, those of
/// `[workspace.dependencies]`, which are edited once for all who inherit them, and those of manifests beside the workspace.
fn mentions(inputs: &PlanInputs<'_>, texts: &EditBuffer<'_>) -> Result<Vec<Mention>> {
    let root_path = root_manifest(inputs);
    let root = texts.manifest(&root_path)?;
    let mut readers = Readers::new();
    let mut all = Vec::new();
    for package in inputs.packages() {
        let manifest = texts.manifest(&package.manifest)?;
        for (edge, declared) in declarations(package, &manifest) {
            if declared.inherited {
                let reader = readers.entry(edge.key.clone()).or_insert_with(|| (edge.package.clone(), BTreeSet::new()));
                reader.1.insert(package.name.clone());
            } else {
                all.extend(Mention::of(edge.package.clone(), vec![package.name.clone()], &manifest, declared));
            }
        }
    }
    for shared in root.dependencies().iter().filter(|shared| shared.entry.section == DependencyTable::Workspace) {
        let Some((of, by)) = shared_by(inputs, shared, &readers) else { continue };
        all.extend(Mention::of(of, by, &root, shared));
    }
    for beside in &inputs.snapshot.workspace.beside {
        let manifest = texts.manifest(&beside.manifest)?;
        let dir = beside.manifest.parent();
        for declared in manifest.dependencies().iter().filter(|declared| !declared.inherited) {
            let at = declared.path.as_deref().and_then(|path| dir.resolve(path));
            let of = at.and_then(|at| inputs.packages().find(|package| package.dir == at));
            all.extend(of.and_then(|of| Mention::of(of.name.clone(), Vec::new(), &manifest, declared)));
        }
    }
    all.sort_by(|one, other| (&one.manifest, &one.entry).cmp(&(&other.manifest, &other.entry)));
    all.dedup_by(|one, other| (&one.manifest, &one.entry) == (&other.manifest, &other.entry));
    Ok(all)
}

/// The member that an entry of `[workspace.dependencies]` stands for, and who inherits it. One that nobody inherits is
/// told by its path.
fn shared_by(
    inputs: &PlanInputs<'_>,
    shared: &Dependency,
    readers: &Readers,
) -> Option<(PackageName, Vec<PackageName>)> {
    if let Some((of, by)) = readers.get(&shared.entry.key) {
        return Some((of.clone(), by.iter().cloned().collect()));
    }
    let dir = inputs.snapshot.workspace.dir.resolve(shared.path.as_deref()?)?;
    let of = inputs.packages().find(|package| package.dir == dir)?;
    Some((of.name.clone(), Vec::new()))
}

fn declares(entry: &DependencyEntry, edge: &MemberDependency) -> bool {
    let section = match edge.kind {
        DependencyKind::Normal => DependencyTable::Normal,
        DependencyKind::Dev => DependencyTable::Dev,
        DependencyKind::Build => DependencyTable::Build,
    };
    entry.section == section && entry.key == edge.key && entry.stands_under(edge.target.as_deref())
}

/// The requirement rewritten, where it is.
fn follow(
    inputs: &PlanInputs<'_>,
    mention: &Mention,
    moved: &Move<'_>,
    found: &mut Vec<Finding>,
) -> Result<Option<String>> {
    let written = match policy(inputs, moved)? {
        DependentVersion::Upgrade if closes_circle(inputs, mention)? => {
            requirement::fix(&mention.requirement, moved.to)
        }
        DependentVersion::Upgrade => requirement::upgrade(&mention.requirement, moved.to),
        DependentVersion::Fix => requirement::fix(&mention.requirement, moved.to),
    };
    written.map_or_else(
        |refused| {
            let message = format!(
                "{} requires `{} {}`, which does not match {}: {refused}",
                mention.readers(),
                mention.of,
                mention.requirement,
                moved.to
            );
            let finding = Finding::error(Code::RequirementRange, message).at(&mention.manifest, Some(mention.line));
            found.push(finding.help("write the requirement you want, commit it, then plan again"));
            Ok(None)
        },
        Ok,
    )
}

/// Whether this is a dev-dependency on a package that needs the reader itself. Raised, each would have to be live before
/// the other, and what is live serves it as long as it admits the new version.
fn closes_circle(inputs: &PlanInputs<'_>, mention: &Mention) -> Result<bool> {
    if mention.entry.section != DependencyTable::Dev {
        return Ok(false);
    }
    let (mut left, mut seen) = (vec![&mention.of], BTreeSet::new());
    while let Some(name) = left.pop() {
        if mention.by.contains(name) {
            return Ok(true);
        }
        if seen.insert(name) {
            let needed = inputs.package(name)?.dependencies.iter().filter(|edge| edge.requirement.is_some());
            left.extend(needed.map(|edge| &edge.package));
        }
    }
    Ok(false)
}

/// As the package that moves is configured, for all who require it; else a level that was given raises requirements, and
/// without one they change only where they have to.
fn policy(inputs: &PlanInputs<'_>, moved: &Move<'_>) -> Result<DependentVersion> {
    let by_default = if moved.is_asked { DependentVersion::Upgrade } else { DependentVersion::Fix };
    Ok(inputs.settings(moved.name)?.dependent_version.unwrap_or(by_default))
}

/// Members that are not released although their manifest changes, because what they require moves on.
pub(crate) fn rewritten_bystanders(
    inputs: &PlanInputs<'_>,
    bumps: &BTreeMap<PackageName, Bump>,
) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for package in inputs.packages().filter(|package| !bumps.contains_key(&package.name)) {
        // Nobody else uses what is published nowhere.
        if inputs.destinations(package)?.is_empty() {
            continue;
        }
        let torn = |edge: &&MemberDependency| {
            let bump = bumps.get(&edge.package);
            let wanted = edge.requirement.as_ref();
            bump.zip(wanted).is_some_and(|(bump, wanted)| !requirement::admits(wanted, &bump.to))
        };
        found.extend(package.dependencies.iter().find(torn).map(|edge| bystander(package, edge)));
    }
    Ok(found)
}

fn bystander(package: &Package, edge: &MemberDependency) -> Finding {
    let name = &package.name;
    let message = format!(
        "`{name}` is not released, and its requirement on `{}` no longer matches the new version",
        edge.package
    );
    Finding::warning(Code::DependentLeftOut, message)
        .package(name)
        .help(format!("release it as well, or users of `{name}` stay on the previous version"))
}

//! What packages were like at their last releases: where they lay, and what their manifests said. And what they ship from
//! outside of their directories today.

use std::collections::BTreeMap;

use semver::Version;

use super::history::HistoryQuery;
use super::last_releases::ToldRelease;
use super::notes::CommittedNotes;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::manifest::VersionAt;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::LastRelease;
use crate::snapshot::Package;
use crate::snapshot::Workspace;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::git::read::commit_id;

/// Texts at the commits of releases, each read once.
#[derive(Default)]
pub(crate) struct ReleasedTexts {
    pub(crate) all: BTreeMap<CommitId, BTreeMap<RepoPath, String>>,
    /// By commit, where each package lay.
    places: BTreeMap<Oid, BTreeMap<PackageName, RepoPath>>,
}

impl ReleasedTexts {
    /// A release, with where its package lay; its texts are kept here.
    pub(crate) fn release(
        &mut self,
        git: &Checkout,
        root: &RepoPath,
        package: &Package,
        told: &ToldRelease,
    ) -> Result<LastRelease> {
        let commit = told.commit;
        let dir = self.find(git, commit, package)?;
        if let Some(dir) = &dir {
            self.keep(git, commit, root.join("Cargo.toml"))?;
            self.keep(git, commit, dir.join("Cargo.toml"))?;
            if package.is_program() {
                self.keep(git, commit, root.join("Cargo.lock"))?;
            }
        }
        let entry_points = dir.as_ref().map(|dir| git.entry_points(commit, dir)).transpose()?.unwrap_or_default();
        Ok(LastRelease {
            version: told.version.clone(),
            commit: commit_id(commit),
            witness: told.witness.clone(),
            dir,
            entry_points,
        })
    }

    /// Keeps what the change notes of today said at a pre-release, which leaves them where they are.
    pub(crate) fn keep_notes(&mut self, git: &Checkout, told: &ToldRelease, notes: &CommittedNotes) -> Result<()> {
        if told.version.pre.is_empty() {
            return Ok(());
        }
        notes.paths().try_for_each(|path| self.keep(git, told.commit, path))
    }

    /// The directory of the package in a commit: the present one, else that of the manifest with its name.
    fn find(&mut self, git: &Checkout, commit: Oid, package: &Package) -> Result<Option<RepoPath>> {
        let here = git.text_at(commit, &package.manifest)?;
        if here.is_some_and(|text| names(&package.manifest, &text).as_ref() == Some(&package.name)) {
            return Ok(Some(package.dir.clone()));
        }
        if let Some(places) = self.places.get(&commit) {
            return Ok(places.get(&package.name).cloned());
        }
        let mut places = BTreeMap::new();
        for path in git.manifests(commit)? {
            let name = git.text_at(commit, &path)?.and_then(|text| names(&path, &text));
            places.extend(name.map(|name| (name, path.parent())));
        }
        let found = places.get(&package.name).cloned();
        self.places.insert(commit, places);
        Ok(found)
    }

    fn keep(&mut self, git: &Checkout, commit: Oid, path: RepoPath) -> Result<()> {
        let texts = self.all.entry(commit_id(commit)).or_default();
        if !texts.contains_key(&path)
            && let Some(text) = git.text_at(commit, &path)?
        {
            texts.insert(path, text);
        }
        Ok(())
    }
}

/// Fetches what these releases are going to be asked for, where a partial clone has not got it.
pub(super) fn gather<'a>(
    git: &Checkout,
    question: &HistoryQuery<'_>,
    releases: impl Iterator<Item = (&'a Package, &'a ToldRelease)>,
) -> Result<()> {
    let root = ["Cargo.toml", "Cargo.lock"].map(|name| question.root.join(name));
    let notes: Vec<RepoPath> = question.notes.paths().collect();
    let mut wanted = Vec::new();
    for (package, told) in releases {
        let programs = if package.is_program() { 2 } else { 1 };
        let noted: &[RepoPath] = if told.version.pre.is_empty() { &[] } else { &notes };
        let paths = root[..programs].iter().chain([&package.manifest]).chain(noted);
        wanted.extend(paths.map(|path| (told.commit, path.clone())));
    }
    wanted.sort();
    wanted.dedup();
    git.gather(wanted.iter().map(|(commit, path)| (*commit, path)))
}

/// The version of a package in a commit, where its manifest lies where it does now.
pub(crate) fn version_at(git: &Checkout, root: &RepoPath, commit: Oid, package: &Package) -> Result<Option<Version>> {
    let read = |path: &RepoPath| -> Result<Option<Manifest>> {
        let text = git.text_at(commit, path)?;
        Ok(text.and_then(|text| Manifest::parse(path, &text).ok()))
    };
    let Some(manifest) = read(&package.manifest)? else { return Ok(None) };
    let literal = match manifest.version() {
        Some(VersionAt::Literal(literal)) => Some(literal.value.clone()),
        Some(VersionAt::Inherited) => {
            let root = read(&root.join("Cargo.toml"))?;
            root.and_then(|root| root.workspace_version().map(|literal| literal.value.clone()))
        }
        Some(VersionAt::Absent) | None => None,
    };
    Ok(literal.and_then(|text| Version::parse(&text).ok()))
}

/// The package of a manifest; none where it has none, or does not parse.
fn names(path: &RepoPath, text: &str) -> Option<PackageName> {
    Manifest::parse(path, text).ok()?.package_name().cloned()
}

/// Where the package of that name lies in a commit.
pub(crate) fn place_of(git: &Checkout, commit: Oid, name: &PackageName) -> Result<Option<RepoPath>> {
    for path in git.manifests(commit)? {
        let found = git.text_at(commit, &path)?.and_then(|text| names(&path, &text));
        if found.as_ref() == Some(name) {
            return Ok(Some(path.parent()));
        }
    }
    Ok(None)
}

/// The files that each package ships and that lie outside of its directory: `readme`, `license-file`, and what links in
/// it lead to, which cargo packs in their place.
pub(crate) fn outside(
    workspace: &Workspace,
    links: &[(RepoPath, RepoPath)],
) -> Result<BTreeMap<PackageName, Vec<RepoPath>>> {
    let owned = owned(workspace, links);
    let mut found = BTreeMap::new();
    for package in &workspace.packages {
        let manifest = workspace.manifest(&package.manifest)?;
        let resolved = manifest.normal().named_files.iter().filter_map(|file| {
            let base = if file.inherited { &workspace.dir } else { &package.dir };
            base.resolve(&file.path)
        });
        let linked = owned.get(&package.name).into_iter().flatten().map(|to| (*to).clone());
        let files: Vec<RepoPath> = resolved.chain(linked).filter(|path| !path.is_in(&package.dir)).collect();
        found.insert(package.name.clone(), files);
    }
    Ok(found)
}

/// What the links in each package lead to. A link below a package that lies in another is the inner one's.
fn owned<'a>(
    workspace: &'a Workspace,
    links: &'a [(RepoPath, RepoPath)],
) -> BTreeMap<&'a PackageName, Vec<&'a RepoPath>> {
    let mut found: BTreeMap<&PackageName, Vec<&RepoPath>> = BTreeMap::new();
    for (link, to) in links {
        let above = workspace.packages.iter().filter(|package| link.is_in(&package.dir));
        if let Some(owner) = above.max_by_key(|package| package.dir.as_str().len()) {
            found.entry(&owner.name).or_default().push(to);
        }
    }
    found
}

//! Which file is the changelog of each member: the one that exists, by whatever usual name, in the directory of the member or,
//! where all that share its version have none of their own, at the root of the workspace.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Bound;

use crate::changelog::Document;
use crate::changelog::Owner;
use crate::config::ChangelogName;
use crate::config::Config;
use crate::config::DEFAULT_CHANGELOG;
use crate::config::PackageSettings;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// The changelogs of the members, those that do not exist yet included.
pub(crate) struct ChangelogPaths<'a> {
    /// The one at the root, where there is one.
    pub(crate) root: Option<RepoPath>,
    /// Members whose releases the one at the root tells of by their names.
    by_name: BTreeSet<&'a PackageName>,
    of: BTreeMap<&'a PackageName, RepoPath>,
    /// Members without one whose changelog is a file that cannot be written, such as `CHANGELOG.rst`.
    foreign: BTreeMap<&'a PackageName, RepoPath>,
    /// The other way round, in the order of the members.
    members: BTreeMap<RepoPath, Vec<&'a Package>>,
}

impl<'a> ChangelogPaths<'a> {
    /// Finds them.
    pub(crate) fn find(snapshot: &'a Snapshot, config: &'a Config) -> Self {
        let files = ChangelogFiles { snapshot };
        let dir = &snapshot.workspace.dir;
        let root = files.usual(dir);
        let members: Vec<(&Package, &PackageSettings)> = snapshot
            .workspace
            .packages
            .iter()
            .filter_map(|package| Some((package, config.packages.get(&package.name)?)))
            .collect();
        let own: BTreeMap<&PackageName, RepoPath> = members
            .iter()
            .filter_map(|(package, settings)| Some((&package.name, files.own(package, settings)?)))
            .collect();
        // The members of a group tell of it in their own files where one of them has one, and the root package owns its own.
        let mut apart: Vec<&Option<String>> = Vec::new();
        for (package, settings) in members.iter().filter(|(_, settings)| settings.release) {
            if package.dir != *dir && own.get(&package.name).is_some_and(|path| files.exists(path)) {
                apart.push(&settings.shared_version);
            }
        }
        let root_package = members.iter().find(|(package, settings)| package.dir == *dir && settings.release);
        let named = root.as_ref().and_then(|path| snapshot.workspace.texts.get(path)).map(|text| Document::parse(text));
        let (mut of, mut by_name_all) = (BTreeMap::new(), BTreeSet::new());
        let mut at: BTreeMap<RepoPath, Vec<&Package>> = BTreeMap::new();
        for (package, settings) in &members {
            let Some(mine) = own.get(&package.name) else { continue };
            let is_free = !files.exists(mine) && settings.changelog.path == DEFAULT_CHANGELOG;
            let group = &settings.shared_version;
            let shares = group.is_some()
                && !apart.contains(&group)
                && root_package.is_none_or(|(_, settings)| settings.shared_version == *group);
            let by_name = || {
                let owner = Owner { package: package.name.clone(), apart: true };
                named.as_ref().is_some_and(|document| document.releases_of(&owner).next().is_some())
            };
            let named = is_free && !shares && by_name();
            by_name_all.extend(named.then_some(&package.name));
            let path = root.as_ref().filter(|_| named || (is_free && shares)).unwrap_or(mine);
            of.insert(&package.name, path.clone());
            at.entry(path.clone()).or_default().push(*package);
        }
        let foreign_at_root = files.foreign(dir);
        let foreign = members.iter().filter_map(|(package, settings)| {
            let is_free = settings.changelog.path == DEFAULT_CHANGELOG && !files.exists(of.get(&package.name)?);
            let foreign = files.foreign(&package.dir).or_else(|| foreign_at_root.clone()).filter(|_| is_free)?;
            Some((&package.name, foreign))
        });
        let foreign = foreign.collect();
        Self { root, by_name: by_name_all, of, foreign, members: at }
    }

    /// Whether a member's sections are told from those of others by its name.
    pub(crate) fn is_by_name(&self, name: &PackageName) -> bool {
        self.by_name.contains(name)
    }

    /// The file that cannot be written and is called as the changelog of a member, or of the workspace, where the member has
    /// no other.
    pub(crate) fn foreign(&self, name: &PackageName) -> Option<&RepoPath> {
        self.foreign.get(name)
    }

    /// The members whose changelog is this file.
    pub(crate) fn members(&self, path: &RepoPath) -> &[&'a Package] {
        self.members.get(path).map_or(&[], Vec::as_slice)
    }

    /// The one of a member; none where its path leads out of the repository.
    pub(crate) fn of(&self, name: &PackageName) -> Option<&RepoPath> {
        self.of.get(name)
    }
}

struct ChangelogFiles<'a> {
    snapshot: &'a Snapshot,
}

impl ChangelogFiles<'_> {
    fn exists(&self, path: &RepoPath) -> bool {
        let workspace = &self.snapshot.workspace;
        workspace.texts.contains_key(path) || workspace.unreadable.contains_key(path)
    }

    /// The file in a directory that is called as changelogs are and can be written.
    fn usual(&self, dir: &RepoPath) -> Option<RepoPath> {
        let found = self.called_so(dir).filter(|name| name.1.is_markdown);
        found.filter(|(path, name)| !name.is_vague() || self.has_releases(path)).map(|(path, _)| path)
    }

    /// Whether a text has the headings of a changelog.
    fn has_releases(&self, path: &RepoPath) -> bool {
        let document = self.snapshot.workspace.texts.get(path).map(|text| Document::parse(text));
        document.is_some_and(|it| it.releases().next().is_some() || it.unreleased().is_some())
    }

    /// The file in a directory that is called as changelogs are and cannot be written.
    fn foreign(&self, dir: &RepoPath) -> Option<RepoPath> {
        self.called_so(dir).filter(|name| !name.1.is_markdown).map(|(path, _)| path)
    }

    fn called_so(&self, dir: &RepoPath) -> Option<(RepoPath, ChangelogName<'_>)> {
        let workspace = &self.snapshot.workspace;
        let start = if *dir == RepoPath::root() { String::new() } else { format!("{dir}/") };
        let from = workspace.texts.range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded));
        let readable = from.map(|(path, _)| path).take_while(|path| path.as_str().starts_with(&start));
        let named = readable.chain(workspace.unreadable.keys());
        let named = named.filter_map(|path| Some((ChangelogName::of(path.below(dir)?)?, path)));
        named.min_by_key(|(name, _)| *name).map(|(name, path)| (path.clone(), name))
    }

    /// The file that is configured; where nobody says, the one that is there.
    fn own(&self, package: &Package, settings: &PackageSettings) -> Option<RepoPath> {
        let configured = package.dir.resolve(&settings.changelog.path)?;
        let is_default = settings.changelog.path == DEFAULT_CHANGELOG;
        let found = self.usual(&package.dir).filter(|_| is_default && !self.exists(&configured));
        Some(found.unwrap_or(configured))
    }
}

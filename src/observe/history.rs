//! The history since the last releases: one walk for all packages.
//!
//! A commit belongs to a package where it changes the package's subtree and is no ancestor of the package's last release
//! (`TAG..HEAD`, exactly, however branches were merged). An ordinary commit is compared with its parent. A merge brings
//! nothing of its own, except in files that are as in none of its parents: those it decided itself.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::releases::Tagged;
use super::releases::Tags;
use super::tree::Directories;
use super::tree::Members;
use super::tree::Paths;
use super::tree::all_paths;
use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::Commit;
use crate::snapshot::History;
use crate::snapshot::LastRelease;
use crate::snapshot::Package;
use crate::snapshot::Witness;
use crate::tools::repository::Checkout;
use crate::tools::repository::Node;
use crate::tools::repository::Oid;
use crate::tools::repository::commit_id;

/// How a line of a release commit's message starts that says which plan it came from.
const TRAILER: &str = "Release-Plan: ";

/// What the history is asked.
pub(super) struct Question<'a> {
    /// The commit that is checked out.
    pub(super) head: Oid,
    /// All tags.
    pub(super) tags: &'a BTreeMap<TagName, Oid>,
    /// The members.
    pub(super) packages: &'a [Package],
    /// How each of them names its tags.
    pub(super) settings: &'a BTreeMap<PackageName, PackageSettings>,
    /// The tag that the user counts changes from, for all packages.
    pub(super) previous: Option<&'a TagName>,
}

/// The last release of each package, and the commits since.
///
/// # Errors
/// The history cannot be read, or the tag that the user names is not there.
pub(super) fn read(git: &Checkout, question: &Question<'_>) -> Result<History> {
    let mut starts = vec![question.head];
    starts.extend(question.previous.and_then(|tag| question.tags.get(tag)));
    let ids = git.ancestors(&starts)?;
    let tags = Tags::new(question.tags, ids.iter().copied().collect());
    let mut lines = Vec::new();
    let mut last_releases = BTreeMap::new();
    for package in question.packages {
        let last = last_release(&tags, question, package)?;
        let released = last.as_ref().map(|last| last.commit);
        lines.push(Line { package: package.name.clone(), dir: package.dir.clone(), released });
        last_releases.extend(last.map(|last| (package.name.clone(), witnessed(last))));
    }
    Ok(History { last_releases, commits: unreleased(git, &ids, &lines)? })
}

fn last_release(tags: &Tags<'_>, question: &Question<'_>, package: &Package) -> Result<Option<Tagged>> {
    let settings = question.settings.get(&package.name);
    let settings = settings.ok_or_else(|| Failure::bug(format!("`{}` has no configuration", package.name)))?;
    match question.previous {
        Some(tag) => tags.named(tag, package, settings).map(Some),
        None => tags.last(package, settings),
    }
}

fn witnessed(tagged: Tagged) -> LastRelease {
    LastRelease { version: tagged.version, commit: commit_id(tagged.commit), witness: Witness::Tag(tagged.tag) }
}

/// A package of the walk.
#[derive(Clone, Debug)]
struct Line {
    package: PackageName,
    dir: RepoPath,
    /// The commit of its last release.
    released: Option<Oid>,
}

/// Of these commits, children first, those that change at least one package since its last release.
fn unreleased(git: &Checkout, ids: &[Oid], lines: &[Line]) -> Result<Vec<Commit>> {
    let walk = Walk { git, lines, directories: Directories::of(lines.iter().map(|line| &line.dir)) };
    let mut released = Released::at(lines);
    let mut commits = Vec::new();
    for id in ids.iter().copied() {
        let of = released.at_commit(id);
        if released.is_all(&of) {
            // Its ancestors are released too: they only need to know.
            released.pass_on(&git.node(id)?.parents, &of);
            continue;
        }
        let node = git.node(id)?;
        released.pass_on(&node.parents, &of);
        commits.extend(walk.commit(&node, &of)?);
    }
    Ok(commits)
}

/// For which packages each commit is released, passed on from child to parent.
struct Released {
    /// What a commit was told by its children, until the walk comes to it.
    told: HashMap<Oid, Members>,
    none: Members,
    all: usize,
}

impl Released {
    fn at(lines: &[Line]) -> Self {
        let none = Members::none(lines.len());
        let mut told = HashMap::new();
        for (member, line) in lines.iter().enumerate() {
            if let Some(commit) = line.released {
                told.entry(commit).or_insert_with(|| none.clone()).insert(member);
            }
        }
        Self { told, none, all: lines.len() }
    }

    fn at_commit(&mut self, id: Oid) -> Members {
        self.told.remove(&id).unwrap_or_else(|| self.none.clone())
    }

    fn is_all(&self, of: &Members) -> bool {
        of.len() == self.all
    }

    fn pass_on(&mut self, parents: &[Oid], of: &Members) {
        for parent in parents {
            self.told.entry(*parent).or_insert_with(|| self.none.clone()).add(of);
        }
    }
}

struct Walk<'a> {
    git: &'a Checkout,
    lines: &'a [Line],
    directories: Directories,
}

impl Walk<'_> {
    /// The commit, where it changes a package that it is not released for.
    fn commit(&self, node: &Node, released: &Members) -> Result<Option<Commit>> {
        let parents = self.parent_trees(node)?;
        let mut changed = self.changed(node, &parents)?;
        changed.remove(released);
        if changed.is_empty() {
            return Ok(None);
        }
        let mut paths = self.paths(node, &parents, &changed)?;
        let packages: BTreeMap<PackageName, Vec<RepoPath>> = changed
            .iter()
            .map(|member| (self.lines[member].package.clone(), paths.take(member)))
            .filter(|(_, paths)| !paths.is_empty())
            .collect();
        if packages.is_empty() {
            return Ok(None);
        }
        self.told(node, parents[0], packages).map(Some)
    }

    fn told(&self, node: &Node, parent: Option<Oid>, packages: BTreeMap<PackageName, Vec<RepoPath>>) -> Result<Commit> {
        let words = self.git.words(node.id)?;
        let ours = words.message.lines().any(|line| line.starts_with(TRAILER));
        Ok(Commit {
            id: commit_id(node.id),
            author: words.author,
            email: words.email,
            authored_at: words.authored_at,
            committed_at: words.committed_at,
            message: words.message,
            parents: node.parents.len(),
            packages,
            all_paths: if ours { all_paths(self.git, [parent, Some(node.tree)])? } else { Vec::new() },
        })
    }

    /// The trees of the parents; of a root commit, the empty one.
    fn parent_trees(&self, node: &Node) -> Result<Vec<Option<Oid>>> {
        if node.parents.is_empty() {
            return Ok(vec![None]);
        }
        node.parents.iter().map(|parent| self.git.node(*parent).map(|parent| Some(parent.tree))).collect()
    }

    /// The packages that are as in none of the parents.
    fn changed(&self, node: &Node, parents: &[Option<Oid>]) -> Result<Members> {
        let changed =
            |parent: &Option<Oid>| self.directories.changed(self.git, [*parent, Some(node.tree)], self.lines.len());
        let mut all = changed(&parents[0])?;
        for parent in &parents[1..] {
            if all.is_empty() {
                return Ok(all);
            }
            all.keep(&changed(parent)?);
        }
        Ok(all)
    }

    /// The paths in these packages that are as in none of the parents.
    fn paths(&self, node: &Node, parents: &[Option<Oid>], of: &Members) -> Result<Paths> {
        let paths = |parent: &Option<Oid>| self.directories.paths(self.git, [*parent, Some(node.tree)], of);
        let mut all = paths(&parents[0])?;
        for parent in &parents[1..] {
            all.keep(&paths(parent)?);
        }
        Ok(all)
    }
}

//! The history since the last releases: one walk for all packages.
//!
//! A commit belongs to a package where it changes the package's subtree and is no ancestor of the package's last release
//! (`TAG..HEAD`, exactly, however branches were merged). An ordinary commit is compared with its parent. A merge brings
//! nothing of its own, except in files that are as in none of its parents: those it decided itself.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::rc::Rc;

use super::last_release_tree;
use super::last_releases::Tags;
use super::last_releases::Told;
use super::last_releases::sharing;
use super::moves;
use super::notes::Notes;
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
use crate::snapshot::Package;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Node;
use crate::tools::git::read::Oid;
use crate::tools::git::read::commit_id;

/// How a line of a release commit's message starts that says which plan it came from.
const TRAILER: &str = "Release-Plan: ";

/// What the history is asked.
pub(crate) struct Question<'a> {
    /// The commit that is checked out.
    pub(crate) head: Oid,
    /// All tags.
    pub(crate) tags: &'a BTreeMap<TagName, Oid>,
    /// The members.
    pub(crate) packages: &'a [Package],
    /// How each of them names its tags.
    pub(crate) settings: &'a BTreeMap<PackageName, PackageSettings>,
    /// The tag that the user counts changes from, for all packages.
    pub(crate) previous: Option<&'a TagName>,
    /// Published versions that no tag names, with the commits that their archives were packed from.
    pub(crate) recorded: &'a BTreeMap<PackageName, Told>,
    /// Files that packages ship and that lie outside of their directories.
    pub(crate) outside: &'a BTreeMap<PackageName, Vec<RepoPath>>,
    /// The change notes.
    pub(crate) notes: &'a Notes,
    /// Where the workspace lies.
    pub(crate) root: &'a RepoPath,
}

/// The last release of each package, and the commits since.
///
/// # Errors
/// The history cannot be read, or the tag that the user names is not there.
pub(crate) fn read(git: &Checkout, question: &Question<'_>) -> Result<History> {
    let ids = git.ancestors(&[question.head])?;
    let tags = Tags::new(question.tags, ids.iter().copied().collect());
    let shared = sharing(question.packages, question.settings)?;
    let (mut last_releases, mut last_stable) = (BTreeMap::new(), BTreeMap::new());
    for package in question.packages {
        let search = Search { git, tags: &tags, question, package, is_shared: shared.contains(&package.name) };
        let Some(last) = search.last()? else { continue };
        if !last.version.pre.is_empty() && question.previous.is_none() {
            last_stable.extend(search.last_stable()?.map(|stable| (package.name.clone(), stable)));
        }
        last_releases.insert(package.name.clone(), last);
    }
    let mut texts = last_release_tree::Texts::default();
    let described = |of: &BTreeMap<PackageName, Told>, texts: &mut last_release_tree::Texts| {
        let all = question.packages.iter().filter_map(|package| Some((package, of.get(&package.name)?)));
        all.map(|(package, told)| {
            texts.keep_notes(git, told, question.notes)?;
            Ok((package.name.clone(), texts.release(git, question.root, package, told)?))
        })
        .collect::<Result<BTreeMap<_, _>>>()
    };
    let released = described(&last_releases, &mut texts)?;
    let stable = described(&last_stable, &mut texts)?;
    let mut settled: HashMap<Oid, Rc<HashSet<Oid>>> = HashMap::new();
    let mut lines = Vec::new();
    for package in question.packages {
        let oid = |of: &BTreeMap<PackageName, Told>| of.get(&package.name).map(|told| told.commit);
        let (last, stable) = (oid(&last_releases), oid(&last_stable));
        if let (Some(last), Some(_)) = (last, stable)
            && !settled.contains_key(&last)
        {
            settled.insert(last, Rc::new(git.ancestors(&[last])?.into_iter().collect()));
        }
        let place = released.get(&package.name).and_then(|release| release.dir.as_ref());
        let former = match last.zip(place) {
            Some(then) => moves::former(git, &ids, package, then)?,
            None => Vec::new(),
        };
        lines.push(Line {
            package: package.name.clone(),
            dir: package.dir.clone(),
            former,
            outside: question.outside.get(&package.name).cloned().unwrap_or_default(),
            released: stable.or(last),
            in_pre_release: last.filter(|_| stable.is_some()).and_then(|last| settled.get(&last).cloned()),
        });
    }
    // Releases that the head does not descend from: what they have is released here too.
    let elsewhere: HashSet<Oid> =
        lines.iter().filter_map(|line| line.released).filter(|it| !tags.reaches(*it)).collect();
    let starts: Vec<Oid> = elsewhere.into_iter().chain([question.head]).collect();
    let ids = if starts.len() == 1 { ids } else { git.ancestors(&starts)? };
    let walk = Walk { git, lines: &lines, directories: directories(&lines), notes: question.notes };
    let commits = unreleased(&walk, &ids, |id| tags.reaches(id))?;
    Ok(History { last_releases: released, last_stable: stable, texts: texts.all, commits })
}

/// The search for the last release of a package.
struct Search<'a> {
    git: &'a Checkout,
    tags: &'a Tags<'a>,
    question: &'a Question<'a>,
    package: &'a Package,
    /// Whether the names of its tags do not tell whose they are.
    is_shared: bool,
}

impl Search<'_> {
    /// By the tag that the user names; else by the highest tag, or by a published archive where that is newer.
    fn last(&self) -> Result<Option<Told>> {
        if let Some(tag) = self.question.previous {
            return self.tags.named(tag, self.package, self.settings()?).map(Some);
        }
        let recorded = self.question.recorded.get(&self.package.name);
        let reached = recorded.filter(|told| self.tags.reaches(told.commit)).cloned();
        let tagged = self.own(self.tags.releases(self.package, self.settings()?)?)?;
        // What was released on another branch is the last release here where this branch has its version.
        let taken_over = |told: &&Told| told.version == self.package.version && self.git.has_commit(told.commit);
        let elsewhere = self.tags.elsewhere(self.package, self.settings()?)?.or(recorded.filter(taken_over).cloned());
        let newer = |one: Option<Told>, other: Option<Told>| match (one, other) {
            (Some(one), Some(other)) if other.version.cmp_precedence(&one.version).is_gt() => Some(other),
            (one, other) => one.or(other),
        };
        Ok(newer(newer(tagged, reached), elsewhere))
    }

    fn last_stable(&self) -> Result<Option<Told>> {
        let mut releases = self.tags.releases(self.package, self.settings()?)?;
        releases.retain(|told| told.version.pre.is_empty());
        self.own(releases)
    }

    /// The first that is about this package. A tag that several could have made is about those whose manifests have its
    /// version there; where none of them is, the name of the first is taken at its word.
    fn own(&self, releases: Vec<Told>) -> Result<Option<Told>> {
        for told in releases.iter().filter(|_| self.is_shared) {
            let version = last_release_tree::version_at(self.git, self.question.root, told.commit, self.package)?;
            if version.is_some_and(|version| version.cmp_precedence(&told.version).is_eq()) {
                return Ok(Some(told.clone()));
            }
        }
        Ok(releases.into_iter().next())
    }

    fn settings(&self) -> Result<&PackageSettings> {
        let settings = self.question.settings.get(&self.package.name);
        settings.ok_or_else(|| Failure::bug(format!("`{}` has no configuration", self.package.name)))
    }
}

/// A package of the walk.
#[derive(Clone, Debug)]
struct Line {
    package: PackageName,
    dir: RepoPath,
    /// Where else it lay since its last release, the newest place first.
    former: Vec<RepoPath>,
    /// Files that it ships from outside of its directory.
    outside: Vec<RepoPath>,
    /// The commit of its last release; of its last stable one where there was a pre-release since.
    released: Option<Oid>,
    /// The commits that its last pre-release has, where there is a stable release before it.
    in_pre_release: Option<Rc<HashSet<Oid>>>,
}

fn directories(lines: &[Line]) -> Directories {
    let mut directories = Directories::of(lines.iter().map(|line| &line.dir));
    for (member, line) in lines.iter().enumerate() {
        line.former.iter().for_each(|dir| directories.add_former(member, dir));
        line.outside.iter().for_each(|file| directories.add_file(member, file));
    }
    directories
}

/// Of these commits, children first, those that the head has and that change at least one package since its last release.
fn unreleased(walk: &Walk<'_>, ids: &[Oid], is_here: impl Fn(Oid) -> bool) -> Result<Vec<Commit>> {
    let git = walk.git;
    let mut released = Released::at(walk.lines);
    let mut commits = Vec::new();
    for id in ids.iter().copied() {
        let of = released.at_commit(id);
        if released.is_all(&of) || !is_here(id) {
            // There is nothing in it; its ancestors need to know what is released.
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

/// Packages, each with the paths that changed in it.
type Changed = BTreeMap<PackageName, Vec<RepoPath>>;

struct Walk<'a> {
    git: &'a Checkout,
    lines: &'a [Line],
    directories: Directories,
    notes: &'a Notes,
}

impl Walk<'_> {
    /// The commit, where it changes a package that it is not released for.
    fn commit(&self, node: &Node, released: &Members) -> Result<Option<Commit>> {
        let parents = self.parent_trees(node)?;
        let mut changed = self.changed(node, &parents)?;
        changed.remove(released);
        if changed.is_empty() {
            return self.without_changes(node, &parents, released);
        }
        let mut paths = self.paths(node, &parents, &changed)?;
        let mut packages = [Changed::new(), Changed::new()];
        for member in changed.iter() {
            let line = &self.lines[member];
            let mut paths = paths.take(member);
            self.after_the_move(line, parents[0], &mut paths)?;
            if !paths.is_empty() {
                let in_pre_release = line.in_pre_release.as_ref().is_some_and(|commits| commits.contains(&node.id));
                packages[usize::from(in_pre_release)].insert(line.package.clone(), paths);
            }
        }
        if packages.iter().all(BTreeMap::is_empty) {
            return Ok(None);
        }
        self.told(node, &parents, packages).map(Some)
    }

    /// The commit, where it changes nothing and asks for a version of a package that it is not released for.
    fn without_changes(&self, node: &Node, parents: &[Option<Oid>], released: &Members) -> Result<Option<Commit>> {
        if *parents != [Some(node.tree)] {
            return Ok(None);
        }
        let packages: Vec<_> = self.lines.iter().map(|line| (&line.package, &line.dir)).collect();
        let message = self.git.words(node.id)?.message;
        let Some(name) = moves::addressed(&message, &packages) else { return Ok(None) };
        let Some(member) = self.lines.iter().position(|line| line.package == *name) else { return Ok(None) };
        if released.contains(member) {
            return Ok(None);
        }
        let pre = self.lines[member].in_pre_release.as_ref().is_some_and(|commits| commits.contains(&node.id));
        let mut packages = [Changed::new(), Changed::new()];
        packages[usize::from(pre)].insert(name.clone(), Vec::new());
        self.told(node, parents, packages).map(Some)
    }

    /// Leaves out what changed where a package lay before, once it had moved away.
    fn after_the_move(&self, line: &Line, parent: Option<Oid>, paths: &mut Vec<RepoPath>) -> Result<()> {
        let Some(parent) = parent.filter(|_| !line.former.is_empty()) else { return Ok(()) };
        let places: Vec<&RepoPath> = std::iter::once(&line.dir).chain(&line.former).collect();
        for (at, place) in places.iter().enumerate() {
            if self.git.tree_holds(parent, &place.join("Cargo.toml"))? {
                let since = &places[..=at];
                paths.retain(|path| since.iter().any(|dir| path.is_in(dir)) || line.outside.contains(path));
                return Ok(());
            }
        }
        Ok(())
    }

    fn told(&self, node: &Node, parents: &[Option<Oid>], [packages, in_pre_release]: [Changed; 2]) -> Result<Commit> {
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
            in_pre_release,
            notes: self.notes.written_by(self.git, node.tree, parents)?,
            all_paths: if ours { all_paths(self.git, [parents[0], Some(node.tree)])? } else { Vec::new() },
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

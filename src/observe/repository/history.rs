//! The history since the last releases: one walk for all packages.
//!
//! A commit belongs to a package where it changes the package's subtree and is no ancestor of the package's last release
//! (`TAG..HEAD`, exactly, however branches were merged). An ordinary commit is compared with its parent. A merge brings
//! nothing, except in files that are as in none of its parents: those it decided itself.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::rc::Rc;

use super::attribute;
use super::attribute::Lookup;
use super::attribute::Task;
use super::graph::CommitGraph;
use super::graph::CommitSet;
use super::graph::Place;
use super::history_cache::Kept;
use super::history_walk::Walk;
use super::history_walk::says_that_it_breaks;
use super::last_release_tree;
use super::last_releases::TagPatterns;
use super::last_releases::Tags;
use super::last_releases::ToldRelease;
use super::moves;
use super::notes::CommittedNotes;
use super::package_set::Members;
use super::proposals;
use super::tree::Directories;
use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::Commit;
use crate::snapshot::History;
use crate::snapshot::LastRelease;
use crate::snapshot::Package;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;

/// What the history is asked.
pub(crate) struct HistoryQuery<'a> {
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
    pub(crate) recorded: &'a BTreeMap<PackageName, ToldRelease>,
    /// Files that packages ship and that lie outside of their directories.
    pub(crate) outside: &'a BTreeMap<PackageName, Vec<RepoPath>>,
    /// The change notes.
    pub(crate) notes: &'a CommittedNotes,
    /// Where the workspace lies.
    pub(crate) root: &'a RepoPath,
}

/// The last release of each package, and the commits since. `before` is what is known of the repository's commits.
///
/// # Errors
/// The history cannot be read, or the tag that the user names is not there.
pub(crate) fn read(git: &Checkout, question: &HistoryQuery<'_>, before: &mut Kept) -> Result<History> {
    let graph = &mut before.graph;
    graph.extend(git, &[question.head])?;
    let head = start(graph, question.head)?;
    let reach = graph.reach(&[head]);
    let tags = Tags::new(question.tags, Some((graph, &reach)));
    let patterns = TagPatterns::of(question.packages, question.settings)?;
    let (mut last_releases, mut last_stable) = (BTreeMap::new(), BTreeMap::new());
    for package in question.packages {
        let search = Search { git, tags: &tags, question, package, patterns: &patterns };
        let Some(last) = search.last()? else { continue };
        if !last.version.pre.is_empty() && question.previous.is_none() {
            last_stable.extend(search.last_stable()?.map(|stable| (package.name.clone(), stable)));
        }
        last_releases.insert(package.name.clone(), last);
    }
    let mut texts = last_release_tree::ReleasedTexts::default();
    let released = described(git, question, &last_releases, &mut texts)?;
    let stable = described(git, question, &last_stable, &mut texts)?;
    let ids: OnceCell<Vec<Place>> = OnceCell::new();
    let mut settled: HashMap<Oid, Rc<CommitSet>> = HashMap::new();
    let mut lines = Vec::new();
    for package in question.packages {
        let oid = |of: &BTreeMap<PackageName, ToldRelease>| of.get(&package.name).map(|told| told.commit);
        let (last, stable) = (oid(&last_releases), oid(&last_stable));
        if let (Some(last), Some(_)) = (last, stable)
            && !settled.contains_key(&last)
        {
            graph.extend(git, &[last])?;
            settled.insert(last, Rc::new(graph.reach(&[start(graph, last)?])));
        }
        let place = released.get(&package.name).and_then(|release| release.dir.as_ref());
        let former = match last.zip(place).filter(|(_, place)| **place != package.dir) {
            Some(then) => {
                let ids = ids.get_or_init(|| graph.ordered(&[head]));
                moves::former(git, &mut ids.iter().map(|place| graph.node(*place).id), package, then)?
            }
            None => Vec::new(),
        };
        lines.push(PackageWalk {
            package: package.name.clone(),
            dir: package.dir.clone(),
            former,
            outside: question.outside.get(&package.name).cloned().unwrap_or_default(),
            released: stable.or(last),
            in_pre_release: last.filter(|_| stable.is_some()).and_then(|last| settled.get(&last).cloned()),
        });
    }
    let commits = since(git, question, before, &lines)?;
    let proposals = proposals::read(git, question.head, &commits)?;
    Ok(History { last_releases: released, last_stable: stable, texts: texts.all, commits, proposals })
}

/// These releases with the texts that they had, which are read once for all.
fn described(
    git: &Checkout,
    question: &HistoryQuery<'_>,
    of: &BTreeMap<PackageName, ToldRelease>,
    texts: &mut last_release_tree::ReleasedTexts,
) -> Result<BTreeMap<PackageName, LastRelease>> {
    let all = question.packages.iter().filter_map(|package| Some((package, of.get(&package.name)?)));
    last_release_tree::gather(git, question, all.clone())?;
    all.map(|(package, told)| {
        texts.keep_notes(git, told, question.notes)?;
        Ok((package.name.clone(), texts.release(git, question.root, package, told)?))
    })
    .collect()
}

/// The commits since the last releases. Of releases that the head does not descend from, what they have is released here
/// too.
fn since(git: &Checkout, question: &HistoryQuery<'_>, before: &mut Kept, lines: &[PackageWalk]) -> Result<Vec<Commit>> {
    let released: HashSet<Oid> = lines.iter().filter_map(|line| line.released).collect();
    let released: Vec<Oid> = released.into_iter().collect();
    before.graph.extend(git, &released)?;
    let graph = &before.graph;
    let head = start(graph, question.head)?;
    let here = graph.reach(&[head]);
    let ends = released.iter().map(|id| start(graph, *id)).collect::<Result<Vec<_>>>()?;
    let mut starts: Vec<Place> = ends.into_iter().filter(|end| !here.has(*end)).chain([head]).collect();
    starts.sort_unstable();
    let tasks = unreleased(graph, lines, &graph.ordered(&starts), &here);
    let directories = directories(lines);
    let layout = layout(lines);
    let lookup = Lookup { directories: &directories, says_that_it_breaks: &says_that_it_breaks };
    let attributed = attribute::all(git, lookup, &layout, before, &tasks)?;
    let breaking = before.breaking_merges(&tasks, |merge| says_that_it_breaks(git, merge))?;
    let walk = Walk { git, graph: &before.graph, lines, notes: question.notes, breaking: &breaking };
    let mut commits = Vec::new();
    for (task, changes) in tasks.iter().zip(attributed) {
        commits.extend(walk.commit(task, changes)?);
    }
    Ok(commits)
}

/// Where a commit is in a graph that was extended by it.
fn start(graph: &CommitGraph, id: Oid) -> Result<Place> {
    graph.place(id).ok_or_else(|| Failure::bug(format!("the commit {id} was read and is not there")))
}

/// The search for the last release of a package.
struct Search<'a> {
    git: &'a Checkout,
    tags: &'a Tags<'a>,
    question: &'a HistoryQuery<'a>,
    package: &'a Package,
    patterns: &'a TagPatterns<'a>,
}

impl Search<'_> {
    /// By the tag that the user names; else by the highest tag, or by a published archive where that is newer.
    fn last(&self) -> Result<Option<ToldRelease>> {
        if let Some(tag) = self.question.previous {
            return self.tags.named(tag, self.package, self.patterns.get(&self.package.name)?).map(Some);
        }
        let recorded = self.question.recorded.get(&self.package.name);
        let reached = recorded.filter(|told| self.tags.reaches(told.commit)).cloned();
        let pattern = self.patterns.get(&self.package.name)?;
        let tagged = self.own(self.tags.releases(self.package, pattern))?;
        let tagged = self.spelled_otherwise(tagged.as_ref())?.or(tagged);
        // What was released on another branch is the last release here where this branch has its version.
        let taken_over = |told: &&ToldRelease| told.version == self.package.version && self.git.has_commit(told.commit);
        let elsewhere = self.tags.elsewhere(self.package, pattern).or(recorded.filter(taken_over).cloned());
        let newer = |one: Option<ToldRelease>, other: Option<ToldRelease>| match (one, other) {
            (Some(one), Some(other)) if other.version.cmp_precedence(&one.version).is_gt() => Some(other),
            (one, other) => one.or(other),
        };
        Ok(newer(newer(tagged, reached), elsewhere))
    }

    /// The release above the one that is known that a tag of another spelling names: the manifest at its commit has its
    /// version.
    fn spelled_otherwise(&self, known: Option<&ToldRelease>) -> Result<Option<ToldRelease>> {
        if known.is_some_and(|known| known.version.cmp_precedence(&self.package.version).is_ge()) {
            return Ok(None);
        }
        let above = known.map(|known| &known.version);
        for told in self.tags.candidates(self.package, self.question.packages, above) {
            let there = last_release_tree::version_at(self.git, self.question.root, told.commit, self.package)?;
            if there.is_some_and(|there| there.cmp_precedence(&told.version).is_eq()) {
                return Ok(Some(told));
            }
        }
        Ok(None)
    }

    fn last_stable(&self) -> Result<Option<ToldRelease>> {
        let mut releases = self.tags.releases(self.package, self.patterns.get(&self.package.name)?);
        releases.retain(|told| told.version.pre.is_empty());
        self.own(releases)
    }

    /// The first that is about this package. A tag that several could have made is about those whose manifests have its
    /// version there; where none of them is, the name of the first is taken at its word.
    fn own(&self, releases: Vec<ToldRelease>) -> Result<Option<ToldRelease>> {
        let is_shared = self.patterns.is_shared(&self.package.name);
        for told in releases.iter().filter(|_| is_shared) {
            let version = last_release_tree::version_at(self.git, self.question.root, told.commit, self.package)?;
            if version.is_some_and(|version| version.cmp_precedence(&told.version).is_eq()) {
                return Ok(Some(told.clone()));
            }
        }
        Ok(releases.into_iter().next())
    }
}

/// A package of the walk.
#[derive(Clone, Debug)]
pub(super) struct PackageWalk {
    pub(super) package: PackageName,
    pub(super) dir: RepoPath,
    /// Where else it lay since its last release, the newest place first.
    pub(super) former: Vec<RepoPath>,
    /// Files that it ships from outside of its directory.
    pub(super) outside: Vec<RepoPath>,
    /// The commit of its last release; of its last stable one where there was a pre-release since.
    pub(super) released: Option<Oid>,
    /// The commits that its last pre-release has, where there is a stable release before it.
    pub(super) in_pre_release: Option<Rc<CommitSet>>,
}

impl PackageWalk {
    pub(super) fn is_in_pre_release(&self, commit: Place) -> bool {
        self.in_pre_release.as_ref().is_some_and(|commits| commits.has(commit))
    }
}

fn directories(lines: &[PackageWalk]) -> Directories {
    let mut directories = Directories::of(lines.iter().map(|line| &line.dir));
    for (member, line) in lines.iter().enumerate() {
        line.former.iter().for_each(|dir| directories.add_former(member, dir));
        line.outside.iter().for_each(|file| directories.add_file(member, file));
    }
    directories.complete(lines.len())
}

/// What [`directories`] is made of, as one name: what was found out with another layout says nothing here.
fn layout(lines: &[PackageWalk]) -> Digest {
    let mut text = String::new();
    for line in lines {
        let paths = |paths: &[RepoPath]| paths.iter().map(RepoPath::as_str).collect::<Vec<_>>().join("\0");
        text.push_str(&format!("{}\0\0{}\0\0{}\n", line.dir, paths(&line.former), paths(&line.outside)));
    }
    Digest::of(text.as_bytes())
}

/// Of these commits, children first, those that the head has and that are not released for all packages, each with the
/// packages that it is not released for.
fn unreleased(graph: &CommitGraph, lines: &[PackageWalk], order: &[Place], here: &CommitSet) -> Vec<Task> {
    let none = Members::none(lines.len());
    let mut all = none.clone();
    (0..lines.len()).for_each(|member| all.insert(member));
    // What a commit was told by its children, until the walk comes to it.
    let mut told: HashMap<Place, Members> = HashMap::new();
    for (member, line) in lines.iter().enumerate() {
        if let Some(place) = line.released.and_then(|commit| graph.place(commit)) {
            told.entry(place).or_insert_with(|| none.clone()).insert(member);
        }
    }
    let mut tasks = Vec::new();
    for commit in order.iter().copied() {
        let released = told.remove(&commit);
        for parent in &graph.node(commit).parents {
            if let Some(released) = &released {
                told.entry(*parent).or_insert_with(|| none.clone()).add(released);
            }
        }
        let wanted = released.map_or_else(|| all.clone(), |released| all.without(&released));
        if !wanted.is_empty() && here.has(commit) {
            tasks.push(Task { commit, wanted });
        }
    }
    tasks
}

/// Packages, each with the paths that changed in it.
pub(super) type Changed = BTreeMap<PackageName, Vec<RepoPath>>;

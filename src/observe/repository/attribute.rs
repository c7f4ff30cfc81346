//! Which packages a commit changes, and in which files: for many commits at once, on all processors, and without asking
//! again what was found out before.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

use super::graph::CommitGraph;
use super::graph::CommitNode;
use super::graph::Place;
use super::history_cache::Kept;
use super::package_set::Member;
use super::package_set::Members;
use super::tree::Directories;
use crate::error::Failure;
use crate::error::Result;
use crate::names::Digest;
use crate::names::RepoPath;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;

/// A commit, and the packages that it is looked at for.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) commit: Place,
    pub(crate) wanted: Members,
}

/// Packages, each with the paths that changed in it.
pub(crate) type Changes = Vec<(Member, Vec<RepoPath>)>;

/// How many commits are worth a thread, and how many one takes at a time.
const AT_A_TIME: usize = 64;

/// Where what was not found out before is looked up.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'a> {
    /// The directories of the packages.
    pub(crate) directories: &'a Directories,
    /// Whether the message of a commit says that something breaks.
    pub(crate) says_that_it_breaks: &'a (dyn Fn(&Checkout, Oid) -> Result<bool> + Sync),
}

/// What was found out about a commit.
struct Found {
    changes: Changes,
    /// Of a merge that nobody has looked at, whether its message says that something breaks.
    breaks: Option<bool>,
}

/// The changes of these commits, in their order. What is found out is kept.
///
/// # Errors
/// A tree or a message cannot be read.
pub(crate) fn all(
    git: &Checkout,
    lookup: Lookup<'_>,
    layout: &Digest,
    kept: &mut Kept,
    tasks: &[Task],
) -> Result<Vec<Changes>> {
    kept.lay_out(layout);
    let open: Vec<&Task> = tasks.iter().filter(|task| kept.changes(task).is_none()).collect();
    let found = found_out(git, lookup, kept, &open)?;
    for (task, found) in open.into_iter().zip(found) {
        kept.keep(task, found.changes);
        if found.breaks == Some(false) {
            kept.keep_silent(task.commit);
        }
    }
    Ok(tasks.iter().map(|task| kept.changes(task).unwrap_or_default()).collect())
}

/// Looks at commits, side by side where there are many. Neighbours have most of their trees in common, so that each thread
/// takes some neighbours at a time.
fn found_out(git: &Checkout, lookup: Lookup<'_>, kept: &Kept, tasks: &[&Task]) -> Result<Vec<Found>> {
    let parts: Vec<&[&Task]> = tasks.chunks(AT_A_TIME).collect();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = |git: &Checkout| -> Result<Vec<(usize, Vec<Found>)>> {
        let mut all = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(at) else { return Ok(all) };
            let found = part.iter().map(|task| one(git, lookup, kept, task)).collect::<Result<_>>()?;
            all.push((at, found));
        }
    };
    let mut all = thread::scope(|scope| {
        let work = &work;
        let others = (1..processors.min(parts.len())).map(|_| git.again()).collect::<Result<Vec<_>>>()?;
        let others: Vec<_> = others.into_iter().map(|git| scope.spawn(move || work(&git))).collect();
        let mut all = work(git)?;
        for other in others {
            all.extend(other.join().map_err(|_panic| Failure::bug("a thread that compares trees panicked"))??);
        }
        Ok(all)
    })?;
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().flat_map(|(_, found)| found).collect())
}

fn one(git: &Checkout, lookup: Lookup<'_>, kept: &Kept, task: &Task) -> Result<Found> {
    let breaks = kept.unread_merge(task.commit).map(|merge| (lookup.says_that_it_breaks)(git, merge)).transpose()?;
    Ok(Found { changes: changes(git, lookup.directories, &kept.graph, task)?, breaks })
}

/// What a commit changes. An ordinary one is compared with its parent; what a merge changes is what is as in none of them.
fn changes(git: &Checkout, directories: &Directories, graph: &CommitGraph, task: &Task) -> Result<Changes> {
    let node = graph.node(task.commit);
    let parents = parent_trees(graph, node);
    let mut changed = task.wanted.clone();
    if let [_, _, ..] = parents.as_slice() {
        for parent in &parents {
            changed = directories.changed(git, [*parent, Some(node.tree)], &changed)?;
            if changed.is_empty() {
                return Ok(Changes::new());
            }
        }
    }
    let mut parents = parents.iter();
    let first = parents.next().copied().flatten();
    let mut paths = directories.paths(git, [first, Some(node.tree)], &changed)?;
    for parent in parents {
        paths.keep(&directories.paths(git, [*parent, Some(node.tree)], &changed)?);
    }
    Ok(paths.all().collect())
}

/// The trees of the parents; of a root commit, the empty one.
pub(crate) fn parent_trees(graph: &CommitGraph, node: &CommitNode) -> Vec<Option<Oid>> {
    if node.parents.is_empty() {
        return vec![None];
    }
    node.parents.iter().map(|parent| Some(graph.node(*parent).tree)).collect()
}

//! Which packages a commit changes, and in which files: for many commits at once, on all processors, and without asking
//! again what was found out before.

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

/// Fewer commits than this are not worth a thread.
const WORTH_A_THREAD: usize = 128;

/// The changes of these commits, in their order. What is found out is kept.
///
/// # Errors
/// A tree cannot be read.
pub(crate) fn all(
    git: &Checkout,
    directories: &Directories,
    layout: &Digest,
    kept: &mut Kept,
    tasks: &[Task],
) -> Result<Vec<Changes>> {
    kept.lay_out(layout);
    let open: Vec<&Task> = tasks.iter().filter(|task| kept.changes(task).is_none()).collect();
    let found = compared(git, directories, &kept.graph, &open)?;
    for (task, changes) in open.into_iter().zip(found) {
        kept.keep(task, changes);
    }
    Ok(tasks.iter().map(|task| kept.changes(task).unwrap_or_default()).collect())
}

/// Compares the trees of commits, side by side where there are many.
fn compared(git: &Checkout, directories: &Directories, graph: &CommitGraph, tasks: &[&Task]) -> Result<Vec<Changes>> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(tasks.len().div_ceil(WORTH_A_THREAD)).max(1);
    // Neighbours have most of their trees in common, so each thread takes neighbours.
    let mut parts = tasks.chunks(tasks.len().div_ceil(threads).max(1));
    let Some(own) = parts.next() else { return Ok(Vec::new()) };
    let part = |git: &Checkout, part: &[&Task]| -> Result<Vec<Changes>> {
        part.iter().map(|task| changes(git, directories, graph, task)).collect()
    };
    thread::scope(|scope| {
        let part = &part;
        let others = parts.map(|tasks| Ok((git.again()?, tasks))).collect::<Result<Vec<_>>>()?;
        let others: Vec<_> = others.into_iter().map(|(git, tasks)| scope.spawn(move || part(&git, tasks))).collect();
        let mut all = part(git, own)?;
        for other in others {
            all.extend(other.join().map_err(|_panic| Failure::bug("a thread that compares trees panicked"))??);
        }
        Ok(all)
    })
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

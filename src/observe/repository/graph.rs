//! The commits that a walk goes over: each with its tree, its time and its parents, read once. Nothing in it can change:
//! a commit is what its id names, so what was read before need not be read again ([`super::history_cache`]).

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::HashMap;

use super::commit_reader;
use super::commit_reader::ReadCommits;
use crate::error::Result;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::GitCommit;
use crate::tools::git::read::Oid;

/// From how many tags the commits of a repository are read, beside its head.
const TAGS_TO_START_FROM: usize = 64;

/// The place of a commit in a graph.
pub(crate) type Place = usize;

/// Commits with all their ancestors.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommitGraph {
    nodes: Vec<CommitNode>,
    places: HashMap<Oid, Place>,
}

/// A commit in its graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommitNode {
    pub(crate) id: Oid,
    pub(crate) tree: Oid,
    /// When it was committed.
    pub(crate) time: i64,
    pub(crate) parents: Vec<Place>,
    /// Whether it is known that its message does not say that something breaks. It is asked of merges only.
    pub(crate) is_silent: bool,
}

/// A set of commits of one graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommitSet {
    has: Vec<bool>,
}

impl CommitSet {
    /// Whether a commit is in it.
    pub(crate) fn has(&self, place: Place) -> bool {
        self.has.get(place).copied().unwrap_or(false)
    }
}

impl CommitGraph {
    /// A graph of commits that were read before, each after its parents.
    pub(crate) fn of(nodes: Vec<CommitNode>) -> Self {
        let places = nodes.iter().enumerate().map(|(place, node)| (node.id, place)).collect();
        Self { nodes, places }
    }

    /// The commits, each after its parents.
    pub(crate) fn nodes(&self) -> &[CommitNode] {
        &self.nodes
    }

    /// A commit.
    pub(crate) fn node(&self, place: Place) -> &CommitNode {
        &self.nodes[place]
    }

    /// Keeps that the message of a commit does not say that something breaks.
    pub(crate) fn keep_silent(&mut self, place: Place) {
        self.nodes[place].is_silent = true;
    }

    /// Where a commit is in it.
    pub(crate) fn place(&self, id: Oid) -> Option<Place> {
        self.places.get(&id).copied()
    }

    /// Reads these commits and their ancestors, as far as they are not in it.
    ///
    /// # Errors
    /// A commit cannot be read.
    pub(crate) fn extend(&mut self, git: &Checkout, starts: &[Oid]) -> Result<()> {
        self.extend_with(git, starts, HashMap::new())
    }

    /// As [`CommitGraph::extend`], where some of the commits were read already: the graph is the same.
    ///
    /// # Errors
    /// A commit cannot be read.
    pub(crate) fn extend_with(&mut self, git: &Checkout, starts: &[Oid], mut read: ReadCommits) -> Result<()> {
        let mut open: Vec<(Oid, Option<GitCommit>)> = starts.iter().map(|start| (*start, None)).collect();
        // A commit is put in when it is met for the second time, below its parents.
        while let Some((id, commit)) = open.pop() {
            if self.places.contains_key(&id) {
                continue;
            }
            if let Some(commit) = commit {
                self.push(id, &commit);
                continue;
            }
            let commit = read.remove(&id).map_or_else(|| git.commit(id), Ok)?;
            let parents: Vec<Oid> =
                commit.parents.iter().copied().filter(|parent| !self.places.contains_key(parent)).collect();
            open.push((id, Some(commit)));
            open.extend(parents.into_iter().map(|parent| (parent, None)));
        }
        Ok(())
    }

    /// Reads the head and its ancestors. Where none of them is known they are read on all processors, from the head and from
    /// some of the tags on: a history without merges is a single line from the head.
    ///
    /// # Errors
    /// A commit cannot be read.
    pub(crate) fn read_all(&mut self, git: &Checkout, head: Oid, tagged: impl Iterator<Item = Oid>) -> Result<()> {
        if !self.nodes.is_empty() {
            return self.extend(git, &[head]);
        }
        let tagged: Vec<Oid> = tagged.collect();
        let some = tagged.iter().copied().step_by(tagged.len().div_ceil(TAGS_TO_START_FROM).max(1));
        let starts: Vec<Oid> = std::iter::once(head).chain(some).collect();
        self.extend_with(git, &[head], commit_reader::read(git, &starts)?)
    }

    fn push(&mut self, id: Oid, commit: &GitCommit) {
        let parents = commit.parents.iter().filter_map(|parent| self.place(*parent)).collect();
        self.places.insert(id, self.nodes.len());
        let GitCommit { tree, time, may_break, .. } = *commit;
        self.nodes.push(CommitNode { id, tree, time, parents, is_silent: !may_break });
    }

    /// These commits and all their ancestors.
    pub(crate) fn reach(&self, starts: &[Place]) -> CommitSet {
        let mut has = vec![false; self.nodes.len()];
        let mut open = starts.to_vec();
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut has[place], true) {
                open.extend(self.nodes[place].parents.iter().filter(|parent| !has[**parent]));
            }
        }
        CommitSet { has }
    }

    /// These commits and all their ancestors, children first, and newer ones before older ones where neither descends
    /// from the other: as `git log --date-order` has them.
    #[expect(clippy::excessive_nesting, reason = "a loop over what may be missing reads best in one place")]
    pub(crate) fn ordered(&self, starts: &[Place]) -> Vec<Place> {
        let reach = self.reach(starts);
        let mut children = vec![0_usize; self.nodes.len()];
        for (_, node) in self.nodes.iter().enumerate().filter(|(place, _)| reach.has(*place)) {
            node.parents.iter().for_each(|parent| children[*parent] += 1);
        }
        let mut queue = BinaryHeap::new();
        let mut put = 0_usize;
        let mut enter = |queue: &mut BinaryHeap<_>, place: Place| {
            queue.push((self.nodes[place].time, Reverse(put), place));
            put += 1;
        };
        let mut tips: Vec<Place> = starts.iter().copied().filter(|start| children[*start] == 0).collect();
        tips.sort_by_key(|tip| Reverse(self.nodes[*tip].time));
        tips.dedup();
        tips.into_iter().for_each(|tip| enter(&mut queue, tip));
        let mut ordered = Vec::with_capacity(self.nodes.len());
        while let Some((_, _, place)) = queue.pop() {
            ordered.push(place);
            for parent in &self.nodes[place].parents {
                children[*parent] -= 1;
                if children[*parent] == 0 {
                    enter(&mut queue, *parent);
                }
            }
        }
        ordered
    }
}

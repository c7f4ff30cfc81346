//! Release commits that were proposed on another branch, and the commits that came to this one meanwhile.
//!
//! A release commit names the commit that it was planned on (`Release-Base`). Whichever way it came to this branch (a
//! merge, a squash, a rebase), the commits between that base and its arrival are in the packages and in nothing that
//! anybody was shown.

use std::collections::HashMap;
use std::collections::HashSet;

use super::tree::all_paths;
use crate::error::Failure;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::names::trailer;
use crate::snapshot::Commit;
use crate::snapshot::Proposal;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::git::read::commit_id;
use crate::tools::git::read::parse_id;

/// The proposals among commits that are not released, newest first.
///
/// # Errors
/// The history cannot be read.
pub(crate) fn read(git: &Checkout, head: Oid, commits: &[Commit]) -> Result<Vec<Proposal>> {
    let ours = commits.iter().filter(|commit| trailer::is_in(&commit.message, trailer::PLAN));
    let ours: Vec<Oid> = ours.filter_map(|commit| parse_id(commit.id.as_str())).collect();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let arrival = Arrival { git, head, history: Ancestry::of(git, head)?, told: None };
    ours.into_iter().map(|commit| arrival.of(commit)).collect()
}

/// A proposal that came as a commit without trailers, as its pull request tells of its base, and all paths that it changes.
///
/// # Errors
/// The history cannot be read.
pub(crate) fn told(
    git: &Checkout,
    head: Oid,
    commit: &CommitId,
    base: &str,
) -> Result<Option<(Proposal, Vec<RepoPath>)>> {
    let (Some(commit), Some(base)) = (parse_id(commit.as_str()), parse_id(base)) else { return Ok(None) };
    if !git.has_commit(base) {
        return Ok(None);
    }
    let arrival = Arrival { git, head, history: Ancestry::of(git, head)?, told: Some((commit, base)) };
    let node = git.node(commit)?;
    let before = node.parents.first().map(|parent| git.node(*parent)).transpose()?.map(|parent| parent.tree);
    Ok(Some((arrival.of(commit)?, all_paths(git, [before, Some(node.tree)])?)))
}

/// The search for the place where a release commit came to the branch.
struct Arrival<'a> {
    git: &'a Checkout,
    head: Oid,
    history: Ancestry,
    /// A commit with the base that its pull request tells.
    told: Option<(Oid, Oid)>,
}

impl Arrival<'_> {
    fn of(&self, commit: Oid) -> Result<Proposal> {
        let history = &self.history;
        let mut newest = commit;
        // A proposal that was brought up to date is a merge of itself with its new state.
        let newer = history.descendants(commit);
        for id in history.order.iter().copied().filter(|id| newer.contains(id) && history.parents(*id).len() == 2) {
            if self.is_on(id, &self.bases(id)?) {
                newest = id;
            }
        }
        let newer = history.descendants(newest);
        let mut arrival = self.head;
        while let Some(parent) = history.parents(arrival).first().filter(|parent| newer.contains(*parent)) {
            arrival = *parent;
        }
        let bases = self.bases(newest)?;
        let before = history.parents(arrival).first().copied();
        let on_its_base = arrival == newest && self.is_on(newest, &bases);
        let (mut late, mut base) = (Vec::new(), None);
        if let Some(before) = before.filter(|_| !on_its_base) {
            let known = bases.iter().filter(|base| history.has(**base));
            let came = known.map(|known| (*known, history.between(*known, before)));
            // A squash has the trailers of every state of the proposal; the last one leaves the least.
            if let Some((known, came)) = came.min_by_key(|(_, came)| came.len()) {
                (base, late) = (Some(known), came);
            }
        } else {
            base = bases.into_iter().next_back();
        }
        let merged = history.parents(arrival).get(1).copied().filter(|merged| newer.contains(merged));
        Ok(Proposal {
            commit: commit_id(commit),
            head: merged.filter(|_| arrival != newest).map(commit_id),
            base: base.map(commit_id),
            late: late.into_iter().map(commit_id).collect(),
            since: history.between(arrival, self.head).into_iter().map(commit_id).collect(),
        })
    }

    /// Whether a commit was made right on one of these, or merges one that was.
    fn is_on(&self, commit: Oid, bases: &[Oid]) -> bool {
        let on = |parents: &[Oid]| bases.iter().any(|base| parents.contains(base));
        let parents = self.history.parents(commit);
        on(parents) || parents.iter().skip(1).any(|parent| on(self.history.parents(*parent)))
    }

    /// What a commit's trailers name as its base.
    fn bases(&self, commit: Oid) -> Result<Vec<Oid>> {
        if let Some((_, base)) = self.told.filter(|(told, _)| *told == commit) {
            return Ok(vec![base]);
        }
        let message = self.git.words(commit)?.message;
        let named = trailer::values(&message, trailer::BASE).filter_map(parse_id);
        Ok(named.filter(|id| self.git.has_commit(*id)).collect())
    }
}

/// A commit and all its ancestors.
struct Ancestry {
    /// Parents before children.
    order: Vec<Oid>,
    parents: HashMap<Oid, Vec<Oid>>,
}

impl Ancestry {
    fn of(git: &Checkout, head: Oid) -> Result<Self> {
        let (mut order, mut parents) = (Vec::new(), HashMap::new());
        let mut done = HashSet::new();
        let mut open = vec![head];
        // A commit is put in when it is met for the second time, below its parents.
        while let Some(id) = open.last().copied() {
            if parents.contains_key(&id) {
                open.pop();
                order.extend(done.insert(id).then_some(id));
                continue;
            }
            let of: Vec<Oid> = git.node(id)?.parents;
            open.extend(of.iter().filter(|parent| !parents.contains_key(*parent)));
            parents.insert(id, of);
        }
        if order.is_empty() {
            return Err(Failure::bug("a commit has no history"));
        }
        Ok(Self { order, parents })
    }

    fn has(&self, id: Oid) -> bool {
        self.parents.contains_key(&id)
    }

    fn parents(&self, id: Oid) -> &[Oid] {
        self.parents.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A commit with all that descend from it.
    fn descendants(&self, of: Oid) -> HashSet<Oid> {
        let mut found = HashSet::from([of]);
        for id in &self.order {
            if self.parents(*id).iter().any(|parent| found.contains(parent)) {
                found.insert(*id);
            }
        }
        found
    }

    /// The commits that `new` has and `old` has not.
    fn between(&self, old: Oid, new: Oid) -> Vec<Oid> {
        let reach = |from: Oid| {
            let (mut found, mut open) = (HashSet::from([from]), vec![from]);
            while let Some(id) = open.pop() {
                open.extend(self.parents(id).iter().copied().filter(|parent| found.insert(*parent)));
            }
            found
        };
        let known = reach(old);
        let new = reach(new);
        self.order.iter().rev().copied().filter(|id| new.contains(id) && !known.contains(id)).collect()
    }
}

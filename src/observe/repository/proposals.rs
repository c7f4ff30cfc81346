//! Release commits that were proposed on another branch, and the commits that came to this one meanwhile.
//!
//! A release commit names the commit that it was planned on (`Release-Base`). Whichever way it came to this branch (a
//! merge, a squash, a rebase), the commits between that base and its arrival are in the packages and in nothing that
//! anybody was shown.

use std::collections::HashMap;
use std::collections::HashSet;

use crate::error::Result;
use crate::names::trailer;
use crate::snapshot::Commit;
use crate::snapshot::Proposal;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Node;
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
    let ids = &git.ancestors(&[head])?;
    ours.into_iter().map(|commit| Arrival { git, head, ids }.of(commit)).collect()
}

/// The search for the place where a release commit came to the branch.
struct Arrival<'a> {
    git: &'a Checkout,
    head: Oid,
    ids: &'a [Oid],
}

impl Arrival<'_> {
    fn of(&self, commit: Oid) -> Result<Proposal> {
        let (newer, nodes) = self.descendants(commit)?;
        let mut newest = self.git.node(commit)?;
        // A proposal that was brought up to date is a merge of itself with its new base.
        for node in nodes.iter().filter(|node| node.parents.len() == 2) {
            let joins = node.parents.iter().any(|parent| newer.contains(parent));
            if joins && self.is_on(node, &self.bases(node.id)?)? {
                newest = Node { id: node.id, tree: node.tree, parents: node.parents.clone() };
            }
        }
        let (newer, _) = if newest.id == commit { (newer, Vec::new()) } else { self.descendants(newest.id)? };
        let mut arrival = self.git.node(self.head)?;
        while let Some(parent) = arrival.parents.first().filter(|parent| newer.contains(*parent)) {
            arrival = self.git.node(*parent)?;
        }
        let bases = self.bases(newest.id)?;
        let here: HashSet<Oid> = self.ids.iter().copied().collect();
        let before = arrival.parents.first().copied();
        let on_its_base = arrival.id == newest.id && self.is_on(&newest, &bases)?;
        let (mut late, mut base) = (Vec::new(), None);
        if let Some(before) = before.filter(|_| !on_its_base) {
            let came = bases
                .iter()
                .filter(|base| here.contains(*base))
                .map(|known| Ok((*known, self.between(*known, before)?)));
            let came: Vec<(Oid, Vec<Oid>)> = came.collect::<Result<_>>()?;
            // A squash has the trailers of every state of the proposal; the last one leaves the least.
            if let Some((known, came)) = came.into_iter().min_by_key(|(_, came)| came.len()) {
                (base, late) = (Some(known), came);
            }
        } else {
            base = bases.into_iter().next_back();
        }
        Ok(Proposal {
            commit: commit_id(commit),
            base: base.map(commit_id),
            late: late.into_iter().map(commit_id).collect(),
            since: self.between(arrival.id, self.head)?.into_iter().map(commit_id).collect(),
        })
    }

    /// Whether a commit was made right on one of these, or merges one that was.
    fn is_on(&self, node: &Node, bases: &[Oid]) -> Result<bool> {
        if bases.iter().any(|base| node.parents.contains(base)) {
            return Ok(true);
        }
        for parent in node.parents.iter().skip(1) {
            let parent = self.git.node(*parent)?;
            if bases.iter().any(|base| parent.parents.contains(base)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The commit with all that descend from it, and those again as nodes, parents first.
    fn descendants(&self, of: Oid) -> Result<(HashSet<Oid>, Vec<Node>)> {
        let (mut found, mut nodes) = (HashSet::from([of]), Vec::new());
        let newer = self.ids.iter().take_while(|id| **id != of);
        for id in newer.collect::<Vec<_>>().into_iter().rev() {
            let node = self.git.node(*id)?;
            if node.parents.iter().any(|parent| found.contains(parent)) {
                found.insert(*id);
                nodes.push(node);
            }
        }
        Ok((found, nodes))
    }

    /// What a commit's trailers name as its base.
    fn bases(&self, commit: Oid) -> Result<Vec<Oid>> {
        let message = self.git.words(commit)?.message;
        let named = trailer::values(&message, trailer::BASE).filter_map(parse_id);
        Ok(named.filter(|id| self.git.has_commit(*id)).collect())
    }

    /// The commits that `new` has and `old` has not.
    fn between(&self, old: Oid, new: Oid) -> Result<Vec<Oid>> {
        if old == new {
            return Ok(Vec::new());
        }
        let known: HashMap<Oid, ()> = self.git.ancestors(&[old])?.into_iter().map(|id| (id, ())).collect();
        let all = self.git.ancestors(&[new])?;
        Ok(all.into_iter().filter(|id| !known.contains_key(id)).collect())
    }
}

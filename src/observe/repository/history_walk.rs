//! The walk over the commits since the last releases: whose directories each commit touched.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::attribute;
use super::attribute::Changes;
use super::attribute::Task;
use super::graph::CommitGraph;
use super::graph::CommitNode;
use super::graph::Place;
use super::history::Changed;
use super::history::PackageWalk;
use super::moves;
use super::notes::CommittedNotes;
use super::tree::all_paths;
use crate::commit_message::Change;
use crate::commit_message::CommitMessage;
use crate::error::Result;
use crate::names::RepoPath;
use crate::names::trailer;
use crate::snapshot::Commit;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::git::read::commit_id;

pub(super) struct Walk<'a> {
    pub(super) git: &'a Checkout,
    pub(super) graph: &'a CommitGraph,
    pub(super) lines: &'a [PackageWalk],
    pub(super) notes: &'a CommittedNotes,
    /// The merges whose messages say that something breaks: the title of a pull request may be the only one to say so.
    pub(super) breaking: &'a BTreeSet<Place>,
}

/// Whether the message of a commit says that something breaks.
pub(super) fn says_that_it_breaks(git: &Checkout, commit: Oid) -> Result<bool> {
    Ok(CommitMessage::of(&git.words(commit)?.message).changes().any(Change::is_breaking))
}

impl Walk<'_> {
    /// The commit, where it changes a package that it is not released for.
    pub(super) fn commit(&self, task: &Task, changes: Changes) -> Result<Option<Commit>> {
        let node = self.graph.node(task.commit);
        let parents = attribute::parent_trees(self.graph, node);
        if self.breaking.contains(&task.commit)
            && let Some(packages) = self.brought(task, &parents)?
        {
            return self.told(node, &parents, packages).map(Some);
        }
        if changes.is_empty() {
            return self.without_changes(task, &parents);
        }
        let mut packages = [Changed::new(), Changed::new()];
        for (member, mut paths) in changes {
            let line = &self.lines[member];
            self.after_the_move(line, (node.tree, parents[0]), &mut paths)?;
            if !paths.is_empty() {
                packages[usize::from(line.is_in_pre_release(task.commit))].insert(line.package.clone(), paths);
            }
        }
        if packages.iter().all(BTreeMap::is_empty) {
            return Ok(None);
        }
        self.told(node, &parents, packages).map(Some)
    }

    /// The packages that a merge brought changes to.
    fn brought(&self, task: &Task, parents: &[Option<Oid>]) -> Result<Option<[Changed; 2]>> {
        let node = self.graph.node(task.commit);
        let mut packages = [Changed::new(), Changed::new()];
        for path in all_paths(self.git, [parents[0], Some(node.tree)])? {
            let holders = self.lines.iter().enumerate().filter(|(_, line)| path.is_in(&line.dir));
            let Some((member, line)) = holders.max_by_key(|(_, line)| line.dir.as_str().len()) else { continue };
            if task.wanted.contains(member) {
                let of = &mut packages[usize::from(line.is_in_pre_release(task.commit))];
                of.entry(line.package.clone()).or_default().push(path);
            }
        }
        Ok(packages.iter().any(|of| !of.is_empty()).then_some(packages))
    }

    /// The commit, where it changes nothing and asks for a version of a package that it is not released for.
    fn without_changes(&self, task: &Task, parents: &[Option<Oid>]) -> Result<Option<Commit>> {
        let node = self.graph.node(task.commit);
        if *parents != [Some(node.tree)] {
            return Ok(None);
        }
        let packages: Vec<_> = self.lines.iter().map(|line| (&line.package, &line.dir)).collect();
        let message = self.git.words(node.id)?.message;
        let Some(name) = moves::addressed(&message, &packages) else { return Ok(None) };
        let Some(member) = self.lines.iter().position(|line| line.package == *name) else { return Ok(None) };
        if !task.wanted.contains(member) {
            return Ok(None);
        }
        let pre = self.lines[member].is_in_pre_release(task.commit);
        let mut packages = [Changed::new(), Changed::new()];
        packages[usize::from(pre)].insert(name.clone(), Vec::new());
        self.told(node, parents, packages).map(Some)
    }

    /// Which of these places has a manifest in a tree, the first of several.
    fn place_in(&self, tree: Oid, places: &[&RepoPath]) -> Result<Option<usize>> {
        for (at, place) in places.iter().enumerate() {
            if self.git.tree_holds(tree, &place.join("Cargo.toml"))? {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Leaves out what changed where a package lay before, once it had moved away, and what the move itself left as it was.
    fn after_the_move(
        &self,
        line: &PackageWalk,
        (tree, parent): (Oid, Option<Oid>),
        paths: &mut Vec<RepoPath>,
    ) -> Result<()> {
        let Some(parent) = parent.filter(|_| !line.former.is_empty()) else { return Ok(()) };
        let places: Vec<&RepoPath> = std::iter::once(&line.dir).chain(&line.former).collect();
        let Some(before) = self.place_in(parent, &places)? else { return Ok(()) };
        let since = &places[..=before];
        paths.retain(|path| since.iter().any(|dir| path.is_in(dir)) || line.outside.contains(path));
        let Some(now) = self.place_in(tree, &places)?.filter(|now| *now != before) else { return Ok(()) };
        let trees = [self.git.subtree(parent, places[before])?, self.git.subtree(tree, places[now])?];
        let changed = all_paths(self.git, trees)?;
        paths.retain(|path| {
            let below = [now, before].into_iter().find_map(|place| path.below(places[place]));
            below.is_none_or(|below| changed.iter().any(|path| path.as_str() == below))
        });
        Ok(())
    }

    fn told(
        &self,
        node: &CommitNode,
        parents: &[Option<Oid>],
        [packages, in_pre_release]: [Changed; 2],
    ) -> Result<Commit> {
        let words = self.git.words(node.id)?;
        let ours = trailer::is_in(&words.message, trailer::PLAN);
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
            credit: None,
            all_paths: if ours { all_paths(self.git, [parents[0], Some(node.tree)])? } else { Vec::new() },
        })
    }
}

//! The texts of the release, as they change: a layer over the texts of the snapshot, and the edits that lead there.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::value::Edit;
use crate::error::Result;
use crate::manifest;
use crate::names::Digest;
use crate::names::RepoPath;
use crate::snapshot::Snapshot;

/// Texts that change step by step.
pub(super) struct Texts<'a> {
    snapshot: &'a Snapshot,
    now: BTreeMap<RepoPath, String>,
    /// What each text was when the last edits were taken.
    taken: BTreeMap<RepoPath, String>,
    changed: BTreeSet<RepoPath>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, now: BTreeMap::new(), taken: BTreeMap::new(), changed: BTreeSet::new() }
    }

    /// The text as it is by now; none where there is no such file.
    pub(super) fn get(&self, path: &RepoPath) -> Option<&str> {
        self.now.get(path).or_else(|| self.snapshot.workspace.texts.get(path)).map(String::as_str)
    }

    /// Gives a file another text.
    pub(super) fn set(&mut self, path: &RepoPath, text: String) {
        if self.get(path) != Some(text.as_str()) {
            self.now.insert(path.clone(), text);
            self.changed.insert(path.clone());
        }
    }

    /// All texts that are not as in the snapshot: path, before (empty where there is no file), now.
    pub(super) fn changed(&self) -> impl Iterator<Item = (RepoPath, String, String)> {
        self.now.iter().filter_map(|(path, now)| {
            let before = self.snapshot.workspace.texts.get(path);
            let differs = before != Some(now);
            differs.then(|| (path.clone(), before.cloned().unwrap_or_default(), now.clone()))
        })
    }

    /// The edits since they were last taken, by path.
    pub(super) fn take_edits(&mut self) -> Result<Vec<Edit>> {
        let mut edits = Vec::new();
        for path in std::mem::take(&mut self.changed) {
            let before = self.taken.get(&path).or_else(|| self.snapshot.workspace.texts.get(&path));
            let Some(after) = self.now.get(&path) else { continue };
            if before == Some(after) {
                continue;
            }
            let digest = |text: &String| Digest::of(text.as_bytes());
            let splices = manifest::between(before.map_or("", String::as_str), after);
            edits.push(Edit { path: path.clone(), before: before.map(digest), after: digest(after), splices });
            self.taken.insert(path, after.clone());
        }
        Ok(edits)
    }
}

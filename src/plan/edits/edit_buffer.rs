//! The texts of the release, as they change: a layer over the texts of the snapshot, and the edits that lead there.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::Result;
use crate::manifest;
use crate::manifest::Manifest;
use crate::manifest::Manifests;
use crate::names::Digest;
use crate::names::RepoPath;
use crate::plan::step::Edit;
use crate::snapshot::Snapshot;

/// Texts that change step by step.
pub(crate) struct EditBuffer<'a> {
    snapshot: &'a Snapshot,
    /// None for a file that goes.
    now: BTreeMap<RepoPath, Option<Arc<String>>>,
    /// What each text was when the last edits were taken.
    taken: BTreeMap<RepoPath, Option<Arc<String>>>,
    changed: BTreeSet<RepoPath>,
    /// Manifests that are not as in the snapshot.
    edited: Manifests,
}

impl<'a> EditBuffer<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            now: BTreeMap::new(),
            taken: BTreeMap::new(),
            changed: BTreeSet::new(),
            edited: Manifests::default(),
        }
    }

    /// The text as it is by now; none where there is no such file. Links are followed: what they lead to is one text.
    pub(crate) fn get(&self, path: &RepoPath) -> Option<&str> {
        let path = &self.snapshot.repository.followed(path);
        let now = self.now.get(path).map(|now| now.as_deref().map(String::as_str));
        now.unwrap_or_else(|| self.snapshot.workspace.texts.get(path).map(String::as_str))
    }

    /// The file that a path leads to: itself, or what a link names.
    pub(crate) fn file(&self, path: &RepoPath) -> RepoPath {
        self.snapshot.repository.followed(path)
    }

    /// Gives a file another text.
    pub(crate) fn set(&mut self, path: &RepoPath, text: String) {
        let path = &self.snapshot.repository.followed(path);
        if self.get(path) != Some(text.as_str()) {
            self.now.insert(path.clone(), Some(Arc::new(text)));
            self.changed.insert(path.clone());
        }
    }

    /// The manifest as it is by now; an empty one where there is no such file.
    ///
    /// # Errors
    /// It does not parse.
    pub(crate) fn manifest(&self, path: &RepoPath) -> Result<Arc<Manifest>> {
        let original = self.snapshot.workspace.manifest(path)?;
        match self.get(path).unwrap_or_default() {
            text if text == original.text() => Ok(original),
            text => self.edited.get(path, text, || original.with(text)),
        }
    }

    /// Gives a manifest another text, which is parsed already.
    pub(crate) fn set_manifest(&mut self, manifest: Manifest) {
        self.set(manifest.path(), manifest.text().to_owned());
        self.edited.put(manifest);
    }

    /// Takes a file away.
    pub(crate) fn remove(&mut self, path: &RepoPath) {
        let path = &self.snapshot.repository.followed(path);
        if self.get(path).is_some() {
            self.now.insert(path.clone(), None);
            self.changed.insert(path.clone());
        }
    }

    /// All texts that are not as in the snapshot: path, before (empty where there is no file), now.
    pub(crate) fn changed(&self) -> impl Iterator<Item = (RepoPath, String, String)> {
        self.now.iter().filter_map(|(path, now)| {
            let before = self.snapshot.workspace.texts.get(path);
            let text = |text: Option<&String>| text.cloned().unwrap_or_default();
            (before != now.as_deref()).then(|| (path.clone(), text(before), text(now.as_deref())))
        })
    }

    /// The edits since they were last taken, by path.
    pub(crate) fn take_edits(&mut self) -> Result<Vec<Edit>> {
        let mut edits = Vec::new();
        for path in std::mem::take(&mut self.changed) {
            let original = || self.snapshot.workspace.texts.get(&path);
            let before = self.taken.get(&path).map_or_else(original, |taken| taken.as_deref());
            let Some(after) = self.now.get(&path) else { continue };
            if before == after.as_deref() {
                continue;
            }
            let digest = |text: &String| Digest::of(text.as_bytes());
            let splices =
                manifest::between(before.map_or("", String::as_str), after.as_deref().map_or("", String::as_str));
            let (before, after_it) = (before.map(digest), after.as_deref().map(digest));
            edits.push(Edit { path: path.clone(), before, after: after_it, splices });
            self.taken.insert(path, after.clone());
        }
        Ok(edits)
    }
}

//! Manifests that are parsed already, so that nobody parses one again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use super::document::Manifest;
use crate::error::Result;
use crate::names::RepoPath;

/// Manifests by path, each parsed when it is first asked for. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Manifests(Arc<Mutex<BTreeMap<RepoPath, Arc<Manifest>>>>);

impl Manifests {
    /// The manifest with this text, and `parse` for the first who asks for it.
    ///
    /// # Errors
    /// It does not parse.
    pub(crate) fn get(
        &self,
        path: &RepoPath,
        text: &str,
        parse: impl FnOnce() -> Result<Manifest>,
    ) -> Result<Arc<Manifest>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(known) = known.filter(|known| known.text() == text) {
            return Ok(known);
        }
        Ok(self.put(parse()?))
    }

    /// Keeps a manifest for those who ask later.
    pub(crate) fn put(&self, manifest: Manifest) -> Arc<Manifest> {
        let manifest = Arc::new(manifest);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(manifest.path().clone(), Arc::clone(&manifest));
        manifest
    }
}

/// What was parsed follows from the texts: it is no part of what a workspace is.
impl PartialEq for Manifests {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The manifests that were parsed, on whatever thread.
#[cfg(test)]
static PARSED: Mutex<Vec<RepoPath>> = Mutex::new(Vec::new());

/// Notes that a text of this manifest is parsed.
#[cfg(test)]
pub(super) fn count(path: &RepoPath) {
    PARSED.lock().unwrap().push(path.clone());
}

/// How many texts of manifests below a directory were parsed.
#[cfg(test)]
pub(crate) fn parses_below(dir: &RepoPath) -> usize {
    PARSED.lock().unwrap().iter().filter(|path| path.is_in(dir)).count()
}

//! What can be read of the repository before cargo has said where the workspace is: begun at once, on another thread, and
//! used where it turns out to be about the same checkout.

use std::path::PathBuf;
use std::thread;
use std::thread::JoinHandle;

use super::history_cache::Kept;
use super::state;
use crate::error::Result;
use crate::snapshot::DirtyFile;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Head;
use crate::tools::system::environment::Environment;

/// What is being read.
pub(crate) struct Ahead {
    commits: JoinHandle<Option<Commits>>,
    dirty: JoinHandle<Option<(PathBuf, Vec<DirtyFile>)>>,
}

struct Commits {
    root: PathBuf,
    head: Head,
    kept: Kept,
}

impl Ahead {
    /// Begins with the checkout that the manifest, or else the current directory, lies in.
    pub(crate) fn begin(environment: &Environment, manifest: Option<&PathBuf>) -> Self {
        let directory = match manifest {
            Some(manifest) => environment.directory().join(manifest).parent().map(PathBuf::from).unwrap_or_default(),
            None => environment.directory().to_owned(),
        };
        let there = directory.clone();
        let commits = thread::spawn(move || {
            let checkout = Checkout::discover(&there).ok()?;
            let head = checkout.head().ok()?;
            let mut kept = Kept::read(&checkout);
            kept.graph.extend(&checkout, &[head.commit]).ok()?;
            Some(Commits { root: checkout.root().to_owned(), head, kept })
        });
        let dirty = thread::spawn(move || {
            let root = Checkout::discover(&directory).ok()?.root().to_owned();
            let dirty = state::dirty(&root).ok()?;
            Some((root, dirty))
        });
        Self { commits, dirty }
    }

    /// What was read, where it is about this checkout. What is missing, for whatever reason, is read by who needs it, and
    /// fails there in its own words.
    pub(crate) fn end(self, checkout: &Checkout, head: &Head) -> ReadAhead {
        let commits = self.commits.join().ok().flatten();
        let commits = commits.filter(|found| found.root == checkout.root() && found.head.commit == head.commit);
        let dirty = self.dirty.join().ok().flatten().filter(|(root, _)| root == checkout.root());
        ReadAhead { kept: commits.map(|found| found.kept), dirty: dirty.map(|(_, dirty)| dirty) }
    }
}

/// What was read ahead.
#[derive(Default)]
pub(crate) struct ReadAhead {
    kept: Option<Kept>,
    dirty: Option<Vec<DirtyFile>>,
}

impl ReadAhead {
    /// What is known of commits.
    pub(crate) fn kept(&mut self, checkout: &Checkout) -> Kept {
        self.kept.take().unwrap_or_else(|| Kept::read(checkout))
    }

    /// The files that are not as in the head.
    ///
    /// # Errors
    /// `git` cannot be started, or fails.
    pub(crate) fn dirty(&mut self, checkout: &Checkout) -> Result<Vec<DirtyFile>> {
        self.dirty.take().map_or_else(|| state::dirty(checkout.root()), Ok)
    }
}

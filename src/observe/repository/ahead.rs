//! What can be read of the repository before cargo has said where the workspace is: begun at once, on another thread, and
//! used where it turns out to be about the same checkout.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::thread::JoinHandle;

use super::history_cache::Kept;
use super::state;
use crate::error::Failure;
use crate::error::Result;
use crate::names::TagName;
use crate::snapshot::DirtyFile;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Head;
use crate::tools::git::read::Inventory;
use crate::tools::git::read::Oid;
use crate::tools::system::environment::Environment;

/// What is being read.
pub(crate) struct Ahead {
    commits: JoinHandle<Option<Commits>>,
    dirty: JoinHandle<Option<Files>>,
}

/// What the repository says of its commits before anybody knows where the workspace is.
pub(crate) struct Commits {
    root: PathBuf,
    head: Head,
    /// What was found out about commits before, with the graph from the head.
    pub(crate) kept: Kept,
    /// All tags.
    pub(crate) tags: BTreeMap<TagName, Oid>,
    /// The manifests and the links of the head.
    pub(crate) inventory: Inventory,
}

impl Commits {
    fn read(checkout: &Checkout, head: Head) -> Result<Self> {
        let (again, commit) = (checkout.again()?, head.commit);
        thread::scope(|scope| {
            let inventory = scope.spawn(move || again.inventory(commit));
            let mut kept = Kept::read(checkout);
            let references = checkout.tag_references()?;
            let tagged = references.iter().filter_map(|tag| tag.target_peel().or_else(|| tag.target()));
            kept.graph.read_all(checkout, head.commit, tagged)?;
            let tags = checkout.tags(references, &mut kept)?;
            let inventory = inventory.join().map_err(|_panic| Failure::bug("a thread that lists files panicked"))??;
            Ok(Self { root: checkout.root().to_owned(), head, kept, tags, inventory })
        })
    }
}

struct Files {
    root: PathBuf,
    dirty: Vec<DirtyFile>,
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
            // What a partial clone left out is fetched when it is known that it is needed, and that the network may be used.
            let head = checkout.head().ok().filter(|_| checkout.is_whole())?;
            Commits::read(&checkout, head).ok()
        });
        let dirty = thread::spawn(move || {
            let root = Checkout::discover(&directory).ok()?.root().to_owned();
            let dirty = state::dirty(&root).ok()?;
            Some(Files { root, dirty })
        });
        Self { commits, dirty }
    }

    /// What is known of commits, and what will be of files. What is missing, for whatever reason, or is about another
    /// checkout, is read now.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn end(ahead: Option<Self>, checkout: &Checkout, head: &Head) -> Result<(Commits, AheadFiles)> {
        let (commits, dirty) = ahead.map(|ahead| (ahead.commits, ahead.dirty)).unzip();
        let commits = commits.and_then(|commits| commits.join().ok().flatten());
        let commits = commits.filter(|found| found.root == checkout.root() && found.head.commit == head.commit);
        let commits = commits.map_or_else(|| Commits::read(checkout, head.clone()), Ok)?;
        Ok((commits, AheadFiles { dirty }))
    }
}

/// The files that are not as in the head, as they are being read.
pub(crate) struct AheadFiles {
    dirty: Option<JoinHandle<Option<Files>>>,
}

impl AheadFiles {
    /// The files that are not as in the head.
    ///
    /// # Errors
    /// `git` cannot be started, or fails.
    pub(crate) fn dirty(self, checkout: &Checkout) -> Result<Vec<DirtyFile>> {
        let read = self.dirty.and_then(|dirty| dirty.join().ok().flatten());
        let read = read.filter(|read| read.root == checkout.root());
        read.map_or_else(|| state::dirty(checkout.root()), |read| Ok(read.dirty))
    }
}

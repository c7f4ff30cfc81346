//! Where a release keeps what is its own: under the directory that all worktrees of the repository share.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::names::RepoPath;
use crate::tools::system::files;

/// The directory of one workspace's releases.
#[derive(Clone, Debug)]
pub(crate) struct StateDir {
    dir: PathBuf,
}

impl StateDir {
    /// The room of the workspace at that place in the repository.
    pub(crate) fn of(git_common_dir: &Path, workspace: &RepoPath) -> Self {
        let key = match workspace.as_str() {
            "" => "root".to_owned(),
            path => format!("at-{}", path.replace('%', "%25").replace('/', "%2F")),
        };
        Self { dir: git_common_dir.join("cargo-release").join(key) }
    }

    /// Makes the directory.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn make(&self) -> Result<()> {
        files::make_own_dir(&self.dir)
    }

    /// The directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The journal of the release that is open.
    pub(crate) fn journal(&self) -> PathBuf {
        self.dir.join("journal.jsonl")
    }

    /// The journal of the release before.
    pub(crate) fn last_journal(&self) -> PathBuf {
        self.dir.join("last.jsonl")
    }

    /// Where a journal that cannot be read is kept.
    pub(crate) fn broken_journal(&self, moment: &str) -> PathBuf {
        self.dir.join(format!("broken-{moment}.jsonl"))
    }

    /// The scratch worktree.
    pub(crate) fn stage(&self) -> PathBuf {
        self.dir.join("stage")
    }

    /// The verified archives.
    pub(crate) fn archives(&self) -> PathBuf {
        self.dir.join("archives")
    }

    /// Cargo's home while packages are packed on top of each other.
    pub(crate) fn overlay(&self) -> PathBuf {
        self.dir.join("overlay")
    }

    /// What the checksum gate reads before an upload, and what it leaves.
    pub(crate) fn passes(&self) -> PathBuf {
        self.dir.join("passes")
    }

    /// The `Cargo.lock` of a release whose workspace commits none.
    pub(crate) fn lockfile(&self) -> PathBuf {
        self.dir.join("Cargo.lock")
    }

    /// What the API check compares.
    pub(crate) fn api(&self) -> PathBuf {
        self.dir.join("api")
    }

    /// The file that is locked while a release runs.
    pub(crate) fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }
}

//! Where a release keeps what is its own: under the directory that all worktrees of the repository share.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::names::RepoPath;
use crate::tools::system::files;

/// The directory of one workspace's releases.
#[derive(Clone, Debug)]
pub struct StateDir {
    dir: PathBuf,
}

impl StateDir {
    /// The room of the workspace at that place in the repository.
    pub fn of(git_common_dir: &Path, workspace: &RepoPath) -> Self {
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
    pub fn make(&self) -> Result<()> {
        files::make_own_dir(&self.dir)
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The journal of the release that is open.
    pub fn journal(&self) -> PathBuf {
        self.dir.join("journal.jsonl")
    }

    /// The journal of the release before.
    pub fn last_journal(&self) -> PathBuf {
        self.dir.join("last.jsonl")
    }

    /// Where a journal that cannot be read is kept.
    pub fn broken_journal(&self, moment: &str) -> PathBuf {
        self.dir.join(format!("broken-{moment}.jsonl"))
    }

    /// The scratch worktree.
    pub fn stage(&self) -> PathBuf {
        self.dir.join("stage")
    }

    /// The verified archives.
    pub fn archives(&self) -> PathBuf {
        self.dir.join("archives")
    }

    /// What the checksum gate is told before an upload, and what it leaves.
    pub fn passes(&self) -> PathBuf {
        self.dir.join("passes")
    }

    /// The `Cargo.lock` of a release whose workspace commits none.
    pub fn lockfile(&self) -> PathBuf {
        self.dir.join("Cargo.lock")
    }

    /// What the API check compares.
    pub fn api(&self) -> PathBuf {
        self.dir.join("api")
    }

    /// The file that is locked while a release runs.
    pub fn lock(&self) -> PathBuf {
        self.dir.join("lock")
    }
}

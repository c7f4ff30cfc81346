//! What a sparse checkout leaves out, and how large a commit is when it is laid whole.

use super::cli::Git;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::RepoPath;

impl Git {
    /// The root of the working tree; none outside of one.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn top_level(&self) -> Result<Option<String>> {
        let output = self.program(&["rev-parse", "--show-toplevel"]).run()?;
        Ok(output.success().then(|| output.text()))
    }

    /// The files of the index that a sparse checkout leaves out, from the root of the working tree, where this has to be.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn left_out(&self) -> Result<Vec<RepoPath>> {
        let listed = self.succeed(&["ls-files", "-t", "-z"])?;
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        Ok(text.split('\0').filter_map(|line| line.strip_prefix("S ")).map(RepoPath::from).collect())
    }

    /// Whether a sparse checkout is told by directories, not by patterns.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn is_cone(&self) -> Result<bool> {
        Ok(self.program(&["config", "--type=bool", "--get", "core.sparseCheckoutCone"]).run()?.text() == "true")
    }

    /// How many bytes the files of a commit take.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn bytes_of(&self, commit: &CommitId) -> Result<u64> {
        let listed = self.succeed(&["ls-tree", "-r", "--format=%(objectsize)", commit.as_str()])?.text();
        Ok(listed.lines().filter_map(|size| size.parse::<u64>().ok()).sum())
    }
}

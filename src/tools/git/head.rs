//! What single steps and hooks need of the `git` program: where the head of a working tree points, and commits of what
//! git knows already.

use super::cli::Git;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RepoPath;

impl Git {
    /// Lets the head of this working tree name a branch, which is checked out elsewhere too; nothing else moves.
    ///
    /// # Errors
    /// git refuses.
    pub(crate) fn attach(&self, branch: &BranchName) -> Result<()> {
        self.succeed(&["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]).map(drop)
    }

    /// Lets the head of this working tree name a commit and no branch; nothing else moves.
    ///
    /// # Errors
    /// git refuses.
    pub(crate) fn detach(&self, commit: &CommitId) -> Result<()> {
        self.succeed(&["update-ref", "--no-deref", "HEAD", commit.as_str()]).map(drop)
    }

    /// Where the head of this working tree was last moved to from here, as its own log says; `None` without one.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn last_moved_to(&self) -> Result<Option<CommitId>> {
        let output = self.program(&["log", "--walk-reflogs", "--max-count=1", "--format=%H", "HEAD"]).run()?;
        let said = output.text();
        Ok((output.success() && !said.is_empty()).then(|| CommitId::from(said)))
    }

    /// Commits what git knows and what differs in this working tree, as `git commit --all` does.
    ///
    /// # Errors
    /// There is nothing to commit, a hook refuses, or signing fails.
    pub(crate) fn commit_known(&self, message: &str, sign: bool) -> Result<CommitId> {
        let sign: &[&str] = if sign { &["--gpg-sign"] } else { &[] };
        let arguments = [&["commit", "--quiet", "--all", "--cleanup=whitespace", "--file=-"], sign].concat();
        self.program(&arguments).input(message).succeed()?;
        self.commit_of("HEAD")?.ok_or_else(|| Failure::bug("a commit was made and `HEAD` names none"))
    }

    /// The text of a file in a commit; `None` where it has none, or no text.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn text_at(&self, commit: &CommitId, path: &RepoPath) -> Result<Option<String>> {
        let output = self.program(&["show", "--no-textconv", &format!("{commit}:{path}")]).run()?;
        Ok(String::from_utf8(output.stdout.clone()).ok().filter(|_| output.success()))
    }

    /// The paths that `HEAD` changes since it parted from a revision.
    ///
    /// # Errors
    /// There is no such revision, or no commit that both come from.
    pub(crate) fn changed_since(&self, revision: &str) -> Result<Vec<RepoPath>> {
        let range = format!("{revision}...HEAD");
        let said = self.succeed(&["diff", "--name-only", "--no-renames", "-z", &range, "--"]).map_err(|refused| {
            Failure::unplannable(format!("cannot determine what changed since `{revision}`"))
                .because(refused.to_string())
                .help("fetch enough history: in CI, set `fetch-depth: 0`")
        })?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        Ok(text.split('\0').filter(|path| !path.is_empty()).map(RepoPath::from).collect())
    }
}

//! What the `git` program changes: the worktree of the stage, commits, branches and tags, here and on a remote.

use std::path::Path;

use super::cli::Git;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::tools::system::files;

impl Git {
    /// The newest commit of `base..tip` whose trailer of that key has that value.
    ///
    /// # Errors
    /// git cannot list the commits.
    pub(crate) fn commit_with_trailer(
        &self,
        base: &CommitId,
        tip: &str,
        trailer: (&str, &str),
    ) -> Result<Option<CommitId>> {
        let (key, value) = trailer;
        let format = format!("--format=%H %(trailers:key={key},valueonly,separator=%x2C)");
        let said = self.succeed(&["log", &format, "--end-of-options", &format!("{base}..{tip}")])?.text();
        let found = said.lines().filter_map(|line| line.split_once(' ')).find(|(_, found)| found.trim() == value);
        Ok(found.map(|(id, _)| CommitId::from(id)))
    }

    /// Adds a worktree with a detached head, locked against pruning.
    ///
    /// # Errors
    /// git refuses.
    pub(crate) fn add_worktree(&self, dir: &Path, commit: &CommitId) -> Result<()> {
        let path = dir.to_string_lossy();
        let reason = "a release is in progress here";
        let git = self.clone().staging().without_hooks();
        git.succeed(&["worktree", "add", "--quiet", "--lock", "--reason", reason, "--detach", &path, commit.as_str()])?;
        git.elsewhere(dir).stays_whole()
    }

    /// Keeps programs that are started here, hooks for one, from taking this worktree for a sparse one as well.
    fn stays_whole(&self) -> Result<()> {
        let says = |key: &str| -> Result<bool> {
            Ok(self.program(&["config", "--worktree", "--type=bool", "--get", key]).run()?.text() == "true")
        };
        let keeps_its_own = self.program(&["config", "--type=bool", "--get", "extensions.worktreeConfig"]).run()?;
        if keeps_its_own.text() != "true" {
            return Ok(());
        }
        for key in ["core.sparseCheckout", "index.sparse"] {
            if says(key)? {
                self.succeed(&["config", "--worktree", key, "false"])?;
            }
        }
        Ok(())
    }

    /// Makes a directory hold the files of a commit and no others of git's, without being a working tree of the
    /// repository: `index` remembers what is there, so that a file that stays as it is stays untouched.
    ///
    /// # Errors
    /// The commit cannot be read, or a file cannot be written.
    pub(crate) fn extract(&self, commit: &CommitId, dir: &Path, index: &Path) -> Result<()> {
        files::make_dir(dir)?;
        let work_tree = format!("--work-tree={}", dir.display());
        let arguments = ["-c", "core.sparseCheckout=false", &work_tree, "read-tree", "--reset", "-u", commit.as_str()];
        // Large files that live elsewhere are no source code.
        let program = self.program(&arguments).env("GIT_INDEX_FILE", index).env("GIT_LFS_SKIP_SMUDGE", "1");
        program.succeed().map(drop)
    }

    /// Removes a worktree of ours with everything in it; also one whose directory is gone.
    ///
    /// # Errors
    /// The directory cannot be removed.
    pub(crate) fn remove_worktree(&self, dir: &Path) -> Result<()> {
        let path = dir.to_string_lossy();
        // A locked worktree wants the flag twice. It may be half made: then git knows nothing of it.
        let output = self.program(&["worktree", "remove", "--force", "--force", &path]).run()?;
        files::remove(dir)?;
        if !output.success() {
            self.program(&["worktree", "unlock", &path]).run()?;
            self.succeed(&["worktree", "prune"])?;
        }
        Ok(())
    }

    /// Commits everything that differs in this working tree, as the user's own `git commit` would.
    ///
    /// # Errors
    /// There is nothing to commit, a hook refuses, or signing fails.
    pub(crate) fn commit_all(
        &self,
        planned: &[RepoPath],
        message: &str,
        trailers: &[String],
        sign: bool,
    ) -> Result<CommitId> {
        self.succeed(&["add", "--all"])?;
        // What the plan writes is committed though the user ignores files of that name.
        let there = planned.iter().filter(|path| self.dir().join(path.as_str()).exists());
        let there: String = there.map(|path| format!(":(top,literal){path}\0")).collect();
        self.program(&["add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"]).input(there).succeed()?;
        let sign: &[&str] = if sign { &["--gpg-sign"] } else { &[] };
        let trailers: Vec<&str> = trailers.iter().flat_map(|trailer| ["--trailer", trailer]).collect();
        let arguments =
            [&["commit", "--quiet", "--cleanup=whitespace", "--file=-"], trailers.as_slice(), sign].concat();
        self.program(&arguments).input(message).succeed()?;
        // What a hook left beside the commit is not released, and cargo would refuse to pack with it.
        let git = self.clone().without_hooks();
        git.succeed(&["reset", "--quiet", "--hard"])?;
        git.succeed(&["clean", "--quiet", "-d", "--force"])?;
        self.commit_of("HEAD")?.ok_or_else(|| Failure::bug("a commit was made and `HEAD` names none"))
    }

    /// Checks a submodule out at the commit that is wanted here, cloned from a checkout of it on this machine.
    ///
    /// # Errors
    /// That checkout has not got the commit.
    pub(crate) fn fill_submodule(&self, name: &str, path: &str, source: &Path) -> Result<()> {
        let local = self.clone().without_hooks().with_setting(format!("submodule.{name}.url={}", source.display()));
        // git clones submodules from this machine only where it is told that it may; this one is the user's own.
        let local = local.with_setting("protocol.file.allow=always".to_owned());
        let local = local.with_setting(format!("submodule.{name}.update=checkout"));
        local.succeed(&["submodule", "--quiet", "update", "--init", "--checkout", "--", path])?;
        Ok(())
    }

    /// Fast-forwards the branch that is checked out. Without `--no-overwrite-ignore` git would overwrite an ignored
    /// file of the user's in silence.
    ///
    /// # Errors
    /// It is no fast-forward, or a file is in the way.
    pub(crate) fn fast_forward(&self, commit: &CommitId) -> Result<()> {
        self.succeed(&["merge", "--quiet", "--ff-only", "--no-overwrite-ignore", commit.as_str()])?;
        Ok(())
    }

    /// Moves a branch that is not checked out from one commit to another.
    ///
    /// # Errors
    /// It is not where it was expected.
    pub(crate) fn move_branch(&self, branch: &BranchName, from: &CommitId, to: &CommitId) -> Result<()> {
        let branch = format!("refs/heads/{branch}");
        self.succeed(&["update-ref", &branch, to.as_str(), from.as_str()])?;
        Ok(())
    }

    /// Puts the branch that is checked out back to a commit, keeping every local change.
    ///
    /// # Errors
    /// A local change is in the way.
    pub(crate) fn put_back(&self, commit: &CommitId) -> Result<()> {
        self.succeed(&["reset", "--quiet", "--keep", commit.as_str()])?;
        Ok(())
    }

    /// Asks whether [`Git::put_back`] would succeed, and changes nothing.
    ///
    /// # Errors
    /// A local change is in the way.
    pub(crate) fn could_put_back(&self, commit: &CommitId) -> Result<()> {
        // Only refreshes what git remembers of files; that some differ is no news here.
        self.program(&["update-index", "-q", "--refresh"]).run()?;
        self.succeed(&["read-tree", "-m", "-u", "--dry-run", "HEAD", commit.as_str()])?;
        Ok(())
    }

    /// Makes a tag: annotated with the message as it is (git would take `## …` lines for comments), signed where asked,
    /// lightweight where the message is empty. Never moves one.
    ///
    /// # Errors
    /// There is one of that name, or signing fails.
    pub(crate) fn tag(&self, tag: &TagName, commit: &CommitId, message: &str, sign: bool) -> Result<()> {
        if message.is_empty() && !sign {
            self.succeed(&["tag", "--no-sign", "--", tag.as_str(), commit.as_str()])?;
            return Ok(());
        }
        let kind = if sign { "--sign" } else { "--annotate" };
        let arguments = ["tag", kind, "--cleanup=verbatim", "--file=-", "--", tag.as_str(), commit.as_str()];
        self.program(&arguments).input(message).succeed()?;
        Ok(())
    }

    /// Deletes a local tag.
    ///
    /// # Errors
    /// There is none of that name.
    pub(crate) fn delete_tag(&self, tag: &TagName) -> Result<()> {
        self.succeed(&["tag", "--delete", "--", tag.as_str()])?;
        Ok(())
    }

    /// Pushes these refspecs together or not at all, never by force.
    ///
    /// # Errors
    /// The remote refuses, or does not answer.
    pub(crate) fn push(&self, remote: &RemoteName, refspecs: &[String], options: &[String]) -> Result<()> {
        let options = options.iter().flat_map(|option| ["--push-option", option]);
        // Not every remote can take several refs at once; one ref is atomic anyway.
        let atomic: &[&str] = if refspecs.len() > 1 { &["--atomic"] } else { &[] };
        let front = ["push", "--quiet"].into_iter().chain(atomic.iter().copied());
        let arguments: Vec<&str> =
            front.chain(options).chain(["--", remote.as_str()]).chain(refspecs.iter().map(String::as_str)).collect();
        // A mirror takes no refspecs.
        self.clone().with_setting(format!("remote.{remote}.mirror=false")).succeed(&arguments)?;
        Ok(())
    }
}

//! Git for branches that a release is proposed on: what is on them, three-way merges of trees, and pushes that take only
//! what was seen.

use std::path::Path;

use super::cli::Git;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;

impl Git {
    /// The address of a remote, with the user's rewrites.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn remote_address(&self, remote: &RemoteName) -> Result<Option<String>> {
        let output = self.program(&["remote", "get-url", "--", remote.as_str()]).run()?;
        Ok(output.success().then(|| output.text()))
    }

    /// The URLs of all remotes, as they are configured.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn remote_urls(&self) -> Result<Vec<String>> {
        let said = self.program(&["config", "--null", "--get-regexp", r"^remote\..*\.url$"]).run()?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        Ok(text.split('\0').filter_map(|entry| Some(entry.split_once('\n')?.1.to_owned())).collect())
    }

    /// Brings the objects of a branch of a remote here. No ref is made or moved.
    ///
    /// # Errors
    /// The remote does not answer, or has no such branch.
    pub(crate) fn fetch_objects(&self, remote: &RemoteName, branch: &BranchName) -> Result<()> {
        let reference = format!("refs/heads/{branch}");
        self.program(&[
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--refmap=",
            "--",
            remote.as_str(),
            &reference,
        ])
        .succeed()
        .map(drop)
    }

    /// The text of a file in a commit; none where it has no such file, or where that is no text.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn text_in(&self, commit: &CommitId, path: &RepoPath) -> Result<Option<String>> {
        let output = self.program(&["cat-file", "blob", &format!("{commit}:{path}")]).run()?;
        Ok(if output.success() { String::from_utf8(output.stdout).ok() } else { None })
    }

    /// The commits that `new` has and `old` has not, newest first, with their messages.
    ///
    /// # Errors
    /// One of them is not here.
    pub(crate) fn messages_between(&self, old: &CommitId, new: &CommitId) -> Result<Vec<(CommitId, String)>> {
        self.logged("--topo-order", old, new)
    }

    /// As [`Git::messages_between`], without what merges brought in.
    ///
    /// # Errors
    /// One of them is not here.
    pub(crate) fn messages_in_line(&self, old: &CommitId, new: &CommitId) -> Result<Vec<(CommitId, String)>> {
        self.logged("--first-parent", old, new)
    }

    fn logged(&self, how: &str, old: &CommitId, new: &CommitId) -> Result<Vec<(CommitId, String)>> {
        let said = self
            .program(&["log", how, "-z", "--format=%H%n%B", "--end-of-options", &format!("{old}..{new}")])
            .succeed()?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let entries = text.split('\0').filter_map(|entry| entry.trim_start().split_once('\n'));
        Ok(entries.map(|(id, message)| (CommitId::from(id), message.to_owned())).collect())
    }

    /// Whether a commit or one of its ancestors has this line in its message.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn has_line(&self, tip: &CommitId, line: &str) -> Result<bool> {
        let grep = format!("--grep={line}");
        Ok(!self
            .program(&["log", "-1", "--format=%H", "--fixed-strings", &grep, "--end-of-options", tip.as_str()])
            .succeed()?
            .text()
            .is_empty())
    }

    /// A commit like another, with these texts in the places of its files. Nothing names it.
    ///
    /// # Errors
    /// git cannot write it.
    pub(crate) fn with_texts(&self, commit: &CommitId, texts: &[(RepoPath, String)], index: &Path) -> Result<CommitId> {
        let inside = |arguments: &[&str]| self.program(arguments).env("GIT_INDEX_FILE", index);
        inside(&["read-tree", commit.as_str()]).succeed()?;
        for (path, text) in texts {
            let blob = self.program(&["hash-object", "-w", "--stdin"]).input(text.as_bytes()).succeed()?.text();
            let entry = format!("100644,{blob},{path}");
            inside(&["update-index", "--add", "--cacheinfo", &entry]).succeed()?;
        }
        let tree = inside(&["write-tree"]).succeed()?.text();
        self.commit_tree(&tree, &[commit], "what people changed", false)
    }

    /// Merges two commits over a base that need not be where they parted. The files that conflict are named.
    ///
    /// # Errors
    /// git cannot merge them.
    pub(crate) fn merge_trees(
        &self,
        base: &CommitId,
        ours: &CommitId,
        theirs: &CommitId,
    ) -> Result<Result<String, Vec<String>>> {
        let base = format!("--merge-base={base}");
        let arguments =
            ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", &base, ours.as_str(), theirs.as_str()];
        let program = self.program(&arguments);
        let output = program.run()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut parts = said.split('\0').filter(|part| !part.is_empty()).map(str::to_owned);
        let tree = parts.next();
        match (output.code, tree) {
            (Some(0), Some(tree)) => Ok(Ok(tree)),
            (Some(1), Some(_)) => Ok(Err(parts.collect())),
            (_, _) => Err(program.failed(&output)),
        }
    }

    /// Makes a commit of a tree. Nothing names it.
    ///
    /// # Errors
    /// git cannot write it, or cannot sign it.
    pub(crate) fn commit_tree(&self, tree: &str, parents: &[&CommitId], message: &str, sign: bool) -> Result<CommitId> {
        let parents = parents.iter().flat_map(|parent| ["-p", parent.as_str()]);
        let sign = if sign { Some("-S") } else { None };
        let arguments: Vec<&str> =
            ["commit-tree", tree].into_iter().chain(parents).chain(sign).chain(["-F", "-"]).collect();
        Ok(CommitId::from(self.program(&arguments).input(message.as_bytes()).succeed()?.text()))
    }

    /// The tags that name a commit.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn tags_at(&self, revision: &str) -> Result<Vec<TagName>> {
        let said = self.program(&["tag", &format!("--points-at={revision}")]).succeed()?.text();
        Ok(said.lines().map(TagName::from).collect())
    }

    /// The message of a tag; none where there is no such tag.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn tag_message(&self, tag: &TagName) -> Result<Option<String>> {
        let reference = format!("refs/tags/{tag}");
        let format = "--format=%(if)%(taggerdate)%(then)%(contents:subject)%0a%0a%(contents:body)%(end)";
        if self.tagged(tag)?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.program(&["for-each-ref", format, &reference]).succeed()?.text()))
    }

    /// Whether git's own configuration signs commits.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn signs_commits(&self) -> Result<bool> {
        Ok(self.program(&["config", "--type=bool", "--get", "commit.gpgSign"]).run()?.text() == "true")
    }

    /// Makes the worktree, which is ours, show a commit.
    ///
    /// # Errors
    /// A file cannot be written.
    pub(crate) fn show_commit(&self, commit: &CommitId) -> Result<()> {
        self.program(&["reset", "--hard", "--quiet", commit.as_str()]).succeed().map(drop)
    }

    /// Pushes a commit to a branch, or takes the branch away, where the branch is still as it was seen.
    ///
    /// # Errors
    /// Somebody else was there, or the remote refuses.
    pub(crate) fn push_leased(
        &self,
        remote: &RemoteName,
        branch: &BranchName,
        commit: Option<&CommitId>,
        seen: Option<&CommitId>,
    ) -> Result<()> {
        let reference = format!("refs/heads/{branch}");
        let lease = format!("--force-with-lease={reference}:{}", seen.map_or("", |seen| seen.as_str()));
        let what = format!("{}:{reference}", commit.map_or("", |commit| commit.as_str()));
        self.program(&["push", "--quiet", &lease, "--", remote.as_str(), &what]).succeed().map(drop).map_err(
            |refused| {
                Failure::interrupted(format!("`{remote}` did not take `{branch}`")).because(refused.to_string()).help(
                    "if somebody pushed to it meanwhile, run the same command again: it starts from what is there",
                )
            },
        )
    }
}

//! Git for the authors of commits, the merges that brought them, and the branches that they are on.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::cli::Git;
use crate::error::Result;
use crate::names::CommitId;
use crate::tools::system::process::Output;

/// A merge: its parents, and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Merge {
    /// The parents, the branch that took it first.
    pub(crate) parents: Vec<CommitId>,
    /// The whole message.
    pub(crate) message: String,
}

impl Git {
    /// The first commit of each author in the history of `HEAD`, with authors as `.mailmap` has them.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn first_commits(&self) -> Result<BTreeSet<CommitId>> {
        let said = self.program(&["log", "--use-mailmap", "--topo-order", "--format=%H %aE", "HEAD"]).succeed()?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        // Newest first, so that the oldest remains.
        let pairs = text.lines().filter_map(|line| line.split_once(' '));
        let oldest: BTreeMap<String, &str> = pairs.map(|(id, email)| (email.to_lowercase(), id)).collect();
        Ok(oldest.into_values().map(CommitId::from).collect())
    }

    /// The merges in the history of `HEAD` since a time, in seconds since 1970, newest first.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn merges_since(&self, time: i64) -> Result<Vec<Merge>> {
        let since = format!("--since={time}");
        let said = self.program(&["log", "--merges", &since, "-z", "--format=%P%n%B", "HEAD"]).succeed()?;
        let merge = |(parents, message): (String, String)| Merge {
            parents: parents.split(' ').map(CommitId::from).collect(),
            message,
        };
        Ok(entries(&said).into_iter().map(merge).collect())
    }

    /// The commits with a line that branches of remotes have, as last fetched, and `HEAD` has not, newest first, with
    /// their messages.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn not_here(&self, line: &str) -> Result<Vec<(CommitId, String)>> {
        let grep = format!("--grep={line}");
        let said = self.program(&["log", "-z", "--format=%H%n%B", &grep, "--remotes", "--not", "HEAD"]).succeed()?;
        Ok(entries(&said).into_iter().map(|(id, message)| (CommitId::from(id), message)).collect())
    }

    /// The branches of remotes that contain a commit, as `origin/main`.
    ///
    /// # Errors
    /// git cannot list them.
    pub(crate) fn remote_branches_with(&self, commit: &CommitId) -> Result<Vec<String>> {
        let contains = format!("--contains={commit}");
        let said =
            self.program(&["for-each-ref", "--format=%(refname:lstrip=2)", &contains, "refs/remotes"]).succeed()?;
        Ok(said.text().lines().map(str::to_owned).collect())
    }

    /// The commits that `new` has and `old` has not.
    ///
    /// # Errors
    /// One of them is not here.
    pub(crate) fn ids_between(&self, old: &CommitId, new: &CommitId) -> Result<Vec<CommitId>> {
        let said = self.program(&["rev-list", "--end-of-options", &format!("{old}..{new}")]).succeed()?;
        Ok(String::from_utf8_lossy(&said.stdout).lines().map(CommitId::from).collect())
    }
}

/// The entries of a log with `-z`: the first line of each, and its message.
fn entries(said: &Output) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(&said.stdout);
    let entries = text.split('\0').filter_map(|entry| entry.trim_start().split_once('\n'));
    entries.map(|(first, message)| (first.to_owned(), message.to_owned())).collect()
}

//! What a partial clone (`git clone --filter=…`) left out, fetched from the remote that promised it. git does so by itself
//! whenever it needs such an object; libgit2 takes it for one that does not exist.

use std::path::Path;

use git2::Oid;

use super::cli::Git;
use crate::error::Failure;
use crate::error::Result;
use crate::tools::system::process::Program;

/// The remotes that have what this clone has not.
#[derive(Clone)]
pub(super) struct Promisor {
    git: Git,
    remotes: Vec<String>,
    offline: bool,
}

impl Promisor {
    /// Those of a repository; none where the clone is whole.
    pub(super) fn of(git: &git2::Repository, root: &Path) -> std::result::Result<Option<Self>, git2::Error> {
        let config = git.config()?.snapshot()?;
        let mut remotes = Vec::new();
        config.entries(Some(r"^remote\..*\.promisor$"))?.for_each(|entry| {
            let name = entry.name().ok().and_then(|key| key.strip_prefix("remote.")?.strip_suffix(".promisor"));
            let promises = name.filter(|name| config.get_bool(&format!("remote.{name}.promisor")).unwrap_or(false));
            remotes.extend(promises.map(str::to_owned));
        })?;
        // As it was written before git 2.24.
        remotes.extend(config.get_string("extensions.partialclone").ok());
        let mut seen = std::collections::BTreeSet::new();
        remotes.retain(|remote| seen.insert(remote.clone()));
        Ok((!remotes.is_empty()).then(|| Self { git: Git::at(root), remotes, offline: false }))
    }

    pub(super) fn offline(self, offline: bool) -> Self {
        Self { offline, ..self }
    }

    /// Fetches these objects, all at once.
    ///
    /// # Errors
    /// The network must not be used, or no remote gives them.
    pub(super) fn fetch(&self, objects: &[Oid]) -> Result<()> {
        self.ask(&[], objects)
    }

    /// Fetches all directories of these commits and of their ancestors. One by one would take a request for each.
    ///
    /// # Errors
    /// As [`Promisor::fetch`].
    pub(super) fn fetch_trees(&self, commits: &[Oid]) -> Result<()> {
        // Without this git sees that it has the commits, and fetches nothing.
        self.ask(&["--refetch"], commits)
    }

    fn ask(&self, flags: &[&str], objects: &[Oid]) -> Result<()> {
        if objects.is_empty() {
            return Ok(());
        }
        let lacking = "this partial clone lacks files of the history that the plan is made from";
        let remotes = self.remotes.join("`, `");
        if self.offline {
            return Err(Failure::unplannable(lacking)
                .because(format!("they are on `{remotes}`, and `--offline` forbids to fetch them"))
                .help("leave out `--offline` once: what is fetched stays in the clone"));
        }
        let wanted: String = objects.iter().map(|object| format!("{object}\n")).collect();
        let mut said = Vec::new();
        for remote in &self.remotes {
            let output = self.program(remote, flags).input(wanted.clone()).run()?;
            if output.success() {
                return Ok(());
            }
            said.push(output.tail(6));
        }
        let failure = Failure::unplannable(lacking)
            .because(format!("`{remotes}` did not give them"))
            .help("when it answers, try again; or make the clone whole: `git fetch --refetch --no-filter`");
        Err(said.into_iter().fold(failure, Failure::because))
    }

    /// As git itself fetches what it lacks: no ref is changed.
    fn program(&self, remote: &str, flags: &[&str]) -> Program {
        let settings = ["-c", "fetch.negotiationAlgorithm=noop"];
        let plain = ["--quiet", "--no-tags", "--no-prune", "--no-write-fetch-head", "--no-auto-maintenance"];
        let what = ["--recurse-submodules=no", "--filter=blob:none", "--stdin"];
        let arguments = [&settings[..], &["fetch"], flags, &plain, &what, &["--", remote]].concat();
        self.git.program(&arguments).env("GIT_TERMINAL_PROMPT", "0")
    }
}

//! Everything that a release changes, to be compared: before and after, killed and not.

use std::collections::BTreeMap;

use super::World;

/// The world as far as a release touches it. What a port goes into (checksums) is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What is checked out, and at which commit.
    pub head: String,
    /// What differs from it, ignored files too.
    pub differs: String,
    /// All refs of the repository.
    pub refs: String,
    /// All refs of the remote.
    pub remote: String,
    /// The worktrees besides the checkout.
    pub worktrees: usize,
    /// What lies in the room of the release.
    pub room: Vec<String>,
    /// What each registry has, in the order of their names.
    pub published: BTreeMap<String, Vec<String>>,
    /// How many uploads each registry was sent.
    pub uploads: BTreeMap<String, usize>,
}

impl World {
    /// The world as it is now.
    pub fn state(&self) -> State {
        let refs = ["for-each-ref", "--format=%(refname) %(objectname)"];
        let published = self.registries.keys().map(|name| ((*name).to_owned(), self.published(name)));
        let uploads = self.registries.keys().map(|name| ((*name).to_owned(), self.uploads(name)));
        State {
            head: format!("{} {}", self.git(&["symbolic-ref", "HEAD"]), self.git(&["rev-parse", "HEAD"])),
            differs: self.git(&["status", "--porcelain", "--ignored"]),
            refs: self.git(&refs),
            remote: self.remote(&refs),
            worktrees: self.git(&["worktree", "list", "--porcelain"]).matches("worktree ").count() - 1,
            room: self.room(),
            published: published.collect(),
            uploads: uploads.collect(),
        }
    }

    /// What a registry has: names and versions, sorted.
    pub fn published(&self, registry: &str) -> Vec<String> {
        let published = self.registry(registry).published();
        let mut all: Vec<String> = published.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
        all.sort();
        all
    }

    /// How many uploads a registry was sent.
    pub fn uploads(&self, registry: &str) -> usize {
        self.registry(registry).requests().iter().filter(|asked| asked.path == "/api/v1/crates/new").count()
    }

    /// What lies in the room of the release, apart from the lock and the journal of the release before.
    pub fn room(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.checkout().join(".git/cargo-release/root")) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name != "lock" && name != "last.jsonl").collect();
        names.sort();
        names
    }
}

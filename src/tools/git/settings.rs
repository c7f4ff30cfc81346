//! Settings of git that a release brings along: whatever a user's configuration switches on, the same plan makes the same
//! commit, tags and pushes; and what holds for the user's working tree holds for a commit that is made beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use super::cli::Git;
use crate::error::Result;

/// For every call. Signing, identity, hooks, filters, addresses and credentials stay the user's.
pub(super) const STEADY: [&str; 19] = [
    // What is read back has no signatures, colours or other paths in it.
    "color.ui=never",
    "log.showSignature=false",
    "i18n.logOutputEncoding=UTF-8",
    "diff.relative=false",
    "diff.orderFile=/dev/null",
    "diff.ignoreSubmodules=none",
    // The message is UTF-8, and its trailer is the last line.
    "i18n.commitEncoding=UTF-8",
    "trailer.separators=:",
    "trailer.where=end",
    "trailer.ifExists=addIfDifferentNeighbor",
    "trailer.ifMissing=add",
    // A push brings what the plan shows, and nothing else.
    "push.followTags=false",
    "push.recurseSubmodules=no",
    "submodule.recurse=false",
    // A fast-forward is one.
    "merge.autoStash=false",
    "merge.verifySignatures=false",
    // An extension that other programs do not know would stay in the user's repository.
    "worktree.useRelativePaths=false",
    // Nothing goes on in the background when the release has ended.
    "gc.auto=0",
    "maintenance.auto=false",
];

/// For the stage, which cargo reads with libgit2: all files, an index that it can read, and no daemon that watches it.
const STAGE: [&str; 5] = [
    "core.sparseCheckout=false",
    "index.sparse=false",
    "index.skipHash=false",
    "core.splitIndex=false",
    "core.fsmonitor=false",
];

/// Keys that belong to a working tree itself.
const OF_A_TREE: [&str; 8] = [
    "core.bare",
    "core.worktree",
    "core.sparsecheckout",
    "core.sparsecheckoutcone",
    "core.splitindex",
    "core.fsmonitor",
    "index.sparse",
    "index.skiphash",
];

/// Programs that sign, which may be named by a path from the top of the working tree.
const PROGRAMS: [&str; 4] = ["gpg.program", "gpg.openpgp.program", "gpg.x509.program", "gpg.ssh.program"];

/// By key, all values, in git's order.
type Settings = BTreeMap<String, Vec<String>>;

impl Git {
    /// In the stage.
    #[must_use]
    pub(crate) fn staging(self) -> Self {
        STAGE.iter().fold(self, |git, setting| git.with_setting((*setting).to_owned()))
    }

    /// Without any hook of git's.
    #[must_use]
    pub(crate) fn without_hooks(self) -> Self {
        self.with_setting("core.hooksPath=/dev/null".to_owned())
    }

    /// Whether the index names whole directories in place of their files, as in some sparse checkouts.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn has_sparse_index(&self) -> Result<bool> {
        Ok(self.program(&["config", "--type=bool", "--get", "index.sparse"]).run()?.text() == "true")
    }

    /// With the settings that hold in another working tree of the same repository: those of that worktree, of the branch
    /// that is checked out there, and of the place where it lies.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn as_in(&self, other: &Self) -> Result<Self> {
        let (here, there) = (self.all_settings()?, other.all_settings()?);
        let mut all = self.clone();
        for (key, values) in &there {
            let is_its_own = OF_A_TREE.contains(&key.as_str()) || key.starts_with("extensions.");
            let by_path = path_of(key, values.last(), &there, other.dir());
            // Git takes a setting apart at its first `=`.
            if is_its_own || key.contains('=') || (by_path.is_none() && here.get(key) == Some(values)) {
                continue;
            }
            if let Some(path) = by_path {
                all = all.with_setting(format!("{key}={}", path.display()));
                continue;
            }
            all = values.iter().fold(all, |git, value| git.with_setting(format!("{key}={value}")));
        }
        Ok(all)
    }

    fn all_settings(&self) -> Result<Settings> {
        let listed = self.program(&["config", "--list", "--null"]).succeed()?.stdout;
        let text = String::from_utf8_lossy(&listed).into_owned();
        let mut all = Settings::new();
        for entry in text.split('\0').filter(|entry| !entry.is_empty()) {
            // A key without a value has no line end, and is true.
            let (key, value) = entry.split_once('\n').unwrap_or((entry, "true"));
            all.entry(key.to_owned()).or_default().push(value.to_owned());
        }
        Ok(all)
    }
}

/// Where a relative path leads that git would look for from the top of its working tree: in the other one.
fn path_of(key: &str, value: Option<&String>, all: &Settings, other: &Path) -> Option<PathBuf> {
    let value = value.filter(|value| !value.is_empty() && !value.starts_with(['/', '~', '%']))?;
    let signs_with = all.get("gpg.format").and_then(|values| values.last()).map(String::as_str);
    let is_path = match key {
        "core.hookspath" => true,
        "user.signingkey" => signs_with == Some("ssh") && !value.starts_with("key::") && !value.starts_with("ssh-"),
        key => PROGRAMS.contains(&key) && value.contains('/'),
    };
    let path = other.join(value);
    (is_path && !Path::new(value).is_absolute() && (key == "core.hookspath" || path.exists())).then_some(path)
}

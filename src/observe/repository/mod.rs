//! The repository: its state, tags, last releases, the history since them, and how git is configured. Reads through libgit2
//! where it can; fetches nothing.

pub(crate) mod ahead;
pub(crate) mod attribute;
mod commit_reader;
pub(crate) mod git_config;
pub(crate) mod graph;
pub(crate) mod history;
pub(crate) mod history_cache;
mod history_walk;
pub(crate) mod ignored;
pub(crate) mod last_release_tree;
pub(crate) mod last_releases;
pub(crate) mod moves;
pub(crate) mod notes;
pub(crate) mod package_set;
pub(crate) mod proposals;
pub(crate) mod state;
pub(crate) mod tree;
pub(crate) mod vcs_info;

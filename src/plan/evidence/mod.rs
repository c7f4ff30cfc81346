//! What speaks for a release: commits, changes of the manifest, change notes and the API check, gathered once per package
//! into [`plan_inputs`]. Knows nothing of versions, edits or steps: what the evidence leads to is for the stages after it.

pub(crate) mod affected;
pub(crate) mod api;
pub(crate) mod changelog_paths;
pub(crate) mod commit_levels;
pub(crate) mod commits;
pub(crate) mod manifest_changes;
pub(crate) mod notes;
pub(crate) mod packaged_paths;
pub(crate) mod plan_inputs;
pub(crate) mod proposals;

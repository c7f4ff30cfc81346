//! The texts of a release: manifests, `Cargo.lock`, changelog entries, replacements and messages, as edits over the texts of
//! the snapshot. Uses the versions that were decided and decides none.

pub(crate) mod changelog_flaws;
pub(crate) mod changelog_target;
pub(crate) mod drafting;
pub(crate) mod edit_buffer;
pub(crate) mod entries;
pub(crate) mod entry_source;
pub(crate) mod entry_turns;
pub(crate) mod lock_resolution;
pub(crate) mod manifests;
pub(crate) mod note_consumption;
pub(crate) mod replacements;
pub(crate) mod templates;
pub(crate) mod untagged;
pub(crate) mod untold;

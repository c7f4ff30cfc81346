//! The commands, one file each: they read the flags and call the other rooms in order. What a release does is decided in
//! [`crate::plan`].

pub(crate) mod asked_registries;
pub(crate) mod bug;
pub(crate) mod carry_out;
pub(crate) mod changelog;
pub(crate) mod check;
pub(crate) mod complete;
pub(crate) mod forge;
pub(crate) mod login;
pub(crate) mod merged_head;
pub(crate) mod note;
pub(crate) mod rehearse;
pub(crate) mod resume_from;
pub(crate) mod session;
pub(crate) mod show;
pub(crate) mod steps;
pub(crate) mod terminal;
pub(crate) mod upkeep;
pub(crate) mod verbs;
pub(crate) mod worktree;

//! git: [`read`] through libgit2, [`cli`] for whatever writes or talks to a remote, so that hooks, signing and credential
//! helpers work as the user has them.

pub(crate) mod cli;
mod commit;
mod credits;
mod head;
pub(crate) mod ignored;
mod objects;
mod promisor;
pub(crate) mod proposal;
mod raw_tree;
pub(crate) mod read;
mod settings;
mod signing;
mod sparse;
mod tags;
pub(crate) mod tree_changes;
mod write;

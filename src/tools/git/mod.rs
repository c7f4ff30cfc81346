//! git: [`read`] through libgit2, [`cli`] for whatever writes or talks to a remote, so that hooks, signing and credential
//! helpers work as the user has them.

pub mod cli;
mod commit;
mod head;
pub mod ignored;
mod objects;
mod promisor;
pub mod proposal;
pub mod read;
mod settings;
mod signing;

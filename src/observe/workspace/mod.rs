//! The workspace as cargo sees it, joined with the texts that a release may edit.

pub(crate) mod beside;
pub(crate) mod dependency_graph;
pub(crate) mod links;
pub(crate) mod lock_state;
pub(crate) mod members;
pub(crate) mod sparse;
pub(crate) mod texts;

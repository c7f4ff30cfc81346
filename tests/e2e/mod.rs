//! What the end-to-end stories are told with: a registry that others run, and a workspace that is released to it.

pub(crate) mod kellnr;
pub(crate) mod orchard;
pub(crate) mod sealed;
pub(crate) mod witness;

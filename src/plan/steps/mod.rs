//! The steps of a release: what is done, in which order, and what each needs first. Arithmetic over the decided packages;
//! no step looks at the world here.

pub(crate) mod build;
pub(crate) mod needs;
pub(crate) mod order;
mod verifications;

//! The scratch worktree that a release is made in: created, filled, compared with the checkout, removed. Only this folder adds or
//! removes worktrees.

pub(crate) mod stage;
pub(crate) mod stage_diff;
pub(crate) mod submodules;

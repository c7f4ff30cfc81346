//! One file a step kind, with `probe`, `perform` and, before the point of no return, `undo`. [`dispatch`] is the one place that
//! lists them all. A step asks the world whether it is done; it never trusts an exit status for that.

pub(crate) mod announce;
pub(crate) mod carry;
pub(crate) mod commit;
pub(crate) mod confirm;
pub(crate) mod dispatch;
pub(crate) mod edit;
pub(crate) mod hook;
pub(crate) mod hooked_changelog;
pub(crate) mod land;
pub(crate) mod owners;
pub(crate) mod propose;
mod propose_by_api;
pub(crate) mod publish;
pub(crate) mod push;
pub(crate) mod request;
pub(crate) mod tag;
pub(crate) mod verify;

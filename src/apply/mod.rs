//! The only writer of the world: an executor over typed steps, one file a step with `probe`, `perform` and, before the
//! point of no return, `undo`. It may use `plan`, `journal`, `check`, `manifest`, `snapshot`, `registry`, `tools`, `names`
//! and `error`.
//!
//! A step is done when the world says so. The executor takes any step whose needs are met, asks the world first, writes
//! down that it begins, acts, and writes down what the world said.

mod abort;
mod context;
mod event;
mod executor;
mod preflight;
mod publish_state;
mod receipt;
mod registry;
#[cfg(test)]
mod sample;
mod step_context;
mod steps;
mod trusted;
mod upkeep;
mod upload;
mod verify;
mod worktree;

pub(crate) use self::abort::Aborted;
pub(crate) use self::abort::Closed;
pub(crate) use self::abort::Version;
pub(crate) use self::abort::abort;
pub(crate) use self::abort::clear;
pub(crate) use self::context::Location;
pub(crate) use self::context::ReleaseContext;
pub(crate) use self::event::AfterWait;
pub(crate) use self::event::Event;
pub(crate) use self::event::Receipt;
pub(crate) use self::event::ReceiptEntry;
pub(crate) use self::executor::Execution;
pub(crate) use self::executor::Meanwhile;
pub(crate) use self::executor::Outcome;
pub(crate) use self::executor::Prompt;
pub(crate) use self::executor::Ui;
pub(crate) use self::executor::VerifiedRelease;
pub(crate) use self::publish_state::is_published;
pub(crate) use self::steps::announce::Announcing;
pub(crate) use self::trusted::TrustedMode;
pub(crate) use self::upkeep::OwnerChange;
pub(crate) use self::upkeep::Yanked;
pub(crate) use self::upkeep::add_owner;
pub(crate) use self::upkeep::archive;
pub(crate) use self::upkeep::owners;
pub(crate) use self::upkeep::remove_owner;
pub(crate) use self::upkeep::yank;
pub(crate) use self::verify::cargo_time::CargoTime;

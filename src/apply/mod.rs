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
mod steps;
mod trusted;
mod upkeep;
mod upload;
mod verify;
mod worktree;

pub use self::abort::Aborted;
pub use self::abort::Closed;
pub use self::abort::Version;
pub use self::abort::abort;
pub use self::abort::clear;
pub use self::context::Place;
pub use self::context::ReleaseContext;
pub use self::event::Event;
pub use self::event::Receipt;
pub use self::event::ReceiptEntry;
pub use self::executor::Asking;
pub use self::executor::Checked;
pub use self::executor::Execution;
pub use self::executor::Meanwhile;
pub use self::executor::Outcome;
pub use self::executor::Ui;
pub use self::publish_state::is_published;
pub use self::steps::announce::Announcing;
pub use self::trusted::TrustedMode;
pub use self::upkeep::OwnerChange;
pub use self::upkeep::Yanked;
pub use self::upkeep::add_owner;
pub use self::upkeep::archive;
pub use self::upkeep::listing;
pub use self::upkeep::owners;
pub use self::upkeep::remove_owner;
pub use self::upkeep::yank;

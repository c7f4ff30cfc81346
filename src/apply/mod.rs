//! The only writer of the world: an executor over typed steps, one file a step with `probe`, `perform` and, before the
//! point of no return, `undo`. It may use `plan`, `journal`, `check`, `tools`, `names` and `error`.

mod event;

pub use self::event::Event;
pub use self::event::Receipt;
pub use self::event::ReceiptEntry;

//! Reading, drafting and releasing changelogs of every shape.

mod document;
mod release;
mod unreleased;

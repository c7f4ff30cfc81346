//! The words: plans, progress, receipts, prompts and failures as people and programs read them.
//!
//! Everything is written to a stream that the caller gives: results belong on stdout, words on stderr. Nothing here
//! prints by itself, decides, or looks at the world. Colours are always written; the caller wraps its stream in
//! `anstream::AutoStream`, which drops them where they should not be. Texts that others wrote (commit subjects, the
//! output of programs) lose their control characters on the way. This room may use `plan`, `journal`, `apply`, `snapshot`,
//! `check`, `names` and `error`.

mod announce;
mod api;
mod ask;
mod changelog;
mod check;
mod doctor;
mod effects;
mod entries;
mod explain;
mod failure;
mod finding;
mod json;
mod machine;
mod measure;
mod note;
mod observing;
mod open;
mod page;
mod picture;
mod plan;
mod progress;
mod receipt;
mod single;
mod status;
mod style;
mod table;
mod text;
mod upkeep;

#[cfg(test)]
mod sample;

pub use self::announce::announcements;
pub use self::api::compared;
pub use self::api::comparing;
pub use self::ask::ask;
pub use self::changelog::difference;
pub use self::changelog::entries;
pub use self::changelog::entries_json;
pub use self::changelog::entry_list;
pub use self::changelog::read_entry_list;
pub use self::check::at_length;
pub use self::check::checked;
pub use self::check::not_built;
pub use self::check::took;
pub use self::doctor::doctor;
pub use self::entries::plan_entries;
pub use self::explain::explain;
pub use self::failure::failure;
pub use self::failure::failure_json;
pub use self::failure::later;
pub use self::finding::blocked;
pub use self::finding::findings;
pub use self::json::checked_json;
pub use self::json::event_line;
pub use self::json::plan_json;
pub use self::json::pretty;
pub use self::json::schema_plan;
pub use self::machine::github;
pub use self::machine::junit;
pub use self::machine::sarif;
pub use self::measure::bytes;
pub use self::measure::duration;
pub use self::note::ask_level;
pub use self::note::ask_packages;
pub use self::note::ask_text;
pub use self::note::note_choices;
pub use self::note::note_instructions;
pub use self::note::note_written;
pub use self::note::read_level;
pub use self::note::read_note;
pub use self::note::read_packages;
pub use self::note::suggested;
pub use self::observing::Observing;
pub use self::open::aborted;
pub use self::open::put_aside;
pub use self::open::status;
pub use self::open::stopped;
pub use self::open::upload_outlived;
pub use self::page::Page;
pub use self::page::Screen;
pub use self::page::USUAL_COLUMNS;
pub use self::picture::dot;
pub use self::picture::html;
pub use self::picture::markdown;
pub use self::picture::mermaid;
pub use self::picture::svg;
pub use self::plan::only_shown;
pub use self::plan::plan;
pub use self::progress::Mode;
pub use self::progress::Progress;
pub use self::progress::Run;
pub use self::receipt::receipt;
pub use self::single::changes;
pub use self::single::single;
pub use self::status::status_json;
pub use self::upkeep::OwnerLine;
pub use self::upkeep::OwnerRow;
pub use self::upkeep::YankLine;
pub use self::upkeep::audit;
pub use self::upkeep::init_checklist;
pub use self::upkeep::init_found;
pub use self::upkeep::init_written;
pub use self::upkeep::owner_done;
pub use self::upkeep::owner_plan;
pub use self::upkeep::owners;
pub use self::upkeep::push_hint;
pub use self::upkeep::tagged;
pub use self::upkeep::yank_done;
pub use self::upkeep::yanks;

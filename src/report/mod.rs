//! All output: plans, progress, receipts, prompts and failures, for people and for programs.
//!
//! Everything is written to a stream that the caller passes: results go to stdout, everything else to stderr. Nothing here
//! decides or observes. Colors are always written; the caller wraps its stream in `anstream::AutoStream`, which removes
//! them if the stream does not support them. Text from outside (commit subjects, the output of programs) is stripped of
//! control characters first. This room may use `plan`, `journal`, `apply`, `snapshot`, `check`, `names` and `error`.

mod announce;
mod api;
mod changelog;
mod doctor;
mod failure;
mod findings;
mod json;
mod note;
mod observing;
mod open;
mod picture;
mod plan;
mod progress;
mod receipt;
mod screen;
mod status;
mod upkeep;

#[cfg(test)]
mod sample;

pub(crate) use self::announce::announcements;
pub(crate) use self::api::compared;
pub(crate) use self::api::comparing;
pub(crate) use self::changelog::difference;
pub(crate) use self::changelog::entries;
pub(crate) use self::changelog::entries_json;
pub(crate) use self::changelog::entry_list;
pub(crate) use self::changelog::read_entry_list;
pub(crate) use self::doctor::doctor;
pub(crate) use self::failure::failure;
pub(crate) use self::failure::failure_json;
pub(crate) use self::failure::later;
pub(crate) use self::findings::check::at_length;
pub(crate) use self::findings::check::checked;
pub(crate) use self::findings::check::not_built;
pub(crate) use self::findings::check::took;
pub(crate) use self::findings::finding::blocked;
pub(crate) use self::findings::finding::findings;
pub(crate) use self::findings::machine::github;
pub(crate) use self::findings::machine::junit;
pub(crate) use self::findings::machine::sarif;
pub(crate) use self::json::checked_json;
pub use self::json::plan_json;
pub(crate) use self::json::pretty;
pub(crate) use self::json::schema_plan;
pub(crate) use self::note::ask_level;
pub(crate) use self::note::ask_packages;
pub(crate) use self::note::ask_text;
pub(crate) use self::note::note_choices;
pub(crate) use self::note::note_instructions;
pub(crate) use self::note::note_written;
pub(crate) use self::note::read_level;
pub(crate) use self::note::read_note;
pub(crate) use self::note::read_packages;
pub(crate) use self::note::suggested;
pub(crate) use self::observing::Observing;
pub(crate) use self::open::aborted;
pub(crate) use self::open::put_aside;
pub(crate) use self::open::status;
pub(crate) use self::open::stopped;
pub(crate) use self::open::upload_outlived;
pub(crate) use self::picture::dot;
pub(crate) use self::picture::html;
pub(crate) use self::picture::markdown;
pub(crate) use self::picture::mermaid;
pub(crate) use self::picture::svg;
pub(crate) use self::plan::ask::Learnt;
pub(crate) use self::plan::ask::ask;
pub(crate) use self::plan::entries::plan_entries;
pub(crate) use self::plan::explain::explain;
pub(crate) use self::plan::only_shown;
pub(crate) use self::plan::plan;
pub(crate) use self::plan::single::changes;
pub(crate) use self::plan::single::single;
pub(crate) use self::progress::Mode;
pub(crate) use self::progress::Progress;
pub(crate) use self::progress::Run;
pub(crate) use self::receipt::receipt;
pub(crate) use self::screen::measure::bytes;
pub(crate) use self::screen::page::Page;
pub(crate) use self::screen::page::Screen;
pub(crate) use self::screen::page::USUAL_COLUMNS;
pub(crate) use self::status::OpenProposal;
pub(crate) use self::status::proposals;
pub(crate) use self::status::status_json;
pub(crate) use self::upkeep::OwnerLine;
pub(crate) use self::upkeep::OwnerRow;
pub(crate) use self::upkeep::YankLine;
pub(crate) use self::upkeep::audit;
pub(crate) use self::upkeep::init_checklist;
pub(crate) use self::upkeep::init_found;
pub(crate) use self::upkeep::init_written;
pub(crate) use self::upkeep::owner_done;
pub(crate) use self::upkeep::owner_plan;
pub(crate) use self::upkeep::owners;
pub(crate) use self::upkeep::push_hint;
pub(crate) use self::upkeep::tagged;
pub(crate) use self::upkeep::yank_done;
pub(crate) use self::upkeep::yanks;

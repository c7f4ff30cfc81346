//! The changelog as a document: read, released into, drafted for.
//!
//! Pure: texts and values in, texts and values out. What is not understood is carried through byte for byte. This room
//! may use `names` and `error`.
//!
//! - [`Document`]: a text in sections; put together they are the text again.
//! - [`release()`]: what stands under Unreleased becomes the entry of a release.
//! - [`bring_up`]: a draft put into what stands under Unreleased, with a [`Marker`] of what it covers.
//! - [`flaws`]: what a reader, or the next release, would stumble over.
//! - [`Note`]: a change note, which an entry is drafted from.
//! - [`draft()`]: what an entry could say where nobody wrote one, in the way of a [`Cliff`].

mod beside;
mod carry;
mod cliff;
mod date;
mod document;
mod draft;
mod draft_items;
mod heading;
mod link;
mod lint;
mod marker;
mod merge;
mod note;
mod note_items;
mod owner;
mod problem;
mod release;
mod scan;
mod style;
#[cfg(test)]
mod tests_document;
#[cfg(test)]
mod tests_release;
#[cfg(test)]
mod tests_unreleased;
mod unreleased;

pub use beside::PlannedSection;
pub use beside::entry_of;
pub use beside::without_twin;
pub use carry::carried;
pub use cliff::Cliff;
pub use document::Document;
pub use document::Heading;
pub use document::ReleaseHeading;
pub use document::Section;
pub use document::SectionKind;
pub use draft::DraftChange;
pub use draft::DraftCommit;
pub use draft::DraftFor;
pub use draft::Drafted;
pub use draft::draft;
pub use lint::Flaw;
pub use lint::FlawKind;
pub use lint::declares_breaking;
pub use lint::flaws;
pub use lint::says_breaking;
pub use marker::Marker;
pub use marker::key;
pub use note::Note;
pub use note::NoteFault;
pub use note::NoteFaultKind;
pub use note::NotedPackage;
pub use note::level as note_level;
pub use note::without as note_without;
pub use note_items::DraftEvidence;
pub use note_items::DraftNote;
pub use note_items::with_evidence;
pub use note_items::with_notes;
pub use owner::Owner;
pub use problem::Problem;
pub use release::Origin;
pub use release::Release;
pub use release::Released;
pub use release::line_of;
pub use release::new_document;
pub use release::release;
pub use unreleased::Unreleased;
pub use unreleased::amend;
pub use unreleased::bring_up;
pub use unreleased::missing;
pub use unreleased::replace;
pub use unreleased::unmentioned;

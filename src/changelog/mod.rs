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
mod credit;
mod date;
mod document;
mod draft;
mod heading;
mod link;
mod lint;
mod marker;
mod note;
mod owner;
mod problem;
mod release;
mod scan;
#[cfg(test)]
mod tests;
mod unreleased;

pub(crate) use beside::PlannedSection;
pub(crate) use beside::entry_of;
pub(crate) use beside::put_back;
pub(crate) use beside::taken_out;
pub(crate) use beside::without_twin;
pub(crate) use carry::carried;
pub(crate) use credit::Credit;
pub(crate) use credit::Links;
pub(crate) use credit::Pages;
pub use document::Document;
pub(crate) use document::Section;
pub(crate) use document::SectionKind;
pub(crate) use draft::DraftChange;
pub(crate) use draft::DraftCommit;
pub(crate) use draft::DraftFor;
pub(crate) use draft::cliff::Cliff;
pub(crate) use draft::draft;
pub(crate) use draft::note_items::DraftEvidence;
pub(crate) use draft::note_items::DraftNote;
pub(crate) use draft::note_items::with_evidence;
pub(crate) use draft::note_items::with_notes;
pub(crate) use lint::FlawKind;
pub(crate) use lint::declares_breaking;
pub use lint::flaws;
pub(crate) use lint::says_breaking;
pub use marker::Marker;
pub(crate) use marker::key;
pub(crate) use note::Note;
pub(crate) use note::NoteFault;
pub(crate) use note::level as note_level;
pub(crate) use note::without as note_without;
pub use owner::Owner;
pub(crate) use problem::Problem;
pub(crate) use release::Origin;
pub use release::Release;
#[cfg(feature = "testing")]
pub(crate) use release::Released;
pub(crate) use release::line_of;
pub(crate) use release::new_document;
pub use release::release;
pub use unreleased::Unreleased;
pub(crate) use unreleased::amend;
pub use unreleased::bring_up;
pub(crate) use unreleased::missing;
pub(crate) use unreleased::replace;
pub(crate) use unreleased::unmentioned;

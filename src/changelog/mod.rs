//! The changelog as a document: read, released into, drafted for.
//!
//! Pure: texts and values in, texts and values out. What is not understood is carried through byte for byte. This room
//! may use `names` and `error`.
//!
//! - [`Document`]: a text in sections; put together they are the text again.
//! - [`release()`]: what stands under Unreleased becomes the entry of a release.
//! - [`draft()`]: what an entry could say where nobody wrote one, in the way of a [`Cliff`].

mod cliff;
mod date;
mod document;
mod draft;
mod heading;
mod link;
mod problem;
mod release;
mod scan;
mod style;
#[cfg(test)]
mod tests_document;
#[cfg(test)]
mod tests_release;

pub use cliff::Cliff;
pub use document::Document;
pub use document::Heading;
pub use document::ReleaseHeading;
pub use document::Section;
pub use document::SectionKind;
pub use draft::DraftCommit;
pub use draft::DraftFor;
pub use draft::Drafted;
pub use draft::dependency_entry;
pub use draft::draft;
pub use problem::Problem;
pub use release::Origin;
pub use release::Release;
pub use release::Released;
pub use release::new_document;
pub use release::release;

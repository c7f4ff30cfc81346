//! The changelog as a document: read, released into, drafted for.
//!
//! Pure: texts and values in, texts and values out. What is not understood is carried through byte for byte. This room
//! may use `names` and `error`.
//!
//! - [`Document`]: a text in sections; put together they are the text again.
//! - [`release`]: what stands under Unreleased becomes the entry of a release.

mod date;
mod document;
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

pub use document::Document;
pub use document::Heading;
pub use document::ReleaseHeading;
pub use document::Section;
pub use document::SectionKind;
pub use problem::Problem;
pub use release::Origin;
pub use release::Release;
pub use release::Released;
pub use release::new_document;
pub use release::release;

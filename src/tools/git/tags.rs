//! The tags, each with the commit that it names.

use std::collections::BTreeMap;

use git2::ErrorCode;
use git2::ObjectType;
use git2::Oid;
use git2::Reference;

use super::read::Checkout;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::TagName;

/// What is known of objects, so that they need not be read. What an id names cannot change.
pub(crate) trait KnownObjects {
    /// The commit that an object is, or peels to, where that is known.
    fn commit(&self, id: Oid) -> Option<Oid>;

    /// Keeps what a tag peels to.
    fn peels(&mut self, tag: Oid, commit: Oid);
}

impl Checkout {
    /// The references of all tags.
    ///
    /// # Errors
    /// They cannot be read.
    pub(crate) fn tag_references(&self) -> Result<Vec<Reference<'_>>> {
        let what = || "cannot read the tags".to_owned();
        self.git.references_glob("refs/tags/*").or_world(what)?.collect::<Result<_, _>>().or_world(what)
    }

    /// These tags, each with the commit that it peels to. Tags of trees and blobs are left out.
    ///
    /// # Errors
    /// A tag cannot be read.
    pub(crate) fn tags(
        &self,
        references: Vec<Reference<'_>>,
        known: &mut dyn KnownObjects,
    ) -> Result<BTreeMap<TagName, Oid>> {
        let mut tags = BTreeMap::new();
        for reference in references {
            let Ok(name) = std::str::from_utf8(reference.shorthand_bytes()) else { continue };
            // Packed references say what they peel to.
            let is_known = [reference.target_peel(), reference.target()].into_iter().flatten();
            if let Some(commit) = is_known.into_iter().find_map(|id| known.commit(id)) {
                tags.insert(TagName::from(name), commit);
                continue;
            }
            let tagged = reference.target().and_then(|tag| Some((tag, known.commit(self.tagged(tag)?)?)));
            if let Some((tag, commit)) = tagged {
                known.peels(tag, commit);
                tags.insert(TagName::from(name), commit);
                continue;
            }
            let commit = match self.complete(reference.target(), || reference.peel_to_commit())? {
                Err(error) if error.code() == ErrorCode::NotFound => {
                    return Err(error).or_world(|| format!("the tag `{name}` cannot be read"));
                }
                peeled => peeled.ok().map(|commit| commit.id()),
            };
            if let (Some(tag), Some(commit)) = (reference.target(), commit) {
                known.peels(tag, commit);
            }
            tags.extend(commit.map(|commit| (TagName::from(name), commit)));
        }
        Ok(tags)
    }

    /// What an annotated tag names, from its first line; none where there is no such tag. The commit itself is not read.
    fn tagged(&self, tag: Oid) -> Option<Oid> {
        let objects = self.git.odb().ok()?;
        let object = objects.read(tag).ok().filter(|object| object.kind() == ObjectType::Tag)?;
        let line = object.data().split(|byte| *byte == b'\n').next()?;
        Oid::from_str(std::str::from_utf8(line.strip_prefix(b"object ")?).ok()?).ok()
    }
}

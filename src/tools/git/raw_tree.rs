//! A directory of the history as git stores it: read from its bytes where thousands of them are compared, which takes a
//! fraction of what libgit2 makes of each (gitformat-pack has objects as in `git cat-file tree`).

use git2::Oid;

/// How long an id is.
const ID: usize = 20;

/// The bytes of a tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawTree(Vec<u8>);

/// An entry of a tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawEntry<'a> {
    /// All of it.
    bytes: &'a [u8],
    /// Its mode, in octal digits.
    mode: &'a [u8],
    /// Its name.
    pub(crate) name: &'a [u8],
    id: &'a [u8],
}

impl RawTree {
    /// Of an object that git calls a tree.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The entries, as git sorts them. What is no entry ends them.
    pub(crate) fn entries(&self) -> RawEntries<'_> {
        RawEntries(&self.0)
    }
}

/// The entries of a tree that were not read yet.
#[derive(Clone, Debug)]
pub(crate) struct RawEntries<'a>(&'a [u8]);

impl<'a> Iterator for RawEntries<'a> {
    type Item = RawEntry<'a>;

    fn next(&mut self) -> Option<RawEntry<'a>> {
        let space = self.0.iter().position(|byte| *byte == b' ')?;
        let end = space + 1 + self.0[space + 1..].iter().position(|byte| *byte == 0)?;
        let (bytes, rest) = self.0.split_at_checked(end + 1 + ID)?;
        self.0 = rest;
        Some(RawEntry { bytes, mode: &bytes[..space], name: &bytes[space + 1..end], id: &bytes[end + 1..] })
    }
}

impl PartialEq for RawEntry<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl RawEntry<'_> {
    /// Its mode.
    pub(crate) fn mode(&self) -> i32 {
        self.mode.iter().fold(0, |mode, digit| (mode << 3) | i32::from(digit & 7))
    }

    /// What it names.
    pub(crate) fn id(&self) -> Oid {
        Oid::from_bytes(self.id).unwrap_or(Oid::ZERO_SHA1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // What libgit2 reads is read, and what was cut off is not made up.
    #[test]
    fn entries_are_as_libgit2_has_them() {
        let dir = tempfile::tempdir().unwrap();
        let git = git2::Repository::init(dir.path()).unwrap();
        let blob = git.blob(b"text").unwrap();
        let mut builder = git.treebuilder(None).unwrap();
        builder.insert("b c", blob, 0o100_755).unwrap();
        builder.insert("a", blob, 0o120_000).unwrap();
        let inner = builder.write().unwrap();
        builder.insert("a.d", inner, 0o040_000).unwrap();
        let tree = git.find_tree(builder.write().unwrap()).unwrap();
        let odb = git.odb().unwrap();
        let object = odb.read(tree.id()).unwrap();
        let raw = RawTree::of(object.data());
        let read: Vec<_> = raw.entries().map(|entry| (entry.mode(), entry.name.to_vec(), entry.id())).collect();
        let expected: Vec<_> =
            tree.iter().map(|entry| (entry.filemode_raw(), entry.name_bytes().to_vec(), entry.id())).collect();
        assert_eq!(read, expected);
        for end in 0..object.data().len() {
            assert!(RawTree::of(&object.data()[..end]).entries().count() < expected.len());
        }
    }
}

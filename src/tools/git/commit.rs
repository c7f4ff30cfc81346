//! A commit as a walk over thousands of them needs it.

use git2::Oid;

/// A commit, as far as a walk needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitCommit {
    /// Its tree.
    pub tree: Oid,
    /// Its parents, as far as they are in this clone.
    pub parents: Vec<Oid>,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
}

impl GitCommit {
    /// Reads the head of a commit's text: `tree`, each `parent`, `author`, `committer`.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut lines = text.split(|byte| *byte == b'\n');
        let id = |line: &[u8]| Oid::from_str(std::str::from_utf8(line).ok()?).ok();
        let tree = id(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::new();
        let mut line = lines.next()?;
        while let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(id(parent)?);
            line = lines.next()?;
        }
        let mut head = std::iter::once(line).chain(lines).take_while(|line| !line.is_empty());
        let time = head.find_map(|line| time(line.strip_prefix(b"committer ")?)).unwrap_or_default();
        Some(Self { tree, parents, time })
    }
}

/// The seconds in `NAME <ADDRESS> SECONDS ZONE`.
fn time(signature: &[u8]) -> Option<i64> {
    let after = signature.iter().rposition(|byte| *byte == b'>')? + 1;
    std::str::from_utf8(&signature[after..]).ok()?.split_whitespace().next()?.parse().ok()
}

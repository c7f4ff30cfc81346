//! A commit as a walk over thousands of them needs it.

use git2::Oid;

/// The word without which no footer says that something breaks (Conventional Commits 1.0.0, rules 11 and 12).
const BREAKING: &[u8] = b"BREAKING";

/// A commit, as far as a walk needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitCommit {
    /// Its tree.
    pub tree: Oid,
    /// Its parents, as far as they are in this clone.
    pub parents: Vec<Oid>,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// Whether its message may say that something breaks: it has an exclamation mark, the word `BREAKING`, or characters
    /// beyond ASCII, some of which are left out before a message is read.
    pub may_break: bool,
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
        let mut rest = std::iter::once(line).chain(lines);
        let mut head = rest.by_ref().take_while(|line| !line.is_empty());
        let time = head.find_map(|line| time(line.strip_prefix(b"committer ")?)).unwrap_or_default();
        let may_break = rest.any(may_break);
        Some(Self { tree, parents, time, may_break })
    }
}

fn may_break(line: &[u8]) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b'\t' | b'\r' | b' ' | b'"'..=b'~');
    !line.iter().all(is_plain) || line.windows(BREAKING.len()).any(|word| word == BREAKING)
}

/// The seconds in `NAME <ADDRESS> SECONDS ZONE`.
fn time(signature: &[u8]) -> Option<i64> {
    let after = signature.iter().rposition(|byte| *byte == b'>')? + 1;
    std::str::from_utf8(&signature[after..]).ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // What may say that something breaks is read as a whole; a signature before the message is none of it.
    #[test]
    fn messages_that_may_break() {
        let id = "a".repeat(40);
        let may_break = |message: &str| {
            let text = format!("tree {id}\nparent {id}\nauthor A <a> 1 +0000\ncommitter A <a!> 2 +0000\n\n{message}");
            let commit = GitCommit::parse(text.as_bytes()).unwrap();
            assert_eq!((commit.parents.len(), commit.time), (1, 2));
            commit.may_break
        };
        let plain = ["feat: a", "Merge branch 'breaking'\n\n\tBREAK: (#12)\r\n", ""];
        assert!(plain.iter().all(|message| !may_break(message)));
        let loud = ["feat!: a", "a\n\nBREAKING CHANGE: b", "a\n\nBREA\u{1b}[0mKING-CHANGE: b", "BREA\u{200e}KING"];
        assert!(loud.iter().all(|message| may_break(message)));
    }
}

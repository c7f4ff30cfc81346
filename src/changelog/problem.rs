//! Why a changelog cannot take a release.

use std::collections::BTreeMap;
use std::fmt;

use super::document::Document;
use super::scan::LineKind;
use super::scan::scan;

/// Why a changelog cannot take a release. Lines count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A merge was left unfinished.
    Conflict {
        /// Where it begins.
        line: usize,
    },
    /// There are two places for what is not released.
    TwoUnreleased {
        /// The first.
        first: usize,
        /// The second.
        line: usize,
    },
    /// A fence, a comment or `<pre>` is never closed and hides whatever follows.
    Unclosed {
        /// Where it begins.
        line: usize,
    },
    /// The entry would not be read back as it was written: a heading in it would end it.
    Unfit {
        /// Where the entry stands, or would stand.
        line: usize,
    },
}

impl Problem {
    /// The first problem of a text.
    pub(super) fn find(text: &str, document: &Document) -> Option<Self> {
        conflict(text)
            .map(|line| Self::Conflict { line })
            .or_else(|| two_unreleased(document))
            .or_else(|| document.unclosed.map(|line| Self::Unclosed { line }))
    }

    /// The line, from one.
    pub fn line(&self) -> usize {
        match self {
            Self::Conflict { line }
            | Self::TwoUnreleased { line, .. }
            | Self::Unclosed { line }
            | Self::Unfit { line } => *line,
        }
    }

    /// What to do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "resolve the merge and remove its markers",
            Self::TwoUnreleased { .. } => "keep all unreleased changes under one heading",
            Self::Unclosed { .. } => "close it, or headings below it are ignored",
            Self::Unfit { .. } => "use deeper headings inside the entry than for the release",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { .. } => f.write_str("the changelog contains merge conflict markers"),
            Self::TwoUnreleased { first, .. } => {
                write!(f, "the changelog has a second Unreleased heading; the first is on line {first}")
            }
            Self::Unclosed { .. } => f.write_str("a code block or comment in the changelog is never closed"),
            Self::Unfit { .. } => f.write_str("a heading inside the entry has the same level as a release heading"),
        }
    }
}

impl std::error::Error for Problem {}

/// The line of a merge's first marker, where the other two follow. In code blocks they are an example, not a merge.
fn conflict(text: &str) -> Option<usize> {
    if !text.contains("<<<<<<<") {
        return None;
    }
    let marker = |mark: &'static str| {
        move |line: &str| line.trim_end() == mark || line.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' '))
    };
    let (ours, middle, theirs) = (marker("<<<<<<<"), marker("======="), marker(">>>>>>>"));
    let lines = scan(text).lines;
    let first = lines.iter().position(|line| line.kind != LineKind::Code && ours(line.raw))?;
    let between = lines.iter().skip(first).position(|line| middle(line.raw))? + first;
    lines.iter().skip(between).find(|line| theirs(line.raw))?;
    Some(first + 1)
}

/// Two of the same name. Those that say which version they are to become count only where no other is there.
fn two_unreleased(document: &Document) -> Option<Problem> {
    let mut found: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, pending) in document.pending() {
        let line = document.sections.get(index).map_or(1, |section| section.line);
        let name = pending.name.map(|name| name.to_ascii_lowercase());
        found.entry((name, pending.version.is_some())).or_default().push(line);
    }
    let counts = |name: &Option<String>, versioned: bool| !versioned || !found.contains_key(&(name.clone(), false));
    let mut lines = found.iter().filter(|((name, versioned), _)| counts(name, *versioned)).map(|(_, lines)| lines);
    lines.find_map(|lines| match lines.as_slice() {
        [first, line, ..] => Some(Problem::TwoUnreleased { first: *first, line: *line }),
        [] | [_] => None,
    })
}

//! The marker that a draft leaves in Unreleased: one comment that names the commits that were offered, by short hashes of
//! author date and subject, which survive a rebase, and the change notes, by hashes of their texts. What a person reworded,
//! moved or deleted since is never offered again.
//!
//! ```text
//! <!-- drafted through 1a2b3c4d5e6f, keep until the release: 0123abcd 4567ef01 -->
//! ```

use std::collections::BTreeSet;
use std::ops::Range;

use super::draft::DraftCommit;
use super::note::Note;
use crate::names::Digest;

/// How the comment starts.
const START: &str = "<!-- drafted through ";

/// How long a line of it gets, in characters.
const WIDTH: usize = 120;

/// How many digits name a commit.
pub(super) const DIGITS: usize = 8;

/// What a draft covers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marker {
    /// The newest commit that was offered, shortened; for people.
    pub through: String,
    /// The commits, by [`key`], and the notes, by [`Note::key`].
    pub covered: BTreeSet<String>,
}

/// The short hash of a commit: of its author date and its subject.
pub(crate) fn key(timestamp: i64, message: &str) -> String {
    let subject = message.lines().next().unwrap_or_default().trim();
    let digest = Digest::of(format!("{timestamp} {subject}").as_bytes());
    digest.as_str().chars().take(DIGITS).collect()
}

impl Marker {
    /// The marker of a section's body; of several, as a merge may leave them, all in one.
    pub(super) fn find(body: &str) -> Option<Self> {
        let mut found = places(body).filter_map(|range| body.get(range)).map(Self::read);
        let first = found.next()?;
        Some(found.fold(first, |mut all, other| {
            all.covered.extend(other.covered);
            all
        }))
    }

    /// Whether a commit was offered.
    pub fn covers(&self, commit: &DraftCommit) -> bool {
        self.covered.contains(&key(commit.timestamp, &commit.message))
    }

    /// Whether something with this key was offered.
    pub fn covers_key(&self, key: &str) -> bool {
        self.covered.contains(key)
    }

    /// Whether a note was offered.
    pub fn covers_note(&self, note: &Note) -> bool {
        self.covered.contains(&note.key())
    }

    fn read(comment: &str) -> Self {
        let inner = comment.strip_prefix(START).unwrap_or(comment);
        let (before, keys) = inner.split_once(':').unwrap_or((inner, ""));
        let through = before.split([',', ' ']).next().unwrap_or_default().to_owned();
        let is_key = |word: &&str| word.len() == DIGITS && word.chars().all(|c| c.is_ascii_hexdigit());
        Self { through, covered: keys.split_whitespace().filter(is_key).map(str::to_owned).collect() }
    }

    /// The comment, without a line ending after it.
    pub(super) fn comment(&self, newline: &str) -> String {
        let mut out = format!("{START}{}, keep until the release:", self.through);
        let mut width = out.len();
        for word in self.covered.iter().map(String::as_str).chain(["-->"]) {
            if width + 1 + word.len() > WIDTH {
                out.push_str(newline);
                width = 0;
            } else {
                out.push(' ');
            }
            out.push_str(word);
            width += 1 + word.len();
        }
        out
    }
}

/// A body without its markers, and without the blank line before each.
pub(super) fn without(body: &str) -> String {
    let mut out = String::new();
    let mut from = 0;
    for Range { start, end } in places(body) {
        let before = body.get(from..start).unwrap_or("");
        let after = body.get(end..).unwrap_or("");
        let line_ends = after.find('\n').filter(|at| after.get(..*at).is_some_and(|rest| rest.trim().is_empty()));
        from = line_ends.map_or(end, |at| end + at + 1);
        let blank_follows =
            body.get(from..).is_none_or(|rest| rest.lines().next().is_none_or(|it| it.trim().is_empty()));
        let trimmed = before.strip_suffix('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
        let doubled = trimmed.filter(|it| blank_follows && (it.is_empty() || it.ends_with('\n')));
        out.push_str(doubled.unwrap_or(before));
    }
    out.push_str(body.get(from..).unwrap_or(""));
    out
}

/// Where the markers are.
fn places(body: &str) -> impl Iterator<Item = Range<usize>> {
    let starts = body.match_indices(START).map(|(at, _)| at);
    let at_line = |at: &usize| *at == 0 || body.get(..*at).is_some_and(|before| before.ends_with('\n'));
    starts.filter(at_line).filter_map(|at| {
        let end = body.get(at..)?.find("-->")?;
        Some(at..at + end + "-->".len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(count: usize) -> Marker {
        let covered = (0..count).map(|number| format!("{number:08x}")).collect();
        Marker { through: "1a2b3c4d5e6f".to_owned(), covered }
    }

    /// What is written is read back, on one line or several, and two of them are one.
    #[test]
    fn is_read_back() {
        for count in [0, 1, 3, 40] {
            let comment = marker(count).comment("\r\n");
            assert!(comment.lines().all(|line| line.len() <= WIDTH + 4), "{comment}");
            assert_eq!(Marker::find(&format!("\n- a\n\n{comment}\n\n")), Some(marker(count)), "{count}");
        }
        let both = format!("{}\n{}\n", marker(2).comment("\n"), marker(4).comment("\n"));
        assert_eq!(Marker::find(&both).map(|found| found.covered.len()), Some(4));
    }

    /// A marker goes as it came, wherever it stands and whatever the line ending.
    #[test]
    fn goes_without_a_trace() {
        let comment = marker(1).comment("\n");
        for (with, bare) in [
            (format!("\n- a\n\n{comment}\n\n"), "\n- a\n\n"),
            (format!("\r\n- a\r\n\r\n{comment}\r\n\r\n"), "\r\n- a\r\n\r\n"),
            (format!("\n- a\n\n{comment}\n"), "\n- a\n"),
            (format!("\n- a\n\n{comment}"), "\n- a\n"),
            (format!("\n{comment}\n\n- a\n"), "\n- a\n"),
            (format!("\n{comment}\n- a\n"), "\n- a\n"),
        ] {
            assert_eq!(without(&with), bare, "{with:?}");
        }
    }
}

//! What a heading says: a release, the place of what is not released, or something else.
//!
//! Recognised are the forms of real changelogs: `[1.2.0] - 2026-01-02`, `1.2.0 (June 3rd, 2026)`, `v1.2.0`,
//! `core 1.2.0`, `[core-v1.2.0](https://…)`, `Version 1.2.0`, `1.2 (2026-01-02)`, `[Unreleased]`, `1.3.0 (unreleased)`,
//! `TBD`. A heading that has more to say than a version (`Migrating to 1.2.0`) is something else.

use std::ops::Range;

use jiff::civil::Date;
use semver::Version;

use super::date;

/// What a heading says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Title {
    /// What is not released.
    Unreleased,
    /// A release.
    Release(Box<ReleaseTitle>),
    /// Anything else.
    Other,
}

/// A heading of a release, with the places of what it says, as bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReleaseTitle {
    /// The version; `1.2` is taken for `1.2.0`.
    pub(super) version: Version,
    /// The version, without a `v` in front.
    pub(super) version_at: Range<usize>,
    /// The name in front of it.
    pub(super) name_at: Option<Range<usize>>,
    /// What closes the brackets, ticks or stars around the version.
    pub(super) closed_at: usize,
    /// The address of `[1.2.0](address)`.
    pub(super) url_at: Option<Range<usize>>,
    /// The date.
    pub(super) date: Option<date::FoundDate>,
}

impl ReleaseTitle {
    /// The date.
    pub(super) fn day(&self) -> Option<Date> {
        self.date.as_ref().map(|found| found.date)
    }
}

/// Reads the text of a heading.
pub(super) fn read(text: &str) -> Title {
    if is_unreleased(text) {
        return Title::Unreleased;
    }
    let Some(release) = release(text) else { return Title::Other };
    match text.get(release.closed_at..).is_some_and(says_unreleased) {
        true => Title::Unreleased,
        false => Title::Release(Box::new(release)),
    }
}

/// The marks that may stand around a version or a name.
const WRAPPERS: [char; 5] = ['[', '\\', '*', '`', '_'];

/// Words in front of a version that are no name.
const GENERIC: [&str; 5] = ["version", "release", "ver", "ver.", "v"];

/// Words in front of a version that make the heading one about it, not of it.
const PREPOSITIONS: [&str; 14] = [
    "since",
    "from",
    "to",
    "until",
    "before",
    "after",
    "in",
    "for",
    "with",
    "rust",
    "msrv",
    "upgrading",
    "migrating",
    "rustc",
];

fn release(text: &str) -> Option<ReleaseTitle> {
    let (version_at, version, whole) = version(text)?;
    let before = text.get(..version_at.start)?;
    let name_at = name(before.strip_suffix(['v', 'V']).unwrap_or(before))?;
    let (closed_at, url_at) = closing(text, version_at.end);
    let date = date::find(text, closed_at);
    let rest = text.get(closed_at..)?.trim_start();
    let dated = date.as_ref().and_then(|found| text.get(closed_at..found.range.start));
    let dated = dated.is_some_and(separates);
    let bare = rest.is_empty() || dated || says_unreleased(rest);
    let separated = rest.starts_with(['(', '[', '-', '–', '—', '&', ':', '/', ',', '|', '*']);
    let fits = match (whole, name_at.is_some()) {
        (true, false) => bare || separated,
        // `rayon 1.11.0 / rayon-core 1.13.0`: two packages, of which the first gives the release its name.
        (true, true) => bare || rest.starts_with('/'),
        (false, false) => bare,
        (false, true) => bare && !rest.is_empty(),
    };
    fits.then_some(ReleaseTitle { version, version_at, name_at, closed_at, url_at, date })
}

/// Whether what stands between a version and a date holds no words; `&ndash;` is none.
pub(super) fn separates(gap: &str) -> bool {
    let words = gap.replace("&ndash;", "").replace("&mdash;", "");
    !words.contains(char::is_alphanumeric)
}

/// The first version in a text, where it is, and whether all three numbers are given.
fn version(text: &str) -> Option<(Range<usize>, Version, bool)> {
    let start = text.char_indices().map(|(at, _)| at).find(|at| starts_version(text, *at))?;
    let tail = text.get(start..)?;
    let run = tail.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))).unwrap_or(tail.len());
    let token = tail.get(..run)?.trim_end_matches(['.', '-', '+']);
    let range = start..start + token.len();
    if let Ok(version) = Version::parse(token) {
        return Some((range, version, true));
    }
    let (major, minor) = token.split_once('.')?;
    Some((range, Version::new(major.parse().ok()?, minor.parse().ok()?, 0), false))
}

/// Whether a version may begin here: a digit that no other number or word runs into, a `v` apart.
fn starts_version(text: &str, at: usize) -> bool {
    let digit = text.get(at..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let before = text.get(..at).unwrap_or("");
    let before = before.strip_suffix(['v', 'V']).unwrap_or(before);
    digit && !before.ends_with(|c: char| c.is_alphanumeric() || c == '.')
}

/// The name in front of a version: none outside where that is no name, none inside where there is nothing.
fn name(before: &str) -> Option<Option<Range<usize>>> {
    let trimmed = before.trim_end_matches(|c: char| c.is_whitespace() || WRAPPERS.contains(&c));
    let trimmed = trimmed.trim_end_matches(['-', '@', '/', ':', '–', '—']);
    let trimmed = trimmed.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ']' | '*' | '`' | '\\'));
    let start = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_whitespace() || WRAPPERS.contains(&c)).len();
    let inner = trimmed.get(start..)?;
    let last = inner.rsplit(char::is_whitespace).next().unwrap_or("");
    let generic = GENERIC.iter().any(|word| word.eq_ignore_ascii_case(last));
    let inner = if generic { inner.get(..inner.len() - last.len())?.trim_end() } else { inner };
    if inner.is_empty() {
        return Some(None);
    }
    // `Release rayon 1.12.0`.
    let first = inner.split(char::is_whitespace).next().unwrap_or("");
    let led = inner.len() > first.len() && GENERIC.iter().any(|word| word.eq_ignore_ascii_case(first));
    let rest = inner.get(if led { first.len() } else { 0 }..)?;
    let start = start + inner.len() - rest.trim_start().len();
    let inner = rest.trim_start();
    let spelled = inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let word = inner.starts_with(|c: char| c.is_ascii_alphabetic());
    let about = PREPOSITIONS.iter().any(|word| word.eq_ignore_ascii_case(inner));
    (spelled && word && !about).then_some(Some(start..start + inner.len()))
}

/// Where the brackets, ticks or stars around a version end, and the address of a link.
fn closing(text: &str, from: usize) -> (usize, Option<Range<usize>>) {
    let rest = text.get(from..).unwrap_or("");
    let closed = from + (rest.len() - rest.trim_start_matches(['\\', ']', '`', '*', '_']).len());
    let after = text.get(closed..).unwrap_or("");
    let bracketed = text.get(from..closed).is_some_and(|marks| marks.contains(']'));
    let (open, close) = if after.starts_with('(') { ('(', ')') } else { ('[', ']') };
    let end = after.strip_prefix(open).filter(|_| bracketed).and_then(|inner| inner.find(close));
    match end {
        Some(end) if open == '(' => (closed + end + 2, Some(closed + 1..closed + 1 + end)),
        Some(end) => (closed + end + 2, None),
        None => (closed, None),
    }
}

/// Whether a heading that cannot be read as that of a release seems to be meant for one: it begins with a number and a
/// dot, marks, a `v` and a generic word apart. One for many releases (`0.9.x`, `0.2 and earlier`) is not.
pub(super) fn looks_like_release(text: &str) -> bool {
    let plain = text.trim_start_matches(|c: char| WRAPPERS.contains(&c));
    let word = GENERIC.iter().find_map(|word| plain.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word)));
    let plain = plain.get(word.map_or(0, str::len)..).unwrap_or(plain).trim_start();
    let plain = plain.trim_start_matches(|c: char| matches!(c, 'v' | 'V') || WRAPPERS.contains(&c));
    let digits = plain.len() - plain.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let many = [".x", ".*", " earlier", " older"].iter().any(|word| plain.contains(word));
    digits > 0 && !many && plain.get(digits..).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1)
}

/// What a heading of what is not released says besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pending {
    /// The name in front.
    pub(super) name: Option<String>,
    /// The version that it is to become.
    pub(super) version: Option<Version>,
}

/// Reads a heading that [`read`] takes for one of what is not released.
pub(super) fn pending(text: &str) -> Pending {
    if let Some(release) = release(text) {
        let name = release.name_at.and_then(|range| text.get(range)).map(str::to_owned);
        return Pending { name, version: Some(release.version) };
    }
    Pending { name: named_unreleased(text).map(str::to_owned), version: None }
}

/// The name in `[core Unreleased]`.
fn named_unreleased(text: &str) -> Option<&str> {
    let plain = text.trim_matches(|c: char| WRAPPERS.contains(&c) || matches!(c, ']' | '(' | ')'));
    let at = plain.len().checked_sub("unreleased".len())?;
    let (before, word) = plain.split_at_checked(at)?;
    let name = name(before)?.and_then(|range| before.get(range))?;
    let adverbs = ["still", "yet", "previously", "all", "changes", "notes", "now"];
    let apart = before.ends_with(|c: char| !c.is_alphanumeric());
    let fits =
        apart && word.eq_ignore_ascii_case("unreleased") && !adverbs.contains(&name.to_ascii_lowercase().as_str());
    fits.then_some(name)
}

/// Whether the whole heading stands for what is not released.
fn is_unreleased(text: &str) -> bool {
    if named_unreleased(text).is_some() {
        return true;
    }
    let plain = text.trim_matches(|c: char| WRAPPERS.contains(&c) || matches!(c, ']' | '(' | ')')).to_ascii_lowercase();
    let plain = plain.strip_prefix("version ").unwrap_or(&plain);
    let whole = ["tbd", "next", "next release", "next version", "upcoming", "upcoming release", "not yet released"];
    let rest = plain.strip_prefix("unreleased").map(|rest| rest.strip_prefix(" changes").unwrap_or(rest).trim_start());
    let bounded = rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\'')));
    bounded || whole.contains(&plain)
}

/// Whether what follows a version says that it is not out: `(unreleased)`, `- TBD`.
fn says_unreleased(rest: &str) -> bool {
    let word = rest.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    matches!(word.as_str(), "unreleased" | "not yet released" | "tbd" | "tba" | "wip" | "in progress" | "upcoming")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The version, name, and date that a heading gives.
    fn said(text: &str) -> String {
        let title = match read(text) {
            Title::Unreleased => return "unreleased".to_owned(),
            Title::Other => return "other".to_owned(),
            Title::Release(title) => title,
        };
        let name = title.name_at.clone().map(|range| format!("{} ", &text[range])).unwrap_or_default();
        let day = title.day().map(|day| format!(" {day}")).unwrap_or_default();
        format!("{name}{}{day}", title.version)
    }

    /// The forms of real changelogs.
    #[test]
    fn reads_what_projects_write() {
        for (text, expected) in [
            ("[1.2.0] - 2026-01-02", "1.2.0 2026-01-02"),
            ("1.2.0", "1.2.0"),
            ("v1.2.0-rc.1", "1.2.0-rc.1"),
            ("1.2.0 (June 3rd, 2026)", "1.2.0 2026-06-03"),
            ("Version 0.13.0 (2024-02-17)", "0.13.0 2024-02-17"),
            ("core 1.2.0", "core 1.2.0"),
            ("Release core 1.2.0 (2026-01-02)", "core 1.2.0 2026-01-02"),
            ("core 1.2.0 / core-macros 1.3.0 (2026-01-02)", "core 1.2.0 2026-01-02"),
            ("`core` - v1.2.0 / 2026-01-02", "core 1.2.0 2026-01-02"),
            ("[core-v1.2.0](https://example.com/a...b) - 2026-01-02", "core 1.2.0 2026-01-02"),
            ("[1.2.0][1.2.0] - 2026-01-02", "1.2.0 2026-01-02"),
            ("[1.2.0](https://example.com/9.9.9) (2026-01-02)", "1.2.0 2026-01-02"),
            ("\\[1.2.0\\] 2026-01-02", "1.2.0 2026-01-02"),
            ("Cargo 1.80 (2024-07-25)", "Cargo 1.80.0 2024-07-25"),
            ("0.5", "0.5.0"),
            ("[0.5.1] &ndash; 2026-01-02", "0.5.1 2026-01-02"),
            ("1.2.0 - The big one", "1.2.0"),
            ("[1.2.0] - 2026-01-02 [YANKED]", "1.2.0 2026-01-02"),
            ("[Unreleased]", "unreleased"),
            ("Unreleased - ReleaseDate", "unreleased"),
            ("[unreleased](https://example.com/v1...HEAD)", "unreleased"),
            ("1.3.0 (unreleased)", "unreleased"),
            ("[1.3.0] - TBD", "unreleased"),
            ("TBD", "unreleased"),
            ("[core Unreleased]", "unreleased"),
            ("`core` - [unreleased]", "unreleased"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    /// Whose it is, and what it is to become.
    #[test]
    fn reads_what_is_pending() {
        let said = |text: &str| {
            let Pending { name, version } = pending(text);
            (name.unwrap_or_default(), version.map(|version| version.to_string()).unwrap_or_default())
        };
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(said("[Unreleased]"), pair("", ""));
        assert_eq!(said("[core Unreleased]"), pair("core", ""));
        assert_eq!(said("core 1.3.0 (unreleased)"), pair("core", "1.3.0"));
        assert_eq!(said("5.0.0 - TBD"), pair("", "5.0.0"));
    }

    /// A heading about a version is not one of it.
    #[test]
    fn leaves_other_headings_alone() {
        for text in [
            "Added",
            "Migrating to 1.2.0",
            "Upgrading from 0.9",
            "MSRV 1.70.0",
            "3.5 times faster",
            "1.2.0 brings more",
            "Unreleasedness",
            "Still unreleased",
            "What is unreleased",
            "Next steps",
            "2026",
        ] {
            assert_eq!(said(text), "other", "{text}");
        }
    }
}

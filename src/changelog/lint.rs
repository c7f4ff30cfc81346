//! What a reader, or the next release, would stumble over in a changelog.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use semver::Version;

use super::document::Document;
use super::document::ReleaseHeading;
use super::document::Section;
use super::heading;
use super::heading::Title;
use super::link;
use super::owner::Owner;
use super::scan::LineKind;
use super::scan::lines;
use super::scan::scan;
use crate::names::TagName;
use crate::phrase;

/// Something that is wrong with a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line, from one.
    pub line: usize,
    /// What it is.
    pub kind: FlawKind,
}

/// What is wrong with a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// No heading is one of a release or of what is not released.
    NoHeading,
    /// A heading looks like that of a release and cannot be read as one.
    Heading(String),
    /// A version stands twice.
    Twice {
        /// The version, with the name where headings have one.
        version: String,
        /// The line where it stood before.
        first: usize,
    },
    /// A release is dated before an older one.
    Dates {
        /// The newer release.
        newer: (Version, Date),
        /// The older one.
        older: (Version, Date),
    },
    /// Links compare tags that do not exist.
    DeadLinks(Vec<String>),
    /// What is not released stands under a heading that names no package, in a file that keeps packages apart.
    Unassigned,
}

impl FlawKind {
    /// What to do.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::NoHeading => "add a heading `## [Unreleased]`, or set the right file: `[changelog] path`",
            Self::Heading(_) => "write it as `## [1.2.0] - 2026-01-31`, or like the other headings of the file",
            Self::Twice { .. } => "put both under one heading",
            Self::Dates { .. } => "fix the wrong date",
            Self::DeadLinks(_) => "fix the links, or fetch the tags: `git fetch --tags`",
            Self::Unassigned => "put it under the heading of a package: `## [NAME Unreleased]`",
        }
    }
}

impl fmt::Display for FlawKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHeading => f.write_str("the changelog has no heading for a release or for unreleased changes"),
            Self::Heading(text) => write!(f, "`{text}` looks like a release heading but cannot be parsed"),
            Self::Twice { version, first } => write!(f, "{version} already has a heading on line {first}"),
            Self::Dates { newer, older } => {
                write!(f, "{} is dated {}, before {} of {}", newer.0, newer.1, older.0, older.1)
            }
            Self::DeadLinks(tags) => write!(f, "links point to tags that do not exist: {}", listed(tags)),
            Self::Unassigned => f.write_str("this text belongs to no package, so no release includes it"),
        }
    }
}

/// How many dead links are named.
const NAMED: usize = 5;

fn listed(tags: &[String]) -> String {
    phrase::first(tags.iter().map(|tag| format!("`{tag}`")), NAMED)
}

/// All flaws of a text, by line. `tag_exists` knows the tags of the repository.
pub fn flaws(text: &str, owner: &Owner, tag_exists: &dyn Fn(&TagName) -> bool) -> Vec<Flaw> {
    let document = Document::parse(text);
    let mut found = headings(text, &document);
    found.extend(twice(&document));
    found.extend(dates(&document));
    found.extend(dead_links(text, tag_exists));
    let stray = |section: &&Section| section.is_unreleased() && !section.is_empty();
    let nameless = |section: &&Section| section.heading().is_some_and(|it| heading::pending(&it.text).name.is_none());
    let stray = document.sections.iter().filter(|_| owner.apart).filter(stray).filter(nameless);
    found.extend(stray.map(|section| Flaw { line: section.line, kind: FlawKind::Unassigned }));
    found.sort_by_key(|flaw| flaw.line);
    found
}

/// Whether an entry says, in a heading or in a line, that something breaks.
pub(crate) fn says_breaking(entry: &str) -> bool {
    let words = ["remov", "incompatib", "migrat"];
    scan(entry).lines.iter().any(|line| {
        let text = line.raw.to_lowercase();
        let breaks = text.contains("breaking") && !text.contains("non-breaking") && !text.contains("not breaking");
        match line.kind {
            LineKind::Heading(_) => breaks || words.iter().any(|word| text.contains(word)),
            LineKind::Text => breaks,
            LineKind::Blank
            | LineKind::Code
            | LineKind::Comment
            | LineKind::Rule
            | LineKind::Underline
            | LineKind::Definition(_) => false,
        }
    })
}

/// The first line of an entry that declares a breaking change: an item that begins with that mark (`**breaking:**`,
/// `[breaking]`, `BREAKING CHANGE:`), or one below a heading that says so.
pub(crate) fn declares_breaking(entry: &str) -> Option<&str> {
    let mut below = false;
    scan(entry).lines.iter().map(|line| (line.raw.trim_end(), &line.kind)).find_map(|(raw, kind)| match kind {
        LineKind::Heading(_) => {
            let title = raw.to_lowercase();
            below = title.contains("breaking") && !title.contains("non-breaking");
            None
        }
        LineKind::Text => {
            let marked = raw
                .trim_start()
                .strip_prefix(['-', '*', '+'])
                .map(|item| item.trim_start_matches([' ', '*', '[', '_']));
            let text = marked.unwrap_or_default().to_lowercase();
            let ends = text.strip_prefix("breaking").map(|rest| rest.strip_prefix(" change").unwrap_or(rest));
            let is_mark = ends.is_some_and(|rest| rest.trim_start_matches('s').starts_with([':', '*', ']', '_']));
            let says_none = text.is_empty() || text.starts_with("none");
            (is_mark || (below && !says_none)).then_some(raw)
        }
        LineKind::Blank
        | LineKind::Code
        | LineKind::Comment
        | LineKind::Rule
        | LineKind::Underline
        | LineKind::Definition(_) => None,
    })
}

fn headings(text: &str, document: &Document) -> Vec<Flaw> {
    let all = lines(text).enumerate().filter_map(|(index, line)| match line.kind {
        LineKind::Heading(heading) => Some((index + 1, heading)),
        LineKind::Blank
        | LineKind::Text
        | LineKind::Code
        | LineKind::Comment
        | LineKind::Rule
        | LineKind::Underline
        | LineKind::Definition(_) => None,
    });
    let all: Vec<_> = all.collect();
    let levels: BTreeSet<usize> = document.releases().map(|(heading, _)| heading.heading.level).collect();
    if levels.is_empty() && document.unreleased().is_none() {
        // A title and some words are a file that was just begun.
        let second = all.get(1).map(|(line, _)| Flaw { line: *line, kind: FlawKind::NoHeading });
        return second.into_iter().collect();
    }
    let fits = |title: &str| !matches!(heading::read(title), Title::Other);
    let odd = all.iter().filter(|(_, heading)| levels.contains(&heading.level) && !fits(heading.title));
    let odd = odd.filter(|(_, heading)| heading::looks_like_release(heading.title));
    odd.map(|(line, heading)| Flaw { line: *line, kind: FlawKind::Heading(heading.title.to_owned()) }).collect()
}

fn twice(document: &Document) -> Vec<Flaw> {
    let mut first: BTreeMap<(Option<String>, &Version), usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (heading, section) in document.releases() {
        let name = heading.name.as_ref().map(|name| name.to_ascii_lowercase());
        let version = heading.name.iter().cloned().chain([heading.version.to_string()]).collect::<Vec<_>>().join(" ");
        match first.get(&(name.clone(), &heading.version)) {
            Some(first) => found.push(Flaw { line: section.line, kind: FlawKind::Twice { version, first: *first } }),
            None => drop(first.insert((name, &heading.version), section.line)),
        }
    }
    found
}

/// Releases that are dated before an older one: of the same line (`1.2.*`), or before the first of an older line. Later
/// releases of older lines are newer than what they stand below, as in files that keep up several lines.
fn dates(document: &Document) -> Vec<Flaw> {
    let all: Vec<(&ReleaseHeading, &Section)> = document.releases().collect();
    let pairs = all.iter().enumerate().filter_map(|(index, (newer, section))| {
        let date = newer.date?;
        let line = |version: &Version| (version.major, version.minor);
        let comparable = |older: &&ReleaseHeading| {
            let first = older.version.patch == 0 && older.version.pre.is_empty();
            let below = older.version < newer.version && older.name == newer.name && older.date.is_some();
            below && (line(&older.version) == line(&newer.version) || first)
        };
        let mut below = all.get(index + 1..)?.iter().map(|(older, _)| *older);
        let older = below.find(comparable)?;
        let past = older.date.filter(|older| *older > date)?;
        let kind = FlawKind::Dates { newer: (newer.version.clone(), date), older: (older.version.clone(), past) };
        Some(Flaw { line: section.line, kind })
    });
    pairs.collect()
}

fn dead_links(text: &str, tag_exists: &dyn Fn(&TagName) -> bool) -> Option<Flaw> {
    let (mut dead, mut known): (Vec<String>, BTreeSet<String>) = Default::default();
    let mut first = None;
    for (index, line) in lines(text).enumerate() {
        let url = match line.kind {
            LineKind::Definition(definition) if !matches!(heading::read(definition.label), Title::Other) => {
                definition.url
            }
            LineKind::Heading(heading) => link::inline(heading.title).unwrap_or_default(),
            LineKind::Definition(_)
            | LineKind::Blank
            | LineKind::Text
            | LineKind::Code
            | LineKind::Comment
            | LineKind::Rule
            | LineKind::Underline => continue,
        };
        let missing = link::tags(url).filter(|tag| !tag_exists(&TagName::from(*tag)));
        for tag in missing {
            first = first.or(Some(index + 1));
            dead.extend(known.insert(tag.to_owned()).then(|| tag.to_owned()));
        }
    }
    first.map(|line| Flaw { line, kind: FlawKind::DeadLinks(dead) })
}

#[cfg(test)]
mod tests {
    use snapbox::assert_data_eq;
    use snapbox::str;

    use super::*;

    fn told(text: &str, tags: &[&str]) -> String {
        let exists = |tag: &TagName| tags.contains(&tag.as_str());
        let flaws = flaws(text, &Owner::alone(&"core".into()), &exists);
        flaws.iter().map(|flaw| format!("{}: {}\n", flaw.line, flaw.kind)).collect()
    }

    /// Each flaw with its line.
    #[test]
    fn each_flaw_has_a_line() {
        let text = "\
# Changelog

## [Unreleased]

## [1.3] - soon

## [1.2.0] - 2025-01-03

## [1.1.1] - 2025-12-20

## [1.1.0] - 2025-12-01

## [1.1.1] - 2025-11-30

## 1.0.0.1 - 2025-11-29

## 0.9.x

[unreleased]: https://github.com/o/r/compare/v1.2.0...HEAD
[1.2.0]: https://github.com/o/r/compare/v1.1.1...v1.2.0
[1.1.1]: https://github.com/o/r/releases/tag/v1.1.1
";
        assert_data_eq!(
            told(text, &["v1.2.0"]),
            str![[r#"
5: `[1.3] - soon` looks like a release heading but cannot be parsed
7: 1.2.0 is dated 2025-01-03, before 1.1.0 of 2025-12-01
13: 1.1.1 already has a heading on line 9
15: `1.0.0.1 - 2025-11-29` looks like a release heading but cannot be parsed
20: links point to tags that do not exist: `v1.1.1`

"#]]
        );
        assert_data_eq!(
            told("# News\n\n## A week in March\n\n- a\n", &[]),
            str![[r#"
3: the changelog has no heading for a release or for unreleased changes

"#]]
        );
        assert_eq!(told("# Changelog\n\nWhat changed.\n", &[]), "");
    }

    /// A file that keeps up several lines of releases has its dates in order.
    #[test]
    fn maintenance_releases_are_in_order() {
        let text = "## 2.1.0 (2026-02-01)\n\n## 2.0.0 (2026-01-01)\n\n## 1.9.9 (2026-03-01)\n\n## 1.9.0 (2025-01-01)\n";
        assert_eq!(told(text, &[]), "");
    }

    /// Breaking changes are told in a heading or in a line.
    #[test]
    fn breaking_is_said() {
        for (entry, expected) in [
            ("### Breaking changes\n\n- x", true),
            ("### Removed\n\n- x", true),
            ("### Changed\n\n- **breaking:** x", true),
            ("### Changed\n\n- x, which is not breaking", false),
            ("### Added\n\n- removed x", false),
        ] {
            assert_eq!(says_breaking(entry), expected, "{entry}");
        }
    }

    /// What an entry declares, and what it only speaks of.
    #[test]
    fn breaking_is_declared() {
        for (entry, expected) in [
            ("### Breaking changes\n\n- x", Some("- x")),
            ("### Breaking changes\n\nNone.\n\n- none", None),
            ("- **breaking:** x", Some("- **breaking:** x")),
            ("### Changed\n\n* [Breaking] x", Some("* [Breaking] x")),
            ("- **BREAKING CHANGE**: x", Some("- **BREAKING CHANGE**: x")),
            ("### Fixed\n\n- a breaking bug: x\n- breaking news of y", None),
            ("### Non-breaking\n\n- x", None),
            ("### Removed\n\n- x", None),
        ] {
            assert_eq!(declares_breaking(entry), expected, "{entry}");
        }
    }
}

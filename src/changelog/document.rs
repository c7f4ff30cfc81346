//! A changelog in sections: the preamble, what is not released, the releases, the link definitions at the foot.
//!
//! Nothing is normalised: a section keeps its bytes, and sections put together are the text again, whatever the text.

use jiff::civil::Date;
use semver::Version;

use super::heading;
use super::heading::Pending;
use super::heading::ReleaseTitle;
use super::heading::Title;
use super::owner::Owner;
use super::scan::HeadingLine;
use super::scan::LineKind;
use super::scan::lines;

/// A changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its parts, in order.
    pub sections: Vec<Section>,
    /// The line of a fence or comment that was not closed where it was read.
    pub(super) unclosed: Option<usize>,
}

/// A part of a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is.
    pub kind: SectionKind,
    /// The line that it begins at, from one.
    pub line: usize,
    /// The heading as it stands, with its line endings; empty for the preamble and the foot.
    pub head: String,
    /// What stands below the heading, up to the next section, as it stands.
    pub body: String,
}

/// What a section is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// What stands before the first section.
    Preamble,
    /// What is not released.
    Unreleased(Heading),
    /// A release.
    Release(Box<ReleaseHeading>),
    /// A section of another kind, carried through as it is.
    Other(Heading),
    /// Link reference definitions at the end.
    Foot,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// One to six.
    pub level: usize,
    /// Its text, without marks.
    pub text: String,
    /// Underlined with `=` or `-`, rather than marked with `#`.
    pub underlined: bool,
}

/// The heading of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseHeading {
    /// The heading.
    pub heading: Heading,
    /// The version.
    pub version: Version,
    /// The date, where there is one.
    pub date: Option<Date>,
    /// The name in front of the version, where there is one.
    pub name: Option<String>,
    pub(super) title: Box<ReleaseTitle>,
}

/// What some editors put at the beginning of a file; it stays there, in the preamble.
const BYTE_ORDER_MARK: char = '\u{feff}';

impl Document {
    /// Reads any text.
    pub fn parse(text: &str) -> Self {
        let mut preamble = Section::new(SectionKind::Preamble, 1);
        let text = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => {
                preamble.body.push(BYTE_ORDER_MARK);
                rest
            }
            None => text,
        };
        let mut lines = lines(text);
        let (mut foot, mut at) = (FootSearch::default(), 0);
        let mut sections = vec![preamble];
        for (index, line) in lines.by_ref().enumerate() {
            foot.step(line.kind, (index + 1, at));
            at += line.raw.len();
            if let LineKind::Heading(found) = line.kind {
                sections.extend(opened(&found, sections.last()).map(|kind| Section::new(kind, index + 1)));
            }
            let Some(section) = sections.last_mut() else { continue };
            let heads = match line.kind {
                LineKind::Heading(_) => section.line == index + 1 && section.heading().is_some(),
                LineKind::Underline => section.line == index && section.heading().is_some_and(|it| it.underlined),
                LineKind::Blank
                | LineKind::Text
                | LineKind::Code
                | LineKind::Comment
                | LineKind::Rule
                | LineKind::Definition(_) => false,
            };
            if heads { &mut section.head } else { &mut section.body }.push_str(line.raw);
        }
        if let (Some((line, from)), Some(last)) = (foot.found, sections.last_mut()) {
            let body = last.body.split_off(last.body.len().saturating_sub(at - from));
            sections.push(Section { body, ..Section::new(SectionKind::Foot, line) });
        }
        Self { sections, unclosed: lines.unclosed() }
    }

    /// The text.
    pub fn render(&self) -> String {
        self.sections.iter().flat_map(|section| [section.head.as_str(), section.body.as_str()]).collect()
    }

    /// The section of what is not released; the first, should there be several.
    pub fn unreleased(&self) -> Option<&Section> {
        self.sections.iter().find(|section| section.is_unreleased())
    }

    /// Where the section of what this owner has not released is. One that says which version it is to become
    /// (`5.0.0 - TBD`) is passed over where another does not.
    pub(super) fn unreleased_of(&self, owner: &Owner) -> Option<usize> {
        let mut found = self.pending().filter(|(_, pending)| owner.has(pending.name.as_deref()));
        let first = found.clone().next();
        found.find(|(_, pending)| pending.version.is_none()).or(first).map(|(index, _)| index)
    }

    /// Where what is not released stands, and whose it is.
    pub(super) fn pending(&self) -> impl Iterator<Item = (usize, Pending)> + Clone {
        let sections = self.sections.iter().enumerate().filter(|(_, section)| section.is_unreleased());
        sections.filter_map(|(index, section)| Some((index, heading::pending(&section.heading()?.text))))
    }

    /// The releases, in the order of the text, which is newest first as a rule.
    pub fn releases(&self) -> impl Iterator<Item = (&ReleaseHeading, &Section)> {
        self.sections.iter().filter_map(|section| section.release().map(|heading| (heading, section)))
    }

    /// The release of this version; of this package, where the headings of the file bear the names of packages.
    pub fn release_of(&self, owner: &Owner, version: &Version) -> Option<&Section> {
        self.releases_of(owner).find(|(heading, _)| heading.version == *version).map(|(_, section)| section)
    }

    /// The releases of an owner, in the order of the text.
    pub fn releases_of(&self, owner: &Owner) -> impl Iterator<Item = (&ReleaseHeading, &Section)> {
        self.releases().filter(|(heading, _)| owner.has(heading.name.as_deref()))
    }

    /// The line ending that the text uses first; `\n` where it has none.
    pub(super) fn newline(&self) -> &'static str {
        let parts = self.sections.iter().flat_map(|section| [section.head.as_str(), section.body.as_str()]);
        let crlf =
            parts.into_iter().find_map(|part| part.split_once('\n')).is_some_and(|(first, _)| first.ends_with('\r'));
        if crlf { "\r\n" } else { "\n" }
    }
}

impl Section {
    fn new(kind: SectionKind, line: usize) -> Self {
        Self { kind, line, head: String::new(), body: String::new() }
    }

    /// Its heading; none for the preamble and the foot.
    pub fn heading(&self) -> Option<&Heading> {
        match &self.kind {
            SectionKind::Unreleased(heading) | SectionKind::Other(heading) => Some(heading),
            SectionKind::Release(release) => Some(&release.heading),
            SectionKind::Preamble | SectionKind::Foot => None,
        }
    }

    /// Its heading, where it is a release.
    pub fn release(&self) -> Option<&ReleaseHeading> {
        match &self.kind {
            SectionKind::Release(release) => Some(release),
            SectionKind::Preamble | SectionKind::Unreleased(_) | SectionKind::Other(_) | SectionKind::Foot => None,
        }
    }

    /// Whether it is the place of what is not released.
    pub fn is_unreleased(&self) -> bool {
        matches!(self.kind, SectionKind::Unreleased(_))
    }

    /// Its body as an entry: without the blank lines around it, with `\n` at the end of each line but the last.
    pub fn entry(&self) -> String {
        entry(&self.body)
    }

    /// Whether the body says nothing: blank lines, comments, rules, link definitions, group headings with nothing below
    /// them, or only a word that says that there is nothing (`None.`).
    pub fn is_empty(&self) -> bool {
        let mut has_text = false;
        for line in lines(&self.body) {
            match line.kind {
                LineKind::Text if has_text || !says_nothing(line.raw) => return false,
                LineKind::Text => has_text = true,
                LineKind::Code => return false,
                LineKind::Blank
                | LineKind::Comment
                | LineKind::Rule
                | LineKind::Heading(_)
                | LineKind::Underline
                | LineKind::Definition(_) => {}
            }
        }
        true
    }
}

impl Heading {
    fn new(found: &HeadingLine<'_>) -> Self {
        Self { level: found.level, text: found.title.to_owned(), underlined: found.underlined }
    }
}

/// A text as an entry: without the blank lines around it, with `\n` as its line ending.
pub(super) fn entry(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let said = |line: &&str| !line.trim().is_empty();
    let ends = lines.iter().position(said).zip(lines.iter().rposition(said));
    let Some((first, last)) = ends else { return String::new() };
    lines.get(first..=last).unwrap_or_default().join("\n").trim_end().to_owned()
}

/// The section that a heading opens; none where it belongs to the section that it stands in.
fn opened(found: &HeadingLine<'_>, within: Option<&Section>) -> Option<SectionKind> {
    let heading = Heading::new(found);
    match heading::read(found.title) {
        Title::Unreleased => Some(SectionKind::Unreleased(heading)),
        Title::Release(title) => {
            let name = title.name_at.clone().and_then(|range| heading.text.get(range)).map(str::to_owned);
            let (version, date) = (title.version.clone(), title.day());
            Some(SectionKind::Release(Box::new(ReleaseHeading { heading, version, date, name, title })))
        }
        Title::Other => {
            let above = within?;
            let over = match &above.kind {
                SectionKind::Unreleased(over) => over.level,
                SectionKind::Release(over) => over.heading.level,
                SectionKind::Preamble | SectionKind::Other(_) | SectionKind::Foot => return None,
            };
            // Some tools give the groups of a release the level of the release itself.
            let ends = found.level < over || (found.level == over && !is_group(found.title));
            ends.then_some(SectionKind::Other(heading))
        }
    }
}

/// Whether a heading names a group of changes.
fn is_group(title: &str) -> bool {
    let words = title.to_ascii_lowercase();
    let groups = [
        "add",
        "chang",
        "deprecat",
        "remov",
        "fix",
        "secur",
        "feature",
        "breaking",
        "performance",
        "document",
        "enhanc",
        "improv",
        "internal",
        "other",
        "misc",
        "revert",
        "bug",
        "depend",
        "compat",
    ];
    groups.iter().any(|group| words.contains(group))
}

/// Where a line begins: its number, from one, and its place in the text.
type Begin = (usize, usize);

/// Looks for the foot: the last run of link definitions, with the comments right above it.
#[derive(Default)]
struct FootSearch {
    found: Option<Begin>,
    comments: Option<Begin>,
}

impl FootSearch {
    fn step(&mut self, kind: LineKind<'_>, begin: Begin) {
        match kind {
            LineKind::Definition(_) => self.found = self.found.or(self.comments).or(Some(begin)),
            LineKind::Comment => self.comments = self.comments.or(Some(begin)),
            LineKind::Blank => self.comments = None,
            LineKind::Text | LineKind::Code | LineKind::Rule | LineKind::Heading(_) | LineKind::Underline => {
                *self = Self::default();
            }
        }
    }
}

/// Whether a line is only there to say that nothing is.
fn says_nothing(line: &str) -> bool {
    let words = line.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
    let nothing = [
        "none",
        "none yet",
        "nothing",
        "nothing yet",
        "no changes",
        "no changes yet",
        "no unreleased changes",
        "unreleased changes. release notes have not yet been written",
        "n/a",
        "tbd",
    ];
    words.is_empty() || nothing.contains(&words.as_str())
}

//! Promotion: what is not released becomes a release, in the style of the file.

use jiff::civil::Date;
use semver::Version;

use super::document::Document;
use super::document::Section;
use super::document::SectionKind;
use super::document::entry;
use super::link;
use super::link::NewLink;
use super::marker;
use super::owner::Owner;
use super::problem::Problem;
use super::scan::LineKind;
use super::scan::scan;
use crate::changelog::draft::style::Style;
use crate::names::PackageName;
use crate::names::TagName;

/// A release as its changelog has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Whose it is; the name is written only where the headings of the file bear names.
    pub owner: Owner,
    /// The version.
    pub version: Version,
    /// The day that stands in the heading.
    pub date: Date,
    /// The tag of the release before; none on a first release.
    pub previous_tag: Option<TagName>,
    /// The tag of this release; none where tags are off, and then links are left as they are.
    pub tag: Option<TagName>,
    /// The address of the repository.
    pub repository: Option<String>,
    /// What is written where nobody wrote anything, without a heading of the release.
    pub draft: Option<String>,
}

/// A changelog that has a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The whole text.
    pub text: String,
    /// The body of the release's section, without its heading, with `\n` as line ending and none at the end.
    pub entry: String,
    /// Where the entry comes from.
    pub origin: Origin,
}

/// Where an entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The release was there already; nothing was changed.
    Already,
    /// A person wrote it under Unreleased.
    Written,
    /// It is the draft.
    Drafted,
    /// Nobody wrote anything, and the draft says nothing: the section is empty.
    Empty,
}

/// Makes a release of what is not released.
///
/// Entries, headings and line endings that are there stay as they are; the heading follows the newest release of the
/// file, else Keep a Changelog. A document that has the version is returned unchanged.
///
/// # Errors
///
/// The [`Problem`] for which the text was left alone.
pub fn release(text: &str, release: &Release) -> Result<Released, Problem> {
    let mut document = Document::parse(text);
    if let Some(problem) = Problem::find(text, &document) {
        return Err(problem);
    }
    if let Some(section) = document.release_of(&release.owner, &release.version) {
        return Ok(Released { text: text.to_owned(), entry: section.entry(), origin: Origin::Already });
    }
    let style = Style::of(&document, release);
    let fresh = document.releases().next().is_none();
    let unreleased = document.unreleased_of(&release.owner);
    if let Some(section) = unreleased.and_then(|index| document.sections.get_mut(index)) {
        section.body = marker::without(&section.body);
    }
    let written = unreleased.filter(|index| document.sections.get(*index).is_some_and(|section| !section.is_empty()));
    let (entry, origin) = match written {
        Some(index) => (promote(&mut document, index, &style), Origin::Written),
        None => {
            insert(&mut document, &SectionInsertion { style: &style, owner: &release.owner }, release.draft.as_deref())
        }
    };
    let new = NewLink { label: style.label(), fresh, newline: style.newline };
    link::update(&mut document, release, &new);
    let text = document.render();
    drop(document);
    let entry = read_back(&text, &entry, release)?;
    Ok(Released { text, entry, origin })
}

/// The line of the heading that an owner's version has already.
pub(crate) fn line_of(text: &str, owner: &Owner, version: &Version) -> Option<usize> {
    Document::parse(text).release_of(owner, version).map(|section| section.line)
}

/// The beginning of a changelog that does not exist yet, after Keep a Changelog.
pub(crate) fn new_document(package: &PackageName) -> String {
    format!(
        "# Changelog\n\n\
         All notable changes to `{package}` are documented in this file.\n\n\
         The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), and this project adheres to \
         [Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n\n\
         ## [Unreleased]\n"
    )
}

/// Puts the new heading over what was not released, and a fresh Unreleased above.
fn promote(document: &mut Document, index: usize, style: &Style) -> String {
    let Some(section) = document.sections.get_mut(index) else { return String::new() };
    section.head = format!("{}{}{}", style.fresh, style.gap(), style.head);
    section.entry()
}

/// A section that is new to a file.
struct SectionInsertion<'a> {
    style: &'a Style,
    owner: &'a Owner,
}

/// Puts a new section below the empty Unreleased, which stays as it is, or in front of the releases with a fresh one.
fn insert(document: &mut Document, new: &SectionInsertion<'_>, draft: Option<&str>) -> (String, Origin) {
    let style = new.style;
    let draft = fit(&entry(draft.unwrap_or("")), style.level);
    let unreleased = document.unreleased_of(new.owner);
    let index = unreleased.map_or_else(|| place(document), |index| index + 1);
    close_with_blank_line(document, index, style.newline);
    let followed = document.sections.get(index).is_some();
    let head = match unreleased {
        Some(_) => style.head.clone(),
        None => format!("{}{}{}", style.fresh, style.gap(), style.head),
    };
    let mut body = String::new();
    if !draft.is_empty() {
        body.push_str(if style.tight { "" } else { style.newline });
        body.extend(draft.lines().flat_map(|line| [line, style.newline]));
    }
    body.push_str(if followed { style.gap() } else { "" });
    document.sections.insert(index, Section { kind: SectionKind::Foot, line: 0, head, body });
    let origin = if draft.is_empty() { Origin::Empty } else { Origin::Drafted };
    (draft, origin)
}

/// Where a new section goes: in front of all releases, whosever they are, so that the newest is on top; else of the foot,
/// else at the end.
pub(super) fn place(document: &Document) -> usize {
    let position = |is: &dyn Fn(&Section) -> bool| document.sections.iter().position(is);
    let newest = position(&|section| section.release().is_some());
    let foot = position(&|section| section.kind == SectionKind::Foot);
    newest.or(foot).unwrap_or(document.sections.len())
}

/// Makes sure that what stands before a place ends with a blank line.
pub(super) fn close_with_blank_line(document: &mut Document, index: usize, newline: &'static str) {
    let Some(before) = document.sections.get_mut(..index) else { return };
    let text: String = before.iter().flat_map(|section| [section.head.as_str(), section.body.as_str()]).collect();
    let text = text.trim_start_matches('\u{feff}');
    let blank = text.lines().next_back().is_none_or(|line| line.trim().is_empty());
    let missing = match (text.is_empty() || text.ends_with('\n'), blank) {
        (true, true) => 0,
        (true, false) | (false, true) => 1,
        (false, false) => 2,
    };
    if let Some(section) = before.last_mut() {
        section.body.push_str(&newline.repeat(missing));
    }
}

/// Lowers the headings of a draft below that of the release, where one of them stands as high.
pub(super) fn fit(draft: &str, level: usize) -> String {
    let scan = scan(draft);
    let levels = scan.lines.iter().filter_map(|line| match line.kind {
        LineKind::Heading(heading) if !heading.underlined => Some(heading.level),
        LineKind::Heading(_)
        | LineKind::Blank
        | LineKind::Text
        | LineKind::Code
        | LineKind::Comment
        | LineKind::Rule
        | LineKind::Underline
        | LineKind::Definition(_) => None,
    });
    let lower = levels.min().map_or(0, |highest| (level + 1).saturating_sub(highest));
    let lines = scan.lines.iter().map(|line| match line.kind {
        LineKind::Heading(heading) if !heading.underlined => {
            format!("{}{}", "#".repeat(lower.min(6 - heading.level)), line.raw.trim_start())
        }
        LineKind::Heading(_)
        | LineKind::Blank
        | LineKind::Text
        | LineKind::Code
        | LineKind::Comment
        | LineKind::Rule
        | LineKind::Underline
        | LineKind::Definition(_) => line.raw.to_owned(),
    });
    lines.collect()
}

/// Reads the new text as the next release will, and holds it against what was meant: the entry as it is read.
fn read_back(text: &str, meant: &str, release: &Release) -> Result<String, Problem> {
    let document = Document::parse(text);
    let Some(section) = document.release_of(&release.owner, &release.version) else {
        return Err(Problem::Unfit { line: document.unreleased().map_or(1, |section| section.line) });
    };
    let fresh = document.unreleased_of(&release.owner).and_then(|index| document.sections.get(index));
    let opened = fresh.is_some_and(Section::is_empty) && Problem::find(text, &document).is_none();
    let entry = section.entry();
    // At the end of a text the link definitions of a draft are the foot of the file.
    let same = meant.strip_prefix(&entry).is_some_and(|rest| Document::parse(rest).sections.iter().all(is_foot));
    if opened && same { Ok(entry) } else { Err(Problem::Unfit { line: section.line }) }
}

fn is_foot(section: &Section) -> bool {
    match section.kind {
        SectionKind::Foot => true,
        SectionKind::Preamble => section.body.trim().is_empty(),
        SectionKind::Unreleased(_) | SectionKind::Release(_) | SectionKind::Other(_) => false,
    }
}

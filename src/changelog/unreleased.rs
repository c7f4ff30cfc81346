//! What is not released yet: brought up to date with a draft, replaced by what a person edited, and read.

use super::document::Document;
use super::document::Section;
use super::document::SectionKind;
use super::document::entry;
use super::marker;
use super::marker::Marker;
use super::owner::Owner;
use super::problem::Problem;
use super::release::Release;
use super::release::close_with_blank_line;
use super::release::fit;
use super::release::place;
use crate::changelog::draft::draft_items::groups;
use crate::changelog::draft::draft_items::mentions;
use crate::changelog::draft::merge::merge;
use crate::changelog::draft::style::Style;

/// How what is not released stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreleased {
    /// What it says, as an entry.
    pub entry: String,
    /// The line of its heading; none where it has no place yet.
    pub line: Option<usize>,
    /// What the drafts before offered; none where none was made.
    pub marker: Option<Marker>,
}

impl Unreleased {
    /// Reads it.
    ///
    /// # Errors
    /// The [`Problem`] that must be mended first.
    pub fn read(text: &str, owner: &Owner) -> Result<Self, Problem> {
        let document = Document::parse(text);
        if let Some(problem) = Problem::find(text, &document) {
            return Err(problem);
        }
        let Some(section) = document.unreleased_of(owner).and_then(|index| document.sections.get(index)) else {
            return Ok(Self::default());
        };
        let entry = if section.is_empty() { String::new() } else { entry(&marker::without(&section.body)) };
        Ok(Self { entry, line: Some(section.line), marker: Marker::find(&section.body) })
    }
}

/// The items of a draft that an entry does not speak of: the first line of each, without its mark.
pub(crate) fn missing(entry: &str, draft: &str) -> Vec<String> {
    let items = groups(draft).into_iter().flat_map(|group| group.items).filter(|item| !mentions(entry, item));
    let unmarked = |line: &str| line.strip_prefix(['-', '*', '+']).unwrap_or(line).trim().replace("**", "");
    items.map(|item| unmarked(item.lines().next().unwrap_or_default().trim_start())).collect()
}

/// A draft without the items that an entry speaks of.
pub(crate) fn unmentioned(entry: &str, draft: &str) -> String {
    let kept = groups(draft).into_iter().map(|group| {
        let items: Vec<String> = group.items.into_iter().filter(|item| !mentions(entry, item)).collect();
        (group.title, items)
    });
    let kept = kept.filter(|(_, items)| !items.is_empty()).map(|(title, items)| {
        let head = title.map_or_else(String::new, |title| format!("### {title}\n\n"));
        format!("{head}{}\n", items.join("\n"))
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// Puts a draft into what is not released, and the marker behind it; without a marker, those that are there go.
///
/// # Errors
/// The [`Problem`] for which the text was left alone.
pub fn bring_up(text: &str, like: &Release, marker: Option<&Marker>) -> Result<String, Problem> {
    rewrite(text, like, |body, form| {
        let draft = fit(like.draft.as_deref().unwrap_or_default(), form.1);
        with_marker(&merge(&marker::without(body), &draft, form), marker, form.0)
    })
}

/// Replaces what is not released by what a person edited.
///
/// # Errors
/// The [`Problem`] for which the text was left alone.
pub(crate) fn replace(text: &str, like: &Release, marker: Option<&Marker>) -> Result<String, Problem> {
    rewrite(text, like, |body, (newline, _)| {
        let edited = entry(like.draft.as_deref().unwrap_or_default());
        let lines = edited.lines().flat_map(|line| [line, newline]);
        let end = body.len() - body.trim_end().len();
        let blank = body.get(body.len() - end..).unwrap_or("").matches('\n').count();
        let closing = if body.trim().is_empty() { 1 } else { blank.saturating_sub(1) };
        let mut new = newline.to_owned();
        new.extend(lines);
        new.push_str(&newline.repeat(if edited.is_empty() { 0 } else { closing }));
        with_marker(&new, marker, newline)
    })
}

/// Replaces the entry of a release that is there already.
///
/// # Errors
/// The [`Problem`] for which the text was left alone.
pub(crate) fn amend(text: &str, like: &Release) -> Result<String, Problem> {
    let mut document = Document::parse(text);
    if let Some(problem) = Problem::find(text, &document) {
        return Err(problem);
    }
    let newline = Style::of(&document, like).newline;
    let Some(line) = document.release_of(&like.owner, &like.version).map(|section| section.line) else {
        return Ok(text.to_owned());
    };
    if let Some(section) = document.sections.iter_mut().find(|it| it.line == line && it.heading().is_some()) {
        let end = section.body.trim_end().len();
        let closing = section.body.get(end..).filter(|closing| closing.contains('\n')).unwrap_or(newline).to_owned();
        let edited = entry(like.draft.as_deref().unwrap_or_default());
        let lines: Vec<&str> = edited.lines().collect();
        section.body = format!("{newline}{}{closing}", lines.join(newline));
    }
    Ok(document.render())
}

/// Changes the body of what is not released, given with the line ending and the level of its heading; makes a section
/// where there is none.
fn rewrite(
    text: &str,
    like: &Release,
    change: impl Fn(&str, (&'static str, usize)) -> String,
) -> Result<String, Problem> {
    let mut document = Document::parse(text);
    if let Some(problem) = Problem::find(text, &document) {
        return Err(problem);
    }
    let style = Style::of(&document, like);
    let with_heading =
        |document: &Document| document.sections.iter().filter(|section| section.heading().is_some()).count();
    let count = with_heading(&document);
    let there = document.unreleased_of(&like.owner);
    let index = match there {
        Some(index) => index,
        None => {
            let index = place(&document);
            close_with_blank_line(&mut document, index, style.newline);
            let body = if document.sections.get(index).is_some() { style.gap().to_owned() } else { String::new() };
            let head = style.fresh.clone();
            document.sections.insert(index, Section { kind: SectionKind::Foot, line: 0, head, body });
            index
        }
    };
    let followed = index + 1 < document.sections.len();
    let Some(section) = document.sections.get_mut(index) else { return Ok(text.to_owned()) };
    let level = section.heading().map_or(style.level, |heading| heading.level);
    let mut body = change(&section.body, (style.newline, level));
    if body == section.body {
        return Ok(text.to_owned());
    }
    // Right above link definitions a comment would be one about them.
    if followed && body.lines().next_back().is_some_and(|line| !line.trim().is_empty()) {
        body.push_str(style.newline);
    }
    if !section.head.ends_with('\n') {
        section.head.push_str(style.newline);
    }
    section.body = body;
    let new = document.render();
    // A heading in what was put in may end the section: then the text would be read as another.
    drop(document);
    let read = Document::parse(&new);
    match Problem::find(&new, &read) {
        Some(problem) => Err(problem),
        None if with_heading(&read) != count + usize::from(there.is_none()) => {
            Err(Problem::Unfit { line: read.unreleased().map_or(1, |it| it.line) })
        }
        None => Ok(new),
    }
}

/// A body with the marker behind what it says.
fn with_marker(body: &str, marker: Option<&Marker>, newline: &str) -> String {
    let Some(marker) = marker else { return body.to_owned() };
    let said = body.trim_end_matches(['\n', '\r', ' ', '\t']).len();
    let (said, rest) = body.split_at(said);
    let blank = rest.split_inclusive('\n').skip(1).collect::<String>();
    let gap = if said.is_empty() { newline.to_owned() } else { newline.repeat(2) };
    format!("{said}{gap}{}{newline}{blank}", marker.comment(newline))
}

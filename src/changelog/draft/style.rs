//! The style of a file, as its newest release shows it: how a new heading is written, and how far sections are apart.

use crate::changelog::date;
use crate::changelog::document::Document;
use crate::changelog::document::Heading;
use crate::changelog::document::ReleaseHeading;
use crate::changelog::document::Section;
use crate::changelog::heading;
use crate::changelog::heading::Title;
use crate::changelog::link;
use crate::changelog::release::Release;

/// How a release is written into a file.
pub(crate) struct Style {
    /// The heading of the release, with its line endings.
    pub(crate) head: String,
    /// The heading of a fresh Unreleased, with its line endings.
    pub(crate) fresh: String,
    /// The level of the release's heading.
    pub(crate) level: usize,
    /// Whether entries follow their heading without a blank line.
    pub(crate) tight: bool,
    /// The line ending of the file.
    pub(crate) newline: &'static str,
    title: String,
    gap: String,
}

impl Style {
    /// The style of a file, filled in for a release.
    pub(crate) fn of(document: &Document, release: &Release) -> Self {
        let newline = document.newline();
        let owner = &release.owner;
        let model = document.releases_of(owner).next();
        let model = model.or_else(|| document.releases().next());
        let own = document.unreleased_of(owner).and_then(|index| document.sections.get(index));
        let unreleased = own.or(document.unreleased());
        let form = model.map(|(heading, _)| &heading.heading).or(unreleased.and_then(Section::heading));
        let form = form.cloned().unwrap_or(Heading { level: 2, text: "[Unreleased]".to_owned(), underlined: false });
        let name = if owner.apart { format!("{} ", owner.package) } else { String::new() };
        let title = match model {
            Some((heading, _)) => like(heading, release),
            None if form.text.starts_with('[') => format!("[{name}{}] - {}", release.version, release.date),
            None => format!("{name}{} - {}", release.version, release.date),
        };
        let fresh = match own.and_then(|section| again(section, release)) {
            Some(head) => head,
            None if form.text.starts_with('[') => mark(&format!("[{name}Unreleased]"), &form, newline),
            None => mark(&format!("{name}Unreleased"), &form, newline),
        };
        let tight = model.is_some_and(|(_, section)| !section.is_empty() && !begins_blank(&section.body));
        let gap = newline.repeat(gap(document));
        Self { head: mark(&title, &form, newline), fresh, level: form.level, tight, newline, title, gap }
    }

    /// The blank lines between two sections.
    pub(crate) fn gap(&self) -> &str {
        &self.gap
    }

    /// What a link definition for the new heading is called; none where the heading refers to none.
    pub(crate) fn label(&self) -> Option<&str> {
        let (_, inner) = self.title.split_once('[')?;
        let (label, after) = inner.split_once(']')?;
        let version = matches!(heading::read(label), Title::Release(_));
        (version && !after.starts_with(['(', '['])).then_some(label)
    }
}

/// A heading with its marks and line endings.
fn mark(title: &str, form: &Heading, newline: &str) -> String {
    let width = title.chars().count().max(3);
    match (form.underlined, form.level) {
        (true, 1) => format!("{title}{newline}{}{newline}", "=".repeat(width)),
        (true, _) => format!("{title}{newline}{}{newline}", "-".repeat(width)),
        (false, level) => format!("{} {title}{newline}", "#".repeat(level)),
    }
}

/// The heading of Unreleased once more, with its link moved to the new tag; none where it names a version.
fn again(section: &Section, release: &Release) -> Option<String> {
    let text = &section.heading()?.text;
    let named = text.trim_start_matches(['[', 'v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    let url = text.split_once("](").and_then(|(_, rest)| rest.split_once(')')).map(|(url, _)| url);
    let moved = url.zip(release.tag.as_ref()).and_then(|(url, tag)| Some((url, link::moved(url, tag.as_str())?)));
    match moved {
        _ if named => None,
        Some((old, new)) => Some(section.head.replacen(old, &new, 1)),
        None => Some(section.head.clone()),
    }
}

/// The text of a heading like that of another release.
fn like(model: &ReleaseHeading, release: &Release) -> String {
    let (text, title) = (model.heading.text.as_str(), &model.title);
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("");
    let version = release.version.to_string();
    let owner = &release.owner;
    let before = part(0..title.version_at.start);
    let mut out = match title.name_at.clone().filter(|_| !owner.has(model.name.as_deref())) {
        Some(name) => format!("{}{}{}", part(0..name.start), owner.package, part(name.end..title.version_at.start)),
        None if owner.apart && model.name.is_none() => {
            let marks = before.trim_end_matches(['v', 'V']);
            format!("{marks}{} {}", owner.package, before.get(marks.len()..).unwrap_or(""))
        }
        None => before.to_owned(),
    };
    out.push_str(&version);
    match &title.url_at {
        Some(url) => {
            out.push_str(part(title.version_at.end..url.start - 1));
            out.extend(link::next(part(url.clone()), release).map(|new| format!("({new})")));
        }
        None => {
            let closing = part(title.version_at.end..title.closed_at);
            out.push_str(&closing.replace(part(title.version_at.clone()), &version));
        }
    }
    let Some(found) = &title.date else { return out };
    let between = part(title.closed_at..found.range.start);
    let between = if heading::separates(between) { between } else { " - " };
    out.push_str(between);
    out.push_str(&date::rewrite(text, found, release.date));
    for (open, close) in [('(', ')'), ('[', ']')] {
        out.extend(between.contains(open).then_some(close));
    }
    out
}

fn begins_blank(body: &str) -> bool {
    body.lines().next().is_none_or(|line| line.trim().is_empty())
}

/// How many blank lines stand between the newest release and the next section; one where that cannot be seen.
fn gap(document: &Document) -> usize {
    let newest = document.sections.windows(2).find(|pair| pair.iter().all(|section| section.release().is_some()));
    let blank = |section: &Section| section.body.lines().rev().take_while(|line| line.trim().is_empty()).count();
    newest.and_then(|pair| pair.first()).map_or(1, blank).clamp(1, 3)
}

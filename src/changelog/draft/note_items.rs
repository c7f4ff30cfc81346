//! Change notes, and other evidence, in a draft: each under the heading that it belongs under.
//!
//! Headings of a note's own come first. Else it is asked where the project would put a commit that says the same: its
//! git-cliff configuration where it has one, our own groups otherwise.

use git_cliff_core::commit::Commit;

use crate::changelog::document::entry;
use crate::changelog::draft::cliff::Cliff;
use crate::changelog::draft::draft_items::HeadingGroup;
use crate::changelog::draft::draft_items::groups;
use crate::changelog::draft::draft_items::is_bullet;
use crate::changelog::draft::draft_items::plain;
use crate::changelog::draft::merge::merge;
use crate::changelog::note::Note;
use crate::changelog::scan::LineKind;
use crate::changelog::scan::scan;

use crate::level::Level;
use crate::names::Digest;

/// Our own groups, in their order.
const ORDER: [&str; 7] = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Documentation"];

/// The groups that the first word of a note tells of, by how the word begins.
const BY_WORD: [(&str, &str); 13] = [
    ("add", "Added"),
    ("deprecat", "Deprecated"),
    ("remov", "Removed"),
    ("drop", "Removed"),
    ("delet", "Removed"),
    ("fix", "Fixed"),
    ("mend", "Fixed"),
    ("secur", "Security"),
    ("docu", "Documentation"),
    ("chang", "Changed"),
    ("updat", "Changed"),
    ("improv", "Changed"),
    ("renam", "Changed"),
];

/// What says that something breaks.
const MARK: &str = "**breaking:** ";

/// A note with the level that it has for the package of the entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DraftNote<'a> {
    /// The note.
    pub note: &'a Note,
    /// The level.
    pub level: Level,
}

/// A draft with what notes say in it. A commit that says the same word for word is left out.
pub(crate) fn with_notes(draft: &str, notes: &[DraftNote<'_>], cliff: &Cliff) -> String {
    if notes.is_empty() {
        return draft.to_owned();
    }
    let mut noted: Vec<HeadingGroup> = Vec::new();
    for group in notes.iter().flat_map(|note| of_one(note, cliff)) {
        match noted.iter_mut().find(|known| same(known.title.as_deref(), group.title.as_deref())) {
            Some(known) => known.items.extend(group.items),
            None => noted.push(group),
        }
    }
    if !cliff.built_in {
        // The project's own template made it, so nothing of it is touched.
        return entry(&merge(draft, &rendered(&noted), ("\n", 2)));
    }
    let first = |item: &String| plain(item.lines().next().unwrap_or_default());
    let said: Vec<String> = noted.iter().flat_map(|group| &group.items).map(first).collect();
    let mut all = groups(draft);
    all.iter_mut().for_each(|group| group.items.retain(|item| !said.contains(&first(item))));
    joined(all, noted)
}

/// What no commit and no note tells, and what counts all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftEvidence {
    /// The heading that it belongs under where the project has no groups of its own.
    pub heading: &'static str,
    /// The level that it asks for.
    pub level: Level,
    /// What it says, in one line.
    pub text: String,
}

impl DraftEvidence {
    /// The short hash of what it says, by which the marker of a draft knows it.
    pub(crate) fn key(&self) -> String {
        let digest = Digest::of(format!("evidence {}", self.text).as_bytes());
        digest.as_str().chars().take(crate::changelog::marker::DIGITS).collect()
    }

    /// As an item of a list.
    fn item(&self) -> String {
        format!("- {}{}", if self.level == Level::Breaking { MARK } else { "" }, self.text)
    }

    /// Whether a line of a text speaks of it: whether it has all the names in it.
    pub(crate) fn is_told_in(&self, text: &str) -> bool {
        let names: Vec<String> = self.text.split('`').skip(1).step_by(2).map(plain).collect();
        let has = |line: &str, name: &String| format!(" {} ", plain(line)).contains(&format!(" {name} "));
        let told = |line: &str| !names.is_empty() && names.iter().all(|name| has(line, name));
        text.lines().any(|line| told(line) || plain(line) == plain(&self.item()))
    }
}

/// A draft with what else counts in it, each under the heading that it belongs under.
pub(crate) fn with_evidence(draft: &str, evidence: &[DraftEvidence], cliff: &Cliff) -> String {
    let mut found: Vec<HeadingGroup> = Vec::new();
    for one in evidence {
        let project = if cliff.built_in { None } else { project_heading(one.level, &one.text, cliff) };
        let title = Some(project.unwrap_or_else(|| one.heading.to_owned()));
        match found.iter_mut().find(|known| known.title == title) {
            Some(known) => known.items.push(one.item()),
            None => found.push(HeadingGroup { title, items: vec![one.item()] }),
        }
    }
    if found.is_empty() {
        return draft.to_owned();
    }
    if !cliff.built_in {
        return entry(&merge(draft, &rendered(&found), ("\n", 2)));
    }
    joined(groups(draft), found)
}

/// Groups of a draft with others before their items, in our own order.
fn joined(mut all: Vec<HeadingGroup>, others: Vec<HeadingGroup>) -> String {
    for group in others {
        match all.iter_mut().find(|known| same(known.title.as_deref(), group.title.as_deref())) {
            Some(known) => drop(known.items.splice(0..0, group.items)),
            None => all.push(group),
        }
    }
    let place = |title: &str| ORDER.iter().position(|known| same(Some(known), Some(title)));
    all.sort_by_key(|group| group.title.as_deref().map_or(0, |title| place(title).map_or(ORDER.len(), |at| at) + 1));
    all.retain(|group| !group.items.is_empty());
    rendered(&all)
}

fn same(one: Option<&str>, other: Option<&str>) -> bool {
    one.map(plain) == other.map(plain)
}

fn rendered(groups: &[HeadingGroup]) -> String {
    let parts = groups.iter().map(|HeadingGroup { title, items }| {
        let head = title.as_ref().map_or_else(String::new, |title| format!("### {title}\n\n"));
        format!("{head}{}\n", items.join("\n"))
    });
    entry(&parts.collect::<Vec<_>>().join("\n"))
}

/// What a note says, in groups.
fn of_one(DraftNote { note, level }: &DraftNote<'_>, cliff: &Cliff) -> Vec<HeadingGroup> {
    // Some tools give the first line the form of a title.
    let text = note.text.strip_prefix("# ").unwrap_or(&note.text);
    let default = || heading(*level, note.summary(), cliff);
    let mut found = if headed(text) {
        groups(text)
    } else if text.lines().next().is_some_and(|first| is_bullet(first).is_some()) {
        let items = groups(text).into_iter().flat_map(|group| group.items).collect();
        vec![HeadingGroup { title: None, items }]
    } else {
        vec![HeadingGroup { title: None, items: vec![item(text)] }]
    };
    for group in &mut found {
        group.title.get_or_insert_with(default);
        group.items.iter_mut().filter(|item| is_bullet(item).is_none()).for_each(|it| *it = item(it));
    }
    let told = text.to_ascii_lowercase().contains("breaking");
    if let Some(first) = found.first_mut().and_then(|group| group.items.first_mut())
        && *level == Level::Breaking
        && !told
    {
        first.insert_str(2, MARK);
    }
    found
}

/// Whether a text has headings.
fn headed(text: &str) -> bool {
    scan(text).lines.iter().any(|line| matches!(line.kind, LineKind::Heading(_)))
}

/// A text as one item of a list.
fn item(text: &str) -> String {
    let lines = text.lines().enumerate().map(|(at, line)| match (at, line.is_empty()) {
        (0, _) => format!("- {line}"),
        (_, true) => String::new(),
        (_, false) => format!("  {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The heading that a note belongs under.
fn heading(level: Level, summary: &str, cliff: &Cliff) -> String {
    let project = if cliff.built_in { None } else { project_heading(level, summary, cliff) };
    project.unwrap_or_else(|| ours(level, summary).to_owned())
}

/// By its first word, else by its level.
fn ours(level: Level, summary: &str) -> &'static str {
    let words = summary.to_ascii_lowercase();
    let first = words.split(|c: char| !c.is_ascii_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    let by_word = BY_WORD.iter().find(|(begins, _)| first.starts_with(begins)).map(|(_, group)| *group);
    by_word.unwrap_or(match level {
        Level::Breaking => "Changed",
        Level::Feature => "Added",
        Level::Patch | Level::None => "Fixed",
    })
}

/// The group that the project's configuration gives to a commit that says the same.
fn project_heading(level: Level, summary: &str, cliff: &Cliff) -> Option<String> {
    let kind = match level {
        Level::Breaking => "feat!",
        Level::Feature => "feat",
        Level::Patch | Level::None => "fix",
    };
    let commit = Commit::new(String::new(), format!("{kind}: {summary}"));
    let group = commit.process(&cliff.config.git).ok()?.group?;
    let title = without_tags(&group);
    (!title.is_empty()).then_some(title)
}

/// A group without the comments and tags by which projects sort theirs (`<!-- 0 -->Features`).
fn without_tags(group: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in group.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(level: &str, text: &str) -> (Note, Level) {
        let note = Note { text: text.to_owned(), ..Note::default() };
        (note, crate::changelog::note_level(level).unwrap())
    }

    fn told(draft: &str, notes: &[(&str, &str)], cliff: &Cliff) -> String {
        let notes: Vec<(Note, Level)> = notes.iter().map(|(level, text)| note(level, text)).collect();
        let notes: Vec<DraftNote<'_>> = notes.iter().map(|(note, level)| DraftNote { note, level: *level }).collect();
        with_notes(draft, &notes, cliff)
    }

    const DRAFT: &str = "### Added\n\n- a\n\n### Documentation\n\n- d";

    // Each row: the level and text of a note, and the draft that it makes by itself.
    #[test]
    fn notes_find_their_heading() {
        let cliff = Cliff::built_in().unwrap();
        let table = [
            ("feature", "Steep longer.", "### Added\n\n- Steep longer."),
            ("patch", "Steep longer.", "### Fixed\n\n- Steep longer."),
            ("breaking", "Steep longer.", "### Changed\n\n- **breaking:** Steep longer."),
            ("breaking", "Remove `a`.\n\nUse `b`.", "### Removed\n\n- **breaking:** Remove `a`.\n\n  Use `b`."),
            ("breaking", "A breaking change.", "### Changed\n\n- A breaking change."),
            ("patch", "Updates `x`.", "### Changed\n\n- Updates `x`."),
            ("patch", "# Title\n\nMore.", "### Fixed\n\n- Title\n\n  More."),
            ("feature", "- one\n- two\n  of it", "### Added\n\n- one\n- two\n  of it"),
            ("patch", "### Security\n\n- one\n\n### Odd\n\ntwo", "### Security\n\n- one\n\n### Odd\n\n- two"),
        ];
        for (level, text, expected) in table {
            assert_eq!(told("", &[(level, text)], &cliff), expected, "{text}");
        }
    }

    // Notes stand before commits, groups in their order, and what a commit says word for word is there once.
    #[test]
    fn notes_stand_before_commits() {
        let cliff = Cliff::built_in().unwrap();
        let notes = [("patch", "Mends x."), ("feature", "B."), ("feature", "A!")];
        let expected = "### Added\n\n- B.\n- A!\n\n### Fixed\n\n- Mends x.\n\n### Documentation\n\n- d";
        assert_eq!(told(DRAFT, &notes, &cliff), expected);
        assert_eq!(told(DRAFT, &[], &cliff), DRAFT);
    }

    // A project's own groups are asked, and what its template made stays as it is.
    #[test]
    fn projects_have_headings_of_their_own() {
        let parsers = "[git]\ncommit_parsers = [{ message = '^feat', group = '<!-- 0 -->New' }, { message = '^fix', skip = true }]";
        let cliff = Cliff::parse(parsers).unwrap();
        let made = told("### New\n\n* a by @b\n", &[("feature", "B."), ("patch", "C.")], &cliff);
        assert_eq!(made, "### New\n\n* a by @b\n* B.\n\n### Fixed\n\n* C.");
    }
}

//! The items of a draft, and which of them a text speaks of already.

use crate::changelog::scan::LineKind;
use crate::changelog::scan::scan;

/// A heading of a draft with what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeadingGroup {
    /// The heading; none for what stands before the first.
    pub(crate) title: Option<String>,
    /// Items of lists, with what belongs to them, and paragraphs.
    pub(crate) items: Vec<String>,
}

/// A draft in groups.
pub(crate) fn groups(draft: &str) -> Vec<HeadingGroup> {
    let mut groups = vec![HeadingGroup { title: None, items: Vec::new() }];
    let mut after_blank = true;
    for line in scan(draft).lines {
        let raw = line.raw.trim_end_matches(['\n', '\r']);
        let blank = line.kind == LineKind::Blank;
        let Some(group) = groups.last_mut() else { break };
        match line.kind {
            LineKind::Heading(heading) => {
                groups.push(HeadingGroup { title: Some(heading.title.to_owned()), items: Vec::new() });
            }
            LineKind::Underline => {}
            LineKind::Text
            | LineKind::Code
            | LineKind::Comment
            | LineKind::Rule
            | LineKind::Definition(_)
            | LineKind::Blank => {
                let text = line.kind == LineKind::Text;
                let begins = text && !raw.starts_with([' ', '\t']) && (after_blank || is_bullet(raw).is_some());
                match group.items.last_mut() {
                    Some(item) if !begins => {
                        item.push('\n');
                        item.push_str(raw);
                    }
                    Some(_) | None if blank => {}
                    Some(_) | None => group.items.push(raw.to_owned()),
                }
            }
        }
        after_blank = blank;
    }
    for group in &mut groups {
        group.items.iter_mut().for_each(|item| item.truncate(item.trim_end().len()));
    }
    groups.retain(|group| !group.items.is_empty());
    groups
}

/// The mark that an item of a list begins with.
pub(crate) fn is_bullet(line: &str) -> Option<char> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '-' | '*' | '+'))?;
    line.get(1..).is_some_and(|rest| rest.starts_with(' ')).then_some(mark)
}

/// The words of a text, without marks, spaces and capitals.
pub(crate) fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Whether an entry speaks of an item: in its words, or of the number of its pull request or issue.
pub(crate) fn mentions(entry: &str, item: &str) -> bool {
    let first = item.lines().next().unwrap_or_default();
    let told = first.rsplit_once("**").map_or(first, |(_, told)| told);
    let inside = |words: &str| !words.is_empty() && format!(" {} ", plain(entry)).contains(&format!(" {words} "));
    inside(&plain(told)) || numbers(first).any(|number| numbers(entry).any(|other| other == number))
}

/// The numbers behind `#` or `!`.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(['#', '!']).skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end).filter(|number| !number.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items keep what belongs to them; paragraphs are items.
    #[test]
    fn groups_of_a_draft() {
        let draft =
            "- loose\n\n### Added\n\n- a\n  more\n\n  still a\n- b\n\nA paragraph\nof two lines.\n\n### Empty\n";
        let found = groups(draft);
        let items: Vec<&[String]> = found.iter().map(|group| group.items.as_slice()).collect();
        let expected: [&[&str]; 2] = [&["- loose"], &["- a\n  more\n\n  still a", "- b", "A paragraph\nof two lines."]];
        assert_eq!(items, expected);
    }

    /// An entry speaks of a commit in its words or by its number.
    #[test]
    fn entries_mention() {
        let entry = "- Added `tap`, see #12.\n- Mend the *lid*\n";
        for (item, expected) in [
            ("- add a thing (#12)", true),
            ("- add a thing (#1)", false),
            ("- **pot:** mend the lid", true),
            ("- **breaking:** mend the lids", false),
            ("- ", false),
        ] {
            assert_eq!(mentions(entry, item), expected, "{item}");
        }
    }
}

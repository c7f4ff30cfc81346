//! A draft put into what a person has: each line under the heading that it belongs under, nothing that is there changed,
//! nothing twice.

use crate::changelog::draft::draft_items::HeadingGroup;
use crate::changelog::draft::draft_items::groups;
use crate::changelog::draft::draft_items::is_bullet;
use crate::changelog::draft::draft_items::plain;
use crate::changelog::scan::LineKind;
use crate::changelog::scan::scan;

/// Puts a draft into a body. `newline` is the line ending of the file, `level` that of the heading of the section.
///
/// What stands in the body word for word is left out. A group that is not there goes behind the group that the draft has
/// before it, as far as that is there.
pub(crate) fn merge(body: &str, draft: &str, (newline, level): (&'static str, usize)) -> String {
    let mut text = MergedBody { lines: body.split_inclusive('\n').map(str::to_owned).collect(), newline };
    let mut before: Option<String> = None;
    for mut group in groups(draft) {
        let there: Vec<String> = text.lines.iter().map(|line| plain(line)).collect();
        group.items.retain(|item| !there.contains(&plain(item.lines().next().unwrap_or_default())));
        if group.items.is_empty() {
            continue;
        }
        text.add(&group, before.as_deref(), level);
        before = group.title.or(before);
    }
    text.lines.concat()
}

/// A body that is being added to.
struct MergedBody {
    lines: Vec<String>,
    newline: &'static str,
}

/// A heading in a body: its lines, and where what stands under it ends.
struct HeadingPart {
    title: Option<String>,
    level: usize,
    /// The line after the heading.
    start: usize,
    /// The line after the last that says something, without what is only blank or a marker.
    end: usize,
}

impl MergedBody {
    fn add(&mut self, group: &HeadingGroup, before: Option<&str>, level: usize) {
        let parts = self.parts();
        let found = parts.iter().find(|part| part.title.as_deref().map(plain) == group.title.as_deref().map(plain));
        if let Some(part) = found {
            return self.append(part, group);
        }
        let Some(title) = &group.title else { return };
        let near =
            parts.iter().find(|part| part.title.is_some() && part.title.as_deref().map(plain) == before.map(plain));
        let last = parts.last();
        let (at, level) = match near.or(last) {
            Some(part) => {
                let groups = parts.iter().find(|part| part.title.is_some()).map_or(level + 1, |part| part.level);
                // Behind a whole group, the deeper headings in it included.
                let deeper = parts.iter().skip_while(|other| other.start != part.start).skip(1);
                let end = deeper.take_while(|other| other.level > groups).last().map_or(part.end, |other| other.end);
                (end, groups)
            }
            None => (0, level + 1),
        };
        let mut new = vec![self.newline.to_owned()];
        new.push(format!("{} {title}{}", "#".repeat(level.clamp(1, 6)), self.newline));
        new.push(self.newline.to_owned());
        self.extend_items(&mut new, group, None);
        self.insert(at, new);
    }

    /// Puts items behind those that are there.
    fn append(&mut self, part: &HeadingPart, group: &HeadingGroup) {
        let under = self.lines.get(part.start..part.end).unwrap_or_default();
        let bullet = under.iter().rev().find_map(|line| is_bullet(line)).or_else(|| self.bullet());
        let ends_in_list =
            under.iter().rfind(|line| !line.starts_with([' ', '\t'])).is_some_and(|it| is_bullet(it).is_some());
        let begins_list = group.items.first().is_some_and(|item| is_bullet(item).is_some());
        let empty = under.is_empty();
        let tight = ends_in_list && begins_list;
        let mut new = if tight { Vec::new() } else { vec![self.newline.to_owned()] };
        self.extend_items(&mut new, group, bullet);
        let followed = self.lines.get(part.end).is_some_and(|line| !line.trim().is_empty());
        if empty && followed {
            new.push(self.newline.to_owned());
        }
        self.insert(part.end, new);
    }

    /// The mark that the lists of the body begin their items with.
    fn bullet(&self) -> Option<char> {
        self.lines.iter().find_map(|line| is_bullet(line))
    }

    fn extend_items(&self, new: &mut Vec<String>, group: &HeadingGroup, bullet: Option<char>) {
        let bullet = bullet.or_else(|| self.bullet());
        let mut after_text = false;
        for item in &group.items {
            let list = is_bullet(item).is_some();
            if after_text || (!list && new.last().is_some_and(|last| !last.trim().is_empty())) {
                new.push(self.newline.to_owned());
            }
            after_text = !list;
            let mut lines: Vec<String> = item.lines().map(|line| format!("{line}{}", self.newline)).collect();
            if let (true, Some(mark), Some(first)) = (list, bullet, lines.first_mut()) {
                first.replace_range(..1, mark.encode_utf8(&mut [0; 4]));
            }
            new.append(&mut lines);
        }
    }

    fn insert(&mut self, at: usize, new: Vec<String>) {
        let at = at.min(self.lines.len());
        let last = at.checked_sub(1).and_then(|last| self.lines.get_mut(last));
        if let Some(last) = last.filter(|last| !last.ends_with('\n')) {
            last.push_str(self.newline);
        }
        self.lines.splice(at..at, new);
    }

    /// What stands before the first heading, and each heading with what stands under it.
    fn parts(&self) -> Vec<HeadingPart> {
        let text = self.lines.concat();
        let mut part = HeadingPart { title: None, level: 0, start: 0, end: 0 };
        let mut parts = Vec::new();
        for (index, line) in scan(&text).lines.iter().enumerate() {
            match line.kind {
                LineKind::Heading(heading) => {
                    let title = Some(heading.title.to_owned());
                    let next = HeadingPart { title, level: heading.level, start: index + 1, end: index + 1 };
                    parts.push(std::mem::replace(&mut part, next));
                }
                LineKind::Underline => (part.start, part.end) = (index + 1, index + 1),
                LineKind::Text | LineKind::Code | LineKind::Rule => part.end = index + 1,
                LineKind::Blank | LineKind::Comment | LineKind::Definition(_) => {}
            }
        }
        parts.push(part);
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(body: &str, draft: &str) -> String {
        merge(body, draft, ("\n", 2))
    }

    const DRAFT: &str = "### Added\n\n- one\n- two\n\n### Fixed\n\n- three";

    /// An empty body takes the draft as it is, and a second time nothing happens.
    #[test]
    fn into_nothing() {
        let once = merged("\n", DRAFT);
        assert_eq!(once, format!("\n{DRAFT}\n\n"));
        assert_eq!(merged(&once, DRAFT), once);
    }

    /// Items join those under the same heading, whatever its spelling, in the marks that are used there.
    #[test]
    fn under_the_heading_that_is_there() {
        let body = "\nWords.\n\n### Fixed\n\n* old\n  goes on\n\n#### Deep\n\n* x\n\n### added\n\n[1]: x\n";
        let expected = "\nWords.\n\n### Fixed\n\n* old\n  goes on\n* three\n\n#### Deep\n\n* x\n\n### added\n\n* one\n* two\n\n[1]: x\n";
        assert_eq!(merged(body, DRAFT), expected);
    }

    /// A group that is new follows the group that the draft has before it.
    #[test]
    fn behind_the_group_before() {
        let body = "\n### Added\n\n- old\n\n#### Deep\n\n- x\n\n### Security\n\n- y\n";
        let expected =
            "\n### Added\n\n- old\n- one\n- two\n\n#### Deep\n\n- x\n\n### Fixed\n\n- three\n\n### Security\n\n- y\n";
        assert_eq!(merged(body, DRAFT), expected);
    }

    /// A draft without headings joins what stands without one.
    #[test]
    fn without_headings() {
        assert_eq!(merged("\n- old\n", "- new\n- old"), "\n- old\n- new\n");
        assert_eq!(merged("\nWords.\n", "- new"), "\nWords.\n\n- new\n");
        assert_eq!(merged("", "- new"), "\n- new\n");
    }
}

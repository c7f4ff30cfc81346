//! Entries that a person edited while what they tell of went on.

use crate::changelog::draft::draft_items::groups;
use crate::changelog::draft::draft_items::plain;
use crate::changelog::draft::merge::merge;

/// An entry as a person left it, brought up to date: what was drafted since goes in, and what was drafted and is drafted no
/// more goes, where it still stands as it was drafted. What the person wrote, reworded, moved or deleted stays so.
pub(crate) fn carried(drafted_then: &str, edited: &str, drafted_now: &str) -> String {
    let items = |text: &str| -> Vec<String> { groups(text).into_iter().flat_map(|group| group.items).collect() };
    let (then, now) = (items(drafted_then), items(drafted_now));
    let gone: Vec<&String> = then.iter().filter(|item| !now.contains(item)).collect();
    let mut kept = edited.to_owned();
    for item in gone {
        // Whole lines: what a person made of it may begin in the same words.
        let framed = format!("\n{kept}\n");
        if let Some(at) = framed.find(&format!("\n{item}\n")) {
            let end = (at + item.len() + 1).min(kept.len());
            kept.replace_range(at..end, "");
        }
    }
    let fresh = groups(drafted_now).into_iter().map(|group| {
        let items: Vec<String> = group.items.into_iter().filter(|item| !then.contains(item)).collect();
        (group.title, items)
    });
    let fresh = fresh.filter(|(_, items)| !items.is_empty()).map(|(title, items)| {
        let head = title.map_or_else(String::new, |title| format!("### {title}\n\n"));
        format!("{head}{}\n", items.join("\n"))
    });
    let fresh = fresh.collect::<Vec<_>>().join("\n");
    if fresh.is_empty() && kept == edited {
        return edited.trim().to_owned();
    }
    if fresh.is_empty() {
        return without_empty_headings(&kept);
    }
    let body = format!("\n{}\n", kept.trim());
    without_empty_headings(&merge(&body, &fresh, ("\n", 2)))
}

/// A text without headings that nothing stands under any more.
fn without_empty_headings(text: &str) -> String {
    let filled: Vec<String> =
        groups(text).into_iter().filter_map(|group| group.title).map(|title| plain(&title)).collect();
    let is_empty = |line: &str| {
        let title = line.trim_start_matches('#').trim();
        line.starts_with("##") && !filled.contains(&plain(title))
    };
    let lines: Vec<&str> = text.trim().lines().filter(|line| !is_empty(line)).collect();
    let mut out = String::new();
    for line in lines {
        let doubled = line.trim().is_empty() && (out.is_empty() || out.ends_with("\n\n"));
        if !doubled {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEN: &str = "### Added\n\n- a tap\n- a cup\n\n### Fixed\n\n- a leak";

    // What nobody edited is what is drafted now, in the same words.
    #[test]
    fn unedited_is_the_draft() {
        let now = "### Added\n\n- a tap\n- a cup\n- a pot\n\n### Fixed\n\n- a leak";
        assert_eq!(carried(THEN, THEN, now), now);
    }

    // Reworded stays reworded, deleted stays deleted, and only what is new comes in, under its heading.
    #[test]
    fn edits_stay() {
        let edited = "Written by hand.\n\n### Added\n\n- a tap that drips less\n\n### Fixed\n\n- a leak";
        let now = "### Added\n\n- a tap\n- a cup\n- a pot\n\n### Fixed\n\n- a leak\n- a hole";
        let expected =
            "Written by hand.\n\n### Added\n\n- a tap that drips less\n- a pot\n\n### Fixed\n\n- a leak\n- a hole";
        assert_eq!(carried(THEN, edited, now), expected);
    }

    // What was taken back meanwhile goes, unless a person made it theirs.
    #[test]
    fn what_was_reverted_goes() {
        let now = "### Fixed\n\n- a leak";
        assert_eq!(carried(THEN, THEN, now), now);
        let edited = "### Added\n\n- a tap that drips less\n\n### Fixed\n\n- a leak";
        assert_eq!(carried(THEN, edited, now), edited);
    }
}

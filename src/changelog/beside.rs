//! A release that a hook wrote into the changelog, beside the section that the plan put there.

use semver::Version;

use super::document::Document;
use super::document::ReleaseHeading;
use super::document::Section;
use super::document::SectionKind;
use super::owner::Owner;
use super::release::place;

/// The section that a plan put into a changelog.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlannedSection<'a> {
    /// Whose it is.
    pub owner: &'a Owner,
    /// Its version.
    pub version: &'a Version,
    /// Its text.
    pub entry: &'a str,
    /// Whether nobody wrote it.
    pub drafted: bool,
}

/// The text with one section of the version, where another was written beside the planned one; `None` where nobody did.
///
/// The other section stays where it is, with its heading. It replaces what was drafted. What a person wrote is moved into
/// it, so that nothing is lost, unless it is there already.
pub(crate) fn without_twin(text: &str, planned: &PlannedSection<'_>) -> Option<String> {
    let mut document = Document::parse(text);
    let same = |index: usize| {
        let section = document.sections.get(index)?;
        let heading = section.release()?;
        let is_same = heading.version == *planned.version && planned.owner.has(heading.name.as_deref());
        is_same.then(|| (index, section.entry()))
    };
    let found: Vec<(usize, String)> = (0..document.sections.len()).filter_map(same).collect();
    let [first, second] = found.as_slice() else { return None };
    let is_ours = |found: &(usize, String)| found.1.trim() == planned.entry.trim();
    let (ours, other) = match (is_ours(first), is_ours(second)) {
        (_, true) => (second, first),
        (true, false) => (first, second),
        (false, false) => return None,
    };
    let body = document.sections.get(ours.0)?.body.clone();
    let kept = document.sections.get_mut(other.0)?;
    if kept.is_empty() {
        kept.body = body;
    } else if !planned.drafted && !other.1.contains(ours.1.trim()) {
        let newline = if kept.body.contains("\r\n") { "\r\n" } else { "\n" };
        kept.body = format!("{}{newline}{newline}{}", kept.body.trim_end(), body.trim_start_matches(['\r', '\n']));
    }
    document.sections.remove(ours.0);
    Some(document.render())
}

/// A text without the section that a plan put there, and without an empty Unreleased section that the text of the commit
/// before does not have; none where the section is not there.
pub(crate) fn taken_out(text: &str, committed: &str, planned: &PlannedSection<'_>) -> Option<String> {
    let mut document = Document::parse(text);
    let index = document.sections.iter().position(|section| is_of(section, planned))?;
    document.sections.remove(index);
    let is_unreleased = |section: &Section| matches!(section.kind, SectionKind::Unreleased(_));
    if !Document::parse(committed).sections.iter().any(is_unreleased) {
        document.sections.retain(|section| !is_unreleased(section) || !section.body.trim().is_empty());
    }
    Some(document.render())
}

/// What a hook made of a text without the planned section, with the section of the text before; none where the hook wrote
/// one of that version.
pub(crate) fn put_back(text: &str, before: &str, planned: &PlannedSection<'_>) -> Option<String> {
    let mut document = Document::parse(text);
    if document.sections.iter().any(|section| is_of(section, planned)) {
        return None;
    }
    let section = Document::parse(before).sections.into_iter().find(|section| is_of(section, planned))?;
    let index = place(&document);
    document.sections.insert(index, section);
    Some(document.render())
}

fn is_of(section: &Section, planned: &PlannedSection<'_>) -> bool {
    let is_same =
        |heading: &ReleaseHeading| heading.version == *planned.version && planned.owner.has(heading.name.as_deref());
    section.release().is_some_and(is_same)
}

/// The entry of a version in a text, for a package whose file it is or whose name is in the heading.
pub(crate) fn entry_of(text: &str, owner: &Owner, version: &Version) -> Option<String> {
    let document = Document::parse(text);
    let section = document.release_of(owner, version)?;
    matches!(section.kind, SectionKind::Release(_)).then(|| section.entry())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, entry: &str, drafted: bool) -> Option<String> {
        let owner = Owner::alone(&"core".into());
        let version = Version::new(1, 3, 0);
        without_twin(text, &PlannedSection { owner: &owner, version: &version, entry, drafted })
    }

    // What a hook wrote replaces the draft, above or below it, and whatever its heading looks like.
    #[test]
    fn a_hooks_section_replaces_a_draft() {
        for theirs in ["## 1.3.0 (2026-11-25)", "## [1.3.0] - 2026-11-25", "## v1.3.0"] {
            let ours = "## [1.3.0] - 2026-11-25\n\n### Added\n\n- drafted\n\n";
            let hooks = format!("{theirs}\n\n- by towncrier\n\n");
            let rest = "## [1.2.0] - 2026-01-01\n\n- old\n";
            for sections in [format!("{hooks}{ours}"), format!("{ours}{hooks}")] {
                let text = format!("# Changelog\n\n{sections}{rest}");
                let expected = format!("# Changelog\n\n{hooks}{rest}");
                assert_eq!(left(&text, "### Added\n\n- drafted", true).as_deref(), Some(expected.as_str()));
            }
        }
    }

    // A script that only turns the heading of Unreleased into one of the version finds the text that was under it.
    #[test]
    fn an_empty_section_of_a_hook_takes_the_text() {
        let text = "## 1.3.0\n\n## [1.3.0] - 2026-11-25\n\n- written\n\n## 1.2.0\n";
        assert_eq!(left(text, "- written", false).as_deref(), Some("## 1.3.0\n\n- written\n\n## 1.2.0\n"));
    }

    // What a person wrote is not lost beside what a hook writes, and not doubled where the hook has it too.
    #[test]
    fn what_a_person_wrote_stays() {
        let text = "## 1.3.0\n\n- collected\n\n## [1.3.0]\n\n- written\n\n## 1.2.0\n";
        assert_eq!(
            left(text, "- written", false).as_deref(),
            Some("## 1.3.0\n\n- collected\n\n- written\n\n## 1.2.0\n")
        );
        let text = "## 1.3.0\n\n- collected\n- written\n\n## [1.3.0]\n\n- written\n\n## 1.2.0\n";
        let expected = "## 1.3.0\n\n- collected\n- written\n\n## 1.2.0\n";
        assert_eq!(left(text, "- written", false).as_deref(), Some(expected));
    }

    // A tool that refuses a section that is there finds none, and where it writes none, the draft is back in its place.
    #[test]
    fn a_draft_is_taken_out_and_put_back() {
        let owner = Owner::alone(&"core".into());
        let version = Version::new(1, 3, 0);
        let planned = PlannedSection { owner: &owner, version: &version, entry: "- drafted", drafted: true };
        let before = "# Log\n\n## [Unreleased]\n\n## [1.3.0]\n\n- drafted\n\n## [1.2.0]\n\n- old\n";
        let without = taken_out(before, before, &planned).unwrap();
        assert_eq!(without, "# Log\n\n## [Unreleased]\n\n## [1.2.0]\n\n- old\n");
        assert_eq!(put_back(&without, before, &planned).as_deref(), Some(before));
        let touched = without.replace("Log", "News");
        assert_eq!(put_back(&touched, before, &planned), Some(before.replace("Log", "News")));
        let hooks = without.replace("## [1.2.0]", "## 1.3.0\n\n- by towncrier\n\n## [1.2.0]");
        assert_eq!(put_back(&hooks, before, &planned), None);
        assert_eq!(taken_out(&without, before, &planned), None);
        let committed = "# Log\n\n## [1.2.0]\n\n- old\n";
        assert_eq!(taken_out(before, committed, &planned).as_deref(), Some(committed));
    }

    // One section, sections of other packages and of other versions are left alone.
    #[test]
    fn neighbours_are_left_alone() {
        for text in [
            "## 1.3.0\n\n- drafted\n",
            "## core 1.3.0\n\n- drafted\n\n## other 1.3.0\n\n- theirs\n",
            "## 1.3.1\n\n- theirs\n\n## 1.3.0\n\n- drafted\n",
        ] {
            assert_eq!(left(text, "- drafted", true), None, "{text}");
        }
    }
}

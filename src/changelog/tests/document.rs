//! Real styles, and any text at all, through the document.

use proptest::prelude::*;

use crate::changelog::Document;
use crate::changelog::SectionKind;

/// A section in a word.
fn outline(text: &str) -> Vec<String> {
    let document = Document::parse(text);
    let words = document.sections.iter().map(|section| match &section.kind {
        SectionKind::Preamble => "preamble".to_owned(),
        SectionKind::Unreleased(_) => format!("{}: unreleased", section.line),
        SectionKind::Release(release) => format!("{}: {}", section.line, release.version),
        SectionKind::Other(heading) => format!("{}: ({})", section.line, heading.text),
        SectionKind::Foot => format!("{}: foot", section.line),
    });
    words.collect()
}

/// Sections are found where they begin, and nowhere else.
#[test]
fn finds_sections() {
    let text = "\u{feff}# Changelog\r\n\r\n## [Unreleased]\r\n### Added\r\n- a\r\n\r\n```\r\n## 9.9.9\r\n```\r\n\
                <!--\r\n## 8.8.8\r\n-->\r\n## 1.1.0\r\n- b\r\n\r\n1.0.0\r\n=====\r\n- c\r\n\r\n# Older\r\nx\r\n\r\n\
                <!-- next-url -->\r\n[Unreleased]: https://example.com/compare/v1.1.0...HEAD";
    let expected = ["preamble", "3: unreleased", "13: 1.1.0", "16: 1.0.0", "20: (Older)", "23: foot"];
    assert_eq!(outline(text), expected);
    assert_eq!(Document::parse(text).render(), text);
}

/// Groups belong to their release even where a tool gives them its level; other headings end it.
#[test]
fn groups_stay_in_their_release() {
    let text = "## 1.0.0\n\n## 2019-05-06\n- a\n";
    assert_eq!(outline(text), ["preamble", "1: 1.0.0", "3: (2019-05-06)"]);
    let text = "### [1.0.1] (2020-01-01)\n\n### Bug Fixes\n- a\n\n## [1.0.0]\n### Features\n- b\n";
    assert_eq!(outline(text), ["preamble", "1: 1.0.1", "6: 1.0.0"]);
    let text = "## Unreleased\n\n## Fixed\n- a\n\n## About this file\n\ntext\n\n## 1.0.0\n";
    assert_eq!(outline(text), ["preamble", "1: unreleased", "6: (About this file)", "10: 1.0.0"]);
}

/// What counts as saying something.
#[test]
fn tells_emptiness() {
    let empty = |body: &str| Document::parse(&format!("## [Unreleased]\n{body}")).unreleased().unwrap().is_empty();
    for body in
        ["", "\n\n", "<!-- a\n- b\n-->\n", "### Added\n\n### Fixed\n", "- None.\n", "_Nothing yet_\n", "---\n", "-\n"]
    {
        assert!(empty(body), "{body:?}");
    }
    for body in ["- a\n", "text", "```\n```\n", "### Added\n- None.\n- b\n", "<!-- a --> b\n"] {
        assert!(!empty(body), "{body:?}");
    }
}

/// Lines from which nearly every situation of a changelog can be put together.
pub(super) fn any_changelog() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("## [Unreleased]".to_owned()),
        Just("Unreleased".to_owned()),
        Just("## [1.2.0] - 2026-01-02".to_owned()),
        Just("# 1.1.0 (June 3rd, 2025)".to_owned()),
        Just("v1.0.0".to_owned()),
        Just("=====".to_owned()),
        Just("-----".to_owned()),
        Just("```".to_owned()),
        Just("  ```".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("### Added".to_owned()),
        Just("- item".to_owned()),
        Just("  # nested".to_owned()),
        Just(String::new()),
        Just("[unreleased]: https://example.com/o/r/compare/v1.1.0...HEAD".to_owned()),
        Just("[1.1.0]: https://example.com/o/r/compare/v1.0.0...v1.1.0".to_owned()),
        Just("<<<<<<< HEAD".to_owned()),
        Just(">>>>>>> main".to_owned()),
        "\\PC{0,12}",
    ];
    let ending = prop_oneof![Just("\n"), Just("\r\n")];
    let lines = proptest::collection::vec(line, 0..16);
    (any::<bool>(), lines, ending, any::<bool>()).prop_map(|(bom, lines, ending, closed)| {
        let text = format!("{}{}", if bom { "\u{feff}" } else { "" }, lines.join(ending));
        if closed { text + ending } else { text }
    })
}

proptest! {
    /// Any text is its sections put together.
    #[test]
    fn any_text_survives(text in any::<String>()) {
        prop_assert_eq!(Document::parse(&text).render(), text);
    }

    /// Any changelog is its sections put together, and each section but the first begins at its line.
    #[test]
    fn any_changelog_survives(text in any_changelog()) {
        let document = Document::parse(&text);
        prop_assert_eq!(document.render(), text.clone());
        for section in document.sections.iter().skip(1) {
            let text = text.trim_start_matches('\u{feff}');
            let start = text.split_inclusive('\n').nth(section.line - 1).unwrap();
            let whole = format!("{}{}", section.head, section.body);
            prop_assert!(whole.starts_with(start));
        }
    }
}

//! Promotions in the styles of real changelogs, byte for byte.

use jiff::civil::date;
use proptest::prelude::*;
use semver::Version;
use snapbox::IntoData as _;
use snapbox::assert_data_eq;
use snapbox::str;

use super::document::any_changelog;
use crate::changelog::Document;
use crate::changelog::Origin;
use crate::changelog::Owner;
use crate::changelog::Problem;
use crate::changelog::Release;
use crate::changelog::Released;
use crate::changelog::new_document;
use crate::changelog::release;

/// The release of all these tests: 1.2.0 after 1.1.0.
fn new() -> Release {
    Release {
        owner: Owner::alone(&"core".into()),
        version: Version::new(1, 2, 0),
        date: date(2026, 11, 22),
        previous_tag: Some("v1.1.0".into()),
        tag: Some("v1.2.0".into()),
        repository: None,
        draft: Some("### Fixed\n\n- drafted\n".to_owned()),
    }
}

/// The new text, checked to stay as it is when it is released again.
fn promoted(text: &str) -> String {
    let released = release(text, &new()).unwrap();
    let again = release(&released.text, &new()).unwrap();
    assert_eq!(again, Released { origin: Origin::Already, ..released });
    again.text
}

/// Packages that are kept apart in a file have definitions of their own, from the first release of each.
#[test]
fn packages_kept_apart_have_links() {
    let forge = "https://github.com/o/r";
    let of = |package: &str, version: u64, previous: Option<u64>| Release {
        owner: Owner { package: package.into(), apart: true },
        version: Version::new(version, 0, 0),
        previous_tag: previous.map(|previous| format!("{package}-v{previous}.0.0").into()),
        tag: Some(format!("{package}-v{version}.0.0").into()),
        repository: Some(forge.to_owned()),
        ..new()
    };
    let mut text = "# Changelog\n\n## [core Unreleased]\n\n- a\n".to_owned();
    let releases = [("core", 1, None), ("cli", 1, None), ("core", 2, Some(1)), ("cli", 2, Some(1))];
    for (package, version, previous) in releases {
        let like = of(package, version, previous);
        text = release(&text, &like).unwrap().text;
        assert_eq!(release(&text, &like).unwrap().text, text);
    }
    let (_, foot) = text.rsplit_once("\n\n").unwrap();
    assert_data_eq!(
        foot,
        str![[r#"
[core unreleased]: https://github.com/o/r/compare/core-v2.0.0...HEAD
[core 2.0.0]: https://github.com/o/r/compare/core-v1.0.0...core-v2.0.0
[core 1.0.0]: https://github.com/o/r/releases/tag/core-v1.0.0
[cli unreleased]: https://github.com/o/r/compare/cli-v2.0.0...HEAD
[cli 2.0.0]: https://github.com/o/r/compare/cli-v1.0.0...cli-v2.0.0
[cli 1.0.0]: https://github.com/o/r/releases/tag/cli-v1.0.0

"#]]
        .raw()
    );
    let bare = "# Changelog\n\n## [core 1.0.0] - 2026-01-02\n\n- a\n";
    assert!(!release(bare, &of("cli", 1, None)).unwrap().text.contains("http"), "a style without links is kept");
}

/// Keep a Changelog: what a person wrote is the entry, links are kept up.
#[test]
fn keep_a_changelog() {
    let text = "\
# Changelog

## [Unreleased]

### Added

- a thing

## [1.1.0] - 2026-01-02

- b

[unreleased]: https://github.com/o/r/compare/v1.1.0...HEAD
[1.1.0]: https://github.com/o/r/compare/v1.0.0...v1.1.0
";
    assert_data_eq!(
        promoted(text),
        str![[r#"
# Changelog

## [Unreleased]

## [1.2.0] - 2026-11-22

### Added

- a thing

## [1.1.0] - 2026-01-02

- b

[unreleased]: https://github.com/o/r/compare/v1.2.0...HEAD
[1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0
[1.1.0]: https://github.com/o/r/compare/v1.0.0...v1.1.0

"#]]
    );
    let released = release(text, &new()).unwrap();
    assert_eq!((released.entry.as_str(), released.origin), ("### Added\n\n- a thing", Origin::Written));
}

/// An empty Unreleased stays where it is, with its comments and empty groups, and the draft goes below it.
#[test]
fn empty_unreleased_takes_the_draft() {
    let text =
        "# Changelog\r\n\r\n## Unreleased\r\n<!-- write here -->\r\n### Added\r\n\r\n## 1.1.0 - 2026-01-02\r\n- b";
    let expected = "# Changelog\r\n\r\n## Unreleased\r\n<!-- write here -->\r\n### Added\r\n\r\n\
                    ## 1.2.0 - 2026-11-22\r\n### Fixed\r\n\r\n- drafted\r\n\r\n## 1.1.0 - 2026-01-02\r\n- b";
    assert_eq!(promoted(text), expected);
}

/// A title a release, dates in words, no Unreleased: as tokio does it.
#[test]
fn dates_in_words() {
    let text = "# 1.1.0 (June 3rd, 2026)\n\n### Added\n\n- b ([#1])\n\n[#1]: https://github.com/o/r/pull/1\n\n\
                # 1.0.0 (May 30th, 2025)\n\n- c\n";
    assert_data_eq!(
        promoted(text),
        str![[r#"
# Unreleased

# 1.2.0 (November 22nd, 2026)

### Fixed

- drafted

# 1.1.0 (June 3rd, 2026)

### Added

- b ([#1])

[#1]: https://github.com/o/r/pull/1

# 1.0.0 (May 30th, 2025)

- c

"#]]
    );
}

/// Comments that mark places for replacements stay in their places, as in clap's.
#[test]
fn marker_comments_stay() {
    let text = "\
# Changelog

<!-- next-header -->
## [Unreleased] - ReleaseDate

### Fixes

- a

## [1.1.0] - 2026-01-02

- b

<!-- next-url -->
[Unreleased]: https://github.com/o/r/compare/v1.1.0...HEAD
[1.1.0]: https://github.com/o/r/compare/v1.0.0...v1.1.0
";
    assert_data_eq!(
        promoted(text),
        str![[r#"
# Changelog

<!-- next-header -->
## [Unreleased] - ReleaseDate

## [1.2.0] - 2026-11-22

### Fixes

- a

## [1.1.0] - 2026-01-02

- b

<!-- next-url -->
[Unreleased]: https://github.com/o/r/compare/v1.2.0...HEAD
[1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0
[1.1.0]: https://github.com/o/r/compare/v1.0.0...v1.1.0

"#]]
    );
}

/// The heading follows the newest release: prefixes, words, names, links, underlines.
#[test]
fn headings_follow_the_file() {
    for (old, new) in [
        ("## v1.1.0", "## v1.2.0"),
        ("# Version 1.1.0 (2026-01-02)", "# Version 1.2.0 (2026-11-22)"),
        ("## core 1.1.0 - 2026-01-02 [YANKED]", "## core 1.2.0 - 2026-11-22"),
        ("## cli 1.1.0", "## core 1.2.0"),
        ("## [`cli` - v1.1.0] - 2026-01-02", "## [`core` - v1.2.0] - 2026-11-22"),
        ("### [1.1.0][1.1.0] (2026/01/02)", "### [1.2.0][1.2.0] (2026/11/22)"),
        ("1.1.0 (2026-01-02)\n==================", "1.2.0 (2026-11-22)\n=================="),
        ("v1.1.0\n------", "v1.2.0\n------"),
        (
            "## [1.1.0](https://github.com/o/r/compare/v1.0.0...v1.1.0) - 2026-01-02",
            "## [1.2.0](https://github.com/o/r/compare/v1.1.0...v1.2.0) - 2026-11-22",
        ),
        ("## 1.1.0: the second of May, 2026-01-02", "## 1.2.0 - 2026-11-22"),
    ] {
        let text = promoted(&format!("Unreleased\n===\n\n- a\n\n{old}\n\n- b\n"));
        assert_eq!(text, format!("Unreleased\n===\n\n{new}\n\n- a\n\n{old}\n\n- b\n"));
    }
}

/// A heading that plans a version gives way to the released one.
#[test]
fn planned_version_is_released() {
    let text = "## 2.0.0 (unreleased)\n\n- a\n\n## 1.1.0 (2026-01-02)\n";
    let expected = "## Unreleased\n\n## 1.2.0 (2026-11-22)\n\n- a\n\n## 1.1.0 (2026-01-02)\n";
    assert_eq!(promoted(text), expected);
}

/// Links in other styles are followed, and none are invented.
#[test]
fn links_follow_the_file() {
    for (old, new) in [
        ("", ""),
        ("[docs]: https://example.com/1.1.0\n", "[docs]: https://example.com/1.1.0\n"),
        (
            "[1.1.0]: https://github.com/o/r/releases/tag/v1.1.0\n",
            "[1.2.0]: https://github.com/o/r/releases/tag/v1.2.0\n[1.1.0]: https://github.com/o/r/releases/tag/v1.1.0\n",
        ),
        (
            "[1.0.0]: https://x.org/-/compare/a..b\n[1.1.0]: https://x.org/-/compare/b..v1.1.0\n\
             [Unreleased]: https://x.org/-/compare/v1.1.0..main",
            "[1.0.0]: https://x.org/-/compare/a..b\n[1.1.0]: https://x.org/-/compare/b..v1.1.0\n\
             [1.2.0]: https://x.org/-/compare/v1.1.0..v1.2.0\n[Unreleased]: https://x.org/-/compare/v1.2.0..main",
        ),
        (
            "[unreleased]: https://github.com/o/r/compare/v1.1.0...HEAD",
            "[unreleased]: https://github.com/o/r/compare/v1.2.0...HEAD\n\
             [1.2.0]: https://github.com/o/r/compare/v1.1.0...v1.2.0",
        ),
    ] {
        let text = promoted(&format!("## [Unreleased]\n\n- a\n\n## [1.1.0] - 2026-01-02\n\n- b\n\n{old}"));
        let before = "## [Unreleased]\n\n## [1.2.0] - 2026-11-22\n\n- a\n\n## [1.1.0] - 2026-01-02\n\n- b\n\n";
        assert_eq!(text, format!("{before}{new}"));
    }
}

/// A new file gets its links where the forge is known.
#[test]
fn new_file_gets_links() {
    let first =
        Release { previous_tag: None, repository: Some("https://github.com/o/r/tree/main/core".to_owned()), ..new() };
    let text = release(&new_document(&first.owner.package), &first).unwrap().text;
    assert_data_eq!(
        text.as_str(),
        str![[r#"
# Changelog

All notable changes to `core` are documented in this file.

The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), and this project adheres to [Semantic Versioning](https://semver.org/spec/v2.0.0.html).

## [Unreleased]

## [1.2.0] - 2026-11-22

### Fixed

- drafted

[unreleased]: https://github.com/o/r/compare/v1.2.0...HEAD
[1.2.0]: https://github.com/o/r/releases/tag/v1.2.0

"#]]
    );
    let second = Release {
        version: Version::new(1, 3, 0),
        previous_tag: first.tag.clone(),
        tag: Some("v1.3.0".into()),
        ..first
    };
    let text = release(&text, &second).unwrap().text;
    assert!(text.ends_with(
        "[unreleased]: https://github.com/o/r/compare/v1.3.0...HEAD\n\
         [1.3.0]: https://github.com/o/r/compare/v1.2.0...v1.3.0\n\
         [1.2.0]: https://github.com/o/r/releases/tag/v1.2.0\n"
    ));
}

/// Text without any heading keeps it all in front; without a draft the section is empty, and says so.
#[test]
fn no_heading_and_no_draft() {
    let released = release("Our news.", &Release { draft: None, ..new() }).unwrap();
    assert_eq!(released.text, "Our news.\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-22\n");
    assert_eq!((released.entry.as_str(), released.origin), ("", Origin::Empty));
    assert!(promoted("").starts_with("## [Unreleased]\n\n## [1.2.0] - 2026-11-22\n\n### Fixed"));
}

/// A draft whose headings stand too high is lowered; one that holds a release is refused.
#[test]
fn draft_is_fitted() {
    let with = |draft: &str| release("## [Unreleased]\n", &Release { draft: Some(draft.to_owned()), ..new() });
    assert_eq!(with("# Features\n- a\n## Deep\n").unwrap().entry, "### Features\n- a\n#### Deep");
    assert_eq!(with("- a ([#1])\n\n[#1]: https://example.com\n").unwrap().entry, "- a ([#1])");
    assert_eq!(with("- a\n\n## 1.0.0\n"), Err(Problem::Unfit { line: 3 }));
}

/// What cannot be understood safely is refused with its line.
#[test]
fn problems_have_lines() {
    for (text, problem) in [
        ("a\n<<<<<<< HEAD\n- x\n=======\n- y\n>>>>>>> main\n", Problem::Conflict { line: 2 }),
        ("## Unreleased\n\n## [Unreleased]\n", Problem::TwoUnreleased { first: 1, line: 3 }),
        ("a\n\n<!--\n## [Unreleased]\n", Problem::Unclosed { line: 3 }),
    ] {
        assert_eq!(release(text, &new()), Err(problem));
    }
    let example = "```\n<<<<<<< HEAD\n=======\n>>>>>>> main\n```\n";
    assert!(release(example, &new()).is_ok());
}

proptest! {
    /// Releasing twice is releasing once, and the text before and after what was put in is untouched.
    #[test]
    fn releasing_is_idempotent(text in any_changelog()) {
        let Ok(once) = release(&text, &new()) else { return Ok(()) };
        let twice = release(&once.text, &new()).unwrap();
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert_eq!(twice.origin, Origin::Already);
        prop_assert_eq!(twice.entry, once.entry);
    }

    /// Every line that was there is still there, in order, apart from definitions and the heading of Unreleased.
    #[test]
    fn nothing_is_lost(text in any_changelog()) {
        let Ok(once) = release(&text, &new()) else { return Ok(()) };
        let mut lines = once.text.trim_start_matches('\u{feff}').lines();
        let old = text.trim_start_matches('\u{feff}').lines();
        for line in old.filter(|line| !line.contains("compare")) {
            prop_assert!(lines.any(|new| new == line), "{line:?} is missing in {:?}", once.text);
        }
        let versions = |text: &str| {
            let document = Document::parse(text);
            document.releases().map(|(heading, _)| heading.version.clone()).collect::<Vec<_>>()
        };
        let mut after = versions(&once.text);
        if once.origin != Origin::Already {
            let new = after.iter().position(|version| *version == new().version).unwrap();
            after.remove(new);
        }
        prop_assert_eq!(versions(&text), after);
    }
}

//! Drafts into what is not released, in the styles of real changelogs, and files that several packages share.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use semver::Version;
use snapbox::IntoData as _;
use snapbox::assert_data_eq;
use snapbox::str;

use super::document::any_changelog;
use crate::changelog::Marker;
use crate::changelog::Owner;
use crate::changelog::Problem;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::changelog::bring_up;
use crate::changelog::release;
use crate::changelog::replace;

/// A draft for a package, which may be kept apart from others.
fn like(package: &str, apart: bool) -> Release {
    Release {
        owner: Owner { package: package.into(), apart },
        version: Version::new(1, 2, 0),
        date: date(2026, 11, 22),
        previous_tag: Some(format!("{package}-v1.1.0").as_str().into()),
        tag: Some(format!("{package}-v1.2.0").as_str().into()),
        repository: None,
        draft: Some("### Fixed\n\n- drafted".to_owned()),
    }
}

fn marker() -> Marker {
    Marker { through: "1a2b3c4d5e6f".to_owned(), covered: BTreeSet::from(["0123abcd".to_owned()]) }
}

fn up(text: &str) -> String {
    bring_up(text, &like("core", false), Some(&marker())).unwrap()
}

/// The marker stands behind the entry, in front of the blank lines that were there.
#[test]
fn marker_ends_the_entry() {
    assert_data_eq!(
        up("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a\n\n## [1.1.0] - 2026-01-02\n\n- b\n"),
        str![[r#"
# Changelog

## [Unreleased]

### Added

- a

### Fixed

- drafted

<!-- drafted through 1a2b3c4d5e6f, keep until the release: 0123abcd -->

## [1.1.0] - 2026-01-02

- b

"#]]
    );
}

/// A file without a place for what is not released gets one above the releases, in its style.
#[test]
fn a_place_is_made() {
    let text = "1.1.0 (2026-01-02)\r\n==================\r\n\r\n* b\r\n";
    assert_data_eq!(
        up(text).replace('\r', "~"),
        str![[r#"
Unreleased~
==========~
~
## Fixed~
~
- drafted~
~
<!-- drafted through 1a2b3c4d5e6f, keep until the release: 0123abcd -->~
~
1.1.0 (2026-01-02)~
==================~
~
* b~

"#]]
        .raw()
    );
    assert_data_eq!(
        up("Our news.\n"),
        str![[r#"
Our news.

## [Unreleased]

### Fixed

- drafted

<!-- drafted through 1a2b3c4d5e6f, keep until the release: 0123abcd -->

"#]]
    );
}

/// A heading for a release to come gives way to one for what is not released, and neither is a second one of the other.
#[test]
fn planned_release_is_no_second_place() {
    let text = "## 5.0.0 - TBD\n\n- later\n\n## [Unreleased] - ReleaseDate\n\n## [4.6.6] - 2026-08-06\n";
    let new = up(text);
    assert!(new.starts_with("## 5.0.0 - TBD\n\n- later\n\n## [Unreleased] - ReleaseDate\n\n### Fixed"), "{new}");
    assert!(matches!(
        Unreleased::read("## Unreleased\n\n## [unreleased]\n", &like("core", false).owner),
        Err(Problem::TwoUnreleased { first: 1, line: 3 })
    ));
}

/// Packages that are kept apart draft and release side by side, and what names no package stays.
#[test]
fn shared_files_keep_packages_apart() {
    let mut text = "# Changelog\n\n## [Unreleased]\n\n- of nobody\n\n## [1.0.0] - 2025-01-02\n\n- of old\n".to_owned();
    for package in ["core", "cli"] {
        text = bring_up(&text, &like(package, true), Some(&marker())).unwrap();
    }
    text = release(&text, &like("core", true)).unwrap().text;
    assert_data_eq!(
        &text,
        str![[r#"
# Changelog

## [Unreleased]

- of nobody

## [core Unreleased]

## [core 1.2.0] - 2026-11-22

### Fixed

- drafted

## [cli Unreleased]

### Fixed

- drafted

<!-- drafted through 1a2b3c4d5e6f, keep until the release: 0123abcd -->

## [1.0.0] - 2025-01-02

- of old

"#]]
    );
    let again = release(&text, &like("core", true)).unwrap();
    assert_eq!(again.text, text);
}

/// What a person edited stands for what was there.
#[test]
fn edited_entry_stands() {
    let text = "# Changelog\n\n## [Unreleased]\n\n- old\n\n\n## [1.1.0] - 2026-01-02\n";
    let edited = Release { draft: Some("- new\n\nWords.\n".to_owned()), ..like("core", false) };
    let new = replace(text, &edited, None).unwrap();
    assert_eq!(new, "# Changelog\n\n## [Unreleased]\n\n- new\n\nWords.\n\n\n## [1.1.0] - 2026-01-02\n");
    let unfit = Release { draft: Some("## [1.0.0]\n\n- new".to_owned()), ..edited };
    assert!(matches!(replace(text, &unfit, None), Err(Problem::Unfit { .. })));
}

proptest! {
    /// Whatever the file: all of its lines are there afterwards in their order, a second draft adds nothing, and the
    /// marker is read back.
    #[test]
    fn nothing_is_lost(text in any_changelog()) {
        let Ok(new) = bring_up(&text, &like("core", false), Some(&marker())) else { return Ok(()) };
        // What editors put at the beginning of a file stays there.
        let bare = |text: &str| text.trim_start_matches('\u{feff}').to_owned();
        let (old, all) = (bare(&text), bare(&new));
        let mut lines = all.lines();
        for line in old.lines() {
            prop_assert!(lines.any(|other| other == line), "{line:?} is not in {new:?}, made of {text:?}");
        }
        // An indented heading that comes to stand below a list belongs to it: then the text says something else.
        prop_assume!(!text.contains("  #"));
        let again = bring_up(&new, &like("core", false), Some(&marker()));
        prop_assert_eq!(again.as_ref(), Ok(&new));
        let state = Unreleased::read(&new, &like("core", false).owner).unwrap();
        prop_assert_eq!(state.marker, Some(marker()));
        prop_assert!(!state.entry.contains("drafted through"));
    }
}

//! One row a file that is called as changelogs are: which file gets the entry, and what is said where none does.

use super::decision_table::Member;
use super::decision_table::asking;
use super::decision_table::configured;
use super::decision_table::snapshot_of;
use crate::plan::*;

/// The files that are there, the file that gets the entry, and the codes about changelogs.
type Row = (&'static [&'static str], Option<&'static str>, &'static [&'static str]);

const ROWS: [Row; 16] = [
    (&["core/CHANGELOG.md"], Some("core/CHANGELOG.md"), &[]),
    (&["core/RELEASES.md"], Some("core/RELEASES.md"), &[]),
    (&["core/CHANGES.md"], Some("core/CHANGES.md"), &[]),
    (&["core/NEWS.md"], Some("core/NEWS.md"), &[]),
    (&["core/changelog.markdown"], Some("core/changelog.markdown"), &[]),
    (&["core/RELEASE_NOTES.md"], Some("core/RELEASE_NOTES.md"), &[]),
    (&["core/release-notes.md", "core/HISTORY.md"], Some("core/HISTORY.md"), &[]),
    (&["core/docs/CHANGELOG.md"], Some("core/docs/CHANGELOG.md"), &[]),
    (&["core/docs/CHANGELOG.md", "core/NEWS.md"], Some("core/NEWS.md"), &[]),
    (&["core/CHANGELOG.md", "core/CHANGELOG.rst"], Some("core/CHANGELOG.md"), &[]),
    (&["core/CHANGELOG.rst"], None, &["changelog-foreign"]),
    (&["core/CHANGELOG"], None, &["changelog-foreign"]),
    (&["core/NEWS.txt"], None, &["changelog-foreign"]),
    (&["CHANGES.rst"], None, &["changelog-foreign"]),
    (&["core-tea/CHANGELOG.md", "core/docs/history.md"], None, &["changelog-none"]),
    (&[], None, &["changelog-none"]),
];

/// The file that gets the entry of a changed `core`, and the codes about changelogs.
fn planned(files: &[&str], toml: &str) -> (Option<String>, Vec<String>) {
    let members = [Member { commits: vec![("fix: a", "src/lib.rs")], ..Member::at("1.2.3") }];
    let mut snapshot = snapshot_of(&members, "");
    let text = "# Changelog\n\n## [1.2.3] - 2026-01-02\n\n- Begun.\n";
    snapshot.workspace.texts.extend(files.iter().map(|path| ((*path).into(), text.to_owned())));
    let toml = format!("push = false\n{toml}");
    let plan = decide(&snapshot, &configured(&members, &toml), &asking("", None)).unwrap();
    let codes = plan.findings.iter().map(|finding| finding.code.to_string());
    let changelog = plan.packages.first().and_then(|package| package.changelog.as_ref());
    let path = changelog.map(|changelog| changelog.path.to_string());
    (path, codes.filter(|code| code.starts_with("changelog-")).collect())
}

// The file that is there is the changelog, whatever its spelling; one that cannot be written is named, and no second file
// is made beside it, whoever asks for one.
#[test]
fn the_file_that_is_there_is_the_changelog() {
    for (files, path, codes) in ROWS {
        assert_eq!(
            planned(files, ""),
            (path.map(str::to_owned), codes.iter().map(|it| (*it).to_owned()).collect()),
            "{files:?}"
        );
    }
    let create = "[changelog]\ncreate = true\n";
    assert_eq!(planned(&["core/CHANGELOG.rst"], create), (None, vec!["changelog-foreign".to_owned()]));
    assert_eq!(planned(&[], create), (Some("core/CHANGELOG.md".to_owned()), vec![]));
}

// Release notes in a form of their own are no changelog: nothing is written into them.
#[test]
fn release_notes_without_headings_are_left_alone() {
    let members = [Member { commits: vec![("fix: a", "src/lib.rs")], ..Member::at("1.2.3") }];
    let mut snapshot = snapshot_of(&members, "");
    snapshot.workspace.texts.insert("core/RELEASE_NOTES.md".into(), "\n1.2.3\n- 2026-01-02 begin\n".to_owned());
    let plan = decide(&snapshot, &configured(&members, "push = false\n"), &asking("", None)).unwrap();
    assert!(plan.packages.iter().all(|package| package.changelog.is_none()), "{:?}", plan.packages);
}

// Who keeps the file by replacements or a hook, or turns changelogs off, is not told.
#[test]
fn a_foreign_changelog_that_is_kept_is_not_named() {
    let replacements =
        "pre-release-replacements = [{ file = \"CHANGELOG.rst\", search = \"Begun\", replace = \"Gone\" }]\n";
    for toml in [replacements, "pre-release-hook = [\"towncrier\"]\n", "[changelog]\nenabled = false\n"] {
        assert_eq!(planned(&["core/CHANGELOG.rst"], toml), (None, vec![]), "{toml}");
    }
}

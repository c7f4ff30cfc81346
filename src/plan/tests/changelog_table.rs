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

/// The files that get entries where the members of a workspace changed, in the order of their names, and the codes.
fn planned_of(members: &[Member], files: &[&str], toml: &str) -> (Vec<String>, Vec<String>) {
    let mut snapshot = snapshot_of(members, "1");
    let text = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n- Begun.\n";
    snapshot.workspace.texts.extend(files.iter().map(|path| ((*path).into(), text.to_owned())));
    let toml = format!("push = false\n{toml}");
    let plan = decide(&snapshot, &configured(members, &toml), &asking("", None)).unwrap();
    let codes = plan.findings.iter().map(|finding| finding.code.to_string());
    let path = |package: &PlannedPackage| package.changelog.as_ref().map(|changelog| changelog.path.to_string());
    let paths = plan.packages.iter().map(|package| path(package).unwrap_or_else(|| "-".to_owned()));
    let mut paths: Vec<String> = paths.collect();
    paths.sort();
    (paths, codes.filter(|code| code.starts_with("changelog-")).collect())
}

// Each row: whether members share a version and were released before, the files that are there, the configuration, and
// which files get entries.
#[test]
fn changelogs_of_workspaces() {
    const CLI: &str = "cli/CHANGELOG.md";
    let (old, new) = (Some("1.2.3"), None);
    let shared = "shared-version = true\n";
    let never = "[changelog]\ncreate = false\n";
    let create = "[changelog]\ncreate = true\n";
    let off = "[changelog]\nenabled = false\n";
    type Row<'a> = (&'a str, Option<&'static str>, &'a [&'a str], &'a str, &'a [&'a str], &'a [&'a str]);
    #[rustfmt::skip]
    let table: &[Row<'_>] = &[
        // One version and a file at the root: it is the one that is written.
        (shared, old, &["CHANGELOG.md"], "", &["CHANGELOG.md", "CHANGELOG.md"], &[]),
        (shared, old, &["RELEASES.md"], "", &["RELEASES.md", "RELEASES.md"], &[]),
        (shared, old, &["CHANGELOG.md"], off, &["-", "-"], &[]),
        // Those that were released before without one get none unasked, and one note for all.
        ("", old, &[], "", &["-", "-"], &["changelog-none"]),
        ("", old, &[], create, &[CLI, "core/CHANGELOG.md"], &[]),
        ("", old, &[], never, &["-", "-"], &[]),
        ("", old, &["core/CHANGELOG.md"], "", &["-", "core/CHANGELOG.md"], &["changelog-none"]),
        // One that is released for the first time gets its own, as its neighbours have.
        ("", new, &["core/CHANGELOG.md"], "", &[CLI, "core/CHANGELOG.md"], &[]),
        ("", new, &["core/CHANGELOG.md"], never, &["-", "core/CHANGELOG.md"], &[]),
        ("", new, &[], "", &["-", "-"], &["changelog-none"]),
        ("", new, &["cli/NEWS.md"], "", &["-", "cli/NEWS.md"], &["changelog-none", "changelog-version-exists"]),
    ];
    for (group, last, files, toml, paths, codes) in table {
        let changed =
            |name, last| Member { name, last, commits: vec![("fix: a", "src/lib.rs")], ..Member::at("1.2.3") };
        let found = planned_of(&[changed("core", old), changed("cli", *last)], files, &format!("{group}{toml}"));
        let wanted = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
        assert_eq!(found, (wanted(paths), wanted(codes)), "{group} {last:?} {files:?} {toml}");
    }
}

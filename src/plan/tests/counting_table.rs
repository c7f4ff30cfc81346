//! Which commits count for a package: by the paths that it ships, and among merges.

use super::decision_table::Member;
use super::decision_table::asking;
use super::decision_table::configured;
use super::decision_table::decided;
use super::decision_table::snapshot_of;
use super::decision_table::to;
use crate::plan::decide;

// Each row: a path that a commit changes, what the manifest says of packing, and whether the commit counts.
#[test]
fn only_what_is_shipped_counts() {
    let table = [
        ("src/lib.rs", "", true),
        ("tests/a.rs", "", true),
        ("tests/a.rs", "exclude = [\"/tests\"]\n", false),
        ("tests/a.rs", "include = [\"src/**\"]\n", false),
        ("src/a.rs", "include = [\"src/**\"]\n", true),
        ("Cargo.toml", "include = [\"src/**\"]\n", false),
        ("doc/README.md", "include = [\"src/**\"]\nreadme = \"doc/README.md\"\n", true),
        ("CHANGELOG.md", "", false),
        ("Cargo.lock", "", false),
        ("Cargo.toml Cargo.lock", "", false),
        ("Cargo.toml Cargo.lock CHANGELOG.md", "", false),
        ("Cargo.toml src/lib.rs", "", true),
        ("LICENSE", "", true),
        ("LICENSE", "include = [\"src/**\"]\n", false),
        ("LICENSE", "include = [\"src/**\"]\nlicense-file = \"LICENSE\"\n", true),
        ("release.toml", "", false),
    ];
    for (path, manifest, counts) in table {
        let member = Member { manifests: [manifest, manifest], commits: vec![("fix: a", path)], ..Member::at("1.2.3") };
        let expected = if counts { "1.2.4" } else { "-" };
        assert_eq!(to(&decided(&[member], "", "")), expected, "{path} {manifest}");
    }
}

// A merge that joins changes of the same file is no change of its own, unless its title says what it is, or the title of
// its pull request that something breaks.
#[test]
fn merges_do_not_count() {
    let table = [
        ("Merge branch `x`", "-"),
        ("feat: x (#1)", "1.3.0"),
        ("Merge pull request #1 from a/b\n\nfeat: x", "-"),
        ("Merge pull request #1 from a/b\n\nfeat!: x", "2.0.0"),
        ("Merge branch 'b' into 'main'\n\nfix: x\n\nBREAKING CHANGE: y\n\nSee merge request !1", "2.0.0"),
        ("Merge branch 'b' into 'main'\n\nfix: x\n\nBREAKING CHANGES: none", "-"),
    ];
    for (message, expected) in table {
        let member = Member { commits: vec![(message, "src/lib.rs")], ..Member::at("1.2.3") };
        let mut snapshot = snapshot_of(std::slice::from_ref(&member), "");
        snapshot.repository.history.commits[0].parents = 2;
        let plan = decide(&snapshot, &configured(&[member], ""), &asking("", None)).unwrap();
        assert_eq!(to(&plan), expected, "{message}");
    }
}

// A commit that another package's tag names, and that only touches the manifest here, is no change of this one.
#[test]
fn release_commits_of_other_tools_do_not_count() {
    for (path, expected) in [("Cargo.toml", "-"), ("src/lib.rs", "1.2.4")] {
        let member = Member { commits: vec![("fix: a", path)], ..Member::at("1.2.3") };
        let mut snapshot = snapshot_of(std::slice::from_ref(&member), "");
        let commit = snapshot.repository.history.commits[0].id.clone();
        snapshot.repository.tags.insert("cli-v2.0.0".into(), commit);
        let plan = decide(&snapshot, &configured(&[member], ""), &asking("", None)).unwrap();
        assert_eq!(to(&plan), expected, "{path}");
    }
}

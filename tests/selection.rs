//! What is selected, and what each package then does: one table, rows that a person can read. How a workspace is written
//! is said in `selection/shop.rs`. Pure: no process is started.

#![expect(clippy::unwrap_used, reason = "a row that cannot be read ends the test")]

#[path = "selection/shop.rs"]
mod shop;

use shop::decided;

/// A virtual workspace: released and changed; unchanged, and needing the first; private and changed; never released; a
/// pre-release that was never released. All are default members.
const VIRTUAL: &str =
    "*core 0.4.0 feat; *cli 1.2.0 needs=core^0.4; *docs 0.1.0 private fix; *util 0.2.0 new; *wip 0.3.0-dev new";

/// A root package, and one in a directory of it.
const ROOT: &str = "*/tea 1.0.0 fix; pot 0.1.0 feat";

/// Each row: the workspace, what is typed, and what is decided.
const TABLE: &[(&str, &str, &str)] = &[
    // Without a level every member is judged by what changed.
    (
        VIRTUAL,
        "",
        "cli unchanged, core 0.4.0 -> 0.4.1, docs 0.1.0 -> 0.1.1, util new -> 0.2.0, wip pre-release | \
         unreleased-pre-release",
    ),
    (
        VIRTUAL,
        "--exclude core --exclude wip",
        "cli unchanged, core not-selected, docs 0.1.0 -> 0.1.1, util new -> 0.2.0, wip not-selected",
    ),
    (
        VIRTUAL,
        "-p core",
        "cli not-selected, core 0.4.0 -> 0.4.1, docs not-selected, util not-selected, wip not-selected",
    ),
    (VIRTUAL, "-p cli", "cli unchanged, core not-selected, docs not-selected, util not-selected, wip not-selected"),
    ("core 1.0.0 ci", "", "core unchanged"),
    ("core 1.0.0 ci fix", "", "core 1.0.0 -> 1.0.1"),
    ("core 1.0.0 fix feat", "", "core 1.0.0 -> 1.1.0"),
    ("core 0.4.0 breaking; cli 1.2.0 needs=core^0.4", "", "cli 1.2.0 -> 1.2.1, core 0.4.0 -> 0.5.0"),
    (
        "core 0.4.0 breaking; cli 1.2.0 needs=core^0.4",
        "-p core",
        "cli not-selected, core 0.4.0 -> 0.5.0 | dependent-left-out",
    ),
    // A level is literal, and holds for what cargo would select.
    (
        VIRTUAL,
        "minor",
        "cli 1.2.0 -> 1.3.0, core 0.4.0 -> 0.5.0, docs 0.1.0 -> 0.2.0, util new -> 0.3.0, wip new -> 0.4.0 | \
         unchanged, unreleased-version",
    ),
    ("*core 1.0.0 fix; cli 2.0.0 fix", "patch", "cli not-selected, core 1.0.0 -> 1.0.1"),
    ("*core 1.0.0 fix; cli 2.0.0 fix", "patch --workspace", "cli 2.0.0 -> 2.0.1, core 1.0.0 -> 1.0.1"),
    ("*core 1.0.0 fix; cli 2.0.0 fix", "patch -p cli", "cli 2.0.0 -> 2.0.1, core not-selected"),
    ("*core 1.0.0 fix; cli 2.0.0 fix", "patch --exclude core", "cli 2.0.0 -> 2.0.1, core not-selected"),
    ("*core 1.0.0 fix; *docs 0.1.0 private fix", "patch", "core 1.0.0 -> 1.0.1, docs 0.1.0 -> 0.1.1"),
    // A root package is what cargo selects, without what lies below it.
    (ROOT, "", "pot 0.1.0 -> 0.1.1, tea 1.0.0 -> 1.0.1"),
    (ROOT, "patch", "pot not-selected, tea 1.0.0 -> 1.0.1"),
    (ROOT, "patch --workspace", "pot 0.1.0 -> 0.1.1, tea 1.0.0 -> 1.0.1"),
    (ROOT, "pot@minor", "pot 0.1.0 -> 0.2.0, tea not-selected"),
    // A version.
    ("*core 0.4.0 feat", "1.0.0", "core 0.4.0 -> 1.0.0"),
    ("*core 0.4.0 feat", "0.4.0", "core 0.4.0 -> 0.4.0 | blocked: version-exists"),
    ("*core 0.4.0 feat", "0.3.9", "core 0.4.0 -> 0.3.9 | blocked: version-goes-down"),
    // Levels package by package; with one for the rest as well.
    (
        VIRTUAL,
        "core@minor",
        "cli not-selected, core 0.4.0 -> 0.5.0, docs not-selected, util not-selected, wip not-selected | \
         dependent-left-out",
    ),
    ("*core 1.0.0 fix; *cli 2.0.0 fix", "core@minor cli@3.0.0-rc.1", "cli 2.0.0 -> 3.0.0-rc.1, core 1.0.0 -> 1.1.0"),
    ("*core 1.0.0 fix; *cli 2.0.0 fix", "core@minor patch", "cli 2.0.0 -> 2.0.1, core 1.0.0 -> 1.1.0"),
    ("*core 1.0.0 fix; cli 2.0.0 fix", "cli@minor patch", "cli 2.0.0 -> 2.1.0, core 1.0.0 -> 1.0.1"),
    // A version that is not released yet is released as it is, and held against the evidence.
    ("*core 0.4.1 ahead=0.4.0 fix", "", "core 0.4.0 -> 0.4.1"),
    ("*core 0.4.1 ahead=0.4.0", "", "core 0.4.0 -> 0.4.1"),
    ("*core 0.4.1 ahead=0.4.0 breaking", "", "core 0.4.0 -> 0.4.1 | blocked: below-evidence"),
    ("*core 0.4.1 ahead=0.4.0 breaking", "--allow-breaking", "core 0.4.0 -> 0.4.1 | below-evidence"),
    ("*core 0.4.1 ahead=0.4.0 fix", "0.4.1", "core 0.4.0 -> 0.4.1"),
    ("*core 0.4.1 ahead=0.4.0 fix", "release", "core 0.4.0 -> 0.4.1"),
    ("*core 0.4.1 ahead=0.4.0 fix", "0.4.2", "core 0.4.0 -> 0.4.2"),
    ("*core 0.4.1 ahead=0.4.0 fix", "patch", "core 0.4.0 -> 0.4.2 | blocked: unreleased-version"),
    ("*docs 0.2.0 ahead=0.1.0 private fix", "", "docs 0.1.0 -> 0.2.0"),
    // Below the last release: numbered anew, which only the user can know.
    ("*core 0.1.0 ahead=0.5.0-rc.2 fix", "", "core 0.5.0-rc.2 -> 0.1.0 | blocked: version-goes-down"),
    ("*core 0.1.0 ahead=0.5.0-rc.2 fix", "core@0.1.0", "core 0.5.0-rc.2 -> 0.1.0 | version-goes-down"),
    ("*core 0.1.0 ahead=0.5.0-rc.2 fix", "0.5.0", "core 0.5.0-rc.2 -> 0.5.0"),
    // Build metadata goes with the numbers, as in cargo-release, and that is said.
    ("*core 0.18.7+1.9.6 fix", "", "core 0.18.7+1.9.6 -> 0.18.8 | metadata-dropped"),
    ("*core 0.18.7+1.9.6 fix", "minor", "core 0.18.7+1.9.6 -> 0.19.0 | metadata-dropped"),
    ("*core 0.18.7+1.9.6 fix", "patch --metadata 1.9.7", "core 0.18.7+1.9.6 -> 0.18.8+1.9.7"),
    ("*core 0.18.7+1.9.6 fix", "0.19.0", "core 0.18.7+1.9.6 -> 0.19.0+1.9.6"),
    ("*core 0.18.7 fix", "", "core 0.18.7 -> 0.18.8"),
    // Levels against the evidence: an error only where a breaking change would be taken for compatible.
    ("*core 1.0.0 breaking", "patch", "core 1.0.0 -> 1.0.1 | blocked: below-evidence"),
    ("*core 1.0.0 breaking", "minor --allow-breaking", "core 1.0.0 -> 1.1.0 | below-evidence"),
    ("*core 1.0.0 feat", "patch", "core 1.0.0 -> 1.0.1 | below-evidence"),
    ("*core 0.4.0 feat", "patch", "core 0.4.0 -> 0.4.1"),
    // Pre-releases: a series goes on by itself, and is left only when that is asked for.
    ("*core 1.2.0-rc.1 fix", "", "core 1.2.0-rc.1 -> 1.2.0-rc.2"),
    ("*core 1.2.0-rc.1", "", "core unchanged"),
    ("*core 1.2.0-rc.1", "release", "core 1.2.0-rc.1 -> 1.2.0"),
    ("*core 1.2.0-rc.1 fix", "rc", "core 1.2.0-rc.1 -> 1.2.0-rc.2"),
    ("*core 1.2.0-alpha.3 fix", "beta", "core 1.2.0-alpha.3 -> 1.2.0-beta.1"),
    ("*core 1.1.0 fix", "alpha", "core 1.1.0 -> 1.1.1-alpha.1"),
    ("*core 1.2.0-dev new", "", "core pre-release | unreleased-pre-release"),
    ("*core 1.2.0-dev new", "release", "core new -> 1.2.0"),
    ("*core 1.2.0-dev new", "--unpublished", "core new -> 1.2.0-dev"),
    ("*core 1.2.0-rc.1; *cli 2.0.0", "release", "cli unchanged, core 1.2.0-rc.1 -> 1.2.0"),
    // What is not published, and nothing else.
    (
        VIRTUAL,
        "--unpublished",
        "cli unchanged, core unchanged, docs unchanged, util new -> 0.2.0, wip new -> 0.3.0-dev",
    ),
    // Without the network tags alone tell, and the plan says what it does not know.
    ("core 0.4.0 feat; util 0.2.0 new", "--offline", "core 0.4.0 -> 0.4.1, util new -> 0.2.0 | registry-unknown"),
    // One inherited version moves together.
    ("core 1.0.0 inherits fix; cli 1.0.0 inherits", "", "cli 1.0.0 -> 1.0.1, core 1.0.0 -> 1.0.1"),
    ("*core 1.0.0 inherits; *cli 1.0.0 inherits feat", "minor", "cli 1.0.0 -> 1.1.0, core 1.0.0 -> 1.1.0 | unchanged"),
    ("core 1.0.0 inherits fix; own 3.0.0 fix", "", "core 1.0.0 -> 1.0.1, own 3.0.0 -> 3.0.1"),
    (
        "core 1.0.0 inherits fix; cli 1.0.0 inherits",
        "minor -p core -p cli",
        "cli 1.0.0 -> 1.1.0, core 1.0.0 -> 1.1.0 | unchanged",
    ),
    ("core 1.0.0 inherits fix; cli 1.0.0 inherits release-false", "", "cli release-false, core 1.0.0 -> 1.0.1"),
    // A group shares the highest version among those that changed.
    (
        "core 1.0.0 group=tea feat; cli 1.0.0 group=tea fix; pot 1.0.0 group=tea",
        "",
        "cli 1.0.0 -> 1.1.0, core 1.0.0 -> 1.1.0, pot unchanged",
    ),
    // What is not published and was never released is a helper, unless it is named, or nothing is published at all.
    ("core 1.0.0 fix; xtask 0.1.0 private new", "", "core 1.0.0 -> 1.0.1, xtask never-released"),
    ("*core 1.0.0 fix; *xtask 0.1.0 private new", "minor --workspace", "core 1.0.0 -> 1.1.0, xtask never-released"),
    ("*core 1.0.0 fix; *xtask 0.1.0 private new", "minor", "core 1.0.0 -> 1.1.0, xtask never-released"),
    ("core 1.0.0 fix; xtask 0.1.0 private new", "--unpublished", "core unchanged, xtask never-released"),
    ("core 1.0.0 fix; xtask 0.1.0 private new", "-p xtask", "core not-selected, xtask new -> 0.1.0"),
    (
        "core 1.0.0 fix; xtask 0.1.0 private new",
        "xtask@minor",
        "core not-selected, xtask new -> 0.2.0 | unreleased-version",
    ),
    ("core 1.0.0 fix; app 0.1.0 private new release-true", "", "app new -> 0.1.0, core 1.0.0 -> 1.0.1"),
    ("app 0.1.0 private new; lib 0.1.0 private new", "", "app new -> 0.1.0, lib new -> 0.1.0"),
    ("*/app 0.1.0 private new; core 1.0.0 fix", "", "app new -> 0.1.0, core 1.0.0 -> 1.0.1"),
    ("core 0.4.0 breaking; xtask 0.1.0 private new needs=core^0.4", "", "core 0.4.0 -> 0.5.0, xtask never-released"),
    ("core 1.0.0 inherits fix; xtask 1.0.0 inherits private new", "", "core 1.0.0 -> 1.0.1, xtask 1.0.0 -> 1.0.1"),
    // What is never released.
    ("core 1.0.0 fix release-false; cli 1.0.0 fix", "", "cli 1.0.0 -> 1.0.1, core release-false"),
    ("*core 1.0.0 fix release-false; *cli 1.0.0 fix", "minor", "cli 1.0.0 -> 1.1.0, core release-false"),
    ("core 1.0.0 fix release-false", "-p core", "core release-false"),
];

/// The table holds, row by row.
#[test]
fn the_table_of_selection() {
    let rows =
        TABLE.iter().map(|(workspace, typed, expected)| (workspace, typed, decided(workspace, typed, ""), expected));
    let wrong: Vec<String> = rows
        .filter(|(_, _, found, expected)| found != **expected)
        .map(|(workspace, typed, found, expected)| {
            format!("{workspace}\n$ cargo release {typed}\n  expected: {expected}\n  found:    {found}\n")
        })
        .collect();
    assert!(wrong.is_empty(), "{} rows of {}:\n{}", wrong.len(), TABLE.len(), wrong.join("\n"));
}

/// Half of the packages that inherit one version cannot be released: the refusal names the rest.
#[test]
fn half_of_an_inherited_version_is_refused() {
    let workspace = "core 1.0.0 inherits fix; cli 1.0.0 inherits";
    for typed in ["-p core", "minor -p core", "--exclude cli", "core@minor"] {
        let found = decided(workspace, typed, "");
        assert!(found.starts_with("refused: `core` cannot be released without `cli`"), "{typed}: {found}");
    }
}

/// One tag may stand for packages of one version, and not for two versions. Tags that were named otherwise before are
/// told.
#[test]
fn one_tag_for_several_packages() {
    let equal = "core 1.0.0 fix; cli 1.0.0 fix";
    let table = [
        (equal, "tag-name = 'v{{version}}'", "cli 1.0.0 -> 1.0.1, core 1.0.0 -> 1.0.1 | tag-spelling"),
        (
            "core 1.0.0 fix; cli 2.0.0 fix",
            "tag-name = 'v{{version}}'",
            "cli 2.0.0 -> 2.0.1, core 1.0.0 -> 1.0.1 | tag-spelling",
        ),
        (equal, "tag-name = 'latest'", "cli 1.0.0 -> 1.0.1, core 1.0.0 -> 1.0.1 | tag-spelling"),
        (
            "core 1.0.0 fix; cli 2.0.0 fix",
            "tag-name = 'latest'",
            "cli 2.0.0 -> 2.0.1, core 1.0.0 -> 1.0.1 | blocked: tag-of-two-versions, tag-spelling",
        ),
    ];
    for (workspace, toml, expected) in table {
        assert_eq!(decided(workspace, "", toml), expected, "{workspace} {toml}");
    }
}

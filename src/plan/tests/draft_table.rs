//! What makes the level stands in the entry, and what does not count is not in it: tables of drafted entries.

use super::decision_table::Member;
use super::decision_table::decided;
use crate::plan::LevelSources;

/// Where `core` goes from 1.2.3, and its drafted entry in one line: headings without their marks, items after `-`.
fn drafted(commits: &[(&'static str, &'static str)], manifests: [&'static str; 2], config: &str) -> String {
    let members = [
        Member { commits: commits.to_vec(), manifests, ..Member::at("1.2.3") },
        Member { name: "cli", ..Member::at("1.0.0") },
    ];
    let plan = decided(&members, "1", &format!("{config}\n[changelog]\ncreate = true"));
    let Some(package) = plan.packages.iter().find(|package| package.name == "core") else { return "-".to_owned() };
    let entry = package.changelog.as_ref().map_or("", |changelog| changelog.entry.as_str());
    let lines: Vec<&str> = entry.lines().map(|line| line.trim_start_matches('#').trim()).collect();
    let found =
        plan.findings.iter().filter(|it| ["changelog", "commit"].iter().any(|of| it.code.as_str().starts_with(of)));
    let found: String = found.map(|finding| format!(" !{}", finding.code)).collect();
    let entry = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{}: {entry}{found}", package.to)
}

// Each row: messages of commits, newest first, and the version with the entry.
#[test]
fn messages_and_entries() {
    let table: [(&[&str], &str); 20] = [
        (&["feat!: drop `a`"], "2.0.0: Removed - **breaking:** drop `a`"),
        (
            &["fix: c (#1)\n\n* feat!: drop the function a\n* feat: add b"],
            "2.0.0: Added - add b Removed - **breaking:** drop the function a Fixed - c (#1)",
        ),
        (&["fix: c (#1)\n\n* feat: add b"], "1.3.0: Added - add b Fixed - c (#1)"),
        (&["feat: c (#1)\n\n* feat: form\n* fix: typo"], "1.3.0: Added - c (#1)"),
        (&["ci: c (#1)\n\n* fix: b"], "1.2.4: Fixed - b"),
        (&["fix: a\n\nBREAKING CHANGE: use `b`"], "2.0.0: Changed - **breaking:** a use `b`"),
        (&["fix: a\n\nBREAKING CHANGE:\nuse `b`\nor c"], "2.0.0: Changed - **breaking:** a use `b` or c"),
        (&["fix: a\n\nBREAKING CHANGE #12"], "2.0.0: Changed - **breaking:** a #12"),
        (&["Bump x\n\n- BREAKING CHANGE: no `y`"], "2.0.0: Changed - **breaking:** Bump x no `y`"),
        (&["fix: a\n\n**BREAKING CHANGE:** b"], "1.2.4: Fixed - a !commit-near-miss"),
        (&["fix: a\n\nBREAKING CHANGES: b"], "1.2.4: Fixed - a !commit-near-miss"),
        (&["fix: a\n\nBREAKING CHANGE: b"], "2.0.0: Changed - **breaking:** a b"),
        (&["feat!(core): drop `a`"], "1.2.4: Changed - feat!(core): drop `a` !commit-near-miss"),
        (&["feat(core)!: drop `a`"], "2.0.0: Removed - **breaking:** drop `a`"),
        (&["Channel: add `close`"], "1.2.4: Changed - Channel: add `close`"),
        (&["array::X: less code"], "1.2.4: Changed - array::X: less code"),
        (&["chore(deps): newer ones"], "-"),
        (&["chore: a", "fix: b"], "1.2.4: Fixed - b"),
        (&["feat(cli)!: drop `a`"], "1.2.4: Added - **cli:** drop `a`"),
        (&["feat(cli, core)!: drop `a`"], "2.0.0: Removed - **breaking:** **cli, core:** drop `a`"),
    ];
    for (messages, expected) in table {
        let commits: Vec<(&str, &str)> = messages.iter().map(|message| (*message, "src/lib.rs")).collect();
        assert_eq!(drafted(&commits, ["", ""], ""), expected, "{messages:?}");
    }
}

// Each row: the manifest at the last release and now, a commit, and the version with the entry.
#[test]
fn manifests_and_entries() {
    let table = [
        ("[features]\na = []", "", "chore: tidy", "2.0.0: Removed - **breaking:** Feature `a` removed"),
        ("[features]\na = []", "", "feat!: drop the feature a", "2.0.0: Removed - **breaking:** drop the feature a"),
        (
            "[features]\na = []",
            "",
            "feat!: another thing",
            "2.0.0: Changed - **breaking:** another thing Removed - **breaking:** Feature `a` removed",
        ),
        (
            "[features]\ndefault = [\"b\"]\nb = []",
            "[features]\nb = []",
            "fix: c",
            "2.0.0: Changed - **breaking:** Feature `default` no longer enables `b` Fixed - c",
        ),
        ("", "[lib]\nname = \"other\"\n", "fix: c", "2.0.0: Removed Fixed"),
        ("[[bin]]\nname = \"tool\"\n", "", "fix: c", "2.0.0: Removed Fixed"),
        ("[[bin]]\nname = \"tool\"\n", "[[bin]]\nname = \"tool\"\npath = \"src/u.rs\"", "fix: c", "1.2.4: Fixed - c"),
        ("", "[features]\na = []", "fix: c", "1.3.0: Added - Feature `a` added Fixed - c"),
        ("", "[features]\na = []", "feat: c", "1.3.0: Added - c"),
        ("", "[dependencies]\nx = \"1\"", "chore(deps): add x", "1.2.4: Changed - Dependency `x` added"),
        ("[dev-dependencies]\nx = \"1\"", "[dev-dependencies]\nx = \"2\"", "Bump x", "-"),
        ("description = \"a\"", "description = \"b\"", "say what it is", "1.2.4: Changed - say what it is"),
        ("a.workspace = true\n", "a = { workspace = true }\n", "tidy up", "-"),
    ];
    for (before, now, message, expected) in table {
        let told = drafted(&[(message, "Cargo.toml")], [before, now], "");
        let told = if expected.ends_with("Removed Fixed") { headings(&told) } else { told };
        assert_eq!(told, expected, "{before:?} -> {now:?} {message}");
    }
}

fn headings(told: &str) -> String {
    let known = |word: &&str| ["2.0.0:", "Added", "Removed", "Fixed"].contains(word);
    told.split(' ').filter(known).collect::<Vec<_>>().join(" ")
}

// What a rule makes count is told, and what it silences is not.
#[test]
fn rules_and_entries() {
    let chores = "[bump]\nrules = [{ type = 'chore', level = 'patch' }]";
    let emoji = "[bump]\nrules = [{ subject = '^:sparkles:', level = 'feature' }, { type = '', level = 'none' }]";
    let table = [
        ("chore(deps): newer ones", chores, "1.2.4: Changed - **deps:** newer ones"),
        (":sparkles: pots", emoji, "1.3.0: Changed - :sparkles: pots"),
        (":art: pots", emoji, "-"),
    ];
    for (message, config, expected) in table {
        assert_eq!(drafted(&[(message, "src/lib.rs")], ["", ""], config), expected, "{message}");
    }
}

// The plan says what its levels were decided from, and what was not looked at.
#[test]
fn a_plan_says_how_much_it_knows() {
    let commits = vec![("sync: add methods", "src/lib.rs"), ("fix: a", "src/lib.rs")];
    let plan = decided(&[Member { commits, ..Member::at("1.2.3") }], "", "");
    let LevelSources { commits, unconventional, compared, not_compared, why } = plan.levels;
    assert_eq!((commits, unconventional, compared, not_compared), (2, 1, 0, 1));
    assert_eq!(why.as_deref(), Some("`cargo semver-checks` was not asked"));
}

// A scope that names another member says whose break it is, under its own name or one that the configuration gives it.
#[test]
fn scopes_of_other_members() {
    let named = "[bump]\nscopes = { x = 'cli' }";
    let table = [
        ("feat(x)!: drop `a`", "", "2.0.0: Removed - **breaking:** **x:** drop `a`"),
        ("feat(x)!: drop `a`", named, "1.2.4: Added - **x:** drop `a`"),
        ("feat(cli)!: drop `a`", named, "1.2.4: Added - **cli:** drop `a`"),
        ("feat(core)!: drop `a`", named, "2.0.0: Removed - **breaking:** drop `a`"),
    ];
    for (message, config, expected) in table {
        assert_eq!(drafted(&[(message, "src/lib.rs")], ["", ""], config), expected, "{message} {config}");
    }
}

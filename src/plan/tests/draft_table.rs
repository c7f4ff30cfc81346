//! What makes the level stands in the entry, and what does not count is not in it: tables of drafted entries.

use super::decision_table::Member;
use super::decision_table::asking;
use super::decision_table::configured;
use super::decision_table::decided;
use super::decision_table::snapshot_of;
use crate::plan::LevelSources;
use crate::plan::ReleasePlan;
use crate::plan::decide;

/// Where `core` goes from 1.2.3, and its drafted entry in one line: headings without their marks, items after `-`.
fn drafted(commits: &[(&'static str, &'static str)], manifests: [&'static str; 2], config: &str) -> String {
    let members = [
        Member { commits: commits.to_vec(), manifests, ..Member::at("1.2.3") },
        Member { name: "cli", ..Member::at("1.0.0") },
    ];
    in_one_line(&decided(&members, "1", &format!("{config}\n[changelog]\ncreate = true")))
}

/// Where `core` goes, its entry, and the codes about changelogs and commits.
fn in_one_line(plan: &ReleasePlan) -> String {
    let Some(package) = plan.packages.iter().find(|package| package.name == "core") else { return "-".to_owned() };
    let entry = package.changelog.as_ref().map_or("", |changelog| changelog.entry.as_str());
    let lines: Vec<&str> = entry.lines().map(|line| line.trim_start_matches('#').trim()).collect();
    let found = plan
        .findings
        .iter()
        .filter(|it| ["changelog", "cliff", "commit"].iter().any(|of| it.code.as_str().starts_with(of)));
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

// Each row: a commit and the paths that it changes, for what no user of the API sees. Nothing is released with an empty entry:
// there is one line, or no release.
#[test]
fn what_users_do_not_see_has_one_line_or_none() {
    let quiet = "[bump]\nrules = [{ type = 'docs', level = 'none' }]";
    let table = [
        ("update the year", "LICENSE", "", "1.2.4: Changed - update the year"),
        ("docs: update the year", "LICENSE", "", "1.2.4: Documentation - update the year"),
        ("docs: update the year", "LICENSE", quiet, "-"),
        ("chore: update the year", "LICENSE", "", "-"),
        ("chore(deps): newer ones", "Cargo.toml Cargo.lock", "", "-"),
        ("Bump a dev-dependency", "Cargo.toml Cargo.lock", "", "-"),
        ("Bump a dev-dependency", "Cargo.toml tests/a.rs", "", "1.2.4: Changed - Bump a dev-dependency"),
        ("fix: mend it", "Cargo.toml Cargo.lock src/lib.rs", "", "1.2.4: Fixed - mend it"),
    ];
    for (message, paths, config, expected) in table {
        assert_eq!(drafted(&[(message, paths)], ["", ""], config), expected, "{message} {paths} {config}");
    }
}

/// The plan for `core` with a changelog and another file, or none.
fn with_files(member: Member, files: &[(&str, &str)], level: &str) -> String {
    let members = [member];
    let mut snapshot = snapshot_of(&members, "");
    let begun = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n- Begun.\n";
    snapshot.workspace.texts.insert("core/CHANGELOG.md".into(), begun.to_owned());
    snapshot.workspace.texts.extend(files.iter().map(|(path, text)| ((*path).into(), (*text).to_owned())));
    in_one_line(&decide(&snapshot, &configured(&members, "push = false"), &asking(level, None)).unwrap())
}

// Each row: what came before the pre-release, what came after it, the level, and the entry: a stable version tells of
// everything since the last stable one, a further pre-release of what is new in it.
#[test]
fn entries_after_pre_releases() {
    let table: [(&str, &[&str], &str, &str); 6] = [
        ("feat: one", &["fix: two"], "release", "1.3.0: Added - one Fixed - two"),
        ("feat: one", &[], "release", "1.3.0: Added - one"),
        ("feat!: one", &["fix: two"], "2.0.0", "2.0.0: Changed - **breaking:** one Fixed - two"),
        ("feat: one", &["fix: two"], "rc", "1.3.0-rc.2: Fixed - two"),
        ("feat: one", &["fix: two"], "", "1.3.0-rc.2: Fixed - two"),
        ("feat: one", &["ci: two"], "release", "1.3.0: Added - one"),
    ];
    for (earlier, later, level, expected) in table {
        let commits = later.iter().map(|message| (*message, "src/lib.rs")).collect();
        let pre = Member { stable: Some("1.2.3"), earlier: vec![earlier], commits, ..Member::at("1.3.0-rc.1") };
        assert_eq!(with_files(pre, &[], level), expected, "{earlier} {later:?} {level}");
    }
}

// Each row: a `cliff.toml`, and the entry: one that is shared with release-plz gets the variables that it expects; one that
// cannot be rendered is named, with the built-in template in its place.
#[test]
fn templates_of_other_tools() {
    let groups = "{% for group, commits in commits | group_by(attribute='group') %}\n### {{ group | upper_first }}\n\
                  {% for commit in commits %}\n- {{ commit.message }}{% if commit.remote.username %} by \
                  @{{ commit.remote.username }}{% endif %}{% endfor %}\n{% endfor %}";
    let release_plz =
        "{% if package %}## {{ package }} [{{ version }}]({{ release_link }}){% else %}## unreleased{% endif %}\n";
    let contributors = "{% for it in github.contributors %}{{ it.username }}{% endfor %}";
    let table = [
        (format!("{release_plz}{groups}"), "1.3.0: News - one"),
        (format!("{release_plz}{groups}{contributors}"), "1.3.0: News - one"),
        (format!("{groups}{{{{ nothing.here }}}}"), "1.3.0: Added - one !cliff-failed"),
        (format!("{groups}{{{{ version | no_such_filter }}}}"), "1.3.0: Added - one !cliff-failed"),
    ];
    for (body, expected) in table {
        let cliff = format!(
            "[changelog]\nbody = \"\"\"\n{body}\"\"\"\n[git]\ncommit_parsers = [{{ message = '^feat', group = 'news' }}]\n"
        );
        let member = Member { commits: vec![("feat: one", "src/lib.rs")], ..Member::at("1.2.3") };
        assert_eq!(with_files(member, &[("cliff.toml", &cliff)], ""), expected, "{body}");
    }
}

// A version that was raised by hand is released with everything since the last one, and who wrote the number is not asked
// what breaks; a commit that breaks is.
#[test]
fn versions_that_were_raised_by_hand() {
    let table = [
        ("fix: two", "", "2.0.0: Fixed - two"),
        ("feat!: drop two", "", "2.0.0: Removed - **breaking:** drop two"),
        ("feat!: drop two", "- By hand.\n\n", "2.0.0: - By hand. !changelog-uncovered !changelog-breaking"),
        ("fix: two", "- By hand, two.\n\n", "2.0.0: - By hand, two."),
    ];
    for (message, written, expected) in table {
        let text = format!("# Changelog\n\n## [Unreleased]\n\n{written}## [1.2.3] - 2026-01-02\n\n- Begun.\n");
        let member = Member {
            last: Some("1.2.3"),
            commits: vec![("chore: 2.0.0", "Cargo.toml"), (message, "src/lib.rs")],
            ..Member::at("2.0.0")
        };
        let told = with_files(member, &[("core/CHANGELOG.md", &text)], "");
        let codes =
            |told: &str| told.split(' ').filter(|it| it.starts_with('!')).map(str::to_owned).collect::<Vec<_>>();
        let (mut found, mut wanted) = (codes(&told), codes(expected));
        found.sort();
        wanted.sort();
        assert_eq!((told.split(" !").next(), found), (expected.split(" !").next(), wanted), "{message} {written}");
    }
}

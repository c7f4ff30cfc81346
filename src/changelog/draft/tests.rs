//! Drafts as git-cliff makes them.

use snapbox::IntoData as _;
use snapbox::assert_data_eq;
use snapbox::str;

use super::*;

fn commits(messages: &[&str]) -> Vec<DraftCommit> {
    messages.iter().map(|message| DraftCommit::of(message)).collect()
}

fn of() -> DraftFor {
    DraftFor {
        package: "core".into(),
        version: Version::new(1, 2, 0),
        previous_tag: Some("core-v1.1.0".into()),
        tag: Some("core-v1.2.0".into()),
        date: jiff::civil::date(2026, 11, 22),
        repository: Some("https://github.com/o/r.git".to_owned()),
    }
}

fn built_in(messages: &[&str]) -> String {
    draft(&commits(messages), &of(), &Cliff::built_in().unwrap()).unwrap().body
}

/// The built-in groups, their order, and what is left out.
#[test]
fn groups_of_keep_a_changelog() {
    let body = built_in(&[
        "fix(parser): accept `<a>` and <b>",
        "feat(core): newest",
        "Unconventional subject\n\nwith a body",
        "feat(cli)!: rename `x`",
        "feat: older\n\nbody",
        "refactor!: drop `Old`",
        "perf: faster",
        "docs: explain",
        "FEAT: shouted",
        "feat: deprecate `y`",
        "fix(security): check bounds",
        "chore!: raise rust-version",
        "Channel: close it",
        "",
    ]);
    assert_data_eq!(
        body,
        str![[r#"
### Added

- newest
- older
- shouted

### Changed

- **breaking:** **cli:** rename `x`
- **breaking:** raise rust-version
- Unconventional subject
- faster
- Channel: close it

### Deprecated

- deprecate `y`

### Removed

- **breaking:** drop `Old`

### Fixed

- **parser:** accept `<a>` and \<b>

### Security

- check bounds

### Documentation

- explain
"#]]
        .raw()
    );
}

/// Messages that the strict parser refuses keep their type, and what they say about breaking.
#[test]
fn strict_parser_is_helped() {
    let body = built_in(&["feat!: a\nb", "fix: c\nBREAKING CHANGE: d", "Plain\n\nBREAKING CHANGE: e", "fix: f\ng: h"]);
    let expected =
        "### Changed\n\n- **breaking:** a\n- **breaking:** c\n  d\n- **breaking:** Plain\n  e\n\n### Fixed\n\n- f";
    assert_eq!(body, expected);
}

/// A squash merge tells of what its body lists, with the words for those who have to migrate below the line.
#[test]
fn squash_merges_are_told_whole() {
    let body = built_in(&["fix: a (#1)\n\n* feat!: drop `b`\n\nBREAKING CHANGE:\nuse `c`\nor `d`\n\n* feat(x): e"]);
    let expected = "### Added\n\n- **x:** e\n\n### Removed\n\n- **breaking:** drop `b`\n  use `c`\n  or `d`\n\n### Fixed\n\n- a (#1)";
    assert_eq!(body, expected);
}

/// Nothing to tell is an empty draft, not a heading.
#[test]
fn nothing_to_tell() {
    assert_eq!(built_in(&[]), "");
}

/// A project's own groups, order, template variables and heading are honoured; its heading is left out.
#[test]
fn project_configuration_is_honoured() {
    let text = r###"
[changelog]
body = """
<!-- made -->
# Release of {{ package }} {{ version }} on {{ timestamp | date(format="%Y-%m-%d") }}
{% for group, commits in commits | group_by(attribute="group") %}
## {{ group }}
{% for commit in commits %}
* {{ commit.message }} by {{ commit.author.name }} in {{ remote.github.owner }}/{{ remote.github.repo }}
{% endfor %}{% endfor %}
"""
postprocessors = [{ pattern = "by A", replace = "by B" }]
[git]
commit_parsers = [{ message = "^feat", group = "News" }, { message = "^fix", skip = true }]
"###;
    let cliff = Cliff::parse(&text.replace("<!-- made -->\n", "")).unwrap();
    let drafted = draft(&commits(&["feat: b", "fix: c", "feat: a"]), &of(), &cliff).unwrap();
    assert_eq!(drafted.body, "## News\n\n* a by B in o/r\n\n* b by B in o/r");
    let cliff = Cliff::parse("").unwrap();
    let drafted = draft(&commits(&["feat: b"]), &of(), &cliff).unwrap();
    assert_eq!(drafted.body, "### 🚀 Features\n\n- B");
}

/// A template that fails is told, with git-cliff's own words, and ours is used.
#[test]
fn failing_template_is_told() {
    let cliff = Cliff::parse("[changelog]\nbody = '{{ nothing.here }}'").unwrap();
    assert_eq!(draft(&commits(&["feat: b"]), &of(), &cliff).unwrap().body, "### Added\n\n- b");
    let failure = |package: &str| cliff.failure([&PackageName::from(package)]);
    assert!(failure("core").unwrap().contains("nothing.here"));
    assert_eq!(failure("other"), None);
}

/// Templates get what git-cliff gives offline, and what release-plz does.
#[test]
fn templates_get_what_other_tools_give() {
    let body = "{% if package %}{{ package }} {{ release_link }} {{ remote.owner }}/{{ remote.repo }} \
                {{ github.contributors | length }} {{ statistics.commit_count }} {{ commit_range.from }}{% endif %}";
    let cliff = Cliff::parse(&format!("[changelog]\nbody = '{body}'")).unwrap();
    let drafted = draft(&commits(&["feat: b"]), &of(), &cliff).unwrap().body;
    let zeros = "0".repeat(40);
    let expected = format!("core https://github.com/o/r/compare/core-v1.1.0...core-v1.2.0 o/r 0 1 {zeros}");
    assert_eq!((drafted.as_str(), cliff.failure([&of().package])), (expected.as_str(), None));
}

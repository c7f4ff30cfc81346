//! What is refused, and in which words.

use super::tests::member;
use super::tests::put;
use super::tests::source;
use super::*;
use crate::error::Failure;
use crate::error::Kind;

fn refused(place: &str, line: &str) -> Failure {
    let mut sources = Sources::default();
    put(&mut sources, place, line);
    let failure = resolve(&sources, &[member("core"), member("cli")]).unwrap_err();
    assert_eq!(failure.kind(), Kind::Unplannable, "{failure}");
    failure
}

/// What a place holds, what is said of it, and what would do.
const REFUSALS: [(&str, &str, &str, &str); 12] = [
    (
        "workspace file",
        "push = true\nallow_branch = []",
        "release.toml:2: unknown key `allow_branch`",
        "did you mean `allow-branch`?",
    ),
    (
        "package metadata",
        "tag-mesage = ''",
        "core/Cargo.toml:2: unknown key `tag-mesage`",
        "did you mean `tag-message`?",
    ),
    (
        "home",
        "push-branch = 'after'",
        "~/.release.toml:1: unknown key `push-branch`",
        "did you mean `remote.push-branch`?",
    ),
    ("home", "timeout = 3", "~/.release.toml:1: unknown key `timeout`", "did you mean `confirm.timeout`?"),
    (
        "-c",
        "[changelog]\nfile = 'x'\npth = 'x'",
        "my.toml:2: unknown key `changelog.file`",
        "`cargo release schema config` lists every key",
    ),
    ("-c", "changelog.pth = 'x'", "my.toml:1: unknown key `changelog.pth`", "did you mean `changelog.path`?"),
    (
        "-c",
        "pre-release-replacements = [\n  { file = 'a', search = 'b', replace = 'c', exact = 1 },\n]",
        "my.toml:2: unknown key `pre-release-replacements.exact`",
        "did you mean `pre-release-replacements.exactly`?",
    ),
    (
        "workspace metadata",
        "[workspace.metadata.release.remote]\npush-branch = \"later\"",
        "Cargo.toml:3: unknown variant `later`, expected `before` or `after`",
        "`cargo release schema config` describes every key and its values",
    ),
    (
        "-c",
        "\n\npush = \"yes\"",
        "my.toml:3: invalid type: string \"yes\", expected a boolean",
        "`cargo release schema config` describes every key and its values",
    ),
    (
        "-c",
        "sign-tag = true\nshared-version = 1",
        "my.toml:2: expected a boolean or the name of a group",
        "`cargo release schema config` describes every key and its values",
    ),
    (
        "-c",
        "[[bump.rules]]\ntype = 'docs'\nlevle = 'none'",
        "my.toml:3: unknown key `bump.rules.levle`",
        "did you mean `bump.rules.level`?",
    ),
    (
        "package file",
        "\n[remote]\npush-branch = \"after\"",
        "core/release.toml:3: `remote.push-branch` applies to the whole workspace",
        "set it in `release.toml` or `[workspace.metadata.release]` of the workspace",
    ),
];

/// Every refusal names the file, the line and the key, and says what would do.
#[test]
fn refusals_name_the_place() {
    for (place, line, what, help) in REFUSALS {
        let failure = refused(place, line);
        assert_eq!(failure.what(), what);
        assert_eq!(failure.helps(), [help], "{what}");
    }
}

/// The directory of notes lies inside the workspace, and is not the workspace itself.
#[test]
fn notes_lie_in_a_directory_of_their_own() {
    let dir = |value: &str| {
        let mut sources = Sources::default();
        put(&mut sources, "-c", &format!("[bump]\nnotes = {value}"));
        resolve(&sources, &[member("core")])
            .map(|config| config.workspace.bump.notes)
            .map_err(|refused| refused.to_string())
    };
    assert_eq!(dir("false"), Ok(None));
    assert_eq!(dir("true"), Ok(Some(".changes".to_owned())));
    assert_eq!(dir("'./docs/notes/'"), Ok(Some("docs/notes".to_owned())));
    for value in ["''", "'.'", "'../notes'", "'/notes'"] {
        assert!(dir(value).is_err_and(|refused| refused.contains("`bump.notes` cannot be")), "{value}");
    }
    assert!(dir("1").is_err_and(|refused| refused.contains("expected the name of a directory, or `false`")));
}

/// A text that is no TOML is refused at its line.
#[test]
fn syntax_errors_have_a_line() {
    let failure = refused("workspace file", "push = true\ntag = \n");
    assert!(failure.what().starts_with("release.toml:2: "), "{failure}");
}

/// A release table that is no table is refused, and foreign metadata is not looked at.
#[test]
fn metadata_of_others_is_left_alone() {
    let mut sources = Sources::default();
    sources.workspace.manifest =
        source("Cargo.toml", "[workspace.metadata]\nother = 1\n[workspace.metadata.docs]\npush = 3");
    resolve(&sources, &[member("core")]).unwrap();
    sources.workspace.manifest = source("Cargo.toml", "[workspace.metadata]\nrelease = false");
    let failure = resolve(&sources, &[member("core")]).unwrap_err();
    assert_eq!(failure.what(), "Cargo.toml:2: `workspace.metadata.release` must be a table");
}

/// The example file is a configuration.
#[test]
fn the_example_is_accepted() {
    let mut sources = Sources::default();
    put(&mut sources, "-c", example());
    resolve(&sources, &[member("core"), member("cli")]).unwrap();
}

/// A glob of dependencies is read before it is needed.
#[test]
fn globs_of_dependencies_can_be_read() {
    let mut sources = Sources::default();
    put(&mut sources, "-c", "[bump]\npublic-dependencies = ['gix-*', 'a[']");
    let refused = resolve(&sources, &[member("core")]).unwrap_err();
    assert_eq!(refused.what(), "`bump.public-dependencies` has an invalid glob: `a[`");
}

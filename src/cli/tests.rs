//! The types held to clap's own rules, the combinations that are refused, and what flags become.

use clap::CommandFactory as _;

use super::*;
use crate::config::DependentVersion;
use crate::config::Layer;
use crate::config::PublishTable;
use crate::plan::Request;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::parse(["cargo-release", "release"].into_iter().chain(line.split_whitespace()).map(OsString::from))
}

fn layer(line: &str) -> Layer {
    parse(line).unwrap().release.ask.config.layer()
}

fn request(line: &str) -> crate::error::Result<Request> {
    parse(line).unwrap().release.ask.request("2026-11-22".to_owned())
}

/// clap's own checks: no two flags of one name, no unknown group.
#[test]
fn the_types_are_sound() {
    CargoArgs::command().debug_assert();
}

/// Every command is known to the parser of levels, so that one at the wrong place is told from a level.
#[test]
fn commands_are_listed() {
    let cargo = CargoArgs::command();
    let release = cargo.find_subcommand("release").unwrap();
    let names: Vec<_> = release.get_subcommands().map(clap::Command::get_name).collect();
    assert_eq!(names, COMMANDS);
}

/// Combinations that make no sense are refused.
#[test]
fn senseless_combinations_are_refused() {
    let lines = [
        "-x -n",
        "--until verify",
        "--plan p.json",
        "--expect-plan abc",
        "-x --plan p.json minor",
        "-x --plan p.json -p core",
        "-x --plan p.json --offline",
        "-x --plan p.json --isolated",
        "-x --plan p.json -c r.toml",
        "-x --plan p.json --registry mine",
        "-x --plan p.json --no-verify",
        "-x --plan p.json --no-tag",
        "-x --plan p.json --no-push",
        "-x --plan p.json --sign",
        "--unpublished minor",
        "-m build",
        "-x plan",
        "plan -x",
        "minor plan",
        "resume minor",
        "rehearse --demo minor",
        "-Z other",
        "--dependent-version warn",
        "-x --until publish",
    ];
    for line in lines {
        let error = parse(line).expect_err(line);
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}

/// Combinations that are written today, or have to work.
#[test]
fn sensible_combinations_are_accepted() {
    let lines = [
        "",
        "-p core --workspace",
        "-p core --all",
        "-p core --exclude cli",
        "-q -v",
        "-qq",
        "version minor -z workspace-publish -x --no-confirm",
        "tag -p core --no-sign -n",
        "help version",
        "-x",
        "-n",
        "--no-confirm",
        "minor -m build -x --no-confirm",
        "core@minor cli@patch",
        "minor core@major --workspace",
        "1.2.0-rc.1 -p core -p cli",
        "--exclude core --exclude cli",
        "--workspace --exclude cli",
        "--all",
        "--unpublished",
        "-x --plan p.json --expect-plan abc --until verify --format json",
        "-Z workspace-publish",
        "--certs-source native",
        "--no-tag --tag --no-publish --publish --sign --no-sign",
        "plan minor -p core --format json --manifest-path a/Cargo.toml -v",
        "check --hooks --workspace",
        "rehearse --demo --keep d",
        "rehearse",
        "rehearse minor -p core --hooks",
        "status -q",
        "resume --until reserve --no-confirm",
        "abort",
        "schema plan",
        "schema config",
        "config -o x.toml --isolated",
    ];
    for line in lines {
        parse(line).map_err(|error| format!("{line}: {error}")).unwrap();
    }
}

/// An unknown level names the nearest one, and a command behind flags says where it belongs.
#[test]
fn wrong_words_are_explained() {
    let words = |line: &str| parse(line).unwrap_err().to_string();
    assert!(words("mior").contains("`mior` is neither a level nor a version; did you mean `minor`?"));
    assert!(words("core@mior").contains("did you mean `minor`?"));
    assert!(words("-x status").contains("`status` is a command and must come before all flags"));
}

/// Flags become one layer; what was not written is absent from it.
#[test]
fn flags_become_a_layer() {
    assert_eq!(layer(""), Layer::default());
    let all = layer(
        "--sign --no-sign-tag --dependent-version fix --allow-branch main,!HEAD --no-publish --registry mine \
         --no-verify --features a,b --features c --all-features --target t --no-tag --tag-prefix p --tag-name n \
         --no-push --push-remote r",
    );
    let text = |text: &str| Some(text.to_owned());
    let expected = Layer {
        allow_branch: Some(vec!["main".to_owned(), "!HEAD".to_owned()]),
        sign_commit: Some(true),
        sign_tag: Some(false),
        dependent_version: Some(DependentVersion::Fix),
        tag: Some(false),
        tag_name: text("n"),
        tag_prefix: text("p"),
        push: Some(false),
        push_remote: Some("r".into()),
        publish: PublishTable::flag(Some(false)),
        registry: Some("mine".into()),
        verify: Some(false),
        enable_features: Some(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]),
        enable_all_features: Some(true),
        target: text("t"),
        ..Layer::default()
    };
    assert_eq!(all, expected);
}

/// Of a flag and its opposite the last one holds.
#[test]
fn the_last_of_a_pair_holds() {
    assert_eq!(layer("--no-push --push").push, Some(true));
    assert_eq!(layer("--push --no-push").push, Some(false));
    assert_eq!(layer("--sign --no-sign").sign_commit, Some(false));
}

/// Arguments become a request.
#[test]
fn arguments_become_a_request() {
    let asked =
        request("minor core@2.0.0 --exclude a --all -m b --prev-tag-name t --allow-breaking --offline").unwrap();
    let levels: Vec<_> = asked.levels.iter().map(|asked| asked.target.to_string()).collect();
    assert_eq!(levels, ["minor", "2.0.0"]);
    assert!(asked.selection.workspace && asked.allow_breaking && asked.offline && !asked.unpublished);
    assert_eq!(asked.selection.exclude, ["a"]);
    assert_eq!((asked.metadata.as_deref(), asked.previous_tag.unwrap().as_str()), (Some("b"), "t"));
    assert_eq!(asked.today, "2026-11-22");
}

/// Two levels for the same packages are refused.
#[test]
fn one_level_each() {
    let what = |line: &str| request(line).unwrap_err().what().to_owned();
    assert_eq!(what("minor patch"), "two levels are given for the same packages: `minor` and `patch`");
    assert_eq!(what("core@minor core@major"), "`core` is given two levels: `minor` and `major`");
}

/// The help has its headings, fits 80 columns line by line, and leaves out what is there for old scripts only.
#[test]
fn the_help_is_readable() {
    let mut cargo = CargoArgs::command().term_width(80);
    cargo.build();
    let release = cargo.find_subcommand_mut("release").unwrap();
    let short = release.render_help().to_string();
    let text = release.render_long_help().to_string();
    let headings = [
        "Commands:",
        "Arguments:",
        "Execution:",
        "Selection:",
        "Version:",
        "Configuration:",
        "Git:",
        "Publish:",
        "Output:",
        "Examples:",
    ];
    let mut from = 0;
    for heading in headings {
        from += text[from..].find(&format!("\n{heading}")).ok_or(heading).unwrap();
    }
    for hidden in ["--all\n", "--dry-run", "--certs-source", "--no-sign", "-Z"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    assert!(text.starts_with("Plan and carry out releases"));
    for line in text.lines().chain(short.lines()) {
        assert!(line.len() <= 80, "{line}");
    }
    let flags = short.lines().filter(|line| line.trim_start().starts_with('-')).count();
    assert!(flags <= 14 && short.lines().count() <= 66, "{short}");
}

/// What is nearly right is answered with what was probably meant.
#[test]
fn near_misses_are_answered() {
    let answer = |line: &str| parse(line).unwrap_err().to_string();
    let table = [
        ("stat", "did you mean the command `status`?"),
        ("chek", "did you mean the command `check`?"),
        ("rehears", "did you mean the command `rehearse`?"),
        ("mino", "did you mean `minor`?"),
        ("core:minor", "did you mean `core@minor`?"),
        ("core=1.2.3", "did you mean `core@1.2.3`?"),
    ];
    for (line, expected) in table {
        assert!(answer(line).contains(expected), "{line}: {}", answer(line));
    }
    assert!(!answer("bananas").contains("did you mean"), "{}", answer("bananas"));
}

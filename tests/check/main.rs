//! `cargo release check`, used as people use it: in a sealed world, with a registry on loopback in the place of crates.io.

mod git;
mod registry;
mod stage;
mod tearoom;

use serde_json::Value;
use tearoom::Tearoom;

/// A workspace that is in order passes on a detached head without a remote, as in a pull request; a release needs more.
#[test]
fn a_pull_request_passes() {
    let tearoom = Tearoom::new();
    tearoom.run("git", "switch -q --detach");
    let output = tearoom.check("");
    assert!(output.success(), "{}\n{}", output.text(), output.stderr);
    assert!(output.text().contains("Verified       2 packages"), "{}", output.text());
    assert_eq!(tearoom.run("git", "status --porcelain").text(), "");
    assert_eq!(tearoom.run("git", "worktree list").text().lines().count(), 1);
    assert_eq!(tearoom.codes("--release"), ["error detached-head"]);
}

/// Everything is found in one run, in every form, and nothing is left behind.
#[test]
fn finds_everything_at_once() {
    let tearoom = Tearoom::new();
    tearoom.append("sencha/Cargo.toml", "keywords = [\"green tea\"]\ncategories = [\"brewing\"]\n");
    let secret = ["ghp_", "k3Jd92mQpZ7xVb4LtRwY8sNhGfAc6uEo1234"].concat();
    tearoom.append("sencha/src/lib.rs", &format!("\nconst T: &str = \"{secret}\";\n"));
    tearoom.commit();
    tearoom.write("dirty", "");
    let all = ["error dirty-tree", "error keyword-invalid", "error secret", "warning category-unlisted"];
    let known_first = tearoom.codes("");
    assert_eq!(known_first, ["error dirty-tree"]);
    let mut found = tearoom.codes("--keep-going");
    found.sort();
    assert_eq!(found, all);
    let github = tearoom.check("--format github --deny category-unlisted --allow dirty-tree");
    assert!(github.text().contains("::error file=sencha/src/lib.rs,line=3,title=secret::"), "{}", github.text());
    assert!(github.text().contains("::error file=sencha/Cargo.toml,line=10,title=category-unlisted::"));
    assert!(!github.text().contains("dirty-tree") && !github.text().contains(&secret));
    assert!(!github.success());
}

/// A release stops at what `check` would have found, before anything outside the stage is touched.
#[test]
fn a_release_stops_before_anything_is_done() {
    let tearoom = Tearoom::new();
    tearoom.write("sencha/.env", "TOKEN=1\n");
    tearoom.commit();
    let before = tearoom.run("git", "rev-parse HEAD").text();
    let line = ["release", "-x", "--no-confirm", "--no-push"];
    let output = tearoom.program(env!("CARGO_BIN_EXE_cargo-release")).args(line).run().expect("it starts");
    assert!(output.stderr.contains("secret-file"), "{}", output.stderr);
    assert_eq!(tearoom.run("git", "rev-parse HEAD").text(), before);
    assert_eq!(tearoom.run("git", "tag").text(), "");
    assert!(tearoom.registry.published().is_empty());
}

/// What does not build is a finding beside the others.
#[test]
fn what_does_not_build_is_found() {
    let tearoom = Tearoom::new();
    tearoom.append("matcha/src/lib.rs", "fn f() { nothing() }\n");
    tearoom.commit();
    assert_eq!(tearoom.codes(""), ["error verify-failed"]);
    let github = tearoom.check("--format github");
    assert!(!github.success());
    let text = github.text();
    assert!(text.starts_with("::error title=verify-failed::the packages do not verify: error"), "{text}");
    assert!(text.contains("nothing") && text.contains("%0Ahelp: "), "cargo's own words are not there: {text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("::error")).count(), 1, "it ends its line: {text}");
}

/// What cargo itself refuses is found, with cargo's own reason: sources that change while they are built, a readme that
/// is not there, a name that cargo keeps for itself.
#[test]
fn what_cargo_refuses_is_found() {
    let refused = |path: &str, text: &str, reason: &str| {
        let tearoom = Tearoom::new();
        tearoom.append(path, text);
        tearoom.commit();
        let output = tearoom.check("-p sencha --format json");
        let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let [finding] = found["findings"].as_array().expect("findings").as_slice() else { panic!("{found}") };
        assert_eq!(finding["code"], "verify-failed", "{path}");
        assert!(finding["message"].as_str().is_some_and(|message| message.contains(reason)), "{finding}");
    };
    let writes = "fn main() { std::fs::write(\"src/made.rs\", \"\").unwrap() }\n";
    refused("sencha/build.rs", writes, "Source directory was modified by build.rs");
    refused("sencha/Cargo.toml", "readme = \"TEA.md\"\n", "`TEA.md` does not appear to exist");
    refused("sencha/Cargo.toml.orig", "", "reserved file name");
}

/// Only what changed since a revision is checked, and what depends on it.
#[test]
fn since_takes_dependents_along() {
    let tearoom = Tearoom::new();
    tearoom.append("matcha/src/lib.rs", "//! Green.\n");
    tearoom.commit();
    let names = |line: &str| {
        let output = tearoom.check(&format!("{line} --format json"));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", output.stderr));
        let packages = found["packages"].as_array().expect("packages").clone();
        packages.iter().map(|package| package["name"].to_string()).collect::<Vec<_>>()
    };
    tearoom.append("sencha/src/lib.rs", "//! Green.\n");
    tearoom.commit();
    assert_eq!(names("--since HEAD~1"), ["\"matcha\"", "\"sencha\""]);
    assert_eq!(names("--since HEAD"), [""; 0]);
}

/// The configuration says which findings count, and a code that does not exist is refused.
#[test]
fn the_configuration_counts() {
    let tearoom = Tearoom::new();
    tearoom.write("sencha/.env", "A=1\n");
    tearoom.write("release.toml", "[check]\nwarn = [\"secret-file\"]\n");
    tearoom.commit();
    assert_eq!(tearoom.codes(""), ["warning secret-file"]);
    assert_eq!(tearoom.codes("--deny warnings"), ["warning secret-file"]);
    let refused = tearoom.check("--deny secret-fil");
    assert!(refused.stderr.contains("did you mean `secret-file`?"), "{}", refused.stderr);
    let explained = tearoom.check("--explain secret-file");
    assert!(explained.success() && explained.text().starts_with("secret-file (error"), "{}", explained.text());
}

/// What the registry knows of our names is found before anything is uploaded; without the network that is said.
#[test]
fn the_registry_is_asked() {
    let tearoom = Tearoom::new();
    tearoom.krate("Match-a", "");
    tearoom.write("Cargo.toml", "[workspace]\nmembers = [\"sencha\", \"Match-a\"]\nresolver = \"3\"\n");
    tearoom.run("cargo", "generate-lockfile");
    tearoom.commit();
    tearoom.publish("Match-a");
    tearoom.write("match_a/src/lib.rs", "//! Tea.\n");
    tearoom.krate("match_a", "");
    tearoom.write("Cargo.toml", "[workspace]\nmembers = [\"sencha\", \"match_a\"]\nresolver = \"3\"\n");
    tearoom.write("release.toml", "[check]\nowners = [\"ann\"]\n");
    tearoom.run("cargo", "generate-lockfile");
    tearoom.commit();
    assert_eq!(tearoom.codes(""), ["error name-spelled-otherwise"]);
    let offline = tearoom.codes("--offline");
    assert!(offline.contains(&"warning registry-not-asked".to_owned()), "{offline:?}");
}

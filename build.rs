//! Tells the program which commit it is built from: in a checkout git knows, in a package cargo's record does.

#![expect(clippy::disallowed_methods, reason = "a build script has the world for its input")]

use std::process::Command;

fn main() {
    let commit = packaged().or_else(checked_out).unwrap_or_default();
    println!("cargo::rustc-env=CARGO_RELEASE_COMMIT={commit}");
    println!("cargo::rerun-if-changed=build.rs");
}

/// The commit that a package was made from.
fn packaged() -> Option<String> {
    let record = std::fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let (_, rest) = record.split_once("\"sha1\": \"")?;
    Some(format!(" ({})", rest.get(..9)?))
}

/// The commit that is checked out, with its date.
fn checked_out() -> Option<String> {
    let git = |arguments: &[&str]| {
        let said = Command::new("git").args(arguments).output().ok().filter(|said| said.status.success())?;
        Some(String::from_utf8(said.stdout).ok()?.trim().to_owned())
    };
    let head = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo::rerun-if-changed={head}");
    git(&["log", "-1", "--abbrev=9", "--format= (%h %cs)"]).map(|commit| format!(" {}", commit.trim()))
}

//! This project releases itself: a clone of it is released whole, to a registry on this machine, as a maintainer would.
//!
//! Behind the feature `e2e`, because everything that it depends on is built once more:
//! `cargo test --features e2e --test own_release`. Dependencies are taken from cargo's cache or downloaded.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a story makes the world that it happens in"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use cargo_release::testing::names::Digest;
use cargo_release::testing::system::archive;

const NAME: &str = "cargo-verified-release";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs a program with a git that knows nobody but Ann, and takes what it says.
fn run(program: &str, arguments: &[&str], dir: &Path) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(dir);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Ann").env(format!("GIT_{who}_EMAIL"), "ann@example.com");
    }
    let output = command.env_remove("CARGO_TARGET_DIR").output().unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program} {arguments:?}: {}\n{said}\n{told}", output.status);
    said.trim_end().to_owned()
}

/// A clone of this checkout, on `main`, with what is in the work tree, and with an address as docs/releasing.md asks for.
fn clone(dir: &Path) {
    let here = env!("CARGO_MANIFEST_DIR");
    run("git", &["clone", "--quiet", "--no-hardlinks", here, "."], dir);
    run("git", &["checkout", "--quiet", "-B", "main"], dir);
    run("git", &["init", "--quiet", "--bare", "--initial-branch=main", "../remote.git"], dir);
    run("git", &["remote", "set-url", "origin", "../remote.git"], dir);
    let manifest = std::fs::read_to_string(dir.join("Cargo.toml")).unwrap();
    let named = "readme = \"README.md\"\nrepository = \"https://github.com/example/cargo-release\"";
    std::fs::write(dir.join("Cargo.toml"), manifest.replacen("readme = \"README.md\"", named, 1)).unwrap();
    run("git", &["commit", "--quiet", "--all", "--message", "build: say where the repository is"], dir);
    run("git", &["push", "--quiet", "--set-upstream", "origin", "main"], dir);
}

// The first release: version, entry, tag and archive are what a maintainer would sign.
#[test]
fn releases_itself() {
    let world = tempfile::tempdir().unwrap();
    let checkout = world.path().join("checkout");
    std::fs::create_dir(&checkout).unwrap();
    clone(&checkout);
    let program = env!("CARGO_BIN_EXE_cargo-release");
    let kept = world.path().join("kept");
    let said = run(program, &["release", "rehearse", "--keep", &kept.display().to_string()], &checkout);
    println!("{said}");

    let clone = kept.join("checkout");
    let tag = format!("v{VERSION}");
    assert_eq!(run("git", &["tag", "--list"], &clone), tag);
    assert_eq!(
        run("git", &["rev-parse", &format!("{tag}^{{commit}}")], &clone),
        run("git", &["rev-parse", "main"], &clone)
    );
    let message = run("git", &["for-each-ref", "--format=%(contents)", "refs/tags"], &clone);
    assert!(message.starts_with(&format!("chore: Release {NAME} version {VERSION}\n\n### ")), "{message}");

    let changelog = std::fs::read_to_string(clone.join("CHANGELOG.md")).unwrap();
    assert!(changelog.contains(&format!("## [Unreleased]\n\n## [{VERSION}] - ")), "{changelog}");
    let body = message.split_once("\n\n").unwrap().1;
    assert!(changelog.contains(body), "the tag has the entry of the changelog");

    archive_is_right(&find(&kept, &format!("{NAME}-{VERSION}.crate")));
}

/// The file of that name below a directory.
fn find(dir: &Path, name: &str) -> Vec<u8> {
    let mut left = vec![dir.to_owned()];
    while let Some(dir) = left.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap()) {
            if entry.file_name() == name && entry.path().components().any(|part| part.as_os_str() == "crates") {
                return std::fs::read(entry.path()).unwrap();
            }
            if entry.file_type().unwrap().is_dir() {
                left.push(entry.path());
            }
        }
    }
    panic!("there is no `{name}` in a registry below {}", dir.display());
}

/// What is published is the source, the licences and what users read, and nothing else.
fn archive_is_right(bytes: &[u8]) {
    let entries = archive::entries(bytes).unwrap();
    println!("{} bytes, {} files, sha256 {}", bytes.len(), entries.len(), Digest::of(bytes).as_str());
    let tops: BTreeSet<String> = entries.keys().map(|path| path.split('/').next().unwrap().to_owned()).collect();
    let expected = [
        ".cargo_vcs_info.json",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "build.rs",
        "release.toml.example",
        "src",
        "tests",
    ];
    assert_eq!(tops, expected.map(str::to_owned).into());
    assert!(!archive::vcs_record(&entries).unwrap().dirty);
    assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
}

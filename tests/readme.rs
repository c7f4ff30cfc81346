//! The README is true: the demo prints what it says, and does what it promises.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test runs the program and reads files")]

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

use regex::Regex;

const FROM: &str = "<!-- transcript -->\n";
const TO: &str = "<!-- /transcript -->";

/// Runs the demo in a world of its own and gives back everything it printed, in order.
fn demo(keep: &Path) -> String {
    let home = tempfile::tempdir().unwrap();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-release"))
        .args(["release", "rehearse", "--demo", "--keep"])
        .arg(keep)
        .env("HOME", home.path())
        .env("CARGO_HOME", home.path().join("cargo"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("CARGO_TERM_COLOR")
        .stdin(Stdio::null())
        .stdout(writer.try_clone().unwrap())
        .stderr(writer)
        .spawn()
        .unwrap();
    let mut said = String::new();
    reader.read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    said
}

/// The second release, from its heading to the next one.
fn second_release(said: &str) -> String {
    let from = said.find("== Second release").expect(said);
    let part = &said[from..];
    let to = part.find("\n\n== ").expect(part);
    part[..to].trim_end().to_owned()
}

/// Without what differs from run to run: ids, sizes and times.
fn settled(text: &str) -> String {
    let varies = [
        (r"\b[0-9a-f]{16}\b", "PLAN-ID"),
        (r"sha256 [0-9a-f]{7}\b", "sha256 DIGEST"),
        (r"\b[0-9a-f]{7}…", "DIGEST…"),
        (r"\b[0-9a-f]{7}\b", "COMMIT"),
        (r"\d+\.\d\d KiB", "SIZE"),
        (r"(in |, )\d+(\.\d+)?s\b", "${1}TIME"),
        (r"\(TIME\)|, TIME", ""),
    ];
    let text = varies.iter().fold(text.to_owned(), |text, (pattern, with)| {
        Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
    });
    // Uploads run side by side: which of them is told first is nobody's promise.
    let mut lines: Vec<&str> = text.lines().collect();
    let is_upload =
        |line: &&str| ["Uploading ", "Uploaded ", "Confirmed "].iter().any(|word| line.trim_start().starts_with(word));
    let (from, to) = (lines.iter().position(is_upload), lines.iter().rposition(is_upload));
    if let (Some(from), Some(to)) = (from, to) {
        lines[from..=to].sort_unstable();
    }
    lines.join("\n")
}

// What the README shows of the demo is what the demo prints. `SNAPSHOTS=overwrite` brings the README up to date.
#[test]
fn the_transcript_is_what_the_demo_prints() {
    let dir = tempfile::tempdir().unwrap();
    let said = second_release(&demo(&dir.path().join("demo")));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let from = readme.find(FROM).unwrap() + FROM.len();
    let to = readme.find(TO).unwrap();
    let shown = readme[from..to].trim().trim_start_matches("```text\n").trim_end_matches("```").trim_end();
    if std::env::var("SNAPSHOTS").is_ok_and(|how| how == "overwrite") {
        let fresh = format!("{}\n```text\n{said}\n```\n\n{}", &readme[..from], &readme[to..]);
        fs::write(&path, fresh).unwrap();
        return;
    }
    snapbox::assert_data_eq!(settled(shown), settled(&said));
}

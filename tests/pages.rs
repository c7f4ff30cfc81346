//! The documentation holds together: links lead somewhere, the book has every page, and snippets mean something.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "pages are files, and the program is run")]

use std::collections::BTreeSet;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All pages that people read, relative to the root.
fn pages() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for dir in ["", "docs", "docs/guide", "docs/decisions", ".github"] {
        let entries = std::fs::read_dir(root().join(dir)).unwrap().map(|entry| entry.unwrap().path());
        let pages = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
        found.extend(pages.map(|path| path.strip_prefix(root()).unwrap().to_owned()));
    }
    found.sort();
    found
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(root().join(page)).unwrap()
}

/// A page without its code: fenced blocks, and spans in backticks.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        lines.push(if fenced || fence { "" } else { line });
    }
    Regex::new("`[^`]*`").unwrap().replace_all(&lines.join("\n"), "code").into_owned()
}

/// The anchors of a page, as GitHub and mdBook make them of headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    let slug = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>()
    };
    headings.map(slug).collect()
}

/// Without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut made, part| {
        match part {
            Component::ParentDir => assert!(made.pop(), "{} leaves the repository", path.display()),
            Component::CurDir => {}
            other @ (Component::Prefix(_) | Component::RootDir | Component::Normal(_)) => made.push(other),
        }
        made
    })
}

// A link to a page, or to a heading of one, leads there.
#[test]
fn links_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut broken = Vec::new();
    for page in pages() {
        for target in link.captures_iter(&prose(&read(&page))).map(|found| found[1].to_owned()) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            // mdBook has what is below `docs` and nothing else.
            let leaves = page.starts_with("docs") && !plain(&page.parent().unwrap().join(&target)).starts_with("docs");
            assert!(!leaves, "{}: {target} is not in the book", page.display());
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let to = if path.is_empty() { page.clone() } else { plain(&page.parent().unwrap().join(path)) };
            let there = root().join(&to).exists();
            if !there || !(anchor.is_empty() || anchors(&read(&to)).contains(anchor)) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

// A file of the source that a page names is there: moves take the pages along.
#[test]
fn files_that_are_named_are_there() {
    let named = Regex::new(r"`((?:src|tests|fuzz|benches|\.ci)/[A-Za-z0-9_./-]+)`").unwrap();
    let mut missing = Vec::new();
    for page in pages().into_iter().filter(|page| page != Path::new("CHANGELOG.md")) {
        let text = read(&page);
        let paths = named.captures_iter(&text).map(|found| found[1].to_owned());
        missing
            .extend(paths.filter(|path| !root().join(path).exists()).map(|path| format!("{}: {path}", page.display())));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

// A page that the table of contents does not name is in no book.
#[test]
fn the_book_has_every_page() {
    let summary = read(Path::new("docs/SUMMARY.md"));
    let docs = pages().into_iter().filter_map(|page| page.strip_prefix("docs").ok().map(Path::to_owned));
    let missing: Vec<PathBuf> = docs
        .filter(|page| page != Path::new("SUMMARY.md") && !summary.contains(&format!("({})", page.display())))
        .collect();
    assert!(missing.is_empty(), "docs/SUMMARY.md does not name {missing:?}");
}

/// Fenced blocks of a language: the line of the fence, and the text.
fn blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, bool)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) => open = Some((number + 1, String::new(), info.trim() == language)),
            (Some(_), Some(_)) => {
                let (number, text, wanted) = open.take().unwrap();
                found.extend(wanted.then_some((number, text)));
            }
            (Some((_, text, _)), None) => text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    found
}

// A snippet of configuration is one that the program takes.
#[test]
fn configuration_is_valid() {
    let schema: Value = serde_json::from_str(&read(Path::new("docs/schema/config.json"))).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut seen = 0;
    for page in pages() {
        for (line, text) in blocks(&read(&page), "toml") {
            let value: Value = toml_edit::de::from_str(&text).unwrap();
            let wrong: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{}:{line}: {}", page.display(), wrong.join("\n"));
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

/// Commands of ours in a workflow, without what the shell puts in.
fn commands(text: &str) -> Vec<String> {
    let command = Regex::new(r"(?m)(?:run: |- |^\s*)(cargo release(?: [^|&#\n]*)?)").unwrap();
    command.captures_iter(text).map(|found| found[1].trim().to_owned()).collect()
}

// A command in a workflow, here or in a snippet, is one that the program takes.
#[test]
fn workflows_run_what_there_is() {
    let mut texts: Vec<String> =
        pages().iter().flat_map(|page| blocks(&read(page), "yaml")).map(|(_, text)| text).collect();
    for file in [".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        texts.push(read(Path::new(file)));
    }
    let commands: Vec<String> = texts.iter().flat_map(|text| commands(text)).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let words = command.replace(['"', '\''], "");
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-release"))
            .args(words.split_whitespace().skip(1))
            .arg("--help")
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

// Every part that a workflow calls is one of `.ci/run`.
#[test]
fn workflows_call_parts_that_there_are() {
    let script = read(Path::new(".ci/run"));
    let parts: BTreeSet<&str> =
        script.lines().filter_map(|line| line.strip_prefix("part_")?.strip_suffix("() {")).collect();
    let workflow = read(Path::new(".github/workflows/ci.yml"));
    let named = Regex::new(r"part: \[([^\]]+)\]").unwrap().captures(&workflow).unwrap()[1].replace(',', " ");
    let called = Regex::new(r"\.ci/run ([a-z][a-z -]*)").unwrap();
    let called = called.captures_iter(&workflow).map(|found| found[1].to_owned());
    for list in called.chain([named]) {
        for part in list.split_whitespace() {
            assert!(parts.contains(part), "`{part}` is no part of .ci/run: {parts:?}");
        }
    }
}

//! Keeps the shape of the source: which room may use which, how long a file may get, and what has no place in it.
//!
//! The sources are read as text. Comments and test modules are left out, so that a link in the documentation and a
//! test may name what the code may not use.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "it reads the sources, which are there")]

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Files that wire, and may use all.
const WIRING: [&str; 5] = ["main", "lib", "commands", "fuzzing", "testing"];

/// Every room, and the rooms that it may use besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("names", &["error", "phrase"]),
    ("phrase", &[]),
    ("duration_as", &[]),
    ("level", &[]),
    ("commit_message", &[]),
    ("config", &["level", "names", "error", "phrase"]),
    ("manifest", &["names", "error", "phrase"]),
    ("changelog", &["commit_message", "level", "names", "error", "phrase"]),
    ("check", &["manifest", "names", "error", "phrase"]),
    ("snapshot", &["manifest", "level", "names", "error", "phrase"]),
    ("tools", &["names", "error", "phrase"]),
    ("forge", &["tools", "snapshot", "names", "error", "phrase"]),
    (
        "plan",
        &[
            "snapshot",
            "config",
            "manifest",
            "changelog",
            "check",
            "commit_message",
            "level",
            "names",
            "error",
            "phrase",
            "duration_as",
        ],
    ),
    ("observe", &["tools", "snapshot", "manifest", "config", "commit_message", "level", "names", "error", "phrase"]),
    ("journal", &["plan", "tools", "names", "error", "phrase"]),
    ("registry", &["check", "tools", "names", "error", "phrase"]),
    ("rehearse", &["registry", "tools", "names", "error", "phrase"]),
    (
        "apply",
        &[
            "plan",
            "journal",
            "changelog",
            "check",
            "manifest",
            "snapshot",
            "registry",
            "forge",
            "tools",
            "names",
            "error",
            "phrase",
            "duration_as",
        ],
    ),
    ("report", &["plan", "journal", "apply", "snapshot", "check", "level", "names", "error", "phrase"]),
    ("cli", &["config", "plan", "level", "names", "error", "phrase"]),
];

/// Parts of a room, each with the parts that it may use.
type Parts = &'static [(&'static str, &'static [&'static str])];

/// The sub-rooms of a room, and the sub-rooms beside them that each may use. Files that lie in the room itself are its
/// values and its wiring: all may use them, and they may use all.
const SUB_ROOMS: &[(&str, Parts)] = &[
    (
        "plan",
        &[
            ("evidence", &[]),
            ("versions", &["evidence"]),
            ("edits", &["evidence", "versions"]),
            ("steps", &["evidence", "versions", "edits"]),
            ("preflight", &["evidence", "versions", "edits", "steps"]),
            ("upkeep", &["evidence", "versions", "edits", "steps", "preflight"]),
        ],
    ),
    (
        "apply",
        &[
            ("worktree", &[]),
            ("verify", &["worktree"]),
            ("upload", &["worktree", "verify"]),
            ("steps", &["worktree", "verify", "upload"]),
            ("executor", &["worktree", "verify", "upload", "steps"]),
            ("abort", &["worktree", "verify", "upload", "steps"]),
        ],
    ),
    ("observe", &[("workspace", &[]), ("repository", &["workspace"]), ("registries", &["workspace"]), ("api", &[])]),
    ("tools", &[("system", &[]), ("registry", &["system"]), ("git", &["system"]), ("cargo", &["system", "registry"])]),
];

/// Lines of a file before its tests, documentation included: above the first a file is named here, above the second
/// this test fails.
const LONG: usize = 400;
const TOO_LONG: usize = 450;

/// A file of `src`.
struct Source {
    /// Relative to the root of the repository, with `/`.
    path: String,
    text: String,
}

// A room uses only the rooms that the table gives it.
#[test]
fn rooms_keep_to_the_table() {
    let broken: Vec<String> = sources().iter().flat_map(breaches).collect();
    assert!(broken.is_empty(), "rooms use what they may not:\n  {}", broken.join("\n  "));
}

// Inside a room its parts use only those that the table gives them.
#[test]
fn sub_rooms_keep_to_the_table() {
    let sources = sources();
    let broken: Vec<String> = SUB_ROOMS.iter().flat_map(|(room, parts)| sub_breaches(&sources, room, parts)).collect();
    assert!(broken.is_empty(), "parts of a room use what they may not:\n  {}", broken.join("\n  "));
}

// A folder that no table names would be held to nothing.
#[test]
fn every_sub_room_is_in_the_table() {
    for (room, parts) in SUB_ROOMS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
        let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
        let names: BTreeSet<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
        let known: BTreeSet<String> = parts.iter().map(|(part, _)| (*part).to_owned()).collect();
        assert_eq!(&names - &BTreeSet::from(["tests".to_owned()]), known, "the folders of `{room}`");
    }
}

// The map that people read is the table above.
#[test]
fn the_map_for_people_agrees() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md")).unwrap();
    for (room, may) in ROOMS {
        let may = if may.is_empty() { "nothing of ours".to_owned() } else { may.join(", ") };
        let (start, end) = (format!("| `{room}` | "), format!(" | {may} |"));
        let agrees = map.lines().any(|line| line.starts_with(&start) && line.ends_with(&end));
        assert!(agrees, "CONTRIBUTING.md has no line `{start}…{end}`");
    }
}

// The table itself has no cycle: every order of building it ends.
#[test]
fn the_table_has_no_cycle() {
    let mut left: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    while !left.is_empty() {
        let free: BTreeSet<&str> = left
            .iter()
            .filter(|(_, may)| may.iter().all(|used| !left.contains_key(used)))
            .map(|(room, _)| *room)
            .collect();
        assert!(!free.is_empty(), "these rooms wait for each other: {:?}", left.keys());
        left.retain(|room, _| !free.contains(room));
    }
}

// A file that grows past a few screens needs another name in it.
#[test]
fn files_stay_short() {
    let lengths = sources().into_iter().map(|source| (before_tests(&source.text), source.path));
    let long: Vec<(usize, String)> = lengths.filter(|(lines, _)| *lines > LONG).collect();
    for (lines, path) in &long {
        println!("long: {path} has {lines} lines before its tests");
    }
    let too_long: Vec<_> = long.iter().filter(|(lines, _)| *lines > TOO_LONG).collect();
    assert!(too_long.is_empty(), "more than {TOO_LONG} lines before the tests: {too_long:?}");
}

// Every file opens by saying what it is for.
#[test]
fn files_say_what_they_are_for() {
    let silent: Vec<String> =
        sources().into_iter().filter(|source| !source.text.starts_with("//!")).map(|source| source.path).collect();
    assert!(silent.is_empty(), "these do not begin with `//!`: {silent:?}");
}

// A rehearsal is a plan that is not executed: no flag for it goes down into the code.
#[test]
fn no_effect_knows_of_a_rehearsal() {
    let word = ["dry", "run"].join("_");
    let found: Vec<String> =
        sources().into_iter().filter(|source| source.text.contains(&word)).map(|source| source.path).collect();
    assert!(found.is_empty(), "`{word}` is in {found:?}; decide before, then execute or do not");
}

// The scanner sees what it has to, and nothing else: a test that cannot fail keeps nothing.
#[test]
fn the_scanner_sees_code_only() {
    let text = "\
//! Links to [`crate::linked`].
use crate::used::Thing;
// crate::commented
fn f() { crate::called::f(); g(\"http://x\"); crate::after_address::f() } // crate::trailing
macro_rules! m { () => { $crate::expanded::f() } }
use crate::{grouped, other};
#[cfg(test)]
mod sample;
#[cfg(test)]
use crate::test_only::T;
mod inner {
    #[cfg(test)]
    mod tests {
        use crate::tested::T;
    }
    use crate::behind_tests::T;
}
#[cfg(test)]
fn helper() {
    crate::tested::f()
}
fn g() { crate::last::f() }
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = \"files\")]
mod tests {
    const JSON: &str = \"
}
\";
    use crate::tested::T;
}
";
    let seen: Vec<(usize, String)> = uses(text);
    let seen: Vec<(usize, &str)> = seen.iter().map(|(line, used)| (*line, used.as_str())).collect();
    let expected = [
        (2, "used"),
        (4, "called"),
        (4, "after_address"),
        (5, "expanded"),
        (6, "{"),
        (16, "behind_tests"),
        (22, "last"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(before_tests("a\n#[cfg(test)]\nmod sample;\nb\n#[cfg(test)]\nmod tests {\n}\n"), 4);
}

/// What a file uses that its room may not.
fn breaches(source: &Source) -> Vec<String> {
    let Source { path, text } = source;
    let Some(room) = room(path) else { return Vec::new() };
    let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{path}: the room `{room}` is not in the table of tests/architecture.rs")];
    };
    let allowed = if may.is_empty() { "nothing of ours".to_owned() } else { may.join(", ") };
    let foreign = uses(text).into_iter().filter(|(_, used)| used != room && !may.contains(&used.as_str()));
    foreign.map(|(line, used)| format!("{path}:{line}: `{room}` uses `{used}`; it may use {allowed}")).collect()
}

/// What the parts of a room use that they may not.
fn sub_breaches(sources: &[Source], room: &str, parts: Parts) -> Vec<String> {
    let mut broken = Vec::new();
    for (part, may) in parts {
        let folder = format!("src/{room}/{part}/");
        for Source { path, text } in sources.iter().filter(|source| source.path.starts_with(&folder)) {
            let from_here = if path.ends_with("/mod.rs") { "super" } else { "super::super" };
            let others = parts.iter().map(|(other, _)| *other).filter(|other| other != part && !may.contains(other));
            let foreign: Vec<(&str, [String; 2])> = others
                .map(|other| (other, [format!("crate::{room}::{other}"), format!("{from_here}::{other}")]))
                .collect();
            broken.extend(code(text).into_iter().flat_map(|(line, code)| {
                let used =
                    foreign.iter().filter(move |(_, names)| names.iter().any(|name| code.contains(name.as_str())));
                used.map(move |(other, _)| format!("{path}:{line}: `{room}/{part}` uses `{room}/{other}`"))
            }));
        }
    }
    broken
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&root.join("src"), &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no sources were found");
    let read = |path: PathBuf| Source {
        path: path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"),
        text: fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

fn collect(dir: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The room of a file; none for those that wire, and for test modules in files of their own.
fn room(path: &str) -> Option<&str> {
    let below = path.strip_prefix("src/")?;
    let is_test = below.ends_with("/tests.rs") || below.contains("/tests/");
    let room = below.split_once('/').map_or_else(|| below.trim_end_matches(".rs"), |(room, _)| room);
    (!is_test && !WIRING.contains(&room)).then_some(room)
}

/// The rooms that the code names, each with its line, from one. A group, `crate::{…}`, comes out as `{`: it is no
/// room, and so it is refused.
fn uses(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in code(text) {
        for (_, rest) in line.match_indices("crate::").map(|(at, path)| line.split_at(at + path.len())) {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            found.push((number, rest[..end.max(1).min(rest.len())].to_owned()));
        }
    }
    found
}

/// The lines of code, numbered from one, without comments and what `#[cfg(test)]` stands before.
fn code(text: &str) -> Vec<(usize, &str)> {
    let mut kept = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            let indent = line.len() - line.trim_start().len();
            let header = lines.by_ref().map(|(_, line)| line).find(|line| starts_item(line, indent));
            skip_item(header.unwrap_or_default(), indent, &mut lines);
            continue;
        }
        kept.push((number, line.split_once("//").map_or(line, |(code, _)| code_before(line, code))));
    }
    kept
}

/// Whether it is the first line of an item at that indentation, after its attributes and comments.
fn starts_item(line: &str, indent: usize) -> bool {
    let body = line.trim_start();
    line.len() - body.len() == indent && body.starts_with(char::is_alphabetic)
}

/// Goes past an item whose first line was read. A test module at the top level is the last item of its file (clippy
/// sees to that), and the texts in it may look like the end of it. Else an item ends where rustfmt puts its brace.
fn skip_item<'a>(header: &str, indent: usize, lines: &mut impl Iterator<Item = (usize, &'a str)>) {
    if header.ends_with(';') || header.ends_with('}') {
        return;
    }
    let last = header.starts_with("mod ");
    let end = format!("{:indent$}}}", "");
    lines.find(|(_, line)| !last && *line == end);
}

/// The line up to its comment; the `//` of an address does not begin one.
fn code_before<'a>(line: &'a str, before: &'a str) -> &'a str {
    if !before.ends_with(':') {
        return before;
    }
    let rest = &line[before.len() + 2..];
    rest.find(" //").map_or(line, |at| &line[..before.len() + 2 + at])
}

/// The number of lines before the module of tests.
fn before_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && !pair[1].ends_with(';'));
    tests.unwrap_or(lines.len())
}

//! The reference pages are made from what the program is made from: the keys from their declaration and the schema,
//! the commands from their help.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "pages are files")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cargo_release::testing::config::example;
use serde_json::Value;
use support::here;
use support::is_kept;

const KEYS: &str = "\
# Configuration

Every key, as src/config/keys.rs declares it. Nothing has to be configured. Made by
`SNAPSHOTS=overwrite cargo test --test reference`.

";

const COMMANDS: &str = "\
# Commands

What `--help` prints, for every command. Made by `SNAPSHOTS=overwrite cargo test --test reference`.

";

fn read(path: &str) -> String {
    std::fs::read_to_string(here(path)).unwrap()
}

/// A key as the file of defaults has it.
#[derive(Debug, Default)]
struct Example {
    /// The comment above it.
    words: Vec<String>,
    /// The assignment; with a `#` before it where the key has no default.
    line: String,
}

impl Example {
    fn has_default(&self) -> bool {
        !self.line.starts_with('#')
    }
}

/// The introduction of the file, and its keys by their names with their tables: `bump.notes`.
fn examples(text: &str) -> (Vec<String>, BTreeMap<String, Example>) {
    let (mut intro, mut keys) = (Vec::new(), BTreeMap::new());
    let (mut words, mut table): (Vec<String>, _) = (Vec::new(), String::new());
    for line in text.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let name = bare.split_once(" = ").map(|(name, _)| name);
        let is_key = name.is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        if let Some(head) = line.strip_prefix('[') {
            table = format!("{}.", head.trim_end_matches(']'));
            words.clear();
        } else if let (true, Some(name)) = (is_key, name) {
            let example = Example { words: std::mem::take(&mut words), line: line.to_owned() };
            keys.insert(format!("{table}{name}"), example);
        } else if let Some(said) = line.strip_prefix('#') {
            words.push(said.strip_prefix(' ').unwrap_or(said).to_owned());
        } else if keys.is_empty() {
            intro.append(&mut words);
            intro.push(String::new());
        }
    }
    (intro, keys)
}

/// The type of a key, in words.
fn kind(schema: &Value) -> String {
    let named = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    }
    if let Some(value) = schema.get("const") {
        return format!("`{value}`");
    }
    for of in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[of].as_array() {
            return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    match named(&schema["type"]).as_str() {
        "array" => format!("list of {}", kind(&schema["items"])),
        "object" => "table".to_owned(),
        other => other.to_owned(),
    }
}

/// All keys of the schema, tables opened.
fn keys(schema: &Value, table: &str) -> Vec<(String, String)> {
    let properties = schema["properties"].as_object().unwrap();
    let each = properties.iter().flat_map(|(name, schema)| {
        let name = format!("{table}{name}");
        // A key that may also be one value stands in the page as its table.
        let choices = ["anyOf", "oneOf"].into_iter().filter_map(|of| schema[of].as_array()).flatten();
        let tables = std::iter::once(schema).chain(choices).find(|it| it["properties"].is_object());
        tables.map_or_else(|| vec![(name.clone(), kind(schema))], |schema| keys(schema, &format!("{name}.")))
    });
    each.collect()
}

/// The flags that set a key, as the help of a release has them.
fn flags(help: &str, key: &str) -> Vec<String> {
    let known = |flag: &String| {
        help.lines().any(|line| {
            let words = line.trim_start().split([' ', ',']);
            line.trim_start().starts_with('-') && words.into_iter().any(|word| word == flag)
        })
    };
    [format!("--{key}"), format!("--no-{key}")].into_iter().filter(known).collect()
}

fn entry(key: &str, kind: &str, example: &Example, help: &str) -> String {
    let mut out = format!("### `{key}`\n\n");
    let words: Vec<&str> = example.words.iter().map(String::as_str).collect();
    writeln!(out, "{}\n", words.join("\n").trim()).unwrap();
    writeln!(out, "- Type: {kind}").unwrap();
    let line = example.line.trim_start_matches("# ");
    let label = if example.has_default() { "Default" } else { "No default; for example" };
    writeln!(out, "- {label}: `{line}`").unwrap();
    let whole = example.words.iter().any(|words| words.contains("(workspace"));
    let read = if whole { "the workspace" } else { "the workspace, a package" };
    writeln!(out, "- Read from: {read}").unwrap();
    let flags = flags(help, key.rsplit('.').next().unwrap_or(key));
    if !flags.is_empty() {
        writeln!(out, "- Flag: `{}`", flags.join("`, `")).unwrap();
    }
    out.push('\n');
    out
}

// The file of defaults is what the program starts from.
#[test]
fn example_is_current() {
    is_kept("release.toml.example", example());
}

// Each key of the schema has its place in the reference, with the default that the program starts from.
#[test]
fn keys_are_current() {
    let schema: Value = serde_json::from_str(&read("docs/schema/config.json")).unwrap();
    let (intro, mut examples) = examples(&read("release.toml.example"));
    let help = read("tests/help.txt");
    let release = help.split("\n## ").next().unwrap();
    let mut page = format!("{KEYS}{}\n\n", intro.join("\n").trim());
    let mut table = String::new();
    let (bare, nested): (Vec<_>, Vec<_>) = keys(&schema, "").into_iter().partition(|(key, _)| !key.contains('.'));
    page.push_str("## Keys\n\n");
    for (key, kind) in bare.into_iter().chain(nested) {
        let head = key.split_once('.').map_or("", |(table, _)| table);
        if head != table {
            head.clone_into(&mut table);
            writeln!(page, "## `[{table}]`\n").unwrap();
        }
        let example = examples.remove(&key).unwrap_or_else(|| panic!("release.toml.example lacks `{key}`"));
        page.push_str(&entry(&key, &kind, &example, release));
    }
    assert!(examples.is_empty(), "the schema lacks {:?}", examples.keys());
    is_kept("docs/configuration.md", &format!("{}\n", page.trim_end()));
}

// The page of commands is the help, word for word.
#[test]
fn commands_are_current() {
    let mut page = COMMANDS.to_owned();
    for part in read("tests/help.txt").split("## ").filter(|part| !part.trim().is_empty()) {
        let (command, text) = part.split_once('\n').unwrap();
        let command = command.trim_end_matches(" --help");
        let text: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
        writeln!(page, "## `{command}`\n\n```text\n{}\n```\n", text.join("\n")).unwrap();
    }
    is_kept("docs/commands.md", &format!("{}\n", page.trim_end()));
}

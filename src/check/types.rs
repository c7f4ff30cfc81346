//! The types of the values that the registry reads: `crates_io_cargo_toml` of `rust-lang/crates.io`. Cargo refuses most of
//! them before it packs; an archive that something else wrote may have any.

use toml_edit::Item;
use toml_edit::TableLike;

use super::document::NormalisedManifest;

/// What a value must be.
#[derive(Clone, Copy)]
enum ValueKind {
    Text,
    Flag,
    TextOrFlag,
    Texts,
}

type Keys = [(ValueKind, &'static [&'static str])];

const PACKAGE: &Keys = &[
    (ValueKind::Text, &["name", "version", "edition", "links", "description", "homepage", "documentation", "license"]),
    (ValueKind::Text, &["license-file", "repository", "rust-version"]),
    (ValueKind::Texts, &["authors", "keywords", "categories"]),
    (ValueKind::TextOrFlag, &["build", "readme"]),
    (ValueKind::Flag, &["autolib", "autobins", "autoexamples", "autotests", "autobenches"]),
];
const TARGET: &Keys = &[
    (ValueKind::Text, &["path", "name"]),
    (ValueKind::Flag, &["test", "doctest", "bench", "doc", "plugin", "proc-macro", "harness"]),
    (ValueKind::Texts, &["crate-type", "required-features"]),
];
const DEPENDENCY: &Keys = &[
    (ValueKind::Text, &["version", "package", "registry", "registry-index", "path", "git", "branch", "tag", "rev"]),
    (ValueKind::Flag, &["optional", "default-features"]),
    (ValueKind::Texts, &["features"]),
];

/// What has another type, in words.
pub(super) fn wrong(manifest: &NormalisedManifest<'_>) -> Vec<String> {
    let package = manifest.package().map(|table| of_table(table, "package", PACKAGE));
    let library = manifest.root().get("lib").map(|item| of_item(item, "lib", TARGET));
    let mut found = [package, library].into_iter().flatten().flatten().collect::<Vec<_>>();
    for kind in ["bin", "test", "example", "bench"] {
        let targets = manifest.root().get(kind).and_then(Item::as_array_of_tables);
        found.extend(targets.into_iter().flatten().flat_map(|table| of_table(table, kind, TARGET)));
    }
    for dependency in manifest.dependencies().iter().filter(|dependency| !dependency.item.is_str()) {
        found.extend(of_item(dependency.item, &dependency.path().join("."), DEPENDENCY));
    }
    found.extend(features(manifest));
    found
}

fn of_item(item: &Item, name: &str, keys: &Keys) -> Vec<String> {
    match item.as_table_like() {
        Some(table) => of_table(table, name, keys),
        None => vec![format!("`{name}` must be a table")],
    }
}

fn of_table(table: &dyn TableLike, name: &str, keys: &Keys) -> Vec<String> {
    let mut found = Vec::new();
    for (kind, keys) in keys {
        let items = keys.iter().filter_map(|key| Some((key, value(table, key)?)));
        let odd = items.filter(|(_, item)| !fits(*kind, item) && !is_inherited(item));
        found.extend(odd.map(|(key, _)| format!("`{name}.{key}` must be {}", word(*kind))));
    }
    found
}

fn value<'a>(table: &'a dyn TableLike, key: &str) -> Option<&'a Item> {
    table.get(key).or_else(|| table.get(&key.replace('-', "_")))
}

/// What is still to come from a workspace has no type yet; another rule refuses it.
fn is_inherited(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

fn features(manifest: &NormalisedManifest<'_>) -> Option<String> {
    let table = manifest.root().get("features")?;
    let texts = |table: &dyn TableLike| table.iter().all(|(_, item)| fits(ValueKind::Texts, item));
    (!table.as_table_like().is_some_and(texts)).then(|| "`features` must be lists of strings by name".to_owned())
}

fn fits(kind: ValueKind, item: &Item) -> bool {
    match kind {
        ValueKind::Text => item.is_str(),
        ValueKind::Flag => item.is_bool(),
        ValueKind::TextOrFlag => item.is_str() || item.is_bool(),
        ValueKind::Texts => item.as_array().is_some_and(|array| array.iter().all(|value| value.is_str())),
    }
}

fn word(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "a string",
        ValueKind::Flag => "a boolean",
        ValueKind::TextOrFlag => "a string or a boolean",
        ValueKind::Texts => "a list of strings",
    }
}

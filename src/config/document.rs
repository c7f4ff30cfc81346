//! One text of configuration, read to a [`Layer`]: what it cannot mean is refused with its place.

use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use toml_edit::Document;
use toml_edit::Item;
use toml_edit::TableLike;

use super::declare::KeyName;
use super::declare::Scope;
use super::keys::KEYS;
use super::keys::Layer;
use super::schema::dotted_keys;
use super::schema::keys_of;
use super::sources::ConfigFile;
use crate::error::Failure;
use crate::error::Result;
use crate::phrase;

/// What a layer is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LayerScope {
    /// All packages.
    Workspace,
    /// One package of several.
    Package,
}

/// Reads a whole `release.toml`.
pub(super) fn read_file(source: &ConfigFile, scope: LayerScope) -> Result<Layer> {
    read(source, &[], scope)
}

/// Reads `metadata.release` below `[package]` or `[workspace]` of a manifest.
pub(super) fn read_manifest(source: &ConfigFile, scope: LayerScope) -> Result<Layer> {
    match scope {
        LayerScope::Workspace => read(source, &["workspace", "metadata", "release"], scope),
        LayerScope::Package => read(source, &["package", "metadata", "release"], scope),
    }
}

/// Reads `[package.metadata.release]` of the only member, which speaks for the workspace.
pub(super) fn read_only_package(source: &ConfigFile) -> Result<Layer> {
    read(source, &["package", "metadata", "release"], LayerScope::Workspace)
}

fn read(source: &ConfigFile, below: &[&str], scope: LayerScope) -> Result<Layer> {
    let document = Document::parse(source.text.as_str()).map_err(|error| {
        let at = error.span().map(|span| span.start);
        refusal(source, at, error.message())
            .help("the file must be valid TOML; `cargo release config --example` prints an example")
    })?;
    let Some(item) = descend(document.as_item(), below) else { return Ok(Layer::default()) };
    let Some(table) = item.as_table_like() else {
        let key = below.join(".");
        return Err(refusal(source, start(item), format!("`{key}` must be a table")));
    };
    known_keys(source, table, &mut Vec::new())?;
    let layer = typed(source, item)?;
    if scope == LayerScope::Package {
        own_keys(source, item)?;
    }
    Ok(layer)
}

fn descend<'a>(root: &'a Item, path: &[&str]) -> Option<&'a Item> {
    path.iter().try_fold(root, |item, key| item.as_table_like()?.get(key))
}

/// Refuses keys that we do not know, here and in the tables below.
fn known_keys<'a>(source: &ConfigFile, table: &'a dyn TableLike, path: &mut Vec<&'a str>) -> Result<()> {
    let Some(known) = keys_of(path) else { return Ok(()) };
    for (key, item) in table.iter() {
        if !known.contains(&key) {
            let at = table.key(key).and_then(|key| key.span()).map(|span| span.start);
            return Err(unknown_key(source, at, key, path));
        }
        path.push(key);
        for inner in tables_in(item) {
            known_keys(source, inner, path)?;
        }
        path.pop();
    }
    Ok(())
}

/// The tables that an item is or holds: itself, or those of a list.
fn tables_in(item: &Item) -> Vec<&dyn TableLike> {
    if let Some(tables) = item.as_array_of_tables() {
        return tables.iter().map(|table| table as &dyn TableLike).collect();
    }
    if let Some(list) = item.as_array() {
        return list.iter().filter_map(|value| value.as_inline_table()).map(|table| table as &dyn TableLike).collect();
    }
    item.as_table_like().into_iter().collect()
}

fn unknown_key(source: &ConfigFile, at: Option<usize>, key: &str, path: &[&str]) -> Failure {
    let dotted = path.iter().chain([&key]).copied().collect::<Vec<_>>().join(".");
    let failure = refusal(source, at, format!("unknown key `{dotted}`"));
    match nearest(key, path) {
        Some(known) => failure.help(format!("did you mean `{known}`?")),
        None => failure.help("`cargo release schema config` lists every key"),
    }
}

/// The known key that is meant, where one is near: of this name in another table, else alike in this one, else alike
/// anywhere.
fn nearest(key: &str, path: &[&str]) -> Option<String> {
    let all = dotted_keys();
    if let Some(elsewhere) = all.iter().find(|known| last_part(known) == key) {
        return Some(elsewhere.clone());
    }
    let beside = keys_of(path).unwrap_or_default();
    let prefix = path.iter().map(|part| format!("{part}.")).collect::<String>();
    let beside = beside.into_iter().map(|known| format!("{prefix}{known}"));
    most_alike(key, beside).or_else(|| most_alike(key, all.into_iter()))
}

fn most_alike(key: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let known: Vec<String> = known.collect();
    let similar = phrase::similar(key, known.iter().map(|known| last_part(known)))?;
    known.iter().find(|known| last_part(known) == similar).cloned()
}

fn last_part(dotted: &str) -> &str {
    dotted.rsplit_once('.').map_or(dotted, |(_, last)| last)
}

fn typed(source: &ConfigFile, item: &Item) -> Result<Layer> {
    let Ok(value) = item.clone().into_value() else {
        return Err(refusal(source, start(item), "this must be a table"));
    };
    Layer::deserialize(value.into_deserializer()).map_err(|error| {
        let at = error.span().map(|span| span.start).or(start(item));
        refusal(source, at, error.message()).help("`cargo release schema config` describes every key and its values")
    })
}

/// Refuses keys that only the workspace can set.
fn own_keys(source: &ConfigFile, item: &Item) -> Result<()> {
    for key in KEYS.iter().filter(|key| key.scope == Scope::Workspace).map(|key| key.name) {
        if let Some(at) = place(item, key) {
            return Err(refusal(source, Some(at), format!("`{key}` applies to the whole workspace"))
                .help("set it in `release.toml` or `[workspace.metadata.release]` of the workspace"));
        }
    }
    Ok(())
}

/// Where the key of a table stands.
fn place(item: &Item, name: KeyName) -> Option<usize> {
    let table = item.as_table_like()?.get(name.table)?.as_table_like()?;
    table.key(&name.key())?.span().map(|span| span.start)
}

fn start(item: &Item) -> Option<usize> {
    item.span().map(|span| span.start)
}

/// A refusal with its place: `path:line: what`.
fn refusal(source: &ConfigFile, at: Option<usize>, what: impl AsRef<str>) -> Failure {
    let ConfigFile { path, text } = source;
    let what = what.as_ref().trim();
    let Some(before) = at.and_then(|at| text.as_bytes().get(..at)) else {
        return Failure::unplannable(format!("{path}: {what}"));
    };
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    Failure::unplannable(format!("{path}:{line}: {what}"))
}

//! The normalised manifest of an archive, as the registry reads it, with the places in the one that people wrote.

use toml_edit::Document;
use toml_edit::DocumentMut;
use toml_edit::Item;
use toml_edit::TableLike;

use super::finding::Finding;
use super::packed::PackedArchive;

/// The tables that dependencies stand in, with the older spelling.
pub(super) const TABLES: [(&str, &str); 3] = [
    ("dependencies", "dependencies"),
    ("dev-dependencies", "dev_dependencies"),
    ("build-dependencies", "build_dependencies"),
];

/// A normalised manifest.
pub(super) struct NormalisedManifest<'a> {
    packed: &'a PackedArchive,
    document: DocumentMut,
    written: Option<Document<&'a str>>,
}

/// An entry of a dependency table.
pub(super) struct CheckedDependency<'a> {
    /// Its key.
    pub(super) key: &'a str,
    /// The table, with its target: `target.'cfg(unix)'.dependencies`.
    pub(super) table: Vec<&'a str>,
    /// What stands there.
    pub(super) item: &'a Item,
}

impl<'a> NormalisedManifest<'a> {
    /// Reads the manifest of an archive; none where there is none.
    ///
    /// # Errors
    /// Why it is no TOML.
    pub(super) fn read(packed: &'a PackedArchive) -> Option<Result<Self, String>> {
        let text = packed.file("Cargo.toml").or_else(|| packed.file("cargo.toml"))?;
        let Some(text) = text.text() else { return Some(Err("it is not UTF-8".to_owned())) };
        let document = match text.parse::<DocumentMut>() {
            Ok(document) => document,
            Err(error) => return Some(Err(error.message().to_owned())),
        };
        let written = packed.text("Cargo.toml.orig").and_then(|text| Document::parse(text).ok());
        Some(Ok(Self { packed, document, written }))
    }

    pub(super) fn root(&self) -> &dyn TableLike {
        self.document.as_table()
    }

    /// `[package]`, or `[project]` as it was once called.
    pub(super) fn package(&self) -> Option<&dyn TableLike> {
        let found = self.document.get("package").or_else(|| self.document.get("project"));
        found.and_then(Item::as_table_like)
    }

    /// A key of `[package]`; for one of two words, the older spelling too.
    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        let package = self.package()?;
        package.get(key).or_else(|| package.get(&key.replace('-', "_")))
    }

    /// A text of `[package]`.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// A list of texts of `[package]`.
    pub(super) fn list(&self, key: &str) -> Vec<&str> {
        self.get(key).map(texts).unwrap_or_default()
    }

    /// All dependencies, of all kinds and targets.
    pub(super) fn dependencies(&self) -> Vec<CheckedDependency<'_>> {
        let mut found = of_tables(self.root(), &[]);
        let targets = self.document.get("target").and_then(Item::as_table_like);
        for (target, table) in targets.into_iter().flat_map(TableLike::iter) {
            let table = table.as_table_like();
            found.extend(table.into_iter().flat_map(|table| of_tables(table, &["target", target])));
        }
        found
    }

    /// The features, each with what it enables.
    pub(super) fn features(&self) -> Vec<(&str, Vec<&str>)> {
        let features = self.document.get("features").and_then(Item::as_table_like);
        features.into_iter().flat_map(TableLike::iter).map(|(name, values)| (name, texts(values))).collect()
    }

    /// Says of a finding that it is about this key, in the manifest that people wrote.
    pub(super) fn place(&self, finding: Finding, key: &[&str]) -> Finding {
        finding.package(&self.packed.name).at(&self.packed.place("Cargo.toml"), self.line(key))
    }

    /// The line of a key, or of the nearest table around it, in the manifest that people wrote.
    fn line(&self, key: &[&str]) -> Option<usize> {
        let written = self.written.as_ref()?;
        let mut table: &dyn TableLike = written.as_table();
        let mut at = None;
        for part in key {
            let Some((name, item)) = table.get_key_value(part) else { break };
            at = name.span().or_else(|| item.span()).or(at);
            let Some(inner) = item.as_table_like() else { break };
            table = inner;
        }
        let before = written.raw().get(..at?.start)?;
        Some(before.matches('\n').count() + 1)
    }
}

/// The texts of a list; what else is in it is left out.
pub(super) fn texts(item: &Item) -> Vec<&str> {
    item.as_array().into_iter().flatten().filter_map(|value| value.as_str()).collect()
}

fn of_tables<'a>(root: &'a dyn TableLike, above: &[&'a str]) -> Vec<CheckedDependency<'a>> {
    let mut found = Vec::new();
    for (name, older) in TABLES {
        let table = root.get(name).or_else(|| root.get(older)).and_then(Item::as_table_like);
        let table_key: Vec<&str> = above.iter().copied().chain([name]).collect();
        for (key, item) in table.into_iter().flat_map(TableLike::iter) {
            found.push(CheckedDependency { key, table: table_key.clone(), item });
        }
    }
    found
}

impl CheckedDependency<'_> {
    /// A text of the entry; the requirement where the entry is but a text.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.item.as_str() {
            Some(requirement) => (key == "version").then_some(requirement),
            None => self.item.get(key).or_else(|| self.item.get(key.replace('-', "_")))?.as_str(),
        }
    }

    /// The name of the package: the key unless it is renamed.
    pub(super) fn package(&self) -> &str {
        self.text("package").unwrap_or(self.key)
    }

    /// Its key with those of the tables around it.
    pub(super) fn path(&self) -> Vec<&str> {
        self.table.iter().copied().chain([self.key]).collect()
    }
}

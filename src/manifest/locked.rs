//! A `Cargo.lock`, read: its packages, and how they refer to each other.

use std::collections::BTreeMap;
use std::ops::Range;

use semver::Version;
use toml_edit::Document;
use toml_edit::Item;
use toml_edit::Table;

use super::literal::Literal;
use super::literal::line_of;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;

/// A lock file, read.
pub(super) struct LockFile<'a> {
    /// Its text.
    pub(super) text: &'a str,
    /// Its packages, in its order.
    pub(super) packages: Vec<Locked>,
    by_name: BTreeMap<String, Vec<usize>>,
    form: Form,
}

/// One `[[package]]`.
pub(super) struct Locked {
    pub(super) name: String,
    pub(super) version: Version,
    pub(super) version_at: Literal,
    /// Where it is from; none for what lies at a path.
    pub(super) source: Option<String>,
    pub(super) dependencies: Vec<Literal>,
    /// From its header to its last value.
    pub(super) span: Range<usize>,
}

/// How references are spelled.
#[derive(Clone, Copy)]
enum Form {
    /// With version and source, always: format 1, which has the checksums in a table of their own.
    Long,
    /// With no more than tells packages apart.
    Short,
}

/// An entry of `dependencies`. Ordered as cargo orders them: by these texts, not by version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference<'a> {
    pub(super) name: &'a str,
    version: Option<&'a str>,
    source: Option<&'a str>,
}

impl<'a> LockFile<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self> {
        let document = Document::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Failure::unplannable(format!("`Cargo.lock` does not parse at line {line}")).because(error.message())
        })?;
        let root = document.as_table();
        let tables = root.get("package").and_then(|packages| packages.as_array_of_tables());
        let tables = tables.into_iter().flat_map(|tables| tables.iter());
        let packages = tables.map(|table| Locked::read(text, table)).collect::<Result<Vec<_>>>()?;
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, package) in packages.iter().enumerate() {
            by_name.entry(package.name.clone()).or_default().push(index);
        }
        let mut notes = root.get("metadata").and_then(|item| item.as_table()).into_iter().flat_map(Table::iter);
        let long = notes.any(|(key, _)| key.starts_with("checksum "));
        Ok(Self { text, packages, by_name, form: if long { Form::Long } else { Form::Short } })
    }

    /// What it holds, in no order of the text: name, version and source of each package.
    pub(super) fn held(&self) -> Vec<(&str, &Version, Option<&str>)> {
        let held = self.packages.iter();
        let mut held: Vec<_> =
            held.map(|package| (package.name.as_str(), &package.version, package.source.as_deref())).collect();
        held.sort_unstable();
        held
    }

    /// The packages of this name, in the order of the text.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The text of a package.
    pub(super) fn block(&self, index: usize) -> &str {
        &self.text[self.packages[index].span.clone()]
    }

    /// The package that a reference means, as cargo takes it: without a source it means the one at a path, else the
    /// only one that there is.
    pub(super) fn find(&self, reference: &Reference<'_>) -> Option<usize> {
        let fits = |index: &usize| {
            let package = &self.packages[*index];
            reference.version.is_none_or(|version| package.version_at.value == version)
                && reference.source.is_none_or(|source| package.source.as_deref() == Some(source))
        };
        let fitting: Vec<usize> = self.named(reference.name).iter().copied().filter(fits).collect();
        let at_path = fitting.iter().copied().find(|index| self.packages[*index].source.is_none());
        match fitting.as_slice() {
            [only] => Some(*only),
            _ => at_path,
        }
    }

    /// How the others refer to a package when the packages have these versions.
    pub(super) fn spelled(&self, index: usize, versions: &[Version]) -> String {
        let Locked { name, source, .. } = &self.packages[index];
        let version = &versions[index];
        let namesakes = self.named(name);
        let same = namesakes.iter().filter(|other| versions[**other] == *version).count();
        match (self.form, source) {
            (Form::Short, _) if namesakes.len() == 1 => name.clone(),
            (Form::Short, _) if same == 1 => format!("{name} {version}"),
            (Form::Short | Form::Long, Some(source)) => format!("{name} {version} ({source})"),
            (Form::Short | Form::Long, None) => format!("{name} {version}"),
        }
    }
}

impl Locked {
    fn read(text: &str, table: &Table) -> Result<Self> {
        let string = |key: &str| table.get(key).and_then(Literal::of);
        let header = table.span().unwrap_or_default();
        let broken = |key: &str| {
            let line = line_of(text, header.start);
            Failure::unplannable(format!("the package at line {line} of `Cargo.lock` has no `{key}`"))
        };
        let name = string("name").ok_or_else(|| broken("name"))?.value;
        let version_at = string("version").ok_or_else(|| broken("version"))?;
        let version = Version::parse(&version_at.value)
            .or_unplannable(|| format!("the version of `{name}` in `Cargo.lock` is none"))?;
        let dependencies = table.get("dependencies").and_then(|item| item.as_array());
        let dependencies = dependencies.into_iter().flat_map(|array| array.iter());
        let ends = table.iter().filter_map(|(_, item)| end_of(item));
        Ok(Self {
            source: string("source").map(|source| source.value),
            dependencies: dependencies.filter_map(Literal::of_value).collect(),
            span: header.start..ends.max().unwrap_or(header.end),
            name,
            version,
            version_at,
        })
    }
}

/// Where a value ends; of a table, its last value. The span of a dotted table is its key alone.
fn end_of(item: &Item) -> Option<usize> {
    let own = item.span().map(|span| span.end);
    let below = item.as_table_like().and_then(|table| table.iter().filter_map(|(_, item)| end_of(item)).max());
    own.max(below)
}

impl<'a> Reference<'a> {
    /// Takes `name`, `name version` or `name version (source)` apart.
    pub(super) fn parse(text: &'a str) -> Self {
        let mut parts = text.splitn(3, ' ');
        let name = parts.next().unwrap_or_default();
        let version = parts.next();
        let source = parts.next().map(|source| source.trim_start_matches('(').trim_end_matches(')'));
        Self { name, version, source }
    }
}

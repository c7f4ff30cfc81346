//! Finds what matters in a parsed manifest: strings, inline tables, dotted keys and tables of their own alike.

use toml_edit::Item;
use toml_edit::TableLike;

use super::document::Dependency;
use super::document::Patch;
use super::document::VersionAt;
use super::literal::Lines;
use super::literal::Literal;
use super::literal::line_of;
use super::place::DependencyEntry;
use super::place::DependencyTable;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;

/// The tables of dependencies, each with the old spelling that cargo still reads where the new one is absent.
const TABLES: [(DependencyTable, &str, Option<&str>); 3] = [
    (DependencyTable::Normal, "dependencies", None),
    (DependencyTable::Dev, "dev-dependencies", Some("dev_dependencies")),
    (DependencyTable::Build, "build-dependencies", Some("build_dependencies")),
];

/// The entries of `[patch]`.
pub(super) fn patches(root: &dyn TableLike) -> Vec<Patch> {
    let sources = root.get("patch").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    let entries = sources.filter_map(|(_, source)| source.as_table_like()).flat_map(TableLike::iter);
    let text = |item: &Item, key: &str| item.as_table_like()?.get(key)?.as_str().map(str::to_owned);
    let patch = |(key, item): (&str, &Item)| Patch {
        key: key.to_owned(),
        package: PackageName::from(text(item, "package").unwrap_or_else(|| key.to_owned())),
        path: text(item, "path"),
    };
    entries.map(patch).collect()
}

/// `resolver` of `[workspace]`, else of `[package]`.
pub(super) fn resolver(root: &dyn TableLike) -> Option<String> {
    let of = |table: &str| root.get(table)?.as_table_like()?.get("resolver")?.as_str().map(str::to_owned);
    of("workspace").or_else(|| of("package"))
}

/// Whether there is a `metadata.release`.
pub(super) fn configures_releases(root: &dyn TableLike) -> bool {
    let release = |table: &str| {
        let metadata = root.get(table)?.as_table_like()?.get("metadata")?;
        metadata.as_table_like()?.get("release")
    };
    release("package").is_some() || release("workspace").is_some()
}

/// The text that is being read.
pub(super) struct SourceText<'a> {
    pub(super) path: &'a RepoPath,
    pub(super) text: &'a str,
}

impl SourceText<'_> {
    /// The table under this key, where the key is there.
    pub(super) fn table<'t>(&self, parent: &'t dyn TableLike, key: &str) -> Result<Option<&'t dyn TableLike>> {
        let Some(item) = parent.get(key) else { return Ok(None) };
        item.as_table_like().map(Some).ok_or_else(|| self.wrong(item, &format!("`{key}` must be a table")))
    }

    /// Where the version of this `[package]` is.
    pub(super) fn version(&self, package: &dyn TableLike) -> Result<VersionAt> {
        let Some(item) = package.get("version") else { return Ok(VersionAt::Absent) };
        match Literal::of(item) {
            Some(literal) => Ok(VersionAt::Literal(literal)),
            None if self.inherits(item)? => Ok(VersionAt::Inherited),
            None => Err(self.wrong(item, "`version` must be a string or `{ workspace = true }`")),
        }
    }

    /// `[workspace.package] version`.
    pub(super) fn workspace_version(&self, root: &dyn TableLike) -> Result<Option<Literal>> {
        let Some(workspace) = self.table(root, "workspace")? else { return Ok(None) };
        let Some(package) = self.table(workspace, "package")? else { return Ok(None) };
        self.string(package, "version")
    }

    /// Every entry of every dependency table.
    pub(super) fn dependencies(&self, root: &dyn TableLike) -> Result<Vec<Dependency>> {
        let mut found = Vec::new();
        self.sections(root, None, &mut found)?;
        if let Some(targets) = self.table(root, "target")? {
            for (target, item) in targets.iter() {
                let below = item.as_table_like();
                let below = below.ok_or_else(|| self.wrong(item, &format!("target `{target}` must be a table")))?;
                self.sections(below, Some(target), &mut found)?;
            }
        }
        if let Some(workspace) = self.table(root, "workspace")?
            && let Some(table) = self.table(workspace, "dependencies")?
        {
            self.entries(table, (DependencyTable::Workspace, None), &mut found)?;
        }
        Ok(found)
    }

    fn sections(&self, parent: &dyn TableLike, target: Option<&str>, found: &mut Vec<Dependency>) -> Result<()> {
        for (section, name, old_name) in TABLES {
            let name = old_name.filter(|_| parent.get(name).is_none()).unwrap_or(name);
            if let Some(table) = self.table(parent, name)? {
                self.entries(table, (section, target), found)?;
            }
        }
        Ok(())
    }

    fn entries(
        &self,
        table: &dyn TableLike,
        (section, target): (DependencyTable, Option<&str>),
        found: &mut Vec<Dependency>,
    ) -> Result<()> {
        let mut lines = Lines::of(self.text);
        for (key, item) in table.iter() {
            let entry = DependencyEntry { section, target: target.map(str::to_owned), key: key.to_owned() };
            let at = table.key(key).and_then(|key| key.span()).or_else(|| item.span());
            let line = at.map_or(1, |span| lines.at(span.start));
            found.push(self.dependency(entry, item, line)?);
        }
        Ok(())
    }

    fn dependency(&self, entry: DependencyEntry, item: &Item, line: usize) -> Result<Dependency> {
        let mut dependency = Dependency {
            package: PackageName::from(entry.key.as_str()),
            entry,
            path: None,
            registry: None,
            requirement: Literal::of(item),
            inherited: false,
            line,
        };
        if dependency.requirement.is_some() {
            return Ok(dependency);
        }
        let Some(fields) = item.as_table_like() else {
            return Err(self.wrong(item, &format!("`{}` must be a string or a table", dependency.entry)));
        };
        if let Some(package) = self.string(fields, "package")? {
            dependency.package = PackageName::from(package.value);
        }
        dependency.path = self.string(fields, "path")?.map(|path| path.value);
        dependency.registry = self.string(fields, "registry")?.map(|registry| registry.value);
        dependency.requirement = self.string(fields, "version")?;
        dependency.inherited = self.inherits(item)?;
        Ok(dependency)
    }

    /// The string under this key, where the key is there.
    fn string(&self, table: &dyn TableLike, key: &str) -> Result<Option<Literal>> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let literal = Literal::of(item);
        literal.map(Some).ok_or_else(|| self.wrong(item, &format!("`{key}` must be a string")))
    }

    /// Whether this is a table that says `workspace = true`.
    fn inherits(&self, item: &Item) -> Result<bool> {
        let Some(workspace) = item.as_table_like().and_then(|fields| fields.get("workspace")) else {
            return Ok(false);
        };
        match workspace.as_bool() {
            Some(true) => Ok(true),
            Some(false) | None => Err(self.wrong(workspace, "`workspace` must be `true`")),
        }
    }

    fn wrong(&self, item: &Item, why: &str) -> Failure {
        let line = item.span().map_or(1, |span| line_of(self.text, span.start));
        Failure::unplannable(format!("`{}` cannot be read at line {line}", self.path)).because(why)
    }
}

//! A manifest in a form that can be compared: what is inherited filled in, shorthands written out, order and spelling
//! gone. Versions of packages are left out: they are what a release changes.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use semver::Op;
use semver::VersionReq;
use toml_edit::Item;
use toml_edit::TableLike;

/// What a package says of itself to those who use it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Normal {
    /// `[features]`, with those that optional dependencies imply.
    pub features: BTreeMap<String, BTreeSet<String>>,
    /// Dependencies of all tables but `[dev-dependencies]`.
    pub dependencies: BTreeMap<DependencyKey, Required>,
    /// `rust-version`.
    pub rust_version: Option<String>,
    /// `edition`.
    pub edition: Option<String>,
    /// `links`.
    pub links: Option<String>,
    /// `include`; none where it is not there.
    pub include: Option<Vec<String>>,
    /// `exclude`.
    pub exclude: Vec<String>,
    /// `readme` and `license-file`.
    pub named_files: Vec<NamedFile>,
    /// The library, and whether it is a proc-macro.
    pub library: Option<bool>,
    /// The binaries that are named (`[[bin]]`), each with its path where it has one.
    pub binaries: BTreeMap<String, Option<String>>,
    /// Whether binaries are found by their files (`autobins`).
    pub finds_binaries: bool,
    /// Whether there is a `[lib]`, by its own name or path.
    pub names_library: bool,
    /// The name that it gives the library, where it does.
    pub library_name: Option<String>,
    /// What else `[package]` says and users see: descriptions, links, metadata.
    pub described: BTreeMap<String, String>,
}

/// A file that a key of `[package]` names, and that is packed wherever it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedFile {
    /// As written.
    pub path: String,
    /// Whether it is relative to the root manifest, because the key is inherited.
    pub inherited: bool,
}

/// The table and the key of a dependency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DependencyKey {
    /// `dependencies` or `build-dependencies`, after the `target.…` that it stands under.
    pub table: String,
    /// The key.
    pub key: String,
}

/// What is required of a dependency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one field a key of the manifest")]
pub(crate) struct Required {
    /// The name of the package.
    pub package: String,
    /// The requirement as semver prints it; none where there is none.
    pub requirement: Option<String>,
    /// Its features.
    pub features: BTreeSet<String>,
    /// Whether its default features are on.
    pub default_features: bool,
    /// `optional`.
    pub optional: bool,
    /// `public`.
    pub public: bool,
}

impl Normal {
    /// A manifest with what it inherits from the `[workspace]` of the root manifest.
    pub(super) fn of(own: &dyn TableLike, shared: Option<&dyn TableLike>) -> Self {
        NormalReader { own, shared }.read()
    }

    /// Whether cargo's `--features` takes this for the package: its own feature, or one of a dependency
    /// (`DEPENDENCY/FEATURE`).
    pub(crate) fn has_feature(&self, feature: &str) -> bool {
        let Some((dependency, _)) = feature.split_once('/') else { return self.features.contains_key(feature) };
        let dependency = dependency.trim_end_matches('?');
        self.dependencies.keys().any(|known| known.key == dependency)
    }
}

struct NormalReader<'a> {
    own: &'a dyn TableLike,
    shared: Option<&'a dyn TableLike>,
}

impl<'a> NormalReader<'a> {
    fn read(&self) -> Normal {
        let dependencies = self.dependencies();
        let library = self.own.get("lib").and_then(Item::as_table_like);
        let macros = library.and_then(|lib| lib.get("proc-macro").or_else(|| lib.get("proc_macro")));
        Normal {
            features: self.features(&dependencies),
            dependencies,
            rust_version: self.text("rust-version"),
            edition: self.text("edition"),
            links: self.text("links"),
            include: self.package("include").map(texts),
            exclude: self.package("exclude").map(texts).unwrap_or_default(),
            named_files: ["readme", "license-file"].iter().filter_map(|key| self.named_file(key)).collect(),
            library: library.map(|_| macros.and_then(Item::as_bool).unwrap_or(false)),
            names_library: library.is_some(),
            library_name: library.and_then(|lib| lib.get("name")?.as_str().map(str::to_owned)),
            binaries: self.binaries(),
            described: self.described(),
            finds_binaries: self.package("autobins").and_then(Item::as_bool).unwrap_or(true),
        }
    }

    fn written(&self, key: &str) -> Option<&'a Item> {
        self.own.get("package").or_else(|| self.own.get("project"))?.as_table_like()?.get(key)
    }

    fn named_file(&self, key: &str) -> Option<NamedFile> {
        let inherited = self.written(key).is_some_and(inherits);
        self.text(key).map(|path| NamedFile { path, inherited })
    }

    /// A key of `[package]`, or what it inherits.
    fn package(&self, key: &str) -> Option<&'a Item> {
        let item = self.written(key)?;
        if !inherits(item) {
            return Some(item);
        }
        self.shared?.get("package")?.as_table_like()?.get(key)
    }

    fn text(&self, key: &str) -> Option<String> {
        self.package(key)?.as_str().map(str::to_owned)
    }

    fn binaries(&self) -> BTreeMap<String, Option<String>> {
        let item = self.own.get("bin");
        let tables = item.and_then(Item::as_array_of_tables).into_iter().flatten().map(|table| table as &dyn TableLike);
        let inline = item.and_then(Item::as_array).into_iter().flatten().filter_map(|value| value.as_inline_table());
        let all = tables.chain(inline.map(|table| table as &dyn TableLike));
        let text = |table: &dyn TableLike, key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
        all.filter_map(|table| Some((text(table, "name")?, text(table, "path")))).collect()
    }

    /// The keys of `[package]` that nothing else here has, as far as they are shown to users or used by docs.rs.
    fn described(&self) -> BTreeMap<String, String> {
        let keys = DESCRIBED.iter().filter_map(|key| Some(((*key).to_owned(), plain(self.package(key)?))));
        keys.chain(self.written("metadata").map(|item| ("metadata".to_owned(), plain(item)))).collect()
    }

    /// The features as written, and one for each optional dependency that no feature names as `dep:`.
    fn features(&self, dependencies: &BTreeMap<DependencyKey, Required>) -> BTreeMap<String, BTreeSet<String>> {
        let written = self.own.get("features").and_then(Item::as_table_like);
        let mut features: BTreeMap<String, BTreeSet<String>> = written
            .into_iter()
            .flat_map(|table| table.iter())
            .map(|(name, items)| (name.to_owned(), texts(items).into_iter().collect()))
            .collect();
        let hidden: BTreeSet<String> =
            features.values().flatten().filter_map(|item| item.strip_prefix("dep:")).map(str::to_owned).collect();
        for (at, required) in dependencies {
            if required.optional && !hidden.contains(&at.key) {
                features.entry(at.key.clone()).or_insert_with(|| BTreeSet::from([format!("dep:{}", at.key)]));
            }
        }
        features
    }

    fn dependencies(&self) -> BTreeMap<DependencyKey, Required> {
        let mut found = BTreeMap::new();
        self.tables(self.own, "", &mut found);
        let targets = self.own.get("target").and_then(Item::as_table_like);
        for (target, below) in targets.into_iter().flat_map(|targets| targets.iter()) {
            if let Some(below) = below.as_table_like() {
                self.tables(below, &format!("target.'{target}'."), &mut found);
            }
        }
        found
    }

    fn tables(&self, parent: &dyn TableLike, before: &str, found: &mut BTreeMap<DependencyKey, Required>) {
        for (name, old) in [("dependencies", "dependencies"), ("build-dependencies", "build_dependencies")] {
            let table = parent.get(name).or_else(|| parent.get(old)).and_then(Item::as_table_like);
            for (key, item) in table.into_iter().flat_map(|table| table.iter()) {
                let at = DependencyKey { table: format!("{before}{name}"), key: key.to_owned() };
                found.insert(at, self.required(key, item));
            }
        }
    }

    fn required(&self, key: &str, item: &Item) -> Required {
        if !inherits(item) {
            return required(key, item);
        }
        let shared = || self.shared?.get("dependencies")?.as_table_like()?.get(key);
        let own = required(key, item);
        let Some(shared) = shared().map(|item| required(key, item)) else { return own };
        // A member may add features and optionality, and nothing else.
        let default_features = if switches_defaults(item) { own.default_features } else { shared.default_features };
        Required {
            features: shared.features.union(&own.features).cloned().collect(),
            default_features: shared.default_features || default_features,
            optional: own.optional,
            public: own.public || shared.public,
            ..shared
        }
    }
}

/// Keys of `[package]` that registries show.
const DESCRIBED: [&str; 10] = [
    "authors",
    "build",
    "categories",
    "default-run",
    "description",
    "documentation",
    "homepage",
    "keywords",
    "license",
    "repository",
];

/// A value without its spelling: without comments, line breaks and spaces around it.
fn plain(item: &Item) -> String {
    if let Some(table) = item.as_table_like() {
        let mut keys: Vec<String> = table.iter().map(|(key, item)| format!("{key}={}", plain(item))).collect();
        keys.sort();
        return format!("{{{}}}", keys.join(","));
    }
    if let Some(list) = item.as_array() {
        let all: Vec<String> = list.iter().map(|value| plain(&Item::Value(value.clone()))).collect();
        return format!("[{}]", all.join(","));
    }
    item.as_str().map_or_else(|| item.to_string().trim().to_owned(), |text| format!("{text:?}"))
}

/// What an entry of a dependency table says.
fn required(key: &str, item: &Item) -> Required {
    let get = |name: &str| item.as_table_like().and_then(|fields| fields.get(name));
    let is = |name: &str| get(name).and_then(Item::as_bool).unwrap_or(false);
    let written = item.as_str().or_else(|| get("version").and_then(Item::as_str));
    let defaults = get("default-features").or_else(|| get("default_features")).and_then(Item::as_bool);
    Required {
        package: get("package").and_then(Item::as_str).unwrap_or(key).to_owned(),
        requirement: written.map(normal_requirement),
        features: get("features").map(texts).unwrap_or_default().into_iter().collect(),
        default_features: defaults.unwrap_or(true),
        optional: is("optional"),
        public: is("public"),
    }
}

fn switches_defaults(item: &Item) -> bool {
    item.as_table_like().is_some_and(|fields| fields.contains_key("default-features"))
}

fn inherits(item: &Item) -> bool {
    item.as_table_like().and_then(|fields| fields.get("workspace")).and_then(Item::as_bool) == Some(true)
}

fn texts(item: &Item) -> Vec<String> {
    let list = item.as_array().into_iter().flat_map(|array| array.iter());
    list.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// `1` and `^1` are one requirement.
fn normal_requirement(written: &str) -> String {
    VersionReq::parse(written).map_or_else(|_| written.to_owned(), |parsed| parsed.to_string())
}

/// The range of compatible versions that a requirement begins in; none where it names no version.
pub(super) fn series(requirement: &str) -> Option<(u64, u64, u64)> {
    let parsed = VersionReq::parse(requirement).ok()?;
    let first = parsed.comparators.first().filter(|first| !matches!(first.op, Op::Less | Op::LessEq))?;
    Some(match (first.major, first.minor, first.patch) {
        (0, Some(0), Some(patch)) => (0, 0, patch),
        (0, minor, _) => (0, minor.unwrap_or(0), 0),
        (major, ..) => (major, 0, 0),
    })
}

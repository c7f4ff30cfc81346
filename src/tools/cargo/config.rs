//! Registries as cargo's configuration names them: `--config` arguments, the environment, `.cargo/config.toml` upwards
//! from the working directory, and the one in cargo's home. Tokens are never read; only the names of variables are.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use toml_edit::DocumentMut;
use toml_edit::Item;

use super::index_probe::ByCargo;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RegistryName;
use crate::tools::registry::index;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;

/// Cargo's own hook for tests, which stands in for the index of crates.io.
pub(crate) const CRATES_IO_IN_TESTS: &str = "__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS";

/// Registries that others stand in for, by the name that plans and people use: for rehearsals, where cargo is to use
/// another registry than the one that is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StandIns(BTreeMap<RegistryName, RegistryName>);

impl StandIns {
    /// Lets one registry stand in for another.
    pub fn put(&mut self, meant: RegistryName, used: RegistryName) {
        self.0.insert(meant, used);
    }

    /// The registry that cargo is told of: the stand-in, or the one that is meant.
    pub fn used<'a>(&'a self, meant: &'a RegistryName) -> &'a RegistryName {
        self.0.get(meant).unwrap_or(meant)
    }
}

/// Whether a token for a registry is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A variable or a file has one.
    Present,
    /// There is none, and no provider that could have one.
    Absent,
    /// A provider may have one: only it can tell.
    Unknown,
}

/// Cargo's configuration, as far as it is about registries.
#[derive(Clone, Debug)]
pub struct CargoConfig {
    environment: Environment,
    stand_ins: StandIns,
    directory: PathBuf,
    given: Vec<String>,
    arguments: Vec<DocumentMut>,
    /// The nearest first.
    files: Vec<DocumentMut>,
}

impl CargoConfig {
    /// Reads the configuration that cargo would use in this directory with these `--config` arguments.
    ///
    /// # Errors
    /// A file cannot be read or is not TOML.
    pub fn read(environment: &Environment, directory: &Path, arguments: &[String]) -> Result<Self> {
        let mut documents = Vec::new();
        for argument in arguments.iter().rev() {
            let text = match argument.contains('=') {
                true => Some(argument.clone()),
                false => files::read_text(&directory.join(argument))?,
            };
            documents.push(parsed(&text.unwrap_or_default(), argument)?);
        }
        let homes = environment.cargo_home();
        let mut places: Vec<PathBuf> = directory.ancestors().map(|dir| dir.join(".cargo")).chain(homes).collect();
        let mut seen = std::collections::BTreeSet::new();
        places.retain(|place| seen.insert(place.clone()));
        let mut files = Vec::new();
        for place in places {
            files.extend(file_in(&place)?);
        }
        Ok(Self {
            environment: environment.clone(),
            directory: directory.to_owned(),
            stand_ins: StandIns::default(),
            given: arguments.to_vec(),
            arguments: documents,
            files,
        })
    }

    /// With registries that stand in for others.
    #[must_use]
    pub fn standing_in(self, stand_ins: StandIns) -> Self {
        Self { stand_ins, ..self }
    }

    /// Cargo's home.
    pub fn cargo_home(&self) -> Option<PathBuf> {
        self.environment.cargo_home()
    }

    /// The registries that stand in for others.
    pub fn stand_ins(&self) -> &StandIns {
        &self.stand_ins
    }

    /// The address of a registry's index as configured; none where it is not. `[source]` replacement is not followed: what
    /// was published is looked for where it was published. A stand-in is.
    pub fn index(&self, registry: &RegistryName) -> Option<String> {
        let registry = self.stand_ins.used(registry);
        if registry.is_crates_io() {
            let address = self.environment.text(CRATES_IO_IN_TESTS).map(sparse);
            return Some(address.unwrap_or_else(|| index::CRATES_IO.to_owned()));
        }
        self.value(&["registries", registry.as_str(), "index"], &variable(registry, "INDEX"))
    }

    /// The index of a registry, read by cargo with this configuration.
    ///
    /// # Errors
    /// There is no temporary directory for it.
    pub fn by_cargo(&self, registry: &RegistryName) -> Result<ByCargo> {
        ByCargo::new(&self.environment, &self.directory, &self.given, registry)
    }

    /// The registry that `registry.default` names.
    pub fn default_registry(&self) -> Option<RegistryName> {
        self.value(&["registry", "default"], "CARGO_REGISTRY_DEFAULT").map(RegistryName::from)
    }

    /// The source that `[source.NAME] replace-with` puts in the place of a registry.
    pub fn replacement(&self, registry: &RegistryName) -> Option<String> {
        self.value(&["source", registry.as_str(), "replace-with"], "")
    }

    /// The address of the index that packages of a registry are read from: with `[source]` replacement followed. None
    /// where that is no index: a directory of vendored packages, for example.
    pub fn source(&self, registry: &RegistryName) -> Option<String> {
        let Some(mut name) = self.replacement(registry) else { return self.index(registry) };
        let mut seen = std::collections::BTreeSet::new();
        while let Some(next) = self.value(&["source", &name, "replace-with"], "") {
            if !seen.insert(name.clone()) {
                return None;
            }
            name = next;
        }
        self.value(&["source", &name, "registry"], "").or_else(|| self.index(&RegistryName::from(name.as_str())))
    }

    /// Whether packages are put in the place of others (`[patch]`, `paths`), or may be, in a file that this one includes.
    pub fn replaces_packages(&self) -> bool {
        let keys = ["patch", "paths", "include"];
        self.documents().any(|document| keys.iter().any(|key| document.contains_key(key)))
    }

    /// All of it, as one text.
    pub fn text(&self) -> String {
        self.documents().map(ToString::to_string).collect::<Vec<_>>().join("\0")
    }

    /// Whether any source stands in for another (`[source]`).
    pub fn replaces_sources(&self) -> bool {
        self.documents().any(|document| document.contains_key("source"))
    }

    fn documents(&self) -> impl Iterator<Item = &DocumentMut> {
        self.arguments.iter().chain(&self.files)
    }

    /// Whether the user names credential providers for all registries (`registry.global-credential-providers`).
    pub fn has_providers(&self) -> bool {
        let key = ["registry", "global-credential-providers"];
        let named = |document: &DocumentMut| {
            let start: &Item = document.as_item();
            key.iter().try_fold(start, |item, part| item.get(part)).is_some()
        };
        let set = self.environment.get("CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS").is_some();
        set || self.arguments.iter().chain(&self.files).any(named)
    }

    /// The credential providers that are configured for a registry, each by its first word.
    pub fn providers(&self, registry: &RegistryName) -> Vec<String> {
        let registry = self.stand_ins.used(registry);
        let own = if registry.is_crates_io() {
            vec!["registry", "credential-provider"]
        } else {
            vec!["registries", registry.as_str(), "credential-provider"]
        };
        let find = |key: &[&str]| {
            self.arguments.iter().chain(&self.files).find_map(|document| {
                let start: &Item = document.as_item();
                key.iter().try_fold(start, |item, part| item.get(part))
            })
        };
        match (find(&own), find(&["registry", "global-credential-providers"])) {
            (Some(one), _) => first_word(one).into_iter().collect(),
            (None, Some(list)) => words(list),
            (None, None) => Vec::new(),
        }
    }

    /// The variable that holds a registry's token, where it is set.
    pub fn token_variable(&self, registry: &RegistryName) -> Option<String> {
        let used = self.stand_ins.used(registry);
        let name = if used.is_crates_io() { "CARGO_REGISTRY_TOKEN".into() } else { variable(used, "TOKEN") };
        self.has_token_variable(registry).then_some(name)
    }

    /// Whether the variable that holds a registry's token is set. Where it is not, a file or a provider may have one.
    pub fn has_token_variable(&self, registry: &RegistryName) -> bool {
        let registry = self.stand_ins.used(registry);
        let name = if registry.is_crates_io() { "CARGO_REGISTRY_TOKEN".into() } else { variable(registry, "TOKEN") };
        self.environment.get(&name).is_some()
    }

    /// Whether a token for a registry is at hand, as far as that can be told without asking for it: by the variable, by
    /// whether cargo's files have a key for it, and by which providers are asked. No value is read.
    ///
    /// # Errors
    /// The file of tokens cannot be read, or is not TOML.
    pub fn credential(&self, registry: &RegistryName) -> Result<Credential> {
        let used = self.stand_ins.used(registry);
        let (table, name): (&[&str], _) = match used.is_crates_io() {
            true => (&["registry"], "CARGO_REGISTRY"),
            false => (&["registries", used.as_str()], ""),
        };
        let own =
            if name.is_empty() { variable(used, "CREDENTIAL_PROVIDER") } else { format!("{name}_CREDENTIAL_PROVIDER") };
        let key = |last: &'static str| [table, &[last]].concat();
        let is_set = |document: &DocumentMut, key: &[&str]| item_at(document, key).is_some();
        let documents = || self.arguments.iter().chain(&self.files);
        let has_own = self.environment.get(&own).is_some()
            || documents().any(|document| is_set(document, &key("credential-provider")));
        let only_tokens = !has_own && self.only_plain_tokens();
        if only_tokens && self.has_token_variable(registry) {
            return Ok(Credential::Present);
        }
        let of_keys = |document: &DocumentMut| is_set(document, &key("token")) || is_set(document, &key("secret-key"));
        let credentials = self.credentials()?;
        Ok(match (only_tokens, documents().chain(&credentials).any(of_keys)) {
            (false, _) => Credential::Unknown,
            (true, true) => Credential::Present,
            (true, false) => Credential::Absent,
        })
    }

    /// Whether cargo looks for tokens in variables and files alone (`cargo:token`).
    fn only_plain_tokens(&self) -> bool {
        if self.environment.get("CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS").is_some() {
            return false;
        }
        let key = ["registry", "global-credential-providers"];
        let mut lists = self.arguments.iter().chain(&self.files).filter_map(|document| item_at(document, &key));
        lists.all(|list| {
            let names = list.as_array().into_iter().flatten();
            list.is_array() && names.into_iter().all(|name| name.as_str() == Some("cargo:token"))
        })
    }

    /// Cargo's file of tokens, in its home: asked for its keys alone.
    fn credentials(&self) -> Result<Option<DocumentMut>> {
        let Some(home) = self.environment.cargo_home() else { return Ok(None) };
        for path in ["credentials", "credentials.toml"].map(|name| home.join(name)) {
            let Some(text) = files::read_text(&path)? else { continue };
            // What is in it is not quoted.
            let refused = |_secret: toml_edit::TomlError| {
                Failure::unplannable(format!("cargo's file of tokens `{}` is not TOML", path.display()))
                    .help("store the token anew by `cargo login`")
            };
            return text.parse().map(Some).map_err(refused);
        }
        Ok(None)
    }

    fn value(&self, key: &[&str], variable: &str) -> Option<String> {
        let from = |documents: &[DocumentMut]| documents.iter().find_map(|document| text_at(document, key));
        from(&self.arguments)
            .or_else(|| self.environment.text(variable).map(str::to_owned))
            .or_else(|| from(&self.files))
    }
}

/// A text, or the first of a list: the name of a provider without its arguments.
fn first_word(item: &Item) -> Option<String> {
    let text = item.as_str().map(str::to_owned);
    text.or_else(|| words(item).into_iter().next())
}

/// The texts of a list.
fn words(item: &Item) -> Vec<String> {
    let list = item.as_array().into_iter().flat_map(toml_edit::Array::iter);
    list.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// The variable that cargo reads a registry's key from.
fn variable(registry: &RegistryName, key: &str) -> String {
    let name = registry.as_str().to_uppercase().replace('-', "_");
    format!("CARGO_REGISTRIES_{name}_{key}")
}

/// Cargo takes a plain address in its test hook and reads the sparse index there.
fn sparse(address: &str) -> String {
    if address.starts_with("sparse+") { address.to_owned() } else { format!("sparse+{address}") }
}

fn text_at(document: &DocumentMut, key: &[&str]) -> Option<String> {
    item_at(document, key)?.as_str().map(str::to_owned)
}

fn item_at<'a>(document: &'a DocumentMut, key: &[&str]) -> Option<&'a Item> {
    let start: &Item = document.as_item();
    key.iter().try_fold(start, |item, part| item.get(part))
}

/// The file in a `.cargo` directory: `config` wins over `config.toml`, as with cargo.
fn file_in(place: &Path) -> Result<Option<DocumentMut>> {
    for name in ["config", "config.toml"] {
        let path = place.join(name);
        if let Some(text) = files::read_text(&path)? {
            return parsed(&text, &path.display().to_string()).map(Some);
        }
    }
    Ok(None)
}

fn parsed(text: &str, from: &str) -> Result<DocumentMut> {
    text.parse().or_unplannable(|| format!("cargo's configuration `{from}` is not TOML"))
}

//! The registries of a rehearsal: a local one for each registry that packages are published to, with the real one as its
//! upstream.
//!
//! crates.io is replaced by source replacement, with which cargo packs the same bytes. If a manifest lists crates.io by
//! name, the URL of crates.io is overridden with the variable that cargo's own tests use. Any other registry keeps its name
//! and gets another index.

use std::path::Path;
use std::path::PathBuf;

use super::perform::RehearsalSpec;
use crate::error::Failure;
use crate::error::Result;
use crate::names::RegistryName;
use crate::registry::BoxedRegistry;
use crate::registry::Published;
use crate::registry::ReceivedRequest;
use crate::registry::Settings;
use crate::registry::Upstream;
use crate::tools::cargo::config::CRATES_IO_IN_TESTS;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::config::StandIns;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// The name of the registry that replaces crates.io, unless the user has a registry of that name.
const STAND_IN: &str = "rehearsal";

/// A token that only the local registries accept.
const TOKEN: &str = "a-token-that-opens-nothing-else";

/// The registries of a rehearsal, and the cargo configuration for them.
#[derive(Debug, Default)]
pub(crate) struct Boxes {
    /// The local registries, by the name of the registry they replace.
    pub(crate) registries: Vec<(RegistryName, BoxedRegistry)>,
    pub(crate) stand_ins: StandIns,
    pub(crate) cargo_config: Vec<String>,
    /// Environment variables with tokens and the URL of crates.io, for the release alone.
    variables: Vec<(String, String)>,
}

impl Boxes {
    /// Starts one for each registry that packages are published to; they store their data in `dir`.
    pub(crate) fn start(spec: &RehearsalSpec<'_>, dir: &Path) -> Result<Self> {
        let caches = caches(spec.environment)?;
        let mut boxes = Self::default();
        for meant in &spec.destinations {
            let used = if meant.is_crates_io() { stand_in(spec.registries) } else { meant.clone() };
            let index = spec.registries.source(meant).ok_or_else(|| no_index(meant))?;
            let upstream = Upstream { index, caches: caches.clone(), expected: spec.expected.clone() };
            let settings = Settings { upstream: Some(upstream), ..Settings::default() };
            let registry = BoxedRegistry::start_with(&dir.join(meant.as_str()), settings).map_err(|failure| {
                Failure::blocked(format!("{meant:#} cannot be rehearsed")).because(failure.to_string())
            })?;
            boxes.cargo_config.push(format!("registries.{used}.index=\"{}\"", registry.index_url()));
            if meant.is_crates_io() {
                boxes.cargo_config.push(format!("source.{meant}.replace-with=\"{used}\""));
                boxes.stand_in(meant, &used, spec, &registry);
            }
            let name = used.as_str().to_uppercase().replace('-', "_");
            boxes.variables.push((format!("CARGO_REGISTRIES_{name}_TOKEN"), TOKEN.to_owned()));
            boxes.registries.push((meant.clone(), registry));
        }
        // The token is in the environment; this provider takes precedence over those of the user.
        boxes.cargo_config.push("registry.global-credential-providers=[\"cargo:token\"]".to_owned());
        Ok(boxes)
    }

    /// Makes cargo upload packages for crates.io to the local registry, under its own name or as crates.io.
    fn stand_in(
        &mut self,
        meant: &RegistryName,
        used: &RegistryName,
        spec: &RehearsalSpec<'_>,
        registry: &BoxedRegistry,
    ) {
        if spec.by_name_alone {
            self.variables.push((CRATES_IO_IN_TESTS.to_owned(), registry.index_url()));
            self.variables.push(("CARGO_REGISTRY_TOKEN".to_owned(), TOKEN.to_owned()));
        } else {
            self.stand_ins.put(meant.clone(), used.clone());
        }
    }

    /// A program with these registries and their tokens in its environment.
    pub(crate) fn around(&self, program: Program) -> Program {
        self.variables.iter().fold(program, |program, (name, value)| program.env(name, value))
    }

    /// The uploads in order, each with the registry it was meant for.
    pub(crate) fn live(&self) -> Vec<(RegistryName, Published)> {
        let of = |(meant, registry): &(RegistryName, BoxedRegistry)| {
            let meant = meant.clone();
            registry.published().into_iter().map(move |published| (meant.clone(), published)).collect::<Vec<_>>()
        };
        let mut live: Vec<_> = self.registries.iter().flat_map(of).collect();
        live.sort_by_key(|(_, published)| published.uploaded_at);
        live
    }

    /// Whether a search request arrived.
    pub(crate) fn was_searched(&self) -> bool {
        let is_search = |asked: &ReceivedRequest| asked.path.starts_with("/api/v1/crates?");
        self.registries.iter().any(|(_, registry)| registry.requests().iter().any(is_search))
    }
}

fn no_index(meant: &RegistryName) -> Failure {
    Failure::blocked(format!("{meant:#} cannot be rehearsed"))
        .because("cargo's configuration has no index for it, or replaces it with a directory")
        .help("define its index with `[registries]` or `[source]` in `.cargo/config.toml`")
}

/// An unused registry name.
fn stand_in(config: &CargoConfig) -> RegistryName {
    let more = (2..).map(|number| format!("{STAND_IN}-{number}"));
    let mut names = std::iter::once(STAND_IN.to_owned()).chain(more).map(RegistryName::from);
    let free = names.find(|name| config.index(name).is_none());
    free.unwrap_or_else(|| RegistryName::from(STAND_IN))
}

/// The directories of cargo's download cache.
fn caches(environment: &Environment) -> Result<Vec<PathBuf>> {
    environment.cargo_home().map_or(Ok(Vec::new()), |home| files::directories(&home.join("registry").join("cache")))
}

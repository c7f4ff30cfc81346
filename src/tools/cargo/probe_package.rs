//! A package that is made for one question to cargo, and thrown away.

use std::path::Path;
use std::path::PathBuf;

use crate::error::Result;
use crate::names::PackageName;
use crate::tools::system::files;

/// A package with dependencies and without code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Throwaway {
    dependencies: String,
    patches: String,
    stand_ins: Vec<PackageName>,
}

/// Where a dependency comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum From<'a> {
    /// The registry of that name.
    Registry(&'a str),
    /// The registry with that index; crates.io where there is none.
    Index(Option<&'a str>),
}

/// A version that no registry has: a pre-release of nothing.
const STAND_IN: &str = "0.0.0-stand-in";

impl Throwaway {
    /// Depends on a package.
    #[must_use]
    pub(crate) fn needing(mut self, name: &PackageName, requirement: &str, from: From<'_>) -> Self {
        let place = match from {
            From::Registry(name) => format!(", registry = {}", quoted(name)),
            From::Index(Some(address)) => format!(", registry-index = {}", quoted(address)),
            From::Index(None) => String::new(),
        };
        let version = quoted(requirement);
        self.dependencies.push_str(&format!("{name} = {{ version = {version}{place} }}\n"));
        self
    }

    /// Depends on a package and has a stand-in for it, so that it resolves whatever the registry has. Cargo asks the
    /// registry for the name all the same.
    #[must_use]
    pub(crate) fn standing_in(mut self, name: &PackageName, registry: &str) -> Self {
        self = self.needing(name, &format!("={STAND_IN}"), From::Registry(registry));
        if self.patches.is_empty() {
            self.patches = format!("\n[patch.{}]\n", quoted(registry));
        }
        self.patches.push_str(&format!("{name} = {{ path = \"{name}\" }}\n"));
        self.stand_ins.push(name.clone());
        self
    }

    /// Writes it into a directory, in the place of what is there, and says where its manifest is.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, dir: &Path) -> Result<PathBuf> {
        files::remove(dir)?;
        files::write(&dir.join("lib.rs"), b"")?;
        let (dependencies, patches) = (&self.dependencies, &self.patches);
        let head = package("throwaway", "0.0.0", "lib.rs");
        let manifest = dir.join("Cargo.toml");
        let text = format!("{head}\n[workspace]\n\n[dependencies]\n{dependencies}{patches}");
        files::write(&manifest, text.as_bytes())?;
        for name in &self.stand_ins {
            let text = package(name.as_str(), STAND_IN, "../lib.rs");
            files::write(&dir.join(name.as_str()).join("Cargo.toml"), text.as_bytes())?;
        }
        Ok(manifest)
    }
}

fn package(name: &str, version: &str, lib: &str) -> String {
    let lines = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n");
    format!("{lines}\n[lib]\npath = \"{lib}\"\n")
}

fn quoted(text: &str) -> toml_edit::Value {
    toml_edit::Value::from(text)
}

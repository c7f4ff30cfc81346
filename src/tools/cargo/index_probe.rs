//! An index that only cargo can read, because reading takes a token or because it is a git repository: cargo is made to
//! ask for our names, and what it then keeps of the index is read.
//!
//! Cargo works on a throwaway package that depends on every name, each with a stand-in under `[patch]`. A stand-in makes
//! the package resolve whatever the registry has, and cargo asks the registry all the same: exit status 0 says that it
//! answered for every name, anything else that nothing is known. What it answered lies in the cache in cargo's home,
//! whole: all versions, yanked ones too. That home is a throwaway too, with links to the user's configuration and
//! credentials, which only cargo opens; so nothing in it is older than we are.
//!
//! A lock file would tell less: one version at a time, no yanked one, and nothing where its dependencies do not resolve.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use crates_index::SparseIndex;
use tempfile::TempDir;

use super::metadata;
use super::probe_package::From;
use super::probe_package::Throwaway;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::tools::registry::index::IndexConfig;
use crate::tools::registry::index::IndexVersion;
use crate::tools::registry::index::line;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;
use crate::tools::system::secrets::Secrets;

/// Any version at all, pre-releases of nothing included.
const ANY: &str = ">=0.0.0-0";

/// The files in cargo's home that say where registries are and who may read them.
const CONFIGURATION: [&str; 2] = ["config.toml", "config"];
const CREDENTIALS: [&str; 2] = ["credentials.toml", "credentials"];

/// The index of one registry, read by cargo.
pub struct ByCargo {
    cargo: Program,
    registry: RegistryName,
    dir: TempDir,
    /// There is one package and one home of cargo for all questions, and steps ask side by side.
    turn: Mutex<()>,
}

impl ByCargo {
    /// For a registry as cargo's configuration has it in this directory, with these `--config` arguments.
    ///
    /// # Errors
    /// There is no temporary directory, or no links can be made in it.
    pub fn new(
        environment: &Environment,
        directory: &Path,
        arguments: &[String],
        registry: &RegistryName,
    ) -> Result<Self> {
        let dir = tempfile::tempdir().or_world(|| "cannot create a temporary directory".into())?;
        let home = dir.path().join("home");
        files::make_dir(&home)?;
        if let Some(real) = environment.cargo_home() {
            // Where the home lies above the directory, cargo comes by its configuration anyway.
            let is_above = directory.ancestors().any(|above| above.join(".cargo") == real);
            let configuration: &[&str] = if is_above { &[] } else { &CONFIGURATION };
            for file in configuration.iter().chain(&CREDENTIALS) {
                files::link(&real.join(file), &home.join(file))?;
            }
        }
        let arguments = arguments.iter().flat_map(|argument| ["--config", argument]);
        let cargo = Program::new(metadata::cargo(environment))
            .args(["generate-lockfile", "--quiet"])
            .args(arguments)
            // The last one counts. Offline, cargo would resolve without asking.
            .args(["--config", "net.offline=false"])
            .dir(directory)
            .env("CARGO_HOME", home)
            .knowing(Secrets::All);
        Ok(Self { cargo, registry: registry.clone(), dir, turn: Mutex::new(()) })
    }

    /// What is listed under these names, yanked versions too; none where a name is not there.
    ///
    /// # Errors
    /// Cargo could not read the index either, or we cannot read what it keeps of it.
    pub fn lookup_all(&self, names: &[PackageName]) -> Result<BTreeMap<PackageName, Option<Vec<IndexVersion>>>> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let registry = self.registry.as_str();
        let question = names.iter().fold(Throwaway::default(), |package, name| package.standing_in(name, registry));
        let asked = self.resolve(&question)?;
        if !asked.success() {
            let why = asked.tail(6).replace('\n', " ");
            return Err(
                Failure::world(format!("cargo cannot read the index of {:#} either", self.registry)).because(why)
            );
        }
        let kept = self.kept()?;
        names.iter().map(|name| Ok((name.clone(), self.listed(&kept, name)?))).collect()
    }

    /// The index's `config.json`, where cargo keeps one: after the first look into a sparse index.
    pub fn config(&self) -> IndexConfig {
        let text = self.kept().and_then(|kept| files::read_text(&kept.join("config.json"))).ok().flatten();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn listed(&self, kept: &Path, name: &PackageName) -> Result<Option<Vec<IndexVersion>>> {
        // Only the directory counts here: no request is made to the address.
        let index = SparseIndex::at_path(kept.to_owned(), "sparse+http://localhost/".to_owned());
        match index.crate_from_cache(name.as_str()) {
            Ok(listed) => Ok(Some(listed.versions().iter().filter_map(line).collect())),
            Err(crates_index::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                self.is_absent(kept, name).map(|()| None)
            }
            Err(error) => Err(error).or_world(|| format!("what cargo keeps of `{name}` cannot be read")),
        }
    }

    /// Cargo keeps nothing of a name that is not there. As long as it kept nothing at all, that we look in the right
    /// place is not proven: then it must not be able to resolve the name either.
    fn is_absent(&self, kept: &Path, name: &PackageName) -> Result<()> {
        let place_is_known = !files::is_empty_or_absent(&kept.join(".cache"))?;
        let any = Throwaway::default().needing(name, ANY, From::Registry(self.registry.as_str()));
        if place_is_known || !self.resolve(&any)?.success() {
            return Ok(());
        }
        Err(Failure::world(format!("cargo finds `{name}`, and we do not find what it keeps of the index"))
            .because("this version of cargo keeps it elsewhere"))
    }

    /// The directory in which cargo keeps what it knows of the index: the only one, in a home of its own.
    fn kept(&self) -> Result<PathBuf> {
        let all = files::directories(&self.dir.path().join("home").join("registry").join("index"))?;
        let [only] = all.as_slice() else {
            return Err(Failure::world(format!("cargo keeps {} indexes where one was asked", all.len())));
        };
        Ok(only.clone())
    }

    /// Whether cargo can resolve a package.
    fn resolve(&self, package: &Throwaway) -> Result<Output> {
        let manifest = package.write(&self.dir.path().join("throwaway"))?;
        self.cargo.clone().arg("--manifest-path").arg(manifest).run()
    }
}

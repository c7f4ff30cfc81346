//! The `cargo` program: packing, uploading, owners. Tokens are cargo's affair: they are never read here, and taken out of
//! the environment of every call that could run a build script.

use std::path::Path;
use std::path::PathBuf;

use super::config::StandIns;
use super::metadata::MetadataQuery;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::tools::system::environment::Environment;
use crate::tools::system::process::Program;
use crate::tools::system::secrets::Secrets;

/// Cargo for the tree that is released.
///
/// It runs in the user's checkout, so that its configuration is read once and from where the user has it, on the
/// manifest of the stage, with the checkout's target directory.
#[derive(Clone, Debug)]
pub(crate) struct Cargo {
    program: PathBuf,
    directory: PathBuf,
    manifest: PathBuf,
    target_dir: PathBuf,
    /// Where packages are built for verification, where that is not the target directory.
    build_dir: Option<PathBuf>,
    overrides: Vec<String>,
    upload_overrides: Vec<String>,
    stand_ins: StandIns,
}

/// How packages are built for verification.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BuildFlags<'a> {
    /// `false` packs without building.
    pub compile: bool,
    /// Features.
    pub features: &'a [String],
    /// All features.
    pub all_features: bool,
    /// The target triple.
    pub target: Option<&'a str>,
}

impl Cargo {
    /// Cargo as this process was given it (`CARGO`), else from the `PATH`.
    pub(crate) fn new(environment: &Environment, directory: &Path, manifest: &Path, target_dir: &Path) -> Self {
        Self {
            program: environment.get("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from),
            directory: directory.to_owned(),
            manifest: manifest.to_owned(),
            target_dir: target_dir.to_owned(),
            build_dir: None,
            overrides: Vec::new(),
            upload_overrides: Vec::new(),
            stand_ins: StandIns::default(),
        }
    }

    /// Tells cargo of the registries that stand in for those that are meant.
    #[must_use]
    pub(crate) fn standing_in(self, stand_ins: &StandIns) -> Self {
        Self { stand_ins: stand_ins.clone(), ..self }
    }

    /// Adds `--config KEY=VALUE` to every call.
    #[must_use]
    pub(crate) fn overridden(mut self, overrides: &[String]) -> Self {
        self.overrides.extend(overrides.iter().cloned());
        self
    }

    /// Adds `--config KEY=VALUE` to calls that write to a registry.
    #[must_use]
    pub(crate) fn uploading_with(mut self, overrides: &[String]) -> Self {
        self.upload_overrides.extend(overrides.iter().cloned());
        self
    }

    /// The toolchain, as cargo and rustc tell it.
    ///
    /// # Errors
    /// cargo cannot be started.
    pub(crate) fn toolchain(&self) -> Result<String> {
        // Not `-vV`: cargo asks another program for the name of the system then, which takes longest of all.
        let cargo = Program::new(&self.program).dir(&self.directory).arg("-V").succeed()?.text();
        // Where there is no rustc nothing is built.
        let rustc = Program::new("rustc").dir(&self.directory).arg("-vV").run().map(|output| output.text());
        Ok(format!("{cargo}\n{}", rustc.unwrap_or_default()))
    }

    /// The target directory.
    pub(crate) fn target_dir(&self) -> &Path {
        &self.target_dir
    }

    /// Where `cargo package` leaves an archive.
    pub(crate) fn archive(&self, name: &PackageName, version: &semver::Version) -> PathBuf {
        self.target_dir.join("package").join(format!("{name}-{version}.crate"))
    }

    /// Where it leaves the index of what it packs, for as long as it packs.
    pub(crate) fn index_of_packed(&self) -> PathBuf {
        self.build_dir().join("package").join("tmp-registry")
    }

    /// Where `cargo package` leaves the line of the index that it makes for a package while it packs others.
    pub(crate) fn index_line(&self, package: &PackageName) -> PathBuf {
        self.index_of_packed().join("index").join(crate::tools::registry::index::path_of(package.as_str()))
    }

    /// Lets it keep what it builds here instead of in the target directory.
    #[must_use]
    pub(crate) fn building_in(self, dir: &Path) -> Self {
        Self { build_dir: Some(dir.to_owned()), ..self }
    }

    fn build_dir(&self) -> &Path {
        self.build_dir.as_ref().unwrap_or(&self.target_dir)
    }

    /// `cargo package`, without any token in its environment. What it packs is left below the target directory, whatever
    /// `build.build-dir` says.
    pub(crate) fn package(&self, registry: &RegistryName, packages: &[&PackageName], build: BuildFlags<'_>) -> Program {
        self.package_for(["--registry", self.stand_ins.used(registry).as_str()], packages, build)
    }

    /// `cargo package` on top of what the index at this address shows. Cargo lays what it packs over the source that it
    /// is given here, and not over one that this is replaced with.
    pub(crate) fn package_for_index(&self, index: &str, packages: &[&PackageName], build: BuildFlags<'_>) -> Program {
        self.package_for(["--index", index], packages, build)
    }

    fn package_for(&self, registry: [&str; 2], packages: &[&PackageName], build: BuildFlags<'_>) -> Program {
        let build_dir = toml_edit::Value::from(self.build_dir().to_string_lossy().as_ref());
        let mut program = self.call("package").args(["--config", &format!("build.build-dir={build_dir}")]);
        program = program.arg("--locked").args(registry);
        for package in packages {
            program = program.args(["--package", package.as_str()]);
        }
        flags(program, build).knowing(Secrets::None)
    }

    /// `cargo fetch` of what the lock file names. No build script runs, so that a token may be there.
    pub(crate) fn fetch(&self) -> Program {
        self.fetch_for(&self.manifest).arg("--locked")
    }

    /// `cargo fetch` of what another package needs.
    pub(crate) fn fetch_for(&self, manifest: &Path) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).arg("fetch");
        self.with_overrides(program).arg("--manifest-path").arg(manifest).knowing(Secrets::All)
    }

    /// The question what the manifests say.
    pub(crate) fn question(&self) -> MetadataQuery {
        MetadataQuery {
            cargo: self.program.clone().into(),
            directory: self.directory.clone(),
            manifest: Some(self.manifest.clone()),
            offline: false,
            config: self.overrides.clone(),
        }
    }

    /// `cargo publish` of one package that was verified before. Nothing is built, so that no feature is named: cargo would
    /// refuse one that the package has not.
    pub(crate) fn publish(&self, registry: &RegistryName, package: &PackageName) -> Program {
        let build = BuildFlags { compile: false, features: &[], all_features: false, target: None };
        let arguments =
            ["--locked", "--registry", self.stand_ins.used(registry).as_str(), "--package", package.as_str()];
        flags(self.writing(self.call("publish")).args(arguments), build)
    }

    /// `cargo owner --add`.
    pub(crate) fn add_owners(&self, registry: &RegistryName, package: &PackageName, owners: &[String]) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).arg("owner");
        let program = self.writing(self.with_overrides(program));
        let program = program.args(["--registry", self.stand_ins.used(registry).as_str()]);
        owners.iter().fold(program, |program, owner| program.args(["--add", owner])).arg(package.as_str())
    }

    /// `cargo owner --remove`.
    pub(crate) fn remove_owner(&self, registry: &RegistryName, package: &PackageName, login: &str) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).arg("owner");
        let program = self.writing(self.with_overrides(program));
        program.args(["--registry", self.stand_ins.used(registry).as_str(), "--remove", login]).arg(package.as_str())
    }

    /// `cargo yank`, or with `undo` the way back.
    pub(crate) fn yank(
        &self,
        registry: &RegistryName,
        package: &PackageName,
        version: &semver::Version,
        undo: bool,
    ) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).arg("yank");
        let program = self.writing(self.with_overrides(program));
        let program = program.args(["--registry", self.stand_ins.used(registry).as_str()]);
        let program = program.args(["--version", &version.to_string()]).args(undo.then_some("--undo"));
        program.arg(package.as_str())
    }

    /// `cargo package --list` of one package of the workspace with this manifest: what would be packed.
    pub(crate) fn list(&self, manifest: &Path, package: &PackageName) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).args(["package", "--list", "--allow-dirty"]);
        let program = program.arg("--manifest-path").arg(manifest).args(["--package", package.as_str()]);
        self.with_overrides(program)
    }

    /// `cargo generate-lockfile` for a workspace that commits none.
    pub(crate) fn generate_lockfile(&self) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).arg("generate-lockfile");
        self.with_overrides(program).arg("--manifest-path").arg(&self.manifest)
    }

    /// `cargo metadata` that is content with the lock file, or fails.
    pub(crate) fn holds_lockfile(&self) -> Program {
        let program =
            Program::new(&self.program).dir(&self.directory).args(["metadata", "--format-version=1", "--locked"]);
        self.with_overrides(program).arg("--manifest-path").arg(&self.manifest).knowing(Secrets::None)
    }

    /// `cargo update --workspace`: adds to the lock file what is missing, and moves nothing else. No build script runs, so
    /// that a token may be there.
    pub(crate) fn resolve_lockfile(&self) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).args(["update", "--workspace"]);
        self.with_overrides(program).arg("--manifest-path").arg(&self.manifest)
    }

    fn call(&self, verb: &str) -> Program {
        let program = Program::new(&self.program).dir(&self.directory).arg(verb);
        let program = program.arg("--manifest-path").arg(&self.manifest).arg("--target-dir").arg(&self.target_dir);
        self.with_overrides(program)
    }

    fn with_overrides(&self, program: Program) -> Program {
        self.overrides.iter().fold(program, |program, pair| program.args(["--config", pair]))
    }

    /// A call that writes to a registry: it gets the tokens.
    fn writing(&self, program: Program) -> Program {
        let program = program.knowing(Secrets::All);
        self.upload_overrides.iter().fold(program, |program, pair| program.args(["--config", pair]))
    }
}

fn flags(mut program: Program, build: BuildFlags<'_>) -> Program {
    if !build.compile {
        program = program.arg("--no-verify");
    }
    if build.all_features {
        program = program.arg("--all-features");
    }
    if !build.features.is_empty() {
        program = program.arg("--features").arg(build.features.join(","));
    }
    match build.target {
        Some(target) => program.args(["--target", target]),
        None => program,
    }
}

/// What cargo says of its version: `cargo 1.95.0 (f2d3ce0bd 2026-03-21)`.
///
/// # Errors
/// It cannot be started.
pub(crate) fn version(environment: &Environment) -> Result<String> {
    Ok(Program::new(super::metadata::cargo(environment)).arg("--version").succeed()?.text())
}

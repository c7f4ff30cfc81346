//! The registry as it will be when a package is uploaded: what is live, and on top of it the packages of this release
//! that come before. For packages that cargo cannot be given all at once.
//!
//! It is a registry in a box in front of the one that packages go to, put in its place by cargo's source replacement: what
//! is packed is packed as for the real one. Cargo has a separate home for as long, so that nothing of the box is left in
//! the user's, and a separate directory for what it builds, so that it does not replace what the user has built. Both
//! have the same place for all verifications of a workspace, and the box the same address: what was downloaded, unpacked
//! and built for one is there for the next.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use crate::apply::step_context::StepContext;
use crate::apply::step_context::build_flags;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::manifest::lock;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::Build;
use crate::plan::Verify;
use crate::registry::BoxedRegistry;
use crate::registry::Settings;
use crate::registry::Upstream;
use crate::tools::cargo::run::Cargo;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// What stands in for the registry, and what the registry is called as a source where cargo has no name for it.
const STAND_IN: &str = "cargo-release-verified";
const MEANT: &str = "cargo-release-meant";

/// The files that cargo's home may be configured by.
const CONFIGURATIONS: [&str; 2] = ["config", "config.toml"];

/// The first of the ports that the registry in the box may have, and how many there are: below those that systems give
/// away by themselves.
const PORTS: (u16, u16) = (20_000, 12_000);

/// A registry with what was verified on top of what is live.
pub(crate) struct Overlay<'a> {
    context: &'a StepContext<'a>,
    verify: &'a Verify,
    registry: BoxedRegistry,
    /// The address of the index that is meant.
    index: String,
    /// Cargo's home.
    home: PathBuf,
    cargo: Cargo,
}

impl<'a> Overlay<'a> {
    /// Opens it, with what the verifications before this one packed.
    ///
    /// # Errors
    /// The registry that is meant cannot stand behind it: it shows nothing without a token, or speaks another protocol.
    pub(crate) fn open(verify: &'a Verify, context: &'a StepContext<'a>) -> Result<Self> {
        let world = context.world;
        let meant = &verify.registry;
        let index = world.registries.source(meant).ok_or_else(|| cannot(meant))?;
        let home = world.room.overlay();
        let upstream = Upstream { index: index.clone(), caches: caches(context)?, expected: expected(&home, context)? };
        let settings = Settings { upstream: Some(upstream), port: port(&home, meant), ..Settings::default() };
        let registry = BoxedRegistry::start_with(&home.join("shelf").join(meant.as_str()), settings)
            .map_err(|failure| cannot(meant).because(failure.to_string()))?;
        let cargo = world.cargo.clone().building_in(&world.cargo.target_dir().join("cargo-release"));
        // An overlay of cargo's own that an earlier run left makes it fail, here as well.
        files::remove(&cargo.index_of_packed())?;
        let overlay = Self { context, verify, registry, index, home, cargo };
        overlay.furnish()?;
        let steps = context.journal.plan().steps.iter().take_while(|step| step.id != context.step.id);
        let proofs = steps.filter_map(|step| context.journal.proof(&step.id)).flat_map(Proof::verified);
        let known = proofs.filter(|known| known.registry == *meant);
        // What was packed by one step and built by another is there once.
        let known: BTreeMap<&PackageName, &Verified> = known.map(|known| (&known.name, known)).collect();
        known.into_values().try_for_each(|known| overlay.stock(known))?;
        Ok(overlay)
    }

    /// Gives cargo's home the user's configuration.
    fn furnish(&self) -> Result<()> {
        let Some(home) = self.context.world.environment.cargo_home() else { return Ok(()) };
        for name in CONFIGURATIONS {
            if files::read(&home.join(name))?.is_some() {
                files::copy(&home.join(name), &self.home.join(name))?;
            }
        }
        Ok(())
    }

    /// `cargo package`, as on the day when the packages before these are live.
    pub(crate) fn package(&self, names: &[&PackageName], build: &Build) -> Program {
        let meant = &self.verify.registry;
        let source = if meant.is_crates_io() { meant.as_str() } else { MEANT };
        let index = self.registry.index_url();
        let mut program = self.cargo.package_for_index(&index, names, build_flags(build)).args([
            "--config".to_owned(),
            format!("registries.{STAND_IN}.index=\"{index}\""),
            "--config".to_owned(),
            format!("source.{source}.replace-with=\"{STAND_IN}\""),
        ]);
        if !meant.is_crates_io() {
            program = program.args(["--config".to_owned(), format!("source.{source}.registry=\"{}\"", self.index)]);
        }
        let program = self.context.packing(program);
        self.context.world.environment.reaching_loopback(program.env("CARGO_HOME", &self.home))
    }

    /// Keeps the line that cargo has just written for a package into the index of its own overlay, for those that are
    /// packed on top of it.
    pub(crate) fn keep(&self, known: &Verified) -> Result<()> {
        let path = self.cargo.index_line(&known.name);
        let line = files::read(&path)?.ok_or_else(|| {
            Failure::world(format!("cargo packed `{}` and left no line for an index", known.name))
                .because(format!("`{}` does not exist", path.display()))
        })?;
        files::write(&line_of(self.context, known), &line)
    }

    fn stock(&self, known: &Verified) -> Result<()> {
        let line = files::read_text(&line_of(self.context, known))?;
        let archive = files::read(&self.context.world.kept_archive(known))?;
        match (line, archive) {
            (Some(line), Some(archive)) => self.registry.stock(&line, &archive),
            (None, _) | (_, None) => {
                Err(Failure::bug(format!("`{} {}` was verified and is not kept", known.name, known.version)))
            }
        }
    }
}

/// The configuration may hold a token. It is there while cargo runs, and the rest of the home stays for the next.
impl Drop for Overlay<'_> {
    fn drop(&mut self) {
        for name in CONFIGURATIONS {
            // What cannot be removed now goes with the whole home, when the release ends.
            drop(files::remove(&self.home.join(name)));
        }
    }
}

/// The port of the box: the same whenever this workspace is verified, because cargo builds everything anew that it has
/// from another address.
fn port(home: &Path, meant: &RegistryName) -> u16 {
    let (first, count) = PORTS;
    let digest = Digest::of(format!("{}\0{meant}", home.display()).as_bytes()).to_string();
    let number = digest.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok()).unwrap_or(0);
    first + number % count
}

/// The names that cargo is going to ask the box for: those of the lock file, where it has asked for none yet.
fn expected(home: &Path, context: &StepContext<'_>) -> Result<Vec<PackageName>> {
    if !files::directories(&home.join("registry"))?.is_empty() {
        return Ok(Vec::new());
    }
    let lock = files::read_text(&context.world.staged(&context.world.workspace.join("Cargo.lock")))?;
    Ok(lock.as_deref().map(lock::names).unwrap_or_default())
}

/// Where the line of a verified package is kept.
fn line_of(context: &StepContext<'_>, known: &Verified) -> PathBuf {
    context.world.kept_archive(known).with_extension("index")
}

/// Where cargo keeps archives that it has downloaded.
fn caches(context: &StepContext<'_>) -> Result<Vec<PathBuf>> {
    let home = context.world.environment.cargo_home();
    home.map_or(Ok(Vec::new()), |home| files::directories(&home.join("registry").join("cache")))
}

fn cannot(meant: &RegistryName) -> Failure {
    Failure::blocked(format!("these packages cannot be verified together for {meant:#}"))
        .because("each must be packed on top of the others, which cargo cannot do in one call")
        .help("release them one at a time (`-p`), dependencies first")
        .help("or use `path` instead of `[patch]` between them, and drop `version` from dev-dependencies")
}

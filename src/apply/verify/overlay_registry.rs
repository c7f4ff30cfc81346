//! The registry as it will be when a package is uploaded: what is live, and on top of it the packages of this release
//! that come before. For packages that cargo would pack in another order, or cannot be given all at once.
//!
//! It is a registry in a box in front of the one that packages go to, put in its place by cargo's source replacement: what
//! is packed is packed as for the real one. Cargo has a home of its own for as long, so that nothing of the box is left
//! in the user's.

use std::path::PathBuf;

use crate::apply::step_context::StepContext;
use crate::apply::step_context::build_flags;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Verified;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::Build;
use crate::plan::Verify;
use crate::registry::BoxedRegistry;
use crate::registry::Settings;
use crate::registry::Upstream;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// What stands in for the registry, and what the registry is called as a source where cargo has no name for it.
const STAND_IN: &str = "cargo-release-verified";
const MEANT: &str = "cargo-release-meant";

/// A registry with what was verified on top of what is live.
pub(crate) struct Overlay<'a> {
    context: &'a StepContext<'a>,
    verify: &'a Verify,
    registry: BoxedRegistry,
    /// The address of the index that is meant.
    index: String,
    /// Cargo's home.
    home: tempfile::TempDir,
}

impl<'a> Overlay<'a> {
    /// Opens it, with what earlier verifications of this release left.
    ///
    /// # Errors
    /// The registry that is meant cannot stand behind it: it shows nothing without a token, or speaks another protocol.
    pub(crate) fn open(verify: &'a Verify, context: &'a StepContext<'a>) -> Result<Self> {
        let meant = &verify.registry;
        let index = context.world.registries.source(meant).ok_or_else(|| cannot(meant))?;
        let home = tempfile::tempdir().or_world(|| "cannot create a temporary directory".into())?;
        let upstream = Upstream { index: index.clone(), caches: caches(context)?, expected: Vec::new() };
        let settings = Settings { upstream: Some(upstream), ..Settings::default() };
        let registry = BoxedRegistry::start_with(&home.path().join("shelf"), settings)
            .map_err(|failure| cannot(meant).because(failure.to_string()))?;
        let overlay = Self { context, verify, registry, index, home };
        overlay.furnish()?;
        let plan = context.journal.plan();
        let mut before = plan.publish_order.iter().filter_map(|name| context.journal.verified(name, meant));
        before.try_for_each(|known| overlay.stock(known))?;
        Ok(overlay)
    }

    /// Gives cargo's home the user's configuration.
    fn furnish(&self) -> Result<()> {
        let Some(home) = self.context.world.environment.cargo_home() else { return Ok(()) };
        for name in ["config", "config.toml"] {
            if files::read(&home.join(name))?.is_some() {
                files::copy(&home.join(name), &self.home.path().join(name))?;
            }
        }
        Ok(())
    }

    /// `cargo package` of one package, as on the day when the packages before it are live.
    pub(crate) fn package(&self, name: &PackageName, build: &Build) -> Program {
        let meant = &self.verify.registry;
        let source = if meant.is_crates_io() { meant.as_str() } else { MEANT };
        let mut program = self.context.world.cargo.package(meant, &[name], build_flags(build)).args([
            "--config".to_owned(),
            format!("registries.{STAND_IN}.index=\"{}\"", self.registry.index_url()),
            "--config".to_owned(),
            format!("source.{source}.replace-with=\"{STAND_IN}\""),
        ]);
        if !meant.is_crates_io() {
            program = program.args(["--config".to_owned(), format!("source.{source}.registry=\"{}\"", self.index)]);
        }
        let program = self.context.packing(program);
        self.context.world.environment.reaching_loopback(program.env("CARGO_HOME", self.home.path()))
    }

    /// Keeps the line that cargo has just written for a package into the index of its own overlay, and puts the package
    /// on the shelf.
    pub(crate) fn add(&self, known: &Verified) -> Result<()> {
        let path = self.context.world.cargo.index_line(&known.name);
        let line = files::read(&path)?.ok_or_else(|| {
            Failure::world(format!("cargo packed `{}` and left no line for an index", known.name))
                .because(format!("`{}` does not exist", path.display()))
        })?;
        files::write(&line_of(self.context, known), &line)?;
        self.stock(known)
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

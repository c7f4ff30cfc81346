//! Runs a rehearsal from start to end.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use super::clone;
use super::clone::Clone;
use super::directory;
use super::env::Inside;
use super::local_registries::Boxes;
use super::summary::Ending;
use super::summary::Phase;
use super::unwritten;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::semver_checks;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// The input of a rehearsal.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub(crate) struct RehearsalSpec<'a> {
    /// The environment of the user's process.
    pub environment: &'a Environment,
    /// The arguments of the user's call, without the program name.
    pub arguments: &'a [OsString],
    /// The root of the user's checkout.
    pub root: &'a Path,
    /// The root of the workspace in the checkout.
    pub workspace: &'a Path,
    /// The current branch.
    pub branch: &'a str,
    /// The name of the remote that is pushed to.
    pub remote: &'a str,
    /// The registries in cargo's configuration.
    pub registries: &'a CargoConfig,
    /// The registries that packages are published to.
    pub destinations: Vec<RegistryName>,
    /// Whether a package lists crates.io by name (`publish = ["crates-io"]`), so that no other registry can replace it.
    pub by_name_alone: bool,
    /// The package names that cargo will query, to prefetch them.
    pub expected: Vec<PackageName>,
    /// Globs of untracked files that the release copies.
    pub copied: &'a [String],
    /// Whether git hooks run.
    pub hooks: bool,
    /// Whether the summary is printed as JSON.
    pub as_json: bool,
    /// Returns how long each phase of a finished release took.
    pub phases: fn(&Path, &Path) -> Vec<Phase>,
}

/// The cargo configuration for uploads: a proxy that does not exist, for everything except 127.0.0.1. An upload can then
/// not leave this machine, whatever registry cargo resolves.
const NOWHERE_ELSE: &str = "http.proxy=\"http://127.0.0.1:9\"";

/// The output of a rehearsal.
struct Stand<'a> {
    kept: Option<&'a Path>,
    out: &'a mut dyn Write,
}

/// The sandbox of a rehearsal.
struct RehearsalWorld {
    dir: PathBuf,
    clone: Clone,
    boxes: Boxes,
}

/// Releases a clone in the given directory, which is kept, or in a temporary one, which is kept only after a failure.
///
/// # Errors
/// The sandbox cannot be created, or the release in it fails; then with the kind of its failure.
pub(crate) fn perform(spec: &RehearsalSpec<'_>, keep: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let dir = directory(spec.environment, keep, "cargo-release-rehearsal-")?;
    let watch = Stopwatch::start();
    let kept = keep.map(|_| dir.as_path());
    let ended = RehearsalWorld::make(spec, &dir).and_then(|world| world.play(spec, watch, Stand { kept, out }));
    let stays = keep.is_some() || ended.as_ref().is_err_and(|failure| is_worth_a_look(failure.kind()));
    if !stays {
        files::remove(&dir)?;
        return ended;
    }
    let where_it_is = format!("The sandbox is kept in `{}`; remove it with `rm -r {0}`", dir.display());
    match ended {
        Ok(()) if spec.as_json => Ok(()),
        Ok(()) => writeln!(out, "{where_it_is}").or_world(unwritten),
        Err(failure) => Err(failure.help(where_it_is)),
    }
}

/// Whether the sandbox may help to find the cause of a failure.
fn is_worth_a_look(kind: Kind) -> bool {
    match kind {
        Kind::Blocked | Kind::Unplannable => false,
        Kind::Interrupted | Kind::World | Kind::Bug => true,
    }
}

impl RehearsalWorld {
    fn make(spec: &RehearsalSpec<'_>, dir: &Path) -> Result<Self> {
        // git and cargo report canonical paths, and the temporary directory may be a link.
        let dir = files::canonical(dir)?;
        let boxes = Boxes::start(spec, &dir.join("registry"))?;
        let clone = clone::make(spec, &dir)?;
        if let Some(home) = spec.environment.cargo_home() {
            clone::copy_configuration(&home, &dir.join("cargo-home"))?;
        }
        let world = Self { dir, clone, boxes };
        if spec.by_name_alone { world.refuse_deaf_cargo(spec) } else { Ok(()) }.map(|()| world)
    }

    /// Checks that cargo uses the local registry as crates.io: a search must arrive there.
    fn refuse_deaf_cargo(&self, spec: &RehearsalSpec<'_>) -> Result<()> {
        let cargo = spec.environment.get("CARGO").map_or_else(|| OsString::from("cargo"), OsString::from);
        let asked = Program::new(cargo).args(["search", "--limit", "1", "--registry", "crates-io", "rehearsal"]);
        let asked = [&self.boxes.cargo_config[..], &[NOWHERE_ELSE.to_owned()]]
            .concat()
            .iter()
            .fold(asked, |asked, pair| asked.args(["--config", pair]));
        let asked = asked.dir(&self.clone.checkout).env("CARGO_HOME", self.dir.join("cargo-home"));
        // The result does not matter: the local registry finds nothing, which some versions of cargo treat as an error.
        let said = self.boxes.around(spec.environment.reaching_loopback(asked)).run()?;
        if self.boxes.was_searched() {
            return Ok(());
        }
        Err(Failure::blocked(
            "packages with `publish = [\"crates-io\"]` cannot be rehearsed with this version of cargo",
        )
        .because("this cargo does not let another registry replace crates.io for them")
        .because(said.tail(3))
        .help("exclude them from the rehearsal with `--exclude`, and verify them with `cargo release check`"))
    }

    fn play(&self, spec: &RehearsalSpec<'_>, watch: Stopwatch, stand: Stand<'_>) -> Result<()> {
        let prepared = watch.elapsed();
        let code = self.release(spec)?.hand_over()?;
        let inside = spec.workspace.strip_prefix(spec.root).unwrap_or(Path::new(""));
        let ending = Ending {
            live: self.boxes.live(),
            prepared,
            whole: watch.elapsed(),
            phases: (spec.phases)(&self.clone.checkout, inside),
            kept: stand.kept,
        };
        ending.tell(spec.as_json, stand.out)?;
        match code {
            Some(0) => Ok(()),
            code => Err(not_through(code)),
        }
    }

    /// This program in the clone, with the user's arguments. It has only the tokens of the local registries, and a separate
    /// cargo home.
    fn release(&self, spec: &RehearsalSpec<'_>) -> Result<Program> {
        let inside = Inside {
            stand_ins: self.boxes.stand_ins.clone(),
            cargo_config: self.boxes.cargo_config.clone(),
            upload_config: vec![NOWHERE_ELSE.to_owned()],
            original: spec.root.to_owned(),
            clone: self.clone.checkout.clone(),
            called_in: spec.environment.directory().to_owned(),
        };
        let (variable, path) = inside.announce(&self.dir.join("rehearsal.json"))?;
        let program = Program::new(spec.environment.executable())
            .args(spec.arguments)
            .dir(&self.start(&inside, spec))
            .env(variable, path)
            .env("CARGO_HOME", self.dir.join("cargo-home"))
            .env("CARGO_TARGET_DIR", self.dir.join("target"));
        // It might not be found with the separate cargo home, and the plan would differ.
        let program = semver_checks::located(spec.environment)
            .iter()
            .fold(program, |program, found| program.env(semver_checks::VARIABLE, found));
        Ok(self.boxes.around(spec.environment.reaching_loopback(program)))
    }

    /// The directory of the user's call, in the clone; the workspace if the user called from elsewhere.
    fn start(&self, inside: &Inside, spec: &RehearsalSpec<'_>) -> PathBuf {
        let there = inside.moved(spec.environment.directory());
        let there = if there.starts_with(&self.clone.checkout) { there } else { inside.moved(spec.workspace) };
        if there.exists() { there } else { inside.moved(spec.workspace) }
    }
}

/// A failure with the kind of the release's exit status.
fn not_through(code: Option<i32>) -> Failure {
    let kinds = [Kind::Blocked, Kind::Unplannable, Kind::Interrupted, Kind::World, Kind::Bug];
    let kind = kinds.into_iter().find(|kind| code == Some(i32::from(kind.exit_code()))).unwrap_or(Kind::World);
    Failure::new(kind, "the rehearsed release failed").because(match code {
        Some(code) => format!("it exited with status {code}; see its output above"),
        None => "it was killed by a signal".to_owned(),
    })
}

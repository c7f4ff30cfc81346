//! A rehearsal from beginning to end.

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

/// What is rehearsed.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
pub struct RehearsalSpec<'a> {
    /// The environment of the user's call.
    pub environment: &'a Environment,
    /// The arguments of the user's call, the program's own name left out.
    pub arguments: &'a [OsString],
    /// The root of the user's checkout.
    pub root: &'a Path,
    /// The root of the workspace in it.
    pub workspace: &'a Path,
    /// The branch that is checked out.
    pub branch: &'a str,
    /// The name of the remote that is pushed to.
    pub remote: &'a str,
    /// What cargo's configuration says of registries.
    pub registries: &'a CargoConfig,
    /// The registries that packages go to.
    pub destinations: Vec<RegistryName>,
    /// Whether a package may go to crates.io by name alone (`publish = ["crates-io"]`): then no other name can stand in.
    pub by_name_alone: bool,
    /// The names that cargo is going to ask a registry for.
    pub expected: Vec<PackageName>,
    /// Globs of files that no commit has and the release takes along.
    pub copied: &'a [String],
    /// Whether git's hooks run.
    pub hooks: bool,
    /// Whether the end is told as JSON.
    pub as_json: bool,
    /// What the release of a workspace in a checkout took, by what it did, once it is over.
    pub phases: fn(&Path, &Path) -> Vec<Phase>,
}

/// Cargo's configuration for uploads: a proxy that is not there, for all but 127.0.0.1. Whatever cargo believes the
/// registry to be, nothing else can be reached.
const NOWHERE_ELSE: &str = "http.proxy=\"http://127.0.0.1:9\"";

/// Where a rehearsal is told of.
struct Stand<'a> {
    kept: Option<&'a Path>,
    out: &'a mut dyn Write,
}

/// The world of a rehearsal.
struct World {
    dir: PathBuf,
    clone: Clone,
    boxes: Boxes,
}

/// Releases a clone for real, in a directory of its own: the one given, which stays, or a temporary one, which stays
/// only where something went wrong in it.
///
/// # Errors
/// The world cannot be made, or the release does not go through; then with the kind of failure that it ended with.
pub fn perform(spec: &RehearsalSpec<'_>, keep: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let dir = directory(spec.environment, keep, "cargo-release-rehearsal-")?;
    let watch = Stopwatch::start();
    let kept = keep.map(|_| dir.as_path());
    let ended = World::make(spec, &dir).and_then(|world| world.play(spec, watch, Stand { kept, out }));
    let stays = keep.is_some() || ended.as_ref().is_err_and(|failure| is_worth_a_look(failure.kind()));
    if !stays {
        files::remove(&dir)?;
        return ended;
    }
    let where_it_is = format!("everything is left in `{}`; to tidy up: rm -r {0}", dir.display());
    match ended {
        Ok(()) if spec.as_json => Ok(()),
        Ok(()) => writeln!(out, "{where_it_is}").or_world(unwritten),
        Err(failure) => Err(failure.help(where_it_is)),
    }
}

/// Whether the clone or the box may tell what went wrong.
fn is_worth_a_look(kind: Kind) -> bool {
    match kind {
        Kind::Blocked | Kind::Unplannable => false,
        Kind::Interrupted | Kind::World | Kind::Bug => true,
    }
}

impl World {
    fn make(spec: &RehearsalSpec<'_>, dir: &Path) -> Result<Self> {
        // Where a temporary directory is reached by a link, git and cargo tell it by its own name.
        let dir = files::canonical(dir)?;
        let boxes = Boxes::start(spec, &dir.join("registry"))?;
        let clone = clone::make(spec, &dir)?;
        if let Some(home) = spec.environment.cargo_home() {
            clone::copy_configuration(&home, &dir.join("cargo-home"))?;
        }
        let world = Self { dir, clone, boxes };
        if spec.by_name_alone { world.refuse_deaf_cargo(spec) } else { Ok(()) }.map(|()| world)
    }

    /// Sees to it that cargo asks the box where it is told of crates.io: it is asked to search there, and the box has to
    /// hear of it.
    fn refuse_deaf_cargo(&self, spec: &RehearsalSpec<'_>) -> Result<()> {
        let cargo = spec.environment.get("CARGO").map_or_else(|| OsString::from("cargo"), OsString::from);
        let asked = Program::new(cargo).args(["search", "--limit", "1", "--registry", "crates-io", "rehearsal"]);
        let asked = [&self.boxes.cargo_config[..], &[NOWHERE_ELSE.to_owned()]]
            .concat()
            .iter()
            .fold(asked, |asked, pair| asked.args(["--config", pair]));
        let asked = asked.dir(&self.clone.checkout).env("CARGO_HOME", self.dir.join("cargo-home"));
        // What it says does not matter: the box finds nothing, and that is an error to some cargos.
        let said = self.boxes.around(spec.environment.reaching_loopback(asked)).run()?;
        if self.boxes.was_searched() {
            return Ok(());
        }
        Err(Failure::blocked("packages that may go to crates.io alone cannot be rehearsed with this cargo")
            .because("`package.publish` lists it by name, and cargo takes no other registry for it")
            .because(said.tail(3))
            .help("rehearse the others (`--exclude`); `cargo release check` prepares and verifies these, too"))
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

    /// This program in the clone, with the user's own arguments. It knows of no token but those of the boxes, and of no
    /// home of cargo's but the one made here.
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
        // With another home of cargo's it might not be found, and the plan be another.
        let program = semver_checks::located(spec.environment)
            .iter()
            .fold(program, |program, found| program.env(semver_checks::VARIABLE, found));
        Ok(self.boxes.around(spec.environment.reaching_loopback(program)))
    }

    /// Where the user called, in the clone; the workspace, where that was elsewhere.
    fn start(&self, inside: &Inside, spec: &RehearsalSpec<'_>) -> PathBuf {
        let there = inside.moved(spec.environment.directory());
        let there = if there.starts_with(&self.clone.checkout) { there } else { inside.moved(spec.workspace) };
        if there.exists() { there } else { inside.moved(spec.workspace) }
    }
}

/// The failure with the kind that the release's exit status says.
fn not_through(code: Option<i32>) -> Failure {
    let kinds = [Kind::Blocked, Kind::Unplannable, Kind::Interrupted, Kind::World, Kind::Bug];
    let kind = kinds.into_iter().find(|kind| code == Some(i32::from(kind.exit_code()))).unwrap_or(Kind::World);
    Failure::new(kind, "the release in the rehearsal did not go through").because(match code {
        Some(code) => format!("it exited with status {code}; what it said is above"),
        None => "it was killed by a signal".to_owned(),
    })
}

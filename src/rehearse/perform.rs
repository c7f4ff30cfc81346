//! A rehearsal from beginning to end.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use super::boxes::Boxes;
use super::clone;
use super::clone::Clone;
use super::directory;
use super::inside::Inside;
use super::unwritten;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::tools::cargo;
use crate::tools::cargo_config::CargoConfig;
use crate::tools::clock::Stopwatch;
use crate::tools::environment::Environment;
use crate::tools::files;
use crate::tools::process::Program;

/// What is rehearsed.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
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
    /// The names that cargo is going to ask a registry for.
    pub expected: Vec<PackageName>,
    /// Whether git's hooks run.
    pub hooks: bool,
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
pub fn perform(piece: &Piece<'_>, keep: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let dir = directory(piece.environment, keep, "cargo-release-rehearsal-")?;
    let watch = Stopwatch::start();
    let ended = World::make(piece, &dir).and_then(|world| world.play(piece, watch, out));
    let stays = keep.is_some() || ended.as_ref().is_err_and(|failure| is_worth_a_look(failure.kind()));
    if !stays {
        files::remove(&dir)?;
        return ended;
    }
    let where_it_is = format!("everything is left in `{}`; to tidy up: rm -r {0}", dir.display());
    match ended {
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
    fn make(piece: &Piece<'_>, dir: &Path) -> Result<Self> {
        // Where a temporary directory is reached by a link, git and cargo tell it by its own name.
        let dir = files::canonical(dir)?;
        let boxes = Boxes::start(piece, &dir.join("registry"))?;
        let clone = clone::make(piece, &dir)?;
        if let Some(home) = piece.environment.cargo_home() {
            clone::copy_configuration(&home, &dir.join("cargo-home"))?;
        }
        Ok(Self { dir, clone, boxes })
    }

    fn play(&self, piece: &Piece<'_>, watch: Stopwatch, out: &mut dyn Write) -> Result<()> {
        let prepared = watch.elapsed();
        let code = self.release(piece)?.hand_over()?;
        self.tell(prepared, watch.elapsed(), out)?;
        match code {
            Some(0) => Ok(()),
            code => Err(not_through(code)),
        }
    }

    /// This program in the clone, with the user's own arguments. It knows of no token but those of the boxes, and of no
    /// home of cargo's but the one made here.
    fn release(&self, piece: &Piece<'_>) -> Result<Program> {
        let inside = Inside {
            stand_ins: self.boxes.stand_ins.clone(),
            cargo_config: self.boxes.cargo_config.clone(),
            original: piece.root.to_owned(),
            clone: self.clone.checkout.clone(),
            called_in: piece.environment.directory().to_owned(),
        };
        let (variable, path) = inside.announce(&self.dir.join("rehearsal.json"))?;
        let program = Program::new(piece.environment.executable())
            .args(piece.arguments)
            .dir(&self.start(&inside, piece))
            .env(variable, path)
            .env("CARGO_HOME", self.dir.join("cargo-home"))
            .env("CARGO_TARGET_DIR", self.dir.join("target"));
        let tokens = cargo::token_variables(piece.environment);
        let program = tokens.iter().fold(program, |program, name| program.without_env(name));
        let program = self.boxes.variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        Ok(["NO_PROXY", "no_proxy"].into_iter().fold(program, |program, name| {
            let before = piece.environment.text(name).filter(|before| !before.is_empty());
            program.env(name, before.map_or("127.0.0.1".to_owned(), |before| format!("{before},127.0.0.1")))
        }))
    }

    /// Where the user called, in the clone; the workspace, where that was elsewhere.
    fn start(&self, inside: &Inside, piece: &Piece<'_>) -> PathBuf {
        let there = inside.moved(piece.environment.directory());
        let there = if there.starts_with(&self.clone.checkout) { there } else { inside.moved(piece.workspace) };
        if there.exists() { there } else { inside.moved(piece.workspace) }
    }

    /// What would now be live, in which order, and how long it took.
    fn tell(&self, prepared: Duration, whole: Duration, out: &mut dyn Write) -> Result<()> {
        let style = anstyle::Style::new().bold();
        let mut said = format!("\n{style}What would be live now, in the order of the uploads{style:#}\n");
        let live =
            self.boxes.registries.iter().flat_map(|(meant, registry)| {
                registry.published().into_iter().map(move |published| (meant, published))
            });
        let mut live: Vec<_> = live.collect();
        live.sort_by_key(|(_, published)| published.uploaded_at);
        for (meant, one) in &live {
            said.push_str(&format!("  {} {} in {meant}, sha256 {}\n", one.name, one.version, one.checksum));
        }
        if live.is_empty() {
            said.push_str("  nothing\n");
        }
        said.push_str(&format!(
            "Rehearsed in {}: {} to prepare, {} for the release. Your checkout, its remote and the registries were not touched.\n",
            seconds(whole),
            seconds(prepared),
            seconds(whole.saturating_sub(prepared)),
        ));
        out.write_all(said.as_bytes()).and_then(|()| out.flush()).or_world(unwritten)
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// The failure with the kind that the release's exit status says.
fn not_through(code: Option<i32>) -> Failure {
    let kinds = [Kind::Blocked, Kind::Unplannable, Kind::Interrupted, Kind::World, Kind::Bug];
    let kind = kinds.into_iter().find(|kind| code == Some(i32::from(kind.exit_code()))).unwrap_or(Kind::World);
    Failure::new(kind, "the release in the rehearsal did not go through").because(match code {
        Some(code) => format!("it ended with status {code}; what it said is above"),
        None => "a signal ended it".to_owned(),
    })
}

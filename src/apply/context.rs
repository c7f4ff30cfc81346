//! What steps work with: the checkout, the stage, the hands. Made once a run; nothing in it is decided.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::journal::Room;
use crate::journal::Verified;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::plan::Build;
use crate::plan::Step;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::run::BuildFlags;
use crate::tools::cargo::run::Cargo;
use crate::tools::git::cli::Git;
use crate::tools::system::environment::Environment;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;
use crate::tools::system::process::Sign;

use super::event::Event;
use super::registry::Registry;

/// Where a release happens.
pub struct Place {
    /// The user's checkout.
    pub checkout: Git,
    /// Where the workspace lies in it.
    pub workspace: RepoPath,
    /// Where this release keeps what is its own.
    pub room: Room,
    /// The checkout's target directory.
    pub target_dir: PathBuf,
    /// What cargo's configuration says of registries.
    pub registries: CargoConfig,
}

/// The world, as far as a release touches it.
pub struct World {
    /// The environment of this process.
    pub environment: Environment,
    /// The user's checkout.
    pub checkout: Git,
    /// Where the workspace lies in it.
    pub workspace: RepoPath,
    /// Where this release keeps what is its own.
    pub room: Room,
    /// Cargo for the stage.
    pub cargo: Cargo,
    /// What cargo's configuration says of registries.
    pub registries: CargoConfig,
    /// Whether what is made is thrown away: then nothing is signed.
    only_looks: bool,
    /// Whether a step has failed and nothing is waited for any more.
    is_stopping: AtomicBool,
    open: OnceMap,
}

/// The registries that were asked already.
type OnceMap = Mutex<BTreeMap<RegistryName, Arc<Registry>>>;

impl World {
    /// The world around a checkout.
    pub fn new(environment: &Environment, place: Place, overrides: &[String]) -> Self {
        let Place { checkout, workspace, room, target_dir, registries } = place;
        let root = checkout.dir().join(workspace.as_str());
        let manifest = room.stage().join(workspace.as_str()).join("Cargo.toml");
        let cargo = Cargo::new(environment, &root, &manifest, &target_dir).overridden(overrides);
        let cargo = cargo.standing_in(registries.stand_ins());
        let environment = environment.clone();
        let (only_looks, is_stopping, open) = (false, AtomicBool::new(false), OnceMap::default());
        Self { environment, checkout, workspace, room, cargo, registries, only_looks, is_stopping, open }
    }

    /// For a look alone, where the commit that is made is thrown away: nothing is signed, nobody must be known by name,
    /// and git's hooks run only where they are asked for.
    ///
    /// # Errors
    /// git cannot be started.
    pub fn only_looking(mut self, hooks: bool) -> Result<Self> {
        let mut settings = vec!["commit.gpgSign=false"];
        if !hooks {
            settings.push("core.hooksPath=/dev/null");
        }
        if !self.checkout.knows_who_commits()? {
            settings.extend(["user.name=nobody", "user.email=nobody@example.invalid"]);
        }
        let git = settings.into_iter().fold(self.checkout, |git, setting| git.with_setting(setting.to_owned()));
        self.checkout = git;
        self.only_looks = true;
        Ok(self)
    }

    /// Whether what is made is thrown away.
    pub(crate) fn only_looks(&self) -> bool {
        self.only_looks
    }

    /// Lets steps that only wait end: another has failed.
    pub(crate) fn stop_waiting(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
    }

    /// Stops here where nothing is waited for any more.
    ///
    /// # Errors
    /// It is so.
    pub(crate) fn goes_on_waiting(&self) -> Result<()> {
        if self.is_stopping.load(Ordering::SeqCst) {
            return Err(Failure::interrupted("stopped waiting for the index: another step failed"));
        }
        Ok(())
    }

    /// The scratch worktree.
    pub fn stage(&self) -> Git {
        self.checkout.elsewhere(&self.room.stage())
    }

    /// A file of the stage.
    pub fn staged(&self, path: &RepoPath) -> PathBuf {
        self.room.stage().join(path.as_str())
    }

    /// Where a verified archive is kept until the release is over.
    pub(crate) fn kept_archive(&self, known: &Verified) -> PathBuf {
        let file = format!("{}-{}.crate", known.name, known.version);
        self.room.archives().join(known.registry.as_str()).join(file)
    }

    /// A registry of the plan.
    ///
    /// # Errors
    /// It is not configured here (any more).
    pub(crate) fn registry(&self, name: &RegistryName) -> Result<Arc<Registry>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get(name) {
            return Ok(known.clone());
        }
        let address = self.registries.index(name).ok_or_else(|| {
            Failure::world(format!("the registry `{name}` is not configured here"))
                .help(format!("add `[registries.{name}]` with its `index` to cargo's configuration"))
        })?;
        let opened = Arc::new(Registry::open(&self.registries, name, &address)?);
        open.insert(name.clone(), opened.clone());
        Ok(opened)
    }
}

/// One step on the stage: what it is, what is known, and whom to tell.
pub(crate) struct Scene<'a> {
    /// The step.
    pub(crate) step: &'a Step,
    /// The world.
    pub(crate) world: &'a World,
    /// What is known.
    pub(crate) journal: &'a Journal,
}

/// Takes what is told while a step runs.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(&Event) -> Result<()>;

/// What the world says about a step.
#[derive(Debug)]
pub(crate) enum Probe {
    /// It is done.
    Done(Proof),
    /// It is to be done.
    ToDo,
    /// Somebody else was here, or the world is not as the plan expects.
    Conflict(Failure),
}

/// What a look around shows while a program runs.
#[derive(Debug)]
pub(crate) enum Seen {
    /// Nothing to be told.
    Nothing,
    /// Something to be told.
    News(Event),
    /// What the program is there for has happened: it need not go on.
    Enough,
}

impl<'a> Scene<'a> {
    /// The release commit: the one that was made, or the base where nothing is edited.
    ///
    /// # Errors
    /// It has not been made yet.
    pub(crate) fn commit(&self) -> Result<&CommitId> {
        let plan = self.journal.plan();
        match plan.last_commit() {
            None => Ok(&plan.base.commit),
            Some(step) => self
                .journal
                .commit()
                .ok_or_else(|| Failure::bug(format!("`{}` runs before `{}`", self.step.id, step.id))),
        }
    }

    /// The package that the step is about.
    ///
    /// # Errors
    /// The step is about none, which is a bug of the plan.
    pub(crate) fn package(&self) -> Result<&'a PackageName> {
        let step = self.step;
        step.package.as_ref().ok_or_else(|| Failure::bug(format!("`{}` names no package", step.id)))
    }

    /// A call of cargo that packs. Files that were copied into the stage are in no commit: cargo packs such files only
    /// with `--allow-dirty`, and records it in the archive.
    pub(crate) fn packing(&self, program: Program) -> Program {
        if self.journal.plan().base.copied.is_empty() { program } else { program.arg("--allow-dirty") }
    }

    /// Runs a program of this step, telling what it says.
    pub(crate) fn run(&self, program: &Program, tell: Tell<'_>) -> Result<Output> {
        self.run_and_look(program, tell, &mut || Seen::Nothing)
    }

    /// Runs a program of this step, telling what it says; while it is silent, looks around for something to be told.
    pub(crate) fn run_and_look(
        &self,
        program: &Program,
        tell: Tell<'_>,
        look: &mut dyn FnMut() -> Seen,
    ) -> Result<Output> {
        let mut told = Ok(());
        let output = program.watch_until(&mut |sign| {
            let seen = match sign {
                Sign::Line(line) => Seen::News(Event::Said { step: self.step.id.clone(), line: line.to_owned() }),
                Sign::Silence => look(),
            };
            if let Seen::News(event) = &seen
                && told.is_ok()
            {
                told = tell(event);
            }
            matches!(seen, Seen::Enough)
        })?;
        told.map(|()| output)
    }
}

/// The flags of cargo for a build of the plan.
pub(crate) fn build_flags(build: &Build) -> BuildFlags<'_> {
    BuildFlags {
        compile: build.compile,
        features: &build.features,
        all_features: build.all_features,
        target: build.target.as_deref(),
    }
}

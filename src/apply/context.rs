//! What steps work with: the checkout, the stage, the hands. Made once a run; nothing in it is decided.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::HeldLock;
use crate::journal::Journal;
use crate::journal::Limited;
use crate::journal::Proof;
use crate::journal::StateDir;
use crate::journal::Verified;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::plan::Build;
use crate::plan::ReleasePlan;
use crate::plan::Step;
use crate::plan::Upload;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::run::BuildFlags;
use crate::tools::cargo::run::Cargo;
use crate::tools::git::cli::Git;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::environment::Environment;
use crate::tools::system::interrupt;
use crate::tools::system::process::Go;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;
use crate::tools::system::process::Sign;

use super::registry::RegistryClient;
use super::trusted::TrustedMode;
use super::trusted::TrustedTokens;
use crate::apply::event::Event;

/// Where a release happens.
pub(crate) struct Location {
    /// The user's checkout.
    pub checkout: Git,
    /// Where the workspace lies in it.
    pub workspace: RepoPath,
    /// Where this release keeps what is its own.
    pub room: StateDir,
    /// The checkout's target directory.
    pub target_dir: PathBuf,
    /// What cargo's configuration says of registries.
    pub registries: CargoConfig,
}

/// The world, as far as a release touches it.
pub(crate) struct ReleaseContext {
    /// The environment of this process.
    pub environment: Environment,
    /// The user's checkout.
    pub checkout: Git,
    /// Where the workspace lies in it.
    pub workspace: RepoPath,
    /// Where this release keeps what is its own.
    pub room: StateDir,
    /// The checkout's target directory.
    pub target_dir: PathBuf,
    /// Cargo for the stage.
    pub cargo: Cargo,
    /// What cargo's configuration says of registries.
    pub registries: CargoConfig,
    /// Whether what is made is thrown away: then nothing is signed.
    only_looks: bool,
    /// Whether a step has failed and nothing is waited for any more.
    is_stopping: AtomicBool,
    /// Whether steps work on the files of the checkout instead of on the stage.
    in_place: bool,
    /// Tokens that were minted for this release.
    pub(crate) trusted: TrustedTokens,
    open: OnceMap,
    lock: Option<Arc<File>>,
    started: Stopwatch,
    deadline: OnceLock<Duration>,
}

/// How long we go on without hearing whether we should stop.
const ATTENTION: Duration = Duration::from_millis(100);

/// The registries that were asked already.
type OnceMap = Mutex<BTreeMap<RegistryName, Arc<RegistryClient>>>;

impl ReleaseContext {
    /// The world around a checkout.
    pub(crate) fn new(environment: &Environment, place: Location, overrides: &[String]) -> Self {
        let Location { checkout, workspace, room, target_dir, registries } = place;
        let root = workspace.on_disk(checkout.dir());
        let manifest = workspace.on_disk(&room.stage()).join("Cargo.toml");
        let cargo = Cargo::new(environment, &root, &manifest, &target_dir).overridden(overrides);
        let cargo = cargo.standing_in(registries.stand_ins());
        let environment = environment.clone();
        Self {
            environment,
            checkout,
            workspace,
            room,
            target_dir,
            cargo,
            registries,
            only_looks: false,
            is_stopping: AtomicBool::new(false),
            in_place: false,
            trusted: TrustedTokens::default(),
            open: OnceMap::default(),
            lock: None,
            started: Stopwatch::start(),
            deadline: OnceLock::new(),
        }
    }

    /// Lets uploads hold the lock of this release, so that one that outlives us is waited for.
    #[must_use]
    pub(crate) fn locked_by(mut self, lock: &HeldLock) -> Self {
        self.lock = Some(lock.file());
        self
    }

    /// A program that holds the lock of this release as long as it runs.
    pub(crate) fn holding_the_lock(&self, program: Program) -> Program {
        self.lock.iter().fold(program, |program, lock| program.holding(Arc::clone(lock)))
    }

    /// Sets when no step that leaves this machine is begun any more.
    pub(crate) fn ends_after(&self, deadline: Option<u64>) {
        if let Some(seconds) = deadline {
            self.deadline.get_or_init(|| Duration::from_secs(seconds));
        }
    }

    /// Whether that time has come.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline.get().is_some_and(|deadline| self.started.elapsed() >= *deadline)
    }

    /// Waits so long, but no longer than until we are asked to stop, or it gets late.
    pub(crate) fn pause(&self, duration: Duration) {
        let mut left = duration;
        let is_stopping = || self.is_stopping.load(Ordering::SeqCst);
        while !left.is_zero() && !interrupt::asked() && !self.is_late() && !is_stopping() {
            let slice = left.min(ATTENTION);
            clock::pause(slice);
            left -= slice;
        }
    }

    /// For a look alone, where the commit that is made is thrown away: nothing is signed, nobody must be known by name,
    /// and git's hooks run only where they are asked for.
    ///
    /// # Errors
    /// git cannot be started.
    pub(crate) fn only_looking(mut self, hooks: bool) -> Result<Self> {
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

    /// For single steps, which work on the files of the checkout.
    #[must_use]
    pub(crate) fn in_place(mut self) -> Self {
        self.in_place = true;
        self
    }

    /// Whether steps work on the files of the checkout.
    pub(super) fn is_in_place(&self) -> bool {
        self.in_place
    }

    /// Mints tokens for uploads as configured.
    #[must_use]
    pub(crate) fn trusting(mut self, mode: TrustedMode) -> Self {
        self.trusted = TrustedTokens::new(mode);
        self
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

    /// The registries among these that are uploaded to with a token of trusted publishing.
    pub(crate) fn trusted<'r>(&self, among: impl Iterator<Item = &'r RegistryName>) -> BTreeSet<RegistryName> {
        let is_used =
            |registry: &&RegistryName| self.trusted.would_be_used(registry, &self.environment).unwrap_or(true);
        among.filter(is_used).cloned().collect()
    }

    /// Refuses what trusted publishing could not publish, before anything is done.
    ///
    /// # Errors
    /// CI offers it for an event that nobody should publish on, or a package is new.
    #[expect(clippy::excessive_nesting, reason = "a loop over what may be missing reads best in one place")]
    pub(crate) fn refuse_untrusted(&self, plan: &ReleasePlan) -> Result<()> {
        for package in &plan.packages {
            for registry in &package.registries {
                let is_new = package.from.is_none();
                if self.trusted.would_be_used(registry, &self.environment)? && is_new {
                    let name = &package.name;
                    return Err(Failure::blocked(format!(
                        "`{name}` is new on `{registry}`, and has no trusted publisher there"
                    ))
                    .because("only a crate that exists can name one")
                    .help(format!(
                        "publish its first version with a token: `cargo login`, then `cargo release -x -p {name}`"
                    )));
                }
            }
        }
        Ok(())
    }

    /// The working tree that steps work in: the scratch worktree, or the checkout.
    pub(crate) fn stage(&self) -> Git {
        if self.in_place { self.checkout.clone() } else { self.checkout.elsewhere(&self.room.stage()).staging() }
    }

    /// A file of that working tree.
    pub(crate) fn staged(&self, path: &RepoPath) -> PathBuf {
        if self.in_place { path.on_disk(self.checkout.dir()) } else { path.on_disk(&self.room.stage()) }
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
    pub(crate) fn registry(&self, name: &RegistryName) -> Result<Arc<RegistryClient>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get(name) {
            return Ok(known.clone());
        }
        let address = self.registries.index(name).ok_or_else(|| {
            Failure::world(format!("the registry `{name}` is not configured here"))
                .help(format!("add `[registries.{name}]` with its `index` to cargo's configuration"))
        })?;
        let opened = Arc::new(RegistryClient::open(&self.registries, name, &address)?);
        open.insert(name.clone(), opened.clone());
        Ok(opened)
    }
}

/// One step on the stage: what it is, what is known, and whom to tell.
pub(crate) struct StepContext<'a> {
    /// The step.
    pub(crate) step: &'a Step,
    /// The world.
    pub(crate) world: &'a ReleaseContext,
    /// What is known.
    pub(crate) journal: &'a Journal,
}

/// Takes what is told while a step runs.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(&Event) -> Result<()>;

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Performed {
    /// It is done.
    Done(Proof),
    /// A registry takes no more for now.
    Later(Limited),
    /// A registry refused it for good.
    Refused {
        /// What it said.
        said: String,
        /// What is told.
        failure: Failure,
    },
}

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

impl<'a> StepContext<'a> {
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

    /// Whether an upload brings a crate that the registry did not have when it was first asked.
    ///
    /// # Errors
    /// The registry is not configured here (any more).
    pub(crate) fn is_new(&self, upload: &Upload) -> Result<bool> {
        Ok(self.world.registry(&upload.registry)?.is_new(self.package()?))
    }

    /// Runs a program of this step, telling what it says.
    pub(crate) fn run(&self, program: &Program, tell: Tell<'_>) -> Result<Output> {
        self.run_and_look(program, tell, &mut |_| Go::On)
    }

    /// Runs a program of this step, telling what it says, and looks at its signs: whether it may go on.
    ///
    /// # Errors
    /// It cannot be started, or it was ended because we were asked to stop.
    pub(crate) fn run_and_look(
        &self,
        program: &Program,
        tell: Tell<'_>,
        look: &mut dyn FnMut(Sign<'_>) -> Go,
    ) -> Result<Output> {
        let mut told = Ok(());
        let output = program.watch(&mut |sign| {
            if let Sign::Line(line) = sign
                && told.is_ok()
            {
                told = tell(&Event::Said { step: self.step.id.clone(), line: line.to_owned() });
            }
            look(sign)
        })?;
        told?;
        if output.interrupted { Err(interrupt::stopped()) } else { Ok(output) }
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

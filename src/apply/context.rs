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

use super::registry::RegistryClient;
use super::trusted::TrustedMode;
use super::trusted::TrustedTokens;
use crate::apply::event::Event;
use crate::apply::verify::cargo_time::CargoTime;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::HeldLock;
use crate::journal::StateDir;
use crate::journal::Verified;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::plan::ReleasePlan;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::run::Cargo;
use crate::tools::git::cli::Git;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::environment::Environment;
use crate::tools::system::interrupt;
use crate::tools::system::process::Program;

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
    /// Whether the stage has the `Cargo.lock` of this release.
    pub(crate) has_lockfile: Mutex<bool>,
    open: OnceMap,
    cargo_time: Mutex<CargoTime>,
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
            has_lockfile: Mutex::new(false),
            open: OnceMap::default(),
            cargo_time: Mutex::default(),
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
    pub(crate) fn ends_after(&self, deadline: Option<Duration>) {
        if let Some(deadline) = deadline {
            self.deadline.get_or_init(|| deadline);
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
    pub(crate) fn refuse_untrusted(&self, plan: &ReleasePlan) -> Result<()> {
        let uploads = plan.packages.iter().flat_map(|package| package.registries.iter().map(move |to| (package, to)));
        for (package, registry) in uploads {
            if !self.trusted.would_be_used(registry, &self.environment)? || package.from.is_some() {
                continue;
            }
            let name = &package.name;
            return Err(Failure::blocked(format!(
                "`{name}` is new on {registry:#}, and has no trusted publisher there"
            ))
            .because("only a crate that exists can name one")
            .help(format!(
                "publish its first version with a token: `cargo login`, then `cargo release -x -p {name}`"
            )));
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

    /// How long verifications took until now.
    pub(crate) fn cargo_time(&self) -> CargoTime {
        *self.cargo_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to that.
    pub(crate) fn verified_for(&self, time: CargoTime) {
        let mut so_far = self.cargo_time.lock().unwrap_or_else(PoisonError::into_inner);
        *so_far = so_far.and(time);
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

/// Takes what is told while a step runs.
pub(crate) type Tell<'a> = &'a mut dyn FnMut(&Event) -> Result<()>;

//! One call of the program: its environment, its streams, and where it looks. Wires the rooms; decides nothing about
//! releases.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::terminal::Terminal;
use super::terminal::TerminalUi;
use crate::apply;
use crate::apply::ReleaseContext;
use crate::cli::AskArgs;
use crate::cli::ConfigArgs;
use crate::cli::Format;
use crate::config;
use crate::config::Config;
use crate::config::MemberFacts;
use crate::config::Sources;
use crate::config::VersionSource;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::StateDir;
use crate::level::Level;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::observe;
use crate::observe::Glance;
use crate::observe::Located;
use crate::observe::api::compare;
use crate::observe::api::compare::Notice;
use crate::plan;
use crate::plan::ReleasePlan;
use crate::plan::Request;
use crate::rehearse::Inside;
use crate::report;
use crate::report::Mode;
use crate::report::Progress;
use crate::report::Run;
use crate::snapshot::ApiAnswer;
use crate::snapshot::ForgeSite;
use crate::snapshot::Package;
use crate::snapshot::PublishTo;
use crate::snapshot::Snapshot;
use crate::tools::cargo::credential_gate;
use crate::tools::git::cli::Git;
use crate::tools::registry::retry_after;
use crate::tools::system::broken_pipe::Lenient;
use crate::tools::system::clock;
use crate::tools::system::environment::Environment;
use crate::tools::system::secrets;
use crate::tools::system::terminal;

/// Where else is looked than for a plan.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one field for each place")]
pub(crate) struct Scope<'a> {
    /// Only at what changed since this revision, and what depends on it.
    pub(crate) since: Option<&'a str>,
    /// At the web sites of registries, too.
    pub(crate) sites: bool,
    /// Whether the remote lets us push, too.
    pub(crate) push: bool,
    /// At the forge, where entries link to it, even if no registry is asked.
    pub(crate) forge: bool,
}

/// One call.
pub(crate) struct Session<'a> {
    pub(crate) environment: Environment,
    pub(crate) terminal: &'a Terminal,
    /// The arguments, the program's own name left out.
    pub(crate) arguments: &'a [OsString],
    /// The rehearsal that this call is part of.
    pub(crate) inside: Option<Inside>,
}

/// Shows what is looked at.
fn show(line: &report::Observing, glance: &Glance<'_>) {
    match glance {
        Glance::Remote(remote) => line.asking(&format!("remote {remote}"), None),
        Glance::Index { registry, answered, of } => {
            line.asking(&format!("index of {registry}"), Some((*answered, *of)));
        }
        Glance::Site { registry, answered, of } => {
            line.asking(&format!("web API of {registry}"), Some((*answered, *of)));
        }
    }
}

impl<'a> Session<'a> {
    pub(crate) fn new(environment: Environment, terminal: &'a Terminal, arguments: &'a [OsString]) -> Result<Self> {
        let inside = Inside::of(&environment)?;
        if !terminal.is_quiet() {
            retry_after::told_to(tell_later);
        }
        Ok(Self { environment, terminal, arguments: arguments.get(1..).unwrap_or_default(), inside })
    }

    /// The options for observing. In a rehearsal they point to the clone, except for a file given with `--config`, which
    /// is read from where the user has it.
    pub(crate) fn options(&self, config: Option<PathBuf>) -> observe::Options {
        let (manifest, config_file) = (self.terminal.manifest(), config);
        let plain = observe::Options { manifest, config_file, ..observe::Options::default() };
        let Some(inside) = &self.inside else { return plain };
        observe::Options {
            manifest: plain.manifest.map(|path| inside.moved(&path)),
            config_file: plain.config_file.map(|path| inside.meant(&path)),
            cargo_config: inside.cargo_config.clone(),
            stand_ins: inside.stand_ins.clone(),
            ..plain
        }
    }

    /// `--config` for every call of cargo.
    pub(crate) fn overrides(&self) -> &[String] {
        self.inside.as_ref().map_or(&[], |inside| inside.cargo_config.as_slice())
    }

    /// Finds the workspace of this call.
    pub(crate) fn locate(&self) -> Result<Located> {
        observe::locate(&self.environment, &self.options(None))
    }

    /// Observes the workspace and decides the plan.
    pub(crate) fn decide_as(&self, ask: &AskArgs, scope: &Scope<'_>) -> Result<(Located, ReleasePlan)> {
        let observed = self.observe_for(ask, scope)?;
        let plan = observed.decide()?;
        Ok((observed.place, plan))
    }

    /// Observes the workspace for the arguments of the command line.
    pub(crate) fn observe_for(&self, ask: &AskArgs, scope: &Scope<'_>) -> Result<Observed> {
        let mut observed = self.know(ask.request(clock::today(&self.environment))?, &ask.config, scope)?;
        self.ask_for_proposals(&mut observed)?;
        self.compare_apis(&mut observed)?;
        Ok(observed)
    }

    /// Runs the API check on the libraries whose version it may change, and shows its progress.
    pub(crate) fn compare_apis(&self, observed: &mut Observed) -> Result<()> {
        let Observed { place, config, snapshot, request, announces_on: _ } = observed;
        let questions = plan::wants(snapshot, config, request)?;
        if questions.is_empty() {
            return Ok(());
        }
        let room = room(place).api();
        let (environment, offline) = (&self.environment, request.offline);
        let asking = compare::ApiQuery { place, environment, room: &room, offline, limit: compare::LIMIT };
        let mut out: Box<dyn Write + '_> =
            if self.terminal.is_quiet() { Box::new(std::io::sink()) } else { Box::new(self.terminal.stderr()) };
        let answers = compare::compare(&asking, &questions, &mut |notice| {
            match notice {
                Notice::Asked(question) => report::comparing(&mut out, &question.package, &question.version),
                Notice::Answered(question, answer, time) => {
                    report::compared(&mut out, &question.package, words_of(&answer), time)
                }
            }
            .or_world(unwritten)
        })?;
        (snapshot.api, snapshot.signatures) = (answers.api, answers.signatures);
        Ok(())
    }

    /// Observes what the decision on a request needs.
    pub(crate) fn know(&self, mut request: Request, flags: &ConfigArgs, scope: &Scope<'_>) -> Result<Observed> {
        let options = observe::Options {
            offline: request.offline,
            previous_tag: request.previous_tag.clone(),
            branch: request.branch.clone(),
            only_published: request.unpublished,
            sites: scope.sites,
            push: scope.push && !request.offline,
            ..self.options(flags.config.clone())
        };
        let line = report::Observing::on_stderr(self.terminal.is_quiet());
        let place = observe::locate_to_observe(&self.environment, &options)?;
        let config = self.configuration(&place, flags)?;
        if let Some(revision) = scope.since {
            let changed = Git::at(place.root()).changed_since(revision)?;
            let touched = plan::touched(&place.workspace, &changed);
            let members = place.workspace.packages.iter().map(|package| &package.name);
            request.selection.exclude.extend(members.filter(|name| !touched.contains(*name)).cloned());
        }
        let mut snapshot = observe::observe_and_tell(&place, &config, &options, &|glance| show(&line, glance))?;
        self.credit(&place, &config, request.offline && !scope.forge, &mut snapshot.repository.history.commits)?;
        let announces_on = self.announces_on(&place, &config)?;
        Ok(Observed { place, config, snapshot, request, announces_on })
    }

    /// Resolves the configuration of a workspace.
    pub(crate) fn configuration(&self, place: &Located, flags: &ConfigArgs) -> Result<Config> {
        let config = config::resolve(&sources(place, flags), &members(place))?;
        let hidden = config.workspace.check.hide_env.iter().filter_map(|glob| config::file_glob(glob).ok());
        secrets::hide(hidden.collect());
        Ok(config)
    }

    /// Asks for confirmation before something outside the checkout changes; `--no-confirm` skips the question.
    pub(crate) fn agree(&self, question: &str, no_confirm: bool) -> Result<()> {
        if no_confirm {
            return Ok(());
        }
        let mut out = self.terminal.stderr();
        write!(out, "{question} [y/N] ").and_then(|()| out.flush()).or_world(unwritten)?;
        if terminal::yes()? {
            return Ok(());
        }
        Err(Failure::blocked("aborted; nothing was changed").help("pass `--no-confirm` to answer yes without a prompt"))
    }

    /// The context that steps of a release run in.
    pub(crate) fn world(&self, place: Located) -> ReleaseContext {
        // Names to be hidden from builds are heard of also where nothing else of the configuration counts any more.
        let _is_heard = self.configuration(&place, &ConfigArgs::default()).is_ok();
        let room = room(&place);
        let trusted = self.trusted_mode(&place);
        let Located { workspace, target_directory, registries, .. } = &place;
        let place = apply::Location {
            checkout: Git::at(place.root()),
            workspace: workspace.dir.clone(),
            room,
            target_dir: target_directory.clone(),
            registries: registries.clone(),
        };
        let mut world = ReleaseContext::new(&self.environment, place, self.overrides()).trusting(trusted);
        if let Some(inside) = &self.inside {
            world.cargo = world.cargo.uploading_with(&inside.upload_config);
        }
        world
    }

    /// The user interface while a plan is carried out.
    pub(crate) fn ui(&self, plan: &ReleasePlan, format: Format, no_confirm: bool) -> TerminalUi<'_> {
        let run = if self.inside.is_some() { Run::Rehearsal } else { Run::Release };
        self.ui_of(run, plan, format, no_confirm)
    }

    /// Like [`Session::ui`], for this kind of run.
    pub(crate) fn ui_of(&self, run: Run, plan: &ReleasePlan, format: Format, no_confirm: bool) -> TerminalUi<'_> {
        let mode = match format {
            Format::Json => Mode::Json,
            Format::Human if self.terminal.verbose() => Mode::Verbose,
            Format::Human if terminal::is_interactive() && !self.terminal.is_quiet() => Mode::Terminal,
            Format::Human => Mode::Plain,
        };
        let out: Box<dyn Write + '_> = match mode {
            Mode::Json => Box::new(self.terminal.stdout()),
            Mode::Terminal | Mode::Plain | Mode::Verbose if self.terminal.is_quiet() => Box::new(std::io::sink()),
            Mode::Terminal | Mode::Plain | Mode::Verbose => Box::new(self.terminal.stderr()),
        };
        TerminalUi::new(Progress::new(mode, out).of(plan, run), self.terminal, no_confirm)
    }
}

/// Everything that a decision is made from, and the workspace it came from.
pub(crate) struct Observed {
    pub(crate) place: Located,
    pub(crate) config: Config,
    pub(crate) snapshot: Snapshot,
    pub(crate) request: Request,
    /// The forge that tags are announced on, if they are.
    pub(crate) announces_on: Option<ForgeSite>,
}

impl Observed {
    /// The commit that is released in place of the current one.
    pub(crate) fn released_head(&self, plan: &ReleasePlan) -> Result<Option<CommitId>> {
        plan::released_head(&self.snapshot, &self.config, &self.request, plan)
    }

    /// Decides the plan.
    pub(crate) fn decide(&self) -> Result<ReleasePlan> {
        let plan = plan::decide(&self.snapshot, &self.config, &self.request)?;
        match &self.announces_on {
            Some(site) => plan::announced(plan, &self.snapshot, site, &self.config.workspace.announce),
            None => Ok(plan),
        }
    }
}

/// An answer of the API check, in a word or two for its progress line.
fn words_of(answer: &ApiAnswer) -> &'static str {
    match answer {
        ApiAnswer::Compatible => "compatible",
        ApiAnswer::Needs { level: Level::None | Level::Patch | Level::Feature, .. } => "more than a patch",
        ApiAnswer::Needs { level: Level::Breaking, .. } => "breaking",
        ApiAnswer::NotInstalled | ApiAnswer::Unknown(_) => "no answer",
    }
}

/// The message for a stream that cannot be written to.
pub(crate) fn unwritten() -> String {
    "cannot write the output".to_owned()
}

/// The directory with the journals and worktrees of this workspace's releases.
pub(crate) fn room(place: &Located) -> StateDir {
    StateDir::of(place.common_dir(), &place.workspace.dir)
}

/// The configuration files of a workspace, as `config` takes them.
pub(crate) fn sources(place: &Located, flags: &ConfigArgs) -> Sources {
    let file = |text: &observe::ConfigText| config::ConfigFile {
        path: text.path.strip_prefix(place.root()).unwrap_or(&text.path).display().to_string(),
        text: text.text.clone(),
    };
    let manifest = |path: &RepoPath| {
        let manifest = place.workspace.manifest(path).ok().filter(|manifest| manifest.configures_releases())?;
        Some(config::ConfigFile { path: path.to_string(), text: manifest.text().to_owned() })
    };
    let found = &place.config;
    let packages = place.workspace.packages.iter().map(|package| {
        let release_toml = found.packages.get(&package.name).map(file);
        (package.name.clone(), config::DirConfig { release_toml, manifest: manifest(&package.manifest) })
    });
    Sources {
        home: found.home.as_ref().map(file),
        platform: found.platform.as_ref().map(file),
        workspace: config::DirConfig {
            release_toml: found.workspace.as_ref().map(file),
            manifest: manifest(&place.workspace.dir.join("Cargo.toml")),
        },
        packages: packages.collect(),
        explicit: found.given.as_ref().map(file),
        command_line: flags.layer(),
        isolated: flags.isolated,
    }
}

/// The settings in the members' manifests that take precedence over all configuration.
pub(crate) fn members(place: &Located) -> Vec<MemberFacts> {
    let facts = |package: &Package| MemberFacts {
        name: package.name.clone(),
        is_root: place.workspace.root_package.as_ref() == Some(&package.name),
        version: if package.inherits_version { VersionSource::Inherited } else { VersionSource::Own },
        publishes_nowhere: package.publish == PublishTo::Nowhere,
    };
    place.workspace.packages.iter().map(facts).collect()
}

/// Tells the user that a server is rate-limiting.
fn tell_later(later: &retry_after::Later) {
    // An error on stderr cannot be reported anywhere.
    drop(report::later(&mut Lenient(anstream::stderr()), &later.host, later.wait));
}

/// Answers cargo, which has started this program as a credential provider.
pub(crate) fn gate() -> ExitCode {
    let served = Environment::of_process().and_then(|environment| {
        let pass = environment.get(credential_gate::VARIABLE).map(PathBuf::from);
        let pass = pass.ok_or_else(|| Failure::unplannable(format!("`{}` is not set", credential_gate::VARIABLE)))?;
        credential_gate::serve(&pass, &mut std::io::stdin().lock(), &mut std::io::stdout())
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            drop(report::failure(&mut std::io::stderr(), &failure, None));
            ExitCode::FAILURE
        }
    }
}

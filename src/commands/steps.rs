//! `cargo release changes | version | replace | hook | commit | publish | tag | push`: single steps of a release.
//!
//! Each makes a small plan for the same executor. A step that edits files works in the checkout and can be repeated;
//! `publish` verifies first and keeps a journal, like a release.

use std::io::Write as _;

use crate::apply::Execution;
use crate::apply::Outcome;
use crate::cli::ChangesArgs;
use crate::cli::ConfigArgs;
use crate::cli::DoFlags;
use crate::cli::Format;
use crate::cli::HelpArgs;
use crate::cli::StepArgs;
use crate::cli::VersionArgs;
use crate::commands::carry_out;
use crate::commands::carry_out::ExecuteOptions;
use crate::commands::session;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::commands::show;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::journal::Journal;
use crate::observe;
use crate::observe::Located;
use crate::plan;
use crate::plan::Committed;
use crate::plan::ReleasePlan;
use crate::plan::Request;
use crate::plan::Single;
use crate::report;
use crate::tools::git::cli::Git;
use crate::tools::system::clock;

/// `cargo release changes`: what changed in each package since its last release.
pub(crate) fn changes(session: &Session<'_>, args: &ChangesArgs) -> Result<()> {
    let request = args.request(clock::today(&session.environment));
    let observed = session.know(request, &args.config, &Scope::default())?;
    let plan = observed.decide()?;
    let mut told = plan::explain(&observed.snapshot, &observed.config, &observed.request, &plan)?;
    let asked = &observed.request.selection;
    told.retain(|told| asked.packages.is_empty() || asked.packages.contains(&told.name));
    report::changes(&mut session.terminal.stdout(), &told).or_world(unwritten)
}

/// `cargo release version LEVEL`: new versions in the files of the checkout.
pub(crate) fn version(session: &Session<'_>, args: &VersionArgs) -> Result<()> {
    let request = args.request(clock::today(&session.environment))?;
    let step = SingleStep { what: Single::Version, execute: args.execute, format: args.output.format };
    step.run(session, request, &args.ask.config)
}

/// A step over the versions as they are.
pub(crate) fn step(session: &Session<'_>, what: Single, args: &StepArgs) -> Result<()> {
    let request = args.request(clock::today(&session.environment));
    let step = SingleStep { what, execute: args.execute, format: args.output.format };
    step.run(session, request, &args.config)
}

/// `cargo release help [COMMAND]`: as `--help`.
pub(crate) fn help(session: &Session<'_>, args: &HelpArgs) -> Result<()> {
    let words = crate::cli::Cli::help(&args.of);
    session.terminal.stdout().write_all(words.as_bytes()).or_world(unwritten)
}

/// A step, and how it is done.
struct SingleStep {
    what: Single,
    execute: DoFlags,
    format: Format,
}

impl SingleStep {
    fn run(&self, session: &Session<'_>, request: Request, flags: &ConfigArgs) -> Result<()> {
        let observed = self.know(session, request, flags)?;
        let committed = committed(&observed)?;
        let plan = plan::single(&observed.snapshot, &observed.config, &observed.request, self.what, &committed)?;
        carry_out::refuse_while_open(&observed.place)?;
        let is_done = self.execute.execute && !plan.is_blocked() && !plan.steps.is_empty();
        self.show(session, &plan, is_done)?;
        show::unblocked(&plan)?;
        match (is_done, self.what.is_in_place()) {
            (false, _) => self.only_shown(session, &plan),
            (true, true) => self.in_place(session, observed.place, plan),
            (true, false) => {
                let no_confirm = self.execute.no_confirm;
                let manner = ExecuteOptions { format: self.format, until: None, no_confirm, keeps_going: false };
                carry_out::carry_out(session, observed.place, plan, &manner)
            }
        }
    }

    /// Looks no further than the step needs.
    fn know(&self, session: &Session<'_>, request: Request, flags: &ConfigArgs) -> Result<Observed> {
        let what = self.what;
        let request = Request { offline: request.offline || !what.asks_registries(), ..request };
        let options = observe::Options {
            previous_tag: request.previous_tag.clone(),
            branch: request.branch.clone(),
            ..session.options(flags.config.clone())
        };
        let place = observe::locate(&session.environment, &options)?;
        let config = session.configuration(&place, flags)?;
        let offline = !what.asks_registries() && !what.asks_the_remote();
        let mut snapshot = observe::observe(&place, &config, &observe::Options { offline, ..options })?;
        session.credit(&place, &config, offline, &mut snapshot.repository.history.commits)?;
        Ok(Observed { place, config, snapshot, request, announces_on: None })
    }

    fn show(&self, session: &Session<'_>, plan: &ReleasePlan, is_done: bool) -> Result<()> {
        match (self.format, is_done) {
            (Format::Json, true) => Ok(()),
            (Format::Json, false) => report::plan_json(&mut session.terminal.stdout(), plan),
            (Format::Human, true) => report::single(&mut session.terminal.stderr(), self.verb(), plan),
            (Format::Human, false) => report::single(&mut session.terminal.stdout(), self.verb(), plan),
        }
        .or_world(unwritten)
    }

    fn only_shown(&self, session: &Session<'_>, plan: &ReleasePlan) -> Result<()> {
        if self.format == Format::Json || plan.steps.is_empty() {
            return Ok(());
        }
        report::only_shown(&mut session.terminal.notes()).or_world(unwritten)
    }

    /// Runs in the checkout. If a step fails, earlier steps stay done, and the next run finds them done.
    fn in_place(&self, session: &Session<'_>, place: Located, plan: ReleasePlan) -> Result<()> {
        let room = session::room(&place);
        let lock = carry_out::locked(session, &room)?;
        let world = session.world(place).locked_by(&lock).in_place();
        let mut ui = session.ui(&plan, self.format, self.execute.no_confirm);
        let journal = Journal::unwritten(carry_out::opening(session, &world, plan));
        match Execution::new(&world, journal, &mut ui).run(None)? {
            Outcome::Finished(_) => Ok(()),
            Outcome::Stopped { after } => Err(Failure::bug(format!("a single step stopped after {after:?}"))),
        }
    }

    fn verb(&self) -> &'static str {
        match self.what {
            Single::Version => "change versions",
            Single::Replace => "replace",
            Single::Hook => "run hooks",
            Single::Commit => "commit",
            Single::Publish => "publish",
            Single::Tag => "tag",
            Single::Push => "push",
        }
    }
}

/// The committed texts of files that differ in the checkout.
fn committed(observed: &Observed) -> Result<Committed> {
    let git = Git::at(observed.place.root());
    let repository = &observed.snapshot.repository;
    let mut texts = Committed::new();
    for file in repository.dirty.iter().filter(|file| observed.snapshot.workspace.texts.contains_key(&file.path)) {
        if let Some(text) = git.text_at(&repository.head, &file.path)? {
            texts.insert(file.path.clone(), text);
        }
    }
    Ok(texts)
}

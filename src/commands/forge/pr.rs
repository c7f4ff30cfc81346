//! `cargo release pr`: proposes a release as a pull request and keeps it up to date.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::Write as _;

use crate::check::Code;
use crate::cli::Format;
use crate::cli::Per;
use crate::cli::PrArgs;
use crate::cli::ShowArgs;
use crate::commands::carry_out;
use crate::commands::carry_out::ExecuteOptions;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::session::unwritten;
use crate::commands::show;
use crate::config::PrSettings;
use crate::config::ProposalSigning;
use crate::config::ProposedPer;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::forge::Forge;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::trailer;
use crate::plan;
use crate::plan::Action;
use crate::plan::Carried;
use crate::plan::Proposed;
use crate::plan::Proposing;
use crate::plan::ReleasePlan;
use crate::plan::Request;
use crate::plan::StepKind;
use crate::report;
use crate::snapshot::ForgeSite;
use crate::snapshot::PullRequest;
use crate::tools::git::cli::Git;

/// Opens or updates the pull requests; without `-x`, shows them.
pub(crate) fn pr(session: &Session<'_>, args: &PrArgs) -> Result<()> {
    if args.check {
        return check(session, args);
    }
    let observed = session.observe_for(&args.ask, &Scope::default())?;
    carry_out::refuse_while_open(&observed.place)?;
    let settings = settings(&observed, args);
    let site = site(session, &observed, args)?;
    let base = base(&observed)?;
    for unit in units(&observed, settings.per)? {
        let branch = branch(&settings, &base, unit.name.as_deref());
        let at =
            At { session, observed: &observed, args, settings: &settings, site: site.as_ref(), base: &base, branch };
        at.propose(&unit.request)?;
    }
    Ok(())
}

/// Fails if the checkout contains commits that the proposal in it does not list.
fn check(session: &Session<'_>, args: &PrArgs) -> Result<()> {
    let mut observed = session.observe_for(&args.ask, &Scope::default())?;
    observed.request.unpublished = true;
    let mut plan = observed.decide()?;
    if observed.released_head(&plan)?.is_some() {
        return Ok(());
    }
    plan.findings.retain(|finding| finding.code == Code::LateCommit && finding.is_error());
    let mut out = session.terminal.stdout();
    report::findings(&mut out, &plan.findings).and_then(|()| out.flush()).or_world(unwritten)?;
    if plan.findings.is_empty() {
        return Ok(());
    }
    Err(Failure::blocked("the checkout differs from the proposed release")
        .help("update the proposal with `cargo release pr -x`, then queue it again"))
}

/// The settings from the configuration and the flags.
fn settings(observed: &Observed, args: &PrArgs) -> PrSettings {
    let configured = observed.config.workspace.pr.clone();
    let per = match args.per {
        None => configured.per,
        Some(Per::Workspace) => ProposedPer::Workspace,
        Some(Per::Package) => ProposedPer::Package,
        Some(Per::Group) => ProposedPer::Group,
    };
    PrSettings { per, draft: configured.draft || args.draft, ..configured }
}

fn site(session: &Session<'_>, observed: &Observed, args: &PrArgs) -> Result<Option<ForgeSite>> {
    let by_api = observed.config.workspace.pr.sign == ProposalSigning::Api;
    if args.no_forge {
        return if by_api { Err(cannot_sign("`--no-forge` asks no forge")) } else { Ok(None) };
    }
    let remote = &observed.config.workspace.push_remote;
    let site = session.forge_site(&observed.place, &observed.config)?.ok_or_else(|| {
        Failure::unplannable(format!("cannot tell which forge the remote `{remote}` is on"))
            .help("set `[forge] kind` to \"github\", \"gitlab\" or \"forgejo\", and `url` to the page of the project")
            .help("or push the branch only, and open the pull request yourself: `--no-forge`")
    })?;
    if args.execute && !Forge::of(&site, &session.environment).has_token() {
        let named =
            site.token_variable.clone().unwrap_or_else(|| "GITHUB_TOKEN, GITLAB_TOKEN or FORGEJO_TOKEN".to_owned());
        return Err(Failure::unplannable(format!("there is no token for `{}`", site.api))
            .because(format!("{named} is not set"))
            .help("set it, or name another variable with `[forge] token-env`")
            .help("or push the branch only, and open the pull request yourself: `--no-forge`"));
    }
    if by_api && !Forge::of(&site, &session.environment).signs_commits() {
        return Err(cannot_sign("only the API of GitHub makes signed commits"));
    }
    Ok(Some(site))
}

fn cannot_sign(why: &str) -> Failure {
    Failure::unplannable("`[pr] sign = \"api\"` is not possible here").because(why).help("set `[pr] sign = \"git\"`")
}

fn base(observed: &Observed) -> Result<BranchName> {
    observed.snapshot.repository.branch.clone().ok_or_else(|| {
        Failure::unplannable("`HEAD` is detached, so there is no base branch for the pull request")
            .help("name the base branch: `--branch main` (CI jobs often check out a commit)")
    })
}

/// The part of a release that gets one pull request.
struct Unit {
    request: Request,
    /// The name for `{{crate_name}}` in its branch; `None` for the whole release.
    name: Option<String>,
}

fn units(observed: &Observed, per: ProposedPer) -> Result<Vec<Unit>> {
    let request = observed.request.clone();
    if per == ProposedPer::Workspace {
        return Ok(vec![Unit { request, name: None }]);
    }
    let plan = observed.decide()?;
    let group = |name: &PackageName| {
        let settings = observed.config.packages.get(name).filter(|_| per == ProposedPer::Group);
        settings.and_then(|settings| settings.shared_version.clone()).unwrap_or_else(|| name.to_string())
    };
    let groups: BTreeSet<String> = plan.packages.iter().map(|package| group(&package.name)).collect();
    let units = groups.into_iter().map(|name| {
        let members = plan.packages.iter().map(|package| &package.name).filter(|member| group(member) == name);
        let mut request = request.clone();
        request.selection.workspace = false;
        request.selection.exclude.clear();
        request.selection.packages = members.cloned().collect();
        Unit { request, name: Some(name) }
    });
    Ok(units.collect())
}

fn branch(settings: &PrSettings, base: &BranchName, unit: Option<&str>) -> BranchName {
    let name = settings.branch.replace("{{branch}}", base.as_str());
    BranchName::from(match unit {
        Some(unit) if name.contains("{{crate_name}}") => name.replace("{{crate_name}}", unit),
        Some(unit) => format!("{name}-{unit}"),
        None => name.replace("{{crate_name}}", "all"),
    })
}

/// One proposal, with its branch and settings.
struct At<'a> {
    session: &'a Session<'a>,
    observed: &'a Observed,
    args: &'a PrArgs,
    settings: &'a PrSettings,
    site: Option<&'a ForgeSite>,
    base: &'a BranchName,
    branch: BranchName,
}

/// The current state of the proposal's branch on the remote.
#[derive(Default)]
struct There {
    /// The head of the branch.
    head: Option<CommitId>,
    /// The last commit that this program made there, and the base in its trailer; `None` without a proposal.
    made: Option<(CommitId, Option<CommitId>)>,
    /// Whether other people have commits there.
    foreign: bool,
    /// Whether their edits were merged into the proposal already.
    carried: bool,
}

impl At<'_> {
    fn propose(&self, request: &Request) -> Result<()> {
        let Observed { config, snapshot, .. } = self.observed;
        let git = Git::at(self.observed.place.root());
        let there = self.there(&git)?;
        let pull = self.pull()?;
        let mut request = request.clone();
        let mut plan = plan::decide(snapshot, config, &request)?;
        let amended = plan::amended(snapshot, config, &request, &plan)?;
        if !amended.is_empty() {
            request.entries.extend(amended);
            plan = plan::decide(snapshot, config, &request)?;
        }
        let carried = self.carried(&request, &plan, &there, &git)?;
        if carried.made.is_some() {
            plan = plan::decide(snapshot, config, &plan::with_carried(&request, &carried))?;
        }
        let is_current = self.is_current(&plan, &there, &git)?;
        let proposing = Proposing {
            remote: &config.workspace.push_remote,
            base: self.base,
            branch: &self.branch,
            seen: there.head.as_ref(),
            carried: Some(&carried),
            site: self.site,
            pull: pull.as_ref(),
            settings: self.settings,
            verify: self.args.verified,
        };
        let plan = plan::propose(plan, &proposing)?;
        if plan.steps.is_empty() {
            return self.nothing(&plan, pull.as_ref(), &there);
        }
        if is_current && (self.site.is_none() || pull.is_some()) {
            return self.unchanged(pull.as_ref());
        }
        self.show_or_carry_out(plan)
    }

    /// Reads the state of the branch, and fetches its objects.
    fn there(&self, git: &Git) -> Result<There> {
        let remote = &self.observed.config.workspace.push_remote;
        let refs = git.remote_refs(remote)?;
        let Some(head) = refs.get(&format!("refs/heads/{}", self.branch)) else { return Ok(There::default()) };
        git.fetch_objects(remote, &self.branch)?;
        let main = &self.observed.snapshot.repository.head;
        let commits = git.messages_between(main, head)?;
        let is_ours = |message: &str| trailer::is_in(message, trailer::PLAN);
        // People's edits are compared with the commit that the program made, not with the merge of both.
        let line = git.messages_in_line(main, head)?;
        let newest = line.iter().find(|(_, message)| is_ours(message));
        let mut carried = false;
        let mut made = None;
        if let Some((id, message)) = newest {
            let alone = git.commit_of(&format!("{id}^2"))?;
            carried = alone.is_some();
            let base = trailer::values(message, trailer::BASE).last().map(CommitId::from);
            made = Some((alone.unwrap_or_else(|| id.clone()), base));
        }
        // A squash merge does not change the branch, but the base branch then has its trailers.
        if let Some((_, message)) = newest
            && let Some(plan) = trailer::values(message, trailer::PLAN).last()
            && git.has_line(main, &format!("{}: {plan}", trailer::PLAN))?
        {
            made = None;
        }
        let foreign = made.is_some() && commits.iter().any(|(_, message)| !is_ours(message));
        Ok(There { head: Some(head.clone()), made, foreign, carried })
    }

    /// What people changed in the proposal that is there; nothing where there is none.
    fn carried(&self, request: &Request, plan: &ReleasePlan, there: &There, git: &Git) -> Result<Carried> {
        let (Some(head), Some((made, base))) = (&there.head, &there.made) else { return Ok(Carried::default()) };
        let Observed { config, snapshot, .. } = self.observed;
        let mut texts = plan::Texts::new();
        for path in plan::proposed_paths(snapshot, config, request, plan)? {
            if let (Some(then), Some(now)) = (git.text_in(made, &path)?, git.text_in(head, &path)?) {
                texts.insert(path, (then, now));
            }
        }
        let fresh: Option<Result<Vec<CommitId>>> = base.as_ref().filter(|_| there.carried).map(|base| {
            let came = git.messages_between(base, &snapshot.repository.head)?;
            Ok(came.into_iter().map(|(id, _)| id).collect())
        });
        let fresh = fresh.transpose()?;
        let then = Proposed { texts: &texts, fresh: fresh.as_deref() };
        let carried = plan::carried(snapshot, config, request, plan, &then)?;
        Ok(Carried { made: Some(made.clone()), foreign: there.foreign, ..carried })
    }

    /// The open pull request. Without `-x`, a forge that does not answer is not an error.
    fn pull(&self) -> Result<Option<PullRequest>> {
        let Some(site) = self.site else { return Ok(None) };
        let found = Forge::of(site, &self.session.environment).open_pull(&self.branch, self.base);
        if self.args.execute { found } else { Ok(found.unwrap_or_default()) }
    }

    /// Whether the branch already contains every edit of the plan, based on HEAD.
    fn is_current(&self, plan: &ReleasePlan, there: &There, git: &Git) -> Result<bool> {
        let (Some(head), Some((_, base))) = (&there.head, &there.made) else { return Ok(false) };
        if base.as_ref() != Some(&plan.base.commit) {
            return Ok(false);
        }
        // Of several edits of a file the last one says what it becomes.
        let mut becomes = BTreeMap::new();
        for step in &plan.steps {
            if let Action::Edit(edit) | Action::Replace(edit) = &step.action {
                becomes.insert(&edit.path, &edit.after);
            }
        }
        for (path, after) in becomes {
            let now = git.text_in(head, path)?.map(|text| Digest::of(text.as_bytes()));
            if *after != now {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Nothing to propose: closes an open pull request, unless other people have commits in it.
    fn nothing(&self, plan: &ReleasePlan, pull: Option<&PullRequest>, there: &There) -> Result<()> {
        let mut out = self.session.terminal.stdout();
        let waiting: Vec<String> =
            plan.packages.iter().map(|package| format!("{} {}", package.name, package.to)).collect();
        let words = if waiting.is_empty() {
            format!("Nothing to propose for `{}`", self.base)
        } else {
            let waiting = waiting.join(", ");
            format!(
                "Nothing to propose for `{}`: {waiting} not published yet (`cargo release -x --unpublished`)",
                self.base
            )
        };
        writeln!(out, "{words}").or_world(unwritten)?;
        let (Some(pull), Some(site)) = (pull, self.site) else { return Ok(()) };
        let number = pull.number;
        let said = if there.foreign {
            format!("pull request #{number} stays open: it has commits by other people")
        } else if self.args.execute {
            let why = "There is nothing left to release from this branch.";
            Forge::of(site, &self.session.environment).close_pull(number, why)?;
            format!("closed pull request #{number}")
        } else {
            format!("would close pull request #{number}")
        };
        writeln!(out, "{said}").or_world(unwritten)
    }

    fn unchanged(&self, pull: Option<&PullRequest>) -> Result<()> {
        let mut out = self.session.terminal.stdout();
        match (self.args.output.format, pull) {
            (Format::Json, pull) => {
                let pr = serde_json::json!({
                    "number": pull.map(|pull| pull.number), "url": pull.map(|pull| &pull.url),
                    "action": "unchanged", "branch": self.branch,
                });
                report::pretty(&mut out, &serde_json::json!({ "event": "receipt", "pr": pr }))
            }
            (Format::Human, Some(pull)) => {
                writeln!(out, "Unchanged: pull request #{} from `{}`\n{}", pull.number, self.branch, pull.url)
            }
            (Format::Human, None) => writeln!(out, "Unchanged: `{}`", self.branch),
        }
        .or_world(unwritten)
    }

    fn show_or_carry_out(&self, plan: ReleasePlan) -> Result<()> {
        let (session, format) = (self.session, self.args.output.format);
        carry_out::expected(&plan, self.args.expect_plan.as_ref())?;
        if !self.args.execute || plan.is_blocked() {
            let place = session.locate()?;
            show::show(session, &place, &plan, (format, ShowArgs::default()))?;
            return if format == Format::Human { self.print_texts(&plan) } else { Ok(()) };
        }
        if format == Format::Human {
            report::plan(&mut session.terminal.notes(), &plan).or_world(unwritten)?;
        }
        let place = session.locate()?;
        let manner = ExecuteOptions { format, until: None, no_confirm: self.args.no_confirm, keeps_going: false };
        let printed = (self.site.is_none() && format == Format::Human).then(|| plan.clone());
        carry_out::carry_out(session, place, plan, &manner)?;
        printed.map_or(Ok(()), |plan| self.print_texts(&plan))
    }

    /// Prints the title and description, for opening the pull request by hand.
    fn print_texts(&self, plan: &ReleasePlan) -> Result<()> {
        let request = plan.steps.iter().find(|step| step.action.kind() == StepKind::Request);
        let Some(Action::Request(wanted)) = request.map(|step| &step.action) else { return Ok(()) };
        let body = plan::with_trailers(&wanted.body, plan.id.as_str(), plan.base.commit.as_str());
        let mut out = self.session.terminal.stdout();
        writeln!(out, "\nBranch  {}\nTitle   {}\n\n{body}", wanted.branch, wanted.title).or_world(unwritten)
    }
}

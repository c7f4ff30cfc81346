//! A release that is proposed: the same edits and the same commit, on a branch of their own, with a pull request for them.
//! Nothing is tagged, published, or pushed to the branch that takes it.

use std::collections::BTreeMap;

use semver::Version;

use super::decide::identified;
use super::forge_steps::CarriedFile;
use super::forge_steps::Carry;
use super::forge_steps::Propose;
use super::forge_steps::ProposedPull;
use super::proposal_text;
use super::release_plan::ReleasePlan;
use super::request::LevelRequest;
use super::request::Request;
use super::request::VersionTarget;
use super::step::Action;
use super::step::Step;
use super::step_kind::StepKind;
use crate::changelog;
use crate::changelog::Document;
use crate::check::Code;
use crate::check::Finding;
use crate::check::Severity;
use crate::config::Config;
use crate::config::PrSettings;
use crate::config::ProposalSigning;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::manifest::VersionAt;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::StepId;
use crate::plan::edits::changelog_target::Curated;
use crate::plan::edits::drafting;
use crate::plan::edits::entry_source::Since;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::proposals;
use crate::snapshot::ForgeSite;
use crate::snapshot::PullRequest;
use crate::snapshot::Snapshot;

/// Findings that say nothing about a release that is only proposed.
const OF_RELEASES: [Code; 5] =
    [Code::LateCommit, Code::NotProposed, Code::BehindRemote, Code::ChangelogVersionExists, Code::TagExists];

/// Where a release is proposed, and what is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proposing<'a> {
    /// The remote.
    pub remote: &'a RemoteName,
    /// The branch that takes it.
    pub base: &'a BranchName,
    /// The branch that it is proposed on.
    pub branch: &'a BranchName,
    /// The head of that branch; none where it is not there.
    pub seen: Option<&'a CommitId>,
    /// What people changed there.
    pub carried: Option<&'a Carried>,
    /// The project on its forge; none where only the branch is pushed.
    pub site: Option<&'a ForgeSite>,
    /// The pull request that is open.
    pub pull: Option<&'a PullRequest>,
    /// As configured.
    pub settings: &'a PrSettings,
    /// Whether it is verified first.
    pub verify: bool,
}

/// What people changed on the branch of a proposal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Carried {
    /// The last commit there that this program made.
    pub made: Option<CommitId>,
    /// Whether anybody else has commits there.
    pub foreign: bool,
    /// Entries as people left them, with what is new.
    pub entries: BTreeMap<PackageName, String>,
    /// Versions that people chose.
    pub versions: BTreeMap<PackageName, Version>,
    /// Files of the head as they would be had nobody edited entries: those are in the plan already.
    pub files: Vec<CarriedFile>,
}

/// A proposal as it was made, and as it is now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proposed<'a> {
    /// Its files.
    pub texts: &'a Texts,
    /// The commits that came to the base branch since, where the proposal has taken in edits of people already; none where
    /// it is as it was drafted.
    pub fresh: Option<&'a [CommitId]>,
}

/// A text of a proposal: as this program made it, and as it is now.
pub(crate) type Texts = BTreeMap<RepoPath, (String, String)>;

/// The files of a proposal that are compared with what people made of them.
pub(crate) fn proposed_paths(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    plan: &ReleasePlan,
) -> Result<Vec<RepoPath>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut paths = vec![snapshot.workspace.dir.join("Cargo.toml")];
    for package in &plan.packages {
        paths.push(inputs.package(&package.name)?.manifest.clone());
        paths.extend(package.changelog.as_ref().map(|changelog| changelog.path.clone()));
    }
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// What of people's edits the plan takes in: entries and versions.
///
/// # Errors
/// The workspace makes no sense.
pub(crate) fn carried(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    plan: &ReleasePlan,
    then: &Proposed<'_>,
) -> Result<Carried> {
    let Proposed { texts, fresh } = then;
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let cliff = drafting::cliff(&inputs, &mut Vec::new())?;
    let mut carried = Carried::default();
    let mut stand_ins: BTreeMap<RepoPath, String> = BTreeMap::new();
    for planned in &plan.packages {
        let package = inputs.package(&planned.name)?;
        let root = snapshot.workspace.dir.join("Cargo.toml");
        let (manifest, inherits) = if package.inherits_version { (&root, true) } else { (&package.manifest, false) };
        let version = |text: &String| version_in(text, inherits);
        if let Some((made, now)) = texts.get(manifest)
            && let (Some(made), Some(now)) = (version(made), version(now))
            && made != now
        {
            carried.versions.insert(planned.name.clone(), now);
        }
        let Some(changelog) = &planned.changelog else { continue };
        let (Some((made, now)), Some(curated)) = (texts.get(&changelog.path), Curated::of(&inputs, package)?) else {
            continue;
        };
        let newest = |text: &String| {
            let document = Document::parse(text);
            let found = document.releases_of(&curated.owner).next();
            found.map(|(heading, section)| (heading.version.clone(), section.entry()))
        };
        let (Some((version, ours)), Some((_, theirs))) = (newest(made), newest(now)) else { continue };
        let is_old = inputs.last_release(&planned.name).is_some_and(|last| last.version == version);
        let entry = match fresh {
            _ if is_old => continue,
            None if ours == theirs => continue,
            None => changelog::carried(&ours, &theirs, &changelog.entry),
            // What people wrote is in there already: only what came since is offered.
            Some(fresh) => {
                let told = curated.told(&inputs, Since::LastRelease).only_of(fresh);
                let draft = told.drafted(&curated.release(&inputs, &planned.to)?, &cliff)?;
                changelog::carried("", &theirs, &draft)
            }
        };
        carried.entries.insert(planned.name.clone(), entry);
        let text = stand_ins.entry(changelog.path.clone()).or_insert_with(|| now.clone());
        *text = if theirs.trim().is_empty() { made.clone() } else { text.replacen(&theirs, &ours, 1) };
    }
    carried.files = stand_ins.into_iter().map(|(path, text)| CarriedFile { path, text }).collect();
    Ok(carried)
}

/// The entries of releases that were merged and not published yet, with the commits that came since: what amends them.
///
/// # Errors
/// The workspace makes no sense.
pub(crate) fn amended(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    plan: &ReleasePlan,
) -> Result<BTreeMap<PackageName, String>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let cliff = drafting::cliff(&inputs, &mut Vec::new())?;
    let mut amended = BTreeMap::new();
    for planned in &plan.packages {
        let package = inputs.package(&planned.name)?;
        let (Some(proposal), Some(changelog)) = (proposals::of(&inputs, package), &planned.changelog) else { continue };
        let Some(curated) = Curated::of(&inputs, package)?.filter(|_| package.version == planned.to) else { continue };
        let late = [proposal.late.as_slice(), proposal.since.as_slice()].concat();
        let told = curated.told(&inputs, Since::LastRelease).only_of(&late);
        let draft = told.drafted(&curated.release(&inputs, &planned.to)?, &cliff)?;
        if !draft.trim().is_empty() {
            amended.insert(planned.name.clone(), changelog::carried("", &changelog.entry, &draft));
        }
    }
    Ok(amended)
}

/// The request with what people decided on the branch.
pub(crate) fn with_carried(request: &Request, carried: &Carried) -> Request {
    let mut request = request.clone();
    request.entries.extend(carried.entries.clone());
    for (name, version) in &carried.versions {
        if !request.names(name) {
            // Naming one package selects it alone; the others stay selected as they were.
            request.selection.workspace |= request.selection.packages.is_empty() && request.levels.is_empty();
            request
                .levels
                .push(LevelRequest { package: Some(name.clone()), target: VersionTarget::Version(version.clone()) });
        }
    }
    request
}

fn version_in(manifest: &str, inherits: bool) -> Option<Version> {
    let manifest = Manifest::parse(&RepoPath::from("Cargo.toml"), manifest).ok()?;
    let literal = match manifest.version() {
        _ if inherits => manifest.workspace_version(),
        Some(VersionAt::Literal(literal)) => Some(literal),
        Some(VersionAt::Inherited | VersionAt::Absent) | None => None,
    };
    Version::parse(&literal?.value).ok()
}

/// Makes of a release the proposal of it. Where nothing is edited there is nothing to propose, and no step.
///
/// # Errors
/// The plan cannot be written as JSON.
pub(crate) fn propose(plan: ReleasePlan, proposing: &Proposing<'_>) -> Result<ReleasePlan> {
    let mut plan = plan;
    plan.findings.retain(|finding| {
        let off = OF_RELEASES.contains(&finding.code);
        !off || finding.severity == Severity::Error && finding.code == Code::TagExists
    });
    let Some(commit) = plan.last_commit().cloned() else {
        plan.steps.clear();
        return identified(plan);
    };
    let foreign = proposing.carried.is_some_and(|carried| carried.foreign);
    let by_api = proposing.settings.sign == ProposalSigning::Api && !foreign;
    if proposing.settings.sign == ProposalSigning::Api && foreign {
        let message =
            format!("`{}` has commits by other people, and the API of the forge makes no merges", proposing.branch);
        let help =
            "git makes and signs this update as it is configured; a repository that requires signatures may refuse it";
        plan.findings.push(Finding::warning(Code::CommitByGit, message).help(help));
    }
    let last = if proposing.verify { StepKind::Verify } else { StepKind::Commit };
    plan.steps.retain(|step| step.action.kind() <= last);
    let mut steps = Vec::new();
    let mut gate = vec![commit.id.clone()];
    if let (Some(carried), Some(head)) = (proposing.carried.filter(|carried| carried.foreign), proposing.seen)
        && let (Some(made), Action::Commit(commit)) = (&carried.made, &commit.action)
    {
        let (message, sign) = (commit.message.clone(), commit.sign);
        let (head, made, files) = (head.clone(), made.clone(), carried.files.clone());
        let action = Action::Carry(Carry { head, made, files, message, sign });
        add(&mut steps, "carry", action, &mut gate);
    }
    for mut step in std::mem::take(&mut plan.steps) {
        if step.action.kind() == StepKind::Verify {
            step.needs = gate.clone();
            gate = vec![step.id.clone()];
            steps.push(step);
        } else {
            plan.steps.push(step);
        }
    }
    let (remote, branch, base) = (proposing.remote.to_owned(), proposing.branch.to_owned(), proposing.base.to_owned());
    let by_api = proposing.site.filter(|_| by_api).cloned();
    let propose = Propose { remote, branch: branch.clone(), seen: proposing.seen.cloned(), by_api };
    add(&mut steps, "propose", Action::Propose(propose), &mut gate);
    let (title, body) = proposal_text::texts(&plan, proposing);
    let PrSettings { labels, reviewers, draft, .. } = proposing.settings.clone();
    let pull = proposing.pull.cloned();
    let request =
        ProposedPull { site: proposing.site.cloned(), branch, base, pull, title, body, labels, reviewers, draft };
    add(&mut steps, "request", Action::Request(Box::new(request)), &mut gate);
    plan.steps.append(&mut steps);
    identified(plan)
}

fn add(steps: &mut Vec<Step>, id: &str, action: Action, gate: &mut Vec<StepId>) {
    let step = Step { id: StepId::from(id), action, package: None, needs: std::mem::take(gate) };
    gate.push(step.id.clone());
    steps.push(step);
}

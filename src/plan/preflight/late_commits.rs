//! Commits that came to the branch while a release was proposed elsewhere: they would be released, and stand in nothing
//! that anybody was shown.

use std::collections::BTreeMap;

use crate::check::Code;
use crate::check::Finding;
use crate::config::Config;
use crate::config::LateCommits;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::plan::evidence::commits::CountedCommit;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::proposals;
use crate::plan::release_plan::ReleasePlan;
use crate::plan::request::Request;
use crate::plan::versions::next_version::Bump;
use crate::plan::versions::selection::Target;
use crate::snapshot::Commit;
use crate::snapshot::Proposal;
use crate::snapshot::Snapshot;

/// How many commits are named.
const NAMED: usize = 3;

/// How many commits of a package the forge is asked about.
const ASKED: usize = 5;

/// What was not proposed, where only that may be released (`[pr] required`).
pub(crate) fn not_proposed(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for bump in chosen.values().filter(|_| inputs.config.workspace.pr.required) {
        let proposal = proposals::of(inputs, inputs.package(&bump.name)?);
        if bump.target == Target::AsItIs && proposal.is_some() {
            continue;
        }
        let message = format!("`{}` {} did not come by a pull request of `cargo release pr`", bump.name, bump.to);
        let help = "propose it with `cargo release pr` and merge that; `[pr] required` asks for it";
        let help = if bump.target == Target::AsItIs {
            "the commit with this version names no plan (`Release-Plan`): propose the version with `cargo release pr`, or, if a \
             squash lost the lines, set a token of the forge, whose pull request has them"
        } else {
            help
        };
        found.push(Finding::error(Code::NotProposed, message).package(&bump.name).help(help));
    }
    Ok(found)
}

/// The commit that is released in place of the current one: the head of the branch that was merged, where commits came
/// between (`[pr] late = "head"`); of several, the oldest.
///
/// # Errors
/// The workspace makes no sense.
pub(crate) fn released_head(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    plan: &ReleasePlan,
) -> Result<Option<CommitId>> {
    if config.workspace.pr.late != LateCommits::Head || !request.unpublished {
        return Ok(None);
    }
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut heads = Vec::new();
    for planned in &plan.packages {
        let package = inputs.package(&planned.name)?;
        let Some(proposal) = proposals::of(&inputs, package).filter(|_| package.version == planned.to) else {
            continue;
        };
        let is_late = inputs.changes(&planned.name).iter().any(|change| proposal.late.contains(&change.commit.id));
        heads.extend(proposal.head.as_ref().filter(|_| is_late));
    }
    let all = &snapshot.repository.history.proposals;
    let oldest = all.iter().rev().find_map(|proposal| proposal.head.as_ref().filter(|head| heads.contains(head)));
    Ok(oldest.cloned())
}

/// The commits that may have brought a version that no release commit names: their pull requests are asked.
///
/// # Errors
/// The workspace makes no sense.
pub(crate) fn unwitnessed(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Vec<CommitId>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let root = snapshot.workspace.dir.join("Cargo.toml");
    let mut found = Vec::new();
    for package in inputs.packages() {
        let is_new = inputs.last_release(&package.name).is_some_and(|last| last.version != package.version);
        if !is_new || proposals::of(&inputs, package).is_some() {
            continue;
        }
        let manifest = if package.inherits_version { &root } else { &package.manifest };
        // Also those that count for nothing: of what users see a proposal changes nothing.
        let brings =
            |commit: &&Commit| commit.packages.get(&package.name).is_some_and(|paths| paths.contains(manifest));
        let commits = snapshot.repository.history.commits.iter().filter(brings);
        found.extend(commits.map(|commit| commit.id.clone()).take(ASKED));
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// What a release of proposed packages would ship without having shown it.
pub(crate) fn findings(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Result<Vec<Finding>> {
    let mut proposed = BTreeMap::new();
    for bump in chosen.values().filter(|bump| bump.target == Target::AsItIs) {
        if let Some(proposal) = proposals::of(inputs, inputs.package(&bump.name)?) {
            proposed.insert(&bump.name, proposal);
        }
    }
    let mut found = Vec::new();
    let Some((first, _)) = proposed.first_key_value() else { return Ok(found) };
    for bump in chosen.values() {
        match proposed.get(&bump.name) {
            Some(proposal) => found.extend(of_proposed(inputs, bump, proposal)),
            None => found.extend(beside(inputs, bump, first)),
        }
    }
    Ok(found)
}

/// Commits that change a package that was proposed, from before and after the release commit came to the branch.
fn of_proposed(inputs: &PlanInputs<'_>, bump: &Bump, proposal: &Proposal) -> Vec<Finding> {
    let changes = inputs.changes(&bump.name);
    let among = |ids: &[CommitId]| -> Vec<&CountedCommit<'_>> {
        changes.iter().filter(|change| ids.contains(&change.commit.id)).collect()
    };
    let (name, to) = (&bump.name, &bump.to);
    let base = proposal.base.as_ref().map_or_else(String::new, |base| format!(" on {}", base.short()));
    let late = named(&among(&proposal.late)).map(|commits| {
        let message = format!("`{name}` {to} was proposed{base}, and has commits since that its entry does not tell: {commits}");
        late(inputs, message).package(name).help(
            "`cargo release pr` proposes them for the same release; `[pr] late = \"include\"` releases them as they are",
        )
    });
    let since = named(&among(&proposal.since)).map(|commits| {
        let message = format!("`{name}` {to} has commits that came after its release commit: {commits}");
        let help = "they are released, and its entry does not tell them; `cargo release pr` proposes them, too";
        Finding::warning(Code::LateCommit, message).package(name).help(help)
    });
    let late = late.map(|finding| match (inputs.config.workspace.pr.late, &proposal.head) {
        (LateCommits::Refuse | LateCommits::Include, _) => finding,
        (LateCommits::Head, Some(_)) => {
            finding.help("`cargo release -x --unpublished` releases the merged branch without them")
        }
        (LateCommits::Head, None) => finding.help(
            "it did not come by a merge commit, so that the branch cannot be released without them; `cargo release pr` \
             proposes them for the same release",
        ),
    });
    late.into_iter().chain(since).collect()
}

/// A package that changed and was not proposed with the others.
fn beside(inputs: &PlanInputs<'_>, bump: &Bump, first: &PackageName) -> Option<Finding> {
    if bump.target != Target::Decide || inputs.request.selection.packages.contains(&bump.name) {
        return None;
    }
    let (name, to) = (&bump.name, &bump.to);
    let changes: Vec<&CountedCommit<'_>> = inputs.changes(name).iter().collect();
    let why = named(&changes).map_or_else(String::new, |commits| format!(": {commits}"));
    let message = format!("`{name}` {to} is not part of the release that was merged with `{first}`{why}");
    let finding = late(inputs, message).package(name);
    Some(finding.help(
        "release only what was merged: `cargo release -x --unpublished`; then propose the rest: `cargo release pr`",
    ))
}

fn late(inputs: &PlanInputs<'_>, message: String) -> Finding {
    match inputs.config.workspace.pr.late {
        LateCommits::Refuse | LateCommits::Head => Finding::error(Code::LateCommit, message),
        LateCommits::Include => Finding::warning(Code::LateCommit, message),
    }
}

fn named(changes: &[&CountedCommit<'_>]) -> Option<String> {
    let first = changes.iter().take(NAMED).map(|change| format!("{} `{}`", change.commit.id.short(), change.summary()));
    let more = changes.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!changes.is_empty()).then(|| format!("{}{more}", first.collect::<Vec<_>>().join(", ")))
}

//! Commits that came to the branch while a release was proposed elsewhere: they would be released, and stand in nothing
//! that anybody was shown.

use std::collections::BTreeMap;

use crate::check::Code;
use crate::check::Finding;
use crate::config::LateCommits;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::plan::evidence::commits::CountedCommit;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::proposals;
use crate::plan::versions::next_version::Bump;
use crate::plan::versions::selection::Target;
use crate::snapshot::Proposal;

/// How many commits are named.
const NAMED: usize = 3;

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
        LateCommits::Refuse => Finding::error(Code::LateCommit, message),
        LateCommits::Include => Finding::warning(Code::LateCommit, message),
    }
}

fn named(changes: &[&CountedCommit<'_>]) -> Option<String> {
    let first = changes.iter().take(NAMED).map(|change| format!("{} `{}`", change.commit.id.short(), change.summary()));
    let more = changes.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    (!changes.is_empty()).then(|| format!("{}{more}", first.collect::<Vec<_>>().join(", ")))
}

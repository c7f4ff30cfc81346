//! How the branch stands on the remote.

use crate::check::Code;
use crate::check::Finding;
use crate::check::Severity;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::snapshot::Relation;
use crate::snapshot::Remote;

/// The remote that would be pushed to: there, and not ahead of us.
pub(crate) fn remote(inputs: &PlanInputs<'_>) -> Option<Finding> {
    if !inputs.config.workspace.push {
        return None;
    }
    let name = &inputs.config.workspace.push_remote;
    let ours = inputs.snapshot.repository.branch.as_ref()?;
    let Some(remote) = &inputs.snapshot.repository.remote else {
        let help = "add it (`git remote add`), name another (`--push-remote`), or do not push (`--no-push`)";
        return Some(Finding::error(Code::NoRemote, format!("there is no remote named `{name}`")).help(help));
    };
    let branch = remote.branch.as_ref().unwrap_or(ours);
    let behind = |message: String, how: &str| {
        let help = format!("run `git pull {how} {name} {branch}`, then plan again");
        Some(Finding::error(Code::BehindRemote, message).help(help))
    };
    match &remote.relation {
        Relation::Same | Relation::Ahead(_) | Relation::Absent => None,
        Relation::Behind(count) => {
            behind(format!("`{ours}` is {} behind `{name}/{branch}`", phrase::count(*count, "commit")), "--ff-only")
        }
        Relation::Diverged(here, there) => {
            let (here, there) = (phrase::count(*here, "commit"), phrase::count(*there, "commit"));
            let message =
                format!("`{ours}` and `{name}/{branch}` have diverged: {here} only local, {there} only remote");
            behind(message, "--rebase")
        }
        Relation::Elsewhere(commit) => {
            behind(format!("`{name}/{branch}` is at {}, which is not in this clone", commit.short()), "--rebase")
        }
        Relation::Unknown(why) if inputs.request.offline => Some(
            Finding::warning(Code::RemoteUnknown, format!("state of `{name}/{branch}` unknown: {why}"))
                .help("plan without `--offline` before you release"),
        ),
        Relation::Unknown(why) => {
            Some(Finding::error(Code::RemoteUnknown, format!("`{name}` does not answer: {why}")).help(
                "check the connection and the address (`git remote -v`), or release without pushing: `--no-push`",
            ))
        }
    }
}

/// A release that edits nothing pushes nothing to the branch: what the remote has besides does not hold it up.
pub(crate) fn may_be_behind(inputs: &PlanInputs<'_>, found: &mut [Finding]) {
    let behind = |remote: &Remote| matches!(remote.relation, Relation::Behind(_));
    if inputs.snapshot.repository.remote.as_ref().is_some_and(behind) {
        for finding in found.iter_mut().filter(|finding| finding.code == Code::BehindRemote) {
            finding.severity = Severity::Warning;
        }
    }
}

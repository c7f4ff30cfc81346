//! Request: opens the pull request of a proposal, or brings it up to date. Labels and reviewers are added and never taken
//! away; that they could not be is said, and holds nothing up.

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::error::Result;
use crate::forge::Forge;
use crate::forge::NewPull;
use crate::journal::Proof;
use crate::journal::Pulled;
use crate::plan;
use crate::plan::ProposedPull;
use crate::snapshot::PullRequest;
use crate::snapshot::PullState;

/// Done when the open pull request says what the plan says; also when it was merged meanwhile, or no forge is asked.
pub(crate) fn probe(wanted: &ProposedPull, context: &StepContext<'_>) -> Result<Probe> {
    let Some(forge) = forge(wanted, context) else {
        return Ok(Probe::Done(Proof::Pull(pulled(wanted, None, "pushed"))));
    };
    match forge.open_pull(&wanted.branch, &wanted.base)? {
        Some(open) if says(&open, wanted, context) && was_asked(context) => {
            Ok(Probe::Done(Proof::Pull(pulled(wanted, Some(&open), done(wanted)))))
        }
        Some(_) => Ok(Probe::ToDo),
        None => {
            let before = wanted.pull.as_ref().map(|pull| forge.pull_of(pull.number)).transpose()?.flatten();
            let merged = before.filter(|pull| pull.state == PullState::Merged);
            Ok(merged.map_or(Probe::ToDo, |pull| Probe::Done(Proof::Pull(pulled(wanted, Some(&pull), "merged")))))
        }
    }
}

/// Opens or changes it. An answer that was lost is looked for before anything is sent again.
pub(crate) fn perform(wanted: &ProposedPull, context: &StepContext<'_>) -> Result<Proof> {
    let Some(forge) = forge(wanted, context) else { return Ok(Proof::Pull(pulled(wanted, None, "pushed"))) };
    let body = body(wanted, context);
    let open = match forge.open_pull(&wanted.branch, &wanted.base)? {
        Some(open) if says(&open, wanted, context) => open,
        Some(open) => forge.change_pull(open.number, &wanted.title, &body)?,
        None => {
            let ProposedPull { branch, base, title, draft, .. } = wanted;
            match forge.make_pull(NewPull { branch, base, title, body: &body, draft: *draft }) {
                Ok(made) => made,
                Err(failure) => forge.open_pull(branch, base).ok().flatten().ok_or(failure)?,
            }
        }
    };
    let mut pulled = pulled(wanted, Some(&open), done(wanted));
    if !wanted.labels.is_empty() {
        pulled.remarks.extend(forge.label_pull(open.number, &wanted.labels).err().map(|failure| failure.to_string()));
    }
    if !wanted.reviewers.is_empty() {
        let asked = forge.ask_reviewers(open.number, &wanted.reviewers);
        pulled.remarks.extend(asked.err().map(|failure| failure.to_string()));
    }
    Ok(Proof::Pull(pulled))
}

/// Closes it where it was opened, else puts title and text back.
pub(crate) fn undo(wanted: &ProposedPull, context: &StepContext<'_>) -> Result<()> {
    let Some(forge) = forge(wanted, context) else { return Ok(()) };
    let Some(open) = forge.open_pull(&wanted.branch, &wanted.base)? else { return Ok(()) };
    match &wanted.pull {
        None => forge.close_pull(open.number, "This release was taken back."),
        Some(before) => forge.change_pull(open.number, &before.title, &before.body).map(drop),
    }
}

fn forge(wanted: &ProposedPull, context: &StepContext<'_>) -> Option<Forge> {
    wanted.site.as_ref().map(|site| Forge::of(site, &context.world.environment))
}

/// Whether nothing but title and text was to be done, or all of it was done.
fn was_asked(context: &StepContext<'_>) -> bool {
    context.journal.proof(&context.step.id).is_some() || !context.journal.was_begun(&context.step.id)
}

fn says(open: &PullRequest, wanted: &ProposedPull, context: &StepContext<'_>) -> bool {
    let title = ["Draft: ", "WIP: "].iter().find_map(|mark| open.title.strip_prefix(mark)).unwrap_or(&open.title);
    let wanted_title = ["Draft: ", "WIP: "].iter().find_map(|mark| wanted.title.strip_prefix(mark));
    let same_title = title == wanted_title.unwrap_or(&wanted.title);
    same_title && open.body.replace("\r\n", "\n").trim_end() == body(wanted, context).trim_end()
}

fn body(wanted: &ProposedPull, context: &StepContext<'_>) -> String {
    let plan = context.journal.plan();
    plan::with_trailers(&wanted.body, plan.id.as_str(), plan.base.commit.as_str())
}

fn done(wanted: &ProposedPull) -> &'static str {
    if wanted.pull.is_some() { "updated" } else { "opened" }
}

fn pulled(wanted: &ProposedPull, pull: Option<&PullRequest>, action: &str) -> Pulled {
    Pulled {
        number: pull.map(|pull| pull.number),
        url: pull.map(|pull| pull.url.clone()),
        action: action.to_owned(),
        branch: wanted.branch.clone(),
        remarks: Vec::new(),
    }
}

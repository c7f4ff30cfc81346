//! The words about a release that is open: how far it is, where it stopped, what was taken back.

use std::io;
use std::io::Write;

use super::style;
use crate::apply::Aborted;
use crate::apply::is_published;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::plan::ReleasePlan;
use crate::plan::Step;
use crate::plan::StepKind;

/// Says how far a release is: what the journal remembers of each step after the edits.
///
/// # Errors
/// The stream does not take it.
pub fn status(out: &mut dyn Write, journal: &Journal) -> io::Result<()> {
    let plan = journal.plan();
    let done = plan.steps.iter().filter(|step| journal.proof(&step.id).is_some()).count();
    writeln!(out, "a release is open: plan {}, {done} of {} steps done", plan.id, plan.steps.len())?;
    for package in &plan.packages {
        let from = package.from.as_ref().map_or("new".to_owned(), ToString::to_string);
        writeln!(out, "  {} {from} -> {}", package.name, package.to)?;
    }
    let edits = |step: &&Step| step.action.kind() < StepKind::Commit;
    for step in plan.steps.iter().filter(|step| !edits(step)) {
        let state = match (journal.proof(&step.id), journal.was_begun(&step.id)) {
            (Some(Proof::Uploaded), _) => "uploaded, not seen in the index yet",
            (Some(_), _) => "done",
            (None, true) => "begun; what became of it is asked when it is resumed",
            (None, false) => "to do",
        };
        writeln!(out, "  {}: {state}", step.id)?;
    }
    let line = match is_published(journal) {
        true => "an upload was begun: it cannot be taken back, only carried to its end",
        false => "nothing is published: it can be resumed or taken back",
    };
    writeln!(out, "{line}")
}

/// Says where a release stopped, as it was asked to.
///
/// # Errors
/// The stream does not take it.
pub fn stopped(out: &mut dyn Write, after: StepKind) -> io::Result<()> {
    let reached = match after {
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit => {
            "the release commit is made, aside; your checkout is as it was"
        }
        StepKind::Verify => "every package is verified; your checkout is as it was",
        StepKind::Land | StepKind::Tag => "the branch and the tags name the release, on this machine only",
        StepKind::Reserve => "the branch is pushed; nothing is published",
        StepKind::Publish | StepKind::Confirm | StepKind::Owners | StepKind::Push => "stopped",
    };
    style::status(out, "Stopped", reached)?;
    writeln!(out, "{:>12} `cargo release resume` goes on, run `cargo release abort` to undo it", "")
}

/// Says what was taken back.
///
/// # Errors
/// The stream does not take it.
pub fn aborted(out: &mut dyn Write, plan: &ReleasePlan, aborted: &Aborted) -> io::Result<()> {
    let branch = plan.base.branch.as_deref().unwrap_or("HEAD");
    let Some(stays) = &aborted.stays else {
        return style::status(
            out,
            "Aborted",
            &format!("`{branch}` is at {} as before; nothing is left", aborted.base.short()),
        );
    };
    style::status(out, "Aborted", "the tags are gone; nothing was published")?;
    writeln!(out, "{:>12} the release commit {} may be on the remote, so it stays on `{branch}`", "", stays.short())?;
    writeln!(out, "{:>12} to take it back: `git revert {}`, then push", "", stays.short())
}

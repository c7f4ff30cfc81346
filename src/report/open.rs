//! The words about a release that is open: how far it is, where it stopped, what was taken back.

use std::io;
use std::io::Write;

use super::style;
use crate::apply::Aborted;
use crate::apply::Closed;
use crate::apply::Version;
use crate::apply::is_published;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::journal::Record;
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
    writeln!(out, "a release is open: plan {}, {done} of {} steps done", plan.id.short(), plan.steps.len())?;
    for package in &plan.packages {
        let from = package.from.as_ref().map_or("new".to_owned(), ToString::to_string);
        writeln!(out, "  {} {from} -> {}", package.name, package.to)?;
    }
    let edits = |step: &&Step| step.action.kind() < StepKind::Commit;
    for step in plan.steps.iter().filter(|step| !edits(step)) {
        let state = match (journal.proof(&step.id), journal.was_begun(&step.id)) {
            (Some(Proof::Uploaded { .. }), _) => "uploaded, not seen in the index yet".to_owned(),
            (Some(_), _) => "done".to_owned(),
            (None, true) if step.action.kind() == StepKind::Confirm => {
                "waiting for the index; resume will look again".to_owned()
            }
            (None, true) => "unknown (interrupted); resume will check".to_owned(),
            (None, false) => match journal.refusal(&step.id) {
                Some(Record::Limited { until, .. }) => {
                    format!("to do; the registry takes no more until {}", until.strftime("%Y-%m-%d %H:%M:%S UTC"))
                }
                Some(Record::Refused { said, .. }) => format!("refused: {said}"),
                Some(Record::Plan(_) | Record::InFlightStep { .. } | Record::Done { .. }) => "to do".to_owned(),
                Some(Record::Undone { .. } | Record::Agreed) | None => "to do".to_owned(),
            },
        };
        writeln!(out, "  {}: {state}", step.id)?;
    }
    let line = match is_published(journal) {
        true => "an upload was begun: `resume` carries it to its end, `abort` ends it and says what is live",
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
        StepKind::Carry | StepKind::Propose | StepKind::Request | StepKind::Announce => "stopped",
    };
    style::status(out, "Stopped", reached)?;
    writeln!(out, "{:>12} `cargo release resume` goes on, run `cargo release abort` to undo it", "")
}

/// Says how a release was ended.
///
/// # Errors
/// The stream does not take it.
pub fn aborted(out: &mut dyn Write, plan: &ReleasePlan, aborted: &Aborted) -> io::Result<()> {
    let branch = plan.base.branch.as_deref().unwrap_or("HEAD");
    let base = plan.base.commit.short();
    match aborted {
        Aborted::TakenBack { base } => {
            style::status(out, "Aborted", &format!("`{branch}` is at {} as before; nothing is left", base.short()))
        }
        Aborted::Stays { commit, pushed } => {
            let commit = commit.short();
            style::status(out, "Aborted", "the tags are gone; nothing was published")?;
            let (why, how) = match pushed {
                true => ("may be on the remote", format!("`git revert {commit}`, then push")),
                false => ("has other commits on top of it", format!("`git rebase --onto {base} {commit} {branch}`")),
            };
            note(out, &format!("the release commit {commit} {why}, so it stays on `{branch}`"))?;
            note(out, &format!("to take it back: {how}"))
        }
        Aborted::Closed(closed) => self::closed(out, closed),
    }
}

fn closed(out: &mut dyn Write, closed: &Closed) -> io::Result<()> {
    let Closed { live, accepted, theirs, unknown, missing, tags_pushed } = closed;
    style::status(out, "Closed", "the release is over; nothing was changed")?;
    for (what, versions) in [
        ("live", live),
        ("taken by the registry, not in its index yet", accepted),
        ("published by somebody else", theirs),
        ("not published", missing),
    ] {
        if !versions.is_empty() {
            let named: Vec<String> = versions.iter().map(named).collect();
            note(out, &format!("{what}: {}", named.join(", ")))?;
        }
    }
    for (version, why) in unknown {
        note(out, &format!("not known: {} ({why})", named(version)))?;
    }
    if *tags_pushed {
        note(out, "its tags are on the remote, or may be: others may have fetched them")?;
    }
    if !missing.is_empty() || !unknown.is_empty() {
        note(out, "to release what is missing: `cargo release`")?;
    }
    match live.iter().chain(accepted).next() {
        None => Ok(()),
        Some(Version { package, version, registry }) => {
            note(out, &format!("to withdraw a version: `cargo yank --registry {registry} {package}@{version}`"))
        }
    }
}

fn named(version: &Version) -> String {
    let Version { package, version, registry } = version;
    format!("{package} {version} on {registry}")
}

fn note(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{:>12} {text}", "")
}

/// Says that a journal that cannot be read was put aside.
///
/// # Errors
/// The stream does not take it.
pub fn put_aside(out: &mut dyn Write, kept: &str) -> io::Result<()> {
    style::status(out, "Closed", "the release is over; its journal could not be read and was put aside")?;
    note(out, &format!("it is kept as `{kept}`"))?;
    note(out, "commits, tags and what was published are as they were: `git log`, `git tag` and the registry tell")?;
    note(out, "to release what is missing: `cargo release`")
}

/// Says that an upload of a release that was killed is waited for.
///
/// # Errors
/// The stream does not take it.
pub fn upload_outlived(out: &mut dyn Write) -> io::Result<()> {
    style::status(out, "Waiting", "for an upload that still runs though its release was killed")
}

//! Output about a release in progress: its state, where it stopped, and what was undone.

use std::io;
use std::io::Write;

use crate::apply::Aborted;
use crate::apply::Closed;
use crate::apply::Version;
use crate::apply::is_published;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::journal::Record;
use crate::names::BranchName;
use crate::names::TagName;
use crate::plan::ReleasePlan;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::report::receipt::yank;
use crate::report::screen::style;

/// Writes the state of a release: what the journal recorded about each step after the edits.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn status(out: &mut dyn Write, journal: &Journal) -> io::Result<()> {
    let plan = journal.plan();
    let done = plan.steps.iter().filter(|step| journal.proof(&step.id).is_some()).count();
    writeln!(out, "release in progress: plan {}, {done} of {} steps done", plan.id.short(), plan.steps.len())?;
    for package in &plan.packages {
        let from = package.from.as_ref().map_or("new".to_owned(), ToString::to_string);
        writeln!(out, "  {} {from} -> {}", package.name, package.to)?;
    }
    let edits = |step: &&Step| step.action.kind() < StepKind::Commit;
    for step in plan.steps.iter().filter(|step| !edits(step)) {
        let state = match (journal.proof(&step.id), journal.was_begun(&step.id)) {
            (Some(Proof::Uploaded { .. }), _) => "uploaded".to_owned(),
            (Some(_), _) => "done".to_owned(),
            (None, true) if step.action.kind() == StepKind::Confirm => {
                "waiting for the index; resume will check again".to_owned()
            }
            (None, true) => "unknown (interrupted); resume will check".to_owned(),
            (None, false) => match journal.refusal(&step.id) {
                Some(Record::Limited { until, .. }) => {
                    format!("to do; the registry is rate-limiting until {}", until.strftime("%Y-%m-%d %H:%M:%S UTC"))
                }
                Some(Record::Refused { said, .. }) => format!("refused: {said}"),
                Some(Record::Plan(_) | Record::InFlightStep { .. } | Record::Done { .. }) => "to do".to_owned(),
                Some(Record::Undone { .. } | Record::Agreed) | None => "to do".to_owned(),
            },
        };
        writeln!(out, "  {}: {state}", step.id)?;
    }
    let line = match is_published(journal) {
        true => "an upload was started: `resume` finishes the release, `abort` ends it and lists what is published",
        false => "nothing is published: `resume` finishes the release, `abort` undoes it",
    };
    writeln!(out, "{line}")
}

/// Writes where a release stopped because of `--until`.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn stopped(out: &mut dyn Write, after: StepKind) -> io::Result<()> {
    let reached = match after {
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit => {
            "the release commit exists outside your branch; your checkout is unchanged"
        }
        StepKind::Verify => "every package is verified; your checkout is unchanged",
        StepKind::Land | StepKind::Tag => "the branch and the tags are updated, but not pushed",
        StepKind::Reserve => "the branch is pushed; nothing is published",
        StepKind::Publish | StepKind::Confirm | StepKind::Owners | StepKind::Push => "stopped",
        StepKind::Carry | StepKind::Propose | StepKind::Request | StepKind::Announce => "stopped",
    };
    style::status(out, "Stopped", reached)?;
    writeln!(out, "{:>12} run `cargo release resume` to continue or `cargo release abort` to undo it", "")
}

/// Writes how a release was aborted.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn aborted(out: &mut dyn Write, plan: &ReleasePlan, aborted: &Aborted) -> io::Result<()> {
    let branch = plan.base.branch.as_ref().map_or("HEAD", BranchName::as_str);
    let base = plan.base.commit.short();
    match aborted {
        Aborted::TakenBack { base } => style::status(
            out,
            "Aborted",
            &format!("`{branch}` is at {} as before; all changes are undone", base.short()),
        ),
        Aborted::Stays { commit, pushed } => {
            let commit = commit.short();
            style::status(out, "Aborted", "the tags are deleted; nothing was published")?;
            let (why, how) = match pushed {
                true => ("may be on the remote", format!("run `git revert {commit}`, then push")),
                false => {
                    ("has other commits on top of it", format!("run `git rebase --onto {base} {commit} {branch}`"))
                }
            };
            note(out, &format!("the release commit {commit} {why}, so it stays on `{branch}`"))?;
            note(out, &format!("to undo it, {how}"))
        }
        Aborted::Closed(closed) => self::closed(out, closed),
    }
}

fn closed(out: &mut dyn Write, closed: &Closed) -> io::Result<()> {
    let Closed { live, accepted, theirs, unknown, missing, tags_pushed, unpushed } = closed;
    style::status(out, "Closed", "the release is over; what it published and pushed stays as it is")?;
    for (what, versions) in [
        ("published", live),
        ("accepted by the registry, not in its index yet", accepted),
        ("published by someone else", theirs),
        ("not published", missing),
    ] {
        if !versions.is_empty() {
            let named: Vec<String> = versions.iter().map(named).collect();
            note(out, &format!("{what}: {}", named.join(", ")))?;
        }
    }
    for (version, why) in unknown {
        note(out, &format!("unknown: {} ({why})", named(version)))?;
    }
    if *tags_pushed {
        note(out, "its tags may be on the remote, and others may have fetched them")?;
    }
    if let Some((remote, tags)) = unpushed {
        let tags: Vec<&str> = tags.iter().map(TagName::as_str).collect();
        note(out, "the tags of what is published are not on the remote")?;
        note(out, &format!("to push them, run `git push {remote} {}`", tags.join(" ")))?;
    }
    if !missing.is_empty() || !unknown.is_empty() {
        note(out, "to release the rest, run `cargo release`")?;
    }
    match live.iter().chain(accepted).next() {
        None => Ok(()),
        Some(Version { package, version, registry }) => {
            note(out, &format!("to yank a version, run `{}`", yank(package, version, registry)))
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

/// Writes that an unreadable journal was moved out of the way.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn put_aside(out: &mut dyn Write, kept: &str) -> io::Result<()> {
    style::status(out, "Closed", "the release is over; its journal could not be read and was moved")?;
    note(out, &format!("the journal is now `{kept}`"))?;
    note(out, "commits, tags and published versions were not changed: check `git log`, `git tag` and the registry")?;
    note(out, "to release the rest, run `cargo release`")
}

/// Writes that an upload of a killed release is still running.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn upload_outlived(out: &mut dyn Write) -> io::Result<()> {
    style::status(out, "Waiting", "for an upload that is still running after its release was killed")
}

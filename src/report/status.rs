//! The state of a release in progress as JSON.

use std::io;
use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use semver::Version;
use serde::Serialize;

use super::json::pretty;
use crate::apply::is_published;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::names::StepId;
use crate::plan;
use crate::plan::PlannedPackage;
use crate::plan::StepKind;

/// The version of this format.
const FORMAT: u32 = 1;

/// A release that is proposed on a branch of a remote.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OpenProposal {
    /// The branch, as `origin/release/main`.
    pub(crate) branch: String,
    /// The release commit.
    pub(crate) commit: CommitId,
    /// The first line of its message.
    pub(crate) title: String,
}

/// The output of `status --format json`. It comes from the journal and the branches of remotes as they were last fetched;
/// nothing is asked.
#[derive(Serialize)]
struct Status<'a> {
    format: u32,
    /// Whether a release is unfinished; if not, `release` is null.
    unfinished: bool,
    release: Option<Release<'a>>,
    /// The releases that are proposed.
    proposals: &'a [OpenProposal],
}

#[derive(Serialize)]
struct Release<'a> {
    plan: &'a PlanId,
    /// The version of the program that started it.
    program: &'a str,
    journal: &'a Path,
    /// Whether an upload was started, so that the release cannot be undone.
    published: bool,
    packages: Vec<Package<'a>>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Package<'a> {
    name: &'a PackageName,
    from: Option<&'a Version>,
    to: &'a Version,
}

#[derive(Serialize)]
struct Step<'a> {
    id: &'a StepId,
    kind: StepKind,
    state: State,
    /// When it was recorded as done.
    at: Option<Timestamp>,
}

/// The state of a step in the journal.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Pending,
    /// Started, with no recorded outcome.
    Begun,
    /// Uploaded, but not in the index yet.
    Uploaded,
    Done,
}

/// Writes the state recorded in a journal; `path` is its file.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn status_json(
    out: &mut dyn Write,
    journal: Option<&Journal>,
    path: &Path,
    proposals: &[OpenProposal],
) -> io::Result<()> {
    let release = journal.map(|journal| release(journal, path));
    pretty(out, &Status { format: FORMAT, unfinished: release.is_some(), release, proposals })
}

/// Writes the releases that are proposed, a line each.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn proposals(out: &mut dyn Write, proposals: &[OpenProposal]) -> io::Result<()> {
    proposals.iter().try_for_each(|OpenProposal { branch, commit, title }| {
        writeln!(out, "proposed on {branch}: {title} ({})", commit.short())
    })
}

fn release<'a>(journal: &'a Journal, path: &'a Path) -> Release<'a> {
    let plan = journal.plan();
    let package =
        |package: &'a PlannedPackage| Package { name: &package.name, from: package.from.as_ref(), to: &package.to };
    let step = |step: &'a plan::Step| Step {
        id: &step.id,
        kind: step.action.kind(),
        state: match (journal.proof(&step.id), journal.was_begun(&step.id)) {
            (Some(Proof::Uploaded { .. }), _) => State::Uploaded,
            (Some(_), _) => State::Done,
            (None, true) => State::Begun,
            (None, false) => State::Pending,
        },
        at: journal.proof(&step.id).and_then(|_| journal.done_at(&step.id)),
    };
    Release {
        plan: &plan.id,
        program: &journal.opening().program,
        journal: path,
        published: is_published(journal),
        packages: plan.packages.iter().map(package).collect(),
        steps: plan.steps.iter().map(step).collect(),
    }
}

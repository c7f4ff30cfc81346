//! The only writer of the world: an executor over typed steps, one file a step with `probe`, `perform` and, before the
//! point of no return, `undo`. It may use `plan`, `journal`, `check`, `manifest`, `snapshot`, `registry`, `tools`, `names`
//! and `error`.
//!
//! A step is done when the world says so. The executor takes any step whose needs are met, asks the world first, writes
//! down that it begins, acts, and writes down what the world said.

mod abort;
mod commit;
mod confirm;
mod edit;
mod event;
mod execution;
mod fetch;
mod hook;
mod land;
mod lists;
mod live;
mod lockfile;
mod overlay;
mod owners;
mod preflight;
mod publish;
mod push;
mod reach;
mod receipt;
mod registry;
mod rules;
mod stage;
mod steps;
mod submodules;
mod tag;
mod verify;
mod world;

pub use self::abort::Aborted;
pub use self::abort::abort;
pub use self::commit::TRAILER;
pub use self::event::Event;
pub use self::event::Receipt;
pub use self::event::ReceiptEntry;
pub use self::execution::Asking;
pub use self::execution::Audience;
pub use self::execution::Checked;
pub use self::execution::Execution;
pub use self::execution::Outcome;
pub use self::world::Place;
pub use self::world::World;

use jiff::Timestamp;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::names::PackageName;
use crate::plan::Build;
use crate::plan::StepKind;
use crate::tools::cargo::BuildFlags;
use crate::tools::process::Program;

/// Whether anything may be live: an upload was begun. From then on nothing is taken back.
pub fn is_published(journal: &Journal) -> bool {
    let uploads = journal.plan().steps.iter().filter(|step| step.action.kind() == StepKind::Publish);
    uploads.into_iter().any(|step| journal.was_begun(&step.id))
}

fn package_of<'a>(scene: &world::Scene<'a>) -> Result<&'a PackageName> {
    let step = scene.step;
    step.package.as_ref().ok_or_else(|| Failure::bug(format!("`{}` names no package", step.id)))
}

fn build_flags(build: &Build) -> BuildFlags<'_> {
    BuildFlags {
        compile: build.compile,
        features: &build.features,
        all_features: build.all_features,
        target: build.target.as_deref(),
    }
}

/// A call that packs: files that were copied into the stage are in no commit, and cargo packs such files only where it is
/// told to, and records it.
fn packing(program: Program, scene: &world::Scene<'_>) -> Program {
    if scene.journal.plan().base.copied.is_empty() { program } else { program.arg("--allow-dirty") }
}

/// The time of day that many seconds from now, in UTC.
fn time_of_day(now: Timestamp, seconds: u64) -> String {
    let later =
        i64::try_from(seconds).ok().and_then(|seconds| now.checked_add(jiff::SignedDuration::from_secs(seconds)).ok());
    later.map_or_else(|| "the end of time".to_owned(), |later| later.strftime("%H:%M:%S UTC").to_string())
}

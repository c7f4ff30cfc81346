//! What a step is given: the release, its journal and who is told; and what comes of looking and of acting.

use super::context::ReleaseContext;
use super::context::Tell;
use crate::apply::event::Event;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Limited;
use crate::journal::Proof;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::plan::Build;
use crate::plan::Step;
use crate::plan::Upload;
use crate::tools::cargo::run::BuildFlags;
use crate::tools::system::interrupt;
use crate::tools::system::process::Go;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;
use crate::tools::system::process::Sign;

/// One step on the stage: what it is, what is known, and whom to tell.
pub(crate) struct StepContext<'a> {
    /// The step.
    pub(crate) step: &'a Step,
    /// The world.
    pub(crate) world: &'a ReleaseContext,
    /// What is known.
    pub(crate) journal: &'a Journal,
}

/// What came of a step.
#[derive(Debug)]
pub(crate) enum Performed {
    /// It is done.
    Done(Proof),
    /// A registry takes no more for now.
    Later(Limited),
    /// A registry refused it for good.
    Refused {
        /// What it said.
        said: String,
        /// What is told.
        failure: Failure,
    },
}

/// What the world says about a step.
#[derive(Debug)]
pub(crate) enum Probe {
    /// It is done.
    Done(Proof),
    /// It is to be done.
    ToDo,
    /// Somebody else was here, or the world is not as the plan expects.
    Conflict(Failure),
}

impl<'a> StepContext<'a> {
    /// The release commit: the one that was made, or the base where nothing is edited.
    ///
    /// # Errors
    /// It has not been made yet.
    pub(crate) fn commit(&self) -> Result<&CommitId> {
        let plan = self.journal.plan();
        match plan.last_commit() {
            None => Ok(&plan.base.commit),
            Some(step) => self
                .journal
                .commit()
                .ok_or_else(|| Failure::bug(format!("`{}` runs before `{}`", self.step.id, step.id))),
        }
    }

    /// The package that the step is about.
    ///
    /// # Errors
    /// The step is about none, which is a bug of the plan.
    pub(crate) fn package(&self) -> Result<&'a PackageName> {
        let step = self.step;
        step.package.as_ref().ok_or_else(|| Failure::bug(format!("`{}` names no package", step.id)))
    }

    /// A call of cargo that packs. Files that were copied into the stage are in no commit: cargo packs such files only
    /// with `--allow-dirty`, and records it in the archive.
    pub(crate) fn packing(&self, program: Program) -> Program {
        if self.journal.plan().base.copied.is_empty() { program } else { program.arg("--allow-dirty") }
    }

    /// Whether an upload brings a crate that the registry did not have when it was first asked.
    ///
    /// # Errors
    /// The registry is not configured here (any more).
    pub(crate) fn is_new(&self, upload: &Upload) -> Result<bool> {
        Ok(self.world.registry(&upload.registry)?.is_new(self.package()?))
    }

    /// Runs a program of this step, telling what it says.
    pub(crate) fn run(&self, program: &Program, tell: Tell<'_>) -> Result<Output> {
        self.run_and_look(program, tell, &mut |_| Go::On)
    }

    /// Runs a program of this step, telling what it says, and looks at its signs: whether it may go on.
    ///
    /// # Errors
    /// It cannot be started, or it was ended because we were asked to stop.
    pub(crate) fn run_and_look(
        &self,
        program: &Program,
        tell: Tell<'_>,
        look: &mut dyn FnMut(Sign<'_>) -> Go,
    ) -> Result<Output> {
        let mut told = Ok(());
        let output = program.watch(&mut |sign| {
            if let Sign::Line(line) = sign
                && told.is_ok()
            {
                told = tell(&Event::Said { step: self.step.id.clone(), line: line.to_owned() });
            }
            look(sign)
        })?;
        told?;
        if output.interrupted { Err(interrupt::stopped()) } else { Ok(output) }
    }
}

/// The flags of cargo for a build of the plan.
pub(crate) fn build_flags(build: &Build) -> BuildFlags<'_> {
    BuildFlags {
        compile: build.compile,
        features: &build.features,
        all_features: build.all_features,
        target: build.target.as_deref(),
    }
}

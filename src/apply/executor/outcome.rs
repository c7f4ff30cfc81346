//! What the executor asks and what it ends with.

use crate::apply::event::Event;
use crate::apply::event::Receipt;
use crate::check::Finding;
use crate::error::Result;
use crate::journal::Verified;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;

/// Who listens, and who is asked.
pub(crate) trait Ui {
    /// Is told what happens.
    ///
    /// # Errors
    /// The words cannot be brought out.
    fn tell(&mut self, event: &Event) -> Result<()>;

    /// Answers the one question.
    ///
    /// # Errors
    /// There is nobody to ask.
    fn ask(&mut self, asking: &Prompt<'_>) -> Result<bool>;
}

/// What is known when the question is asked: everything that can be.
#[derive(Debug)]
pub(crate) struct Prompt<'a> {
    /// The plan.
    pub plan: &'a ReleasePlan,
    /// The verified archives.
    pub verified: Vec<Verified>,
    /// What is said of them; nothing that blocks.
    pub found: Vec<Finding>,
    /// The paths that the release commit changes though the plan does not: by hooks.
    pub changed_by_hooks: Vec<String>,
}

/// What was prepared and verified, and what is said of it.
#[derive(Debug, Default)]
pub(crate) struct VerifiedRelease {
    /// The verified archives.
    pub verified: Vec<Verified>,
    /// What is said of them.
    pub found: Vec<Finding>,
}

/// How an execution ended well.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once a release")]
pub(crate) enum Outcome {
    /// Everything is done.
    Finished(Receipt),
    /// It stopped where it was asked to; `resume` goes on.
    Stopped {
        /// After this.
        after: StepKind,
    },
}

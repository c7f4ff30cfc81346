//! `[pr] late = "head"`: where commits came between a proposal and its merge, the head of the merged branch is released,
//! which does not have them.

use crate::cli::AskArgs;
use crate::commands::carry_out;
use crate::commands::session::Observed;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::commands::worktree;
use crate::error::Failure;
use crate::error::Result;
use crate::names::CommitId;
use crate::observe::Located;
use crate::plan::ReleasePlan;

/// Observes and decides. Heads of merged branches are released first; `None` if nothing is left then.
pub(crate) fn released_first(
    session: &Session<'_>,
    ask: &AskArgs,
    scope: &Scope<'_>,
) -> Result<Option<(Located, ReleasePlan)>> {
    let mut released = Vec::new();
    loop {
        let observed = session.observe_for(ask, scope)?;
        let plan = observed.decide()?;
        match observed.released_head(&plan)? {
            None if !released.is_empty() && plan.is_empty() => return Ok(None),
            None => return Ok(Some((observed.place, plan))),
            // It was stopped on purpose, with `--until` for one.
            Some(head) if released.contains(&head) => return Ok(None),
            Some(head) => {
                carry_out::refuse_while_open(&observed.place)?;
                run(session, &observed, &head)?;
                released.push(head);
            }
        }
    }
}

/// Observes and decides. Where the head of a merged branch is to be released first, its plan is shown; then `None`.
pub(crate) fn shown_first(
    session: &Session<'_>,
    ask: &AskArgs,
    scope: &Scope<'_>,
) -> Result<Option<(Located, ReleasePlan)>> {
    let observed = session.observe_for(ask, scope)?;
    let plan = observed.decide()?;
    let Some(head) = observed.released_head(&plan)? else { return Ok(Some((observed.place, plan))) };
    carry_out::refuse_while_open(&observed.place)?;
    run(session, &observed, &head).map(|()| None)
}

/// Runs this call on the head of a merged branch.
pub(crate) fn run(session: &Session<'_>, observed: &Observed, head: &CommitId) -> Result<()> {
    let branch = observed.snapshot.repository.branch.clone().ok_or_else(|| {
        Failure::unplannable("`HEAD` is detached").help("name the branch that it stands at: `--branch main`")
    })?;
    let mut arguments = worktree::own_arguments(session);
    arguments.extend(["--branch".into(), branch.as_str().into()]);
    worktree::run(session, &observed.place, head, arguments)
}

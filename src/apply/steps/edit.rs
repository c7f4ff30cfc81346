//! Edit and Replace: change one file of the tree they are given, or remove it, where it holds what the plan expects.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::manifest;
use crate::names::Digest;
use crate::plan::Edit;
use crate::tools::system::files;

use crate::apply::context::Probe;
use crate::apply::context::StepContext;

/// Done when the file has the digest that the plan gives it, or is gone where the plan takes it away.
pub(crate) fn probe(edit: &Edit, context: &StepContext<'_>) -> Result<Probe> {
    if context.journal.commit().is_some() {
        return Ok(Probe::Done(Proof::Plain));
    }
    let found = files::read(&context.world.staged(&edit.path))?.map(|bytes| Digest::of(&bytes));
    Ok(if found == edit.after {
        Probe::Done(Proof::Plain)
    } else if found == edit.before {
        Probe::ToDo
    } else {
        Probe::Conflict(
            Failure::world(format!("`{}` differs from what the plan expects", edit.path))
                .because("a hook or a git filter changed it before this edit")
                .help("plan again"),
        )
    })
}

/// Splices the text and writes the file whole, or takes it away.
pub(crate) fn perform(edit: &Edit, context: &StepContext<'_>) -> Result<Proof> {
    let path = context.world.staged(&edit.path);
    let before = files::read_text(&path)?.unwrap_or_default();
    let after = manifest::apply(&before, &edit.splices)?;
    let Some(planned) = &edit.after else {
        return if after.is_empty() { files::remove(&path).map(|()| Proof::Plain) } else { Err(differs(edit)) };
    };
    if Digest::of(after.as_bytes()) != *planned {
        return Err(differs(edit));
    }
    files::write(&path, after.as_bytes())?;
    Ok(Proof::Plain)
}

fn differs(edit: &Edit) -> Failure {
    Failure::bug(format!("the edits of `{}` do not produce the planned text", edit.path))
}

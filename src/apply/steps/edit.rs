//! Edit and Replace: change one file of the tree they are given, or remove it, where it holds what the plan expects.

use std::path::PathBuf;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::manifest;
use crate::names::Digest;
use crate::names::RepoPath;
use crate::plan::Edit;
use crate::tools::system::files;

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;

/// Done when the file has the digest that the plan gives it, or is gone where the plan takes it away.
pub(crate) fn probe(edit: &Edit, context: &StepContext<'_>) -> Result<Probe> {
    if context.journal.commit().is_some() {
        return Ok(Probe::Done(Proof::Plain));
    }
    let found = files::read(&place(edit, context)?)?.map(|bytes| Digest::of(&bytes));
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
    let path = place(edit, context)?;
    let before = files::read_text(&path)?.unwrap_or_default();
    let after = manifest::apply(&before, &edit.splices)?;
    let Some(planned) = &edit.after else {
        return if after.is_empty() { files::remove(&path).map(|()| Proof::Plain) } else { Err(differs(edit)) };
    };
    if Digest::of(after.as_bytes()) != *planned {
        return Err(differs(edit));
    }
    // The stage is made anew where the release commit is not made.
    let write = if context.world.is_in_place() { files::write } else { files::write_fleeting };
    write(&path, after.as_bytes())?;
    Ok(Proof::Plain)
}

/// Where the file is. A link of the repository may lead to another file of it, and never outside.
fn place(edit: &Edit, context: &StepContext<'_>) -> Result<PathBuf> {
    files::inside(&context.world.staged(&RepoPath::root()), edit.path.as_str())?.ok_or_else(|| {
        Failure::blocked(format!("`{}` leads out of the repository", edit.path))
            .because("a symbolic link is on the way to it")
            .help("replace the link by the file that it stands for")
    })
}

fn differs(edit: &Edit) -> Failure {
    Failure::bug(format!("the edits of `{}` do not produce the planned text", edit.path))
}

//! Tag: names the release commit. Never moves a tag.

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::plan::Tag;

use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::steps::hooked_changelog;

/// Done when the tag exists and peels to the release commit.
pub(crate) fn probe(tag: &Tag, context: &StepContext<'_>) -> Result<Probe> {
    let commit = context.commit()?;
    Ok(match context.world.checkout.tagged(&tag.name)? {
        Some(found) if found == *commit => Probe::Done(Proof::Plain),
        Some(found) => Probe::Conflict(
            Failure::world(format!("the tag `{}` points to another commit", tag.name))
                .because(format!("it is at {}, the release commit is {}", found.short(), commit.short()))
                .help("tags are never moved: delete it if it is wrong, or release another version"),
        ),
        None => Probe::ToDo,
    })
}

/// Makes it.
pub(crate) fn perform(tag: &Tag, context: &StepContext<'_>) -> Result<Proof> {
    let message = hooked_changelog::with_committed_entries(&tag.message, context)?;
    let made = context.world.checkout.tag(&tag.name, context.commit()?, &message, tag.sign);
    made.map_err(|refused| {
        Failure::world(format!("failed to create the tag `{}`", tag.name))
            .because(refused.to_string())
            .help("fix the error above, then run `cargo release resume`; or run `cargo release abort`")
    })?;
    Ok(Proof::Plain)
}

/// Deletes it, where it is still ours.
pub(crate) fn undo(tag: &Tag, context: &StepContext<'_>) -> Result<()> {
    let git = &context.world.checkout;
    match git.tagged(&tag.name)? {
        Some(found) if found == *context.commit()? => git.delete_tag(&tag.name),
        Some(_) | None => Ok(()),
    }
}

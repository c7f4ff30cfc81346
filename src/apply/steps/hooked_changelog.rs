//! Changelogs that a hook wrote: nothing is kept beside its section, and the tag and the release on the forge have its text.

use crate::apply::step_context::StepContext;
use crate::changelog;
use crate::changelog::Owner;
use crate::changelog::PlannedSection;
use crate::error::Result;
use crate::plan::Action;
use crate::tools::system::files;

/// Removes from the staged changelogs what the plan drafted beside the section of a hook.
pub(crate) fn settle(context: &StepContext<'_>) -> Result<()> {
    if !has_hooks(context) {
        return Ok(());
    }
    for package in &context.journal.plan().packages {
        let Some(planned) = &package.changelog else { continue };
        let file = context.world.staged(&planned.path);
        let Some(text) = files::read_text(&file)? else { continue };
        let owner = Owner::alone(&package.name);
        let (entry, drafted) = (planned.entry.as_str(), planned.drafted);
        let section = PlannedSection { owner: &owner, version: &package.to, entry, drafted };
        if let Some(text) = changelog::without_twin(&text, &section) {
            files::write(&file, text.as_bytes())?;
        }
    }
    Ok(())
}

/// A planned text with the entries that the release commit has, where a hook wrote them.
pub(crate) fn with_committed_entries(text: &str, context: &StepContext<'_>) -> Result<String> {
    let mut text = text.to_owned();
    if !has_hooks(context) {
        return Ok(text);
    }
    for package in &context.journal.plan().packages {
        let Some(planned) = package.changelog.as_ref().filter(|planned| !planned.entry.trim().is_empty()) else {
            continue;
        };
        let committed = context.world.checkout.text_at(context.commit()?, &planned.path)?;
        let owner = Owner::alone(&package.name);
        let entry = committed.and_then(|committed| changelog::entry_of(&committed, &owner, &package.to));
        if let Some(entry) = entry.filter(|entry| !entry.trim().is_empty()) {
            text = text.replacen(planned.entry.trim(), entry.trim(), 1);
        }
    }
    Ok(text)
}

fn has_hooks(context: &StepContext<'_>) -> bool {
    context.journal.plan().steps.iter().any(|step| matches!(step.action, Action::Hook(_)))
}

//! Changelogs that a hook wrote: nothing is kept beside its section, and the tag and the release on the forge have its text.

use std::path::PathBuf;

use crate::apply::context::ReleaseContext;
use crate::apply::event::Receipt;
use crate::apply::step_context::StepContext;
use crate::changelog;
use crate::changelog::Owner;
use crate::changelog::PlannedSection;
use crate::error::Result;
use crate::journal::Journal;
use crate::plan::Action;
use crate::plan::PlannedChangelog;
use crate::plan::PlannedPackage;
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

/// A changelog whose draft is out of the way while a hook runs: tools that write it themselves refuse a version that has a
/// section already, as towncrier does.
pub(crate) struct DraftAside<'a> {
    package: &'a PlannedPackage,
    planned: &'a PlannedChangelog,
    file: PathBuf,
    before: String,
    without: String,
}

impl<'a> DraftAside<'a> {
    /// Takes out what nobody wrote for the package of a hook; nothing where a person did.
    pub(crate) fn take(context: &StepContext<'a>, package: &str) -> Result<Option<Self>> {
        let package = context.journal.plan().packages.iter().find(|planned| planned.name.as_str() == package);
        let planned = package.and_then(|package| Some((package, package.changelog.as_ref()?)));
        let Some((package, planned)) = planned.filter(|(_, planned)| planned.drafted) else { return Ok(None) };
        let file = context.world.staged(&planned.path);
        let Some(before) = files::read_text(&file)? else { return Ok(None) };
        let base = &context.journal.plan().base.commit;
        let committed = context.world.checkout.text_in(base, &planned.path)?.unwrap_or_default();
        let owner = Owner::alone(&package.name);
        let Some(without) = changelog::taken_out(&before, &committed, &section(package, planned, &owner)) else {
            return Ok(None);
        };
        files::write(&file, without.as_bytes())?;
        Ok(Some(Self { package, planned, file, before, without }))
    }

    /// Puts the draft back, unless the hook wrote a section of the version.
    pub(crate) fn put_back(self) -> Result<()> {
        let Some(text) = files::read_text(&self.file)? else { return Ok(()) };
        if text == self.without {
            return files::write(&self.file, self.before.as_bytes());
        }
        let owner = Owner::alone(&self.package.name);
        match changelog::put_back(&text, &self.before, &section(self.package, self.planned, &owner)) {
            Some(text) => files::write(&self.file, text.as_bytes()),
            None => Ok(()),
        }
    }
}

fn section<'s>(package: &'s PlannedPackage, planned: &'s PlannedChangelog, owner: &'s Owner) -> PlannedSection<'s> {
    PlannedSection { owner, version: &package.to, entry: &planned.entry, drafted: planned.drafted }
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

/// Gives the receipt the entries that the release commit has, where a hook wrote them.
pub(crate) fn tell(receipt: &mut Receipt, world: &ReleaseContext, journal: &Journal) -> Result<()> {
    let plan = journal.plan();
    let Some(commit) = journal.commit().filter(|_| plan.steps.iter().any(|step| is_hook(&step.action))) else {
        return Ok(());
    };
    for released in &mut receipt.packages {
        let planned = plan.package(&released.package).and_then(|package| package.changelog.as_ref());
        let Some(planned) = planned else { continue };
        let owner = Owner::alone(&released.package);
        let committed = world.checkout.text_at(commit, &planned.path)?;
        let entry = committed.and_then(|committed| changelog::entry_of(&committed, &owner, &released.version));
        if let Some(entry) = entry.map(|entry| entry.trim().to_owned()).filter(|entry| !entry.is_empty()) {
            released.entry = Some(entry);
        }
    }
    Ok(())
}

fn is_hook(action: &Action) -> bool {
    matches!(action, Action::Hook(_))
}

fn has_hooks(context: &StepContext<'_>) -> bool {
    context.journal.plan().steps.iter().any(|step| is_hook(&step.action))
}

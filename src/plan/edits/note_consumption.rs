//! What a release does with change notes: those of the packages that it releases are taken out, or away.

use super::edit_buffer::EditBuffer;
use crate::changelog;
use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::next_version::Bump;

/// Takes the packages that get a stable release out of the notes. Those that take no part in releases go with them.
pub(crate) fn consume(inputs: &PlanInputs<'_>, batch: &[&Bump], texts: &mut EditBuffer<'_>) -> Result<()> {
    let released: Vec<&PackageName> =
        batch.iter().filter(|bump| bump.to.pre.is_empty()).map(|bump| &bump.name).collect();
    for noted in inputs.notes() {
        let Some(text) = texts.get(noted.path).map(str::to_owned) else { continue };
        if !released.iter().any(|name| noted.names(name)) {
            continue;
        }
        let mut gone: Vec<PackageName> = released.iter().copied().cloned().collect();
        for package in &noted.note.packages {
            if !inputs.settings(&package.name).is_ok_and(|settings| settings.release) {
                gone.push(package.name.clone());
            }
        }
        match changelog::note_without(&text, &gone) {
            Some(rest) => texts.set(noted.path, rest),
            None => texts.remove(noted.path),
        }
    }
    Ok(())
}

/// Of a package that is released without an entry, that its notes go untold.
pub(crate) fn untold(inputs: &PlanInputs<'_>, bump: &Bump) -> Option<Finding> {
    let name = &bump.name;
    let noted = inputs.notes().iter().find(|noted| noted.names(name) && bump.to.pre.is_empty())?;
    let message = format!("this release of `{name}` uses up its change notes but writes no changelog entry");
    let help = "enable its changelog (`[changelog] enabled`), or publish their text where its users look";
    Some(Finding::warning(Code::NoteUntold, message).package(name).at(noted.path, None).help(help))
}

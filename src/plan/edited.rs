//! The files of a plan as they are and as they will be, for those who want to see every edit.

use std::collections::BTreeMap;

use super::changelogs::DraftedFile;
use super::release_plan::ReleasePlan;
use super::step::Action;
use super::step::Edit;
use crate::error::Result;
use crate::manifest;
use crate::names::RepoPath;

/// Every file that the plan changes, in the order of its edits. What hooks change is not known before they run.
///
/// # Errors
/// The texts are not those that the plan was made from.
pub(crate) fn edited(plan: &ReleasePlan, texts: &BTreeMap<RepoPath, String>) -> Result<Vec<DraftedFile>> {
    let mut files: Vec<DraftedFile> = Vec::new();
    for edit in plan.steps.iter().filter_map(|step| edit_of(&step.action)) {
        let Edit { path, before: _, after, splices } = edit;
        let at = files.iter().position(|file| file.path == *path).unwrap_or_else(|| {
            let before = texts.get(path).cloned().unwrap_or_default();
            files.push(DraftedFile { path: path.clone(), after: before.clone(), before });
            files.len() - 1
        });
        let Some(file) = files.get_mut(at) else { continue };
        file.after = if after.is_none() { String::new() } else { manifest::apply(&file.after, splices)? };
    }
    Ok(files)
}

fn edit_of(action: &Action) -> Option<&Edit> {
    match action {
        Action::Edit(edit) | Action::Replace(edit) => Some(edit),
        Action::Hook(_) | Action::Commit(_) | Action::Verify(_) | Action::Land { .. } | Action::Tag(_) => None,
        Action::Reserve { .. } | Action::Publish(_) | Action::Confirm { .. } => None,
        Action::Owners { .. } | Action::Push { .. } => None,
        Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => None,
    }
}

//! The status words and subjects of steps.

use crate::plan::Action;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::report::plan::effects::PushLine;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// The status word of a running step.
pub(super) fn doing(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Edit => "Editing",
        StepKind::Replace => "Replacing",
        StepKind::Hook => "Running",
        StepKind::Commit => "Committing",
        StepKind::Verify => "Verifying",
        StepKind::Land => "Landing",
        StepKind::Tag => "Tagging",
        StepKind::Reserve | StepKind::Push => "Pushing",
        StepKind::Publish => "Uploading",
        StepKind::Confirm => "Confirming",
        StepKind::Owners => "Adding",
        StepKind::Carry => "Merging",
        StepKind::Propose => "Pushing",
        StepKind::Request => "Requesting",
        StepKind::Announce => "Announcing",
    }
}

/// The status word of a finished step.
pub(super) fn done(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Edit => "Edited",
        StepKind::Replace => "Replaced",
        StepKind::Hook => "Ran",
        StepKind::Commit => "Committed",
        StepKind::Verify => "Verified",
        StepKind::Land => "Landed",
        StepKind::Tag => "Tagged",
        StepKind::Reserve | StepKind::Push => "Pushed",
        StepKind::Publish => "Uploaded",
        StepKind::Confirm => "Confirmed",
        StepKind::Owners => "Owners",
        StepKind::Carry => "Merged",
        StepKind::Propose => "Pushed",
        StepKind::Request => "Requested",
        StepKind::Announce => "Announced",
    }
}

/// Whether a plain log gets a line at the start of the step, because it uses the network or a compiler.
pub(super) fn takes_time(kind: StepKind) -> bool {
    match kind {
        StepKind::Hook | StepKind::Verify | StepKind::Reserve | StepKind::Publish | StepKind::Push => true,
        StepKind::Propose | StepKind::Request | StepKind::Announce => true,
        StepKind::Edit
        | StepKind::Replace
        | StepKind::Commit
        | StepKind::Land
        | StepKind::Tag
        | StepKind::Confirm
        | StepKind::Carry
        | StepKind::Owners => false,
    }
}

/// The subject of a step, which follows its status word.
pub(super) fn subject(step: &Step) -> String {
    let Step { id: _, action, package, needs: _ } = step;
    let package = package.as_ref().map_or("", |package| package.as_str());
    let words = match action {
        Action::Edit(edit) | Action::Replace(edit) => edit.path.to_string(),
        Action::Hook(hook) => format!("`{}` for {package}", hook.command.join(" ")),
        Action::Commit(commit) => commit.message.lines().next().unwrap_or_default().to_owned(),
        Action::Verify(verify) => match verify.packages.as_slice() {
            [packed] => format!("{} {}", packed.name, packed.version),
            several => count(several.len(), "package"),
        },
        Action::Land { branch } => format!("the release commit on `{branch}`"),
        Action::Tag(tag) => tag.name.to_string(),
        Action::Reserve { remote, branch, options: _ } => format!("`{branch}` to `{remote}`"),
        Action::Publish(upload) => format!("{package} {} to {}", upload.version, upload.registry.shown()),
        Action::Confirm { registry, version, timeout: _ } => format!("{package} {version} on {}", registry.shown()),
        Action::Owners { registry, owners: _ } => format!("of {package} on {}", registry.shown()),
        Action::Carry(carry) => format!("edits by other people up to {}", carry.head.short()),
        Action::Propose(propose) => format!("`{}` to `{}`", propose.branch, propose.remote),
        Action::Request(wanted) => wanted.title.clone(),
        Action::Announce(wanted) => wanted.tag.to_string(),
        Action::Push { remote, branch, tags, options: _ } => PushLine { remote, branch: branch.as_ref(), tags }.words(),
    };
    text::clean(&words)
}

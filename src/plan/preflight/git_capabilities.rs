//! Whether git will commit, sign, run its hooks and push, as far as it says so before: each a small function over facts.

use crate::check::Code;
use crate::check::Finding;
use crate::names::RepoPath;
use crate::plan::evidence::packaged_paths::Shipped;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::plan::step::Action;
use crate::plan::step::Step;
use crate::snapshot::Identity;
use crate::snapshot::Package;
use crate::snapshot::Push;
use crate::snapshot::Submodule;

/// All findings about what a release with these steps needs of git.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage], steps: &[Step]) -> Vec<Finding> {
    let found = [identity(inputs, steps), signature(inputs, steps), tracked(inputs), push(inputs)];
    let found = found.into_iter().flatten();
    let found = found.chain(hooks(inputs, steps)).chain(submodules(inputs, packages));
    found.chain(inside_submodules(inputs, packages, steps)).collect()
}

fn commits(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step.action, Action::Commit(_)))
}

/// Commits and annotated tags say who made them.
fn identity(inputs: &PlanInputs<'_>, steps: &[Step]) -> Option<Finding> {
    let is_annotated = |step: &Step| matches!(&step.action, Action::Tag(tag) if tag.sign || !tag.message.is_empty());
    if !commits(steps) && !steps.iter().any(is_annotated) {
        return None;
    }
    let finding = match &inputs.snapshot.repository.means.identity {
        Identity::Known => return None,
        Identity::Missing(why) => Finding::error(Code::CommitIdentity, format!("git has no author identity: {why}")),
        Identity::Guessed(who) => {
            Finding::warning(Code::CommitIdentity, format!("`user.email` is not set; git would guess {who}"))
        }
    };
    Some(finding.help("run `git config user.name NAME` and `git config user.email ADDRESS`"))
}

/// What signs, where anything is signed: by this program's configuration or by git's.
fn signature(inputs: &PlanInputs<'_>, steps: &[Step]) -> Option<Finding> {
    let means = &inputs.snapshot.repository.means;
    let why = means.cannot_sign.as_ref()?;
    let signs_commit =
        |step: &Step| matches!(&step.action, Action::Commit(commit) if commit.sign || means.signs_commits);
    // git signs what it makes an object for: not a lightweight tag.
    let signs_tag = |step: &Step| matches!(&step.action, Action::Tag(tag) if tag.sign || (means.signs_tags && !tag.message.is_empty()));
    let what = match (steps.iter().any(signs_commit), steps.iter().any(signs_tag)) {
        (true, true) => "the commit and the tags are",
        (true, false) => "the commit is",
        (false, true) => "the tags are",
        (false, false) => return None,
    };
    let help = "name a key that is there (`git config user.signingKey KEY`) and have its program on the `PATH`, or do not \
                sign (`sign-commit`, `sign-tag`; git's `commit.gpgSign`, `tag.gpgSign`)";
    Some(Finding::error(Code::CannotSign, format!("{what} to be signed, and cannot be: {why}")).help(help))
}

/// The hooks that git will leave out, of those that this release comes by.
fn hooks(inputs: &PlanInputs<'_>, steps: &[Step]) -> Vec<Finding> {
    let lands = steps.iter().any(|step| matches!(step.action, Action::Land { .. }));
    let pushes = steps.iter().any(|step| matches!(step.action, Action::Reserve { .. } | Action::Push { .. }));
    let is_met = |hook: &str| match hook {
        "pre-push" => pushes,
        "post-merge" => lands,
        _of_commits => commits(steps),
    };
    let skipped = inputs.snapshot.repository.means.skipped_hooks.iter().filter(|hook| is_met(hook));
    let found = skipped.map(|hook| {
        let message = format!("git hook `{hook}` is not executable, so git skips it");
        let help = format!("`chmod +x \"$(git rev-parse --git-path hooks)/{hook}\"`, or remove it");
        Finding::warning(Code::HookNotExecutable, message).help(help)
    });
    found.collect()
}

/// `git push` without more refuses to guess which of two names is meant; the plan says which it takes.
fn tracked(inputs: &PlanInputs<'_>) -> Option<Finding> {
    let repository = &inputs.snapshot.repository;
    let (remote, ours) = (repository.remote.as_ref()?, repository.branch.as_ref()?);
    let (name, tracked) = (&remote.name, remote.tracked.as_ref()?);
    let message = format!("`{ours}` tracks `{name}/{tracked}`, and the release goes to `{name}/{ours}`");
    let help = format!(
        "to release to `{tracked}`: `git config push.default upstream`; else `git branch --set-upstream-to {name}/{ours}`"
    );
    Some(Finding::warning(Code::OtherUpstream, message).help(help))
}

fn push(inputs: &PlanInputs<'_>) -> Option<Finding> {
    let remote = inputs.snapshot.repository.remote.as_ref()?;
    match remote.push.as_ref()? {
        Push::Begun => None,
        Push::Refused(why) => {
            let message = format!("`{}` does not let you push: {why}", remote.name);
            let help =
                format!("see `git push --dry-run {}`: the address to push to, and who you are there", remote.name);
            Some(Finding::error(Code::PushRefused, message).help(help))
        }
    }
}

/// Packages and files that lie in a submodule, whose commits are another repository's.
fn inside_submodules(inputs: &PlanInputs<'_>, packages: &[PlannedPackage], steps: &[Step]) -> Vec<Finding> {
    let submodules = &inputs.snapshot.repository.submodules;
    // Below, every file is held against every package.
    if submodules.is_empty() {
        return Vec::new();
    }
    let within = |path: &RepoPath| submodules.iter().find(|submodule| path.is_in(&submodule.path));
    let mut found = Vec::new();
    for planned in packages {
        let Some(package) = inputs.packages().find(|package| package.name == planned.name) else { continue };
        let Some(Submodule { path, filled: _ }) = within(&package.dir) else { continue };
        let name = &planned.name;
        let message = format!("`{name}` lies in the submodule `{path}`, and a release is a commit in this repository");
        let help = format!("release it from the repository of `{path}`, and leave it out here: `release = false`");
        found.push(Finding::error(Code::InSubmodule, message).package(name).at(&package.manifest, None).help(help));
    }
    for file in edited(steps).filter(|file| !packages.iter().any(|planned| is_manifest_of(inputs, planned, file))) {
        let Some(Submodule { path, filled: _ }) = within(file) else { continue };
        let message =
            format!("`{file}` would change in the submodule `{path}`, and a release commits in this repository");
        let help = format!("widen what it requires in the repository of `{path}`, or leave it out (`[stage] also`)");
        found.push(Finding::error(Code::InSubmodule, message).at(file, None).help(help));
    }
    found
}

/// The files that a release edits.
fn edited(steps: &[Step]) -> impl Iterator<Item = &RepoPath> {
    steps.iter().filter_map(|step| {
        if let Action::Edit(edit) | Action::Replace(edit) = &step.action { Some(&edit.path) } else { None }
    })
}

fn is_manifest_of(inputs: &PlanInputs<'_>, planned: &PlannedPackage, file: &RepoPath) -> bool {
    inputs.packages().any(|package| package.name == planned.name && file.is_in(&package.dir))
}

/// Submodules that are not checked out, below packages that are published: nothing of them is packed.
fn submodules(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Vec<Finding> {
    let empty = inputs.snapshot.repository.submodules.iter().filter(|submodule| !submodule.filled);
    let found = empty.filter_map(|submodule| {
        let holder = holder(inputs, submodule)?;
        let name = &holder.name;
        let is_published = packages.iter().any(|package| package.name == *name && package.publish);
        let manifest = inputs.manifest(holder).ok()?;
        let is_packed = is_published
            && Shipped::of(holder, manifest, &inputs.snapshot.workspace, None).reaches_below(&submodule.path);
        let Submodule { path, filled: _ } = submodule;
        let message = format!("the submodule `{path}` is not checked out, so its files are missing from `{name}`");
        let help = format!("run `git submodule update --init {path}`, or exclude it from `{name}`");
        is_packed.then(|| Finding::warning(Code::SubmoduleEmpty, message).package(name).at(path, None).help(help))
    });
    found.collect()
}

/// The package that a submodule lies in: the innermost.
fn holder<'a>(inputs: &PlanInputs<'a>, submodule: &Submodule) -> Option<&'a Package> {
    let holds = |package: &&Package| {
        package.dir.as_str().is_empty() || submodule.path.as_str().starts_with(&format!("{}/", package.dir))
    };
    inputs.packages().filter(holds).max_by_key(|package| package.dir.as_str().len())
}

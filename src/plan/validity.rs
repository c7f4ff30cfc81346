//! What is checked of a plan that was read from a file: it may have been made by anybody. Every path stays inside the
//! repository, every name is one, and the steps fit together.

use std::collections::BTreeSet;

use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::PackageName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::StepId;
use crate::names::TagName;
use crate::plan::release_plan::ReleasePlan;
use crate::plan::step::Action;
use crate::plan::step::Step;

/// The digits of an id: all of a SHA-256, so that no other plan can be made for it.
const ID: usize = 64;

impl ReleasePlan {
    /// Checks what a plan from a file names.
    ///
    /// # Errors
    /// A path leads out of the repository or into git's own directory, a name is none, or steps do not fit together.
    pub fn check(&self) -> Result<()> {
        let id = self.id.as_str();
        if id.len() != ID || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid("its id", id, "it is not a whole SHA-256"));
        }
        path(&self.base.workspace)?;
        commit(self.base.commit.as_str())?;
        self.base.branch.as_ref().map_or(Ok(()), reference)?;
        self.base.copied.iter().try_for_each(|glob| path(&RepoPath::from(glob.as_str())))?;
        for package in &self.packages {
            name(&package.name)?;
            package.tag.as_ref().map_or(Ok(()), tag)?;
            package.changelog.as_ref().map_or(Ok(()), |changelog| path(&changelog.path))?;
        }
        let mut seen: BTreeSet<&StepId> = BTreeSet::new();
        for step in &self.steps {
            self.step_fits(step, &seen)?;
            if !seen.insert(&step.id) {
                return Err(invalid("the step", step.id.as_str(), "there are two of it"));
            }
        }
        Ok(())
    }

    fn step_fits(&self, step: &Step, before: &BTreeSet<&StepId>) -> Result<()> {
        let unknown = |id: &&StepId| !before.contains(*id);
        if let Some(id) = step.needs.iter().find(unknown) {
            return Err(invalid(
                "the step",
                step.id.as_str(),
                &format!("it needs `{id}`, which does not come before it"),
            ));
        }
        match &step.action {
            Action::Edit(edit) | Action::Replace(edit) => path(&edit.path),
            Action::Hook(hook) => path(&hook.dir),
            Action::Commit(commit) => commit.paths.iter().try_for_each(path),
            Action::Verify(verify) => verify.packages.iter().try_for_each(|packed| name(&packed.name)),
            Action::Land { branch } => reference(branch),
            Action::Tag(made) => tag(&made.name),
            Action::Reserve { remote, branch, options: _ } => is_remote(remote).and_then(|()| reference(branch)),
            Action::Push { remote, branch, tags, options: _ } => {
                is_remote(remote)?;
                branch.as_ref().map_or(Ok(()), reference)?;
                tags.iter().try_for_each(tag)
            }
            Action::Carry(carry) => carry.files.iter().try_for_each(|file| path(&file.path)),
            Action::Propose(propose) => is_remote(&propose.remote).and_then(|()| reference(&propose.branch)),
            Action::Request(_) => Ok(()),
            Action::Announce(announcement) => tag(&announcement.tag),
            Action::Publish(_) | Action::Confirm { .. } | Action::Owners { .. } => {
                step.package.as_ref().map_or(Err(invalid("the step", step.id.as_str(), "it names no package")), name)
            }
        }
    }
}

fn path(path: &RepoPath) -> Result<()> {
    path.fault().map_or(Ok(()), |fault| Err(invalid("the path", path.as_str(), fault)))
}

fn tag(tag: &TagName) -> Result<()> {
    tag.fault().map_or(Ok(()), |fault| Err(invalid("the tag", tag.as_str(), fault)))
}

fn is_remote(name: &RemoteName) -> Result<()> {
    name.fault().map_or(Ok(()), |fault| Err(invalid("the remote", name.as_str(), fault)))
}

fn reference(name: &BranchName) -> Result<()> {
    name.fault().map_or(Ok(()), |fault| Err(invalid("the branch", name.as_str(), fault)))
}

fn commit(id: &str) -> Result<()> {
    let is_id = [40, 64].contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Ok(()) } else { Err(invalid("the commit", id, "it is not a whole id")) }
}

fn name(name: &PackageName) -> Result<()> {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let is_name = !name.as_str().is_empty() && !name.as_str().starts_with('-') && name.as_str().chars().all(fits);
    if is_name { Ok(()) } else { Err(invalid("the package", name.as_str(), "it is not a name of cargo's")) }
}

fn invalid(what: &str, which: &str, why: &str) -> Failure {
    Failure::unplannable(format!("the plan is not valid: {what} `{}`", which.escape_debug()))
        .because(why.to_owned())
        .help("plan again, and take the file as it is printed")
}

//! The steps of a release: what is done, and what must be done before.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::needs::Needs;
use super::order::dependencies_first;
use super::verifications;
use super::verifications::build;
use crate::config::PushBranch;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::StepId;
use crate::names::TagName;
use crate::phrase;
use crate::plan::action::UploadLimits;
use crate::plan::edits::untagged::Untagged;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::plan::step::Action;
use crate::plan::step::Step;
use crate::plan::step::Tag;
use crate::plan::step::Upload;
use crate::plan::versions::next_version::Bump;
use crate::snapshot::Listing;

/// What stands for the branch where none is checked out; `allow-branch` calls it so, too.
pub(crate) const DETACHED: &str = "HEAD";

/// Steps as they are added, with what the next one needs.
#[derive(Default)]
pub(crate) struct Steps {
    all: Vec<Step>,
    /// What everything that comes next needs.
    gate: Vec<StepId>,
}

impl Steps {
    /// Adds a step that needs the gate.
    pub(crate) fn add(&mut self, id: String, package: Option<&PackageName>, action: Action) -> StepId {
        let needs = self.gate.clone();
        self.add_with(id, package, action, needs)
    }

    fn add_with(&mut self, id: String, package: Option<&PackageName>, action: Action, needs: Vec<StepId>) -> StepId {
        let id = StepId::from(id);
        self.all.push(Step { id: id.clone(), action, package: package.cloned(), needs });
        id
    }

    /// Adds a step, and lets everything that comes next need it.
    pub(crate) fn chain(&mut self, id: String, package: Option<&PackageName>, action: Action) {
        let id = self.add(id, package, action);
        self.gate = vec![id];
    }

    /// Lets everything that comes next need these steps, by way of the last of them: a thousand uploads that each name a
    /// thousand tags would be most of the plan.
    fn gather(&mut self, mut ids: Vec<StepId>) {
        let Some(last) = ids.pop() else { return };
        if let Some(step) = self.all.iter_mut().rfind(|step| step.id == last) {
            step.needs.extend(ids);
        }
        self.gate = vec![last];
    }

    /// Whether there is none yet: nothing is edited.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Those that were added.
    pub(crate) fn so_far(&self) -> &[Step] {
        &self.all
    }

    pub(crate) fn finish(self) -> Vec<Step> {
        self.all
    }
}

/// What is released, for the steps after the commit.
pub(crate) struct ReleaseSet<'a> {
    pub(crate) packages: &'a [PlannedPackage],
    pub(crate) bumps: &'a BTreeMap<PackageName, Bump>,
    pub(crate) order: &'a [PackageName],
    pub(crate) needs: &'a Needs,
    /// Tags that packages lack which are published from this commit already.
    pub(crate) untagged: &'a [Untagged],
}

impl<'a> ReleaseSet<'a> {
    /// A package by its name, which the packages are sorted by.
    pub(super) fn package(&self, name: &PackageName) -> Option<&'a PlannedPackage> {
        let at = self.packages.binary_search_by(|package| package.name.cmp(name)).ok()?;
        self.packages.get(at)
    }
}

/// Adds everything that comes after the commit.
pub(crate) fn after_commit(inputs: &PlanInputs<'_>, released: &ReleaseSet<'_>, steps: &mut Steps) -> Result<()> {
    verify(inputs, released, steps)?;
    let edits = !steps.all.iter().all(|step| matches!(step.action, Action::Verify(_)));
    if edits {
        let branch = inputs.snapshot.repository.branch.clone().unwrap_or_else(|| DETACHED.into());
        steps.chain("land".to_owned(), None, Action::Land { branch });
    }
    let tags = tags(inputs, released, steps)?;
    let reserved = reserve(inputs, steps);
    let confirmed = publish(inputs, released, steps)?;
    push(inputs, steps, PendingPushes { tags, reserved, confirmed })
}

/// Adds the verification and the uploads, and nothing else.
pub(crate) fn published(inputs: &PlanInputs<'_>, released: &ReleaseSet<'_>, steps: &mut Steps) -> Result<()> {
    verify(inputs, released, steps)?;
    publish(inputs, released, steps).map(drop)
}

/// The verifications, one after the other.
fn verify(inputs: &PlanInputs<'_>, released: &ReleaseSet<'_>, steps: &mut Steps) -> Result<()> {
    let all = verifications::of(inputs, released)?;
    let several = all.len() > 1;
    for (at, verify) in all.into_iter().enumerate() {
        let id = if several { format!("verify {} ({})", verify.registry, at + 1) } else { "verify".to_owned() };
        steps.chain(id, None, Action::Verify(verify));
    }
    Ok(())
}

/// One tag a name; packages whose tags have the same name share it.
pub(crate) fn tags(inputs: &PlanInputs<'_>, released: &ReleaseSet<'_>, steps: &mut Steps) -> Result<Vec<TagName>> {
    let mut pushed = Vec::new();
    let mut made = BTreeSet::new();
    let mut ids = Vec::new();
    let order = dependencies_first(inputs, released.packages.iter().map(|package| &package.name))?;
    let mut tagged: BTreeMap<&TagName, Vec<&PlannedPackage>> = BTreeMap::new();
    for (tag, package) in released.packages.iter().filter_map(|package| Some((package.tag.as_ref()?, package))) {
        tagged.entry(tag).or_default().push(package);
    }
    for package in order.iter().filter_map(|name| released.package(name)) {
        let Some(name) = package.tag.as_ref().filter(|name| made.insert((*name).clone())) else { continue };
        let others = tagged.get(name).into_iter().flatten().copied().filter(|other| other.name != package.name);
        let sharing: Vec<&PlannedPackage> = std::iter::once(package).chain(others).collect();
        let settings = inputs.settings(&package.name)?;
        let message = phrase::plain(&crate::plan::edits::templates::tag(inputs, &sharing, released.bumps)?);
        let owner = (sharing.len() == 1).then_some(&package.name);
        let tag = Tag { name: name.clone(), message, sign: settings.sign_tag };
        ids.push(steps.add(format!("tag {name}"), owner, Action::Tag(tag)));
        if settings.push {
            pushed.push(name.clone());
        }
    }
    for Untagged { package, tag, pushed: is_pushed } in released.untagged {
        ids.push(steps.add(format!("tag {}", tag.name), Some(package), Action::Tag(tag.clone())));
        pushed.extend(is_pushed.then(|| tag.name.clone()));
    }
    steps.gather(ids);
    Ok(pushed)
}

/// Pushes the branch before anything is published. `true` where it is.
fn reserve(inputs: &PlanInputs<'_>, steps: &mut Steps) -> bool {
    let settings = &inputs.config.workspace;
    let Some(branch) = inputs.snapshot.repository.branch.as_ref() else { return false };
    if !settings.push || settings.remote.push_branch != PushBranch::Before {
        return false;
    }
    let (remote, options) = (settings.push_remote.clone(), settings.push_options.clone());
    let branch = there(inputs, branch);
    steps.chain("reserve".to_owned(), None, Action::Reserve { remote, branch, options });
    true
}

/// What a branch is called on the remote.
fn there(inputs: &PlanInputs<'_>, branch: &BranchName) -> BranchName {
    let remote = inputs.snapshot.repository.remote.as_ref();
    remote.and_then(|remote| remote.branch.as_ref()).unwrap_or(branch).clone()
}

/// Publish, confirm and owners of each package and registry. An upload needs its dependencies confirmed in the same
/// registry; packages that do not depend on each other do not wait for each other, unless they are of different rounds:
/// each finds the registry as it was when it was packed.
fn publish(inputs: &PlanInputs<'_>, released: &ReleaseSet<'_>, steps: &mut Steps) -> Result<Vec<StepId>> {
    let mut confirms: BTreeMap<(PackageName, RegistryName), StepId> = BTreeMap::new();
    let mut live: BTreeMap<RegistryName, Vec<StepId>> = BTreeMap::new();
    for round in released.needs.rounds(released.order) {
        let mut confirmed: BTreeMap<RegistryName, Vec<StepId>> = BTreeMap::new();
        for package in round.iter().filter_map(|name| released.package(name)) {
            for registry in &package.registries {
                let needs = released.needs.order.needs(&package.name);
                let needs = needs.filter_map(|need| confirms.get(&(need.clone(), registry.clone())));
                let needs = needs.chain(live.get(registry).into_iter().flatten()).cloned().collect();
                let id = publish_to(inputs, steps, (package, registry), needs)?;
                confirms.insert((package.name.clone(), registry.clone()), id.clone());
                confirmed.entry(registry.clone()).or_default().push(id);
            }
        }
        live.extend(confirmed);
    }
    Ok(confirms.into_values().collect())
}

/// Publishes a package to one registry, when these steps are done. Returns the step that confirms it.
fn publish_to(
    inputs: &PlanInputs<'_>,
    steps: &mut Steps,
    (package, registry): (&PlannedPackage, &RegistryName),
    needs: BTreeSet<StepId>,
) -> Result<StepId> {
    let PlannedPackage { name, to, .. } = package;
    let at = if package.registries.len() > 1 { format!(" to {registry}") } else { String::new() };
    let needs = steps.gate.iter().cloned().chain(needs).collect();
    let build = build(inputs, name)?;
    let upload = Upload { registry: registry.clone(), version: to.clone(), build, limits: limits(inputs) };
    let uploaded = steps.add_with(format!("publish {name}{at}"), Some(name), Action::Publish(upload), needs);
    let timeout = inputs.config.workspace.confirm.timeout;
    let confirm = Action::Confirm { registry: registry.clone(), version: to.clone(), timeout };
    let confirmed = steps.add_with(format!("confirm {name}{at}"), Some(name), confirm, vec![uploaded]);
    let owners = &inputs.settings(name)?.owners;
    let is_new = matches!(inputs.listing(name, registry), Some(Listing::Absent));
    if is_new && !owners.is_empty() {
        let action = Action::Owners { registry: registry.clone(), owners: owners.clone() };
        steps.add_with(format!("owners {name}{at}"), Some(name), action, vec![confirmed.clone()]);
    }
    Ok(confirmed)
}

fn limits(inputs: &PlanInputs<'_>) -> UploadLimits {
    let settings = &inputs.config.workspace;
    UploadLimits {
        retry: settings.publish.retry,
        deadline: settings.publish.deadline,
        new_packages: settings.rate_limit.new_packages,
        existing_packages: settings.rate_limit.existing_packages,
    }
}

/// What is left to be pushed at the end.
struct PendingPushes {
    tags: Vec<TagName>,
    reserved: bool,
    confirmed: Vec<StepId>,
}

fn push(inputs: &PlanInputs<'_>, steps: &mut Steps, pushed: PendingPushes) -> Result<()> {
    let settings = &inputs.config.workspace;
    let branch = inputs.snapshot.repository.branch.as_ref().filter(|_| !pushed.reserved);
    let branch = branch.map(|branch| there(inputs, branch));
    if !settings.push || (branch.is_none() && pushed.tags.is_empty()) {
        return Ok(());
    }
    let needs = steps.gate.iter().chain(&pushed.confirmed).cloned().collect();
    let (remote, options) = (settings.push_remote.clone(), settings.push_options.clone());
    steps.add_with("push".to_owned(), None, Action::Push { remote, branch, tags: pushed.tags, options }, needs);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tests::decision_table::Member;
    use crate::plan::tests::decision_table::decided;

    // Every upload waits for every tag, and the plan grows with the packages, not with their square.
    #[test]
    fn uploads_need_all_tags_by_way_of_one() {
        let names = ["core", "p1", "p2", "p3"];
        let changed = |name| Member { name, commits: vec![("fix: a", "src/lib.rs")], ..Member::at("1.2.3") };
        let plan = decided(&names.map(changed), "1", "push = false\n");
        let tags: Vec<&Step> = plan.steps.iter().filter(|step| matches!(step.action, Action::Tag(_))).collect();
        let (last, others) = tags.split_last().unwrap();
        assert!(others.len() == 3 && others.iter().all(|tag| last.needs.contains(&tag.id)), "{last:?}");
        for upload in plan.steps.iter().filter(|step| matches!(step.action, Action::Publish(_))) {
            assert!(upload.needs.contains(&last.id) && upload.needs.len() <= 2, "{upload:?}");
        }
    }
}

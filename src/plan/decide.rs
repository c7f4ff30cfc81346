//! The decision, from top to bottom.

use std::collections::BTreeMap;

use super::release_plan::Base;
use super::release_plan::FORMAT;
use super::release_plan::LeftOut;
use super::release_plan::PlannedChangelog;
use super::release_plan::PlannedPackage;
use super::release_plan::ReleasePlan;
use super::release_plan::WhyNot;
use super::request::Request;
use super::step::Action;
use super::step::Commit;
use super::step::Hook;
use super::step::Step;
use crate::check::Code;
use crate::check::Finding;
use crate::check::Severity;
use crate::config::Config;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::level::Level;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::names::TagName;
use crate::plan::edits::changelog_flaws;
use crate::plan::edits::drafting;
use crate::plan::edits::edit_buffer::EditBuffer;
use crate::plan::edits::entries;
use crate::plan::edits::entry_turns;
use crate::plan::edits::lock_resolution;
use crate::plan::edits::manifests;
use crate::plan::edits::note_consumption;
use crate::plan::edits::replacements;
use crate::plan::edits::templates;
use crate::plan::edits::untagged;
use crate::plan::edits::untagged::Untagged;
use crate::plan::evidence::notes;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::preflight::coalesce;
use crate::plan::preflight::findings;
use crate::plan::preflight::git_capabilities;
use crate::plan::preflight::late_commits;
use crate::plan::preflight::near_misses;
use crate::plan::preflight::paths_outside;
use crate::plan::preflight::remote;
use crate::plan::preflight::stale_requirements;
use crate::plan::preflight::tag_mismatch;
use crate::plan::preflight::uncommitted;
use crate::plan::steps::build;
use crate::plan::steps::build::Steps;
use crate::plan::steps::needs;
use crate::plan::steps::order::dependencies_first;
use crate::plan::versions::api;
use crate::plan::versions::bump::compatibility;
use crate::plan::versions::level_sources::LevelSources;
use crate::plan::versions::next_version;
use crate::plan::versions::next_version::Bump;
use crate::plan::versions::next_version::Verdict;
use crate::plan::versions::propagate;
use crate::plan::versions::selection;
use crate::snapshot::Lockfile;
use crate::snapshot::Repository;
use crate::snapshot::Snapshot;

/// Decides a release. Pure: the same arguments give the same plan, byte for byte.
///
/// # Errors
/// It cannot be planned: a package, a level or a manifest that makes no sense. What stands in the way of a plan that
/// makes sense is a finding in it.
pub fn decide(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<ReleasePlan> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut found = findings::of_repository(&inputs)?;
    found.extend(tag_mismatch::disagreements(&inputs)?);
    found.extend(paths_outside::findings(&inputs)?);
    found.extend(notes::findings(&inputs));
    let (bumps, left_out) = bumps(&inputs, &mut found)?;
    let mut draft = Draft::new(&inputs, &bumps, found);
    draft.found.extend(entries::none_made(&inputs, &bumps, &draft.texts)?);
    draft.found.extend(entries::foreign(&inputs, &bumps)?);
    draft.edit()?;
    draft.found.extend(changelog_flaws::in_brief(changelog_flaws::flaws(&inputs, bumps.keys())?));
    let packages = draft.packages()?;
    let needs = needs::of(&inputs, &packages, &draft.texts)?;
    let (publish_order, circle) = needs.order.sorted();
    draft.found.extend(needs::circle(&circle));
    let untagged = if draft.steps.is_empty() { untagged::of(&inputs, &packages)? } else { Vec::new() };
    draft.found.retain(|finding| {
        !is_tagged_now(finding, &untagged) && !is_published_now(finding, &packages, &snapshot.repository)
    });
    let released = build::ReleaseSet {
        packages: &packages,
        bumps: &bumps,
        order: &publish_order,
        needs: &needs,
        untagged: &untagged,
    };
    let tagged = draft.steps.is_empty().then_some(&snapshot.repository.head);
    let of_packages = findings::of_packages(&inputs, &released, tagged)?;
    let new: Vec<Finding> = of_packages.into_iter().filter(|finding| !is_said(&draft.found, finding)).collect();
    draft.found.extend(new);
    draft.found.extend(manifests::rewritten_bystanders(&inputs, &bumps)?);
    draft.found.extend(stale_requirements::requirements(&inputs, &bumps)?);
    draft.found.extend(late_commits::findings(&inputs, &bumps)?);
    draft.found.extend(late_commits::not_proposed(&inputs, &bumps)?);
    if draft.steps.is_empty() {
        remote::may_be_behind(&inputs, &mut draft.found);
    }
    if !packages.is_empty() || !untagged.is_empty() {
        build::after_commit(&inputs, &released, &mut draft.steps)?;
    }
    draft.finished(packages, left_out, publish_order)
}

/// Whether a finding says that a tag is missing which this plan makes.
fn is_tagged_now(finding: &Finding, untagged: &[Untagged]) -> bool {
    let is_made = |package: &PackageName| untagged.iter().any(|made| made.package == *package);
    finding.code == Code::ReleaseWithoutTag && finding.package.as_ref().is_some_and(is_made)
}

/// Whether a finding asks to publish what a tag names, which this plan does from that tag.
fn is_published_now(finding: &Finding, packages: &[PlannedPackage], repository: &Repository) -> bool {
    let at_head = |tag: &TagName| repository.tags.get(tag) == Some(&repository.head);
    let is_planned = |package: &PlannedPackage| {
        finding.package.as_ref() == Some(&package.name)
            && package.from.as_ref() == Some(&package.to)
            && package.tag.as_ref().is_some_and(at_head)
    };
    finding.code == Code::TagWithoutRelease && packages.iter().any(is_planned)
}

/// Each finding once: five replacements in one missing file say the same five times.
fn unique(found: Vec<Finding>) -> Vec<Finding> {
    found.into_iter().fold(Vec::new(), |mut kept, finding| {
        if !kept.contains(&finding) {
            kept.push(finding);
        }
        kept
    })
}

/// Whether a registry that does not answer was named for this package already.
fn is_said(found: &[Finding], new: &Finding) -> bool {
    let same = |old: &Finding| (&old.code, &old.package) == (&new.code, &new.package);
    new.code == Code::RegistryUnknown && found.iter().any(same)
}

/// Gives a plan its id: the digest of all that is in it.
pub(super) fn identified(mut plan: ReleasePlan) -> Result<ReleasePlan> {
    let text = serde_json::to_vec(&plan).or_unplannable(|| "the plan cannot be written as JSON".into())?;
    plan.id = PlanId::from(Digest::of(&text).as_str());
    Ok(plan)
}

impl ReleasePlan {
    /// Whether the id is the digest of all that is in it: whether nobody changed it since it was decided.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn is_intact(&self) -> Result<bool> {
        let blank = Self { id: PlanId::from(""), ..self.clone() };
        Ok(identified(blank)?.id == self.id)
    }
}

/// Who is released and who is left out.
pub(crate) fn bumps(
    inputs: &PlanInputs<'_>,
    found: &mut Vec<Finding>,
) -> Result<(BTreeMap<PackageName, Bump>, Vec<LeftOut>)> {
    let targets = selection::considered(inputs)?;
    findings::known_registries(inputs, targets.keys())?;
    let mut chosen = BTreeMap::new();
    let mut left_out = BTreeMap::new();
    for package in inputs.packages() {
        let verdict = match targets.get(&package.name) {
            Some(target) => next_version::choose(inputs, package, target, found)?,
            None if !inputs.settings(&package.name)?.release => {
                Verdict::LeftOut(next_version::left_out(inputs, package, WhyNot::ReleaseFalse))
            }
            None if selection::is_helper(inputs, package)? => {
                Verdict::LeftOut(next_version::left_out(inputs, package, WhyNot::NeverReleased))
            }
            None => Verdict::LeftOut(next_version::left_out(inputs, package, WhyNot::NotSelected)),
        };
        match verdict {
            Verdict::Chosen(bump) => drop(chosen.insert(package.name.clone(), bump)),
            Verdict::LeftOut(left) => drop(left_out.insert(package.name.clone(), left)),
        }
    }
    propagate::spread(inputs, &targets, &mut chosen)?;
    left_out.retain(|name, _| !chosen.contains_key(name));
    found.extend(next_version::findings(inputs, &chosen)?);
    found.extend(api::findings(inputs, &chosen)?);
    found.extend(api::signatures_to_look_at(inputs, &chosen));
    found.extend(near_misses::findings(inputs, &chosen));
    Ok((chosen, left_out.into_values().collect()))
}

/// A plan that is being made: the texts as they change, and the steps as they are added.
pub(super) struct Draft<'a> {
    pub(super) inputs: &'a PlanInputs<'a>,
    pub(super) bumps: &'a BTreeMap<PackageName, Bump>,
    pub(super) texts: EditBuffer<'a>,
    pub(super) steps: Steps,
    pub(super) found: Vec<Finding>,
    changelogs: BTreeMap<PackageName, PlannedChangelog>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(inputs: &'a PlanInputs<'a>, bumps: &'a BTreeMap<PackageName, Bump>, found: Vec<Finding>) -> Self {
        let (texts, steps) = (EditBuffer::of(inputs.snapshot), Steps::default());
        Self { inputs, bumps, texts, steps, found, changelogs: BTreeMap::new() }
    }

    /// All edits, replacements, hooks and commits: one commit for all, or one a package.
    fn edit(&mut self) -> Result<()> {
        let order = dependencies_first(self.inputs, self.bumps.keys())?;
        let all: Vec<&Bump> = order.iter().filter_map(|name| self.bumps.get(name)).collect();
        if self.inputs.config.workspace.consolidate_commits {
            return self.batch(&all, None);
        }
        all.chunks(1).try_for_each(|batch| self.batch(batch, batch.first().copied()))
    }

    fn batch(&mut self, batch: &[&Bump], only: Option<&Bump>) -> Result<()> {
        let of = only.map_or_else(String::new, |only| format!(" for {}", only.name));
        manifests::edit(self.inputs, batch, &mut self.texts, &mut self.found)?;
        let cliff = drafting::cliff(self.inputs, &mut self.found)?;
        let how = drafting::Drafting { cliff, bumps: self.bumps };
        let written = entry_turns::write(self.inputs, batch, &how, &mut self.texts, &mut self.found)?;
        self.changelogs.extend(written.into_iter().map(|(name, written)| (name.clone(), written)));
        let names = batch.iter().map(|bump| &bump.name);
        self.found.extend(drafting::template_failure(self.inputs, &how.cliff, names));
        note_consumption::consume(self.inputs, batch, &mut self.texts)?;
        self.found.extend(lock_resolution::findings(self.inputs, batch));
        let mut paths = Vec::new();
        for edit in self.texts.take_edits()? {
            paths.push(edit.path.clone());
            self.steps.chain(format!("edit {}{of}", edit.path), None, Action::Edit(edit));
        }
        let mut hooked = false;
        for bump in batch {
            replacements::apply(self.inputs, bump, &mut self.texts, &mut self.found)?;
            for edit in self.texts.take_edits()? {
                paths.push(edit.path.clone());
                let id = format!("replace {} for {}", edit.path, bump.name);
                self.steps.chain(id, Some(&bump.name), Action::Replace(edit));
            }
        }
        for bump in batch {
            hooked |= self.hook(bump)?;
        }
        if paths.is_empty() && !hooked {
            return Ok(());
        }
        paths.sort();
        paths.dedup();
        self.commit(batch, only, paths)
    }

    pub(super) fn hook(&mut self, bump: &Bump) -> Result<bool> {
        let package = self.inputs.package(&bump.name)?;
        let settings = self.inputs.settings(&bump.name)?;
        if settings.pre_release_hook.is_empty() {
            return Ok(false);
        }
        let values = replacements::with_tag(self.inputs, bump, self.inputs.values(package, &bump.to))?;
        let command = settings.pre_release_hook.iter().map(|argument| values.render(argument)).collect();
        let from = self.inputs.last_release(&bump.name).map_or(&bump.current, |last| &last.version);
        let variables = [
            ("PREV_VERSION", crate::plan::evidence::plan_inputs::bare(from)),
            ("PREV_METADATA", from.build.to_string()),
            ("NEW_VERSION", crate::plan::evidence::plan_inputs::bare(&bump.to)),
            ("NEW_METADATA", bump.to.build.to_string()),
            ("DRY_RUN", "false".to_owned()),
            ("CRATE_NAME", bump.name.to_string()),
        ];
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let hook = Hook { command, dir: package.dir.clone(), variables };
        self.steps.chain(format!("hook {}", bump.name), Some(&bump.name), Action::Hook(hook));
        Ok(true)
    }

    /// The plan, with everything that is to be said of it.
    pub(super) fn finished(
        self,
        packages: Vec<PlannedPackage>,
        left_out: Vec<LeftOut>,
        publish_order: Vec<PackageName>,
    ) -> Result<ReleasePlan> {
        let levels = LevelSources::of(self.inputs, self.bumps)?;
        let Self { inputs, steps, mut found, .. } = self;
        let steps = steps.finish();
        found.extend(git_capabilities::findings(inputs, &packages, &steps));
        let mut found = unique(coalesce::told_once(inputs, found)?);
        found.sort_by_key(|finding| finding.severity != Severity::Error);
        let repository = &inputs.snapshot.repository;
        let base = Base {
            branch: repository.branch.clone(),
            commit: repository.head.clone(),
            workspace: inputs.snapshot.workspace.dir.clone(),
            copied: uncommitted::copied(inputs),
        };
        let (format, id) = (FORMAT, PlanId::from(""));
        let findings = found;
        identified(ReleasePlan { format, id, base, packages, left_out, levels, publish_order, findings, steps })
    }

    fn commit(&mut self, batch: &[&Bump], only: Option<&Bump>, paths: Vec<crate::names::RepoPath>) -> Result<()> {
        let message = match only {
            Some(only) => templates::commit_of(self.inputs, only)?,
            None => templates::commit_of_all(self.inputs, batch),
        };
        let sign = match only {
            Some(only) => self.inputs.settings(&only.name)?.sign_commit,
            None => self.inputs.config.workspace.sign_commit,
        };
        let id = only.map_or_else(|| "commit".to_owned(), |only| format!("commit {}", only.name));
        let package = only.map(|only| &only.name);
        let steps = self.steps.so_far();
        let rewrites = |step: &Step| {
            let edits = matches!(&step.action, Action::Replace(edit) if edit.path.as_str().ends_with("Cargo.toml"));
            edits || matches!(step.action, Action::Hook(_))
        };
        let has_lock = self.inputs.snapshot.workspace.lockfile == Lockfile::Committed;
        let outgrown = !lock_resolution::outgrown(self.inputs, batch).is_empty();
        let resolves_lock = has_lock && (outgrown || steps.iter().any(rewrites));
        self.steps.chain(id, package, Action::Commit(Commit { message, sign, paths, resolves_lock }));
        Ok(())
    }

    pub(super) fn packages(&self) -> Result<Vec<PlannedPackage>> {
        self.bumps
            .values()
            .map(|bump| {
                let package = self.inputs.package(&bump.name)?;
                let registries = self.inputs.destinations(package)?;
                Ok(PlannedPackage {
                    name: bump.name.clone(),
                    from: bump.from.clone(),
                    to: bump.to.clone(),
                    level: bump.from.as_ref().map_or(Level::None, |from| compatibility(from, &bump.to)),
                    reasons: bump.reasons.clone(),
                    publish: !registries.is_empty(),
                    registries,
                    // One that moves along with a version that it inherits is nothing to look for by a tag.
                    tag: if selection::is_helper(self.inputs, package)? {
                        None
                    } else {
                        self.inputs.tag(package, &bump.to)?
                    },
                    changelog: self.changelogs.get(&bump.name).cloned(),
                })
            })
            .collect()
    }
}

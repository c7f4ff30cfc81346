//! One step of a release by itself: `version`, `replace`, `hook`, `commit`, `publish`, `tag`, `push`. Each is a small plan
//! for the same executor, over the versions that the manifests have now; only `version` changes them.

use std::collections::BTreeMap;

use super::decide;
use super::decide::Draft;
use super::release_plan::LeftOut;
use super::release_plan::PlannedPackage;
use super::release_plan::ReleasePlan;
use super::release_plan::WhyNot;
use super::request::Request;
use super::step::Action;
use super::step::Commit;
use crate::check::Code;
use crate::check::Finding;
use crate::check::Severity;
use crate::config::Config;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::phrase;
use crate::plan::edits::edit_buffer::EditBuffer;
use crate::plan::edits::manifests;
use crate::plan::edits::replacements;
use crate::plan::edits::templates;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::preflight::findings;
use crate::plan::preflight::tags;
use crate::plan::steps::build;
use crate::plan::steps::build::ReleaseSet;
use crate::plan::steps::needs;
use crate::plan::steps::order::dependencies_first;
use crate::plan::versions::next_version;
use crate::plan::versions::next_version::Bump;
use crate::plan::versions::selection;
use crate::plan::versions::selection::Target;
use crate::snapshot::Listing;
use crate::snapshot::Snapshot;

/// A step that is done by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Single {
    /// New versions in manifests, requirements and `Cargo.lock`.
    Version,
    /// `pre-release-replacements`.
    Replace,
    /// `pre-release-hook`.
    Hook,
    /// A commit of what is changed in the checkout.
    Commit,
    /// Verification and uploads of what is not published yet.
    Publish,
    /// The tags that are missing.
    Tag,
    /// The branch and the tags.
    Push,
}

/// Texts as they are committed, of files that differ from it in the checkout.
pub(crate) type Committed = BTreeMap<RepoPath, String>;

type Choices = BTreeMap<PackageName, Bump>;

impl Single {
    /// Whether it works on the files of the checkout, and not on what is committed.
    pub(crate) fn is_in_place(self) -> bool {
        match self {
            Self::Version | Self::Replace | Self::Hook | Self::Commit => true,
            Self::Publish | Self::Tag | Self::Push => false,
        }
    }

    /// Whether it needs to know of registries.
    pub(crate) fn asks_registries(self) -> bool {
        self == Self::Publish
    }

    /// Whether it needs to know of the remote.
    pub(crate) fn asks_the_remote(self) -> bool {
        match self {
            Self::Publish | Self::Push => true,
            Self::Version | Self::Replace | Self::Hook | Self::Commit | Self::Tag => false,
        }
    }

    /// What a finding about the repository comes to here; none where it says nothing about this step.
    fn severity(self, finding: &Finding) -> Option<Severity> {
        let strict = match self {
            Self::Publish | Self::Tag | Self::Push => Severity::Error,
            Self::Version | Self::Replace | Self::Hook | Self::Commit => Severity::Warning,
        };
        let severities = [
            (Code::GitOperation, Some(Severity::Error)),
            (Code::DirtyTree, (self != Self::Commit).then_some(strict)),
            (Code::DetachedHead, Some(strict)),
            (Code::BranchNotAllowed, Some(strict)),
            (Code::BehindRemote, Some(Severity::Warning)),
            (Code::StaleLockfile, (self == Self::Publish).then_some(Severity::Error)),
            (Code::NoRemote, (self == Self::Push).then_some(Severity::Error)),
            (Code::RemoteUnknown, (self == Self::Push).then_some(Severity::Error)),
        ];
        severities.into_iter().find(|(code, _)| *code == finding.code).and_then(|(_, severity)| severity)
    }
}

/// Decides one step. Pure, as [`decide`](fn@super::decide).
///
/// # Errors
/// As [`decide`](fn@super::decide).
pub(crate) fn single(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    what: Single,
    committed: &Committed,
) -> Result<ReleasePlan> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut found = Vec::new();
    for finding in findings::of_repository(&inputs)? {
        let severity = what.severity(&finding);
        found.extend(severity.map(|severity| Finding { severity, ..finding }));
    }
    let (bumps, mut left_out) = match what {
        Single::Version => decide::bumps(&inputs, &mut found)?,
        Single::Replace | Single::Hook | Single::Commit | Single::Publish | Single::Tag | Single::Push => {
            as_they_are(&inputs)?
        }
    };
    let mut draft = Draft::new(&inputs, &bumps, found);
    let mut packages = draft.packages()?;
    if what == Single::Version {
        // What the files have is what changes, released or not.
        for package in &mut packages {
            package.from = bumps.get(&package.name).map(|bump| bump.current.clone());
        }
    }
    let mut publish_order = Vec::new();
    match what {
        Single::Version => versions(&mut draft)?,
        Single::Replace => replace(&mut draft, committed)?,
        Single::Hook => hooks(&mut draft)?,
        Single::Commit => commit(&mut draft),
        Single::Publish => publish_order = publish(&mut draft, &packages, &mut left_out)?,
        Single::Tag => tag(&mut draft, &packages, &mut left_out)?,
        Single::Push => push(&mut draft, &packages),
    }
    let done: Vec<&PackageName> = left_out.iter().map(|left| &left.name).collect();
    let packages = packages.iter().filter(|package| !done.contains(&&package.name)).cloned().collect();
    draft.finished(packages, left_out, publish_order)
}

/// Everything that is selected, at the version that it has.
fn as_they_are(inputs: &PlanInputs<'_>) -> Result<(Choices, Vec<LeftOut>)> {
    let selected = selection::as_cargo_would(inputs)?;
    let mut bumps = Choices::new();
    let mut left_out = Vec::new();
    for package in inputs.packages() {
        let name = &package.name;
        if selected.contains(name) {
            let from = inputs.last_release(name).map(|last| last.version.clone());
            let (current, to) = (package.version.clone(), package.version.clone());
            let target = Target::AsItIs;
            bumps.insert(name.clone(), Bump { name: name.clone(), current, from, to, reasons: Vec::new(), target });
        } else {
            let is_off = !inputs.settings(name)?.release;
            let why = if is_off { WhyNot::ReleaseFalse } else { WhyNot::NotSelected };
            left_out.push(next_version::left_out(inputs, package, why));
        }
    }
    Ok((bumps, left_out))
}

fn versions(draft: &mut Draft<'_>) -> Result<()> {
    let all: Vec<&Bump> = draft.bumps.values().collect();
    manifests::edit(draft.inputs, &all, &mut draft.texts, &mut draft.found)?;
    for edit in draft.texts.take_edits()? {
        draft.steps.chain(format!("edit {}", edit.path), None, Action::Edit(edit));
    }
    draft.found.extend(manifests::rewritten_bystanders(draft.inputs, draft.bumps)?);
    Ok(())
}

/// The replacements, unless the checkout has them already: what they make of the committed text tells.
fn replace(draft: &mut Draft<'_>, committed: &Committed) -> Result<()> {
    let (inputs, bumps) = (draft.inputs, draft.bumps);
    let mut made = EditBuffer::of(inputs.snapshot);
    committed.iter().for_each(|(path, text)| made.set(path, text.clone()));
    let mut unheard = Vec::new();
    for bump in bumps.values() {
        replacements::apply(inputs, bump, &mut made, &mut unheard)?;
    }
    let is_done = |path: &RepoPath| {
        let now = inputs.snapshot.workspace.texts.get(path);
        committed.contains_key(path) && now.map(String::as_str) == made.get(path)
    };
    for bump in bumps.values() {
        let before: Vec<Finding> = draft.found.clone();
        replacements::apply(inputs, bump, &mut draft.texts, &mut draft.found)?;
        // Counts that do not fit a file that is done already say nothing.
        draft.found.retain(|finding| before.contains(finding) || !finding.path.as_ref().is_some_and(&is_done));
        for edit in draft.texts.take_edits()?.into_iter().filter(|edit| !is_done(&edit.path)) {
            let id = format!("replace {} for {}", edit.path, bump.name);
            draft.steps.chain(id, Some(&bump.name), Action::Replace(edit));
        }
    }
    Ok(())
}

fn hooks(draft: &mut Draft<'_>) -> Result<()> {
    let order = dependencies_first(draft.inputs, draft.bumps.keys())?;
    let bumps = draft.bumps;
    order.iter().filter_map(|name| bumps.get(name)).try_for_each(|bump| draft.hook(bump).map(drop))
}

/// A commit of what git knows and what differs from it. Nobody can tell whose the other files are.
fn commit(draft: &mut Draft<'_>) {
    let dirty = &draft.inputs.snapshot.repository.dirty;
    let (strangers, changed): (Vec<_>, Vec<_>) = dirty.iter().partition(|file| file.how == "untracked");
    if !strangers.is_empty() {
        let names = phrase::first(strangers.iter().map(|file| format!("`{}`", file.path)), 10);
        let message = format!("untracked files stay out of the commit: {names}");
        draft.found.push(Finding::warning(Code::DirtyTree, message).help("`git add` what belongs to the release"));
    }
    if changed.is_empty() {
        return;
    }
    let all: Vec<&Bump> = draft.bumps.values().collect();
    let message = templates::commit_of_all(draft.inputs, &all);
    let sign = draft.inputs.config.workspace.sign_commit;
    let paths = changed.iter().map(|file| file.path.clone()).collect();
    draft.steps.chain("commit".to_owned(), None, Action::Commit(Commit { message, sign, paths, resolves_lock: false }));
}

/// Whether each registry that a package goes to lists its version.
fn is_published(inputs: &PlanInputs<'_>, package: &PlannedPackage) -> bool {
    let lists = |registry: &RegistryName| match inputs.listing(&package.name, registry) {
        Some(listing @ Listing::Versions(_)) => listing.find(&package.to).is_some(),
        Some(Listing::Absent | Listing::Unknown(_)) | None => false,
    };
    package.registries.iter().all(lists)
}

fn publish(
    draft: &mut Draft<'_>,
    packages: &[PlannedPackage],
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<PackageName>> {
    let inputs = draft.inputs;
    findings::known_registries(inputs, draft.bumps.keys())?;
    let (done, due): (Vec<_>, Vec<_>) =
        packages.iter().filter(|package| package.publish).cloned().partition(|package| is_published(inputs, package));
    left_out.extend(done.iter().map(|package| done_already(package, None)));
    left_out.extend(packages.iter().filter(|package| !package.publish).map(|package| done_already(package, None)));
    let needs = needs::of(inputs, &due, &draft.texts)?;
    let (order, circle) = needs.order.sorted();
    draft.found.extend(needs::circle(&circle));
    let released = ReleaseSet { packages: &due, bumps: draft.bumps, order: &order, needs: &needs, untagged: &[] };
    let head = &inputs.snapshot.repository.head;
    let of_tags = [Code::TagExists, Code::TagSpelling, Code::TagOfTwoVersions];
    let found = findings::of_packages(inputs, &released, Some(head))?;
    draft.found.extend(found.into_iter().filter(|finding| !of_tags.contains(&finding.code)));
    build::published(inputs, &released, &mut draft.steps)?;
    Ok(order)
}

fn done_already(package: &PlannedPackage, since: Option<TagName>) -> LeftOut {
    let reason = if since.is_some() || package.publish { WhyNot::Done } else { WhyNot::NotPublished };
    LeftOut { name: package.name.clone(), reason, since }
}

/// The tags that do not exist. One that names another commit stays where it is, and is named.
fn tag(draft: &mut Draft<'_>, packages: &[PlannedPackage], left_out: &mut Vec<LeftOut>) -> Result<()> {
    let inputs = draft.inputs;
    let repository = &inputs.snapshot.repository;
    let mut due = Vec::new();
    for package in packages {
        match package.tag.as_ref().map(|tag| (tag, repository.tags.get(tag))) {
            None => {}
            Some((_, None)) => due.push(package.clone()),
            Some((tag, Some(commit))) => {
                left_out.push(done_already(package, Some(tag.clone())));
                if *commit != repository.head {
                    let message = format!("the tag `{tag}` exists already, at {}", commit.short());
                    let help = "it stays there; `cargo release version` makes another version";
                    draft.found.push(Finding::warning(Code::TagExists, message).package(&package.name).help(help));
                }
            }
        }
    }
    draft.found.extend(tags::torn_tags(&due));
    let needs = needs::of(inputs, &[], &draft.texts)?;
    let released = ReleaseSet { packages: &due, bumps: draft.bumps, order: &[], needs: &needs, untagged: &[] };
    build::tags(inputs, &released, &mut draft.steps).map(drop)
}

/// The branch, and the tags of the versions as they are, which have to exist.
fn push(draft: &mut Draft<'_>, packages: &[PlannedPackage]) {
    let inputs = draft.inputs;
    let (repository, settings) = (&inputs.snapshot.repository, &inputs.config.workspace);
    if !settings.push {
        return;
    }
    let mut tags = Vec::new();
    for (package, tag) in packages.iter().filter_map(|package| Some((package, package.tag.as_ref()?))) {
        if inputs.settings(&package.name).is_ok_and(|settings| !settings.push) || tags.contains(tag) {
            continue;
        }
        if repository.tags.contains_key(tag) {
            tags.push(tag.clone());
            continue;
        }
        let message = format!("the tag `{tag}` does not exist, so it cannot be pushed");
        let finding = Finding::error(Code::TagMissing, message).package(&package.name);
        draft.found.push(finding.help("make it (`cargo release tag -x`), or push without it (`--no-tag`)"));
    }
    let (remote, options) = (settings.push_remote.clone(), settings.push_options.clone());
    let branch = repository.branch.clone();
    draft.steps.chain("push".to_owned(), None, Action::Push { remote, branch, tags, options });
}

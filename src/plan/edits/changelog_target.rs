//! Which changelog is whose: the file of a package, who shares it, and what its next entry tells of.

use std::collections::BTreeSet;

use super::edit_buffer::EditBuffer;
use super::entry_source::EntryContent;
use super::entry_source::Since;
use crate::changelog::Owner;
use crate::changelog::Release;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::plan_inputs::ReleasedVersion;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;

/// Whether the replacements of a package edit a file.
fn replaces(inputs: &PlanInputs<'_>, package: &Package, path: &RepoPath) -> Result<bool> {
    let replacements = &inputs.settings(&package.name)?.pre_release_replacements;
    Ok(replacements.iter().any(|replacement| package.dir.resolve(&replacement.file).as_ref() == Some(path)))
}

/// The changelog of a package.
pub(crate) struct Curated<'a> {
    /// Whose it is.
    pub(crate) package: &'a Package,
    /// The file.
    pub(crate) path: RepoPath,
    /// How its sections are told from those of others.
    pub(crate) owner: Owner,
    /// Whether `pre-release-replacements` make its releases.
    pub(crate) by_replacements: bool,
    /// Everybody whose changes are told in the same entry.
    members: Vec<&'a Package>,
}

impl<'a> Curated<'a> {
    /// The changelog of a package; none where it is off.
    ///
    /// Members that share a file and a version (`shared-version`) share the entry. Others that share a file are kept apart
    /// by the names in their headings.
    pub(crate) fn of(inputs: &PlanInputs<'a>, package: &'a Package) -> Result<Option<Self>> {
        let Some(path) = named(inputs, package)? else { return Ok(None) };
        let mut sharing = Vec::new();
        let mut groups = BTreeSet::new();
        let mut by_replacements = replaces(inputs, package, &path)?;
        let mut shared_replacements = false;
        for other in inputs.changelogs().members(&path).iter().copied() {
            let settings = inputs.settings(&other.name)?;
            if settings.release && settings.changelog.enabled {
                sharing.push(other);
                groups.insert(&settings.shared_version);
                shared_replacements |= replaces(inputs, other, &path)?;
            }
        }
        let one_version = groups.len() == 1 && groups.first().is_some_and(|group| group.is_some());
        let by_name = inputs.changelogs().is_by_name(&package.name);
        let apart = by_name || (sharing.len() > 1 && !one_version);
        // Where one entry tells of all of them, the replacements of one make it for all.
        by_replacements |= !apart && shared_replacements;
        Ok(Some(Self {
            package,
            owner: Owner { package: package.name.clone(), apart },
            by_replacements,
            members: if apart || sharing.is_empty() { vec![package] } else { sharing },
            path,
        }))
    }

    /// Whether it is there, or may be made: not for a package that goes nowhere.
    pub(crate) fn may_be_written(&self, inputs: &PlanInputs<'_>, texts: &EditBuffer<'_>) -> Result<bool> {
        let settings = inputs.settings(&self.package.name)?;
        let exists = texts.get(&self.path).is_some() || inputs.snapshot.workspace.unreadable.contains_key(&self.path);
        if exists || self.by_replacements || inputs.destinations(self.package)?.is_empty() {
            return Ok(exists);
        }
        if inputs.changelogs().foreign(&self.package.name).is_some() {
            return Ok(false);
        }
        match settings.changelog.create {
            Some(create) => Ok(create),
            None => Ok(!self.is_told_at_the_root(inputs)? && self.is_begun(inputs)?),
        }
    }

    /// Whether a changelog begins with this release: with the first one of a package, where its neighbours have changelogs or
    /// have no releases either. What was released without one before goes on without one.
    fn is_begun(&self, inputs: &PlanInputs<'_>) -> Result<bool> {
        if was_released(inputs, self.package)? {
            return Ok(false);
        }
        let mut released = false;
        for other in inputs.packages().filter(|other| other.name != self.package.name) {
            if !inputs.settings(&other.name)?.release || !was_released(inputs, other)? {
                continue;
            }
            released = true;
            if named(inputs, other)?.is_some_and(|path| inputs.snapshot.workspace.texts.contains_key(&path)) {
                return Ok(true);
            }
        }
        Ok(!released)
    }

    /// The changelog that is there, cannot be written, and is kept by nobody else.
    pub(crate) fn foreign<'i>(&self, inputs: &'i PlanInputs<'a>) -> Result<Option<&'i RepoPath>> {
        let Some(path) = inputs.changelogs().foreign(&self.package.name) else { return Ok(None) };
        let is_kept = !inputs.settings(&self.package.name)?.pre_release_hook.is_empty()
            || replaces(inputs, self.package, path)?
            || inputs.destinations(self.package)?.is_empty();
        Ok(Some(path).filter(|_| !is_kept))
    }

    /// That a package has no changelog and gets none, because it was released without one before.
    pub(crate) fn none_made(&self, inputs: &PlanInputs<'_>, texts: &EditBuffer<'_>) -> Result<bool> {
        let settings = inputs.settings(&self.package.name)?;
        let unasked = settings.changelog.create.is_none()
            && settings.pre_release_hook.is_empty()
            && inputs.changelogs().foreign(&self.package.name).is_none();
        let untold =
            !self.may_be_written(inputs, texts)? && !self.is_told_at_the_root(inputs)? && !self.by_replacements;
        Ok(unasked && untold && !inputs.destinations(self.package)?.is_empty())
    }

    /// Whether the changelog at the root tells of it: one is there, and no member has one of its own, or, where the
    /// package shares its version, none that shares it.
    fn is_told_at_the_root(&self, inputs: &PlanInputs<'_>) -> Result<bool> {
        let workspace = &inputs.snapshot.workspace;
        let group = &inputs.settings(&self.package.name)?.shared_version;
        let is_root = |path: &RepoPath| path.parent() == workspace.dir;
        if is_root(&self.path) || inputs.changelogs().root.is_none() {
            return Ok(false);
        }
        for other in inputs.packages() {
            if group.is_some() && inputs.settings(&other.name)?.shared_version != *group {
                continue;
            }
            let path = named(inputs, other)?.filter(|path| !is_root(path));
            if path.is_some_and(|path| workspace.texts.contains_key(&path)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What its next entry tells of.
    pub(crate) fn told<'c>(&self, inputs: &'c PlanInputs<'c>, since: Since) -> EntryContent<'c> {
        EntryContent::of(inputs, &self.members, since)
    }

    /// A release of it without a draft: what its text needs to know.
    pub(crate) fn release(&self, inputs: &PlanInputs<'_>, to: &semver::Version) -> Result<Release> {
        Ok(Release {
            owner: self.owner.clone(),
            version: to.clone(),
            date: inputs
                .request
                .today
                .parse()
                .or_unplannable(|| format!("`{}` is not a date", inputs.request.today))?,
            tag: inputs.tag(self.package, to)?,
            previous_tag: self.previous_tag(inputs),
            repository: self.package.metadata.repository.clone(),
            draft: None,
        })
    }

    /// The tag of the release before.
    pub(crate) fn previous_tag(&self, inputs: &PlanInputs<'_>) -> Option<TagName> {
        match &inputs.last_release(&self.package.name)?.witness {
            ReleaseEvidence::Tag(tag) => Some(tag.clone()),
            ReleaseEvidence::VcsRecord => None,
        }
    }
}

/// The changelog of a package; none where it is off.
fn named(inputs: &PlanInputs<'_>, package: &Package) -> Result<Option<RepoPath>> {
    let enabled = inputs.settings(&package.name)?.changelog.enabled;
    Ok(inputs.changelogs().of(&package.name).filter(|_| enabled).cloned())
}

/// Whether there was a release of it before.
fn was_released(inputs: &PlanInputs<'_>, package: &Package) -> Result<bool> {
    Ok(inputs.last_release(&package.name).is_some()
        || inputs.released(package, &package.version)? == ReleasedVersion::Yes)
}

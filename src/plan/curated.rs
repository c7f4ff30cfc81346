//! Which changelog is whose: the file of a package, who shares it, and the commits that its next entry tells of.

use std::collections::BTreeSet;

use super::case::Case;
use super::texts::Texts;
use super::value::Level;
use crate::changelog::DraftCommit;
use crate::changelog::Owner;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::Commit;
use crate::snapshot::Package;
use crate::snapshot::Witness;

/// The changelog of a package.
pub(super) struct Curated<'a> {
    /// Whose it is.
    pub(super) package: &'a Package,
    /// The file.
    pub(super) path: RepoPath,
    /// How its sections are told from those of others.
    pub(super) owner: Owner,
    /// Whether `pre-release-replacements` make its releases.
    pub(super) by_replacements: bool,
    /// Everybody whose changes are told in the same entry.
    members: Vec<&'a Package>,
}

impl<'a> Curated<'a> {
    /// The changelog of a package; none where it is off.
    ///
    /// Members that share a file and a version (`shared-version`) share the entry. Others that share a file are kept apart
    /// by the names in their headings.
    pub(super) fn of(case: &Case<'a>, package: &'a Package) -> Result<Option<Self>> {
        let Some(path) = named(case, package)? else { return Ok(None) };
        let mut sharing = Vec::new();
        let mut groups = BTreeSet::new();
        for other in case.packages() {
            let settings = case.settings(&other.name)?;
            if settings.release && named(case, other)?.as_ref() == Some(&path) {
                sharing.push(other);
                groups.insert(&settings.shared_version);
            }
        }
        let one_version = groups.len() == 1 && groups.first().is_some_and(|group| group.is_some());
        let apart = sharing.len() > 1 && !one_version;
        let replacements = &case.settings(&package.name)?.pre_release_replacements;
        let replaced = |file: &str| package.dir.resolve(file).as_ref() == Some(&path);
        Ok(Some(Self {
            package,
            owner: Owner { package: package.name.clone(), apart },
            by_replacements: replacements.iter().any(|replacement| replaced(&replacement.file)),
            members: if apart || sharing.is_empty() { vec![package] } else { sharing },
            path,
        }))
    }

    /// Whether it is there, or may be made: not for a package that goes nowhere.
    pub(super) fn may_be_written(&self, case: &Case<'_>, texts: &Texts<'_>) -> Result<bool> {
        let settings = case.settings(&self.package.name)?;
        let exists = texts.get(&self.path).is_some() || case.snapshot.workspace.unreadable.contains_key(&self.path);
        let is_made =
            settings.changelog_create && !self.by_replacements && !case.destinations(self.package)?.is_empty();
        Ok(exists || is_made)
    }

    /// The commits that its next entry tells of, newest first.
    pub(super) fn commits(&self, case: &Case<'a>) -> Vec<&'a Commit> {
        let counting = self.members.iter().flat_map(|member| case.changes(&member.name));
        let counting = counting.filter(|change| change.level > Level::None && !change.unlisted);
        let ids: BTreeSet<CommitId> = counting.map(|change| change.commit.id.clone()).collect();
        let all: &'a [Commit] = &case.snapshot.repository.history.commits;
        all.iter().filter(|commit| ids.contains(&commit.id)).collect()
    }

    /// Of these commits, those that did not edit the changelog themselves: the others are told by whoever did.
    pub(super) fn untold<'c>(&self, commits: &[&'c Commit]) -> Vec<&'c Commit> {
        let edits = |commit: &Commit| commit.packages.values().flatten().any(|path| *path == self.path);
        commits.iter().copied().filter(|commit| !edits(commit)).collect()
    }

    /// A release of it without a draft: what its text needs to know.
    pub(super) fn release(&self, case: &Case<'_>, to: &semver::Version) -> Result<Release> {
        Ok(Release {
            owner: self.owner.clone(),
            version: to.clone(),
            date: case.request.today.parse().or_unplannable(|| format!("`{}` is not a date", case.request.today))?,
            tag: case.tag(self.package, to)?,
            previous_tag: self.previous_tag(case),
            repository: self.package.metadata.repository.clone(),
            draft: None,
        })
    }

    /// The tag of the release before.
    pub(super) fn previous_tag(&self, case: &Case<'_>) -> Option<TagName> {
        match &case.last_release(&self.package.name)?.witness {
            Witness::Tag(tag) => Some(tag.clone()),
            Witness::VcsRecord => None,
        }
    }
}

/// The commits of a draft that the drafts before did not offer.
pub(super) fn newer<'c>(commits: &[&'c Commit], unreleased: &Unreleased) -> Vec<&'c Commit> {
    let Some(marker) = &unreleased.marker else { return commits.to_vec() };
    commits.iter().copied().filter(|commit| !marker.covers(&as_draft(commit))).collect()
}

/// A commit as drafts take it.
pub(super) fn as_draft(commit: &Commit) -> DraftCommit {
    DraftCommit {
        id: commit.id.clone(),
        message: commit.message.clone(),
        author: commit.author.clone(),
        email: commit.email.clone(),
        timestamp: commit.authored_at,
    }
}

/// The file that the configuration names.
fn named(case: &Case<'_>, package: &Package) -> Result<Option<RepoPath>> {
    let settings = case.settings(&package.name)?;
    Ok(package.dir.resolve(&settings.changelog_path).filter(|_| settings.changelog_enabled))
}

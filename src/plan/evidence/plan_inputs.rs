//! What is decided from: the facts, the configuration, the request; and the questions that every decision asks of them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::iter::IntoParallelRefIterator as _;
use rayon::iter::ParallelIterator as _;
use semver::Version;

use super::api;
use super::changelog_paths::ChangelogPaths;
use super::commit_levels::CommitLevels;
use super::commits::Candidate;
use super::commits::CommitJudge;
use super::commits::CountedCommit;
use super::commits::Ours;
use super::commits::PassedOver;
use super::manifest_changes::Before;
use super::manifest_changes::Compared;
use super::manifest_changes::Now;
use super::manifest_changes::since;
use super::notes;
use super::notes::Noted;
use super::packaged_paths::Shipped;
use crate::commit_message::CommitMessage;
use crate::config::Config;
use crate::config::PackageSettings;
use crate::config::Placeholder;
use crate::config::Values;
use crate::error::Failure;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::manifest::Normal;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::plan::release_plan::Reason;
use crate::plan::request::Request;
use crate::snapshot::Commit;
use crate::snapshot::LastRelease;
use crate::snapshot::Listing;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;
use crate::snapshot::Snapshot;

/// `tag-name` where nobody configures it.
const TAG_NAME: &str = "{{prefix}}v{{version}}";

/// Facts, configuration and request.
pub(crate) struct PlanInputs<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) config: &'a Config,
    pub(crate) request: &'a Request,
    packages: BTreeMap<&'a PackageName, &'a Package>,
    /// The manifest of each, with what it inherits.
    manifests: BTreeMap<&'a PackageName, Arc<Manifest>>,
    notes: Vec<Noted<'a>>,
    changelogs: ChangelogPaths<'a>,
    evidence: BTreeMap<&'a PackageName, PackageEvidence<'a>>,
}

/// What speaks for a release of a package.
#[derive(Debug, Default)]
struct PackageEvidence<'a> {
    /// Commits since the last release.
    changes: Vec<CountedCommit<'a>>,
    /// Commits before it, since the last stable release.
    earlier: Vec<CountedCommit<'a>>,
    passed_over: Vec<PassedOver<'a>>,
    /// What the manifest says since the last release.
    manifest: Vec<Reason>,
    /// What it says since the last stable release.
    manifest_since_stable: Vec<Reason>,
    /// What the API check says since the last release; since the last stable one where there was a pre-release since.
    api: Vec<Reason>,
}

/// Whether a version was released.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ReleasedVersion {
    Yes,
    No,
    /// It could not be found out, and this is why.
    Unknown(String),
}

/// Commits, newest first, with the packages that each changes, and what its message says.
type Understood<'a> = Vec<Known<'a>>;

/// A commit with what its message says.
type Known<'a> = (&'a Commit, Arc<CommitMessage>);

impl<'a> PlanInputs<'a> {
    /// Gathers what speaks for each package.
    ///
    /// # Errors
    /// A manifest does not parse.
    pub(crate) fn new(snapshot: &'a Snapshot, config: &'a Config, request: &'a Request) -> Result<Self> {
        let packages = snapshot.workspace.packages.iter().map(|package| (&package.name, package)).collect();
        let manifests = manifests(snapshot)?;
        let notes = notes::read(snapshot);
        let changelogs = ChangelogPaths::find(snapshot, config);
        let mut inputs =
            Self { snapshot, config, request, packages, manifests, notes, changelogs, evidence: BTreeMap::new() };
        let commits = &snapshot.repository.history.commits;
        let understood = |commit: &'a Commit| (commit, Arc::new(CommitMessage::of(&commit.message)));
        let understood: Understood<'a> = commits.par_iter().map(understood).collect();
        let mut touching: BTreeMap<&PackageName, Vec<&Known<'a>>> = BTreeMap::new();
        for known in &understood {
            let names: BTreeSet<&PackageName> = known.0.packages.keys().chain(known.0.in_pre_release.keys()).collect();
            names.into_iter().for_each(|name| touching.entry(name).or_default().push(known));
        }
        let before = Before::of(snapshot)?;
        let gathered = |package: &'a Package| {
            let commits = touching.get(&package.name).map_or(&[][..], Vec::as_slice);
            Ok((&package.name, inputs.gathered(package, commits, &before)?))
        };
        let evidence: Vec<Result<_>> = snapshot.workspace.packages.par_iter().map(gathered).collect();
        // Of several failures the first is told, whichever came first.
        inputs.evidence = evidence.into_iter().collect::<Result<_>>()?;
        Ok(inputs)
    }

    fn gathered(
        &self,
        package: &'a Package,
        understood: &[&Known<'a>],
        before: &Before<'a>,
    ) -> Result<PackageEvidence<'a>> {
        let snapshot = self.snapshot;
        let settings = self.settings(&package.name)?;
        let manifest = self.manifest(package)?;
        let last = self.last_release(&package.name);
        let changelogs = self.changelogs.of(&package.name).into_iter().chain(&self.changelogs.root).cloned();
        let shipped = Shipped::of(package, manifest, &snapshot.workspace, last).with_changelogs(changelogs);
        let shipped = shipped.with_notes(self.notes_dir());
        let candidates: Vec<Candidate<'_, '_>> =
            understood.iter().filter_map(|known| candidate(known.0, &known.1, &package.name)).collect();
        let now = Now { snapshot, package, manifest, before, settings: &settings.bump };
        let since =
            |release: Option<&LastRelease>| release.map_or(Ok(Compared::default()), |release| since(release, &now));
        let (manifest_since, manifest_since_stable) = (since(last)?, since(self.last_stable(&package.name))?);
        let judge = CommitJudge {
            shipped,
            levels: self.levels(&package.name)?,
            ours: Ours { snapshot, notes: self.notes_dir() },
            same_manifest: manifest_since.is_same,
        };
        let judged = judge.judge(&candidates);
        let (earlier, changes) = judged.counted.into_iter().partition(|change| change.in_pre_release);
        Ok(PackageEvidence {
            changes,
            earlier,
            passed_over: judged.passed_over,
            manifest: manifest_since.reasons,
            manifest_since_stable: manifest_since_stable.reasons,
            api: api::reasons(snapshot.api.get(&package.name), snapshot.signatures.get(&package.name)),
        })
    }

    /// How the commits of a package get their levels.
    pub(crate) fn levels(&self, name: &'a PackageName) -> Result<CommitLevels<'a>> {
        let bump = &self.settings(name)?.bump;
        Ok(CommitLevels::new(name, &self.snapshot.workspace, &bump.scopes, &bump.rules))
    }

    /// Which file is the changelog of each member.
    pub(crate) fn changelogs(&self) -> &ChangelogPaths<'a> {
        &self.changelogs
    }

    /// All members, by name.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &'a Package> {
        self.snapshot.workspace.packages.iter()
    }

    /// The manifest of a member, with what it inherits.
    pub(crate) fn manifest(&self, package: &Package) -> Result<&Normal> {
        let found = self.manifests.get(&package.name).map(|manifest| manifest.normal());
        found.ok_or_else(|| Failure::bug(format!("`{}` has no manifest", package.name)))
    }

    /// A member.
    pub(crate) fn package(&self, name: &PackageName) -> Result<&'a Package> {
        let found = self.packages.get(name).copied();
        found.ok_or_else(|| Failure::bug(format!("`{name}` is not a member of the workspace")))
    }

    /// Its settings.
    pub(crate) fn settings(&self, name: &PackageName) -> Result<&'a PackageSettings> {
        let found = self.config.packages.get(name);
        found.ok_or_else(|| Failure::bug(format!("`{name}` has no settings")))
    }

    /// The commits that count for a package since its last release, newest first.
    pub(crate) fn changes(&self, name: &PackageName) -> &[CountedCommit<'a>] {
        self.evidence.get(name).map_or(&[], |evidence| evidence.changes.as_slice())
    }

    /// The commits that count for it since its last stable release and were in a pre-release already, newest first.
    pub(crate) fn earlier(&self, name: &PackageName) -> &[CountedCommit<'a>] {
        self.evidence.get(name).map_or(&[], |evidence| evidence.earlier.as_slice())
    }

    /// The commits that were looked at and do not count.
    pub(crate) fn passed_over(&self, name: &PackageName) -> &[PassedOver<'a>] {
        self.evidence.get(name).map_or(&[], |evidence| evidence.passed_over.as_slice())
    }

    /// All change notes.
    pub(crate) fn notes(&self) -> &[Noted<'a>] {
        &self.notes
    }

    /// Where change notes lie; none where there are none.
    pub(crate) fn notes_dir(&self) -> Option<RepoPath> {
        self.config.workspace.bump.notes.as_ref().map(|dir| self.snapshot.workspace.dir.join(dir))
    }

    /// All reasons for a release since the last one, the highest level first; notes before commits, newest first, before
    /// what the manifest says, and that before what the API check says.
    pub(crate) fn reasons(&self, name: &PackageName) -> Vec<Reason> {
        let Some(evidence) = self.evidence.get(name) else { return Vec::new() };
        let fresh = self.notes.iter().filter(|noted| !noted.is_told(name));
        let mut reasons: Vec<Reason> = fresh.filter_map(|noted| noted.reason(name)).collect();
        reasons.extend(evidence.changes.iter().flat_map(CountedCommit::reasons));
        reasons.extend(evidence.manifest.iter().cloned());
        if self.last_stable(name).is_none() {
            reasons.extend(evidence.api.iter().cloned());
        }
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level));
        reasons
    }

    /// As [`PlanInputs::reasons`], since the last stable release.
    pub(crate) fn reasons_since_stable(&self, name: &PackageName) -> Vec<Reason> {
        let Some(evidence) = self.evidence.get(name) else { return Vec::new() };
        let mut reasons: Vec<Reason> = self.notes.iter().filter_map(|noted| noted.reason(name)).collect();
        reasons.extend(evidence.changes.iter().chain(&evidence.earlier).flat_map(CountedCommit::reasons));
        reasons.extend(evidence.manifest_since_stable.iter().cloned());
        reasons.extend(evidence.api.iter().cloned());
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level));
        reasons
    }

    /// Its last release.
    pub(crate) fn last_release(&self, name: &PackageName) -> Option<&'a LastRelease> {
        self.snapshot.repository.history.last_releases.get(name)
    }

    /// Its last stable release, where the last one was a pre-release.
    pub(crate) fn last_stable(&self, name: &PackageName) -> Option<&'a LastRelease> {
        self.snapshot.repository.history.last_stable.get(name)
    }

    /// Where it goes.
    pub(crate) fn destinations(&self, package: &Package) -> Result<Vec<RegistryName>> {
        let settings = self.settings(&package.name)?;
        let default = self.snapshot.workspace.default_registry.as_ref();
        Ok(package.publish.destinations(settings.publish, settings.registry.as_ref(), default))
    }

    /// What a registry lists under the name of a package.
    pub(crate) fn listing(&self, package: &PackageName, registry: &RegistryName) -> Option<&'a Listing> {
        self.snapshot.registries.get(registry)?.listings.get(package)
    }

    /// Whether that version was released: by the indexes of the registries that it goes to; by the tag for a package
    /// that goes nowhere, and where no index was asked.
    pub(crate) fn released(&self, package: &Package, version: &Version) -> Result<ReleasedVersion> {
        let tagged = self.last_release(&package.name).is_some_and(|last| last.version.cmp_precedence(version).is_eq());
        let mut all = if tagged { ReleasedVersion::Yes } else { ReleasedVersion::No };
        let destinations = self.destinations(package)?;
        let mut answers = destinations.iter().map(|registry| self.listing(&package.name, registry));
        if destinations.is_empty() || self.request.offline {
            return Ok(all);
        }
        let silent = answers.find_map(|listing| match listing {
            None => Some("it was not queried"),
            Some(Listing::Unknown(why)) => Some(why.as_str()),
            Some(Listing::Absent | Listing::Versions(_)) => None,
        });
        if let Some(why) = silent.filter(|_| !tagged) {
            let name = &package.name;
            return Ok(ReleasedVersion::Unknown(format!("cannot tell whether `{name} {version}` is published: {why}")));
        }
        let listed = destinations.iter().filter_map(|registry| self.listing(&package.name, registry));
        for listing in listed {
            match listing {
                Listing::Unknown(_) => {}
                Listing::Absent | Listing::Versions(_) if listing.find(version).is_some() => all = ReleasedVersion::Yes,
                Listing::Absent | Listing::Versions(_) => return Ok(ReleasedVersion::No),
            }
        }
        Ok(all)
    }

    /// What placeholders stand for, for a package that goes from one version to another.
    pub(crate) fn values(&self, package: &Package, to: &Version) -> Values {
        self.undated(package, to).set(Placeholder::Date, self.request.today.as_str())
    }

    /// As [`PlanInputs::values`], without the date, which names of tags do not have.
    fn undated(&self, package: &Package, to: &Version) -> Values {
        let from = self.last_release(&package.name).map_or(&package.version, |last| &last.version);
        Values::new()
            .set(Placeholder::CrateName, package.name.as_str())
            .set(Placeholder::PrevVersion, bare(from))
            .set(Placeholder::PrevMetadata, from.build.as_str())
            .set(Placeholder::Version, bare(to))
            .set(Placeholder::Metadata, to.build.as_str())
    }

    /// The tag of a package at a version; none where tags are off.
    pub(crate) fn tag(&self, package: &Package, to: &Version) -> Result<Option<TagName>> {
        let settings = self.settings(&package.name)?;
        if !settings.tag {
            return Ok(None);
        }
        Ok(Some(self.tag_as_before(package, to)?.unwrap_or_else(|| self.tag_as_configured(package, to, settings))))
    }

    /// The name of the tag in the spelling of the last one; none where one is configured, or where it is the same.
    fn tag_as_before(&self, package: &Package, to: &Version) -> Result<Option<TagName>> {
        let settings = self.settings(&package.name)?;
        let is_default = settings.tag_prefix.is_none() && settings.tag_name == TAG_NAME;
        let last = self.last_release(&package.name).filter(|_| is_default && self.request.previous_tag.is_none());
        let Some((ReleaseEvidence::Tag(tag), version)) = last.map(|last| (&last.witness, &last.version)) else {
            return Ok(None);
        };
        let before = tag.as_str().strip_suffix(version.to_string().as_str());
        Ok(before.map(|before| TagName::from(format!("{before}{}", bare(to)))))
    }

    /// The name of the tag as it is configured.
    pub(crate) fn tag_as_configured(&self, package: &Package, to: &Version, settings: &PackageSettings) -> TagName {
        let values = self.undated(package, to);
        let default = if package.dir.as_str().is_empty() { "" } else { "{{crate_name}}-" };
        let prefix = values.render(settings.tag_prefix.as_deref().unwrap_or(default));
        TagName::from(values.set(Placeholder::Prefix, prefix).render(&settings.tag_name))
    }
}

/// A commit as one that may count for a package, where it changes it.
fn candidate<'a, 'm>(
    commit: &'a Commit,
    message: &'m Arc<CommitMessage>,
    name: &PackageName,
) -> Option<Candidate<'a, 'm>> {
    let (fresh, earlier) = (commit.packages.get(name), commit.in_pre_release.get(name));
    let paths = fresh.or(earlier)?;
    Some(Candidate { commit, message, paths, in_pre_release: fresh.is_none() })
}

/// The manifests of all members.
fn manifests(snapshot: &Snapshot) -> Result<BTreeMap<&PackageName, Arc<Manifest>>> {
    let read = |package: &'_ Package| snapshot.workspace.manifest(&package.manifest);
    snapshot.workspace.packages.iter().map(|package| Ok((&package.name, read(package)?))).collect()
}

/// A version without its build metadata.
pub(crate) fn bare(version: &Version) -> String {
    Version { build: semver::BuildMetadata::EMPTY, ..version.clone() }.to_string()
}

//! The plan as a value: what is printed, what is saved, and what is executed. Nothing is decided here.

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use super::step::Action;
use super::step::Step;
use super::step_kind::StepKind;
use super::versions::level_sources::LevelSources;
use crate::check::Finding;
use crate::level::Level;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::names::TagName;

/// The version of the plan's JSON form.
pub(crate) const FORMAT: u32 = 1;

/// A whole release, decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReleasePlan {
    /// The version of this form.
    pub format: u32,
    /// The SHA-256 of everything else in it.
    pub id: PlanId,
    /// Where it starts.
    pub base: Base,
    /// The packages that are released, by name.
    pub packages: Vec<PlannedPackage>,
    /// The members that are not, each with the reason.
    pub left_out: Vec<LeftOut>,
    /// What the levels were decided from.
    #[serde(default)]
    pub levels: LevelSources,
    /// The packages that go to a registry, dependencies first.
    pub publish_order: Vec<PackageName>,
    /// What stands in the way, and what should be known.
    pub findings: Vec<Finding>,
    /// What is done, in an order that can be run; the edits are among it.
    pub steps: Vec<Step>,
}

/// Where a plan starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Base {
    /// The branch that takes the release commit; null on a detached head.
    pub branch: Option<BranchName>,
    /// The commit that everything was read from.
    pub commit: CommitId,
    /// Where the workspace root lies in the repository; empty for the repository root.
    pub workspace: RepoPath,
    /// Globs of files that the stage gets from the checkout, though no commit has them: paths in the repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copied: Vec<String>,
}

/// A package that is released.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedPackage {
    /// Its name.
    pub name: PackageName,
    /// The last released version; null on a first release.
    pub from: Option<Version>,
    /// The version that is released.
    pub to: Version,
    /// How compatible `to` is with `from`, by cargo's convention.
    pub level: Level,
    /// Why, the deciding reason first.
    pub reasons: Vec<Reason>,
    /// Where it goes; empty where `publish` is false.
    pub registries: Vec<RegistryName>,
    /// Whether it goes to a registry.
    pub publish: bool,
    /// The tag that it gets; null where tags are off.
    pub tag: Option<TagName>,
    /// Its changelog entry; null where the changelog is off.
    pub changelog: Option<PlannedChangelog>,
}

/// The changelog entry of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedChangelog {
    /// The file.
    pub path: RepoPath,
    /// The body of the entry, without its heading.
    pub entry: String,
    /// Whether a person wrote it (it stood under Unreleased) or it was drafted from commits.
    pub drafted: bool,
}

/// One piece of evidence for a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// What kind of evidence, and where it is.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// The level that it asks for.
    pub level: Level,
    /// In one line.
    pub summary: String,
}

/// The kind of a reason, and its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Evidence {
    /// A commit since the last release.
    Commit {
        /// Which.
        commit: CommitId,
    },
    /// A lint of the API check.
    Api {
        /// Which lint.
        lint: String,
        /// Where.
        path: Option<RepoPath>,
    },
    /// A key of the manifest.
    Manifest {
        /// Which key.
        key: String,
    },
    /// A change note.
    Note {
        /// Which file.
        path: RepoPath,
    },
    /// A dependency whose new version the old requirement does not admit.
    Dependency {
        /// Which package.
        package: PackageName,
    },
    /// Packages that share a version.
    Group {
        /// Which group.
        group: String,
    },
    /// It was asked for.
    Request,
}

/// A member that is not released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Its name.
    pub name: PackageName,
    /// Why not.
    pub reason: WhyNot,
    /// The tag (or commit) since which nothing changed.
    pub since: Option<TagName>,
}

/// Why a member is not released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNot {
    /// No commit since its last release asks for one.
    Unchanged,
    /// It was not asked for.
    NotSelected,
    /// `release = false`.
    ReleaseFalse,
    /// It is published nowhere and was never released: nobody waits for it, unless it is named.
    NeverReleased,
    /// Its version is a pre-release that was not released, and no level says what it becomes.
    PreRelease,
    /// A single step has nothing to do for it: it is published, or tagged.
    Done,
    /// A single step publishes, and it goes to no registry.
    NotPublished,
}

impl ReleasePlan {
    /// The package of that name among those released.
    pub fn package(&self, name: &PackageName) -> Option<&PlannedPackage> {
        self.packages.iter().find(|package| package.name == *name)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.steps.is_empty()
    }

    /// Whether a finding stands in the way.
    pub fn is_blocked(&self) -> bool {
        self.findings.iter().any(Finding::is_error)
    }

    /// The step that makes the release commit, the last where there is one a package; `None` where nothing is edited.
    pub fn last_commit(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|step| matches!(step.action.kind(), StepKind::Commit | StepKind::Carry))
    }

    /// The paths that the plan itself edits.
    pub fn edited_paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.steps.iter().filter_map(|step| match &step.action {
            Action::Edit(edit) | Action::Replace(edit) => Some(&edit.path),
            Action::Hook(_) | Action::Commit(_) | Action::Verify(_) | Action::Land { .. } | Action::Tag(_) => None,
            Action::Reserve { .. } | Action::Publish(_) | Action::Confirm { .. } => None,
            Action::Owners { .. } | Action::Push { .. } => None,
            Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => None,
        })
    }
}

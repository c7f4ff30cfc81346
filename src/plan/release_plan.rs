//! The plan as a value: what is printed, what is saved, and what is executed. Nothing is decided here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use super::action::UploadLimits;
use super::archive_policy::ArchivePolicy;
use super::forge_steps::Announcement;
use super::forge_steps::Carry;
use super::forge_steps::Propose;
use super::forge_steps::ProposedPull;
use super::step_kind::StepKind;
use super::versions::level_sources::LevelSources;
use crate::check::Finding;
use crate::level::Level;
use crate::manifest::Splice;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::names::StepId;
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
    pub branch: Option<String>,
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
    /// A single step has nothing to do for it: it is published, or tagged.
    Done,
    /// A single step publishes, and it goes to no registry.
    NotPublished,
}

/// One thing that is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Unique in the plan, and readable.
    pub id: StepId,
    /// What it does.
    #[serde(flatten)]
    pub action: Action,
    /// The package that it is for; null where it is for all.
    pub package: Option<PackageName>,
    /// The steps that have to be done before.
    pub needs: Vec<StepId>,
}

/// What a step does. Everything that it needs to know is in it; the tree it works in is given when it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Action {
    /// Changes one file.
    Edit(Edit),
    /// Changes one file, as `pre-release-replacements` ask.
    Replace(Edit),
    /// Runs `pre-release-hook`.
    Hook(Hook),
    /// Makes the release commit.
    Commit(Commit),
    /// Packs and builds packages from the release commit, and remembers their checksums.
    Verify(Verify),
    /// Fast-forwards the branch of the checkout to the release commit.
    Land {
        /// The branch.
        branch: String,
    },
    /// Makes a tag on the release commit.
    Tag(Tag),
    /// Pushes the branch before anything is published.
    Reserve {
        /// The remote.
        remote: String,
        /// The branch.
        branch: String,
        /// `--push-option`s.
        options: Vec<String>,
    },
    /// Uploads one package.
    Publish(Upload),
    /// Waits until the index shows it.
    Confirm {
        /// The registry.
        registry: RegistryName,
        /// The version.
        version: Version,
        /// How long to wait at the most, in seconds.
        timeout: u64,
    },
    /// Adds owners of a new crate.
    Owners {
        /// The registry.
        registry: RegistryName,
        /// Logins and teams.
        owners: Vec<String>,
    },
    /// Takes in what people changed on the branch that the release is proposed on.
    Carry(Carry),
    /// Pushes the release commit to the branch that it is proposed on.
    Propose(Propose),
    /// Opens or updates the pull request.
    Request(Box<ProposedPull>),
    /// Makes the release of a tag on the forge.
    Announce(Box<Announcement>),
    /// Pushes the tags, and the branch where it was not reserved.
    Push {
        /// The remote.
        remote: String,
        /// The branch, where it was not pushed before.
        branch: Option<String>,
        /// The tags.
        tags: Vec<TagName>,
        /// `--push-option`s.
        options: Vec<String>,
    },
}

/// A change of one file that knows what it expects to find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Edit {
    /// The file.
    pub path: RepoPath,
    /// The digest that the file has before; null where there is no file.
    pub before: Option<Digest>,
    /// The digest that it has afterwards; null where the file goes.
    pub after: Option<Digest>,
    /// The changes, in order, at byte offsets of the text before.
    pub splices: Vec<Splice>,
}

/// A hook of the user's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Hook {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The directory that it runs in: the package's.
    pub dir: RepoPath,
    /// The documented variables, apart from the paths of the tree, which are known when it runs.
    pub variables: BTreeMap<String, String>,
}

/// A commit of everything that the steps before changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Commit {
    /// The message, without the trailer that names the plan.
    pub message: String,
    /// Whether it is signed whatever git's configuration says.
    pub sign: bool,
    /// The paths that the plan changes; hooks may add to them.
    pub paths: Vec<RepoPath>,
    /// Whether the planned `Cargo.lock` may not hold: where cargo says so, it resolves it anew before the commit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resolves_lock: bool,
}

/// A verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verify {
    /// The registry that the packages are packed for; null for packages that are published nowhere.
    pub registry: RegistryName,
    /// The packages, with their versions.
    pub packages: Vec<Packed>,
    /// How they are built.
    #[serde(flatten)]
    pub build: Build,
    /// Whether each is packed by a call of its own, on top of those before it: cargo would pack them in another order
    /// than they are published in, or cannot be given all at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_by_one: bool,
    /// What the archives are held to beside the rules of their registry.
    #[serde(default, skip_serializing_if = "ArchivePolicy::is_usual")]
    pub held_to: ArchivePolicy,
}

/// A package that is packed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Packed {
    /// Its name.
    pub name: PackageName,
    /// The version that is released.
    pub version: Version,
}

/// How a verification builds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Build {
    /// `false` packs without building (`verify = false`).
    pub compile: bool,
    /// Features.
    pub features: Vec<String>,
    /// All features.
    pub all_features: bool,
    /// The target triple; null for the host.
    pub target: Option<String>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tag {
    /// Its name.
    pub name: TagName,
    /// Its message; empty for a lightweight tag.
    pub message: String,
    /// Whether it is signed.
    pub sign: bool,
}

/// An upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Upload {
    /// The registry.
    pub registry: RegistryName,
    /// The version.
    pub version: Version,
    /// How it was verified; the upload names the same features and target.
    #[serde(flatten)]
    pub build: Build,
    /// How long it is tried.
    #[serde(default, skip_serializing_if = "UploadLimits::is_default")]
    pub limits: UploadLimits,
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

impl Action {
    /// The kind, as in the JSON form.
    pub fn kind(&self) -> StepKind {
        match self {
            Self::Edit(_) => StepKind::Edit,
            Self::Replace(_) => StepKind::Replace,
            Self::Hook(_) => StepKind::Hook,
            Self::Commit(_) => StepKind::Commit,
            Self::Verify(_) => StepKind::Verify,
            Self::Land { .. } => StepKind::Land,
            Self::Tag(_) => StepKind::Tag,
            Self::Reserve { .. } => StepKind::Reserve,
            Self::Publish(_) => StepKind::Publish,
            Self::Confirm { .. } => StepKind::Confirm,
            Self::Owners { .. } => StepKind::Owners,
            Self::Push { .. } => StepKind::Push,
            Self::Carry(_) => StepKind::Carry,
            Self::Propose(_) => StepKind::Propose,
            Self::Request(_) => StepKind::Request,
            Self::Announce(_) => StepKind::Announce,
        }
    }
}

//! The steps of a plan as values: what each one does, as it is printed, saved and executed.

use std::collections::BTreeMap;
use std::time::Duration;

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
use crate::duration_as;
use crate::manifest::Splice;
use crate::names::BranchName;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::StepId;
use crate::names::TagName;

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
        branch: BranchName,
    },
    /// Makes a tag on the release commit.
    Tag(Tag),
    /// Pushes the branch before anything is published.
    Reserve {
        /// The remote.
        remote: RemoteName,
        /// The branch.
        branch: BranchName,
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
        #[serde(with = "duration_as::seconds")]
        #[schemars(with = "u64")]
        timeout: Duration,
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
        remote: RemoteName,
        /// The branch, where it was not pushed before.
        branch: Option<BranchName>,
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
    /// Whether they are packed on top of what the verifications before packed for this registry. What was packed there is
    /// only built.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overlaid: bool,
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

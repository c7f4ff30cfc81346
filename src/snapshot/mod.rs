//! Facts about the workspace, its repository and its registries at one moment.
//!
//! Nothing here was decided: no next versions, no selection, no policy. A [`Snapshot`] that was read back from JSON
//! plans to the same release as the live one. This room may use `names` and `error`; it does no IO.

mod api;
mod diagnosis;
mod forge;
mod registry;
mod repository;
mod workspace;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

pub use self::api::ApiAnswer;
pub use self::api::ApiLint;
pub use self::api::ApiPlace;
pub use self::api::ApiQuestion;
pub use self::api::ApiSignatures;
pub use self::api::Baseline;

pub use self::api::SignatureChange;
pub use self::diagnosis::Diagnosis;
pub use self::diagnosis::Section;
pub use self::forge::ForgeKind;
pub use self::forge::ForgeSite;
pub use self::forge::PullRequest;
pub use self::forge::PullState;
pub use self::registry::CrateRecord;
pub use self::registry::ListedVersion;
pub use self::registry::Listing;
pub use self::registry::Offer;
pub use self::registry::Registry;
pub use self::registry::Site;
pub use self::registry::Token;
pub use self::repository::Commit;
pub use self::repository::CommitCredit;
pub use self::repository::DirtyFile;
pub use self::repository::History;
pub use self::repository::Identity;
pub use self::repository::LastRelease;
pub use self::repository::Means;
pub use self::repository::Proposal;
pub use self::repository::Push;
pub use self::repository::Relation;
pub use self::repository::ReleaseEvidence;
pub use self::repository::Remote;
pub use self::repository::Repository;
pub use self::repository::Submodule;
pub use self::workspace::Beside;
pub use self::workspace::DependencyKind;
pub use self::workspace::Lockfile;
pub use self::workspace::MemberDependency;
pub use self::workspace::Metadata;
pub use self::workspace::Need;
pub use self::workspace::NeededBy;
pub use self::workspace::Package;
pub use self::workspace::PublishTo;
pub use self::workspace::Workspace;
use crate::names::PackageName;
use crate::names::RegistryName;

/// The version of the snapshot's JSON form.
pub const FORMAT: u32 = 1;

/// All facts that a plan is decided from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Snapshot {
    /// The version of this form, [`FORMAT`].
    pub format: u32,
    /// What cargo knows, and the texts that may be edited.
    pub workspace: Workspace,
    /// What git knows.
    pub repository: Repository,
    /// What the registries know, for every registry that a member may go to.
    pub registries: BTreeMap<RegistryName, Registry>,
    /// What the API check says of the libraries that it was asked about.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub api: BTreeMap<PackageName, ApiAnswer>,
    /// What the documentation of these libraries says of their signatures, where it could be built.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signatures: BTreeMap<PackageName, ApiSignatures>,
}

//! What an action of a plan is about, for those that ask for one kind, and how long an upload is tried.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::duration_as;
use crate::names::BranchName;
use crate::plan::step::Action;
use crate::plan::step::Upload;

/// How long an upload is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UploadLimits {
    /// How long an upload without a clear answer is looked for and sent again, in seconds.
    #[serde(with = "duration_as::seconds")]
    #[schemars(with = "u64")]
    pub retry: Duration,
    /// The time after the start of the program from which nothing more is uploaded, in seconds; null for none.
    #[serde(with = "duration_as::maybe_seconds")]
    #[schemars(with = "Option<u64>")]
    pub deadline: Option<Duration>,
    /// How many new crates crates.io takes at once (`[rate-limit] new-packages`).
    pub new_packages: usize,
    /// How many new versions crates.io takes at once (`[rate-limit] existing-packages`).
    pub existing_packages: usize,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self { retry: Duration::from_secs(900), deadline: None, new_packages: 5, existing_packages: 30 }
    }
}

impl UploadLimits {
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Action {
    /// The upload, where it is one.
    pub fn upload(&self) -> Option<&Upload> {
        match self {
            Self::Publish(upload) => Some(upload),
            Self::Edit(_) | Self::Replace(_) | Self::Hook(_) | Self::Commit(_) | Self::Verify(_) => None,
            Self::Land { .. } | Self::Tag(_) | Self::Reserve { .. } | Self::Confirm { .. } => None,
            Self::Owners { .. } | Self::Push { .. } => None,
            Self::Carry(_) | Self::Propose(_) | Self::Request(_) | Self::Announce(_) => None,
        }
    }

    /// The branch that takes the release commit, where it lands one.
    pub fn lands_on(&self) -> Option<&BranchName> {
        match self {
            Self::Land { branch } => Some(branch),
            Self::Edit(_) | Self::Replace(_) | Self::Hook(_) | Self::Commit(_) | Self::Verify(_) => None,
            Self::Publish(_) | Self::Tag(_) | Self::Reserve { .. } | Self::Confirm { .. } => None,
            Self::Owners { .. } | Self::Push { .. } => None,
            Self::Carry(_) | Self::Propose(_) | Self::Request(_) | Self::Announce(_) => None,
        }
    }
}

//! What the steps that speak with a forge need to know: all of it is in the plan.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::ForgeSite;
use crate::snapshot::PullRequest;

/// What people changed on the branch of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Carry {
    /// The head of the branch.
    pub head: CommitId,
    /// The last commit there that this program made.
    pub made: CommitId,
    /// Files of the head as they would be had nobody edited entries: those are in the plan.
    pub files: Vec<CarriedFile>,
    /// The message of the merge, without trailers.
    pub message: String,
    /// Whether it is signed whatever git's configuration says.
    pub sign: bool,
}

/// A file with a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CarriedFile {
    /// The file.
    pub path: RepoPath,
    /// The text.
    pub text: String,
}

/// A push to the branch of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Propose {
    /// The remote.
    pub remote: RemoteName,
    /// The branch.
    pub branch: BranchName,
    /// Its head as it was seen; null where it was not there.
    pub seen: Option<CommitId>,
    /// The project whose API makes the commits, and so signs them; null where git made them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_api: Option<ForgeSite>,
}

/// A pull request as it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProposedPull {
    /// The project on its forge; null where only the branch is pushed.
    pub site: Option<ForgeSite>,
    /// The branch with the changes.
    pub branch: BranchName,
    /// The branch that takes them.
    pub base: BranchName,
    /// The pull request that was open when it was planned.
    pub pull: Option<PullRequest>,
    /// The title.
    pub title: String,
    /// The text, without the trailers that name the plan.
    pub body: String,
    /// Labels that are added.
    pub labels: Vec<String>,
    /// People and teams that are asked for a review.
    pub reviewers: Vec<String>,
    /// Whether it is opened as a draft.
    pub draft: bool,
}

/// The release of a tag on a forge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
pub struct Announcement {
    /// The project.
    pub site: ForgeSite,
    /// The tag.
    pub tag: TagName,
    /// The title.
    pub name: String,
    /// The text: the changelog entry.
    pub body: String,
    /// Whether it stays a draft.
    pub draft: bool,
    /// Whether it is marked as a pre-release.
    pub prerelease: bool,
    /// Whether it is shown as the newest one.
    pub latest: bool,
    /// Globs of the files that it gets, from the root of the workspace.
    pub assets: Vec<String>,
    /// Pull requests and issues that are told in which release they are: `#12`, on GitLab also `!12`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<String>,
}

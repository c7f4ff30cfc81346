//! What a forge knows of a repository: where it is, and the pull request of a release.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The dialect that a forge speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ForgeKind {
    /// GitHub, and GitHub Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Forgejo, and Gitea.
    Forgejo,
}

/// A project on a forge. It holds no credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ForgeSite {
    /// The dialect.
    pub kind: ForgeKind,
    /// The address of the API, without a slash at the end.
    pub api: String,
    /// The project: `owner/name`.
    pub project: String,
    /// The project's page.
    pub url: String,
    /// The variable that the token is in; none where no known one is set.
    pub token_variable: Option<String>,
}

/// A pull request; GitLab calls it a merge request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Whether it is open, closed or merged.
    pub state: PullState,
}

/// What became of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PullState {
    /// It waits.
    Open,
    /// It was merged.
    Merged,
    /// It was closed without.
    Closed,
}

//! The settings of what happens on a forge: pull requests, announcements, and uploads without a stored token.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// Whether tokens for uploads are minted with what CI says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrustedPublishing {
    /// Where CI offers it, and cargo is given no token by the environment.
    #[default]
    Auto,
    /// Always.
    Require,
    /// Never.
    Off,
}

/// `[forge]`: where the repository is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeSettings {
    /// The dialect; none: by the host.
    pub kind: Option<ForgeDialect>,
    /// The page of the project; none: where the remote is.
    pub url: Option<String>,
    /// The address of the API; none: at its usual place.
    pub api: Option<String>,
    /// The name of the variable that the token is in; none: the usual ones.
    pub token_env: Option<String>,
}

/// The dialect of a forge, as configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ForgeDialect {
    /// GitHub, and GitHub Enterprise Server.
    Github,
    /// GitLab.
    Gitlab,
    /// Forgejo.
    Forgejo,
    /// Gitea, which speaks as Forgejo does.
    Gitea,
    /// No forge: nothing is asked and nothing is made.
    None,
}

/// `[announce]`: releases on the forge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnounceSettings {
    /// Whether tags get one.
    pub enabled: Announce,
    /// The template of the title.
    pub name: String,
    /// Whether it stays a draft.
    pub draft: bool,
    /// Files that it gets, as globs from the root of the workspace.
    pub assets: Vec<String>,
    /// Whether the pull requests and issues that commits name are told in which release they are.
    pub comment: bool,
}

/// Whether tags get a release on the forge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Announce {
    /// Where the forge is known and there is a token for it.
    #[default]
    Auto,
    /// Always: it is an error where that cannot be.
    Always,
    /// Only by `cargo release announce`.
    Never,
}

/// What gets a separate pull request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProposedPer {
    /// The whole release.
    #[default]
    Workspace,
    /// Each package, with those that it draws in.
    Package,
    /// Each group of packages that share a version; others by themselves.
    Group,
}

/// `[pr]`: releases that are proposed as pull requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrSettings {
    /// The template of the branch that a release is proposed on.
    pub branch: String,
    /// The template of the title; none: by what is released.
    pub title: Option<String>,
    /// Labels that the pull request gets.
    pub labels: Vec<String>,
    /// People (`login`) and teams (`org/team`) that are asked for a review.
    pub reviewers: Vec<String>,
    /// Whether it is opened as a draft.
    pub draft: bool,
    /// What gets a separate pull request.
    pub per: ProposedPer,
    /// What happens to commits that came to the branch while the release was proposed.
    pub late: LateCommits,
    /// Who makes the commits of proposals.
    pub sign: ProposalSigning,
    /// Whether only what was proposed is released.
    pub required: bool,
}

/// Who makes, and so who signs, the commits of proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProposalSigning {
    /// git, as it is configured.
    #[default]
    Git,
    /// The API of the forge, which signs them.
    Api,
}

/// What happens to commits that came to the branch while the release was proposed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LateCommits {
    /// The release is refused until they are proposed, too.
    #[default]
    Refuse,
    /// They are released, with a warning.
    Include,
    /// They are left out: the head of the branch that was merged is released.
    Head,
}

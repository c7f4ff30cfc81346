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

//! One layer of configuration: every key, all of them optional. The keys are declared here and nowhere else; their
//! defaults are `release.toml.example`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::forge_settings::Announce;
use super::forge_settings::ForgeDialect;
use super::forge_settings::LateCommits;
use super::forge_settings::ProposalSigning;
use super::forge_settings::ProposedPer;
use super::forge_settings::TrustedPublishing;
use super::settings::BumpRule;
use super::settings::ChangelogLinks;
use super::settings::DependentVersion;
use super::settings::FeaturesInZero;
use super::settings::MetadataPolicy;
use super::settings::PushBranch;
use super::settings::Replacement;
use super::values::CertsSource;
use super::values::HookCommand;
use super::values::Notes;
use super::values::RuleSet;
use super::values::SemverCheck;
use super::values::SharedVersion;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;

/// Laying one layer over another: what the upper one says holds.
pub(super) trait Over {
    /// This layer, completed by a lower one.
    fn over(self, lower: Self) -> Self;
}

impl<T> Over for Option<T> {
    fn over(self, lower: Self) -> Self {
        self.or(lower)
    }
}

/// Declares tables of keys, and how one is laid over another.
macro_rules! tables {
    ($($(#[$doc:meta])* pub struct $table:ident { $($(#[$key_doc:meta])* pub $key:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct $table { $($(#[$key_doc])* pub $key: $kind,)* }

        impl Over for $table {
            fn over(self, lower: Self) -> Self {
                Self { $($key: self.$key.over(lower.$key),)* }
            }
        }
    )*};
}

tables! {
    /// The configuration of `cargo release`: `release.toml`, `[workspace.metadata.release]` or
    /// `[package.metadata.release]`.
    pub struct Layer {
        /// Branches that may be released from, as globs; `!` excludes.
        pub allow_branch: Option<Vec<String>>,
        /// Whether the release commit is signed whatever git's configuration says.
        pub sign_commit: Option<bool>,
        /// Whether tags are signed whatever git's configuration says.
        pub sign_tag: Option<bool>,
        /// Whether the package takes part in releases.
        pub release: Option<bool>,
        /// The group of packages that share a version.
        pub shared_version: Option<SharedVersion>,
        /// When the requirements that others have on this package are rewritten.
        pub dependent_version: Option<DependentVersion>,
        /// What happens to build metadata.
        pub metadata: Option<MetadataPolicy>,
        /// One commit for all packages, or one a package.
        pub consolidate_commits: Option<bool>,
        /// Texts that are replaced before the commit.
        pub pre_release_replacements: Option<Vec<Replacement>>,
        /// The program that runs before the commit, with its arguments.
        pub pre_release_hook: Option<HookCommand>,
        /// The template of the release commit's message.
        pub pre_release_commit_message: Option<String>,
        /// Whether a tag is made.
        pub tag: Option<bool>,
        /// The template of the tag's message; empty for a lightweight tag.
        pub tag_message: Option<String>,
        /// The template of the tag's name.
        pub tag_name: Option<String>,
        /// The template of `{{prefix}}`.
        pub tag_prefix: Option<String>,
        /// Whether anything is pushed.
        pub push: Option<bool>,
        /// The remote that is pushed to.
        pub push_remote: Option<String>,
        /// What is passed on as `--push-option`.
        pub push_options: Option<Vec<String>>,
        /// Whether the package goes to a registry, and how uploads are tried again.
        #[serde(default)]
        pub publish: PublishTable,
        /// The registry that it goes to.
        pub registry: Option<String>,
        /// Users and teams that are made owners of a crate when it is new.
        pub owners: Option<Vec<String>>,
        /// Accepted, without effect: certificates are the platform's.
        pub certs_source: Option<CertsSource>,
        /// Whether the package is built before it is uploaded.
        pub verify: Option<bool>,
        /// The features of that build.
        pub enable_features: Option<Vec<String>>,
        /// Whether that build has all features.
        pub enable_all_features: Option<bool>,
        /// The target triple of that build.
        pub target: Option<String>,
        /// How much may be published at once.
        #[serde(default)]
        pub rate_limit: RateLimitTable,
        /// Accepted, without effect.
        #[serde(default)]
        pub unstable: UnstableTable,
        /// How the next version is decided.
        #[serde(default)]
        pub bump: BumpTable,
        /// The changelog of a package.
        #[serde(default)]
        pub changelog: ChangelogTable,
        /// Where a release is prepared.
        #[serde(default)]
        pub stage: StageTable,
        /// How the remote is pushed to.
        #[serde(default)]
        pub remote: RemoteTable,
        /// Waiting for the index.
        #[serde(default)]
        pub confirm: ConfirmTable,
        /// The rules of publishing.
        #[serde(default)]
        pub check: CheckTable,
        /// Releases that are proposed as pull requests.
        #[serde(default)]
        pub pr: PrTable,
        /// The forge that the repository is on.
        #[serde(default)]
        pub forge: ForgeTable,
        /// Releases on the forge.
        #[serde(default)]
        pub announce: AnnounceTable,
        /// Publishing without a token of one's own.
        #[serde(default)]
        pub trusted_publishing: TrustedPublishingTable,
    }

    /// `[trusted-publishing]`
    pub struct TrustedPublishingTable {
        /// Whether tokens for uploads are minted with what CI says of itself.
        pub mode: Option<TrustedPublishing>,
    }

    /// `[forge]`
    pub struct ForgeTable {
        /// The dialect of the forge: by the host, where it is not set.
        pub kind: Option<ForgeDialect>,
        /// The page of the project, where it is not where the remote is.
        pub url: Option<String>,
        /// The address of the API, where it is not at its usual place.
        pub api: Option<String>,
        /// The name of the variable that the token is in.
        pub token_env: Option<String>,
    }

    /// `[announce]`
    pub struct AnnounceTable {
        /// Whether tags get a release on the forge.
        pub enabled: Option<Announce>,
        /// The template of a release's title.
        pub name: Option<String>,
        /// Whether releases stay drafts.
        pub draft: Option<bool>,
        /// Files that every release gets, as globs from the root of the workspace.
        pub assets: Option<Vec<String>>,
        /// Whether the pull requests and issues that commits name are told in which release they are.
        pub comment: Option<bool>,
    }

    /// `[pr]`
    pub struct PrTable {
        /// The template of the branch that a release is proposed on.
        pub branch: Option<String>,
        /// The template of the title.
        pub title: Option<String>,
        /// Labels that the pull request gets.
        pub labels: Option<Vec<String>>,
        /// People and teams that are asked for a review.
        pub reviewers: Option<Vec<String>>,
        /// Whether it is opened as a draft.
        pub draft: Option<bool>,
        /// What gets a separate pull request.
        pub per: Option<ProposedPer>,
        /// What happens to commits that came to the branch while the release was proposed.
        pub late: Option<LateCommits>,
        /// Who makes the commits of proposals.
        pub sign: Option<ProposalSigning>,
        /// Whether only what was proposed is released.
        pub required: Option<bool>,
    }

    /// `[rate-limit]`
    pub struct RateLimitTable {
        /// How many new crates may be published at once.
        pub new_packages: Option<usize>,
        /// How many new versions may be published at once.
        pub existing_packages: Option<usize>,
    }

    /// `[unstable]`
    pub struct UnstableTable {
        /// Accepted, without effect.
        pub workspace_publish: Option<bool>,
    }

    /// `[bump]`
    pub struct BumpTable {
        /// Whether the API of a library is compared with that of its last release.
        pub semver_check: Option<SemverCheck>,
        /// Dependencies that are part of a package's API.
        pub public_dependencies: Option<Vec<String>>,
        /// What a feature does to a version 0.y.z.
        pub features_in_zero: Option<FeaturesInZero>,
        /// What raising `rust-version` does.
        pub rust_version: Option<Level>,
        /// Levels by the type, scope and first line of a commit.
        pub rules: Option<Vec<BumpRule>>,
        /// Scopes of commits that stand for packages of other names.
        pub scopes: Option<BTreeMap<String, String>>,
        /// The directory of change notes, from the root of the workspace; `false` where there are none.
        pub notes: Option<Notes>,
    }

    /// `[changelog]`
    pub struct ChangelogTable {
        /// Whether the package has a changelog that a release curates.
        pub enabled: Option<bool>,
        /// Where it is, relative to the package.
        pub path: Option<String>,
        /// Whether it is made where it is missing.
        pub create: Option<bool>,
        /// What drafted entries link to.
        pub links: Option<ChangelogLinks>,
    }

    /// `[stage]`
    pub struct StageTable {
        /// Globs of files that git ignores and that packages need.
        pub copy: Option<Vec<String>>,
        /// Globs of manifests that are no members and follow the members they depend on by path.
        pub also: Option<Vec<String>>,
    }

    /// `[remote]`
    pub struct RemoteTable {
        /// When the branch is pushed.
        pub push_branch: Option<PushBranch>,
    }

    /// `[confirm]`
    pub struct ConfirmTable {
        /// How long to wait until the index shows a version, in seconds.
        pub timeout: Option<u64>,
    }

    /// `[check]`
    pub struct CheckTable {
        /// Whose rules packages of other registries are held to as well.
        pub rules: Option<RuleSet>,
        /// Codes of findings that block.
        pub deny: Option<Vec<String>>,
        /// Codes of findings that warn.
        pub warn: Option<Vec<String>>,
        /// Codes of findings that are not told.
        pub allow: Option<Vec<String>>,
        /// The owners that every crate has to have.
        pub owners: Option<Vec<String>>,
        /// Names of environment variables, as globs, that the verification build does not get.
        pub hide_env: Option<Vec<String>>,
    }

    /// `[publish]`
    pub struct PublishKeys {
        /// Whether the package goes to a registry.
        pub enabled: Option<bool>,
        /// How long an upload without a clear answer is tried again, in seconds.
        pub retry: Option<u64>,
        /// How long after its start a release begins no further upload, in seconds.
        pub deadline: Option<u64>,
    }
}

/// `publish`: a flag, or a table that has the flag as `enabled`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a boolean, or a table with `enabled`, `retry` and `deadline`")]
pub enum PublishKey {
    /// Whether the package goes to a registry.
    Flag(bool),
    /// The table.
    Table(PublishKeys),
}

/// `publish`, however it is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "PublishKey", into = "PublishKey")]
pub struct PublishTable(pub PublishKeys);

impl PublishTable {
    /// Only the flag.
    pub fn flag(enabled: Option<bool>) -> Self {
        Self(PublishKeys { enabled, ..PublishKeys::default() })
    }
}

impl Over for PublishTable {
    fn over(self, lower: Self) -> Self {
        Self(self.0.over(lower.0))
    }
}

impl From<PublishKey> for PublishTable {
    fn from(key: PublishKey) -> Self {
        match key {
            PublishKey::Flag(enabled) => Self::flag(Some(enabled)),
            PublishKey::Table(keys) => Self(keys),
        }
    }
}

impl From<PublishTable> for PublishKey {
    fn from(PublishTable(keys): PublishTable) -> Self {
        match keys {
            PublishKeys { enabled: Some(enabled), retry: None, deadline: None } => Self::Flag(enabled),
            keys => Self::Table(keys),
        }
    }
}

impl Layer {
    /// This layer as the text of a `release.toml`.
    ///
    /// # Errors
    ///
    /// `Bug`: every layer can be written.
    pub fn to_toml(&self) -> Result<String> {
        toml_edit::ser::to_string_pretty(self)
            .map_err(|error| Failure::bug("the configuration cannot be written as TOML").caused_by(error))
    }
}

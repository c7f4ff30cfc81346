//! The keys of the configuration. Each is declared here and nowhere else: what it is for, what it holds for, what it is
//! read as, what it comes to, and its default. The layer, the settings, the schema, `release.toml.example` and
//! docs/configuration.md follow.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::conversions::Resolve;
use super::declare::Key;
use super::declare::KeyName;
use super::declare::Over;
use super::declare::Scope;
use super::declare::settings;
use super::declare::tables;
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
use super::values::BumpRules;
use super::values::CertsSource;
use super::values::Globs;
use super::values::HookCommand;
use super::values::Notes;
use super::values::RuleSet;
use super::values::SemverCheck;
use super::values::SharedVersion;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;

tables! {
    /// The configuration of `cargo release`: `release.toml`, `[workspace.metadata.release]` or
    /// `[package.metadata.release]`.
    table Layer "" => [WorkspaceSettings, PackageSettings] {
        /// Globs of branches to release from; `!` excludes.
        Skipped allow_branch: Vec<String> = ["*", "!HEAD"];
        /// Whether to sign the release commit even if git's configuration does not.
        /// (workspace, if commits are consolidated)
        Both sign_commit: bool = false;
        /// Whether to sign tags even if git's configuration does not.
        Package sign_tag: bool = false;
        /// Whether to release the package.
        Package release: bool = true;
        /// The group of packages with the same version: a name, or `true` for the group "default".
        Package shared_version: SharedVersion => Option<String> = false;
        /// When to rewrite the requirements of dependents on this package: "upgrade" (always) or "fix" (only if they
        /// do not match the new version). Default: "upgrade" if a level is given, else "fix".
        Package dependent_version: DependentVersion = unset ("upgrade");
        /// Build metadata: "optional", "required" (`-m` must be given), "ignore" (drop it) or "persistent" (keep it).
        Package metadata: MetadataPolicy = "optional";
        /// One commit for all packages, or one per package; must be the same for all members. Default: true if the
        /// workspace has more than one member.
        Both consolidate_commits: bool => bool = unset (true);
        /// Replacements to make before the commit: tables with `file` (relative to the package, or a glob of committed
        /// files), `search` (a regular expression; `^` and `$` match at line boundaries), `replace` (a template; `$1`
        /// is a capture), and optionally `min` (1), `max` and `exactly` (the number of matches in all matching files
        /// together) and `prerelease` (false: skip pre-releases).
        Package pre_release_replacements: Vec<Replacement> = [];
        /// The program to run in the package's directory before the commit, with its arguments. A single string is the
        /// name of a program; it is not split.
        Package pre_release_hook: HookCommand => Vec<String> = unset (["./prepare", "{{version}}"]);
        /// The message of the release commit. Default: "chore: Release" for one commit, else
        /// "chore: Release {{crate_name}} version {{version}}". (workspace, if commits are consolidated)
        Both pre_release_commit_message: String => String = unset ("chore: Release");
        /// Whether to create a tag.
        Package tag: bool = true;
        /// The message of the tag; "" creates a lightweight tag. Default:
        /// "chore: Release {{crate_name}} version {{version}}", a blank line, and the changelog entry.
        Package tag_message: String = unset ("chore: Release {{crate_name}} version {{version}}");
        /// The name of the tag. Packages with the same tag name share one tag.
        Package tag_name: String = "{{prefix}}v{{version}}";
        /// The value of {{prefix}}. Default: empty for a package at the repository root, else "{{crate_name}}-".
        Package tag_prefix: String = unset ("{{crate_name}}-");
        /// Whether to push; in a package, whether to push its tag.
        Both push: bool = true;
        /// The remote to push to.
        Skipped push_remote: RemoteName = "origin";
        /// Values for git's `--push-option`.
        Skipped push_options: Vec<String> = [];
        /// The registry to publish to. Default: the registry in Cargo.toml, else crates.io.
        Package registry: RegistryName = unset ("my-registry");
        /// Users and teams to add as owners of a new crate.
        Package owners: Vec<String> = [];
        /// Accepted without effect: the certificates of the platform are used. ("webpki" or "native")
        Unused certs_source: CertsSource = "webpki";
        /// Whether to build the package before it is uploaded.
        Package verify: bool = true;
        /// The features for that build.
        Package enable_features: Vec<String> = [];
        /// Whether to enable all features for that build.
        Package enable_all_features: bool = false;
        /// The target triple for that build. Default: the host.
        Package target: String = unset ("x86_64-unknown-linux-gnu");
    }
    and {
        /// How much may be published at once.
        rate_limit: RateLimitTable => [RateLimit];
        /// Accepted, without effect.
        unstable: UnstableTable => [];
        /// How the next version is decided.
        bump: BumpTable => [WorkspaceBump, BumpSettings];
        /// The changelog of a package.
        changelog: ChangelogTable => [WorkspaceChangelog, ChangelogSettings];
        /// Where a release is prepared.
        stage: StageTable => [StageSettings];
        /// How the remote is pushed to.
        remote: RemoteTable => [RemoteSettings];
        /// Whether the package goes to a registry, and how uploads are retried.
        publish: PublishTable => [UploadSettings, bool];
        /// Waiting for the index.
        confirm: ConfirmTable => [ConfirmSettings];
        /// The rules of publishing.
        check: CheckTable => [CheckSettings];
        /// Releases that are proposed as pull requests.
        pr: PrTable => [PrSettings];
        /// The forge that the repository is on.
        forge: ForgeTable => [ForgeSettings];
        /// Releases on the forge.
        announce: AnnounceTable => [AnnounceSettings];
        /// Publishing without a stored token.
        trusted_publishing: TrustedPublishingTable => [TrustedPublishingSettings];
    }

    /// How much may be published at once.
    table RateLimitTable "rate-limit" => [RateLimit] {
        /// How many new crates crates.io accepts at once. A larger release shows a warning; further uploads wait for
        /// as long as the registry asks.
        Skipped new_packages: usize = 5;
        /// How many new versions of existing crates crates.io accepts at once.
        Skipped existing_packages: usize = 30;
    }

    /// Accepted, without effect.
    table UnstableTable "unstable" => [] {
        /// Accepted without effect.
        Unused workspace_publish: bool = false;
    }

    /// How the next version is decided.
    table BumpTable "bump" => [WorkspaceBump, BumpSettings] {
        /// Whether to compare the API of a changed library with its last release, with `cargo semver-checks` 0.51 or
        /// newer: "off", "auto" (warn if a comparison fails) or "require" (fail if a comparison fails). Default:
        /// "auto", without a warning if the program is not installed. The comparison builds the documentation of both
        /// versions, which takes time and, without --offline, may download dependencies.
        Package semver_check: SemverCheck = unset ("auto");
        /// Dependencies that are part of a package's API, as package names or globs (`core-*`): a breaking change of
        /// one is a breaking change of the package. "auto" adds the dependencies whose types the API check finds in
        /// the API.
        Package public_dependencies: Globs => Vec<String> = [];
        /// What a feature changes in a version 0.y.z: "patch" (0.4.1 to 0.4.2) or "minor" (0.4.1 to 0.5.0).
        Workspace features_in_zero: FeaturesInZero = "patch";
        /// The level of raising `rust-version`: "none", "patch", "feature" or "breaking".
        Package rust_version: Level = "feature";
        /// Levels of commits that are not breaking: tables with `level` ("none", "patch", "feature" or "breaking") and
        /// optionally `type` ("" for a commit that is not conventional), `scope`, and `subject` (a regular expression
        /// for the first line). The first match wins:
        ///   rules = [{ type = "docs", level = "none" }, { subject = "^(:sparkles:|✨)", level = "feature" }]
        /// Without a match: "feature" for `feat`, "none" for `chore`, `ci`, `test` and `style`, else "patch". Breaking
        /// commits (`!`, or a footer `BREAKING CHANGE: …`) are always "breaking". Drafted entries contain exactly the
        /// commits that count.
        Package rules: BumpRules => Vec<BumpRule> = [];
        /// Commit scopes that mean a package of another name: `scopes = { net = "my-net" }`. Package names need no
        /// entry. If a commit with the scope of one package also changes another, it is at most a "patch" for the
        /// other one.
        Package scopes: BTreeMap<String, PackageName> = {};
        /// The directory of change notes, relative to the workspace root; `false` turns notes off. A note is a file
        /// NAME.md with packages and levels (`core: feature`) between two lines `---`, followed by the text for the
        /// changelog. It is removed when all its packages are released, except by a pre-release.
        Workspace notes: Notes => Option<String> = ".changes";
    }

    /// The changelog of a package.
    table ChangelogTable "changelog" => [WorkspaceChangelog, ChangelogSettings] {
        /// Whether a release updates the package's changelog.
        Package enabled: bool = true;
        /// The path of the changelog, relative to the package. If it does not exist, a file with a usual name is used
        /// (RELEASES.md, CHANGES.md, HISTORY.md, NEWS.md, RELEASE_NOTES.md in any spelling, or docs/CHANGELOG.md); one
        /// that is not Markdown is named and left alone. Packages that share a version and have no changelogs use the
        /// one at the workspace root. Packages that share a file and a `shared-version` share its entries; other
        /// packages get separate entries in it: `## [NAME Unreleased]` and `## [NAME 1.2.0] - 2026-11-22`.
        Package path: String = "CHANGELOG.md";
        /// Whether to create a missing changelog. Default: only for the first release of a package, if other members
        /// have changelogs or are new as well.
        Package create: bool = unset (true);
        /// What entries that are drafted by the built-in template name and link besides the changes: "off", "offline"
        /// (pull requests, issues and authors, from the subjects and trailers of the commits, and new contributors) or
        /// "forge" (the same, with the pull request and the author's name that the forge has for each commit: one
        /// request a commit, none with --offline).
        Workspace links: ChangelogLinks = "off";
    }

    /// Where a release is prepared.
    table StageTable "stage" => [StageSettings] {
        /// Globs, relative to the workspace, of ignored files that packages or builds need: the release copies them
        /// from the checkout. `*` does not match `/`, `**` does. Cargo records in the packages that they contain
        /// uncommitted files.
        Workspace copy: Vec<String> = [];
        /// Globs, relative to the repository root, of manifests outside the workspace that depend on members by path
        /// (fuzz targets, examples, other workspaces): their requirements and lock files are updated.
        Workspace also: Vec<String> = ["**/Cargo.toml"];
    }

    /// How the remote is pushed to.
    table RemoteTable "remote" => [RemoteSettings] {
        /// When to push the branch: "before" publishing, so that a rejected push stops the release in time, or
        /// "after" it.
        Workspace push_branch: PushBranch = "before";
    }

    /// Whether the package goes to a registry, and how uploads are retried.
    table PublishKeys "publish" => [UploadSettings] {
        /// Whether to publish the package; `publish = false` at the top level is the short form.
        Package enabled: bool = true;
        /// How long to retry an upload without a clear answer (a server error, a broken connection), in seconds.
        Workspace retry: u64 => Duration = 900;
        /// How many seconds after its start a release stops before the next upload; continue with `cargo release
        /// resume` or by running the job again. Set it a few minutes below the time limit of a CI job. Default: no
        /// limit.
        Workspace deadline: u64 => Option<Duration> = unset (19800);
    }

    /// Waiting for the index.
    table ConfirmTable "confirm" => [ConfirmSettings] {
        /// How long to wait for a version to appear in the index, in seconds.
        Workspace timeout: u64 => Duration = 900;
    }

    /// The rules of publishing.
    table CheckTable "check" => [CheckSettings] {
        /// "crates-io" applies the rules of crates.io (metadata, sizes, wildcards) to packages for other registries
        /// too. Such packages may depend on packages in their own registry.
        Workspace rules: RuleSet = unset ("crates-io");
        /// Codes of findings that are errors (`deny`), warnings (`warn`) or hidden (`allow`), for `check` and for
        /// packed archives; "warnings" means all warnings. `cargo release check --explain CODE` explains a code.
        Workspace deny: Vec<String> = [];
        /// Codes of findings that are warnings.
        Workspace warn: Vec<String> = [];
        /// Codes of findings that are hidden.
        Workspace allow: Vec<String> = [];
        /// The owners that every crate must have.
        Workspace owners: Vec<String> = [];
        /// Names or globs of environment variables to hide from the verification build, in addition to the secrets of
        /// registries, forges and CI systems, which are always hidden.
        Workspace hide_env: Globs => Vec<String> = [];
    }

    /// Releases that are proposed as pull requests.
    table PrTable "pr" => [PrSettings] {
        /// The branch of the pull request: `{{branch}}` is the base branch, `{{crate_name}}` the package or group if
        /// each has a separate pull request.
        Workspace branch: String = "release/{{branch}}";
        /// The title of the pull request. Default: `chore: Release` and the released packages. `{{crate_name}}` and
        /// `{{version}}` are set if they are the same for all packages.
        Workspace title: String = unset ("chore: Release {{version}}");
        /// Labels to add.
        Workspace labels: Vec<String> = [];
        /// People and teams (`org/team`) to request a review from.
        Workspace reviewers: Vec<String> = [];
        /// Whether to open the pull request as a draft.
        Workspace draft: bool = false;
        /// One pull request per "workspace" (the whole release), "package" or "group" (packages that share a version).
        Workspace per: ProposedPer = "workspace";
        /// What to do with commits that landed on the base branch while the pull request was open, change a released
        /// package and are in no changelog: "refuse" (fail before anything is published), "include" (release them with
        /// a warning) or "head" (with `--unpublished`, release the head of the merged branch, which does not have
        /// them; it must have come by a merge commit).
        Workspace late: LateCommits = "refuse";
        /// Whether only versions that came by a merged pull request of `cargo release pr` may be released.
        Workspace required: bool = false;
        /// Who makes the commits of the pull request: "git" (with your identity and signing key), or "api" (the API of
        /// GitHub, which signs them, for repositories that require signed commits). With "api", a release that the API
        /// cannot express is refused: files that are executable, symbolic links or submodules. Commits by other people
        /// on the branch need merges, which only git makes.
        Workspace sign: ProposalSigning = "git";
    }

    /// The forge that the repository is on.
    table ForgeTable "forge" => [ForgeSettings] {
        /// The forge of the repository: "github", "gitlab", "forgejo", "gitea" or "none". Default: detected from the
        /// host of the remote and the CI environment.
        Workspace kind: ForgeDialect = unset ("github");
        /// The URL of the project. Default: detected from the remote.
        Workspace url: String = unset ("https://git.example.com/owner/name");
        /// The URL of the API, if it is not the usual one.
        Workspace api: String = unset ("https://git.example.com/api/v3");
        /// The environment variable with the token. Default: GITHUB_TOKEN, GH_TOKEN; GITLAB_TOKEN, CI_JOB_TOKEN;
        /// FORGEJO_TOKEN, GITEA_TOKEN, GITHUB_TOKEN.
        Workspace token_env: String = unset ("RELEASE_TOKEN");
    }

    /// Releases on the forge.
    table AnnounceTable "announce" => [AnnounceSettings] {
        /// Whether to create a release on the forge for each tag, with the changelog entry as its description: "auto"
        /// (if there is a token), "always" or "never" (only with `cargo release announce`).
        Workspace enabled: Announce = "auto";
        /// The title of a release.
        Workspace name: String = "{{tag_name}}";
        /// Whether to leave releases as drafts, for a person to publish.
        Workspace draft: bool = false;
        /// Globs, relative to the workspace root, of files to attach to every release before it is published.
        Workspace assets: Vec<String> = [];
        /// Whether to comment on the pull requests and issues that the commits mention, once, with the name of the
        /// release.
        Workspace comment: bool = false;
    }

    /// Publishing without a stored token.
    table TrustedPublishingTable "trusted-publishing" => [TrustedPublishingSettings] {
        /// Whether to use trusted publishing in GitHub Actions and GitLab CI, which needs no stored token: "auto" (if
        /// CI offers it and the environment has no token for cargo), "require" or "off".
        Workspace mode: TrustedPublishing = "auto";
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

/// Whether the package goes to a registry.
impl Resolve<bool> for PublishTable {
    fn resolve(self, key: KeyName) -> Result<bool> {
        self.0.enabled.resolve(key)
    }
}

impl Resolve<UploadSettings> for PublishTable {
    fn resolve(self, key: KeyName) -> Result<UploadSettings> {
        self.0.resolve(key)
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

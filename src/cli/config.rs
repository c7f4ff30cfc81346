//! The flags that override the configuration, and the layer they turn into.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use serde::de::DeserializeOwned;

use crate::config::BumpTable;
use crate::config::CertsSource;
use crate::config::ChangelogTable;
use crate::config::DependentVersion;
use crate::config::Layer;
use crate::config::PublishTable;
use crate::config::SemverCheck;

/// The configuration files to read, and the flags that override them.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigArgs {
    /// Use this configuration file; it takes precedence over all others
    #[arg(short, long, value_name = "PATH", hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Read no configuration file except the one from --config
    ///
    /// `publish` and version settings in Cargo.toml still apply.
    #[arg(long, hide_short_help = true)]
    pub isolated: bool,
    /// Accepted, without effect.
    #[arg(
        short = 'Z',
        short_alias = 'z',
        value_name = "FEATURE",
        hide = true,
        value_parser = ["workspace-publish", "workspace-publish=true", "workspace-publish=false"]
    )]
    pub unstable: Vec<String>,
    /// Rewrite requirements of dependents: upgrade, fix
    ///
    /// `upgrade` rewrites all of them, `fix` only those that do not match the new version [default: upgrade if a level is given,
    /// else fix]
    #[arg(
        long,
        value_name = "WHEN",
        help_heading = "Version",
        value_parser = keyword::<DependentVersion>(["upgrade", "fix"]),
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub dependent_version: Option<DependentVersion>,
    /// Compare the API with the last release: off, auto, require
    ///
    /// Runs `cargo semver-checks` on changed libraries. If a library cannot be compared, `auto` warns and `require` fails
    /// [default: auto, without a warning if cargo-semver-checks is not installed]
    #[arg(
        long,
        value_name = "WHEN",
        help_heading = "Version",
        value_parser = keyword::<SemverCheck>(["off", "auto", "require"]),
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub semver_check: Option<SemverCheck>,
    /// Do not change changelogs
    #[arg(long, help_heading = "Changelog")]
    pub no_changelog: bool,
    /// Accepted, without effect.
    #[arg(long, value_name = "SOURCE", hide = true, value_parser = keyword::<CertsSource>(["webpki", "native"]))]
    pub certs_source: Option<CertsSource>,
    /// Flags for the commit.
    #[command(flatten)]
    pub commit: CommitFlags,
    /// Flags for tags.
    #[command(flatten)]
    pub tag: TagFlags,
    /// Flags for pushing.
    #[command(flatten)]
    pub push: PushFlags,
    /// Flags for publishing.
    #[command(flatten)]
    pub publish: PublishFlags,
}

/// Flags for the commit.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Git")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct CommitFlags {
    /// Globs of branches to release from; `!` excludes [default: *,!HEAD]
    ///
    /// The default allows any branch, but not a detached HEAD.
    #[arg(long, value_name = "GLOB,..", value_delimiter = ',', hide_short_help = true)]
    pub allow_branch: Vec<String>,
    /// Sign the commit and the tags
    #[arg(long, overrides_with = "no_sign", hide_short_help = true)]
    pub sign: bool,
    /// The opposite of --sign.
    #[arg(long, overrides_with = "sign", hide = true)]
    pub no_sign: bool,
    /// Sign the commit
    #[arg(long, overrides_with = "no_sign_commit", hide_short_help = true)]
    pub sign_commit: bool,
    /// The opposite of --sign-commit.
    #[arg(long, overrides_with = "sign_commit", hide = true)]
    pub no_sign_commit: bool,
}

/// Flags for tags.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Git")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct TagFlags {
    /// Do not create tags
    #[arg(long, overrides_with = "tag", hide_short_help = true)]
    pub no_tag: bool,
    /// The opposite of --no-tag.
    #[arg(long, overrides_with = "no_tag", hide = true)]
    pub tag: bool,
    /// Sign the tags
    #[arg(long, overrides_with = "no_sign_tag", hide_short_help = true)]
    pub sign_tag: bool,
    /// The opposite of --sign-tag.
    #[arg(long, overrides_with = "sign_tag", hide = true)]
    pub no_sign_tag: bool,
    /// Value of {{prefix}} in tag names
    ///
    /// [default: empty for a package at the root of the repository, else {{crate_name}}-]
    #[arg(long, value_name = "PREFIX", hide_short_help = true)]
    pub tag_prefix: Option<String>,
    /// Template for tag names [default: {{prefix}}v{{version}}]
    ///
    /// Packages with the same tag name share one tag.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub tag_name: Option<String>,
}

/// Flags for pushing.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Git")]
pub struct PushFlags {
    /// Do not push
    #[arg(long, overrides_with = "push", hide_short_help = true)]
    pub no_push: bool,
    /// The opposite of --no-push.
    #[arg(long, overrides_with = "no_push", hide = true)]
    pub push: bool,
    /// Push to this remote [default: origin]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub push_remote: Option<String>,
}

/// Flags for publishing.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Publish")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct PublishFlags {
    /// Do not publish
    #[arg(long, overrides_with = "publish", hide_short_help = true)]
    pub no_publish: bool,
    /// The opposite of --no-publish.
    #[arg(long, overrides_with = "no_publish", hide = true)]
    pub publish: bool,
    /// Publish to this registry [default: from Cargo.toml, else crates-io]
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub registry: Option<String>,
    /// Do not build packages to verify them
    #[arg(long, overrides_with = "verify", hide_short_help = true)]
    pub no_verify: bool,
    /// The opposite of --no-verify.
    #[arg(long, overrides_with = "no_verify", hide = true)]
    pub verify: bool,
    /// Verify with these features
    #[arg(long, value_delimiter = ',', hide_short_help = true)]
    pub features: Vec<String>,
    /// Verify with all features
    #[arg(long, hide_short_help = true)]
    pub all_features: bool,
    /// Verify for this target [default: the host]
    #[arg(long, value_name = "TRIPLE", hide_short_help = true)]
    pub target: Option<String>,
}

impl ConfigArgs {
    /// The layer that the flags make.
    pub fn layer(&self) -> Layer {
        let Self {
            config: _,
            isolated: _,
            unstable: _,
            dependent_version,
            semver_check,
            no_changelog,
            certs_source,
            commit,
            tag,
            push,
            publish,
        } = self;
        let sign = pair(commit.sign, commit.no_sign);
        Layer {
            dependent_version: *dependent_version,
            certs_source: *certs_source,
            allow_branch: list(&commit.allow_branch),
            sign_commit: pair(commit.sign_commit, commit.no_sign_commit).or(sign),
            sign_tag: pair(tag.sign_tag, tag.no_sign_tag).or(sign),
            tag: pair(tag.tag, tag.no_tag),
            tag_prefix: tag.tag_prefix.clone(),
            tag_name: tag.tag_name.clone(),
            push: pair(push.push, push.no_push),
            push_remote: push.push_remote.clone().map(Into::into),
            publish: PublishTable::flag(pair(publish.publish, publish.no_publish)),
            registry: publish.registry.clone().map(Into::into),
            verify: pair(publish.verify, publish.no_verify),
            enable_features: list(&publish.features),
            enable_all_features: publish.all_features.then_some(true),
            target: publish.target.clone(),
            changelog: ChangelogTable { enabled: no_changelog.then_some(false), ..ChangelogTable::default() },
            bump: BumpTable { semver_check: *semver_check, ..BumpTable::default() },
            ..Layer::default()
        }
    }
}

/// Combines a flag with its opposite; clap sets only the last one given.
#[expect(clippy::fn_params_excessive_bools, reason = "two flags, told apart by their names")]
fn pair(yes: bool, no: bool) -> Option<bool> {
    (yes || no).then_some(yes)
}

fn list(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.to_vec())
}

/// A parser for a configuration value that is one of a few keywords.
fn keyword<T>(words: impl Into<PossibleValuesParser>) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    words.into().try_map(|word: String| serde_json::from_value::<T>(serde_json::Value::String(word)))
}

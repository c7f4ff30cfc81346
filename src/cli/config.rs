//! Flags that configure, and the layer that they make.

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

/// Which files are read, and what flags say instead.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigArgs {
    /// Read this file over all others
    #[arg(short, long, value_name = "PATH", hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Read no file that --config does not name
    ///
    /// What Cargo.toml says of publishing and of versions holds all the same.
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
    /// Requirements of dependents: upgrade, fix
    ///
    /// upgrade rewrites all of them; fix only those that do not admit the new version any more.
    #[arg(
        long,
        value_name = "WHEN",
        help_heading = "Version",
        value_parser = keyword::<DependentVersion>(["upgrade", "fix"]),
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub dependent_version: Option<DependentVersion>,
    /// Compare APIs: off, auto, require
    ///
    /// With the last release, by `cargo semver-checks`, of libraries that changed. auto warns where that cannot be done; require refuses.
    /// Without it: as auto, and silent where the program is not installed.
    #[arg(
        long,
        value_name = "WHEN",
        help_heading = "Version",
        value_parser = keyword::<SemverCheck>(["off", "auto", "require"]),
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub semver_check: Option<SemverCheck>,
    /// Leave all changelogs as they are
    #[arg(long, help_heading = "Changelog")]
    pub no_changelog: bool,
    /// Accepted, without effect.
    #[arg(long, value_name = "SOURCE", hide = true, value_parser = keyword::<CertsSource>(["webpki", "native"]))]
    pub certs_source: Option<CertsSource>,
    /// Flags of the commit.
    #[command(flatten)]
    pub commit: CommitFlags,
    /// Flags of tags.
    #[command(flatten)]
    pub tag: TagFlags,
    /// Flags of pushing.
    #[command(flatten)]
    pub push: PushFlags,
    /// Flags of publishing.
    #[command(flatten)]
    pub publish: PublishFlags,
}

/// Flags of the commit.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Git")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct CommitFlags {
    /// Branches to release from; `!` excludes
    ///
    /// Globs. Without it: *,!HEAD, that is, any branch, but no detached head.
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

/// Flags of tags.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Git")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct TagFlags {
    /// Make no tags
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
    /// What {{prefix}} stands for
    ///
    /// In the names of tags. Without it: nothing for a package at the root of the repository, else {{crate_name}}-.
    #[arg(long, value_name = "PREFIX", hide_short_help = true)]
    pub tag_prefix: Option<String>,
    /// The template of the tags' names
    ///
    /// Without it: {{prefix}}v{{version}}. Packages whose names come out equal share one tag.
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub tag_name: Option<String>,
}

/// Flags of pushing.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Git")]
pub struct PushFlags {
    /// Push nothing
    #[arg(long, overrides_with = "push", hide_short_help = true)]
    pub no_push: bool,
    /// The opposite of --no-push.
    #[arg(long, overrides_with = "no_push", hide = true)]
    pub push: bool,
    /// Push to this remote
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub push_remote: Option<String>,
}

/// Flags of publishing.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Publish")]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct PublishFlags {
    /// Publish nothing
    #[arg(long, overrides_with = "publish", hide_short_help = true)]
    pub no_publish: bool,
    /// The opposite of --no-publish.
    #[arg(long, overrides_with = "no_publish", hide = true)]
    pub publish: bool,
    /// Publish to this registry
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub registry: Option<String>,
    /// Pack without building
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
    /// Verify for this target
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
            push_remote: push.push_remote.clone(),
            publish: PublishTable::flag(pair(publish.publish, publish.no_publish)),
            registry: publish.registry.clone(),
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

/// What a flag and its opposite come to; clap lets only the last one of them through.
#[expect(clippy::fn_params_excessive_bools, reason = "two flags, told apart by their names")]
fn pair(yes: bool, no: bool) -> Option<bool> {
    (yes || no).then_some(yes)
}

fn list(values: &[String]) -> Option<Vec<String>> {
    (!values.is_empty()).then(|| values.to_vec())
}

/// A parser of a configuration value that is one of a few words.
fn keyword<T>(words: impl Into<PossibleValuesParser>) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    words.into().try_map(|word: String| serde_json::from_value::<T>(serde_json::Value::String(word)))
}

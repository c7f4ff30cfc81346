//! The commands that need a forge, and what all commands ask about it: where the repository is, and the identity of the CI
//! job.

pub(crate) mod announce;
pub(crate) mod credits;
pub(crate) mod pr;
pub(crate) mod witness;

use crate::apply::TrustedMode;
use crate::cli::ConfigArgs;
use crate::commands::session::Session;
use crate::commands::session::members;
use crate::commands::session::sources;
use crate::config;
use crate::config::Announce;
use crate::config::Config;
use crate::config::ForgeDialect;
use crate::config::ForgeSettings;
use crate::config::TrustedPublishing;
use crate::error::Failure;
use crate::error::Result;
use crate::forge;
use crate::forge::Forge;
use crate::observe::Located;
use crate::snapshot::ForgeKind;
use crate::snapshot::ForgeSite;
use crate::tools::git::cli::Git;

impl Session<'_> {
    /// Whether to use trusted publishing: as configured, and never in a rehearsal.
    pub(crate) fn trusted_mode(&self, place: &Located) -> TrustedMode {
        let config = config::resolve(&sources(place, &ConfigArgs::default()), &members(place));
        match config.map(|config| config.workspace.trusted_publishing.mode) {
            _ if self.inside.is_some() => TrustedMode::Off,
            Ok(TrustedPublishing::Auto) | Err(_) => TrustedMode::Auto,
            Ok(TrustedPublishing::Require) => TrustedMode::Require,
            Ok(TrustedPublishing::Off) => TrustedMode::Off,
        }
    }

    /// The project on its forge; `None` if the forge is unknown, and in a rehearsal.
    pub(crate) fn forge_site(&self, place: &Located, config: &Config) -> Result<Option<ForgeSite>> {
        let ForgeSettings { kind, url, api, token_env } = config.workspace.forge.clone();
        let kind = match kind {
            Some(ForgeDialect::None) => return Ok(None),
            Some(ForgeDialect::Github) => Some(ForgeKind::Github),
            Some(ForgeDialect::Gitlab) => Some(ForgeKind::Gitlab),
            Some(ForgeDialect::Forgejo | ForgeDialect::Gitea) => Some(ForgeKind::Forgejo),
            None => None,
        };
        if self.inside.is_some() {
            return Ok(None);
        }
        let remote = Git::at(place.root()).remote_address(&config.workspace.push_remote)?;
        let settings = forge::SiteSettings { kind, url, api, token_variable: token_env };
        forge::site(&settings, remote.as_deref().unwrap_or_default(), &self.environment)
    }

    /// The project that a release announces its tags on, as configured.
    pub(crate) fn announces_on(&self, place: &Located, config: &Config) -> Result<Option<ForgeSite>> {
        let wanted = config.workspace.announce.enabled;
        if wanted == Announce::Never || !config.workspace.push {
            return Ok(None);
        }
        let site = self.forge_site(place, config)?;
        if wanted == Announce::Always && site.is_none() {
            return Err(Failure::unplannable("`[announce] enabled = \"always\"` is set, but the forge is unknown")
                .help("set `[forge] kind` and `url`"));
        }
        let has_token = |site: &ForgeSite| Forge::of(site, &self.environment).has_token();
        Ok(site.filter(|site| wanted == Announce::Always || has_token(site)))
    }
}

//! The tokens of trusted publishing, for as long as a release runs: minted at the first upload to a registry, renewed before
//! they end, and revoked when this goes, whatever happened.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::error::Failure;
use crate::error::Result;
use crate::names::RegistryName;
use crate::tools::registry::trusted_publishing;
use crate::tools::registry::trusted_publishing::Mint;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::environment::Environment;
use crate::tools::system::environment::Secret;

/// How long a token is used: they live thirty minutes, and an upload takes some.
const USED_FOR: Duration = Duration::from_secs(25 * 60);

/// Whether tokens are minted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TrustedMode {
    /// Where CI offers it, and cargo is given no token by the environment.
    #[default]
    Auto,
    /// Always.
    Require,
    /// Never.
    Off,
}

/// Whether a token was used before: one that was may have ended meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    Fresh,
    Used,
}

/// A token, and where it came from.
struct HeldToken {
    registry: RegistryName,
    token: Arc<Secret>,
    mint: Mint,
    since: Stopwatch,
}

/// The tokens that were minted, oldest first.
#[derive(Default)]
pub(crate) struct TrustedTokens {
    mode: TrustedMode,
    minted: Mutex<Vec<HeldToken>>,
}

impl TrustedTokens {
    pub(crate) fn new(mode: TrustedMode) -> Self {
        Self { mode, minted: Mutex::default() }
    }

    /// The token for uploads to a registry, and whether it was minted for this call; none where cargo has one of its own.
    /// One that was refused is not given again.
    pub(crate) fn token(
        &self,
        registry: &RegistryName,
        api: Option<&str>,
        environment: &Environment,
        refused: Option<&Secret>,
    ) -> Result<Option<(Arc<Secret>, Age)>> {
        let own = self.mode == TrustedMode::Auto && trusted_publishing::has_own_token(environment, registry);
        let Some(api) = api.filter(|_| self.mode != TrustedMode::Off && !own) else { return Ok(None) };
        let Some(issuer) = trusted_publishing::issuer(environment, registry)? else { return Ok(None) };
        // Uploads that run side by side wait here for each other, and take one token.
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_registry = minted.iter().filter(|known| known.registry == *registry);
        let (turn, newest) = (of_registry.clone().count(), of_registry.next_back());
        let is_good = |known: &&HeldToken| {
            known.since.elapsed() < USED_FOR && refused.is_none_or(|refused| refused.reveal() != known.token.reveal())
        };
        if let Some(known) = newest.filter(is_good) {
            return Ok(Some((known.token.clone(), Age::Used)));
        }
        let mint = Mint::at(api);
        let Some(token) = mint.token(&issuer, turn, self.mode == TrustedMode::Require)? else { return Ok(None) };
        let token = Arc::new(token);
        let registry = registry.clone();
        minted.push(HeldToken { registry, token: token.clone(), mint, since: Stopwatch::start() });
        Ok(Some((token, Age::Fresh)))
    }

    /// Whether tokens would be minted for a registry.
    pub(crate) fn would_be_used(&self, registry: &RegistryName, environment: &Environment) -> Result<bool> {
        let offered = || Ok(trusted_publishing::issuer(environment, registry)?.is_some());
        match self.mode {
            TrustedMode::Off => Ok(false),
            TrustedMode::Auto if trusted_publishing::has_own_token(environment, registry) => Ok(false),
            TrustedMode::Auto => offered(),
            TrustedMode::Require if offered()? => Ok(true),
            TrustedMode::Require => {
                Err(Failure::blocked("`[trusted-publishing] mode = \"require\"`, and nobody vouches for this job")
                    .because("neither GitHub Actions nor GitLab CI offers an identity here")
                    .help("on GitHub the job needs `permissions: id-token: write`, on GitLab `id_tokens`"))
            }
        }
    }
}

impl Drop for TrustedTokens {
    fn drop(&mut self) {
        for minted in self.minted.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // One that cannot be taken back ends by itself, within half an hour.
            minted.mint.revoke(&minted.token).unwrap_or(());
        }
    }
}

//! Trusted publishing: tokens for a short time, minted with what CI says of itself, so that no secret is kept anywhere.
//! GitHub mints a new identity whenever it is asked; GitLab gives each job those that it declares, each good for once.

use serde_json::Value;
use serde_json::json;
use url::Url;

use super::web::Method;
use super::web::Web;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RegistryName;
use crate::tools::system::environment::Environment;
use crate::tools::system::environment::Secret;

/// Events of GitHub on which identities are not to be trusted: they run with the rights of the repository on what others
/// sent.
const REFUSED_EVENTS: [&str; 2] = ["pull_request_target", "workflow_run"];

/// Who vouches for this job.
pub(crate) enum Issuer {
    /// GitHub Actions: an address to ask, and the token to ask with.
    Github(String, Secret),
    /// GitLab CI: identities that the job declares.
    Gitlab(Vec<Secret>),
}

/// Who vouches for this job at a registry; nobody where CI does not offer it.
///
/// # Errors
/// CI offers it for an event that nobody should publish on.
pub(crate) fn issuer(environment: &Environment, registry: &RegistryName) -> Result<Option<Issuer>> {
    let address = environment.text("ACTIONS_ID_TOKEN_REQUEST_URL").filter(|address| !address.is_empty());
    if let (Some(address), Some(token)) = (address, environment.secret("ACTIONS_ID_TOKEN_REQUEST_TOKEN")) {
        let event = environment.text("GITHUB_EVENT_NAME").unwrap_or_default();
        if REFUSED_EVENTS.contains(&event) {
            return Err(Failure::blocked(format!("nothing is published on the event `{event}`"))
                .because("it runs with the rights of the repository on what others sent, and crates.io refuses it")
                .help("publish on `push`, or by hand with `workflow_dispatch`"));
        }
        return Ok(Some(Issuer::Github(address.to_owned(), token)));
    }
    let base = format!("{}_ID_TOKEN", registry.as_str().to_uppercase().replace('-', "_"));
    let numbered = (2..=9).map(|number| format!("{base}_{number}"));
    let tokens: Vec<Secret> =
        [base.clone()].into_iter().chain(numbered).filter_map(|name| environment.secret(&name)).collect();
    Ok((!tokens.is_empty()).then_some(Issuer::Gitlab(tokens)))
}

/// Whether cargo may have a token for this registry: from the environment, or because somebody logged in.
pub(crate) fn has_own_token(environment: &Environment, registry: &RegistryName) -> bool {
    let name = match registry.as_str() {
        "crates-io" => "CARGO_REGISTRY_TOKEN".to_owned(),
        other => format!("CARGO_REGISTRIES_{}_TOKEN", other.to_uppercase().replace('-', "_")),
    };
    let kept = |file: &str| environment.cargo_home().is_some_and(|home| home.join(file).exists());
    environment.secret(&name).is_some() || kept("credentials.toml") || kept("credentials")
}

/// The part of a registry's web API that mints tokens.
#[derive(Clone, Debug)]
pub(crate) struct Mint {
    api: String,
    web: Web,
}

impl Mint {
    /// At the API of a registry.
    pub(crate) fn at(api: &str) -> Self {
        Self { api: api.trim_end_matches('/').to_owned(), web: Web::unredirected() }
    }

    /// Mints a token, with the identity of that turn; none at a registry that has no trusted publishing, unless it is
    /// required.
    ///
    /// # Errors
    /// There is no identity left, or the registry does not take it.
    pub(crate) fn token(&self, issuer: &Issuer, turn: usize, required: bool) -> Result<Option<Secret>> {
        let identity = self.identity(issuer, turn)?;
        let body = json!({ "jwt": identity.reveal() }).to_string();
        let address = format!("{}/api/v1/trusted_publishing/tokens", self.api);
        let headers = [("content-type", "application/json"), ("accept", "application/json")];
        let sent = self.web.exchange(Method::Post, &address, &headers, body.as_bytes())?;
        let answer: Value = serde_json::from_slice(&sent.body).unwrap_or(Value::Null);
        if let Some(token) = answer.get("token").and_then(Value::as_str).filter(|_| (200..300).contains(&sent.status)) {
            return Ok(Some(Secret::new(token.to_owned())));
        }
        if sent.status == 404 && !required {
            return Ok(None);
        }
        let details = answer.get("errors").and_then(Value::as_array).into_iter().flatten();
        let details = details.filter_map(|error| error.get("detail")?.as_str());
        let failure =
            Failure::world(format!("`{}` gives no token to this workflow (status {})", self.api, sent.status));
        let failure = details.fold(failure, |failure, detail| failure.because(detail.to_owned()));
        Err(if sent.status == 404 {
            failure
                .help("it has no trusted publishing: give cargo a token, and set `[trusted-publishing] mode = \"off\"`")
        } else {
            failure.help(
                "the registry's settings of the crate name the repository, the workflow file and the environment that may publish",
            )
        })
    }

    /// Takes a token back. One that has ended already is fine.
    ///
    /// # Errors
    /// The registry does not answer.
    pub(crate) fn revoke(&self, token: &Secret) -> Result<()> {
        let address = format!("{}/api/v1/trusted_publishing/tokens", self.api);
        let bearer = format!("Bearer {}", token.reveal());
        self.web.exchange(Method::Delete, &address, &[("authorization", &bearer)], &[]).map(drop)
    }

    fn identity(&self, issuer: &Issuer, turn: usize) -> Result<Secret> {
        match issuer {
            Issuer::Gitlab(tokens) => {
                tokens.get(turn).map(|token| Secret::new(token.reveal().to_owned())).ok_or_else(|| {
                    Failure::interrupted("no identity of this job is left to mint a token with")
                        .because(format!("the job declares {}, and each is good for once", tokens.len()))
                        .help("declare more `id_tokens`: `CRATES_IO_ID_TOKEN_2`, …; run the job again to go on")
                })
            }
            Issuer::Github(address, token) => {
                let audience = Url::parse(&self.api).ok().and_then(|api| api.host_str().map(str::to_owned));
                let audience = audience.unwrap_or_default();
                let join = if address.contains('?') { '&' } else { '?' };
                let asked = format!("{address}{join}audience={audience}");
                let bearer = format!("Bearer {}", token.reveal());
                let sent = self.web.exchange(Method::Get, &asked, &[("authorization", &bearer)], &[])?;
                let answer: Value =
                    serde_json::from_slice(&sent.body).or_world(|| "GitHub gives no identity".into())?;
                let value = answer.get("value").and_then(Value::as_str);
                value.map(|value| Secret::new(value.to_owned())).ok_or_else(|| {
                    Failure::world(format!("GitHub gives this job no identity (status {})", sent.status))
                        .help("the job needs `permissions: id-token: write`")
                })
            }
        }
    }
}

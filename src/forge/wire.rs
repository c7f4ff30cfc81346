//! Requests to the API of a forge, and its responses.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::snapshot::ForgeKind;
use crate::snapshot::ForgeSite;
use crate::tools::registry::web::Method;
use crate::tools::registry::web::RawAnswer;
use crate::tools::registry::web::Web;
use crate::tools::system::clock;
use crate::tools::system::environment::Environment;
use crate::tools::system::environment::Secret;

/// The delays before each retry of a read request, in seconds.
const AGAIN: [u64; 3] = [1, 2, 4];

/// The longest wait that a forge may ask for, in seconds.
const PATIENCE: u64 = 120;

/// The maximum number of pages read from a list.
const PAGES: usize = 20;

/// The number of entries on a page.
pub(super) const PER_PAGE: usize = 100;

/// A project on its forge.
pub(crate) struct Forge {
    site: ForgeSite,
    token: Option<Secret>,
    web: Web,
}

/// A successful response.
pub(super) struct Response {
    pub(super) body: Value,
}

/// The body of a request.
pub(super) enum RequestBody<'a> {
    /// Nothing.
    None,
    /// JSON.
    Json(&'a Value),
    /// Bytes of this type.
    Bytes(&'a [u8], &'a str),
}

impl Forge {
    /// The project, with the token from the environment.
    pub(crate) fn of(site: &ForgeSite, environment: &Environment) -> Self {
        let token = site.token_variable.as_ref().and_then(|name| environment.secret(name));
        Self { site: site.clone(), token, web: Web::unredirected() }
    }

    /// Whether there is a token.
    pub(crate) fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// The project and its API.
    pub(crate) fn site(&self) -> &ForgeSite {
        &self.site
    }

    /// The path of the project in the API.
    pub(super) fn project(&self) -> String {
        match self.site.kind {
            ForgeKind::Github | ForgeKind::Forgejo => format!("/repos/{}", self.site.project),
            ForgeKind::Gitlab => format!("/projects/{}", encoded(&self.site.project)),
        }
    }

    /// The owner of the project.
    pub(super) fn owner(&self) -> &str {
        self.site.project.split('/').next().unwrap_or_default()
    }

    /// Sends a GET request; `None` if the resource does not exist.
    pub(super) fn get(&self, path: &str) -> Result<Option<Response>> {
        self.find(path, &[404])
    }

    /// Sends a GET request; `None` for a status that means that the resource does not exist.
    pub(super) fn find(&self, path: &str, missing: &[u16]) -> Result<Option<Response>> {
        let address = format!("{}{path}", self.site.api);
        let mut turn = AGAIN.iter();
        loop {
            let wait = turn.next();
            match self.exchange(Method::Get, &address, RequestBody::None) {
                Ok(sent) if missing.contains(&sent.status) => return Ok(None),
                Ok(sent) if sent.status >= 500 && wait.is_some() => {}
                Ok(sent) => return self.success(Method::Get, &address, sent).map(Some),
                Err(failure) if wait.is_none() => return Err(failure),
                Err(_silent) => {}
            }
            clock::pause(Duration::from_secs(wait.copied().unwrap_or_default()));
        }
    }

    /// All entries of a list that has no pages.
    pub(super) fn list_whole(&self, path: &str) -> Result<Vec<Value>> {
        let Some(Value::Array(entries)) = self.get(path)?.map(|answer| answer.body) else { return Ok(Vec::new()) };
        Ok(entries)
    }

    /// All entries of a list, page by page.
    pub(super) fn list(&self, path: &str) -> Result<Vec<Value>> {
        let join = if path.contains('?') { '&' } else { '?' };
        let size = match self.site.kind {
            ForgeKind::Github | ForgeKind::Gitlab => format!("per_page={PER_PAGE}"),
            ForgeKind::Forgejo => "limit=50".to_owned(),
        };
        let full = if self.site.kind == ForgeKind::Forgejo { 50 } else { PER_PAGE };
        let mut all = Vec::new();
        for page in 1..=PAGES {
            let answer = self.get(&format!("{path}{join}{size}&page={page}"))?;
            let Some(Value::Array(entries)) = answer.map(|answer| answer.body) else { return Ok(all) };
            let count = entries.len();
            all.extend(entries);
            if count < full {
                break;
            }
        }
        Ok(all)
    }

    /// Sends a request with an effect, once.
    pub(super) fn send(&self, method: Method, path: &str, body: &Value) -> Result<Response> {
        self.send_to(method, &format!("{}{path}", self.site.api), body)
    }

    /// Sends a request with an effect to an address of the API, once.
    pub(super) fn send_to(&self, method: Method, address: &str, body: &Value) -> Result<Response> {
        let sent = self.exchange(method, address, RequestBody::Json(body))?;
        self.success(method, address, sent)
    }

    /// Deletes a resource; one that does not exist is no error.
    pub(super) fn delete(&self, path: &str) -> Result<()> {
        let address = format!("{}{path}", self.site.api);
        let sent = self.exchange(Method::Delete, &address, RequestBody::None)?;
        if sent.status == 404 { Ok(()) } else { self.success(Method::Delete, &address, sent).map(drop) }
    }

    /// Uploads to a URL that the forge returned, which must be on a host of the forge.
    pub(super) fn upload(&self, method: Method, address: &str, bytes: &[u8], kind: &str) -> Result<Response> {
        if !self.is_own(address) {
            return Err(Failure::world(format!("`{}` returned an upload URL on another host", self.site.api))
                .because(format!("the URL is `{address}`, and the token must not be sent there")));
        }
        let sent = self.exchange(method, address, RequestBody::Bytes(bytes, kind))?;
        self.success(method, address, sent)
    }

    /// Whether a URL belongs to the forge: the host of the API, or GitHub's host for uploads.
    fn is_own(&self, address: &str) -> bool {
        let (Ok(one), Ok(api)) = (Url::parse(address), Url::parse(&self.site.api)) else { return false };
        let github = api.host_str() == Some("api.github.com") && one.host_str() == Some("uploads.github.com");
        let same = one.host_str() == api.host_str() && one.port_or_known_default() == api.port_or_known_default();
        one.scheme() == api.scheme() && (same || github)
    }

    /// Sends one request, and waits if the forge is rate-limiting.
    fn exchange(&self, method: Method, address: &str, body: RequestBody<'_>) -> Result<RawAnswer> {
        let json = match body {
            RequestBody::Json(value) => {
                Some(serde_json::to_vec(value).or_world(|| "cannot serialize a request".into())?)
            }
            RequestBody::None | RequestBody::Bytes(..) => None,
        };
        let (bytes, kind) = match (&body, &json) {
            (RequestBody::Bytes(bytes, kind), _) => (*bytes, *kind),
            (_, Some(json)) => (json.as_slice(), "application/json"),
            (_, None) => (&[][..], ""),
        };
        let headers = self.headers(kind);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut waited = 0;
        loop {
            let sent = self.web.exchange(method, address, &headers, bytes).map_err(|silent| {
                Failure::interrupted(format!("`{}` does not answer", self.site.api))
                    .because(silent.to_string())
                    .help("check the network, then run the same command again")
            })?;
            let limited = matches!(sent.status, 403 | 429);
            let Some(wait) = sent.retry_after.filter(|wait| limited && waited + wait <= PATIENCE) else {
                return Ok(sent);
            };
            waited += wait.max(1);
            clock::pause(Duration::from_secs(wait));
        }
    }

    fn headers(&self, kind: &str) -> Vec<(&'static str, String)> {
        let mut headers = vec![("accept", self.accepts().to_owned())];
        if !kind.is_empty() {
            headers.push(("content-type", kind.to_owned()));
        }
        if self.site.kind == ForgeKind::Github {
            headers.push(("x-github-api-version", "2022-11-28".to_owned()));
        }
        if let Some(token) = &self.token {
            let is_job = self.site.token_variable.as_deref() == Some("CI_JOB_TOKEN");
            headers.push(match self.site.kind {
                ForgeKind::Gitlab if is_job => ("job-token", token.reveal().to_owned()),
                ForgeKind::Gitlab | ForgeKind::Github => ("authorization", format!("Bearer {}", token.reveal())),
                ForgeKind::Forgejo => ("authorization", format!("token {}", token.reveal())),
            });
        }
        headers
    }

    fn accepts(&self) -> &'static str {
        match self.site.kind {
            ForgeKind::Github => "application/vnd.github+json",
            ForgeKind::Gitlab | ForgeKind::Forgejo => "application/json",
        }
    }

    fn success(&self, method: Method, address: &str, sent: RawAnswer) -> Result<Response> {
        let body: Value = serde_json::from_slice(&sent.body).unwrap_or(Value::Null);
        if (200..300).contains(&sent.status) {
            return Ok(Response { body });
        }
        let path = address.strip_prefix(&self.site.api).unwrap_or(address);
        let path = path.split('?').next().unwrap_or(path);
        let what = format!("`{}` refused `{} {path}` with status {}", self.site.api, method.word(), sent.status);
        let failure = if sent.status >= 500 { Failure::interrupted(what) } else { Failure::world(what) };
        let failure = words(&body).into_iter().fold(failure, Failure::because);
        Err(match self.help(sent.status) {
            Some(help) => failure.help(help),
            None => failure,
        })
    }

    /// The help for an error status.
    fn help(&self, status: u16) -> Option<String> {
        let variable = self.site.token_variable.as_deref().filter(|_| self.token.is_some());
        let rights = match self.site.kind {
            ForgeKind::Github => {
                "`contents: write` and `pull-requests: write`, and in the repository's settings \
                 \"Allow GitHub Actions to create and approve pull requests\""
            }
            ForgeKind::Gitlab => "a project token with `api` and `write_repository`, as Developer",
            ForgeKind::Forgejo => "a token with `write:repository` and `write:issue`",
        };
        match (status, variable) {
            (401 | 403 | 404, None) => Some(format!("set a token; it needs {rights}")),
            (401, Some(name)) => Some(format!("replace the token in `{name}`; it may have expired")),
            (403 | 404, Some(name)) => Some(format!("the token in `{name}` needs {rights}")),
            (429, _) => Some("the forge is rate-limiting; run the same command again later".to_owned()),
            (500.., _) => Some("the forge has a problem; run the same command again later".to_owned()),
            (_, _) => None,
        }
    }
}

/// The message and the errors in an error response.
pub(super) fn words(body: &Value) -> Vec<String> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    };
    let message = ["message", "error", "error_description"].iter().find_map(|key| body.get(key).and_then(plain));
    let errors = body.get("errors").and_then(Value::as_array).into_iter().flatten();
    let errors = errors.filter_map(|error| error.get("message").and_then(plain).or_else(|| plain(error)));
    message.into_iter().chain(errors).collect()
}

/// Percent-encodes a part of a path or a query.
pub(super) fn encoded(part: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    part.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A string in a response; empty if it is missing.
pub(super) fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A number in a response.
pub(super) fn number(value: &Value, key: &str) -> Result<u64> {
    let found = value.get(key).and_then(Value::as_u64);
    found.ok_or_else(|| Failure::world(format!("the response of the forge has no `{key}`")))
}

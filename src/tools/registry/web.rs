//! The web: requests, what is asked again, and how long is waited. No token is sent, unless a caller gives one.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::http;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::unversioned::transport::NextTimeout;

use super::retry_after::Patience;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::system::clock;
use crate::tools::system::interrupt;

/// Who asks, and where its makers can be reached: crates.io wants to know.
pub(crate) const USER_AGENT: &str =
    match (env!("CARGO_PKG_REPOSITORY").is_empty(), env!("CARGO_PKG_HOMEPAGE").is_empty()) {
        (false, _) => concat!("cargo-release/", env!("CARGO_PKG_VERSION"), " (", env!("CARGO_PKG_REPOSITORY"), ")"),
        (true, false) => concat!("cargo-release/", env!("CARGO_PKG_VERSION"), " (", env!("CARGO_PKG_HOMEPAGE"), ")"),
        (true, true) => concat!("cargo-release/", env!("CARGO_PKG_VERSION")),
    };

/// Answers above this size are refused; the longest index file is a few MB.
const LARGEST_ANSWER: u64 = 64 * 1024 * 1024;
/// How many idle connections to one host are kept: as many as are in use at once, or each new question looks the host
/// up again.
const KEPT: usize = super::index::AT_ONCE;
/// The waits before a question is asked again, in milliseconds.
const AGAIN: [u64; 2] = [200, 1000];
const TO_CONNECT: Duration = Duration::from_secs(10);
const IN_ALL: Duration = Duration::from_secs(60);

/// A client for the web.
#[derive(Clone, Debug)]
pub(crate) struct Web {
    agent: Agent,
    patience: Option<Arc<Patience>>,
}

impl Web {
    /// A client; connections are kept and shared between its clones.
    pub(crate) fn new() -> Self {
        let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .user_agent(USER_AGENT)
            .http_status_as_error(false)
            .max_idle_connections_per_host(KEPT)
            .timeout_connect(Some(TO_CONNECT))
            .timeout_global(Some(IN_ALL))
            .build();
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), LookedUp::default()), patience: None }
    }

    /// A client that waits where it is told to come back later, within limits.
    pub(crate) fn patient() -> Self {
        Self { patience: Some(Arc::new(Patience::new())), ..Self::new() }
    }

    /// Gets what is at an address, whatever the status.
    ///
    /// # Errors
    /// There was no answer, or it was not one.
    pub(crate) fn get(&self, address: &str) -> Result<http::Response<Vec<u8>>> {
        let request = http::Request::get(address).body(()).or_world(|| format!("`{address}` is not an address"))?;
        self.send(request)
    }

    /// Gets an archive; none where the server says that there is none, or keeps it from us.
    ///
    /// # Errors
    /// There was no answer, or the server has no answer for now.
    pub(crate) fn download(&self, address: &str) -> Result<Option<Vec<u8>>> {
        let answer = self.get(address)?;
        match answer.status() {
            status if status.is_success() => Ok(Some(answer.into_body())),
            status if status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS => {
                Err(Failure::world(format!("`{address}` did not answer")).because(told(status)))
            }
            _ => Ok(None),
        }
    }

    /// Sends a request that only reads, and reads the whole answer, whatever the status. Where the connection breaks, or
    /// the server has no answer for a moment, it is sent again.
    ///
    /// # Errors
    /// There was no answer, or it was not one.
    pub(crate) fn send(&self, request: http::Request<()>) -> Result<http::Response<Vec<u8>>> {
        let address = request.uri().to_string();
        let what = || format!("`{address}` did not answer");
        let (mut parts, ()) = request.into_parts();
        parts.version = http::Version::HTTP_11;
        let (mut later, mut again) = (0, AGAIN.iter());
        loop {
            let answer = self.agent.run(http::Request::from_parts(parts.clone(), ())).and_then(whole);
            if self.waits(&parts, &answer, later) {
                later += 1;
                continue;
            }
            match again.next().filter(|_| is_passing(&answer) && !interrupt::asked()) {
                Some(milliseconds) => clock::pause(clock::jittered(Duration::from_millis(*milliseconds))),
                None => return answer.or_world(what),
            }
        }
    }

    /// Whether a server asked to come back later, and that was waited for.
    fn waits(&self, asked: &http::request::Parts, answer: &Answer, turn: u32) -> bool {
        let (Some(patience), Ok(answer)) = (&self.patience, answer) else { return false };
        patience.waits(asked.uri.host().unwrap_or_default(), (answer.status(), answer.headers()), turn)
    }
}

/// A whole answer, or why there is none.
type Answer = Result<http::Response<Vec<u8>>, ureq::Error>;

/// The whole answer: one that ends in the middle is none.
fn whole(answer: http::Response<ureq::Body>) -> Answer {
    let (parts, mut body) = answer.into_parts();
    let bytes = body.with_config().limit(LARGEST_ANSWER).read_to_vec()?;
    Ok(http::Response::from_parts(parts, bytes))
}

/// Whether the same question may be answered a moment later: the connection broke on the way, or a server in the middle
/// could not reach the one behind it. Nobody there, no such host and a time-out stay so.
fn is_passing(answer: &Answer) -> bool {
    match answer {
        Ok(answer) => matches!(answer.status().as_u16(), 500 | 502 | 504),
        Err(ureq::Error::Protocol(_)) => true,
        Err(ureq::Error::Io(error)) => {
            use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
            [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof].contains(&error.kind())
        }
        Err(_) => false,
    }
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// To be told.
    Get,
    /// To make something.
    Post,
    /// To change something in part.
    Patch,
    /// To put something in the place of another.
    Put,
    /// To take something away.
    Delete,
}

impl Method {
    /// As it is sent.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub(crate) struct RawAnswer {
    /// The status.
    pub status: u16,
    /// How long it asks to wait, in seconds.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

impl Web {
    /// A client that follows no redirect, so that what is sent goes to the host that is named and to no other.
    pub(crate) fn unredirected() -> Self {
        let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .user_agent(USER_AGENT)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(TO_CONNECT))
            .timeout_global(Some(IN_ALL))
            .build();
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), LookedUp::default()), patience: None }
    }

    /// Sends a request with a body, once, and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// There was no answer, or it was not one. The request may have had its effect.
    pub(crate) fn exchange(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<RawAnswer> {
        let start = http::Request::builder().method(method.word()).uri(address).version(http::Version::HTTP_11);
        let built = headers.iter().fold(start, |request, (name, value)| request.header(*name, *value));
        // What cannot be sent may hold a token, and is not quoted.
        let what = || format!("`{address}` cannot be asked");
        let answer = if body.is_empty() && matches!(method, Method::Get | Method::Delete) {
            self.agent.run(built.body(()).or_world(what)?)
        } else {
            self.agent.run(built.body(body.to_vec()).or_world(what)?)
        };
        let silent = || format!("`{address}` did not answer");
        let (parts, mut body) = answer.or_world(silent)?.into_parts();
        let bytes = body.with_config().limit(LARGEST_ANSWER).read_to_vec().or_world(silent)?;
        let seconds = |name: &str| parts.headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
        Ok(RawAnswer { status: parts.status.as_u16(), retry_after: seconds("retry-after"), body: bytes })
    }
}

impl Default for Web {
    fn default() -> Self {
        Self::new()
    }
}

/// Hosts that were looked up, each once: the library looks a host up for every request, also where it has a connection
/// already, and name servers are not all made for a hundred questions at once.
#[derive(Debug, Default)]
struct LookedUp {
    resolver: DefaultResolver,
    known: Mutex<BTreeMap<String, Vec<SocketAddr>>>,
}

impl Resolver for LookedUp {
    fn resolve(
        &self,
        uri: &http::Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = format!(
            "{}://{}",
            uri.scheme_str().unwrap_or_default(),
            uri.authority().map_or("", http::uri::Authority::as_str)
        );
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&host) {
            let mut all = self.empty();
            found.iter().for_each(|address| all.push(*address));
            return Ok(all);
        }
        let found = self.resolver.resolve(uri, config, timeout)?;
        known.insert(host, found.iter().copied().collect());
        Ok(found)
    }
}

/// A status in words.
pub(crate) fn told(status: http::StatusCode) -> String {
    match status {
        http::StatusCode::TOO_MANY_REQUESTS => "status 429: rate-limited".to_owned(),
        other => format!("status {}", other.as_u16()),
    }
}

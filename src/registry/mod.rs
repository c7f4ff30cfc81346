//! The registry in the box: a sparse index and a web API on 127.0.0.1, for rehearsals and for the tests.
//!
//! Cargo cannot tell it from a real one: uploads, the index with its caching, downloads, yanking and owners work as at
//! crates.io. It starts empty, on a free port, and stops when its handle is dropped; what was uploaded stays in its
//! directory, as `crates/NAME/NAME-VERSION.crate` and `index/…`, for people to look at. It can be told to go wrong
//! ([`Faults`]), as registries do, and to refuse by the rules of [`crate::check`]. It uses `check`, `tools`, `names` and
//! `error`, and reaches no network but loopback, unless it is given an [`Upstream`]: then it answers from there for all
//! that it does not have itself, and stores here what is uploaded.

mod answer;
mod faults;
mod http;
mod index;
mod limit;
mod owners;
mod preload;
mod publish;
mod state;
mod tcp_relay;
mod trusted;
mod upload;
mod upstream;

use std::net::Ipv4Addr;
#[cfg(feature = "testing")]
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::thread;
use std::thread::JoinHandle;

use jiff::Timestamp;
use semver::Version;
use tiny_http::Server;

#[cfg(feature = "testing")]
pub use self::faults::Fault;
pub use self::faults::Faults;
#[cfg(feature = "testing")]
pub use self::faults::Refusal;
#[cfg(feature = "testing")]
pub use self::faults::UploadLimit;
use self::preload::Shown;
#[cfg(feature = "testing")]
pub use self::state::Life;
use self::state::RegistryState;
use self::state::ShownAs;
use self::tcp_relay::Wire;
use self::upload::ReceivedUpload;
use self::upstream::OpenUpstream;
pub(crate) use self::upstream::Upstream;
use crate::check::Rules;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;
use crate::tools::system::files;

/// How a registry is started.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The one token that it takes; none by default: then any will do.
    pub token: Option<String>,
    /// Whether reading needs a token too.
    pub auth_required: bool,
    /// The port that it is reached at; another where it is taken, any by default.
    pub port: u16,
    /// What goes wrong.
    pub faults: Faults,
    /// What answers for all crates that are not here; nobody by default.
    pub upstream: Option<Upstream>,
    /// The rules by which uploads are refused; none by default: then only by the protocol's.
    pub rules: Option<Rules>,
}

/// A version that was uploaded and stored, whether the index shows it or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The crate.
    pub name: PackageName,
    /// The version.
    pub version: Version,
    /// The SHA-256 of the uploaded archive.
    pub checksum: Digest,
    /// Whether it is yanked.
    pub yanked: bool,
    /// When it came.
    pub uploaded_at: Timestamp,
}

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// `GET`, `PUT`, …
    pub method: String,
    /// The path, with its query.
    pub path: String,
}

/// A registry that runs until this is dropped.
#[derive(Debug)]
pub struct BoxedRegistry {
    shared: Arc<Shared>,
    stop: Stop,
}

/// What the threads that answer have in common.
#[derive(Debug)]
struct Shared {
    wire: Wire,
    /// Where it says that it is reached, where that is not where it listens.
    reached_at: OnceLock<String>,
    token: Option<String>,
    auth_required: bool,
    upstream: Option<Arc<OpenUpstream>>,
    rules: Option<Rules>,
    state: Mutex<RegistryState>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, RegistryState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its address, without a slash at the end.
    fn url(&self) -> String {
        self.reached_at.get().cloned().unwrap_or_else(|| format!("http://{}", self.wire.address()))
    }
}

/// The thread that waits for requests.
struct Stop {
    server: Arc<Server>,
    waiting: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stop").finish_non_exhaustive()
    }
}

impl BoxedRegistry {
    /// Starts one that takes any token and leaves its files in `dir`.
    ///
    /// # Errors
    /// No port can be had, or the directory cannot be made.
    #[cfg(feature = "testing")]
    pub fn start(dir: &Path, faults: Faults) -> Result<Self> {
        Self::start_with(dir, Settings { faults, ..Settings::default() })
    }

    /// Starts one with these settings.
    ///
    /// # Errors
    /// As `BoxedRegistry::start`.
    pub fn start_with(dir: &Path, settings: Settings) -> Result<Self> {
        let Settings { token, auth_required, port, faults, upstream, rules } = settings;
        let upstream = upstream.map(OpenUpstream::open).transpose()?;
        files::make_dir(dir)?;
        let cannot = || "the registry in the box cannot be started".to_owned();
        let server = Server::http((Ipv4Addr::LOCALHOST, 0))
            .map_err(|cause| Failure::world(cannot()).because(cause.to_string()))?;
        let address = server.server_addr().to_ip().ok_or_else(|| Failure::bug("the server has no port"))?;
        let wire = Wire::start(address, port).or_world(cannot)?;
        let state = Mutex::new(RegistryState::new(dir, faults));
        let shared =
            Arc::new(Shared { wire, reached_at: OnceLock::new(), token, auth_required, upstream, rules, state });
        let server = Arc::new(server);
        let waiting = Some(wait(Arc::clone(&server), Arc::clone(&shared)));
        Ok(Self { shared, stop: Stop { server, waiting } })
    }

    /// The index address as cargo's configuration takes it: `sparse+http://127.0.0.1:PORT/index/`.
    pub fn index_url(&self) -> String {
        format!("sparse+{}/index/", self.shared.url())
    }

    /// The address of the web API: `http://127.0.0.1:PORT`.
    #[cfg(feature = "testing")]
    pub fn api_url(&self) -> String {
        self.shared.url()
    }

    /// Where it listens.
    #[cfg(feature = "testing")]
    pub fn address(&self) -> SocketAddr {
        self.shared.wire.address()
    }

    /// Says from now on that it is reached at this address, where a proxy listens; it is said once.
    #[cfg(feature = "testing")]
    pub fn is_reached_at(&self, proxy: SocketAddr) {
        self.shared.reached_at.get_or_init(|| format!("http://{proxy}"));
    }

    /// Everything that was stored, in the order of the uploads.
    pub fn published(&self) -> Vec<Published> {
        self.shared.state().published()
    }

    /// From now on uploads need tokens of trusted publishing, which live that long.
    #[cfg(feature = "testing")]
    pub fn trust(&self, life: Life) {
        self.shared.state().trusted = Some(life);
    }

    /// The tokens of trusted publishing that were minted, each with whether it was revoked.
    #[cfg(feature = "testing")]
    pub fn minted(&self) -> Vec<(String, bool)> {
        self.shared.state().minted.iter().map(|minted| (minted.token.clone(), minted.revoked)).collect()
    }

    /// Every request so far, in the order in which they came.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.state().asked.clone()
    }

    /// The logins that were invited to own this crate and have not answered.
    #[cfg(feature = "testing")]
    pub fn invited(&self, package: &str) -> Vec<String> {
        self.shared.state().find(package).map(|krate| krate.owners.invited().to_vec()).unwrap_or_default()
    }

    /// From now on this goes wrong, and nothing else. What the index hides already stays hidden.
    #[cfg(feature = "testing")]
    pub fn set_faults(&self, faults: Faults) {
        self.shared.state().faults = faults;
    }

    /// Puts a version on the shelf without an upload: its line of the index, as cargo writes one when it packs, and its
    /// archive.
    ///
    /// # Errors
    /// The line cannot be understood, or the version is there already.
    pub fn stock(&self, line: &str, archive: &[u8]) -> Result<()> {
        let shown: Shown = serde_json::from_str(line).or_world(|| "a line of an index cannot be read".into())?;
        let upload = ReceivedUpload { metadata: shown.metadata(), archive };
        let stored = self.shared.state().store(upload, ShownAs::default());
        stored.map_err(|denied| Failure::world("an archive cannot be stored").because(denied.detail()))
    }

    /// Lets the index show everything that is stored, as it is.
    #[cfg(feature = "testing")]
    pub fn reveal(&self) {
        self.shared.state().reveal();
    }
}

impl Drop for BoxedRegistry {
    fn drop(&mut self) {
        self.shared.wire.close();
        self.stop.server.unblock();
        // A panic in that thread has been told where it happened.
        self.stop.waiting.take().into_iter().for_each(|waiting| waiting.join().unwrap_or(()));
    }
}

/// Answers each request in a thread of its own, so that a slow answer holds up no other.
fn wait(server: Arc<Server>, shared: Arc<Shared>) -> JoinHandle<()> {
    thread::spawn(move || {
        for request in server.incoming_requests() {
            let shared = Arc::clone(&shared);
            thread::spawn(move || http::answer(&shared, request));
        }
    })
}

//! A token on its way from this process to cargo: the credential gate, which cargo starts, fetches it over a socket in a
//! directory that is ours alone. It is in no environment, no argument and no file.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::system::environment::Secret;
use crate::tools::system::files;

/// A token that is offered for as long as this is kept.
pub(crate) struct Handover {
    dir: PathBuf,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Handover {
    /// Where it can be fetched.
    pub(crate) fn socket(&self) -> PathBuf {
        self.dir.join("token")
    }
}

#[cfg(unix)]
impl Handover {
    /// Offers a token.
    ///
    /// # Errors
    /// No socket can be made.
    pub(crate) fn offer(secret: &Secret) -> Result<Self> {
        let dir = files::temporary_dir("cargo-release-")?;
        let what = || "a token cannot be handed to cargo".to_owned();
        let listener = std::os::unix::net::UnixListener::bind(dir.join("token")).or_world(what)?;
        let over = Arc::new(AtomicBool::new(false));
        let (token, ended) = (secret.reveal().to_owned(), over.clone());
        let thread = std::thread::spawn(move || give(&listener, &token, &ended));
        Ok(Self { dir, over, thread: Some(thread) })
    }
}

/// Gives the token to whoever connects, until it is over.
#[cfg(unix)]
fn give(listener: &std::os::unix::net::UnixListener, token: &str, over: &AtomicBool) {
    use std::io::Write as _;
    for stream in listener.incoming() {
        if over.load(Ordering::SeqCst) {
            return;
        }
        // Who hangs up is given nothing.
        stream.and_then(|mut stream| stream.write_all(token.as_bytes())).unwrap_or(());
    }
}

#[cfg(not(unix))]
impl Handover {
    /// Offers a token.
    ///
    /// # Errors
    /// Always: there is no such socket here.
    pub fn offer(_: &Secret) -> Result<Self> {
        Err(Failure::unplannable("trusted publishing works on Unix alone")
            .help("publish from a job on Linux or macOS, or give cargo a token"))
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread, which then ends.
        drop(fetch(&self.socket()));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or(());
        }
        drop(files::remove(&self.dir));
    }
}

/// Fetches a token that is offered.
///
/// # Errors
/// Nobody offers one there.
#[cfg(unix)]
pub(crate) fn fetch(socket: &Path) -> Result<Secret> {
    use std::io::Read as _;
    let what = || "the token cannot be fetched".to_owned();
    let mut stream = std::os::unix::net::UnixStream::connect(socket).or_world(what)?;
    let mut token = String::new();
    stream.read_to_string(&mut token).or_world(what)?;
    if token.is_empty() { Err(Failure::world(what())) } else { Ok(Secret::new(token)) }
}

/// Fetches a token that is offered.
///
/// # Errors
/// Always: there is no such socket here.
#[cfg(not(unix))]
pub(crate) fn fetch(_: &Path) -> Result<Secret> {
    Err(Failure::world("the token cannot be fetched"))
}

//! SIGINT, SIGTERM and SIGHUP. The first is noted, and we stop where that is safe; what runs for us is asked to end. A
//! second one ends the process at once, and so does a first one that nothing reacts to: a release can be killed anywhere.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::clock;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::OrFail as _;
use crate::error::Result;

/// How long we may take to stop after the first signal.
const PATIENCE: Duration = Duration::from_secs(10);

static SIGNALS: AtomicUsize = AtomicUsize::new(0);

/// Set by the signal handler itself, before anything that was typed after Ctrl-C is read. The thread that counts signals hears
/// of them later: a `y` that follows at once would be taken for an answer.
static NOTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Begins to note signals instead of dying from them.
///
/// # Errors
/// The handler cannot be installed.
pub(crate) fn listen() -> Result<()> {
    let cannot = || "cannot install signal handlers".into();
    ctrlc::set_handler(signalled).or_world(cannot)?;
    note_at_once().or_world(cannot)
}

/// Calls the handlers that are there already as well.
#[cfg(unix)]
fn note_at_once() -> std::io::Result<()> {
    use signal_hook::consts;
    for signal in [consts::SIGINT, consts::SIGTERM, consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&NOTED))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn note_at_once() -> std::io::Result<()> {
    Ok(())
}

fn signalled() {
    if SIGNALS.fetch_add(1, Ordering::SeqCst) > 0 {
        leave();
    }
    std::thread::spawn(|| {
        clock::pause(PATIENCE);
        leave();
    });
}

/// Ends the process where it stands, with the status of an interruption.
fn leave() -> ! {
    std::process::exit(i32::from(Kind::Interrupted.exit_code()))
}

/// Whether we were asked to stop.
pub(crate) fn asked() -> bool {
    NOTED.load(Ordering::SeqCst) || SIGNALS.load(Ordering::SeqCst) > 0
}

/// Stops here where we were asked to.
///
/// # Errors
/// We were.
pub(crate) fn stop_if_asked() -> Result<()> {
    if asked() { Err(stopped()) } else { Ok(()) }
}

/// The failure that says that we were asked to stop.
pub(crate) fn stopped() -> Failure {
    Failure::interrupted("interrupted")
}

//! Ctrl-C and SIGTERM: noted, and asked for at places where stopping is safe.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to note interruptions instead of dying from them.
///
/// # Errors
/// The handler cannot be installed.
pub fn listen() -> Result<()> {
    ctrlc::set_handler(|| ASKED.store(true, Ordering::SeqCst)).or_world(|| "cannot install signal handlers".into())
}

/// Whether we were asked to stop.
pub fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Stops here where we were asked to.
///
/// # Errors
/// We were.
pub fn stop_if_asked() -> Result<()> {
    if asked() { Err(Failure::interrupted("interrupted")) } else { Ok(()) }
}

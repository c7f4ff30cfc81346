//! One release at a time: an advisory lock, with its holder's name in it. Uploads hold it too, so that it is free only when
//! one that outlived its release has ended.

use std::fs::File;
use std::fs::TryLockError;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::state_dir::StateDir;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::system::child;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::files;
use crate::tools::system::interrupt;

/// How long an upload that outlived its release is waited for.
const UPLOAD: Duration = Duration::from_secs(900);

/// How often it is looked whether the lock is free.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// The lock, held as long as this value lives.
#[derive(Debug)]
pub(crate) struct HeldLock {
    file: Arc<File>,
}

impl HeldLock {
    /// The locked file, for programs that are to hold it after we have ended.
    pub(crate) fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    /// Takes the lock. An upload that still runs though its release was killed is waited for, and this is reported.
    ///
    /// # Errors
    /// Another release holds it, the upload does not end, or we were asked to stop.
    pub(crate) fn take(room: &StateDir, tell: &mut dyn FnMut() -> Result<()>) -> Result<Self> {
        room.make()?;
        let path = room.lock();
        let file = files::open_or_make(&path)?;
        let watch = Stopwatch::start();
        let mut is_told = false;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => may_end(&path, watch.elapsed())?,
                Err(TryLockError::Error(error)) => {
                    return Err(error).or_world(|| format!("cannot lock `{}`", path.display()));
                }
            }
            if !is_told {
                is_told = true;
                tell()?;
            }
            interrupt::stop_if_asked()?;
            clock::pause(BETWEEN_LOOKS);
        }
        let holder = format!("process {}\n", std::process::id());
        files::rewrite(&file, holder.as_bytes()).or_world(|| format!("cannot write `{}`", path.display()))?;
        Ok(Self { file: Arc::new(file) })
    }
}

/// That a release runs here; none where nobody holds the lock.
///
/// # Errors
/// The lock cannot be looked at.
pub(crate) fn running(room: &StateDir) -> Result<Option<Failure>> {
    let path = room.lock();
    let Some(holder) = files::read_text(&path)? else { return Ok(None) };
    match files::open_or_make(&path)?.try_lock() {
        // It is let go at once.
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(taken(holder.trim_end(), &path.display().to_string()))),
        Err(TryLockError::Error(error)) => Err(error).or_world(|| format!("cannot lock `{}`", path.display())),
    }
}

/// Refuses to wait for a lock whose holder is alive, or has kept it for longer than an upload takes.
fn may_end(path: &Path, waited: Duration) -> Result<()> {
    let holder = files::read_text(path)?.unwrap_or_default();
    let id = holder.trim_end().strip_prefix("process ").and_then(|id| id.parse().ok());
    let is_alive = id.is_none_or(child::is_alive);
    if is_alive || waited >= UPLOAD {
        return Err(taken(holder.trim_end(), &path.display().to_string()));
    }
    Ok(())
}

fn taken(holder: &str, path: &str) -> Failure {
    Failure::interrupted("another release is running here")
        .because(format!("{holder}, or an upload that it began, holds `{path}`"))
        .help("wait until it ends; the lock is released with it")
}

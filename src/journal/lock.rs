//! One release at a time: an advisory lock, with its holder's name in it.

use std::fs::File;
use std::fs::TryLockError;

use super::state_dir::Room;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::system::files;

/// The lock, held as long as this value lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// Another process holds it.
    pub fn take(room: &Room) -> Result<Self> {
        room.make()?;
        let path = room.lock();
        let file = files::open_or_make(&path)?;
        match file.try_lock() {
            Ok(()) => {
                let holder = format!("process {}\n", std::process::id());
                files::rewrite(&file, holder.as_bytes()).or_world(|| format!("cannot write `{}`", path.display()))?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let holder = files::read_text(&path)?.unwrap_or_default();
                Err(Failure::interrupted("another release is running here")
                    .because(format!("{} holds `{}`", holder.trim_end(), path.display()))
                    .help("wait until it ends; the lock is released with the process"))
            }
            Err(TryLockError::Error(error)) => Err(error).or_world(|| format!("`{}` cannot be locked", path.display())),
        }
    }
}

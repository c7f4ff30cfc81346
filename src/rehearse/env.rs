//! What a release knows of the rehearsal that it is part of, as one process tells the other.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::cargo::config::StandIns;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;

/// The variable that tells a process where its [`Inside`] is.
const VARIABLE: &str = "CARGO_RELEASE_REHEARSAL";

/// A rehearsal, seen from the release in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inside {
    /// Which registries stand in for which.
    pub stand_ins: StandIns,
    /// `--config` of cargo, for every call.
    pub cargo_config: Vec<String>,
    /// `--config` of cargo, for uploads beside.
    pub upload_config: Vec<String>,
    /// The user's checkout.
    pub(crate) original: PathBuf,
    /// Its clone.
    pub(crate) clone: PathBuf,
    /// Where the user called.
    pub(crate) called_in: PathBuf,
}

impl Inside {
    /// The rehearsal that this process is part of.
    ///
    /// # Errors
    /// It was announced, and cannot be read.
    pub fn of(environment: &Environment) -> Result<Option<Self>> {
        let Some(path) = environment.get(VARIABLE) else { return Ok(None) };
        let what = || "the rehearsal cannot be read".to_owned();
        let text = files::read_text(Path::new(path))?.ok_or_else(|| Failure::world(what()))?;
        serde_json::from_str(&text).map(Some).or_world(what)
    }

    /// Writes it, and answers with the variable that announces it.
    pub(crate) fn announce(&self, path: &Path) -> Result<(&'static str, PathBuf)> {
        let text = serde_json::to_vec(self).or_world(|| "the rehearsal cannot be written".into())?;
        files::write(path, &text)?;
        Ok((VARIABLE, path.to_owned()))
    }

    /// Where something of the user's checkout is in the clone; elsewhere everything is where it is. A relative path is
    /// meant from where the user called.
    pub fn moved(&self, path: &Path) -> PathBuf {
        let path = self.called_in.join(path);
        path.strip_prefix(&self.original).map_or_else(|_elsewhere| path.clone(), |inside| self.clone.join(inside))
    }

    /// A file that is only read, where the user has it.
    pub fn meant(&self, path: &Path) -> PathBuf {
        self.called_in.join(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A manifest that is named by its whole path is the clone's, not the user's.
    #[test]
    fn paths_in_the_checkout_are_moved() {
        let inside = Inside {
            stand_ins: StandIns::default(),
            cargo_config: Vec::new(),
            upload_config: Vec::new(),
            original: "/home/ann/tea".into(),
            clone: "/tmp/r/tea".into(),
            called_in: "/home/ann/tea/cup".into(),
        };
        assert_eq!(inside.moved(Path::new("/home/ann/tea/pot/Cargo.toml")), Path::new("/tmp/r/tea/pot/Cargo.toml"));
        assert_eq!(inside.moved(Path::new("Cargo.toml")), Path::new("/tmp/r/tea/cup/Cargo.toml"));
        assert_eq!(inside.moved(Path::new("/etc/Cargo.toml")), Path::new("/etc/Cargo.toml"));
        assert_eq!(inside.meant(Path::new("release.toml")), Path::new("/home/ann/tea/cup/release.toml"));
    }
}

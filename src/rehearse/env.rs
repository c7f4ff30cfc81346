//! The facts about a rehearsal that its outer process passes to the release inside.

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

/// The environment variable with the path of the file that holds [`Inside`].
const VARIABLE: &str = "CARGO_RELEASE_REHEARSAL";

/// A rehearsal, as the release inside sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Inside {
    /// The local registries, by the registries they replace.
    pub stand_ins: StandIns,
    /// The `--config` arguments for every call of cargo.
    pub cargo_config: Vec<String>,
    /// Additional `--config` arguments for uploads.
    pub upload_config: Vec<String>,
    /// The user's checkout.
    pub(crate) original: PathBuf,
    /// Its clone.
    pub(crate) clone: PathBuf,
    /// The directory in which the user called the program.
    pub(crate) called_in: PathBuf,
}

impl Inside {
    /// The rehearsal that this process is part of, if any.
    ///
    /// # Errors
    /// The variable is set, but its file cannot be read.
    pub(crate) fn of(environment: &Environment) -> Result<Option<Self>> {
        let Some(path) = environment.get(VARIABLE) else { return Ok(None) };
        let what = || "cannot read the description of the rehearsal".to_owned();
        let text = files::read_text(Path::new(path))?.ok_or_else(|| Failure::world(what()))?;
        serde_json::from_str(&text).map(Some).or_world(what)
    }

    /// Writes the file, and returns the variable and its value.
    pub(crate) fn announce(&self, path: &Path) -> Result<(&'static str, PathBuf)> {
        let text = serde_json::to_vec(self).or_world(|| "cannot write the description of the rehearsal".into())?;
        files::write(path, &text)?;
        Ok((VARIABLE, path.to_owned()))
    }

    /// Translates a path in the user's checkout to the clone; other paths stay the same. A relative path is relative to the
    /// directory of the user's call.
    pub(crate) fn moved(&self, path: &Path) -> PathBuf {
        let path = self.called_in.join(path);
        path.strip_prefix(&self.original).map_or_else(|_elsewhere| path.clone(), |inside| self.clone.join(inside))
    }

    /// The absolute path of a file of the user's that is only read.
    pub(crate) fn meant(&self, path: &Path) -> PathBuf {
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

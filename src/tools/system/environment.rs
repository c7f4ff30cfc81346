//! The environment of this process, read once and passed on as a value.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;

use super::process::Program;
use crate::error::OrFail as _;
use crate::error::Result;

/// The variables and the directory that this process was started with.
#[derive(Clone, Debug)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    directory: PathBuf,
    executable: PathBuf,
}

/// A token. It is shown by nothing, written by nothing, and revealed only where it is sent.
pub struct Secret(String);

impl Secret {
    /// One that was received.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The token.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Environment {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// The current directory or the path of this program cannot be determined.
    pub fn of_process() -> Result<Self> {
        Ok(Self {
            variables: std::env::vars_os().collect(),
            directory: std::env::current_dir().or_unplannable(|| "cannot read the current directory".into())?,
            executable: std::env::current_exe()
                .or_unplannable(|| "cannot determine the path of this program".into())?,
        })
    }

    /// An environment of these variables, in this directory.
    #[cfg(feature = "testing")]
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>, directory: &Path, executable: &Path) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            directory: directory.to_owned(),
            executable: executable.to_owned(),
        }
    }

    /// A variable, where it is set.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// A variable as text, where it is set and is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(OsStr::to_str)
    }

    /// A secret, where it is set and not empty.
    pub fn secret(&self, name: &str) -> Option<Secret> {
        self.text(name).filter(|value| !value.is_empty()).map(|value| Secret(value.to_owned()))
    }

    /// The names of all variables that are text.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().filter_map(|name| name.to_str())
    }

    /// The current directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// This program.
    pub fn executable(&self) -> &Path {
        &self.executable
    }

    /// Whether there is a program of that name on the `PATH`, or at that path.
    pub fn has_program(&self, name: &Path) -> bool {
        if name.components().count() > 1 {
            return self.directory.join(name).exists();
        }
        let endings: &[&str] = if cfg!(windows) { &["", ".exe", ".cmd"] } else { &[""] };
        let path = self.get("PATH").unwrap_or_default();
        let mut places = std::env::split_paths(path).map(|dir| dir.join(name));
        places.any(|place| endings.iter().any(|ending| PathBuf::from(format!("{}{ending}", place.display())).is_file()))
    }

    /// The home directory.
    pub fn home(&self) -> Option<PathBuf> {
        self.get("HOME").or_else(|| self.get("USERPROFILE")).map(PathBuf::from)
    }

    /// Cargo's home: `CARGO_HOME`, else `.cargo` in the home directory.
    pub fn cargo_home(&self) -> Option<PathBuf> {
        self.get("CARGO_HOME").map(PathBuf::from).or_else(|| self.home().map(|home| home.join(".cargo")))
    }

    /// Lets a program reach 127.0.0.1 whatever proxy it is told of.
    pub fn reaching_loopback(&self, program: Program) -> Program {
        ["NO_PROXY", "no_proxy"].into_iter().fold(program, |program, name| {
            let before = self.text(name).filter(|before| !before.is_empty());
            program.env(name, before.map_or("127.0.0.1".to_owned(), |before| format!("{before},127.0.0.1")))
        })
    }
}

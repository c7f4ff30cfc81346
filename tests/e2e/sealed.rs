//! A directory that knows nothing of the machine's user: programs run with a home, a cargo home and a git
//! configuration of their own, without proxies and without any token but the given one.

#![expect(clippy::disallowed_methods, reason = "tests build the world that is released")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::support;

/// What a program left.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// Its stdout, of a program that has to go well.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self.stdout
    }
}

/// The directory, and the environment of whatever runs in it.
pub(crate) struct Sealed {
    dir: TempDir,
    variables: BTreeMap<String, OsString>,
}

impl Sealed {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let home = dir.path().join("home");
        std::fs::create_dir(&home).expect("a directory");
        let variables = support::variables(&home).into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut sealed = Self { variables: variables.collect(), dir };
        sealed.set("CARGO_TARGET_DIR", sealed.path("target"));
        sealed
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    pub(crate) fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, text).expect("written");
    }

    /// A program that is about to be started, in that directory, with this environment and no other.
    pub(crate) fn command(&self, program: impl AsRef<Path>, dir: &str) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().envs(&self.variables).current_dir(self.path(dir));
        command
    }

    /// Runs a program to its end.
    pub(crate) fn run(&self, program: impl AsRef<Path>, dir: &str, arguments: &[&str]) -> Said {
        let output = self.command(program, dir).args(arguments).output().expect("it starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text").trim_end().to_owned();
        Said { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

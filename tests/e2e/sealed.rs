//! A directory that knows nothing of the machine's user: programs run with a home, a cargo home and a git
//! configuration of their own, without proxies and without any token but the given one.

#![expect(clippy::disallowed_methods, reason = "tests build the world that is released")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// Of the machine's environment only this is handed on: where the programs are, and which toolchain.
const HANDED_ON: [&str; 5] = ["PATH", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "TMPDIR"];

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
        let mut variables = BTreeMap::new();
        for name in HANDED_ON {
            variables.extend(std::env::var_os(name).map(|value| (name.to_owned(), value)));
        }
        // The shims of rustup find the toolchains in the real home.
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".rustup"));
        if let Some(toolchains) = home.filter(|toolchains| toolchains.is_dir()) {
            variables.entry("RUSTUP_HOME".to_owned()).or_insert(toolchains.into());
        }
        let mut sealed = Self { dir, variables };
        for (name, place) in [("HOME", "home"), ("CARGO_HOME", "cargo-home"), ("CARGO_TARGET_DIR", "target")] {
            let place = sealed.path(place);
            std::fs::create_dir_all(&place).expect("a directory");
            sealed.set(name, place);
        }
        sealed.set("GIT_CONFIG_GLOBAL", "/dev/null");
        sealed.set("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            sealed.set(&format!("GIT_{role}_NAME"), "Gardener");
            sealed.set(&format!("GIT_{role}_EMAIL"), "gardener@example.invalid");
        }
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

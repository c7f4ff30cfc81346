//! Kellnr, a registry that others wrote, on a free port of 127.0.0.1, for as long as a story lasts.

#![expect(clippy::disallowed_methods, reason = "tests start the registry that is released to")]

use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

use cargo_release::testing::system::clock;
use cargo_release::testing::system::clock::Stopwatch;
use tempfile::TempDir;

use super::witness;

/// The token of its only user.
pub(crate) const TOKEN: &str = "Zy9HhJ02RJmg0GCrgLfaCVfU6IwDfhXD";

/// How to get it, for whoever runs the stories without it.
const INSTALL: &str = "install it with\n  \
    cargo install kellnr --version 6.5.3 --locked --root \"$HOME/.cache/cargo-release-e2e\"\n\
    (`.ci/run` does so; it wants perl, make and a C compiler, and takes a quarter of an hour), \
    or say where it is in the variable KELLNR";

const TO_START: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Who may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Open,
    /// Reading needs a token, as writing always does.
    Closed,
}

/// A Kellnr that runs until this is dropped.
pub(crate) struct Kellnr {
    process: Child,
    port: u16,
    data: TempDir,
}

impl Kellnr {
    /// Starts one with an empty database.
    pub(crate) fn start(door: Door) -> Self {
        let program = program();
        let data = tempfile::tempdir().expect("a directory");
        let port = free_port();
        let log = File::create(data.path().join("log")).expect("a log");
        let process = Command::new(&program)
            .arg("start")
            .env_clear()
            .env("HOME", data.path())
            .env("KELLNR_REGISTRY__DATA_DIR", data.path().join("data"))
            .env("KELLNR_REGISTRY__AUTH_REQUIRED", (door == Door::Closed).to_string())
            .env("KELLNR_LOCAL__IP", "127.0.0.1")
            .env("KELLNR_LOCAL__PORT", port.to_string())
            .env("KELLNR_ORIGIN__HOSTNAME", "127.0.0.1")
            .env("KELLNR_ORIGIN__PORT", port.to_string())
            .env("KELLNR_SETUP__ADMIN_PWD", "admin")
            .env("KELLNR_SETUP__ADMIN_TOKEN", TOKEN)
            .current_dir(data.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("`{}` does not start: {error}", program.display()));
        let mut started = Self { process, port, data };
        started.wait_for_health();
        started
    }

    /// The address of its index, as cargo's configuration takes it.
    pub(crate) fn index(&self) -> String {
        format!("sparse+{}/api/v1/crates/", self.address())
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_for_health(&mut self) {
        let health = format!("{}/api/v1/health", self.address());
        let watch = Stopwatch::start();
        while watch.elapsed() < TO_START {
            if witness::get(&health, None).is_some_and(|answer| answer.status().is_success()) {
                return;
            }
            if let Some(status) = self.process.try_wait().expect("its state") {
                panic!("Kellnr ended with {status} before it answered:\n{}", self.log());
            }
            clock::pause(BETWEEN_LOOKS);
        }
        panic!("Kellnr did not answer within {TO_START:?}:\n{}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.data.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Kellnr {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        // While a story fails already, its own words count.
        if let Err(error) = ended.map(drop)
            && !std::thread::panicking()
        {
            panic!("Kellnr cannot be stopped: {error}");
        }
    }
}

/// Where it is: as `KELLNR` says, else where `.ci/run` puts it. These stories are never skipped.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("KELLNR") {
        let named = PathBuf::from(named);
        assert!(named.is_file(), "KELLNR is `{}`, and there is no such file; {INSTALL}", named.display());
        return named;
    }
    let home = PathBuf::from(std::env::var_os("HOME").expect("HOME is set"));
    let cached = home.join(".cache").join("cargo-release-e2e").join("bin").join("kellnr");
    assert!(cached.is_file(), "Kellnr is needed and `{}` does not exist; {INSTALL}", cached.display());
    cached
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

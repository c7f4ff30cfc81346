//! What is observed of real repositories, workspaces and a registry on the loopback interface.

#![expect(clippy::disallowed_methods, reason = "tests build what is observed")]

mod history;
mod merges;
mod moves;
mod registries;
mod releases;
mod repository;
mod workspace;

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use super::*;
use crate::config::MemberFacts;
use crate::config::Sources;
use crate::config::VersionSource;
use crate::config::resolve;
use crate::names::PackageName;

/// Set in a process whose environment is sealed.
const SEALED: &str = "CARGO_RELEASE_TEST_IS_SEALED";

/// A repository of a test's own, in a directory that goes with it.
struct World {
    dir: TempDir,
}

/// Runs a test in a process of its own, whose environment holds nothing of the machine's: libgit2 and the programs that
/// are started read the user's configuration otherwise.
fn sealed(module: &str, test: &str, body: impl FnOnce(&World)) {
    if std::env::var_os(SEALED).is_some() {
        body(&World::new());
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let name = format!("{}::{test}", module.split_once("::").unwrap().1);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--nocapture", "--test-threads=1"])
        .current_dir(home.path())
        .env_clear()
        .envs(variables(home.path()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "no test of that name: {name}");
}

fn variables(home: &Path) -> Vec<(&'static str, std::ffi::OsString)> {
    let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let rustup = rustup.or_else(|| std::env::home_dir().map(|home| home.join(".rustup")));
    let mut variables: Vec<(&str, std::ffi::OsString)> = vec![
        (SEALED, "1".into()),
        ("HOME", home.into()),
        ("CARGO_HOME", home.join("cargo").into()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        ("GIT_AUTHOR_NAME", "Ann".into()),
        ("GIT_AUTHOR_EMAIL", "ann@example.com".into()),
        ("GIT_COMMITTER_NAME", "Ann".into()),
        ("GIT_COMMITTER_EMAIL", "ann@example.com".into()),
        ("GIT_AUTHOR_DATE", "1700000000 +0000".into()),
        ("GIT_COMMITTER_DATE", "1700000000 +0000".into()),
    ];
    variables.extend(rustup.map(|rustup| ("RUSTUP_HOME", rustup.into())));
    for name in ["PATH", "CARGO", "TMPDIR"] {
        variables.extend(std::env::var_os(name).map(|value| (name, value)));
    }
    variables
}

impl World {
    fn new() -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::create_dir(world.root()).unwrap();
        world.git(&["init", "--quiet", "--initial-branch=main"]);
        world
    }

    /// The checkout.
    fn root(&self) -> PathBuf {
        self.dir.path().join("checkout")
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git").args(arguments).current_dir(self.root()).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn checkout(&self) -> Checkout {
        Checkout::discover(&self.root()).unwrap()
    }

    /// A crate without code, named as its directory is.
    fn package(&self, dir: &str, rest: &str) -> &Self {
        let name = dir.rsplit('/').next().unwrap();
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n{rest}");
        self.write(&format!("{dir}/Cargo.toml"), &manifest).write(&format!("{dir}/src/lib.rs"), "")
    }

    fn options(&self) -> Options {
        Options { offline: true, ..Options::default() }
    }

    /// The environment of the test, in the checkout.
    fn environment(&self) -> Environment {
        Environment::new(std::env::vars_os(), &self.root(), Path::new("cargo-release"))
    }

    fn place(&self) -> Located {
        locate(&self.environment(), &self.options()).unwrap()
    }
}

/// The configuration of these packages where nothing is configured.
fn defaults<'a>(packages: impl IntoIterator<Item = &'a PackageName>) -> Config {
    let member = |name: &PackageName| MemberFacts {
        name: name.clone(),
        is_root: false,
        version: VersionSource::Own,
        publishes_nowhere: false,
    };
    resolve(&Sources::default(), &packages.into_iter().map(member).collect::<Vec<_>>()).unwrap()
}

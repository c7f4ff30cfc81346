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
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::config::FeaturesInZero;
use crate::config::MetadataPolicy;
use crate::config::PackageSettings;
use crate::config::PushBranch;
use crate::config::WorkspaceSettings;
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
    let workspace = WorkspaceSettings {
        stage_copy: Vec::new(),
        stage_also: Vec::new(),
        allow_branch: vec!["*".into(), "!HEAD".into()],
        sign_commit: false,
        push: true,
        push_remote: "origin".into(),
        push_options: Vec::new(),
        consolidate_commits: true,
        pre_release_commit_message: "chore: Release".into(),
        features_in_zero: FeaturesInZero::Patch,
        notes: Some(".changes".into()),
        changelog_links: crate::config::ChangelogLinks::Off,
        push_branch: PushBranch::Before,
        rate_limit: crate::config::RateLimit { new_packages: 5, existing_packages: 30 },
        check: crate::config::CheckSettings::default(),
        pr: crate::config::PrSettings::default(),
        forge: crate::config::ForgeSettings::default(),
        announce: crate::config::AnnounceSettings::default(),
        trusted_publishing: crate::config::TrustedPublishing::default(),
        confirm_timeout: Duration::from_secs(900),
        publish_retry: Duration::from_secs(900),
        publish_deadline: None,
    };
    let packages = packages.into_iter().map(|name| (name.clone(), package_defaults()));
    Config { workspace, packages: packages.collect::<BTreeMap<_, _>>() }
}

fn package_defaults() -> PackageSettings {
    PackageSettings {
        sign_commit: false,
        release: true,
        release_is_own: false,
        publish: true,
        registry: None,
        verify: true,
        enable_features: Vec::new(),
        enable_all_features: false,
        target: None,
        dependent_version: None,
        shared_version: None,
        metadata: MetadataPolicy::Optional,
        tag: true,
        sign_tag: false,
        tag_name: "{{prefix}}v{{version}}".into(),
        tag_prefix: None,
        tag_message: None,
        pre_release_commit_message: "chore: Release".into(),
        pre_release_hook: Vec::new(),
        pre_release_replacements: Vec::new(),
        owners: Vec::new(),
        push: true,
        changelog_enabled: true,
        changelog_path: "CHANGELOG.md".into(),
        changelog_create: None,
        bump: crate::config::BumpSettings::default(),
    }
}

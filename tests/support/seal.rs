//! The environment of a story: the toolchain and nothing else of the machine's.

use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// Set in a process whose environment is sealed.
const SEALED: &str = "CARGO_RELEASE_TEST_IS_SEALED";

/// The cargo that runs the tests.
pub(super) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// All variables that a program gets, for a home.
pub fn variables(home: &Path) -> Vec<(&'static str, OsString)> {
    let rustup = std::env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let rustup = rustup.or_else(|| std::env::home_dir().map(|home| home.join(".rustup")));
    let mut variables: Vec<(&str, OsString)> = vec![
        ("HOME", home.into()),
        ("CARGO_HOME", home.join("cargo").into()),
        ("CARGO_INCREMENTAL", "0".into()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        ("GIT_TERMINAL_PROMPT", "0".into()),
        ("GIT_AUTHOR_NAME", "Ann".into()),
        ("GIT_AUTHOR_EMAIL", "ann@example.com".into()),
        ("GIT_COMMITTER_NAME", "Ann".into()),
        ("GIT_COMMITTER_EMAIL", "ann@example.com".into()),
        ("NO_PROXY", "127.0.0.1".into()),
        // There is none, whatever the machine has.
        ("CARGO_SEMVER_CHECKS", "".into()),
    ];
    variables.extend(rustup.map(|rustup| ("RUSTUP_HOME", rustup.into())));
    for name in ["PATH", "CARGO", "RUSTUP_TOOLCHAIN", "TMPDIR"] {
        variables.extend(std::env::var_os(name).map(|value| (name, value)));
    }
    variables
}

/// Runs a test in a process of its own whose environment is sealed: what it calls in this process reads the user's
/// configuration otherwise.
pub fn sealed(test: &str, body: impl FnOnce()) {
    if std::env::var_os(SEALED).is_some() {
        return body();
    }
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_clear()
        .envs(variables(home.path()))
        .env(SEALED, "1")
        .envs(std::env::var_os("SNAPSHOTS").map(|value| ("SNAPSHOTS", value)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("1 passed"), "no test of that name: {test}");
}

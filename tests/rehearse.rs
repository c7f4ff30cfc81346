//! A rehearsal of a workspace that is bound for crates.io, with another registry in a box for the real one.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use cargo_release::testing::registry::BoxedRegistry;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::system::files;
use cargo_release::testing::system::process::Output;
use cargo_release::testing::system::process::Program;
use tempfile::TempDir;

/// Cargo's own hook for tests: what crates.io is.
const HOOK: &str = "__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS";

/// A workspace of two crates, one of which needs a third that is published already, its remote, and "crates.io".
struct Tearoom {
    dir: TempDir,
    crates_io: BoxedRegistry,
}

impl Tearoom {
    fn open() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let crates_io = BoxedRegistry::start(&dir.path().join("crates-io"), Faults::none()).expect("a registry");
        let tearoom = Self { dir, crates_io };
        tearoom.write_crate("water", "");
        tearoom.run("water", "cargo publish --allow-dirty").expect_success();
        tearoom.write("tea/Cargo.toml", "[workspace]\nmembers = [\"leaf\", \"cup\"]\nresolver = \"3\"\n");
        tearoom.write("tea/.gitignore", "/target\n");
        tearoom.write_crate("tea/leaf", "water = \"0.1\"");
        tearoom.write_crate("tea/cup", "leaf = { version = \"0.1\", path = \"../leaf\" }");
        tearoom.run("tea", "cargo generate-lockfile").expect_success();
        for command in [
            "git init --quiet --initial-branch=main",
            "git init --quiet --bare ../remote.git",
            "git config user.name Ann",
            "git config user.email ann@example.invalid",
            "git add --all",
            "git commit --quiet --message=feat:-tea",
            "git remote add origin ../remote.git",
            "git push --quiet --set-upstream origin main",
        ] {
            tearoom.run("tea", command).expect_success();
        }
        tearoom
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        files::write(&self.path(path), text.as_bytes()).expect("a file");
    }

    fn write_crate(&self, dir: &str, dependency: &str) {
        let name = dir.rsplit('/').next().expect("a name");
        let package = format!("name = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\nlicense = \"MIT\"");
        let manifest = format!("[package]\n{package}\ndescription = \"Tea\"\n[dependencies]\n{dependency}\n");
        self.write(&format!("{dir}/Cargo.toml"), &manifest);
        self.write(&format!("{dir}/src/lib.rs"), "");
    }

    /// Runs a program with nothing of the user's, and with the box where crates.io would be.
    fn run(&self, dir: &str, line: &str) -> Ended {
        let mut words = line.split(' ');
        let name = words.next().expect("a program");
        let name = if name == "cargo" { env!("CARGO") } else { name };
        let unset = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE"];
        let program = Program::new(name)
            .args(words)
            .dir(&self.path(dir))
            .env("HOME", self.path("home"))
            .env("CARGO_HOME", self.path("cargo-home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("NO_COLOR", "1")
            .env("TMPDIR", self.dir.path())
            .env("CARGO_REGISTRY_TOKEN", "the-users-own")
            .env(HOOK, self.crates_io.index_url());
        let program = unset.into_iter().fold(program, Program::without_env);
        Ended { line: line.to_owned(), output: program.run().expect("it starts") }
    }

    fn rehearse(&self, arguments: &str) -> Ended {
        self.run("tea", &format!("{} release rehearse{arguments}", env!("CARGO_BIN_EXE_cargo-release")))
    }

    /// Rehearses packages that may go to crates.io alone, with a cargo that does this first; nothing may be uploaded.
    fn rehearse_with_own_cargo(&self, first: &str) -> Ended {
        self.lists_crates_io_alone();
        self.write("own-cargo", &format!("#!/bin/sh\n{first}\nexec '{}' \"$@\"\n", env!("CARGO")));
        self.run(".", "chmod +x own-cargo").expect_success();
        let (before, cargo) = (self.uploads(), self.path("own-cargo"));
        let line = format!("env CARGO={} {} release rehearse", cargo.display(), env!("CARGO_BIN_EXE_cargo-release"));
        let ended = self.run("tea", &line);
        assert_eq!(self.uploads(), before, "{}", ended.output.stderr);
        ended
    }

    /// Both packages may go to crates.io and nowhere else.
    fn lists_crates_io_alone(&self) {
        for path in ["tea/leaf/Cargo.toml", "tea/cup/Cargo.toml"] {
            let text = files::read_text(&self.path(path)).expect("a file").unwrap_or_default();
            self.write(path, &text.replace("[package]\n", "[package]\npublish = [\"crates-io\"]\n"));
        }
        self.run("tea", "git commit --quiet --all --message=chore:-crates.io-alone").expect_success();
    }

    /// Every file of the checkout and of the remote, with its bytes.
    fn everything(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.path("tea"), &mut found);
        collect(&self.path("remote.git"), &mut found);
        found
    }

    fn uploads(&self) -> usize {
        self.crates_io.requests().iter().filter(|asked| asked.method != "GET").count()
    }
}

fn collect(dir: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let bytes = files::read(&path).expect("a file").unwrap_or_default();
            found.insert(path, bytes);
        }
    }
}

/// A program that ended.
struct Ended {
    line: String,
    output: Output,
}

impl Ended {
    fn expect_success(&self) {
        assert!(self.output.success(), "{}\n{}\n{}", self.line, self.output.text(), self.output.stderr);
    }
}

/// The whole release is carried out, and nothing of it reaches what is real.
#[test]
fn nothing_real_is_touched() {
    let tearoom = Tearoom::open();
    let (before, uploads) = (tearoom.everything(), tearoom.uploads());
    let ended = tearoom.rehearse("");
    ended.expect_success();
    let said = ended.output.text();
    let at = |text: &str| said.find(text).unwrap_or_else(|| panic!("no `{text}` in:\n{said}"));
    assert!(at("  leaf 0.1.0 to crates.io, sha256 ") < at("  cup 0.1.0 to crates.io, sha256 "));
    assert!(said.contains("were not changed"), "{said}");
    assert_eq!(tearoom.everything(), before);
    assert_eq!(tearoom.uploads(), uploads);
    let left = files::directories(tearoom.dir.path()).expect("directories");
    assert!(!left.iter().any(|dir| dir.to_string_lossy().contains("rehearsal")), "{left:?}");
}

/// What is kept can be looked at: the packages are bound for crates.io, and the remote has branch and tags.
#[test]
fn what_is_kept_is_the_release() {
    let tearoom = Tearoom::open();
    tearoom.rehearse(" --keep ../kept").expect_success();
    let refs = tearoom.run("kept/remote.git", "git for-each-ref --format=%(refname)").output.text();
    assert_eq!(refs, "refs/heads/main\nrefs/tags/cup-v0.1.0\nrefs/tags/leaf-v0.1.0");
    let stored = tearoom.path("kept/registry/crates-io/crates");
    let packed =
        tearoom.run("kept", &format!("tar -xzOf {}/cup/cup-0.1.0.crate cup-0.1.0/Cargo.lock", stored.display()));
    let sources: Vec<String> =
        packed.output.text().lines().filter(|line| line.starts_with("source")).map(str::to_owned).collect();
    assert!(!sources.is_empty() && sources.iter().all(|line| !line.contains("127.0.0.1")), "{sources:?}");
}

/// A rehearsal does not start where the release would not, and says the same.
#[test]
fn a_dirty_tree_is_not_rehearsed() {
    let tearoom = Tearoom::open();
    tearoom.write("tea/leaf/src/lib.rs", "pub fn draw() {}");
    let ended = tearoom.rehearse("");
    assert_eq!(ended.output.code, Some(1));
    assert!(ended.output.text().contains("error[dirty-tree]"), "{}", ended.output.text());
}

/// A hook can reach anything, so it runs only where that was asked for.
#[test]
fn hooks_are_asked_for() {
    let tearoom = Tearoom::open();
    tearoom.write("tea/release.toml", "pre-release-hook = [\"touch\", \"../hooked\"]\n");
    tearoom.run("tea", "git add --all").expect_success();
    tearoom.run("tea", "git commit --quiet --message=chore:-hook").expect_success();
    let before = tearoom.everything();
    let refused = tearoom.rehearse("");
    assert_eq!(refused.output.code, Some(1), "{}", refused.output.stderr);
    assert!(refused.output.stderr.contains("rehearse --hooks"), "{}", refused.output.stderr);
    tearoom.rehearse(" --hooks").expect_success();
    assert_eq!(tearoom.everything(), before);
}

/// A list that has crates.io alone keeps every other name out; the box then answers to that name, and what is packed and
/// uploaded is the same.
#[test]
fn a_list_of_crates_io_alone_is_kept() {
    let tearoom = Tearoom::open();
    tearoom.rehearse(" --keep ../unlisted").expect_success();
    tearoom.lists_crates_io_alone();
    let (before, uploads) = (tearoom.everything(), tearoom.uploads());
    tearoom.rehearse(" --keep ../kept").expect_success();
    assert_eq!(tearoom.everything(), before);
    assert_eq!(tearoom.uploads(), uploads);
    let lock = |kept: &str| {
        let archive = tearoom.path(kept).join("registry/crates-io/crates/cup/cup-0.1.0.crate");
        let read = format!("tar -xzOf {} cup-0.1.0/Cargo.lock", archive.display());
        let lock = tearoom.run("tea", &read).output.text();
        lock.lines().filter(|line| !line.starts_with("checksum")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lock("kept"), lock("unlisted"));
}

/// A cargo that does not ask the box is found out before anything starts, and nothing is uploaded anywhere.
#[test]
fn a_cargo_that_knows_better_is_refused() {
    let tearoom = Tearoom::open();
    let index = tearoom.crates_io.index_url();
    let ended = tearoom.rehearse_with_own_cargo(&format!("export {HOOK}='{index}'"));
    assert_eq!(ended.output.code, Some(1), "{}", ended.output.stderr);
    assert!(ended.output.stderr.contains("cannot be rehearsed with this version of cargo"), "{}", ended.output.stderr);
}

/// One that turns elsewhere only when it uploads reaches nothing: uploads can go to 127.0.0.1 alone.
#[test]
fn uploads_reach_nothing_else() {
    let tearoom = Tearoom::open();
    tearoom.write("tea/release.toml", "[publish]\nretry = 1\n");
    tearoom.run("tea", "git add --all").expect_success();
    tearoom.run("tea", "git commit --quiet --message=chore:-tea").expect_success();
    let elsewhere = tearoom.crates_io.index_url().replace("127.0.0.1", "localhost");
    let turn = format!("if [ \"$1\" = publish ]; then export {HOOK}='{elsewhere}'; fi");
    let ended = tearoom.rehearse_with_own_cargo(&turn);
    assert_eq!(ended.output.code, Some(3), "{}", ended.output.stderr);
}

//! The sealed world that stories happen in: a workspace in a real repository with a bare remote, registries on loopback,
//! homes of their own, and the real program.
//!
//! Nothing of the machine's is read but the toolchain, and nothing but 127.0.0.1 is reached. Dates are fixed, so that
//! the same story gives the same commits every time.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test program uses a part of it")]

mod ends;
mod forge;
mod forge_commits;
mod kept;
mod member;
mod proxy;
mod run;
mod seal;
mod state;

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use cargo_release::testing::names::RegistryName;
use cargo_release::testing::registry::BoxedRegistry;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Settings;
use tempfile::TempDir;

pub use self::forge::Dialect;
pub use self::forge::Fault;
pub use self::forge::Forge;
pub use self::forge::TOKEN;
pub use self::kept::here;
pub use self::kept::is_as_the_schema_says;
pub use self::kept::is_kept;
pub use self::member::Member;
pub use self::member::facts;
pub use self::proxy::Asked;
pub use self::proxy::Break;
pub use self::proxy::Exchange;
pub use self::proxy::Proxy;
pub use self::run::Run;
pub use self::seal::sealed;
pub use self::seal::variables;
pub use self::state::State;

/// The registry that packages go to where a story does not say otherwise.
pub const BOX: &str = "box";

/// When the first commit of a story is made: 2026-11-01 in UTC, in seconds since 1970.
const BEGINNING: i64 = 1_793_491_200;

/// When its release is made: 2026-11-22 in UTC. The release commit and `SOURCE_DATE_EPOCH` have it.
const RELEASE_DAY: i64 = 1_795_305_600;

/// A workspace that is described, and not made yet.
pub struct Workspace {
    members: Vec<Member>,
    files: Vec<(String, String)>,
    registries: Vec<&'static str>,
    root: &'static str,
}

impl Workspace {
    /// A workspace of these members.
    pub fn of(members: impl IntoIterator<Item = Member>) -> Self {
        Self { members: members.into_iter().collect(), files: Vec::new(), registries: vec![BOX], root: "" }
    }

    /// With a file, by its path from the root.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// With these lines in its `release.toml`.
    pub fn configured(self, text: &str) -> Self {
        self.file("release.toml", text)
    }

    /// With these lines at the end of the root manifest.
    pub fn root(mut self, text: &'static str) -> Self {
        self.root = text;
        self
    }

    /// With these registries instead of the one.
    pub fn registries(mut self, names: &[&'static str]) -> Self {
        self.registries = names.to_vec();
        self
    }

    /// Makes it: committed once, and pushed.
    pub fn made(self) -> World {
        let world = World::empty(&self.registries);
        let names: Vec<String> = self.members.iter().map(|member| format!("{:?}", member.name)).collect();
        let head = format!("[workspace]\nmembers = [{}]\nresolver = \"3\"\n", names.join(", "));
        world.write("Cargo.toml", &format!("{head}{}", self.root));
        world.write(".gitignore", "/target\n/ignored\n");
        for member in &self.members {
            world.write(&format!("{}/Cargo.toml", member.name), &member.manifest(&self.members));
            world.write(&format!("{}/src/lib.rs", member.name), &format!("//! {}\n", member.name));
        }
        for (path, text) in &self.files {
            world.write(path, text);
        }
        world.cargo(&["generate-lockfile", "--offline", "--quiet"]);
        world.commit("feat: begin");
        world.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        world
    }
}

/// A workspace with all that is around it. It goes when it is dropped.
pub struct World {
    dir: TempDir,
    registries: BTreeMap<&'static str, BoxedRegistry>,
    commits: AtomicI64,
    hasty: AtomicBool,
    proxy: OnceLock<Proxy>,
    is_crates_io: AtomicBool,
}

impl World {
    /// A repository without a commit, its remote, and these registries.
    pub fn empty(registries: &[&'static str]) -> Self {
        let world = Self::around(registries);
        std::fs::create_dir(world.checkout()).unwrap();
        world.git(&["init", "--quiet", "--template=", "--initial-branch=main"]);
        world.git(&["init", "--quiet", "--template=", "--initial-branch=main", "--bare", "../remote.git"]);
        world.git(&["remote", "add", "origin", "../remote.git"]);
        world
    }

    /// Another world with the same checkout and remote, and registries that are empty.
    pub fn twin(&self) -> Self {
        let names: Vec<&'static str> = self.registries.keys().copied().collect();
        let twin = Self::around(&names);
        twin.commits.store(self.commits.load(Ordering::SeqCst), Ordering::SeqCst);
        let places = [self.checkout(), self.path("remote.git")];
        said(self.command("cp", self.dir.path()).arg("-R").args(places).arg(twin.dir.path()));
        twin
    }

    /// Registries, cargo's configuration and a home.
    fn around(registries: &[&'static str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let start = |name: &&'static str| {
            (*name, BoxedRegistry::start(&dir.path().join("registries").join(name), Faults::none()).unwrap())
        };
        let registries = registries.iter().map(start).collect();
        let world = Self {
            dir,
            registries,
            commits: AtomicI64::new(0),
            hasty: AtomicBool::new(false),
            proxy: OnceLock::new(),
            is_crates_io: AtomicBool::new(false),
        };
        world.configures_cargo();
        std::fs::create_dir(world.path("home")).unwrap();
        world
    }

    /// Tells cargo where the registries are: beside the checkout and not in it, since the port differs each time and the
    /// commits must not.
    fn configures_cargo(&self) {
        let index = |(name, registry): (&&str, &BoxedRegistry)| {
            format!("[registries.{name}]\nindex = \"{}\"\n", registry.index_url())
        };
        put(&self.path(".cargo/config.toml"), &self.registries.iter().map(index).collect::<String>());
    }

    /// The proxy that everybody reaches the box through from now on.
    pub fn proxy(&self) -> &Proxy {
        self.proxy.get_or_init(|| {
            let proxy = Proxy::before(self.registry(BOX).address());
            self.registry(BOX).is_reached_at(proxy.address());
            self.configures_cargo();
            proxy
        })
    }

    /// The box stands in for crates.io from now on.
    pub fn is_crates_io(&self) -> &Self {
        self.is_crates_io.store(true, Ordering::SeqCst);
        self
    }

    /// A path beside the checkout.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// The checkout.
    pub fn checkout(&self) -> PathBuf {
        self.path("checkout")
    }

    /// The registry of that name.
    pub fn registry(&self, name: &str) -> &BoxedRegistry {
        &self.registries[name]
    }

    /// From now on this goes wrong in the registry.
    pub fn goes_wrong(&self, faults: Faults) -> &Self {
        self.registry(BOX).set_faults(faults);
        self
    }

    /// Nothing goes wrong any more, and what was hidden is shown.
    pub fn is_mended(&self) -> &Self {
        self.goes_wrong(Faults::none());
        self.registry(BOX).reveal();
        self
    }

    /// Cargo does not wait for the index after an upload, as its own configuration can say of the unstable kind.
    pub fn cargo_does_not_wait(&self) -> &Self {
        let path = self.path(".cargo/config.toml");
        let config = std::fs::read_to_string(&path).unwrap();
        let hasty = "[unstable]\npublish-timeout = true\n[publish]\ntimeout = 0\n";
        put(&path, &format!("{config}{hasty}"));
        self.hasty.store(true, Ordering::SeqCst);
        self
    }

    /// Writes a file of the checkout.
    pub fn write(&self, path: &str, text: &str) -> &Self {
        put(&self.checkout().join(path), text);
        self
    }

    /// The text of a file of the checkout; empty where there is none.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.checkout().join(path)).unwrap_or_default()
    }

    /// Writes a file and commits it.
    pub fn change(&self, message: &str, path: &str, text: &str) -> &Self {
        self.write(path, text);
        self.commit(message);
        self
    }

    /// Commits all there is, a day after the commit before.
    pub fn commit(&self, message: &str) -> String {
        let day = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        self.git(&["add", "--all"]);
        let date = format!("{} +0000", BEGINNING + 86_400 * day);
        let program = ["commit", "--quiet", "--allow-empty", "--message", message];
        let mut command = self.command("git", &self.checkout());
        said(command.args(program).env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date));
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs git in the checkout, and takes what it says.
    pub fn git(&self, arguments: &[&str]) -> String {
        said(self.command("git", &self.checkout()).args(arguments))
    }

    /// Runs git in the remote, and takes what it says.
    pub fn remote(&self, arguments: &[&str]) -> String {
        said(self.command("git", &self.path("remote.git")).args(arguments))
    }

    /// Runs cargo in the checkout, and takes what it says.
    pub fn cargo(&self, arguments: &[&str]) -> String {
        said(self.command(seal::cargo(), &self.checkout()).args(arguments))
    }

    /// Puts a hook into the remote: a shell script.
    pub fn remote_hook(&self, name: &str, script: &str) -> &Self {
        script_at(&self.path("remote.git/hooks").join(name), script);
        self
    }

    /// Takes a hook of the remote away.
    pub fn without_remote_hook(&self, name: &str) -> &Self {
        std::fs::remove_file(self.path("remote.git/hooks").join(name)).unwrap();
        self
    }

    /// Somebody else publishes this version, from other sources.
    pub fn somebody_publishes(&self, name: &str, version: &str) -> &Self {
        let dir = self.path("somebody");
        let package = format!("[package]\nname = {name:?}\nversion = {version:?}\nedition = \"2024\"\n");
        put(&dir.join("Cargo.toml"), &format!("{package}publish = [{BOX:?}]\n"));
        put(&dir.join("src/lib.rs"), "//! Somebody else's.\n");
        said(self.command(seal::cargo(), &dir).args(["publish", "--no-verify", "--quiet"]));
        self
    }

    /// A command in this world and no other.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).env_clear().envs(variables(&self.path("home")));
        command.env("CARGO_TARGET_DIR", self.path("target"));
        let date = format!("{RELEASE_DAY} +0000");
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        command.env("SOURCE_DATE_EPOCH", RELEASE_DAY.to_string());
        for name in self.registries.keys() {
            command.env(format!("CARGO_REGISTRIES_{}_TOKEN", name.to_uppercase()), "any-token");
        }
        if self.is_crates_io.load(Ordering::SeqCst) {
            let index = self.registry(BOX).index_url();
            command.env("__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS", index);
            command.env("CARGO_REGISTRY_TOKEN", "any-token");
        }
        if self.hasty.load(Ordering::SeqCst) {
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        command
    }
}

/// Writes a script that can be run.
pub fn script_at(path: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    put(path, &format!("#!/bin/sh\nset -e\n{script}"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

fn put(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

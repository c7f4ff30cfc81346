//! The workspace that is released: six crates, a history, a bare remote. `seed` ← `root`, `stem` ← `leaf` is a diamond,
//! `fruit` knows `stem` under another name, and `orchard` is a program.

use cargo_release::testing::names::Digest;
use cargo_release::testing::system::archive;
use cargo_release::testing::system::clock::Stopwatch;
use serde_json::Value;

use super::sealed::Said;
use super::sealed::Sealed;
use super::witness::ReleaseEvidence;

/// The name under which the workspace knows its registry.
const REGISTRY: &str = "market";

/// A crate of the workspace.
#[derive(Clone, Copy)]
struct Crate {
    name: &'static str,
    /// The version that it starts with.
    version: &'static str,
    /// Its dependencies: the key in the manifest, and the crate.
    needs: &'static [(&'static str, &'static str)],
}

const CRATES: [Crate; 6] = [
    Crate { name: "seed", version: "0.1.0", needs: &[] },
    Crate { name: "root", version: "0.1.0", needs: &[("seed", "seed")] },
    Crate { name: "stem", version: "0.2.0", needs: &[("seed", "seed")] },
    Crate { name: "leaf", version: "1.0.0", needs: &[("root", "root"), ("stem", "stem")] },
    Crate { name: "fruit", version: "1.0.0", needs: &[("leaf", "leaf"), ("stalk", "stem")] },
    Crate { name: "orchard", version: "0.1.0", needs: &[("root", "root")] },
];

/// The workspace, its remote, and the registry that it goes to.
pub(crate) struct Orchard {
    pub(crate) world: Sealed,
    index: String,
    token: String,
    door_is_closed: bool,
}

/// A release that went through, as its receipt has it, and how long it took.
pub(crate) struct Released {
    packages: Vec<Value>,
    pub(crate) milliseconds: u128,
}

impl Released {
    /// `NAME VERSION` of each package, in the order of publishing.
    pub(crate) fn names(&self) -> Vec<String> {
        self.packages.iter().map(|entry| format!("{} {}", field(entry, "package"), field(entry, "version"))).collect()
    }
}

impl Orchard {
    /// Plants one whose crates go to the registry with this index.
    pub(crate) fn plant(index: &str, token: &str) -> Self {
        let mut world = Sealed::new();
        world.set("CARGO_REGISTRIES_MARKET_INDEX", index);
        world.set("CARGO_REGISTRIES_MARKET_TOKEN", token);
        let orchard = Self { world, index: index.to_owned(), token: token.to_owned(), door_is_closed: false };
        let members = CRATES.map(|one| one.name);
        orchard.world.write("orchard/Cargo.toml", &format!("[workspace]\nmembers = {members:?}\nresolver = \"3\"\n"));
        CRATES.iter().for_each(|one| orchard.write_crate(*one));
        orchard.git(&["init", "--quiet", "--initial-branch=main"]);
        orchard.git(&["init", "--quiet", "--bare", "--initial-branch=main", "../remote.git"]);
        orchard.git(&["remote", "add", "origin", "../remote.git"]);
        orchard.world.run(env!("CARGO"), "orchard", &["generate-lockfile", "--offline"]).well();
        orchard.commit("feat: plant an orchard");
        orchard.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
        orchard
    }

    /// The registry shows nothing without a token. Cargo then wants to be told who may answer for one.
    pub(crate) fn behind_a_closed_door(mut self) -> Self {
        self.world.write("home/cargo/config.toml", "[registry]\nglobal-credential-providers = [\"cargo:token\"]\n");
        self.door_is_closed = true;
        self
    }

    /// Adds a line of code to a crate, commits and pushes.
    pub(crate) fn change(&self, name: &str, subject: &str, code: &str) {
        let path = format!("orchard/{name}/src/lib.rs");
        let before = cargo_release::testing::system::files::read_text(&self.world.path(&path))
            .expect("readable")
            .expect("there");
        self.world.write(&path, &format!("{before}{code}\n"));
        self.commit(subject);
        self.git(&["push", "--quiet"]);
    }

    /// Runs `cargo release` in the checkout.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let arguments: Vec<&str> = ["release"].into_iter().chain(arguments.iter().copied()).collect();
        self.world.run(env!("CARGO_BIN_EXE_cargo-release"), "orchard", &arguments)
    }

    /// The plan as JSON, and the exit status that it came with.
    pub(crate) fn plan(&self, arguments: &[&str]) -> (Value, Option<i32>) {
        let arguments: Vec<&str> = ["plan", "--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
        let said = self.run(&arguments);
        let plan = serde_json::from_str(&said.stdout);
        (plan.unwrap_or_else(|error| panic!("{error}:\n{}\n{}", said.stdout, said.stderr)), said.code)
    }

    /// Releases for real, and holds what it says against what anybody can see.
    pub(crate) fn release(&self, arguments: &[&str]) -> Released {
        let watch = Stopwatch::start();
        let fixed = ["--execute", "--no-confirm", "--format", "json"];
        let arguments: Vec<&str> = arguments.iter().copied().chain(fixed).collect();
        let said = self.run(&arguments).well();
        let milliseconds = watch.elapsed().as_millis();
        let last: Value = serde_json::from_str(said.lines().last().expect("events")).expect("JSON");
        assert_eq!(last["event"], "receipt");
        let released = Released { packages: last["packages"].as_array().expect("packages").clone(), milliseconds };
        released.packages.iter().for_each(|entry| self.is_live(entry));
        self.is_tidy(&released);
        released
    }

    /// The index lists what was downloaded, that is what the receipt says, and it was packed from the tagged commit.
    fn is_live(&self, entry: &Value) {
        let (name, version, checksum) = (field(entry, "package"), field(entry, "version"), field(entry, "checksum"));
        let witness = ReleaseEvidence::of(&self.index, self.door_is_closed.then_some(&self.token));
        let listed = witness.listed(name);
        let line = listed.iter().find(|line| line.version == version);
        assert_eq!(line.map(|line| line.checksum.as_str()), Some(checksum), "{name} {version}: {listed:?}");
        let bytes = witness.archive(name, version);
        assert_eq!(Digest::of(&bytes).as_str(), checksum, "{name} {version}");
        let record = archive::vcs_record(&archive::entries(&bytes).expect("an archive")).expect("a VCS record");
        assert!(!record.dirty, "{name} {version} was packed from files that are in no commit");
        let tagged = self.git_in("remote.git", &["rev-parse", &format!("{}^{{commit}}", field(entry, "tag"))]);
        assert_eq!((record.commit.as_str(), field(entry, "commit")), (tagged.as_str(), tagged.as_str()), "{name}");
    }

    /// The branch is pushed, and in the checkout nothing is left over.
    fn is_tidy(&self, released: &Released) {
        let head = self.git(&["rev-parse", "HEAD"]);
        assert_eq!(self.git_in("remote.git", &["rev-parse", "main"]), head);
        assert!(released.packages.iter().all(|entry| field(entry, "commit") == head));
        assert_eq!(self.git(&["status", "--porcelain", "--branch"]), "## main...origin/main");
        assert_eq!(self.git(&["worktree", "list"]).lines().count(), 1);
    }

    /// The tags that the remote has.
    pub(crate) fn tags(&self) -> Vec<String> {
        self.git_in("remote.git", &["tag", "--list"]).lines().map(str::to_owned).collect()
    }

    fn write_crate(&self, one: Crate) {
        let Crate { name, version, needs } = one;
        let mut manifest = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n");
        manifest.push_str(&format!("description = \"A {name}\"\nlicense = \"MIT\"\npublish = [\"{REGISTRY}\"]\n"));
        manifest.push_str("\n[dependencies]\n");
        for (key, of) in needs {
            let version = CRATES.iter().find(|one| one.name == *of).expect("a crate").version;
            let place = format!("path = \"../{of}\", version = \"{version}\", registry = \"{REGISTRY}\"");
            manifest.push_str(&format!("{key} = {{ package = \"{of}\", {place} }}\n"));
        }
        let calls: String = needs.iter().map(|(key, _)| format!("    {key}::grow();\n")).collect();
        let (file, code) = match name {
            "orchard" => ("main.rs", format!("//! An orchard.\n\nfn main() {{\n{calls}}}\n")),
            _ => ("lib.rs", format!("//! A {name}.\n\n/// Grows.\npub fn grow() {{\n{calls}}}\n")),
        };
        self.world.write(&format!("orchard/{name}/Cargo.toml"), &manifest);
        self.world.write(&format!("orchard/{name}/src/{file}"), &code);
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "-m", message]);
    }

    fn git(&self, arguments: &[&str]) -> String {
        self.git_in("orchard", arguments)
    }

    fn git_in(&self, dir: &str, arguments: &[&str]) -> String {
        self.world.run("git", dir, arguments).well()
    }
}

fn field<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().unwrap_or_else(|| panic!("`{key}` is not in {entry}"))
}

//! The cases: a world each in which something is not as it must be.

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;

use super::world::NEEDS_CORE;
use super::world::World;
use super::world::manifest;

/// One refusal.
#[derive(Clone)]
pub(crate) struct Case {
    /// What is wrong.
    pub(crate) name: &'static str,
    /// What is typed.
    pub(crate) arguments: &'static [&'static str],
    /// The exit status.
    pub(crate) status: i32,
    /// The world.
    pub(crate) make: fn() -> World,
}

/// All of them, in the order of the file.
pub(crate) fn all() -> Vec<Case> {
    [repository(), remote(), configuration(), levels(), packages(), texts(), registries(), releases()].concat()
}

fn case(name: &'static str, arguments: &'static [&'static str], status: i32, make: fn() -> World) -> Case {
    Case { name, arguments, status, make }
}

fn repository() -> Vec<Case> {
    vec![
        case("not a git repository", &[], 2, World::files),
        case("no Cargo.toml", &[], 2, || World::empty("shop")),
        case("no commit yet", &[], 2, || {
            let world = World::files();
            world.git("init --quiet --initial-branch=main");
            world
        }),
        case("detached head", &[], 1, || {
            let world = World::new();
            world.git("checkout --quiet --detach");
            world
        }),
        case("shallow clone", &[], 1, || {
            let world = World::changed();
            world.write("README.md", "tea\n").commit("docs: tea").git("push --quiet origin main");
            let (remote, clone) = (world.outside("remote.git"), world.outside("clone"));
            world.git(&format!("clone --quiet --depth=1 file://{} {}", remote.display(), clone.display()));
            std::fs::remove_dir_all(world.root()).unwrap();
            std::fs::rename(clone, world.root()).unwrap();
            world
        }),
        case("dirty tree", &[], 1, || {
            let world = World::new();
            world.write("core/src/lib.rs", "pub fn half() {}\n").write("notes.txt", "todo\n");
            world.write("cli/src/extra.rs", "").git("add cli/src/extra.rs").git("rm --quiet .gitignore");
            world
        }),
        case("dirty tree of many files", &["-x", "--no-confirm"], 1, || {
            let world = World::new();
            for at in 0..14 {
                world.write(&format!("core/src/m{at:02}.rs"), "");
            }
            world
        }),
        case("a merge that is not finished", &[], 1, || {
            let world = World::new();
            world.git("switch --quiet -c side").write("core/src/lib.rs", "// one\n").commit("fix: one");
            world.git("switch --quiet main").write("cli/src/main.rs", "fn main() { }\n").commit("fix: two");
            world.git("push --quiet origin main").git("merge --quiet --no-commit --no-ff side");
            world
        }),
        case("a branch that is not allowed", &["--allow-branch", "main,release/*"], 1, || {
            let world = World::new();
            world.git("switch --quiet -c topic");
            world
        }),
        case("a stale Cargo.lock", &[], 1, || {
            let world = World::new();
            world.write("core/Cargo.toml", &manifest("core-tea", "0.4.1", "")).commit("fix: by hand");
            world.git("push --quiet origin main");
            world
        }),
        case("a path outside the repository", &[], 2, || {
            let world = World::empty("shop");
            world.write("Cargo.toml", "[workspace]\nmembers = [\"../elsewhere\"]\nresolver = \"3\"\n");
            world.write("../elsewhere/src/lib.rs", "");
            let workspace = format!("{}workspace = \"../shop\"\n", manifest("elsewhere", "0.1.0", ""));
            world.write("../elsewhere/Cargo.toml", &workspace).init();
            world
        }),
    ]
}

fn remote() -> Vec<Case> {
    vec![
        case("no remote", &[], 1, || {
            let world = World::new();
            world.git("remote remove origin");
            world
        }),
        case("no remote of that name", &["--push-remote", "upstream"], 1, World::new),
        case("behind the remote", &[], 1, || {
            let world = World::new();
            world.commit("fix: theirs").git("push --quiet origin main").git("reset --quiet --hard HEAD~1");
            world
        }),
        case("diverged from the remote", &[], 1, || {
            let world = World::new();
            world.commit("fix: theirs").git("push --quiet origin main").git("reset --quiet --hard HEAD~1");
            world.commit("fix: ours").commit("fix: ours too");
            world
        }),
        case("the remote has commits that were never fetched", &[], 1, || {
            let world = World::new();
            let clone = world.outside("clone");
            world.git(&format!("clone --quiet {} {}", world.outside("remote.git").display(), clone.display()));
            world.git(&format!("-C {} commit --quiet --allow-empty -m theirs", clone.display()));
            world.git(&format!("-C {} push --quiet origin main", clone.display()));
            world
        }),
        case("the remote does not answer", &[], 1, || {
            let world = World::new();
            world.git("remote set-url origin ../gone.git");
            world
        }),
        case("the tag is at another commit", &[], 1, || {
            let world = World::new();
            world.git("tag -m early core-tea-v0.4.0").commit("fix: later").git("push --quiet origin main");
            world
        }),
        case("the tag is on the remote only", &[], 1, || {
            let world = World::new();
            world.git("tag -m theirs cli-v1.2.0").git("push --quiet --tags origin").git("tag --delete cli-v1.2.0");
            world
        }),
    ]
}

fn with_config(text: &str) -> World {
    let world = World::new();
    world.write("release.toml", text).commit("chore: configure").git("push --quiet origin main");
    world
}

fn configuration() -> Vec<Case> {
    vec![
        case("a Cargo.toml that does not parse", &[], 2, || {
            let world = World::new();
            world.write("core/Cargo.toml", "[package\nname = \"core-tea\"\n");
            world
        }),
        case("a Cargo.toml that cargo refuses", &[], 2, || {
            let world = World::new();
            world.write("core/Cargo.toml", "[package]\nname = \"core tea\"\nversion = \"1\"\n");
            world
        }),
        case("a release.toml that does not parse", &[], 2, || with_config("push = true\ntag-name = \"v\n")),
        case("a release.toml with an unknown key", &[], 2, || with_config("allow-branches = [\"main\"]\n")),
        case("a release.toml with a value of the wrong kind", &[], 2, || with_config("push = \"yes\"\n")),
        case("a release.toml that is not there", &["-c", "other.toml"], 2, World::new),
        case("allow-branch with a broken glob", &["--allow-branch", "release/[1"], 2, World::new),
    ]
}

fn levels() -> Vec<Case> {
    vec![
        case("a version that goes down", &["0.3.0", "-p", "core-tea"], 1, World::changed),
        case("a version below the last release", &["-p", "core-tea"], 1, || {
            let world = World::released();
            world.commit("chore: a release candidate").git("tag core-tea-v0.5.0-rc.2");
            world.change()
        }),
        case("build metadata that is dropped", &["-p", "core-tea"], 0, || {
            let world = World::released();
            for path in ["core/Cargo.toml", "Cargo.lock"] {
                world.write(path, &world.read(path).replace("\"0.4.0\"", "\"0.4.0+2.1\""));
            }
            world.commit("chore: bundle 2.1");
            world.change()
        }),
        case("an unknown package", &["-p", "core-te"], 2, World::new),
        case("a package that is like no other", &["-p", "espresso"], 2, World::new),
        case("an unknown level", &["mior"], 2, World::new),
        case("an unknown level of a package", &["core-tea@big"], 2, World::new),
        case("a version that is none", &["1.2"], 2, World::new),
        case("two levels for one package", &["core-tea@minor", "core-tea@major"], 2, World::new),
        case("a pre-release that goes back", &["alpha", "-p", "core-tea"], 2, || {
            let world = World::new();
            world.write("core/Cargo.toml", &manifest("core-tea", "0.4.1-rc.1", ""));
            world.write("cli/Cargo.toml", &manifest("cli", "1.2.0", &NEEDS_CORE.replace("0.4", "0.4.1-rc.1")));
            world.write("Cargo.lock", &world.read("Cargo.lock").replace("0.4.0", "0.4.1-rc.1"));
            world.commit("chore: rc").git("push --quiet origin main");
            world
        }),
        case("a level below the evidence", &["patch", "-p", "core-tea"], 1, || {
            let world = World::released();
            world.write("core/src/lib.rs", "pub fn steep() {}\n").commit("feat!: steep instead of brew");
            world.git("push --quiet origin main");
            world
        }),
        case("a level on top of an unreleased version", &["minor", "-p", "core-tea"], 1, || {
            let world = World::released();
            world.write("core/Cargo.toml", &manifest("core-tea", "0.4.1", ""));
            world.write("Cargo.lock", &world.read("Cargo.lock").replace("0.4.0", "0.4.1"));
            world.commit("fix: 0.4.1 that never came out").git("push --quiet origin main");
            world
        }),
        case("a level for packages that did not change", &["patch", "-p", "cli"], 0, World::released),
    ]
}

fn packages() -> Vec<Case> {
    vec![
        case("a path dependency without a version", &[], 1, || {
            let text = manifest("cli", "1.2.0", "\n[dependencies]\ncore-tea = { path = \"../core\" }\n");
            let world = World::new();
            world.write("cli/Cargo.toml", &text).commit("chore: by path").git("push --quiet origin main");
            world
        }),
        case("a requirement that is a range", &["minor", "-p", "core-tea"], 1, || {
            let world = World::changed();
            let text = manifest("cli", "1.2.0", &NEEDS_CORE.replace("\"0.4\"", "\">=0.3, <0.5\""));
            world.write("cli/Cargo.toml", &text).commit("chore: range").git("push --quiet origin main");
            world
        }),
        case("no description and no licence for crates.io", &["--offline"], 1, || {
            let world = World::new();
            let bare = "[package]\nname = \"core-tea\"\nversion = \"0.4.0\"\nedition = \"2021\"\n";
            world.write("core/Cargo.toml", bare).commit("chore: to the world").git("push --quiet origin main");
            world
        }),
        case("a dependency that is not published", &["-p", "cli"], 1, World::new),
        case("a dependency outside the repository", &[], 1, || {
            let world = World::new();
            let far = "[package]\nname = \"far\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
            world.write("../far/Cargo.toml", far).write("../far/src/lib.rs", "");
            let far = "\n[dependencies]\nfar = { version = \"0.1\", path = \"../../far\", registry = \"box\" }\n";
            world.write("core/Cargo.toml", &manifest("core-tea", "0.4.0", far));
            let lock = world.read("Cargo.lock");
            let lock = lock.replace("version = \"0.4.0\"\n", "version = \"0.4.0\"\ndependencies = [\n \"far\",\n]\n");
            let lock = format!("{lock}\n[[package]]\nname = \"far\"\nversion = \"0.1.0\"\n");
            world.write("Cargo.lock", &lock).commit("feat: from afar").git("push --quiet origin main");
            world
        }),
        case("a dependency that is private", &[], 1, || {
            let world = World::new();
            let text = manifest("core-tea", "0.4.0", "").replace("publish = [\"box\"]", "publish = false");
            world.write("core/Cargo.toml", &text).commit("chore: private").git("push --quiet origin main");
            world
        }),
        case("a circle through dev-dependencies", &[], 1, || {
            let world = World::new();
            let dev = "\n[dev-dependencies]\ncli = { version = \"1.2\", path = \"../cli\", registry = \"box\" }\n";
            world.write("core/Cargo.toml", &manifest("core-tea", "0.4.0", dev)).write("cli/src/lib.rs", "");
            let lock = world.read("Cargo.lock");
            let lock = lock.replace("version = \"0.4.0\"\n", "version = \"0.4.0\"\ndependencies = [\n \"cli\",\n]\n");
            world.write("Cargo.lock", &lock).commit("test: with cli").git("push --quiet origin main");
            world
        }),
    ]
}

fn texts() -> Vec<Case> {
    vec![
        case("a changelog with conflict markers", &[], 1, || {
            let world = World::new();
            let text = "# Changelog\n\n## [Unreleased]\n\n<<<<<<< ours\n- One\n=======\n- Two\n>>>>>>> theirs\n";
            world.write("core/CHANGELOG.md", text).commit("docs: oh no").git("push --quiet origin main");
            world
        }),
        case("a changelog that is no text", &[], 1, || {
            let world = World::new();
            std::fs::write(world.root().join("core/CHANGELOG.md"), b"# Changelog\n\xff\xfe\n").unwrap();
            world.commit("docs: latin").git("push --quiet origin main");
            world
        }),
        case("two versions for one tag", &["--tag-name", "latest"], 1, World::new),
    ]
}

fn registries() -> Vec<Case> {
    vec![
        case("a registry that is not configured", &["--registry", "elsewhere"], 2, World::new),
        case("a registry that answers 500", &[], 1, || {
            let world = World::new();
            world.registry.set_faults(Faults::none().with(Fault::IndexRefused(500)));
            world
        }),
        case("the version is in the index already", &["0.4.0", "-p", "core-tea", "--no-tag"], 1, World::changed),
        case("a plan without the network", &["--offline"], 0, World::new),
    ]
}

fn releases() -> Vec<Case> {
    vec![
        case("an unfinished release", &[], 3, unfinished),
        case("the status of an unfinished release", &["status"], 3, unfinished),
        case("resume with nothing open", &["resume"], 2, World::new),
        case("abort with nothing open", &["abort"], 2, World::new),
        case("a plan that is not a plan", &["-x", "--plan", "README.md"], 2, || {
            let world = World::new();
            world.write("README.md", "tea\n").commit("docs: tea").git("push --quiet origin main");
            world
        }),
        case("another plan than expected", &["-x", "--expect-plan", "0123456789abcdef"], 4, World::new),
        case("nobody to ask", &["-x"], 1, World::new),
    ]
}

fn unfinished() -> World {
    let world = World::new();
    let output = world.release(&["-x", "--no-confirm", "--until", "stage"]);
    assert!(output.success(), "{}", output.stderr);
    world
}

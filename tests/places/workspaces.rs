//! Workspaces in which cargo has traps.

use super::world::NEEDS_CORE;
use super::world::World;
use super::world::manifest;

/// Words without their line ends.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A feature that one member lacks is turned on for those that have it, and no upload is asked for it.
#[test]
fn with_a_feature_that_one_member_lacks() {
    let world = World::files();
    world.write("core/Cargo.toml", &manifest("core-tea", "0.4.0", "\n[features]\nmilk = []\n"));
    world.write("core/src/lib.rs", "#[cfg(feature = \"milk\")]\npub fn milk() {}\n").init().publish_branch();
    world.releases(&["--features", "milk"]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
}

/// A feature that nobody has is found before anything is verified.
#[test]
fn with_a_feature_that_nobody_has() {
    let world = World::new();
    world.write("release.toml", "enable-features = [\"mlik\"]\n").commit("chore: milk").git("push --quiet");
    let refused = world.release(&["-x", "--no-confirm"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(unwrapped(&refused.text()).contains("none of the packages has the feature `mlik`"), "{}", refused.text());
    assert_eq!(world.live(), Vec::<String>::new());
}

/// A crate of the registry needs a member, which `[patch]` gives it until the member breaks: cargo resolves the lock file
/// again, and the plan says so.
#[test]
fn with_a_patch_that_a_registry_crate_needs() {
    let world = World::new();
    world.cargo(&["publish", "--workspace", "--locked", "--no-verify", "--quiet"]);
    world.git("tag -m core core-tea-v0.4.0").git("tag -m cli cli-v1.2.0").git("push --quiet --tags origin");
    let other = world.outside("other");
    std::fs::create_dir_all(other.join("src")).unwrap();
    std::fs::write(other.join("src/lib.rs"), "").unwrap();
    let needs = "\n[dependencies]\ncore-tea = { version = \"0.4\", registry = \"box\" }\n";
    std::fs::write(other.join("Cargo.toml"), manifest("biscuit", "1.0.0", needs)).unwrap();
    world.cargo_in(other.to_str().unwrap(), &["publish", "--quiet", "--no-verify"]);
    let needs = format!("{NEEDS_CORE}biscuit = {{ version = \"1\", registry = \"box\" }}\n");
    world.write("cli/Cargo.toml", &manifest("cli", "1.2.0", &needs));
    let root = world.read("Cargo.toml") + "\n[patch.box]\ncore-tea = { path = \"core\" }\n";
    world.write("Cargo.toml", &root).cargo(&["update", "--workspace"]).commit("feat(cli)!: biscuits");
    world.write("core/src/lib.rs", "pub fn brew() {}\n").commit("feat!: brew").git("push --quiet origin main");
    let plan = world.release(&["plan"]);
    assert!(unwrapped(&plan.text()).contains("`biscuit 1.0.0` requires `core-tea ^0.4`"), "{}", plan.text());
    world.releases(&[]);
    assert_eq!(world.live()[3..], ["core-tea 0.5.0", "cli 2.0.0"]);
    let lock = world.read("Cargo.lock");
    assert!(lock.contains("name = \"core-tea\"\nversion = \"0.5.0\"\n"), "{lock}");
    assert!(lock.contains("name = \"core-tea\"\nversion = \"0.4.0\"\nsource"), "{lock}");
    world.cargo(&["metadata", "--locked", "--format-version=1"]);
}

/// Tags that git cannot keep beside an existing one are found by the plan, here and on the remote.
#[test]
fn with_tags_that_exclude_each_other() {
    for there in [false, true] {
        let world = World::files();
        world.write("release.toml", "tag-name = \"{{crate_name}}/v{{version}}\"\n").init().publish_branch();
        world.git("tag cli");
        if there {
            world.git("push --quiet origin cli").git("tag --delete cli");
        }
        let plan = world.release(&["plan"]);
        assert_eq!(plan.code, Some(1), "{}", plan.stderr);
        let says = if there { "the tag `cli` on `origin`" } else { "beside the tag `cli`" };
        assert!(unwrapped(&plan.text()).contains(says), "{}", plan.text());
        assert_eq!(plan.text().matches("git cannot keep").count(), 1, "{}", plan.text());
    }
}

/// A branch that tracks one of another name: the release goes where `git push` would bring it, what is looked at is the
/// same branch, and the plan says which.
#[test]
fn from_a_branch_that_tracks_another_name() {
    let world = World::new();
    world.git("switch --quiet -c work --track origin/main");
    let plan = world.release(&["plan"]);
    assert!(
        unwrapped(&plan.text()).contains("`work` tracks `origin/main`, and the release goes to `origin/work`"),
        "{}",
        plan.text()
    );
    world.git("config push.default upstream");
    let other = world.outside("other");
    world.git(&format!("clone --quiet {} {}", world.outside("remote.git").display(), other.display()));
    world.git(&format!("-C {0} commit --quiet --allow-empty -m theirs", other.display()));
    world.git(&format!("-C {} push --quiet origin main", other.display()));
    let behind = world.release(&["plan"]);
    assert!(unwrapped(&behind.text()).contains("`origin/main` is at"), "{}", behind.text());
    world.git("pull --quiet --ff-only").releases(&[]);
    assert_eq!(world.git_says("rev-parse work"), world.git_says("rev-parse origin/main"));
    assert_eq!(world.git_says("ls-remote --heads origin").lines().count(), 1);
}

/// A crate beside the workspace follows the members that it takes by path: its requirement and its lock file.
#[test]
fn with_an_excluded_crate_that_has_a_lock_file() {
    let world = World::changed();
    let fuzz = "[package]\nname = \"fuzz\"\nversion = \"0.0.0\"\nedition = \"2021\"\npublish = false\n\n[workspace]\n\n\
        [dependencies]\ncore-tea = { path = \"../core\", version = \"0.4.0\" }\n\n[[bin]]\nname = \"fuzz\"\npath = \"main.rs\"\n";
    world.write("fuzz/Cargo.toml", fuzz).write("fuzz/main.rs", "fn main() {}\n");
    world.write("fuzz/.gitignore", "target\n").cargo_in("fuzz", &["generate-lockfile"]);
    world.write("Cargo.toml", &(world.read("Cargo.toml") + "exclude = [\"fuzz\"]\n"));
    world.write("core/src/lib.rs", "pub fn pour() {}\n").commit("feat(core)!: pour").git("push --quiet origin main");
    world.releases(&[]);
    assert_eq!(world.live()[2..], ["core-tea 0.5.0", "cli 1.2.1"]);
    assert!(world.read("fuzz/Cargo.toml").contains("version = \"0.5.0\""), "{}", world.read("fuzz/Cargo.toml"));
    world.cargo_in("fuzz", &["metadata", "--locked", "--offline", "--format-version=1"]);
    assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
    // Where that is not wanted, nothing beside the workspace is touched.
    world.write("release.toml", "[stage]\nalso = []\n").write("core/src/lib.rs", "").commit("fix: stop");
    world.git("push --quiet origin main").releases(&[]);
    assert!(world.read("fuzz/Cargo.lock").contains("0.5.0"));
}

/// Members in a submodule are not released from here, and the plan says from where.
#[test]
fn with_a_member_in_a_submodule() {
    let world = World::files();
    let leaf = world.outside("leaf");
    std::fs::create_dir_all(leaf.join("src")).unwrap();
    std::fs::write(leaf.join("Cargo.toml"), manifest("leaf", "1.0.0", "")).unwrap();
    std::fs::write(leaf.join("src/lib.rs"), "").unwrap();
    world.git(&format!("init --quiet --initial-branch=main {}", leaf.display()));
    world.git(&format!("-C {} add .", leaf.display())).git(&format!("-C {} commit --quiet -m leaf", leaf.display()));
    world.git("init --quiet --initial-branch=main");
    world.git(&format!("-c protocol.file.allow=always submodule --quiet add {} leaf", leaf.display()));
    world.write("Cargo.toml", "[workspace]\nmembers = [\"core\", \"cli\", \"leaf\"]\nresolver = \"3\"\n");
    world.cargo(&["generate-lockfile"]).commit("feat: a tea shop").publish_branch();
    let plan = world.release(&["plan"]);
    assert_eq!(plan.code, Some(1), "{}", plan.stderr);
    assert!(unwrapped(&plan.text()).contains("`leaf` lies in the submodule `leaf`"), "{}", plan.text());
    world.releases(&["--exclude", "leaf"]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
}

/// What tools keep in an included directory for themselves is not packed and missing from no package; a check names it.
#[test]
fn with_other_repositories_below_an_included_directory() {
    let world = World::files();
    let included = manifest("core-tea", "0.4.0", "include = [\"src\", \"py\"]\n");
    world.write("core/Cargo.toml", &included).write("core/py/tea.py", "\n");
    world.write(".gitignore", "/target\n.venv\nnested\n").init().publish_branch();
    world.write("core/py/.venv/pyvenv.cfg", "\n").write("core/py/.venv/lib/site.py", "\n");
    world
        .write("core/py/nested/file.py", "\n")
        .write("core/py/env/pyvenv.cfg", "\n")
        .write("core/py/env/.gitignore", "*\n");
    world
        .git("init --quiet core/py/nested")
        .git("-C core/py/nested add .")
        .git("-C core/py/nested commit --quiet -m x");
    let check = world.release(&["check"]);
    let says = "without core/py/.venv, core/py/env, core/py/nested, which `include` covers and git ignores";
    assert!(check.code == Some(0) && unwrapped(&check.text()).contains(says), "{}", check.text());
    assert!(unwrapped(&check.text()).contains("add `!/py/.venv` to `include`"), "{}", check.text());
    world.releases(&[]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
}

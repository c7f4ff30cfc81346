//! Places where a workspace may lie and that a release has to cope with: each a short story with the real git, the real
//! cargo and a registry on loopback, or the refusal that names what is in the way.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests build the world that is released")]

#[path = "words/world.rs"]
#[expect(dead_code, reason = "other tests use the same world, and other parts of it")]
mod world;

#[path = "places/clones.rs"]
mod clones;
#[cfg(unix)]
#[path = "places/configured.rs"]
mod configured;
#[path = "places/formats.rs"]
mod formats;
#[path = "places/workspaces.rs"]
mod workspaces;

use world::World;
use world::manifest;

/// A release from a linked worktree moves the branch of that worktree, and is seen from the others while it is open.
#[test]
fn from_a_linked_worktree() {
    let world = World::new();
    let linked = world.outside("linked");
    world.git(&format!("worktree add --quiet -b next {}", linked.display()));
    let stopped = world.release_in(&linked, &["-x", "--no-confirm", "--until", "verify"]);
    assert!(stopped.success(), "{}", stopped.stderr);
    assert_eq!(world.release(&[]).code, Some(3), "the checkout beside it sees that a release is open");
    let resumed = world.release(&["resume", "--no-confirm"]);
    assert_eq!(resumed.code, Some(2), "{}", resumed.stderr);
    assert!(resumed.stderr.contains("another checkout"), "{}", resumed.stderr);
    let resumed = world.release_in(&linked, &["resume", "--no-confirm"]);
    assert!(resumed.success(), "{}", resumed.stderr);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
    assert_eq!(world.git_says("log -1 --format=%s next"), "chore: Release");
    assert_eq!(world.git_says("log -1 --format=%s main"), "feat: a tea shop");
}

/// A detached head, as jj leaves it, is released for the branch that is named and stands there; both move.
#[test]
fn from_a_detached_head_that_stands_for_a_branch() {
    let world = World::changed();
    world.write(".jj/.gitignore", "/*\n").git("checkout --quiet --detach");
    let unnamed = world.release(&["-x", "--no-confirm"]);
    assert_eq!(unnamed.code, Some(1));
    assert!((unnamed.text() + &unnamed.stderr).contains("--branch BRANCH"), "{}", unnamed.stderr);
    world.releases(&["--branch", "main"]);
    let said = |what: &str| world.git_says(&format!("rev-parse {what}"));
    assert_eq!(said("HEAD"), said("main"));
    assert_eq!(said("main"), said("origin/main"));
    assert_eq!(world.git_says("log -1 --format=%s main"), "chore: Release");
    assert_eq!(world.git_says("status --porcelain"), "");
    // A branch that is elsewhere is not one that is released.
    world.git("commit --quiet --allow-empty -m more");
    let elsewhere = world.release(&["--branch", "main"]);
    assert_eq!(elsewhere.code, Some(2));
    assert!(elsewhere.stderr.contains("jj bookmark set main"), "{}", elsewhere.stderr);
}

/// What landed for a branch on a detached head is taken back for both.
#[test]
fn a_detached_head_goes_back_with_its_branch() {
    let world = World::changed();
    world.git("checkout --quiet --detach");
    let before = world.git_says("rev-parse HEAD");
    let stopped = world.release(&["-x", "--no-confirm", "--branch", "main", "--until", "tag"]);
    assert!(stopped.success(), "{}", stopped.stderr);
    assert_ne!(world.git_says("rev-parse main"), before);
    assert!(world.release(&["abort"]).success());
    assert_eq!(world.git_says("rev-parse main HEAD"), format!("{before}\n{before}"));
}

/// Two workspaces below the root of one repository are released each for itself, with tags of its own.
#[test]
fn two_workspaces_in_one_repository() {
    let world = World::empty("shop");
    world.shop("north").write("south/Cargo.toml", &manifest("south-tea", "2.0.0", "\n[workspace]\n"));
    world.write("south/src/lib.rs", "").write("south/.gitignore", "target\n").cargo_in("south", &["generate-lockfile"]);
    world.init().publish_branch();
    world.releases_in(&world.root().join("north"), &[]);
    world.releases_in(&world.root().join("south/src"), &[]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0", "south-tea 2.0.0"]);
    assert_eq!(world.git_says("tag"), "cli-v1.2.0\ncore-tea-v0.4.0\nsouth-tea-v2.0.0");
    assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
}

/// A package whose sources lie in a submodule is packed with them, without the network.
#[test]
fn with_a_submodule() {
    let world = World::files();
    let leaf = world.outside("leaf");
    world.git(&format!("init --quiet --initial-branch=main {}", leaf.display()));
    std::fs::write(leaf.join("leaf.txt"), "green\n").unwrap();
    world.git(&format!("-C {} add .", leaf.display())).git(&format!("-C {} commit --quiet -m leaf", leaf.display()));
    world.git("init --quiet --initial-branch=main");
    world.git(&format!("-c protocol.file.allow=always submodule --quiet add {} core/leaf", leaf.display()));
    world.write("core/src/lib.rs", "pub const LEAF: &str = include_str!(\"../leaf/leaf.txt\");\n");
    world.commit("feat: a tea shop").publish_branch();
    // The submodule's own remote is gone: only the checkout has it.
    std::fs::remove_dir_all(leaf).unwrap();
    world.releases(&[]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
    assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
    assert_eq!(world.git_says("worktree list --porcelain").matches("worktree ").count(), 1);
}

/// A `Cargo.lock` that git ignores, and one that is not there at all, are made for the release and not kept.
#[test]
fn without_a_committed_lockfile() {
    for with in [true, false] {
        let world = World::files();
        world.write(".gitignore", "/target\nCargo.lock\n");
        if !with {
            std::fs::remove_file(world.root().join("Cargo.lock")).unwrap();
        }
        world.init().publish_branch().releases(&[]);
        assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
        assert!(!world.root().join(".git/cargo-release/root/Cargo.lock").exists());
        assert_eq!(world.root().join("Cargo.lock").exists(), with);
    }
}

/// Nor does one get in the way that git would see: the archive is packed from the commit all the same.
#[test]
fn with_a_lockfile_that_nobody_ignores() {
    let world = World::empty("shop");
    world.write("Cargo.toml", &manifest("tea", "1.0.0", "")).write("src/lib.rs", "").init().publish_branch();
    world.releases(&[]);
    assert_eq!(world.live(), ["tea 1.0.0"]);
    assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
    assert!(!world.git_says("ls-tree --name-only HEAD").contains("Cargo.lock"));
}

/// Cargo's configuration counts where it lies in the checkout, though git does not have it.
#[test]
fn with_an_untracked_cargo_config() {
    let world = World::files();
    std::fs::remove_file(world.outside("home/.cargo/config.toml")).unwrap();
    world.write(".gitignore", "/target\n/.cargo\n").write(".cargo/config.toml", &world.cargo_config());
    world.init().publish_branch().releases(&[]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
}

/// A file that `include` names and git ignores would be missing from the archive: refused, with its name.
#[test]
fn with_an_include_of_ignored_files() {
    let world = World::files();
    let included = manifest("core-tea", "0.4.0", "include = [\"src\", \"made.txt\"]\n");
    world.write(".gitignore", "/target\nmade.txt\n").write("core/Cargo.toml", &included).write("core/made.txt", "x\n");
    world.init().publish_branch();
    let output = world.release(&["-x", "--no-confirm"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.text().contains("core/made.txt"), "{}", output.text());
    assert!(output.text().contains("git add --force"), "{}", output.text());
    assert_eq!(world.live(), Vec::<String>::new());
    // Named, it goes into the package, and into no commit.
    world.write("release.toml", "[stage]\ncopy = [\"*/made.txt\"]\n").commit("chore: take it along");
    world.git("push --quiet origin main").releases(&[]);
    let archive = world.outside("registry/crates/core-tea/core-tea-0.4.0.crate");
    let listed = std::process::Command::new("tar").arg("-tzf").arg(archive).output().unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("core-tea-0.4.0/made.txt"));
    assert!(!world.git_says("ls-tree -r --name-only HEAD").contains("made.txt"));
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
}

/// With `core.autocrlf` the files of the checkout have other line ends than the commits; both keep theirs.
#[test]
fn with_autocrlf() {
    let world = World::changed();
    world.write("core/CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n- Brew\n").commit("docs: changelog");
    world.git("push --quiet origin main").git("config core.autocrlf true").git("rm --quiet --cached -r .");
    world.git("reset --quiet --hard");
    assert!(world.read("core/Cargo.toml").contains("\r\n"));
    world.releases(&[]);
    assert_eq!(world.live()[2..], ["core-tea 0.4.1"]);
    assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
    assert!(world.read("core/Cargo.toml").contains("version = \"0.4.1\"\r\n"));
    assert!(world.git_says("show HEAD:core/Cargo.toml").contains("version = \"0.4.1\"\n"));
    assert!(!world.git_says("show HEAD:core/CHANGELOG.md").contains('\r'));
}

/// Texts that are committed with CRLF keep it.
#[test]
fn with_crlf_in_the_commits() {
    let world = World::changed();
    let text = world.read("core/Cargo.toml").replace('\n', "\r\n");
    world.write("core/Cargo.toml", &text).commit("style: line ends").git("push --quiet origin main");
    world.releases(&[]);
    assert_eq!(world.git_says("show HEAD:core/Cargo.toml") + "\r\n", text.replace("0.4.0", "0.4.1"));
}

/// Directories with blanks, umlauts and parentheses, a branch that is not `main`, and a remote that is not `origin`.
#[test]
fn with_other_names() {
    let world = World::empty("Tee & Söhne (neu)");
    world
        .write("Cargo.toml", "[workspace]\nmembers = [\"pakete/*\"]\nresolver = \"3\"\n")
        .write(".gitignore", "/target\n");
    world.write("pakete/grüner tee/Cargo.toml", &manifest("green-tea", "0.1.0", ""));
    world.write("pakete/grüner tee/src/lib.rs", "").cargo(&["generate-lockfile"]);
    world.init().publish_branch();
    world.git("branch --quiet -m main größe/1.x").git("remote rename --no-progress origin upstream");
    let backup = world.outside("backup.git");
    world.git(&format!("init --quiet --bare {}", backup.display()));
    world.git(&format!("remote add origin {}", backup.display()));
    world.releases(&["--push-remote", "upstream"]);
    assert_eq!(world.live(), ["green-tea 0.1.0"]);
    assert!(world.git_says("ls-remote upstream").contains("refs/heads/größe/1.x"));
    assert_eq!(world.git_says("ls-remote origin"), "");
}

/// A file that is a symbolic link inside the repository is packed as what it points to, and a manifest in a linked
/// directory is one.
#[cfg(unix)]
#[test]
fn with_symbolic_links() {
    let world = World::files();
    world.write("LICENSE", "MIT\n");
    std::os::unix::fs::symlink("../LICENSE", world.root().join("core/LICENSE")).unwrap();
    world.init().publish_branch();
    let link = world.outside("link");
    std::os::unix::fs::symlink(world.root(), &link).unwrap();
    world.releases_in(&link, &[]);
    assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
    assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
}

//! Clones that have not got everything: partial ones, sparse ones.

use std::path::PathBuf;

use super::world::World;
use super::world::manifest;

/// A workspace whose `core-tea` lost a feature since its release, which only the old manifest tells.
fn without_a_feature() -> World {
    let world = World::files();
    world.write("core/Cargo.toml", &manifest("core-tea", "0.4.0", "\n[features]\nmilk = []\n"));
    world.init().publish_branch();
    world.cargo(&["publish", "--workspace", "--locked", "--no-verify", "--quiet"]);
    world.git("tag -m core core-tea-v0.4.0").git("tag -m cli cli-v1.2.0").git("push --quiet --tags origin");
    world.write("core/Cargo.toml", &manifest("core-tea", "0.4.0", "")).commit("chore: tidy up");
    world.git("push --quiet origin main");
    world
}

/// A clone of the remote that leaves out what the filter says.
fn partial_clone(world: &World, filter: &str) -> PathBuf {
    let (remote, clone) = (world.outside("remote.git"), world.outside("clone"));
    world.git(&format!("-C {} config uploadpack.allowFilter true", remote.display()));
    world.git(&format!("clone --quiet --filter={filter} file://{} {}", remote.display(), clone.display()));
    clone
}

/// Partial clones plan what a whole clone plans: what they lack is fetched.
#[test]
fn a_partial_clone_plans_as_a_whole_one() {
    for filter in ["blob:none", "blob:limit=10", "tree:0"] {
        let world = without_a_feature();
        let whole = world.release(&["plan", "--format", "json"]);
        assert!(whole.text().contains("milk"), "{}", whole.text());
        let clone = partial_clone(&world, filter);
        let partial = world.release_in(&clone, &["plan", "--format", "json"]);
        assert_eq!((partial.code, partial.text()), (whole.code, whole.text()), "{filter}: {}", partial.stderr);
        world.releases_in(&clone, &[]);
        assert_eq!(world.live()[2..], ["core-tea 0.5.0", "cli 1.2.1"], "{filter}");
    }
}

/// Without the network, and where the remote is gone, the plan is refused, not another one made.
#[test]
fn a_partial_clone_that_cannot_fetch_is_refused() {
    for filter in ["blob:none", "tree:0"] {
        let world = without_a_feature();
        let clone = partial_clone(&world, filter);
        let offline = world.release_in(&clone, &["plan", "--offline"]);
        assert_eq!(offline.code, Some(2), "{filter}: {}", offline.text());
        assert!(offline.stderr.contains("leave out `--offline` once"), "{}", offline.stderr);
        std::fs::rename(world.outside("remote.git"), world.outside("gone.git")).unwrap();
        let gone = world.release_in(&clone, &["plan"]);
        assert_eq!(gone.code, Some(2), "{filter}: {}", gone.text());
        assert!(gone.stderr.contains("this partial clone lacks"), "{}", gone.stderr);
    }
}

/// An object that a whole clone has lost is no file that is not there.
#[test]
fn a_damaged_clone_is_refused() {
    let world = without_a_feature();
    let blob = world.git_says("rev-parse core-tea-v0.4.0:core/Cargo.toml");
    let (dir, file) = blob.split_at(2);
    std::fs::remove_file(world.root().join(".git/objects").join(dir).join(file)).unwrap();
    let plan = world.release(&["plan"]);
    assert_eq!(plan.code, Some(4), "{}", plan.text());
    assert!(plan.stderr.contains("git fsck"), "{}", plan.stderr);
}

/// A sparse checkout that lacks a member, or the root manifest, is refused with the command that helps, also where a glob
/// names the members and cargo misses nothing.
#[test]
fn from_a_sparse_checkout_without_a_member() {
    for (members, kept, add) in [
        ("\"core\", \"cli\"", "--cone core", "git sparse-checkout add cli"),
        ("\"c*\"", "--cone core", "git sparse-checkout add cli"),
        ("\"core\", \"cli\"", "--no-cone /* !/cli/", "git sparse-checkout add '/cli/**'"),
        ("\"core\", \"cli\"", "--no-cone /* !/cli/src", "git sparse-checkout add '/cli/**'"),
        ("\"core\", \"cli\"", "--no-cone /core /cli", "git sparse-checkout add /Cargo.toml"),
    ] {
        let world = World::files();
        world.write("Cargo.toml", &format!("[workspace]\nmembers = [{members}]\nresolver = \"3\"\n"));
        world.init().publish_branch();
        let whole = world.release(&["plan", "--format", "json"]);
        world.git(&format!("sparse-checkout set {kept}"));
        let plan = world.release(&["plan"]);
        assert_eq!(plan.code, Some(2), "{kept}\n{}", plan.text());
        let said = plan.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            said.contains("the sparse checkout leaves out") && said.contains(&format!("`{add}`")),
            "{kept}\n{said}"
        );
        world.git(&add.trim_start_matches("git ").replace('\'', ""));
        assert!(world.release(&["plan", "--format", "json"]).stdout == whole.stdout, "{kept}: another plan");
    }
}

/// In a sparse checkout the whole commit is packed.
#[test]
fn from_a_sparse_checkout() {
    for index in ["--sparse-index", "--no-sparse-index"] {
        let world = World::files();
        world.write("docs/guide/book.md", "tea\n").write("docs/big.bin", "x\n").init().publish_branch();
        world.git(&format!("sparse-checkout set --cone {index} core cli"));
        assert!(!world.root().join("docs").exists());
        world.releases(&[]);
        assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
        assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
        assert!(!world.root().join("docs").exists());
        assert!(world.git_says("ls-tree -r --name-only HEAD").contains("docs/big.bin"));
    }
}

//! Repositories that are kept in other ways.

use super::world::World;
use super::world::manifest;

/// Where the repository lies elsewhere, or `.git` is a link to it, a release is as usual.
#[cfg(unix)]
#[test]
fn with_the_repository_elsewhere() {
    for linked in [true, false] {
        let world = World::new();
        let (own, elsewhere) = (world.root().join(".git"), world.outside("elsewhere"));
        if linked {
            std::fs::rename(&own, &elsewhere).unwrap();
            std::os::unix::fs::symlink("../elsewhere", &own).unwrap();
        } else {
            world.git(&format!("init --quiet --separate-git-dir={}", elsewhere.display()));
            assert!(own.is_file());
        }
        world.releases_in(&world.root().join("core/src"), &[]);
        assert_eq!(world.live(), ["core-tea 0.4.0", "cli 1.2.0"]);
        assert_eq!(world.git_says("status --porcelain --branch"), "## main...origin/main");
        assert_eq!(world.git_says("worktree list --porcelain").matches("worktree ").count(), 1);
    }
}

/// What cargo cannot read is refused in one sentence that says what to do.
#[test]
fn in_formats_that_cargo_cannot_read() {
    for (format, says, help) in [
        ("--ref-format=reftable", "keeps its refs in a reftable", "git refs migrate"),
        ("--object-format=sha256", "names its objects by SHA-256", "SHA-1"),
    ] {
        let world = World::empty("shop");
        world.write("Cargo.toml", &manifest("tea", "1.0.0", "")).write("src/lib.rs", "");
        world.git(&format!("init --quiet {format}")).commit("feat: tea");
        let refused = world.release(&["plan"]);
        assert_eq!(refused.code, Some(2), "{}", refused.text());
        assert!(refused.stderr.contains(says) && refused.stderr.contains(help), "{}", refused.stderr);
    }
}

//! Releases that were proposed on a branch of their own and merged: exactly what was proposed is published.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;
use support::Member;
use support::Workspace;
use support::World;

/// Two packages, released once, and a change of the first that is proposed: its commit is on `release/main`.
fn proposed() -> World {
    proposed_with("")
}

/// The same, with these lines in `release.toml`.
fn proposed_with(config: &str) -> World {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).configured("verify = false\n").made();
    world.release("-x --no-confirm").ends_well();
    if !config.is_empty() {
        world.write("release.toml", &format!("verify = false\n{config}")).commit("chore: configure");
    }
    world.change("feat(base): a new way", "base/src/lib.rs", "//! New.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.release("-x --no-confirm --until stage").ends_well();
    let stage = world.checkout().join(".git/cargo-release/root/stage");
    let commit = world.git(&["-C", stage.to_str().unwrap(), "rev-parse", "HEAD"]);
    world.git(&["push", "--quiet", "origin", &format!("{commit}:refs/heads/release/main")]);
    world.release("abort").ends_well();
    world.git(&["fetch", "--quiet", "origin"]);
    world
}

/// The ways in which a branch comes to another.
const WAYS: [&str; 4] = ["merge", "squash", "rebase", "fast-forward"];

fn merged(world: &World, way: &str) {
    match way {
        "merge" => world.git(&["merge", "--quiet", "--no-ff", "--no-edit", "origin/release/main"]),
        "squash" => {
            world.git(&["merge", "--quiet", "--squash", "origin/release/main"]);
            let messages = world.git(&["log", "--format=* %B", "main..origin/release/main"]);
            world.commit(&format!("Release (#7)\n\n{messages}"))
        }
        "rebase" => world.git(&["cherry-pick", "main..origin/release/main"]),
        _ => world.git(&["merge", "--quiet", "--ff-only", "origin/release/main"]),
    };
    world.git(&["push", "--quiet", "origin", "main"]);
    // Forges delete the branch.
    world.git(&["push", "--quiet", "origin", "--delete", "release/main"]);
    world.git(&["for-each-ref", "--format=%(refname)", "refs/heads/release/main"]).lines().for_each(|it| {
        world.git(&["update-ref", "-d", it]);
    });
}

const BEFORE: [&str; 2] = ["base 0.1.0 in box", "left 0.1.0 in box"];

fn is_released(world: &World, more: &[&str]) {
    world.has_released(&[&BEFORE, more].concat());
}

/// Merged in any way, a proposal is published as it is, and nothing is said of its changelog.
#[test]
fn every_way_of_merging_is_recognised() {
    for way in WAYS {
        let world = proposed();
        merged(&world, way);
        let run = world.release("-x --no-confirm --unpublished").ends_well();
        assert!(!run.stderr.contains("changelog-version-exists"), "{way}: {}", run.stderr);
        is_released(&world, &["base 0.1.1 in box"]);
        world.release("-x --no-confirm").ends_well().says("Nothing to release");
    }
}

/// A fix of the same package that came in between stands in no changelog: it is refused, by its name.
#[test]
fn late_fix_of_the_same_package_is_refused() {
    for way in &WAYS[..3] {
        let world = proposed();
        world.change("fix(base): leak", "base/src/leak.rs", "// Mended.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        merged(&world, way);
        for verb in ["-x --no-confirm", "-x --no-confirm --unpublished"] {
            let run = world.release(verb).ends(1).says("late-commit").says("leak").says("cargo release pr");
            assert!(!run.stderr.contains("a new way"), "{way}: what was proposed is not late: {}", run.stderr);
        }
        assert_eq!(world.uploads("box"), 2, "{way}");
        world.write("release.toml", "verify = false\n[pr]\nlate = \"include\"\n").commit("chore: take it");
        world.git(&["push", "--quiet", "origin", "main"]);
        world.release("-x --no-confirm --unpublished").ends_well().says("late-commit");
        is_released(&world, &["base 0.1.1 in box"]);
    }
}

/// A fix of another package is not released beside what was merged, and does not hold it up.
#[test]
fn late_fix_of_another_package_waits() {
    for way in &WAYS[..3] {
        let world = proposed();
        world.change("fix(left): leak", "left/src/leak.rs", "// Mended.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        merged(&world, way);
        let tip = world.git(&["rev-parse", "main"]);
        world.release("-x --no-confirm").ends(1).says("`left` 0.1.1 is not part of the release that was merged");
        world.release("-x --no-confirm --unpublished").ends_well();
        is_released(&world, &["base 0.1.1 in box"]);
        assert_eq!(world.git(&["rev-parse", "main"]), tip, "{way}: nothing is pushed to the branch");
    }
}

/// What breaks and came in between is refused by what it asks for, too.
#[test]
fn late_breaking_change_is_refused() {
    let world = proposed();
    world.change("feat(base)!: drop the old way", "base/src/old.rs", "// Gone.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    merged(&world, "squash");
    world.release("-x --no-confirm --unpublished").ends(1).says("below-evidence").says("late-commit");
}

/// Words that a person rewrote on the branch are the entry, and the tag has them.
#[test]
fn reworded_entry_is_released() {
    for way in WAYS {
        let world = proposed();
        world.git(&["switch", "--quiet", "release/main"]);
        let entry = world.read("base/CHANGELOG.md").replace("new way", "way that nobody knew");
        world.change("docs: reword", "base/CHANGELOG.md", &entry);
        world.git(&["push", "--quiet", "origin", "release/main"]);
        world.git(&["switch", "--quiet", "main"]);
        merged(&world, way);
        world.release("-x --no-confirm --unpublished").ends_well();
        assert!(world.git(&["tag", "-n9", "--list", "base-v0.1.1"]).contains("nobody knew"), "{way}");
    }
}

/// A branch that takes no pushes does not matter to a proposal that was merged; without one, its way is named.
#[test]
fn protected_branch_is_released_by_proposal() {
    let world = proposed();
    world.remote_hook("update", "case $1 in refs/heads/main) echo protected >&2; exit 1;; esac\n");
    world.release("-x --no-confirm").ends(4).says("protected").says("cargo release pr");
    world.release("abort").ends_well();
    world.without_remote_hook("update");
    merged(&world, "merge");
    world.remote_hook("update", "case $1 in refs/heads/main) echo protected >&2; exit 1;; esac\n");
    world.release("-x --no-confirm --unpublished").ends_well();
    is_released(&world, &["base 0.1.1 in box"]);
}

/// The branch moves on while a merged proposal is published from where it was merged: nothing of that is in the way.
#[test]
fn branch_that_moves_on_is_no_obstacle() {
    let world = proposed();
    merged(&world, "squash");
    world.change("fix(left): leak", "left/src/leak.rs", "// Mended.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.git(&["reset", "--quiet", "--hard", "main~1"]);
    world.release("-x --no-confirm --unpublished").ends_well().says("behind-remote");
    assert_eq!(world.uploads("box"), 3);
}

/// `late = "head"`: the head of the merged branch is released, without what came between; that is released next.
#[test]
fn head_of_the_merged_branch_is_released() {
    let world = proposed_with("[pr]\nlate = \"head\"\n");
    let head = world.git(&["rev-parse", "origin/release/main"]);
    world.change("fix(base): leak", "base/src/leak.rs", "// Mended.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    merged(&world, "merge");
    let tip = world.git(&["rev-parse", "main"]);
    world.release("-x --no-confirm").ends(1).says("late-commit").says("`cargo release -x --unpublished` releases");
    let plan = world.release("plan --unpublished --format json").ends_well().json();
    assert_eq!(plan["base"]["commit"], head.as_str());
    world.release("--unpublished").ends_well().says("base");
    world.release("pr --check").ends_well();
    world.release("-x --no-confirm --unpublished").ends_well();
    assert_eq!(world.published("box"), ["base 0.1.0", "base 0.1.1", "left 0.1.0"]);
    assert_eq!(world.remote(&["rev-parse", "base-v0.1.1^{commit}"]), head);
    assert!(!world.remote(&["ls-tree", "-r", "--name-only", "base-v0.1.1"]).contains("leak"));
    assert_eq!(world.git(&["rev-parse", "main"]), tip, "the branch stays where it is");
    world.is_at_rest();
    let plan = world.release("plan --format json").ends_well().json();
    assert_eq!(plan["packages"][0]["to"], "0.1.2");
    assert!(plan["packages"][0]["changelog"]["entry"].as_str().unwrap().contains("leak"), "{plan}");
}

/// Where the branch did not come by a merge commit, there is no head to release.
#[test]
fn without_a_merge_commit_there_is_no_head() {
    for way in ["squash", "rebase"] {
        let world = proposed_with("[pr]\nlate = \"head\"\n");
        world.change("fix(base): leak", "base/src/leak.rs", "// Mended.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        merged(&world, way);
        world.release("-x --no-confirm --unpublished").ends(1).says("did not come by a merge commit");
        assert_eq!(world.uploads("box"), 2, "{way}");
    }
}

/// A release of a head that stops in the middle goes on with `resume`, and is taken back with `abort`.
#[test]
fn release_of_a_head_is_resumed_or_taken_back() {
    for verb in ["resume --no-confirm", "abort"] {
        let world = proposed_with("[pr]\nlate = \"head\"\n");
        world.change("fix(base): leak", "base/src/leak.rs", "// Mended.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        merged(&world, "merge");
        let refusal = Fault::Refuse(Refusal::new(403, "not now"));
        world.goes_wrong(Faults::none().with(refusal.on("base")));
        world.release("-x --no-confirm --unpublished").ends(4).says("not now");
        world.is_mended();
        world.release("status").ends(3);
        world.release(verb).ends_well();
        if verb == "abort" {
            assert_eq!(world.published("box"), ["base 0.1.0", "left 0.1.0"]);
            world.release("-x --no-confirm --unpublished").ends_well();
        }
        assert_eq!(world.published("box"), ["base 0.1.0", "base 0.1.1", "left 0.1.0"], "{verb}");
        world.is_at_rest();
    }
}

fn require(world: &World) {
    world.write("release.toml", "verify = false\n[pr]\nrequired = true\n").commit("chore: require");
    world.git(&["push", "--quiet", "origin", "main"]);
}

/// `required`: what nobody proposed is released by nobody, neither decided here nor written by hand into a manifest.
#[test]
fn only_what_was_proposed_is_released() {
    for way in WAYS {
        let world = proposed();
        if way == "fast-forward" {
            merged(&world, way);
            require(&world);
        } else {
            require(&world);
            world.release("-x --no-confirm").ends(1).says("not-proposed").says("cargo release pr");
            world.release("-x --no-confirm patch -p left").ends(1).says("not-proposed");
            world.release("check").ends_well();
            merged(&world, way);
        }
        world.release("-x --no-confirm --unpublished").ends_well();
        is_released(&world, &["base 0.1.1 in box"]);
    }
    let world = proposed();
    require(&world);
    let manifest = world.read("base/Cargo.toml").replace("0.1.0", "0.1.1");
    world.change("chore: bump by hand", "base/Cargo.toml", &manifest);
    world.cargo(&["update", "--workspace", "--offline", "--quiet"]);
    world.commit("chore: lock");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.release("-x --no-confirm --unpublished").ends(1).says("not-proposed").says("names no plan");
    assert_eq!(world.uploads("box"), 2);
}

/// The flow by hand: the release commit is made on a branch, merged into the protected one as forges do, and published from
/// there, as it was verified, with private members left alone.
#[test]
fn made_on_a_branch_and_published_after_the_merge() {
    for squashed in [true, false] {
        let members = [Member::new("base"), Member::new("left").needs(&["base"]), Member::new("tool").private()];
        let world = Workspace::of(members).made();
        world.release("-x --no-confirm").ends_well();
        world.change("feat(base): a new way", "base/src/lib.rs", "//! New.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        world.git(&["switch", "--quiet", "-c", "release"]);
        let run = world.release("-x --no-publish --no-tag --no-push --no-confirm").ends_well();
        assert!(!run.stdout.contains("Released"), "{}", run.stdout);
        let message = world.git(&["log", "-1", "--format=%B"]);
        world.git(&["switch", "--quiet", "main"]);
        if squashed {
            world.git(&["merge", "--quiet", "--squash", "release"]);
            world.commit(&format!("Release (#7)\n\n{message}"));
        } else {
            world.git(&["merge", "--quiet", "--no-ff", "--no-edit", "release"]);
        }
        world.git(&["push", "--quiet", "origin", "main"]);
        world.git(&["branch", "--quiet", "-D", "release"]);
        world.remote_hook("update", "case $1 in refs/heads/main) exit 1;; esac\n");
        let tip = world.git(&["rev-parse", "main"]);
        // It is verified here: this is the commit that is published.
        let run = world.release("-x --no-confirm --unpublished").ends_well().says("Released 1 package");
        assert!(run.stderr.contains("Verified"), "{}", run.stderr);
        is_released(&world, &["base 0.1.1 in box"]);
        assert_eq!(world.git(&["rev-parse", "main", "base-v0.1.1^{commit}"]), format!("{tip}\n{tip}"));
        assert!(world.git(&["tag", "--list", "--format=%(contents)", "base-v0.1.1"]).contains("a new way"));
    }
}

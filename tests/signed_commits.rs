//! Proposals whose commits the forge makes and signs, for repositories that take no others.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use support::Dialect;
use support::Fault;
use support::Forge;
use support::Member;
use support::Run;
use support::TOKEN;
use support::Workspace;
use support::World;

/// A package that was released once, a change of it that is pushed, and a forge that signs.
fn world(dialect: Dialect, config: &str) -> (World, Forge) {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).configured("").made();
    world.release("-x --no-confirm --no-verify").ends_well();
    let forge = Forge::over(world.path("remote.git"), dialect);
    let settings = format!("verify = false\n{config}\n{}[pr]\nsign = \"api\"\n", forge.config());
    world.write("release.toml", &settings).commit("chore: a forge");
    change(&world, "feat(base): a new way");
    (world, forge)
}

fn change(world: &World, message: &str) {
    let before = world.read("base/src/lib.rs");
    world.change(message, "base/src/lib.rs", &format!("{before}// {message}\n"));
    world.git(&["push", "--quiet", "origin", "main"]);
}

fn pr(world: &World, forge: &Forge, arguments: &str) -> Run {
    world.release_with(&format!("pr --no-confirm {arguments}"), &[(forge.variable(), TOKEN)])
}

fn branches(world: &World) -> String {
    world.remote(&["for-each-ref", "--format=%(refname:short)", "refs/heads"])
}

/// The committer of the proposal.
fn committer(world: &World) -> String {
    world.remote(&["log", "-1", "--format=%cn", "release/main"])
}

/// The forge makes the commit, on one parent, with the files and the message that git would have made; it is brought up to
/// date in the same way, and published when it is merged.
#[test]
fn the_forge_makes_the_commit() {
    let (world, forge) = world(Dialect::Github, "");
    pr(&world, &forge, "").ends_well().says("signed by the forge");
    pr(&world, &forge, "-x").ends_well().says("Opened pull request #1");
    assert_eq!((committer(&world), branches(&world)), ("web-flow".into(), "main\nrelease/main".into()));
    assert_eq!(world.remote(&["rev-parse", "release/main~1"]), world.git(&["rev-parse", "main"]));
    let message = world.remote(&["log", "-1", "--format=%B", "release/main"]);
    assert!(message.starts_with("chore: Release\n\nRelease-Plan: ") && message.contains("Release-Base: "), "{message}");
    pr(&world, &forge, "-x").ends_well().says("Unchanged: pull request #1");
    change(&world, "fix(base): a leak");
    pr(&world, &forge, "-x").ends_well().says("Updated pull request #1");
    assert!(world.remote(&["show", "release/main:base/CHANGELOG.md"]).contains("a leak"));
    assert_eq!(
        (committer(&world), world.remote(&["rev-list", "--count", "main..release/main"])),
        ("web-flow".into(), "1".into())
    );
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["merge", "--quiet", "--no-ff", "--no-edit", "origin/release/main"]);
    world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
    world.release("-x --no-confirm --unpublished").ends_well();
    world.has_released(&["base 0.1.0 in box", "base 0.1.1 in box", "left 0.1.0 in box"]);
}

/// One commit a package is one commit of the forge a package, and a file that goes is gone.
#[test]
fn a_commit_for_each_package_and_files_that_go() {
    let (world, forge) = world(Dialect::Github, "consolidate-commits = false\n");
    let hook = "pre-release-hook = [\"sh\", \"-c\", \"rm -f notes.txt; printf 'a\\\\377\\\\000b' > logo.bin\"]\n";
    world.write("base/release.toml", hook).write("base/notes.txt", "Draft.\n").commit("feat(left)!: all of it");
    world.change("fix(left): a hole", "left/src/lib.rs", "//! Mended.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    pr(&world, &forge, "-x").ends_well().says("Opened pull request #1");
    let commits = world.remote(&["log", "--format=%cn %s", "main..release/main"]);
    assert_eq!(commits.lines().filter(|line| line.starts_with("web-flow chore: Release")).count(), 2, "{commits}");
    let files = world.remote(&["ls-tree", "-r", "--name-only", "release/main", "base"]);
    assert!(files.contains("base/logo.bin") && !files.contains("notes.txt"), "{files}");
    assert_eq!(world.remote(&["cat-file", "-s", "release/main:base/logo.bin"]), "4");
}

/// What the API cannot express is refused by its name, before anything is on the remote.
#[test]
fn what_the_api_cannot_express_is_refused() {
    for (makes, kind) in [
        ("printf x > run.sh; chmod +x run.sh", "`base/run.sh`, which is executable"),
        ("ln -s Cargo.toml link", "`base/link`, which is a symbolic link"),
    ] {
        let (world, forge) = world(Dialect::Github, "");
        let hook = format!("pre-release-hook = [\"sh\", \"-c\", \"{makes}\"]\n");
        world.write("base/release.toml", &hook).commit("chore: a hook");
        world.git(&["push", "--quiet", "origin", "main"]);
        pr(&world, &forge, "-x").ends(1).says(kind).says("sign = \"git\"");
        assert_eq!((branches(&world).as_str(), forge.pulls().len()), ("main", 0));
    }
}

/// A commit of other files, or one without a signature, is not proposed, and nothing of it stays on the remote.
#[test]
fn what_the_forge_made_otherwise_is_refused() {
    for (how, said) in [("base/Cargo.toml", "made a commit with other files"), ("unsigned", "did not sign the commit")]
    {
        let (world, forge) = world(Dialect::Github, "");
        let before = world.state();
        forge.goes_wrong("/api/graphql", Fault::Otherwise(how));
        pr(&world, &forge, "-x").ends(4).says(said);
        assert_eq!((branches(&world).as_str(), forge.pulls().len()), ("main", 0), "{how}");
        world.release_with("abort", &[(forge.variable(), TOKEN)]).ends_well();
        assert_eq!(world.state(), before, "{how}");
        pr(&world, &forge, "-x").ends_well().says("Opened pull request #1");
    }
}

/// An answer that is lost, a refusal and a limit: resumed, there is one commit and one pull request.
#[test]
fn lost_answers_are_made_good() {
    for (fault, code) in [(Fault::Lost, 3), (Fault::Status(502), 3), (Fault::Limited, 0)] {
        let (world, forge) = world(Dialect::Github, "");
        forge.goes_wrong("/api/graphql", fault);
        pr(&world, &forge, "-x").ends(code);
        if code != 0 {
            world.release_with("resume --no-confirm", &[(forge.variable(), TOKEN)]).ends_well();
        }
        assert_eq!((branches(&world).as_str(), forge.pulls().len()), ("main\nrelease/main", 1), "{fault:?}");
        assert_eq!(world.remote(&["rev-list", "--count", "main..release/main"]), "1", "{fault:?}");
    }
}

/// Killed anywhere, and resumed or taken back: one commit of the forge, or none.
#[test]
fn killed_anywhere() {
    let template = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
    for at in 1.. {
        let world = template.twin();
        let forge = Forge::over(world.path("remote.git"), Dialect::Github);
        std::fs::write(world.path("forge.toml"), format!("{}[pr]\nsign = \"api\"\n", forge.config())).unwrap();
        let arguments = format!("pr -x --no-confirm -c {}", world.path("forge.toml").display());
        let (token, place) = ((forge.variable(), TOKEN), at.to_string());
        let run = world.release_with(&arguments, &[token, ("CARGO_RELEASE_FAILPOINT", &place)]);
        if run.code.is_some() {
            run.ends_well();
            assert!(at > 10, "it was hardly killed: {at}");
            return;
        }
        if at % 2 == 0 {
            let _ended = world.release_with("abort", &[token]);
            assert_eq!(branches(&world), "main", "killed at {at} and taken back");
        } else if world.release_with("resume --no-confirm", &[token]).code == Some(2) {
            world.release_with(&arguments, &[token]).ends_well();
        }
        if at % 2 == 1 {
            assert_eq!((branches(&world).as_str(), committer(&world).as_str()), ("main\nrelease/main", "web-flow"));
            assert_eq!(forge.pulls().len(), 1, "killed at {at}");
        }
        world.is_at_rest();
    }
}

/// Commits by other people need a merge, which git makes; that is said, and their commits stay.
#[test]
fn commits_by_other_people_are_merged_by_git() {
    let (world, forge) = world(Dialect::Github, "");
    pr(&world, &forge, "-x").ends_well();
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["switch", "--quiet", "--force-create", "release/main", "origin/release/main"]);
    world.change("docs: a readme", "base/README.md", "Read me.\n");
    world.git(&["push", "--quiet", "origin", "release/main"]);
    world.git(&["switch", "--quiet", "main"]);
    change(&world, "fix(base): a leak");
    pr(&world, &forge, "-x").ends_well().says("commit-by-git").says("Updated pull request #1");
    assert_ne!(committer(&world), "web-flow");
    assert_eq!(world.remote(&["show", "release/main:base/README.md"]), "Read me.");
}

/// Where no forge is asked, or one that signs nothing, it is refused before anything is done.
#[test]
fn other_forges_make_no_signed_commits() {
    for dialect in [Dialect::Gitlab, Dialect::Forgejo] {
        let (world, forge) = world(dialect, "");
        pr(&world, &forge, "-x").ends(2).says("only the API of GitHub makes signed commits");
    }
    let (world, forge) = world(Dialect::Github, "");
    pr(&world, &forge, "-x --no-forge").ends(2).says("`--no-forge` asks no forge");
}

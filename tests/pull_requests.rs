//! Releases that are proposed as pull requests, on a forge of each dialect over the bare remote.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::process::Stdio;

use support::Dialect;
use support::Fault;
use support::Forge;
use support::Member;
use support::Run;
use support::TOKEN;
use support::Workspace;
use support::World;

const DIALECTS: [Dialect; 3] = [Dialect::Github, Dialect::Gitlab, Dialect::Forgejo];

/// Two packages, released once, a change of the first that is pushed, and a forge.
fn world(dialect: Dialect, config: &str) -> (World, Forge) {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).configured("verify = false\n").made();
    world.release("-x --no-confirm").ends_well();
    let forge = Forge::over(world.path("remote.git"), dialect);
    world.write("release.toml", &format!("verify = false\n{}{config}", forge.config())).commit("chore: a forge");
    change(&world, "feat(base): a new way", "base/src/lib.rs");
    (world, forge)
}

fn change(world: &World, message: &str, path: &str) {
    let before = world.read(path);
    world.change(message, path, &format!("{before}// {message}\n"));
    world.git(&["push", "--quiet", "origin", "main"]);
}

fn pr(world: &World, forge: &Forge, arguments: &str) -> Run {
    world.release_with(&format!("pr --no-confirm {arguments}"), &[(forge.variable(), TOKEN)])
}

fn body(forge: &Forge) -> String {
    forge.pulls()[0]["body"].as_str().unwrap().to_owned()
}

/// What is on the branch of the proposal, by git in the remote.
fn proposed(world: &World, path: &str) -> String {
    world.remote(&["show", &format!("release/main:{path}")])
}

/// A person commits to the branch of the proposal.
fn person_commits(world: &World, message: &str, path: &str, text: &str) {
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["switch", "--quiet", "--force-create", "release/main", "origin/release/main"]);
    world.change(message, path, text);
    world.git(&["push", "--quiet", "origin", "release/main"]);
    world.git(&["switch", "--quiet", "main"]);
    world.git(&["branch", "--quiet", "-D", "release/main"]);
}

/// Shown first, touching nothing; then opened; unchanged when nothing changed; brought up to date under the same number;
/// merged, published, and closed for good.
#[test]
fn from_proposal_to_publication() {
    for dialect in DIALECTS {
        let (world, forge) = world(dialect, "[pr]\nlabels = [\"release\"]\n");
        let before = world.state();
        pr(&world, &forge, "").ends_well().says("opens a pull request in acme/tea").says("chore: Release base 0.1.1");
        assert_eq!((world.state(), forge.pulls().len()), (before, 0), "{dialect:?}: it only looks");
        pr(&world, &forge, "")
            .says("Permanent nothing: close the pull request and delete its branch to undo the proposal");
        pr(&world, &forge, "-x").ends_well().says("Opened pull request #1");
        assert!(proposed(&world, "base/Cargo.toml").contains("0.1.1"));
        world.git(&["fetch", "--quiet", "origin"]);
        world.release("status").ends_well().says("proposed on origin/release/main: chore: Release");
        assert_eq!(world.release("status --format json").json()["proposals"][0]["branch"], "origin/release/main");
        let pulls = forge.pulls();
        assert_eq!(
            (pulls[0]["title"].as_str(), pulls[0]["labels"][0].as_str()),
            (Some("chore: Release base 0.1.1"), Some("release"))
        );
        assert!(body(&forge).contains("a new way") && body(&forge).contains("Release-Base: "), "{}", body(&forge));
        pr(&world, &forge, "-x").ends_well().says("Unchanged: pull request #1");
        change(&world, "fix(left): a leak", "left/src/lib.rs");
        pr(&world, &forge, "-x").ends_well().says("Updated pull request #1");
        assert_eq!(forge.pulls()[0]["title"], "chore: Release 0.1.1 (2 packages)");
        world.git(&["fetch", "--quiet", "origin"]);
        world.git(&["merge", "--quiet", "--no-ff", "--no-edit", "origin/release/main"]);
        world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
        forge.edit_pull(1, "state", "merged");
        world.release("-x --no-confirm --unpublished").ends_well();
        assert!(!world.release("status").ends_well().stdout.contains("proposed"), "it is merged");
        world.has_released(&["base 0.1.0 in box", "base 0.1.1 in box", "left 0.1.0 in box", "left 0.1.1 in box"]);
        pr(&world, &forge, "-x").ends_well().says("Nothing to propose");
        assert_eq!(forge.pulls().len(), 1, "{dialect:?}");
    }
}

/// A person rewords the entry, the title and the text, writes a file, and pushes two commits; the branch that takes it
/// moves on three times: all of that stays, under the same number, and the proposal only goes forward.
#[test]
fn edits_of_people_survive() {
    let (world, forge) = world(Dialect::Github, "");
    pr(&world, &forge, "-x").ends_well();
    let entry = proposed(&world, "base/CHANGELOG.md").replace("new way", "way that nobody knew");
    person_commits(&world, "docs: reword", "base/CHANGELOG.md", &entry);
    person_commits(&world, "docs: a readme", "base/README.md", "Read me.\n");
    forge.edit_pull(1, "title", "The big one");
    forge.edit_pull(1, "body", &format!("For Ann.\n\n{}\n\nThanks.", body(&forge)));
    let mut tip = world.remote(&["rev-parse", "release/main"]);
    for (at, message) in ["fix(base): a leak", "fix(left): a hole", "feat(base): a tap"].into_iter().enumerate() {
        change(&world, message, if at == 1 { "left/src/lib.rs" } else { "base/src/lib.rs" });
        pr(&world, &forge, "-x").ends_well().says("pull request #1");
        let now = world.remote(&["rev-parse", "release/main"]);
        world.remote(&["merge-base", "--is-ancestor", &tip, &now]);
        tip = now;
    }
    let entry = proposed(&world, "base/CHANGELOG.md");
    for words in ["way that nobody knew", "a leak", "a tap"] {
        assert!(entry.contains(words), "{words}: {entry}");
    }
    assert!(!entry.contains("a new way"), "{entry}");
    assert_eq!(proposed(&world, "base/README.md"), "Read me.");
    assert!(proposed(&world, "left/CHANGELOG.md").contains("a hole"));
    assert_eq!((forge.pulls().len(), forge.pulls()[0]["title"].as_str()), (1, Some("The big one")));
    let text = body(&forge);
    assert!(text.starts_with("For Ann.\n\n") && text.ends_with("\n\nThanks.") && text.contains("a tap"), "{text}");
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["merge", "--quiet", "--squash", "origin/release/main"]);
    world.commit(&format!("The big one (#1)\n\n{text}"));
    world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
    world.release("-x --no-confirm --unpublished").ends_well();
    assert!(world.git(&["tag", "-n99", "--list", "base-v0.2.0", "base-v0.1.1"]).contains("nobody knew"));
}

/// What a person changed and the release changes too is a conflict: it is named, and nothing is pushed.
#[test]
fn conflicts_are_told() {
    let (world, forge) = world(Dialect::Forgejo, "");
    pr(&world, &forge, "-x").ends_well();
    person_commits(&world, "fix: by hand", "left/src/lib.rs", "//! Mine.\n");
    let tip = world.remote(&["rev-parse", "release/main"]);
    world.change("fix(left): by another hand", "left/src/lib.rs", "//! Theirs.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    pr(&world, &forge, "-x").ends(1).says("conflicts").says("left/src/lib.rs");
    assert_eq!(world.remote(&["rev-parse", "release/main"]), tip);
    world.is_at_rest();
}

/// An answer that is lost, a limit, and a refusal: one pull request in the end, and words for it.
#[test]
fn forge_that_falters() {
    let (world, forge) = world(Dialect::Github, "");
    forge.goes_wrong("POST /repos/acme/tea/pulls", Fault::Lost);
    pr(&world, &forge, "-x").ends_well().says("pull request #1");
    change(&world, "fix(base): a leak", "base/src/lib.rs");
    forge.goes_wrong("PATCH /repos/acme/tea/pulls/1", Fault::Limited);
    pr(&world, &forge, "-x").ends_well().says("pull request #1");
    change(&world, "fix(base): a hole", "base/src/lib.rs");
    forge.goes_wrong("PATCH /repos/acme/tea/pulls/1", Fault::Status(403));
    pr(&world, &forge, "-x").ends(4).says("it was told to fail").says("pull-requests: write");
    world.release_with("resume --no-confirm", &[(forge.variable(), TOKEN)]).ends_well().says("pull request #1");
    assert_eq!(forge.pulls().len(), 1);
    world.is_at_rest();
}

/// Without a token nothing is begun; with one that is wrong, nothing is pushed; and it is in no word and no file.
#[test]
fn tokens() {
    let (world, forge) = world(Dialect::Gitlab, "");
    let before = world.state();
    world.release("pr -x --no-confirm").ends(2).says("there is no token").says("--no-forge");
    world.release_with("pr -x --no-confirm", &[("GITLAB_TOKEN", "wrong")]).ends(4).says("GITLAB_TOKEN");
    assert_eq!(world.state(), before);
    let run = pr(&world, &forge, "-x -v").ends_well();
    let journal = world.read(".git/cargo-release/root/last.jsonl");
    assert!(!journal.contains(TOKEN) && !run.stdout.contains(TOKEN) && !run.stderr.contains(TOKEN));
}

/// On a host of any kind the branch is pushed, and title and text are printed for whoever opens the pull request.
#[test]
fn without_a_forge() {
    let (world, forge) = world(Dialect::Github, "");
    let run = world.release("pr -x --no-confirm --no-forge").ends_well();
    assert!(run.stdout.contains("Title   chore: Release base 0.1.1"), "{}", run.stdout);
    assert!(run.stdout.contains("Release-Base: ") && proposed(&world, "base/Cargo.toml").contains("0.1.1"));
    assert!(forge.asked().is_empty(), "no forge is asked");
}

/// Each package has a branch and a pull request of its own where that is wanted.
#[test]
fn one_for_each_package() {
    let (world, forge) = world(Dialect::Github, "");
    change(&world, "fix(left): a leak", "left/src/lib.rs");
    pr(&world, &forge, "-x --per package --draft").ends_well();
    let pulls = forge.pulls();
    let branches: Vec<&str> = pulls.iter().map(|pull| pull["branch"].as_str().unwrap()).collect();
    assert_eq!(branches, ["release/main-base", "release/main-left"]);
    assert!(pulls.iter().all(|pull| pull["draft"] == true));
}

/// A fix that came between proposal and merge is proposed for the same release, which is not published before.
#[test]
fn late_commits_are_proposed() {
    let (world, forge) = world(Dialect::Github, "");
    pr(&world, &forge, "-x").ends_well();
    change(&world, "fix(base): a leak", "base/src/leak.rs");
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["merge", "--quiet", "--no-ff", "--no-edit", "origin/release/main"]);
    world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
    forge.edit_pull(1, "state", "merged");
    world.release("pr --check").ends(1).says("late-commit");
    world.release("-x --no-confirm --unpublished").ends(1).says("late-commit");
    pr(&world, &forge, "-x").ends_well().says("Opened pull request #2");
    let entry = proposed(&world, "base/CHANGELOG.md");
    assert!(entry.contains("a leak") && entry.matches("## [0.1.1]").count() == 1, "{entry}");
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["merge", "--quiet", "--no-ff", "--no-edit", "origin/release/main"]);
    world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
    world.release("pr --check").ends_well();
    world.release("-x --no-confirm --unpublished").ends_well();
    world.has_released(&["base 0.1.0 in box", "base 0.1.1 in box", "left 0.1.0 in box"]);
}

/// A squash whose message was edited has lost the lines that name the plan: the forge's pull request still has them.
#[test]
fn squash_with_an_edited_message() {
    for dialect in DIALECTS {
        for late in [false, true] {
            let (world, forge) = world(dialect, "[pr]\nrequired = true\n");
            pr(&world, &forge, "-x").ends_well();
            if late {
                change(&world, "fix(base): a leak", "base/src/leak.rs");
            }
            world.git(&["fetch", "--quiet", "origin"]);
            world.git(&["merge", "--quiet", "--squash", "origin/release/main"]);
            let commit = world.commit("The big one");
            world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
            forge.edit_pull(1, "state", "merged");
            world
                .release("-x --no-confirm --unpublished")
                .ends(1)
                .says("not-proposed")
                .says("set a token of the forge");
            forge.brought(&commit, 1, "ann");
            let token = [(forge.variable(), TOKEN)];
            let run = world.release_with("-x --no-confirm --unpublished", &token);
            if late {
                run.ends(1).says("late-commit").says("a leak");
                assert_eq!(world.uploads("box"), 2, "{dialect:?}");
            } else {
                run.ends_well();
                world.has_released(&["base 0.1.0 in box", "base 0.1.1 in box", "left 0.1.0 in box"]);
            }
        }
    }
}

/// Where everything was taken back, the pull request is closed; with commits of somebody else in it, it stays.
#[test]
fn nothing_left_to_propose() {
    for foreign in [false, true] {
        let (world, forge) = world(Dialect::Github, "");
        pr(&world, &forge, "-x").ends_well();
        if foreign {
            person_commits(&world, "docs: a readme", "base/README.md", "Read me.\n");
        }
        world.git(&["revert", "--no-edit", "HEAD"]);
        world.git(&["push", "--quiet", "origin", "main"]);
        let said = if foreign { "stays open" } else { "closed pull request #1" };
        pr(&world, &forge, "-x").ends_well().says(said);
        assert_eq!(forge.pulls()[0]["state"], if foreign { "open" } else { "closed" });
    }
}

/// Taken back, a proposal that was cut short leaves no branch and no pull request.
#[test]
fn taken_back() {
    let (world, forge) = world(Dialect::Github, "");
    let before = world.state();
    forge.goes_wrong("POST /repos/acme/tea/pulls", Fault::Status(500));
    pr(&world, &forge, "-x").ends(3).says("resume");
    world.release_with("abort", &[(forge.variable(), TOKEN)]).ends_well();
    assert_eq!((world.state(), forge.pulls().len()), (before, 0));
}

/// Killed anywhere and resumed, there is one pull request in the end, with everything in it.
#[test]
fn killed_anywhere_and_resumed() {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let template = Workspace::of(members).configured("verify = false\n").made();
    for at in 1.. {
        let world = template.twin();
        let forge = Forge::over(world.path("remote.git"), Dialect::Github);
        std::fs::write(world.path("forge.toml"), forge.config()).unwrap();
        let arguments = format!("pr -x --no-confirm -c {}", world.path("forge.toml").display());
        let token = (forge.variable(), TOKEN);
        let place = at.to_string();
        let run = world.release_with(&arguments, &[token, ("CARGO_RELEASE_FAILPOINT", &place)]);
        if run.code.is_some() {
            run.ends_well();
            assert!(at > 10, "it was hardly killed: {at}");
            return;
        }
        let run = world.release_with("resume --no-confirm", &[token]);
        if run.code == Some(2) {
            world.release_with(&arguments, &[token]).ends_well();
        } else {
            run.ends_well();
        }
        assert_eq!(forge.pulls().len(), 1, "killed at {at}");
        assert!(proposed(&world, "left/CHANGELOG.md").contains("0.1.0"), "killed at {at}");
        world.is_at_rest();
    }
}

/// Two runs at once, in two clones: one pull request in the end. Whoever came too late takes it back, and finds the same.
#[test]
fn two_at_once() {
    for day in ["1795305600 +0000", "1795392000 +0000"] {
        let (world, forge) = world(Dialect::Github, "");
        world.git(&["clone", "--quiet", "../remote.git", "../clone"]);
        let run = |dir: &str, day: &str, arguments: &[&str]| {
            let mut command = world.command(env!("CARGO_BIN_EXE_cargo-release"), &world.path(dir));
            command.arg("release").args(arguments).env(forge.variable(), TOKEN).env("GIT_COMMITTER_DATE", day);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let propose = ["pr", "-x", "--no-confirm"];
        let both = [run("checkout", "1795305600 +0000", &propose), run("clone", day, &propose)];
        let codes = both.map(|child| child.wait_with_output().unwrap().status.code());
        assert!(codes.contains(&Some(0)), "{codes:?}");
        assert_eq!(forge.pulls().len(), 1, "{codes:?}");
        for (dir, code) in ["checkout", "clone"].into_iter().zip(codes) {
            if code != Some(0) {
                assert_eq!(code, Some(3));
                run(dir, day, &["abort"]).wait().unwrap();
            }
            let output = run(dir, day, &propose).wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.contains("Unchanged: pull request #1"), "{dir}: {said}");
        }
        assert_eq!(forge.pulls().len(), 1, "{codes:?}");
    }
}

/// Somebody pushes to the branch while the proposal is brought up to date: theirs stays, and the next run takes it in.
#[test]
fn somebody_is_faster() {
    let (world, forge) = world(Dialect::Github, "");
    pr(&world, &forge, "-x").ends_well();
    change(&world, "fix(base): a leak", "base/src/leak.rs");
    world.remote_hook("pre-receive", "exit 1\n");
    pr(&world, &forge, "-x").ends(3);
    world.without_remote_hook("pre-receive");
    person_commits(&world, "docs: a readme", "base/README.md", "Read me.\n");
    let token = [(forge.variable(), TOKEN)];
    world.release_with("resume --no-confirm", &token).ends(3).says("has moved");
    world.release_with("abort", &token).ends_well();
    pr(&world, &forge, "-x").ends_well();
    assert_eq!(proposed(&world, "base/README.md"), "Read me.");
    assert!(proposed(&world, "base/CHANGELOG.md").contains("a leak"));
}

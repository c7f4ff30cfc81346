//! Nothing leaks: canaries in the environment, looked for wherever a release leaves something or runs something.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;
use crate::support::script_at;

const TOKEN: &str = "canary-of-the-registry";
const OIDC: &str = "canary-of-the-job";
const OWN: &str = "canary-of-ours";

/// The hooks of git that a release can come by.
const HOOKS: [&str; 8] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "post-checkout",
    "post-merge",
    "pre-push",
    "reference-transaction",
];

/// A workspace in which everything that runs writes its environment down.
fn telling() -> (World, std::path::PathBuf) {
    let config = "[check]\nhide-env = [\"OUR_*\"]\n";
    let world = Workspace::of([Member::new("base")]).configured(config).made();
    let dump = world.path("dump");
    std::fs::create_dir(&dump).unwrap();
    let script = format!(
        "fn main() {{ let all: Vec<_> = std::env::vars().collect(); std::fs::write(\"{}/build\", format!(\"{{all:?}}\")).unwrap(); }}\n",
        dump.display()
    );
    world.change("feat(base): prepare", "base/build.rs", &script);
    for hook in HOOKS {
        script_at(&world.checkout().join(".git/hooks").join(hook), &format!("env > {}/{hook}\n", dump.display()));
    }
    script_at(&world.path("wrapper"), &format!("env >> {}/wrapper\nexec \"$@\"\n", dump.display()));
    world.git(&["push", "--quiet", "origin", "main"]);
    (world, dump)
}

/// No hook of git, no wrapper of rustc and no build script sees a token; build scripts see no secret of the job either.
#[test]
fn what_runs_sees_no_secret() {
    let (world, dump) = telling();
    let wrapper = world.path("wrapper").display().to_string();
    let variables = [
        ("CARGO_REGISTRIES_BOX_TOKEN", TOKEN),
        ("CARGO_REGISTRY_TOKEN", TOKEN),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", OIDC),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", OIDC),
        ("CRATES_ID_TOKEN", OIDC),
        ("GITHUB_TOKEN", OIDC),
        ("CI_JOB_TOKEN", OIDC),
        ("OUR_SECRET", OWN),
        ("RUSTC_WRAPPER", wrapper.as_str()),
    ];
    let run = world.release_with("-x --no-confirm", &variables).ends_well();
    let mut seen = 0;
    for entry in std::fs::read_dir(&dump).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(TOKEN), "{} saw the token", path.display());
        let is_build = path.ends_with("build");
        assert!(!is_build || !(text.contains(OIDC) || text.contains(OWN)), "a build script saw a secret");
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} told what they saw");
    let journal = std::fs::read_to_string(world.checkout().join(".git/cargo-release/root/last.jsonl")).unwrap();
    for text in [&run.stdout, &run.stderr, &journal] {
        assert!(!text.contains("canary"), "a secret was told");
    }
}

/// Of all the times that cargo is called, only those that upload see the token.
#[test]
fn cargo_sees_the_token_where_it_uploads() {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made();
    let (cargo, seen) = (world.path("cargo"), world.path("seen"));
    let real = std::env::var("CARGO").unwrap();
    let script = format!(
        "case $(env) in *{TOKEN}*) token=yes;; *) token=no;; esac\ncase \"$*\" in *{TOKEN}*) token=argument;; esac\n\
         echo \"$token $1\" >> {}\nexec {real} \"$@\"\n",
        seen.display()
    );
    script_at(&cargo, &script);
    let variables = [("CARGO_REGISTRIES_BOX_TOKEN", TOKEN), ("CARGO", cargo.to_str().unwrap())];
    world.release_with("plan", &variables).ends_well();
    world.release_with("check", &variables).ends_well();
    world.release_with("-x --no-confirm --until reserve", &variables).ends_well();
    let leftovers = world.command("grep", &world.checkout()).args(["-rl", TOKEN, ".git"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&leftovers.stdout), "", "the token lies in the repository");
    world.release_with("resume --no-confirm", &variables).ends_well();
    let seen = std::fs::read_to_string(seen).unwrap();
    let with_token: Vec<&str> = seen.lines().filter(|line| !line.starts_with("no ")).collect();
    assert_eq!(with_token, ["yes publish", "yes publish"], "{seen}");
    assert!(seen.contains("no metadata") && seen.contains("no package"), "{seen}");
}

/// The journal and all that is kept beside it are their owner's alone, while a release is open and afterwards.
#[test]
fn journal_is_its_owners() {
    let world = Workspace::of([Member::new("base")]).made();
    let room = world.checkout().join(".git/cargo-release/root");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let are_private = || {
        assert_eq!(mode(&room), 0o700);
        let entries = std::fs::read_dir(&room).unwrap().map(|entry| entry.unwrap().path());
        for path in entries.filter(|path| path.is_file()) {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    };
    world.release("-x --no-confirm --until tag").ends_well();
    are_private();
    world.release("resume --no-confirm").ends_well();
    are_private();
}

/// A registry without a token for it is noticed before anything is begun.
#[test]
fn no_token_no_start() {
    let world = Workspace::of([Member::new("base")]).made();
    let before = world.state();
    let mut command = world.command(env!("CARGO_BIN_EXE_cargo-release"), &world.checkout());
    let output =
        command.args(["release", "-x", "--no-confirm"]).env_remove("CARGO_REGISTRIES_BOX_TOKEN").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("no-token") && said.contains("cargo login --registry box"), "{said}");
    assert_eq!(world.state(), before);
}

/// A plan from a file names nothing outside the repository, whatever id it was given.
#[test]
fn plan_from_a_file_stays_inside() {
    let world = Workspace::of([Member::new("base")]).made();
    let mut plan = world.release("plan --format json").ends_well().json();
    plan["steps"][0]["path"] = "../../outside.txt".into();
    plan["id"] = "".into();
    let blank: cargo_release::testing::plan::ReleasePlan = serde_json::from_value(plan.clone()).unwrap();
    let id = cargo_release::testing::names::Digest::of(&serde_json::to_vec(&blank).unwrap());
    plan["id"] = id.as_str().into();
    let kept = world.path("plan.json");
    std::fs::write(&kept, plan.to_string()).unwrap();
    let run = world.release(&format!("-x --no-confirm --plan {}", kept.display())).ends(2);
    run.says("the plan is not valid").says("../../outside.txt");
    world.release("status").ends_well();
    assert!(!world.path("outside.txt").exists());
}

/// A name that git does not take for a tag stands in the way.
#[test]
fn tag_names_are_held_to_git() {
    for (name, fault) in [("-f", "begins with a dash"), ("x..", "`..`"), ("a b", "a blank")] {
        let world = Workspace::of([Member::new("base")]).configured(&format!("tag-name = \"{name}\"\n")).made();
        world.release("-x --no-confirm").ends(1).says("tag-name").says(fault);
    }
    let world = Workspace::of([Member::new("base")]).made();
    world.git(&["tag", "base-v0.1.0/old"]);
    world.release("-x --no-confirm").ends(1).says("one is a directory of the other");
}

/// A stale plan from a file leaves nothing open.
#[test]
fn stale_plan_leaves_nothing_open() {
    let world = Workspace::of([Member::new("base")]).made();
    let kept = world.path("plan.json").display().to_string();
    std::fs::write(&kept, world.release("plan --format json").ends_well().stdout).unwrap();
    world.change("fix: later", "base/src/lib.rs", "//! Later.\n");
    world.release(&format!("-x --no-confirm --plan {kept}")).ends(4);
    world.is_at_rest();
}

/// A link out of the repository is not followed: its target is neither published nor edited nor replaced, whether the link
/// is a file, a directory, or a link to such a link.
#[test]
fn links_out_are_not_followed() {
    let table = [
        ("base/CHANGELOG.md", "../../outside/CHANGELOG.md", "base/CHANGELOG.md"),
        ("base/secret.md", "../../outside/CHANGELOG.md", "base/secret.md"),
        ("base/docs", "../../outside", "base/docs"),
        ("base/key", "/etc/hostname", "base/key"),
        ("base/hooks", "../.git/hooks", "base/hooks"),
    ];
    for (path, target, named) in table {
        let world = Workspace::of([Member::new("base")]).made();
        std::fs::create_dir(world.path("outside")).unwrap();
        let text = "# Changelog\n\n## [Unreleased]\n\n- Outside.\n";
        std::fs::write(world.path("outside/CHANGELOG.md"), text).unwrap();
        std::os::unix::fs::symlink(target, world.checkout().join(path)).unwrap();
        std::os::unix::fs::symlink(path, world.checkout().join("again")).unwrap();
        world.commit("feat: a link");
        world.git(&["push", "--quiet", "origin", "main"]);
        let before = world.state();
        let run = world.release("-x --no-confirm").ends(1).says("outside-repository");
        run.says(&format!("the link `{named}` leads to `{target}`"));
        world.release("check").ends(1).says("outside-repository");
        assert_eq!(world.state(), before, "{path}");
        assert_eq!(std::fs::read_to_string(world.path("outside/CHANGELOG.md")).unwrap(), text);
        // Left out of the package it does not matter, as long as no release edits it.
        let manifest = world.read("base/Cargo.toml");
        let name = path.trim_start_matches("base");
        let excluded = manifest.replacen("[package]\n", &format!("[package]\nexclude = [{name:?}]\n"), 1);
        world.change("fix: leave it out", "base/Cargo.toml", &excluded);
        world.git(&["push", "--quiet", "origin", "main"]);
        if !path.ends_with("CHANGELOG.md") {
            world.release("-x --no-confirm").ends_well();
        } else {
            world.release("-x --no-confirm").ends(1).says("base/CHANGELOG.md");
        }
        assert_eq!(std::fs::read_to_string(world.path("outside/CHANGELOG.md")).unwrap(), text);
    }
}

/// A link inside the repository stays one, and what it leads to is edited: once, though two packages have a link to it.
#[test]
fn links_inside_are_followed() {
    let news = "# Changelog\n\n## [Unreleased]\n\n- News.\n";
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).file("docs/base/CHANGELOG.md", news).file("LEFT.md", news).made();
    std::os::unix::fs::symlink("../docs/base/CHANGELOG.md", world.checkout().join("base/CHANGELOG.md")).unwrap();
    std::os::unix::fs::symlink("../link.md", world.checkout().join("left/CHANGELOG.md")).unwrap();
    std::os::unix::fs::symlink("LEFT.md", world.checkout().join("link.md")).unwrap();
    world.commit("feat: links");
    world.git(&["push", "--quiet", "origin", "main"]);
    world.release("-x --no-confirm").ends_well();
    for (link, file) in [("base/CHANGELOG.md", "docs/base/CHANGELOG.md"), ("left/CHANGELOG.md", "LEFT.md")] {
        assert!(world.checkout().join(link).is_symlink(), "{link}");
        assert_eq!(world.read(file).matches("## [0.1.0]").count(), 1, "{}", world.read(file));
    }
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

/// A path below git's own directory is named and left alone.
#[test]
fn paths_below_git_are_left_alone() {
    let replace = "pre-release-replacements = [{ file = \"../.git/config\", search = \"core\", replace = \"x\" }]\n";
    for config in ["[changelog]\npath = \"../.git/config\"\n", replace] {
        let member = Workspace::of([Member::new("base")]).file("base/release.toml", config).made();
        let before = std::fs::read_to_string(member.checkout().join(".git/config")).unwrap();
        member.release("-x --no-confirm").ends(1).says(".git/config").says("git's own directory");
        assert_eq!(std::fs::read_to_string(member.checkout().join(".git/config")).unwrap(), before);
    }
}

/// What a commit or a note says goes into the changelog and the tag as plain text.
#[test]
fn escapes_stay_out_of_changelogs_and_tags() {
    let world = Workspace::of([Member::new("base")]).made();
    world.change("feat: \u{1b}[31mred\u{1b}[0m \u{202e}leaf\u{7}", "base/src/lib.rs", "//! Red.\n");
    let note = "---\nbase: patch\n---\nA \u{1b}]8;;http://127.0.0.1/\u{1b}\\tap\u{1b}]8;;\u{1b}\\ drips.\n";
    world.change("docs: note", ".changes/tap.md", note);
    world.git(&["push", "--quiet", "origin", "main"]);
    world.release("-x --no-confirm").ends_well();
    let tag = world.git(&["for-each-ref", "--format=%(contents)", "refs/tags"]);
    for text in [world.read("base/CHANGELOG.md"), tag, world.git(&["log", "-1", "--format=%B"])] {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text:?}");
    }
    assert!(world.read("base/CHANGELOG.md").contains("A tap drips."), "{}", world.read("base/CHANGELOG.md"));
}

/// The name of a remote is a name, whatever it looks like.
#[test]
fn names_are_no_options() {
    let world = Workspace::of([Member::new("base")]).configured("push-remote = \"--upload-pack=touch pwned\"\n").made();
    let run = world.release("-x --no-confirm");
    assert_ne!(run.code, Some(0), "{}", run.stderr);
    assert!(!world.checkout().join("pwned").exists() && !world.path("pwned").exists());
    assert_eq!(world.uploads("box"), 0);
}

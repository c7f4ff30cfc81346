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

/// The journal is its owner's alone.
#[test]
fn journal_is_its_owners() {
    let world = Workspace::of([Member::new("base")]).made();
    world.release("-x --no-confirm --until tag").ends_well();
    let room = world.checkout().join(".git/cargo-release/root");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&room), mode(&room.join("journal.jsonl"))), (0o700, 0o600));
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
    let blank: cargo_release::plan::ReleasePlan = serde_json::from_value(plan.clone()).unwrap();
    let id = cargo_release::names::Digest::of(&serde_json::to_vec(&blank).unwrap());
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

//! The workflows in the guide for CI are true: their steps are taken from the page and run, job by job, each in a clone of
//! its own as a runner has it, against a bare remote, a registry and a forge on loopback.
//!
//! What is not run is what needs the network: actions of others, and the installation of this program.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::path::Path;
use std::process::Stdio;

use support::Dialect;
use support::Forge;
use support::Member;
use support::TOKEN;
use support::Workspace;
use support::World;
use yaml_rust2::Yaml;
use yaml_rust2::YamlLoader;

/// What the page has in the place of the address of this repository.
const INSTALL: &str = "cargo install --locked --git URL";

/// The files that the page shows: the blocks that are whole workflows, after the heading.
fn workflow(heading: &str, at: usize) -> Yaml {
    let text = std::fs::read_to_string(support::here("docs/ci.md")).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with(&format!("{heading}\n"))).unwrap();
    let block = section.split("```yaml\n").nth(at + 1).unwrap().split("```").next().unwrap();
    YamlLoader::load_from_str(block).unwrap().remove(0)
}

/// What happened, as the runner tells it to a job.
#[derive(Clone, Copy)]
struct Event<'a> {
    /// `push` or `pull_request`.
    name: &'a str,
    /// The branch or tag that it is about.
    reference: &'a str,
}

/// A runner of jobs.
struct Runner<'a> {
    world: &'a World,
}

impl Runner<'_> {
    /// Runs the jobs of a workflow of GitHub or Forgejo in the order of the file; how many commands of ours ran.
    fn github(&self, workflow: &Yaml, event: Event<'_>) -> usize {
        let jobs = workflow["jobs"].as_hash().unwrap();
        jobs.iter().map(|(name, job)| self.job(name.as_str().unwrap(), job, event)).sum()
    }

    fn job(&self, name: &str, job: &Yaml, event: Event<'_>) -> usize {
        let clone = self.clone(name, event.reference);
        let mut ran = 0;
        for step in job["steps"].as_vec().unwrap() {
            let Some(script) = step["run"].as_str() else {
                assert!(step["uses"].as_str().unwrap().contains('@'), "{step:?}");
                continue;
            };
            if script.trim() == INSTALL || !holds(step["if"].as_str(), event) {
                continue;
            }
            let env = step["env"].as_hash().into_iter().flatten();
            let env: Vec<(String, String)> = env
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), self.expanded(value.as_str().unwrap(), event)))
                .collect();
            ran += self.shell(&clone, script, &env);
        }
        std::fs::remove_dir_all(clone).unwrap();
        ran
    }

    /// Runs the jobs of a pipeline of GitLab; each is one script on a detached head.
    fn gitlab(&self, pipeline: &Yaml, variables: &[(&str, &str)]) -> usize {
        let jobs = pipeline.as_hash().unwrap();
        let env: Vec<(String, String)> =
            variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let run = |(name, job): (&Yaml, &Yaml)| {
            let clone = self.clone(name.as_str().unwrap(), "main");
            self.world.command("git", &clone).args(["checkout", "--quiet", "--detach"]).status().unwrap();
            let lines = job["script"].as_vec().unwrap().iter().map(|line| line.as_str().unwrap());
            let script: Vec<&str> = lines.filter(|line| *line != INSTALL).collect();
            let ran = self.shell(&clone, &script.join("\n"), &env);
            std::fs::remove_dir_all(clone).unwrap();
            ran
        };
        jobs.iter().map(run).sum()
    }

    /// A clone as `actions/checkout` makes it.
    fn clone(&self, job: &str, reference: &str) -> std::path::PathBuf {
        let dir = self.world.path(&format!("job {job}"));
        let mut command = self.world.command("git", &self.world.path(""));
        command.args(["clone", "--quiet", "--branch", reference, "remote.git"]).arg(&dir);
        command.stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "{job}");
        dir
    }

    /// Runs a script as a runner does; how many commands of ours are in it.
    fn shell(&self, dir: &Path, script: &str, env: &[(String, String)]) -> usize {
        let program = Path::new(env!("CARGO_BIN_EXE_cargo-release")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let path = std::iter::once(program.to_owned()).chain(std::env::split_paths(&path));
        let mut command = self.world.command("bash", dir);
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        command.env("PATH", std::env::join_paths(path).unwrap()).env("CI", "true").env_remove("CARGO_TARGET_DIR");
        command.env("GITHUB_STEP_SUMMARY", self.world.path("summary.md"));
        // A runner knows nobody: who commits is what the flow says.
        for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
            command.env_remove(name);
        }
        let config = self.world.path("home/gitconfig");
        if config.exists() {
            command.env("GIT_CONFIG_GLOBAL", config);
        }
        let output = command.envs(env.iter().cloned()).stdin(Stdio::null()).output().unwrap();
        let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}\n{script}\n-- stdout\n{said}\n-- stderr\n{told}", output.status);
        assert!(!format!("{said}{told}").contains(TOKEN), "the token was said: {said}{told}");
        script.matches("cargo release ").count()
    }

    /// Puts in what GitHub does. An expression that is not known here fails the test.
    fn expanded(&self, text: &str, event: Event<'_>) -> String {
        match text {
            "${{ github.token }}" | "${{ steps.app.outputs.token || github.token }}" => TOKEN.to_owned(),
            "${{ github.base_ref }}" => "main".to_owned(),
            "${{ github.ref_name }}" => event.reference.to_owned(),
            other => {
                assert!(!other.contains("${{"), "{other}");
                other.to_owned()
            }
        }
    }
}

/// Whether a step runs.
fn holds(condition: Option<&str>, event: Event<'_>) -> bool {
    match condition {
        None => true,
        Some("github.event_name == 'pull_request'") => event.name == "pull_request",
        Some("github.event_name == 'push'") => event.name == "push",
        Some(other) => panic!("`if: {other}` is not known here"),
    }
}

/// Two packages, released once, and a change that is pushed.
fn world(dialect: Dialect) -> (World, Forge) {
    let world = Workspace::of([Member::new("base"), Member::new("left").needs(&["base"])]).made();
    world.release("-x --no-confirm").ends_well();
    let forge = Forge::over(world.path("remote.git"), dialect);
    world.write("release.toml", &forge.config()).commit("chore: a forge");
    push(&world, "feat(base): a new way");
    (world, forge)
}

fn push(world: &World, message: &str) {
    let before = world.read("base/src/lib.rs");
    world.change(message, "base/src/lib.rs", &format!("{before}// {message}\n"));
    world.git(&["push", "--quiet", "origin", "main"]);
}

/// A person merges the proposal as forges do: a squash with the title and the description, and the branch goes.
fn squashed(world: &World, forge: &Forge, number: u64) {
    let pulls = forge.pulls();
    let text = |key: &str| pulls[usize::try_from(number).unwrap() - 1][key].as_str().unwrap().to_owned();
    world.git(&["fetch", "--quiet", "origin"]);
    world.git(&["merge", "--quiet", "--squash", "origin/release/main"]);
    world.commit(&format!("{} (#{number})\n\n{}", text("title"), text("body")));
    world.git(&["push", "--quiet", "origin", "main", ":release/main"]);
    forge.edit_pull(number, "state", "merged");
}

const PUSH: Event<'static> = Event { name: "push", reference: "main" };

/// The flow by pull requests: pushed, proposed, brought up to date, merged, published, and quiet again.
fn by_pull_request(world: &World, forge: &Forge, run: &dyn Fn() -> usize) {
    assert_eq!(run(), 2, "both jobs have a command of ours");
    assert_eq!((forge.pulls().len(), world.uploads("box")), (1, 2));
    push(world, "fix(base): a leak");
    run();
    assert_eq!(forge.pulls().len(), 1);
    squashed(world, forge, 1);
    run();
    assert_eq!(world.published("box"), ["base 0.1.0", "base 0.1.1", "left 0.1.0"]);
    let tag = world.remote(&["for-each-ref", "--format=%(contents)", "refs/tags/base-v0.1.1"]);
    assert!(tag.contains("a leak") && tag.contains("a new way"), "{tag}");
    run();
    assert_eq!((forge.pulls().len(), world.uploads("box")), (1, 3), "nothing is left");
}

// GitHub: `release.yml`, as it is on the page.
#[test]
fn releases_by_pull_request_on_github() {
    let (world, forge) = world(Dialect::Github);
    let flow = workflow("Releases by pull request", 0);
    by_pull_request(&world, &forge, &|| Runner { world: &world }.github(&flow, PUSH));
    assert_eq!(forge.releases().len(), 1, "the release is announced");
}

// Forgejo: the same file, changed as the page says.
#[test]
fn releases_by_pull_request_on_forgejo() {
    let (world, forge) = world(Dialect::Forgejo);
    let page = std::fs::read_to_string(support::here("docs/ci.md")).unwrap();
    assert!(page.contains("replace `GITHUB_TOKEN` by `FORGEJO_TOKEN: ${{ secrets.RELEASE_TOKEN }}`"));
    let flow = workflow("Releases by pull request", 0);
    let token = [("FORGEJO_TOKEN".to_owned(), TOKEN.to_owned())];
    by_pull_request(&world, &forge, &|| {
        let runner = Runner { world: &world };
        let jobs = flow["jobs"].as_hash().unwrap().values();
        let scripts = jobs.map(|job| {
            let clone = runner.clone("forgejo", "main");
            let steps = job["steps"].as_vec().unwrap().iter().filter_map(|step| step["run"].as_str());
            let ran =
                steps.filter(|script| *script != INSTALL).map(|script| runner.shell(&clone, script, &token)).sum();
            std::fs::remove_dir_all(clone).unwrap();
            ran
        });
        scripts.collect::<Vec<usize>>().into_iter().sum()
    });
}

// GitLab: both jobs, on a detached head, with the token in the address of the remote.
#[test]
fn releases_by_merge_request_on_gitlab() {
    let (world, forge) = world(Dialect::Gitlab);
    let there = world.path("remote.git").display().to_string();
    let config = format!("[url \"{there}\"]\n\tinsteadOf = https://oauth2:{TOKEN}@git.test/acme/tea.git\n");
    std::fs::write(world.path("home/gitconfig"), config).unwrap();
    let flow = workflow("Releases by pull request", 1);
    let variables = [
        ("GITLAB_CI", "true"),
        ("CI_COMMIT_BRANCH", "main"),
        ("CI_SERVER_HOST", "git.test"),
        ("CI_PROJECT_PATH", "acme/tea"),
        ("GITLAB_TOKEN", TOKEN),
    ];
    by_pull_request(&world, &forge, &|| Runner { world: &world }.gitlab(&flow, &variables));
}

// The check of a pull request and of a push, on GitHub and on GitLab.
#[test]
fn checks() {
    let (world, _forge) = world(Dialect::Github);
    let runner = Runner { world: &world };
    let flow = workflow("GitHub Actions", 0);
    assert_eq!(runner.github(&flow, PUSH), 1);
    world.git(&["switch", "--quiet", "-c", "way"]);
    world.change("feat(base): a way", "base/src/way.rs", "//! A way.\n");
    world.git(&["push", "--quiet", "origin", "way"]);
    assert_eq!(runner.github(&flow, Event { name: "pull_request", reference: "way" }), 1);
    let summary = std::fs::read_to_string(world.path("summary.md")).unwrap();
    assert!(summary.contains("| `base` |") || summary.contains("| base |"), "{summary}");
    let pipeline = workflow("GitLab", 0);
    assert_eq!(runner.gitlab(&pipeline, &[("GITLAB_CI", "true")]), 2);
    let base = world.git(&["rev-parse", "main~1"]);
    assert_eq!(runner.gitlab(&pipeline, &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base)]), 2);
    assert_eq!(world.uploads("box"), 2, "checks publish nothing");
}

// Files for a release that was made on a machine: built for its tag, and attached.
#[test]
fn assets_of_a_tag() {
    let world = World::empty(&[support::BOX]);
    let forge = Forge::over(world.path("remote.git"), Dialect::Github);
    let manifest = "[package]\nname = \"tea\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = [\"box\"]\n";
    world.write("Cargo.toml", manifest).write("src/main.rs", "fn main() {}\n").write(".gitignore", "/target\n");
    world.write("release.toml", &format!("{}[announce]\ndraft = true\n", forge.config()));
    world.cargo(&["generate-lockfile", "--offline", "--quiet"]);
    world.commit("feat: begin");
    world.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    world.release_with("-x --no-confirm", &[(forge.variable(), TOKEN)]).ends_well();
    assert_eq!(forge.releases()[0]["draft"], true);
    let flow = workflow("Releases by tag", 0);
    assert_eq!(Runner { world: &world }.github(&flow, Event { name: "push", reference: "v0.1.0" }), 1);
    assert_eq!(forge.assets("v0.1.0")[0].0, "tea");
    assert_eq!(forge.releases()[0]["draft"], false);
}

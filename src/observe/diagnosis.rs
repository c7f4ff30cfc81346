//! The diagnosis that a bug report needs. Whatever cannot be read is a fact too, and the rest is still read: this is
//! for machines on which something is wrong. It uses no network.

use std::path::Path;
use std::path::PathBuf;

use super::Located;
use super::registries::index::destinations;
use super::repository::state::git;
use super::repository::state::without_credentials;
use crate::config::Config;
use crate::error::Result;
use crate::names::BranchName;
use crate::snapshot::Diagnosis;
use crate::snapshot::Section;
use crate::tools::cargo::metadata::cargo;
use crate::tools::cargo::semver_checks;
use crate::tools::system::environment::Environment;
use crate::tools::system::process::Program;

/// Settings of git that a release depends on.
const GIT: &str = r"^(core\.(autocrlf|eol|hookspath|fsmonitor|sparsecheckout|worktree|bare|symlinks|filemode)|commit\..*|tag\..*|gpg\..*|push\..*|pull\..*|merge\.ff|submodule\..*|extensions\..*|safe\..*|url\..*|user\..*|author\..*|committer\..*)$";

/// Settings whose values are nobody's business.
const PERSONAL: [&str; 5] = ["user.", "author.", "committer.", "url.", "gpg.ssh."];

/// Variables that change what git, cargo or a release does, by their beginnings.
const VARIABLES: [&str; 14] = [
    "CARGO_",
    "CARGO",
    "RUSTUP_",
    "RUSTC",
    "RUSTFLAGS",
    "GIT_",
    "GPG_TTY",
    "SSH_AUTH_SOCK",
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "SOURCE_DATE_EPOCH",
    "NO_COLOR",
    "HTTP",
];

/// Reads what there is to know around a place, or where there is none; `configure` resolves its configuration.
pub(crate) fn diagnose(
    environment: &Environment,
    place: &Result<Located>,
    configure: &dyn Fn(&Located) -> Result<Config>,
) -> Diagnosis {
    let directory = place.as_ref().map_or_else(|_| environment.directory().to_owned(), |place| place.root().to_owned());
    let mut sections = vec![programs(environment, &directory), variables(environment)];
    match place {
        Err(failure) => {
            let mut section = Section::new("workspace");
            section.add("cannot be read", without_credentials(&failure.to_string()));
            sections.push(section);
            sections.push(settings(environment.directory()));
        }
        Ok(place) => {
            let config = configure(place);
            sections.extend([
                workspace(place),
                repository(place),
                configuration(place, config.as_ref().err().map(ToString::to_string)),
                settings(place.root()),
            ]);
            sections.extend(config.ok().map(|config| goes_to(place, &config)));
        }
    }
    Diagnosis { sections }
}

/// The first line that a program prints.
fn asked(program: Program, directory: &Path) -> String {
    match program.dir(directory).run() {
        Ok(output) if output.success() => output.text().lines().next().unwrap_or_default().trim().to_owned(),
        Ok(output) => format!("failed: {}", output.tail(1)),
        Err(failure) => failure.to_string(),
    }
}

fn programs(environment: &Environment, directory: &Path) -> Section {
    let mut section = Section::new("programs");
    let ask = |name: &str, arguments: &[&str]| asked(Program::new(name).args(arguments), directory);
    section.add("cargo-release", format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")));
    section.add("platform", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH));
    section.add("installed at", environment.executable().display().to_string());
    section.add("cargo", asked(Program::new(cargo(environment)).arg("--version"), directory));
    section.add("rustc", ask("rustc", &["--version"]));
    section.add("git", ask("git", &["--version"]));
    let checks = semver_checks::located(environment)
        .map(|program| asked(Program::new(program).args(["semver-checks", "--version"]), directory));
    section.add("cargo-semver-checks", checks.unwrap_or_else(|| "not installed".to_owned()));
    section
}

/// The names of variables, never their values.
fn variables(environment: &Environment) -> Section {
    let mut section = Section::new("variables");
    let matters = |name: &&str| {
        let upper = name.to_uppercase();
        VARIABLES.iter().any(|start| match start.ends_with('_') || *start == "HTTP" || *start == "RUSTC" {
            true => upper.starts_with(start),
            false => upper == *start,
        })
    };
    let set: Vec<&str> = environment.names().filter(matters).collect();
    section.add("set", if set.is_empty() { "none that matter".to_owned() } else { set.join(", ") });
    section
}

fn workspace(place: &Located) -> Section {
    let mut section = Section::new("workspace");
    let packages = &place.workspace.packages;
    section.add("root", place.workspace_root.display().to_string());
    section.add("target directory", place.target_directory.display().to_string());
    section.add("members", packages.len().to_string());
    section.add("lock file", if has_lockfile(place) { "there" } else { "none" });
    section
}

fn has_lockfile(place: &Located) -> bool {
    place.workspace.texts.contains_key(&place.workspace.dir.join("Cargo.lock"))
}

fn repository(place: &Located) -> Section {
    let mut section = Section::new("repository");
    let (root, checkout) = (place.root(), place.checkout());
    let yes = |is: bool| if is { "yes" } else { "no" };
    section.add("root", root.display().to_string());
    section.add("git directory", place.common_dir().display().to_string());
    section.add("HEAD", asked(git(root).args(["log", "-1", "--format=%H"]), root));
    section.add("branch", place.head.branch.as_ref().map_or("none (detached)", BranchName::as_str));
    section.add("shallow", yes(checkout.is_shallow()));
    section.add("linked worktree", yes(root.join(".git").is_file()));
    section.add("in progress", checkout.in_progress().unwrap_or("nothing"));
    section.add("object format", asked(git(root).args(["rev-parse", "--show-object-format"]), root));
    let remotes = git(root).args(["remote", "--verbose"]).run().map(|output| output.text()).unwrap_or_default();
    for line in remotes.lines().filter_map(|line| line.strip_suffix(" (push)")) {
        let (name, address) = line.split_once('\t').unwrap_or((line, ""));
        section.add(format!("remote {name}"), without_credentials(address));
    }
    section
}

/// The files that configure a release, in the order in which one overrides the other.
fn configuration(place: &Located, wrong: Option<String>) -> Section {
    let mut section = Section::new("configuration");
    let found = &place.config;
    let mut add = |name: &str, path: PathBuf| section.add(name, path.display().to_string());
    for (name, file) in [("home", &found.home), ("user", &found.platform), ("workspace", &found.workspace)] {
        if let Some(file) = file {
            add(name, file.path.clone());
        }
    }
    for (package, file) in found.packages.iter().filter(|(_, file)| Some(*file) != found.workspace.as_ref()) {
        add(&format!("package {package}"), file.path.clone());
    }
    if let Some(file) = &found.given {
        add("--config", file.path.clone());
    }
    for (path, text) in place.workspace.texts.iter().filter(|(path, _)| path.as_str().ends_with("Cargo.toml")) {
        if text.contains("metadata.release") {
            section.add("manifest", path.to_string());
        }
    }
    if let Some(wrong) = wrong {
        section.add("cannot be read", wrong);
    }
    if section.facts.is_empty() {
        section.add("files", "none: defaults only");
    }
    section
}

/// git's settings with the scope that they come from.
fn settings(root: &Path) -> Section {
    let mut section = Section::new("git settings");
    let said = git(root).args(["config", "--null", "--show-scope", "--get-regexp", GIT]).run();
    let said = said.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut parts = said.split('\0');
    while let (Some(scope), Some(entry)) = (parts.next(), parts.next()) {
        let (key, value) = entry.split_once('\n').unwrap_or((entry, "true"));
        let personal = PERSONAL.iter().any(|start| key.starts_with(start));
        let key = if key.starts_with("url.") { "url.….insteadOf" } else { key };
        let value = if personal { "(set)".to_owned() } else { without_credentials(value) };
        section.add(key, format!("{value} ({scope})"));
    }
    section
}

fn goes_to(place: &Located, config: &Config) -> Section {
    let mut section = Section::new("registries");
    let found = &place.registries;
    for (registry, packages) in destinations(&place.workspace, &config.packages) {
        let index =
            found.index(&registry).map_or_else(|| "not configured".to_owned(), |index| without_credentials(&index));
        let replaced = found.replacement(&registry).map(|by| format!(", replaced by `{by}`")).unwrap_or_default();
        let token = if found.has_token_variable(&registry) { "set" } else { "not set" };
        let count = packages.len();
        section.add(registry.as_str(), format!("{index}{replaced}; packages: {count}; token variable: {token}"));
    }
    section.add("credential providers", if found.has_providers() { "configured" } else { "cargo's default" });
    section
}

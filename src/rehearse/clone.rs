//! Clones the user's repository: a bare clone as the remote, a checkout of the same branch, and the configuration of cargo
//! and git.

use std::path::Path;
use std::path::PathBuf;

use super::git;
use super::perform::RehearsalSpec;
use crate::error::Result;
use crate::tools::git::ignored;
use crate::tools::system::files;

/// The settings of the repository's git configuration that affect commits and files. Remotes, branches and settings that
/// run programs are not copied.
const SETTINGS: [&str; 16] = [
    "user.",
    "author.",
    "committer.",
    "commit.",
    "tag.",
    "gpg.",
    "filter.",
    "core.autocrlf",
    "core.eol",
    "core.safecrlf",
    "core.attributesfile",
    "core.excludesfile",
    "core.filemode",
    "core.symlinks",
    "core.ignorecase",
    "core.precomposeunicode",
];

/// The cloned repository.
#[derive(Clone, Debug)]
pub(super) struct Clone {
    /// The checkout.
    pub(super) checkout: PathBuf,
}

/// Clones the repository to `dir`.
pub(super) fn make(spec: &RehearsalSpec<'_>, dir: &Path) -> Result<Clone> {
    let remote = dir.join("remote.git");
    // An empty template keeps the user's template hooks out.
    git(dir).args(["clone", "--quiet", "--bare", "--template=", "--"]).arg(spec.root).arg(&remote).succeed()?;
    let checkout = below_configuration(spec, dir)?.join(spec.root.file_name().unwrap_or("checkout".as_ref()));
    let hooks = hooks(spec, dir, &checkout)?;
    let settings = settings(spec)?.into_iter().chain([format!("core.hooksPath={}", hooks.display())]);
    git(dir)
        .args(["clone", "--quiet", "--template=", "--origin", spec.remote, "--branch", spec.branch])
        .args(settings.flat_map(|setting| ["--config".to_owned(), setting]))
        .arg("--")
        .arg(&remote)
        .arg(&checkout)
        .succeed()?;
    submodules(spec.root, &checkout)?;
    untracked(spec, &checkout)?;
    Ok(Clone { checkout })
}

/// Recreates the directories above the user's repository with their cargo configuration, because cargo reads it. Cargo's
/// home is not included.
fn below_configuration(spec: &RehearsalSpec<'_>, dir: &Path) -> Result<PathBuf> {
    let home = spec.environment.cargo_home();
    let above = spec.root.ancestors().skip(1).map(|dir| dir.join(".cargo"));
    let mut places: Vec<PathBuf> = above.filter(|place| Some(place) != home.as_ref()).collect();
    places.reverse();
    let mut inner = dir.to_owned();
    for place in places {
        if configurations(&place).iter().any(|file| file.exists()) {
            inner = inner.join("above");
            copy_configuration(&place, &inner.join(".cargo"))?;
        }
    }
    files::make_dir(&inner).map(|()| inner)
}

/// The two file names of cargo's configuration.
fn configurations(place: &Path) -> [PathBuf; 2] {
    ["config", "config.toml"].map(|name| place.join(name))
}

/// Copies cargo's configuration files that the target does not have.
pub(super) fn copy_configuration(from: &Path, to: &Path) -> Result<()> {
    for (from, to) in configurations(from).iter().zip(configurations(to)) {
        copy_missing(from, &to)?;
    }
    Ok(())
}

fn copy_missing(from: &Path, to: &Path) -> Result<()> {
    match files::read(from)? {
        Some(bytes) if !to.exists() => files::write(to, &bytes),
        Some(_) | None => Ok(()),
    }
}

/// The directory for git hooks: an empty one, unless hooks are to run.
fn hooks(spec: &RehearsalSpec<'_>, dir: &Path, checkout: &Path) -> Result<PathBuf> {
    if !spec.hooks {
        return Ok(dir.join("no-hooks"));
    }
    let said = git(spec.root).args(["rev-parse", "--path-format=absolute", "--git-path", "hooks"]).succeed()?.text();
    let hooks = PathBuf::from(said);
    let tracked = hooks.strip_prefix(spec.root).ok().filter(|inside| !inside.starts_with(".git"));
    Ok(tracked.map_or_else(|| hooks.clone(), |inside| checkout.join(inside)))
}

fn settings(spec: &RehearsalSpec<'_>) -> Result<Vec<String>> {
    let listed = git(spec.root).args(["config", "--local", "--list", "-z"]).run()?.stdout;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let entries = listed.split('\0').filter_map(|entry| entry.split_once('\n'));
    let taken = entries.filter(|(key, _)| SETTINGS.iter().any(|start| key.starts_with(start)));
    Ok(taken.map(|(key, value)| format!("{key}={value}")).collect())
}

/// Clones the submodules that the user has initialized, recursively, from the user's checkout.
fn submodules(root: &Path, checkout: &Path) -> Result<()> {
    if !checkout.join(".gitmodules").exists() {
        return Ok(());
    }
    let query = ["config", "--file", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$"];
    let listed = git(checkout).args(query).run()?.text();
    for (key, path) in listed.lines().filter_map(|line| line.split_once(' ')) {
        let theirs = root.join(path);
        if theirs.join(".git").exists() {
            let key = format!("{}.url", key.trim_end_matches(".path"));
            git(checkout).arg("config").arg(key).arg(theirs).succeed()?;
            let update = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--", path];
            git(checkout).args(update).succeed()?;
            submodules(&root.join(path), &checkout.join(path))?;
        }
    }
    Ok(())
}

/// Copies untracked files that builds read: cargo's configuration, the lock file, and the files in `stage.copy`.
fn untracked(spec: &RehearsalSpec<'_>, checkout: &Path) -> Result<()> {
    for start in [spec.environment.directory(), spec.workspace] {
        for place in start.ancestors().take_while(|place| place.starts_with(spec.root)) {
            let inside = place.strip_prefix(spec.root).unwrap_or(Path::new(""));
            copy_configuration(&place.join(".cargo"), &checkout.join(inside).join(".cargo"))?;
        }
    }
    ignored::copy(spec.root, checkout, spec.copied)?;
    let inside = spec.workspace.strip_prefix(spec.root).unwrap_or(Path::new(""));
    copy_missing(&spec.workspace.join("Cargo.lock"), &checkout.join(inside).join("Cargo.lock"))
}

//! The demo: an example workspace of six crates about tea, with a history and a bare remote.
//!
//! `tea-leaf` ← `tea-pot`, `tea-cup` ← `tea-party` is the diamond; `tea-party` knows `tea-pot` under another name;
//! `tea-pot` and `tea-cup` inherit one version; `tea-timer` is a program; `tea-tasks` is private. Settings of the user's
//! git configuration that would change the commits (signing, hooks, ignored files) are turned off in the repository.

use std::path::Path;
use std::path::PathBuf;

use super::git;
use super::texts;
use super::texts::Chapter;
use crate::error::Result;
use crate::names::RegistryName;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// The directories of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The workspace, a clean checkout of `main`.
    pub checkout: PathBuf,
    /// The bare repository that `main` is pushed to.
    pub remote: PathBuf,
}

/// The configuration of the repository; an empty value turns off the user's setting.
const SETTINGS: [(&str, &str); 7] = [
    ("user.name", "Demo"),
    ("user.email", "demo@example.invalid"),
    ("commit.gpgSign", "false"),
    ("tag.gpgSign", "false"),
    ("push.gpgSign", "false"),
    ("core.autocrlf", "false"),
    ("core.excludesFile", ""),
];

/// Creates the demo in `dir`: `tea/` and `remote.git/`. Its crates are published to `registry`, whose index is at `index`
/// (`sparse+http://…/`).
///
/// # Errors
/// A file cannot be written, or git or cargo fails, for example because there is a repository already.
pub fn create(dir: &Path, index: &str, registry: &RegistryName) -> Result<Demo> {
    let demo = Demo { checkout: dir.join("tea"), remote: dir.join("remote.git") };
    files::make_dir(&demo.checkout)?;
    // An empty template keeps the user's template hooks out.
    let init = ["init", "--quiet", "--template=", "--initial-branch=main"];
    git(&demo.checkout).args(init).succeed()?;
    git(&demo.checkout).args(init).arg("--bare").arg(&demo.remote).succeed()?;
    configure(&demo)?;
    for chapter in texts::beginning(index, registry) {
        demo.commit(&chapter)?;
    }
    git(&demo.checkout).args(["remote", "add", "origin"]).arg(&demo.remote).succeed()?;
    git(&demo.checkout).args(["push", "--quiet", "--set-upstream", "origin", "main"]).succeed()?;
    Ok(demo)
}

/// Adds and pushes commits: a breaking change of `tea-leaf`, after its dependents were adapted, and a fix of `tea-cup`.
/// Returns their subjects, oldest first.
///
/// # Errors
/// Those of [`create`], or the remote rejects the push because it has other commits.
pub fn change(demo: &Demo) -> Result<Vec<String>> {
    let chapters = texts::change();
    for chapter in &chapters {
        demo.commit(chapter)?;
    }
    git(&demo.checkout).args(["push", "--quiet", "origin", "main"]).succeed()?;
    Ok(chapters.into_iter().map(|chapter| chapter.subject.to_owned()).collect())
}

impl Demo {
    /// Writes the files of a chapter and commits them, with the lockfile where a manifest is among them.
    fn commit(&self, chapter: &Chapter) -> Result<()> {
        for (path, text) in &chapter.files {
            files::write(&self.checkout.join(path), text.as_bytes())?;
        }
        if chapter.files.iter().any(|(path, _)| path.ends_with("/Cargo.toml")) {
            Program::new("cargo").args(["generate-lockfile", "--offline"]).dir(&self.checkout).succeed()?;
        }
        git(&self.checkout).args(["add", "--all"]).succeed()?;
        let message = if chapter.body.is_empty() {
            format!("{}\n", chapter.subject)
        } else {
            format!("{}\n\n{}\n", chapter.subject, chapter.body)
        };
        git(&self.checkout).args(["commit", "--quiet", "--file=-"]).input(message).succeed()?;
        Ok(())
    }
}

fn configure(demo: &Demo) -> Result<()> {
    let hooks = demo.checkout.join(".git").join("hooks");
    git(&demo.checkout).args(["config", "core.hooksPath"]).arg(hooks).succeed()?;
    for (key, value) in SETTINGS {
        git(&demo.checkout).args(["config", key, value]).succeed()?;
    }
    Ok(())
}

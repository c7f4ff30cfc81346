//! The demo: a throwaway workspace of six crates about tea, with a history and a bare remote.
//!
//! `tea-leaf` ← `tea-pot`, `tea-cup` ← `tea-party` is the diamond; `tea-party` knows `tea-pot` under another name;
//! `tea-pot` and `tea-cup` inherit one version; `tea-timer` is a program; `tea-tasks` is private. Git and cargo run as
//! programs; what the user's own git configuration would add to the repository (signing, hooks, ignored files) is
//! switched off in the repository's own.

use std::path::Path;
use std::path::PathBuf;

use super::git;
use super::texts;
use super::texts::Chapter;
use crate::error::Result;
use crate::names::RegistryName;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// Where the demo is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demo {
    /// The workspace, a clean checkout of `main`.
    pub checkout: PathBuf,
    /// The bare repository that `main` is pushed to.
    pub remote: PathBuf,
}

/// The repository's own configuration; an empty value switches off what the user has set.
const SETTINGS: [(&str, &str); 7] = [
    ("user.name", "Demo"),
    ("user.email", "demo@example.invalid"),
    ("commit.gpgSign", "false"),
    ("tag.gpgSign", "false"),
    ("push.gpgSign", "false"),
    ("core.autocrlf", "false"),
    ("core.excludesFile", ""),
];

/// Makes the demo in `dir`: `tea/` and `remote.git/`. Its crates go to `registry`, whose index is at `index`
/// (`sparse+http://…/`).
///
/// # Errors
/// A file cannot be written, or git or cargo cannot be started or fail: there is a repository already, for example.
pub fn create(dir: &Path, index: &str, registry: &RegistryName) -> Result<Demo> {
    let demo = Demo { checkout: dir.join("tea"), remote: dir.join("remote.git") };
    files::make_dir(&demo.checkout)?;
    // Without a template there are no hooks of the user's in it.
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

/// Goes on with the demo: commits that break `tea-leaf` (its dependents were moved to the new way before), and one that
/// fixes `tea-cup`, pushed. Answers with their subjects, oldest first.
///
/// # Errors
/// As [`create`]; or the branch cannot be pushed, because the remote has something else.
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

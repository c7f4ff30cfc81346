//! Runs this program on another commit than the one that is checked out, in a separate worktree: a release from a commit
//! that was pushed, or from the head of a branch that was merged. If that release stops, the worktree stays for `resume` and
//! `abort`.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::commands::session;
use crate::commands::session::Session;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::StateDir;
use crate::names::CommitId;
use crate::observe::Located;
use crate::tools::git::cli::Git;
use crate::tools::system::files;
use crate::tools::system::process::Program;
use crate::tools::system::secrets::Secrets;

/// Options whose value names the workspace or branch, and that are given anew.
const ANEW: [&str; 2] = ["--manifest-path", "--branch"];

/// Runs this program with these arguments on a commit, which stands for a branch.
pub(crate) fn run(
    session: &Session<'_>,
    place: &Located,
    commit: &CommitId,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<()> {
    let room = session::room(place);
    let (git, dir) = (Git::at(place.root()), dir(&room));
    git.remove_worktree(&dir)?;
    room.make()?;
    git.add_worktree(&dir, commit)?;
    let code = hand_over(session, place, &room, arguments)?;
    ended(code, || format!("the release of {} is not finished", commit.short()))
}

/// Continues or undoes a release that was started by [`run`], with the arguments of this call; `false` if there is none.
pub(crate) fn goes_on(session: &Session<'_>, place: &Located, room: &StateDir) -> Result<bool> {
    let dir = dir(room);
    let is_there = Journal::open(room).ok().flatten().is_some_and(|journal| journal.opening().checkout == dir);
    if !is_there || place.root() == dir {
        return Ok(false);
    }
    let code = hand_over(session, place, room, own_arguments(session))?;
    ended(code, || "the release is not finished".to_owned()).map(|()| true)
}

/// The arguments of this call, without those that name the workspace.
pub(crate) fn own_arguments(session: &Session<'_>) -> Vec<OsString> {
    let mut kept = Vec::new();
    let mut arguments = session.arguments.iter();
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if ANEW.contains(&text.as_ref()) {
            arguments.next();
        } else if !ANEW.iter().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))) {
            kept.push(argument.clone());
        }
    }
    kept
}

fn dir(room: &StateDir) -> PathBuf {
    room.dir().join("from")
}

fn hand_over(
    session: &Session<'_>,
    place: &Located,
    room: &StateDir,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<i32>> {
    let dir = dir(room);
    let manifest = dir.join(place.workspace.dir.as_str()).join("Cargo.toml");
    let program = Program::new(session.environment.executable()).args(arguments);
    let program = program.arg("--manifest-path").arg(manifest.as_os_str());
    let mut program = program.env("CARGO_TARGET_DIR", &place.target_directory).knowing(Secrets::All);
    for (name, value) in absolute_remotes(session, place)? {
        program = program.env(&name, &value);
    }
    let code = program.hand_over();
    if !Journal::is_open(room)? {
        Git::at(place.root()).remove_worktree(&dir)?;
        files::remove(&dir)?;
    }
    code
}

/// Variables that let git find remotes whose URL is a relative path: that would start from the other worktree.
fn absolute_remotes(session: &Session<'_>, place: &Located) -> Result<Vec<(String, String)>> {
    let before = session.environment.text("GIT_CONFIG_COUNT").and_then(|count| count.parse().ok()).unwrap_or(0_usize);
    let mut settings = Vec::new();
    for url in Git::at(place.root()).remote_urls()? {
        if url.starts_with("./") || url.starts_with("../") {
            let at = before + settings.len() / 2;
            settings
                .push((format!("GIT_CONFIG_KEY_{at}"), format!("url.{}.insteadOf", place.root().join(&url).display())));
            settings.push((format!("GIT_CONFIG_VALUE_{at}"), url));
        }
    }
    let count = before + settings.len() / 2;
    settings.push(("GIT_CONFIG_COUNT".to_owned(), count.to_string()));
    Ok(settings)
}

fn ended(code: Option<i32>, what: impl FnOnce() -> String) -> Result<()> {
    match code {
        Some(0) => Ok(()),
        code => Err(Failure::new(kind(code), what())),
    }
}

fn kind(code: Option<i32>) -> Kind {
    match code {
        Some(1) => Kind::Blocked,
        Some(2) => Kind::Unplannable,
        Some(4) => Kind::World,
        Some(70) => Kind::Bug,
        Some(_) | None => Kind::Interrupted,
    }
}

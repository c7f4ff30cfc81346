//! `cargo release resume --from REV`: finishes a release that was started on another machine. It needs only the pushed
//! release commit: it publishes the unpublished packages from it and creates missing tags.

use crate::cli::Format;
use crate::cli::ResumeArgs;
use crate::commands::session;
use crate::commands::session::Session;
use crate::error::Failure;
use crate::error::Kind;
use crate::error::Result;
use crate::journal;
use crate::journal::Journal;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::observe::Located;
use crate::tools::git::cli::Git;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// Finishes the release of a commit in a separate worktree, with the versions in that commit.
pub(crate) fn run(session: &Session<'_>, args: &ResumeArgs, revision: &str) -> Result<()> {
    let place = session.locate()?;
    let room = session::room(&place);
    if Journal::is_open(&room)? {
        return Err(journal::unfinished());
    }
    let git = Git::at(place.root());
    let commit = release_commit(&git, revision)?;
    let branch = git.branch()?.ok_or_else(|| {
        Failure::unplannable("`HEAD` is detached").help("check out the branch that contains the release commit")
    })?;
    let dir = room.dir().join("from");
    git.remove_worktree(&dir)?;
    room.make()?;
    git.add_worktree(&dir, &commit)?;
    let code = this_program(session, args, &place, &branch).dir(&dir).hand_over();
    git.remove_worktree(&dir)?;
    files::remove(&dir)?;
    match code? {
        Some(0) => Ok(()),
        code => Err(Failure::new(kind(code), format!("the release of {} is not finished", commit.short()))),
    }
}

/// The commit with this name; fails if it is not a release commit.
fn release_commit(git: &Git, revision: &str) -> Result<CommitId> {
    let commit = git.commit_of(revision)?.ok_or_else(|| {
        Failure::unplannable(format!("there is no commit `{revision}` in this repository"))
            .help("run `git fetch` to fetch it")
    })?;
    if git.has_trailer(&commit, crate::names::trailer::PLAN)? {
        return Ok(commit);
    }
    Err(Failure::unplannable(format!("{} is not a release commit", commit.short()))
        .because(format!("it has no trailer `{}`", crate::names::trailer::PLAN))
        .help("pass the release commit that was pushed"))
}

/// This program in that worktree, releasing all packages whose current version is not published.
fn this_program(session: &Session<'_>, args: &ResumeArgs, place: &Located, branch: &BranchName) -> Program {
    let manifest = match place.workspace.dir.as_str() {
        "" => "Cargo.toml".to_owned(),
        dir => format!("{dir}/Cargo.toml"),
    };
    let program = Program::new(session.environment.executable());
    let program = program.args(["release", "-x", "--unpublished", "--workspace", "--branch", branch.as_str()]);
    let program = program.args(["--manifest-path", &manifest]).env("CARGO_TARGET_DIR", &place.target_directory);
    let program = if args.no_confirm { program.arg("--no-confirm") } else { program };
    match args.output.format {
        Format::Json => program.args(["--format", "json"]),
        Format::Human => program,
    }
    .knowing(crate::tools::system::secrets::Secrets::All)
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

//! `cargo release resume --from REV`: finishes a release that was started on another machine. It needs only the pushed
//! release commit: it publishes the unpublished packages from it and creates missing tags.

use std::ffi::OsString;

use crate::cli::Format;
use crate::cli::ResumeArgs;
use crate::commands::carry_out;
use crate::commands::session::Session;
use crate::commands::worktree;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::tools::git::cli::Git;

/// Finishes the release of a commit in a separate worktree, with the versions in that commit.
pub(crate) fn run(session: &Session<'_>, args: &ResumeArgs, revision: &str) -> Result<()> {
    let place = session.locate()?;
    carry_out::refuse_while_open(&place)?;
    let git = Git::at(place.root());
    let commit = release_commit(&git, revision)?;
    let branch = git.branch()?.ok_or_else(|| {
        Failure::unplannable("`HEAD` is detached").help("check out the branch that contains the release commit")
    })?;
    worktree::run(session, &place, &commit, arguments(args, &branch))
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

/// What releases all packages whose current version is not published.
fn arguments(args: &ResumeArgs, branch: &BranchName) -> Vec<OsString> {
    let mut arguments = vec!["release", "-x", "--unpublished", "--workspace", "--branch", branch.as_str()];
    if args.no_confirm {
        arguments.push("--no-confirm");
    }
    match args.output.format {
        Format::Json => arguments.extend(["--format", "json"]),
        Format::Human => {}
    }
    arguments.into_iter().map(OsString::from).collect()
}

//! The repository: where it stands, what is not committed, its tags, and how the remote stands. Nothing is fetched.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::DirtyFile;
use crate::snapshot::Relation;
use crate::snapshot::Remote;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Head;
use crate::tools::git::read::commit_id;
use crate::tools::git::read::parse_id;
use crate::tools::system::process::Program;

/// What is said of a remote that must not be asked.
const OFFLINE: &str = "skipped (--offline)";

/// The head as one on the branch that it stands for (`--branch`): the one that is checked out, or, where the head is
/// detached, one at the same commit. What was committed before and is only published may also be older than the branch.
///
/// # Errors
/// Another branch is checked out, or the branch is elsewhere.
pub(crate) fn standing_for(
    git: &Checkout,
    head: Head,
    branch: Option<&BranchName>,
    may_be_older: bool,
) -> Result<Head> {
    let Some(branch) = branch else { return Ok(head) };
    if let Some(here) = &head.branch {
        if here == branch {
            return Ok(head);
        }
        return Err(Failure::unplannable(format!("`{here}` is checked out, not `{branch}`"))
            .help(format!("switch to it (`git switch {branch}`), or omit `--branch`")));
    }
    let mend = format!("move it here: `jj bookmark set {branch} -r @-`, or `git branch --force {branch} HEAD`");
    match git.tip(branch)? {
        Some(tip) if tip == head.commit || may_be_older && git.ahead_behind(head.commit, tip)?.0 == 0 => {
            Ok(Head { branch: Some(branch.clone()), ..head })
        }
        Some(tip) => {
            let (tip, here) = (commit_id(tip), commit_id(head.commit));
            Err(Failure::unplannable(format!("`{branch}` is not at the commit that is checked out"))
                .because(format!("it is at {}, but {} is checked out", tip.short(), here.short()))
                .help(mend))
        }
        None => Err(Failure::unplannable(format!("there is no branch `{branch}`")).help(mend)),
    }
}

/// The files that are not as in the head. A directory that git does not know is named once, without what is in it.
///
/// The `git` program is asked and not the library: filters (large files kept elsewhere, for one) and sparse checkouts then
/// count as the user sees them.
///
/// # Errors
/// `git` cannot be started, or fails.
pub(crate) fn dirty(root: &Path) -> Result<Vec<DirtyFile>> {
    let arguments = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=normal"];
    let output = git(root).args(arguments).succeed()?;
    let entries = output.stdout.split(|byte| *byte == 0).filter(|entry| entry.len() > 3);
    Ok(entries.map(dirty_file).collect())
}

/// The remote: its tags, and its branch that pushes go to, seen from here.
///
/// # Errors
/// `git` cannot be started, or the two commits cannot be compared.
pub(crate) fn remote(git: &Checkout, head: &Head, name: &RemoteName, offline: bool) -> Result<Option<Remote>> {
    if !git.has_remote(name) {
        return Ok(None);
    }
    let target = target(git.root(), head, name)?;
    let unknown = |why: String| Remote {
        name: name.clone(),
        branch: target.branch.clone(),
        tracked: target.tracked.clone(),
        relation: Relation::Unknown(why),
        tags: BTreeMap::new(),
        push: None,
    };
    if offline {
        return Ok(Some(unknown(OFFLINE.to_owned())));
    }
    let branch = target.branch.as_ref().or(head.branch.as_ref());
    let listed = match listed(git.root(), branch, name)? {
        Ok(listed) => listed,
        Err(said) => return Ok(Some(unknown(said))),
    };
    let relation = match branch {
        None => Relation::Unknown("no branch is checked out".to_owned()),
        Some(branch) => relation(git, head, listed.get(&format!("refs/heads/{branch}")))?,
    };
    Ok(Some(Remote { relation, tags: tags(&listed), ..unknown(String::new()) }))
}

/// The branch of a remote that belongs to ours, where it has another name.
#[derive(Default)]
struct TrackedBranch {
    /// As that which pushes go to.
    branch: Option<BranchName>,
    /// As that which is tracked alone.
    tracked: Option<BranchName>,
}

/// As `git push` finds it: with `push.default = upstream` the branch that ours tracks, where it tracks one of this remote;
/// else the one of the same name.
fn target(root: &Path, head: &Head, remote: &RemoteName) -> Result<TrackedBranch> {
    let Some(ours) = &head.branch else { return Ok(TrackedBranch::default()) };
    let says = |key: &str| -> Result<String> { Ok(git(root).args(["config", "--get", key]).run()?.text()) };
    let tracked = says(&format!("branch.{ours}.merge"))?;
    let other = tracked.strip_prefix("refs/heads/").filter(|tracked| *tracked != ours.as_str());
    let Some(other) = other else { return Ok(TrackedBranch::default()) };
    if says(&format!("branch.{ours}.remote"))? != remote.as_str() {
        return Ok(TrackedBranch::default());
    }
    let goes_there = ["upstream", "tracking"].contains(&says("push.default")?.as_str());
    let other = Some(BranchName::from(other));
    Ok(if goes_there {
        TrackedBranch { branch: other, tracked: None }
    } else {
        TrackedBranch { branch: None, tracked: other }
    })
}

/// How a branch stands that is at this commit on the remote.
fn relation(git: &Checkout, head: &Head, theirs: Option<&CommitId>) -> Result<Relation> {
    let Some(theirs) = theirs else { return Ok(Relation::Absent) };
    let Some(id) = parse_id(theirs.as_str()).filter(|id| git.has_commit(*id)) else {
        return Ok(Relation::Elsewhere(theirs.clone()));
    };
    Ok(match git.ahead_behind(head.commit, id)? {
        (0, 0) => Relation::Same,
        (ours, 0) => Relation::Ahead(ours),
        (0, theirs) => Relation::Behind(theirs),
        (ours, theirs) => Relation::Diverged(ours, theirs),
    })
}

/// What the remote has, by full name: the branch and all tags; or why it did not say.
fn listed(
    root: &Path,
    branch: Option<&BranchName>,
    remote: &RemoteName,
) -> Result<Result<BTreeMap<String, CommitId>, String>> {
    let branch = branch.into_iter().map(|branch| format!("refs/heads/{branch}"));
    let output = git(root).args(["ls-remote", "--", remote.as_str()]).args(branch).arg("refs/tags/*").run()?;
    if !output.success() {
        return Ok(Err(without_credentials(&first_lines(&output.tail(20)))));
    }
    let text = output.text();
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    Ok(Ok(lines.map(|(id, name)| (name.to_owned(), CommitId::from(id))).collect()))
}

/// Where a program says what is wrong: in its first two lines. What comes below is advice.
pub(crate) fn first_lines(said: &str) -> String {
    said.lines().filter(|line| !line.trim().is_empty()).take(2).collect::<Vec<_>>().join("; ")
}

/// Tags by name; an annotated one comes twice, and its second line (`^{}`) is the commit that it peels to.
fn tags(listed: &BTreeMap<String, CommitId>) -> BTreeMap<TagName, CommitId> {
    let mut tags = BTreeMap::new();
    for (name, id) in listed {
        let Some(name) = name.strip_prefix("refs/tags/") else { continue };
        if let Some(peeled) = name.strip_suffix("^{}") {
            tags.insert(TagName::from(peeled), id.clone());
        } else {
            tags.entry(TagName::from(name)).or_insert_with(|| id.clone());
        }
    }
    tags
}

fn dirty_file(entry: &[u8]) -> DirtyFile {
    let path = String::from_utf8_lossy(&entry[3..]);
    let how = match (entry[0], entry[1]) {
        (b'?', _) => "untracked",
        (b'U', _) | (_, b'U') | (b'A', b'A') | (b'D', b'D') => "conflicted",
        (b'D', _) | (_, b'D') => "deleted",
        (_, b'T') => "type-changed",
        (_, b' ') => "staged",
        (_, _) => "modified",
    };
    DirtyFile { path: RepoPath::from(path.trim_end_matches('/')), how: how.to_owned() }
}

/// Addresses may hold a password; words do not.
pub(crate) fn without_credentials(said: &str) -> String {
    let hidden = |(start, word): (usize, &str)| match word.split_once('@') {
        Some((_, rest)) if start > 0 && !word[..word.len() - rest.len()].contains(['/', ' ', '\n']) => rest.to_owned(),
        Some(_) | None => word.to_owned(),
    };
    said.split("://").enumerate().map(hidden).collect::<Vec<_>>().join("://")
}

/// `git` in the checkout, never asking at the terminal, and never taking a lock to refresh its index.
pub(crate) fn git(root: &Path) -> Program {
    let program = Program::new("git").dir(root).env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"].into_iter().fold(program, Program::without_env)
}

/// A commit's tags as the snapshot has them.
pub(crate) fn named(tags: &BTreeMap<TagName, crate::tools::git::read::Oid>) -> BTreeMap<TagName, CommitId> {
    tags.iter().map(|(tag, commit)| (tag.clone(), commit_id(*commit))).collect()
}

//! What git knows: where we stand, what is not committed, the tags, the remote, and the history that is not released.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;

/// The repository at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Repository {
    /// The commit that is checked out.
    pub head: CommitId,
    /// The branch that is checked out; none on a detached head.
    pub branch: Option<BranchName>,
    /// Whether history is cut off.
    pub shallow: bool,
    /// An operation that git has not finished: `merge`, `rebase`, ….
    pub in_progress: Option<String>,
    /// Files that are not as in `head`: changed, staged, or unknown to git and not ignored.
    pub dirty: Vec<DirtyFile>,
    /// Local tags, each with the commit that it peels to. Tags of trees and blobs are left out.
    pub tags: BTreeMap<TagName, CommitId>,
    /// The remote that the release would be pushed to; none where nothing would be pushed or no such remote is configured.
    pub remote: Option<Remote>,
    /// What commits, tags and pushes are made with.
    #[serde(default, skip_serializing_if = "Means::is_usual")]
    pub means: Means,
    /// Symbolic links of `head` on the way to files that may be edited, each with where it leads.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<RepoPath, RepoPath>,
    /// Symbolic links of `head` that lead out of the repository, each with what it says.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links_out: BTreeMap<RepoPath, String>,
    /// The submodules of `head`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub submodules: Vec<Submodule>,
    /// The last releases, and what came since.
    pub history: History,
}

/// What commits, tags and pushes are made with, as far as it can be known without making any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Means {
    /// Under which identity.
    pub identity: Identity,
    /// Whether git's own configuration signs commits (`commit.gpgSign`).
    pub signs_commits: bool,
    /// Whether it signs tags (`tag.gpgSign`).
    pub signs_tags: bool,
    /// Why nothing can be signed; none where nothing is known to be in the way, and where nothing is to be signed.
    pub cannot_sign: Option<String>,
    /// Hooks of git that a release would run, were they executable.
    pub skipped_hooks: Vec<String>,
}

/// The identity that git commits under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// As configured.
    #[default]
    Known,
    /// Made up by git from the name of the machine.
    Guessed(String),
    /// git refuses to commit, and says why.
    Missing(String),
}

/// A submodule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Submodule {
    /// Where it lies.
    pub path: RepoPath,
    /// Whether it is checked out.
    pub filled: bool,
}

impl Means {
    /// Whether there is nothing to say of them.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A file that is not as in `head`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DirtyFile {
    /// Where.
    pub path: RepoPath,
    /// How: `modified`, `staged`, `untracked`, `deleted`, `conflicted`, `renamed`, `type-changed`.
    pub how: String,
}

/// What the remote answered. Nothing was fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Remote {
    /// The name of the remote. Its address is not kept: it may hold credentials.
    pub name: RemoteName,
    /// The branch there that pushes go to, where it has another name than ours (`push.default = upstream`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchName>,
    /// The branch there that ours tracks, where pushes go to another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracked: Option<BranchName>,
    /// How the branch that pushes go to stands there, seen from `head`.
    pub relation: Relation,
    /// Its tags, each with the commit (or the object, where it does not say) that it peels to.
    pub tags: BTreeMap<TagName, CommitId>,
    /// Whether it lets us push; none where that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<Push>,
}

/// Whether a remote lets us push, as far as it says so before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Push {
    /// It began to take a push, which was broken off. Its hooks, and what protects branches, were not asked.
    Begun,
    /// It took none, and this is what git says.
    Refused(String),
}

/// How the remote branch stands, seen from the local one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same commit.
    Same,
    /// The remote has not got this many of our commits.
    Ahead(usize),
    /// We have not got this many of its commits.
    Behind(usize),
    /// Each has commits that the other lacks: (ours, theirs).
    Diverged(usize, usize),
    /// The remote is at a commit that is not in this clone.
    Elsewhere(CommitId),
    /// The remote has no such branch.
    Absent,
    /// It was not asked (`--offline`) or did not answer.
    Unknown(String),
}

impl Relation {
    /// Whether a push could be a fast-forward.
    pub fn admits_push(&self) -> bool {
        match self {
            Self::Same | Self::Ahead(_) | Self::Absent => true,
            Self::Behind(_) | Self::Diverged(..) | Self::Elsewhere(_) | Self::Unknown(_) => false,
        }
    }
}

/// The last release of each package, and the commits since.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// The last release of each package that has one.
    pub last_releases: BTreeMap<PackageName, LastRelease>,
    /// The last stable release of each package whose last release was a pre-release.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub last_stable: BTreeMap<PackageName, LastRelease>,
    /// Texts at the commits of these releases: manifests, the root manifest, `Cargo.lock` for programs, and
    /// at pre-releases the change notes of today.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<CommitId, BTreeMap<RepoPath, String>>,
    /// Commits that change at least one package since its last release, newest first in topological order.
    pub commits: Vec<Commit>,
    /// Release commits among them, with what came to the branch while they were proposed; newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<Proposal>,
}

/// A release commit that is not released for at least one package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// The commit, as it is in the history.
    pub commit: CommitId,
    /// The commit that it was planned on; none where it names none that is here.
    pub base: Option<CommitId>,
    /// The commits that came to the branch between that base and the release commit.
    pub late: Vec<CommitId>,
    /// The commits that came to the branch after it.
    pub since: Vec<CommitId>,
    /// The head of the branch that a merge commit brought it from; none where it came another way.
    #[serde(default)]
    pub head: Option<CommitId>,
}

/// The last release of a package that is reachable from `head`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastRelease {
    /// The version that was released.
    pub version: Version,
    /// The commit that it was released from.
    pub commit: CommitId,
    /// What says so.
    pub witness: ReleaseEvidence,
    /// Where the package lay there; none where it is not found in that commit.
    #[serde(default)]
    pub dir: Option<RepoPath>,
    /// The files below that directory that may have been its library and binaries.
    #[serde(default)]
    pub entry_points: Vec<String>,
}

/// What says that a release was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseEvidence {
    /// A tag.
    Tag(TagName),
    /// The VCS record in the published archive.
    VcsRecord,
}

/// A commit that is not released for at least one package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// The author's name.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// When it was authored, in seconds since 1970.
    pub authored_at: i64,
    /// When it was committed, in seconds since 1970.
    pub committed_at: i64,
    /// The whole message.
    pub message: String,
    /// How many parents it has.
    pub parents: usize,
    /// The packages that it changes and that have not been released since, with the paths that changed in each.
    pub packages: BTreeMap<PackageName, Vec<RepoPath>>,
    /// The packages that it changes and that have since had a pre-release, but no stable release.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub in_pre_release: BTreeMap<PackageName, Vec<RepoPath>>,
    /// The change notes of today that it adds or edits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<RepoPath>,
    /// All paths that it changes, where the message says that it is a release commit made by this tool; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all_paths: Vec<RepoPath>,
    /// Who brought it and how, where `[changelog] links` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<CommitCredit>,
}

/// What the whole history, and the forge where it is asked, tell of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitCredit {
    /// The number of the pull request that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull: Option<u64>,
    /// The name of its author on the forge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// Whether its author has no earlier commit.
    #[serde(default)]
    pub is_first: bool,
}

impl Repository {
    /// The file that a path leads to, with links followed.
    pub fn followed(&self, path: &RepoPath) -> RepoPath {
        let mut at = path.clone();
        // A circle of links leads nowhere; such a file could not have been read.
        for _ in 0..=self.links.len() {
            let link = self.links.iter().find_map(|(link, to)| Some(to.join(at.below(link)?)));
            let Some(next) = link else { break };
            at = next;
        }
        at
    }
}

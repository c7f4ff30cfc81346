//! The repository, read through libgit2. Nothing is written here and no remote is talked to: that is for the `git`
//! program, so that hooks, signing and credential helpers work as the user has them.

use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::OnceLock;

use git2::ErrorCode;
use git2::ObjectType;
pub(crate) use git2::Oid;
use git2::RepositoryState;

use super::cli::Git;
pub(crate) use super::commit::GitCommit;
pub(crate) use super::objects::Inventory;
pub(crate) use super::objects::Links;
use super::promisor::Promisor;
pub(crate) use super::raw_tree::RawEntry;
pub(crate) use super::raw_tree::RawTree;
pub(crate) use super::tags::KnownObjects;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::phrase;

/// Trees above libgit2's default limit of 4 KiB are kept as well: a directory of some fifty packages is larger than that,
/// one of 3,000 takes 100 KiB, and it is asked for at every commit, and for every package.
const LARGEST_CACHED_TREE: usize = 512 * 1024;

/// How much of a pack is mapped into memory at once, and how much in all: a history is read through, and what was passed
/// need not stay.
const MAPPED_AT_ONCE: usize = 4 * 1024 * 1024;
const MAPPED: usize = 56 * 1024 * 1024;

/// How much of what was read libgit2 keeps: neighbours in the history have most of their trees in common, and what is
/// further away is not asked for again. Its default of 256 MiB took more memory and no less time.
const CACHED: isize = 2 * 1024 * 1024;

/// A repository with a checkout.
pub struct Checkout {
    pub(super) git: git2::Repository,
    root: PathBuf,
    /// Asked once: libgit2 looks at a file every time.
    shallow: OnceLock<bool>,
    /// Where what a partial clone left out is fetched from; none in a whole clone.
    pub(super) promisor: Option<Promisor>,
}

/// Where the checkout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit.
    pub commit: Oid,
    /// The branch; none where the head is detached.
    pub branch: Option<BranchName>,
}

/// One commit of a walk.
#[derive(Clone, Debug)]
pub struct WalkNode {
    /// Its id.
    pub id: Oid,
    /// Its tree.
    pub tree: Oid,
    /// Its parents, as far as they are in this clone.
    pub parents: Vec<Oid>,
}

/// What a commit says of itself.
#[derive(Clone, Debug)]
pub struct Words {
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
}

impl Checkout {
    /// The checkout that a directory lies in.
    ///
    /// # Errors
    /// There is none, it is bare, or libgit2 cannot read it.
    pub fn discover(directory: &Path) -> Result<Self> {
        read_quickly();
        // Unlike `discover` this keeps a `.git` that is a link, or a file that leads elsewhere, for the mark of the root.
        let flags = git2::RepositoryOpenFlags::empty();
        let opened = git2::Repository::open_ext(directory, flags, std::iter::empty::<&Path>());
        let git = opened.map_err(|error| not_opened(directory, error))?;
        let Some(root) = git.workdir().map(Path::to_path_buf) else {
            return Err(Failure::unplannable(format!("the repository of `{}` is bare", directory.display()))
                .because("a release edits and commits files, which needs a working tree")
                .help("run this in a clone with a working tree"));
        };
        let root = canonical(&root)?;
        let promisor = Promisor::of(&git, &root).or_world(|| "cannot read git's configuration".into())?;
        Ok(Self { git, root, promisor, shallow: OnceLock::new() })
    }

    /// Where no network may be used, what a partial clone left out cannot be fetched.
    #[must_use]
    pub fn offline(mut self, offline: bool) -> Self {
        self.promisor = self.promisor.map(|promisor| promisor.offline(offline));
        self
    }

    /// The same checkout, opened once more: for another thread.
    ///
    /// # Errors
    /// libgit2 cannot open it any more.
    pub fn again(&self) -> Result<Self> {
        let git = git2::Repository::open(self.git.path()).map_err(|error| not_opened(&self.root, error))?;
        Ok(Self { git, root: self.root.clone(), promisor: self.promisor.clone(), shallow: self.shallow.clone() })
    }

    /// The root of the checkout, without symbolic links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory that all worktrees of the repository share; `.git` in a plain clone.
    pub fn common_dir(&self) -> &Path {
        self.git.commondir()
    }

    /// Whether files may be left out of this checkout on purpose (`git sparse-checkout`).
    pub fn may_be_sparse(&self) -> bool {
        self.git.path().join("info/sparse-checkout").exists()
    }

    /// Where a file or directory lies in the checkout; none where it lies outside.
    ///
    /// # Errors
    /// It does not exist.
    pub fn locate(&self, path: &Path) -> Result<Option<RepoPath>> {
        let path = canonical(path)?;
        let Ok(inside) = path.strip_prefix(&self.root) else { return Ok(None) };
        let parts: Option<Vec<&str>> = inside.components().map(plain_part).collect();
        let parts = parts.ok_or_else(|| {
            Failure::unplannable(format!("the path `{}` is not UTF-8 text", inside.display()))
                .help("rename it: file names in cargo packages must be UTF-8")
        })?;
        Ok(Some(RepoPath::from(parts.join("/"))))
    }

    /// The path on disk.
    pub fn on_disk(&self, path: &RepoPath) -> PathBuf {
        if path.as_str().is_empty() { self.root.clone() } else { self.root.join(path.as_str()) }
    }

    /// Where the checkout stands.
    ///
    /// # Errors
    /// There is no commit yet, or the head cannot be read.
    pub fn head(&self) -> Result<Head> {
        let head = match self.git.head() {
            Ok(head) => head,
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
                return Err(Failure::unplannable("the repository has no commit yet")
                    .because("a release commit needs a parent")
                    .help("commit the workspace first: `git add -A && git commit`"));
            }
            Err(error) => return Err(error).or_world(|| "cannot read `HEAD`".into()),
        };
        let commit = head.peel_to_commit().or_world(|| "cannot read the commit of `HEAD`".into())?.id();
        let branch =
            head.is_branch().then(|| BranchName::from(String::from_utf8_lossy(head.shorthand_bytes()).into_owned()));
        Ok(Head { commit, branch })
    }

    /// The commit that a branch is at; none where there is no such branch.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn tip(&self, branch: &BranchName) -> Result<Option<Oid>> {
        match self.git.find_branch(branch.as_str(), git2::BranchType::Local) {
            Ok(found) => {
                let what = || format!("cannot read the branch `{branch}`");
                Ok(Some(found.get().peel_to_commit().or_world(what)?.id()))
            }
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => Ok(None),
            Err(error) => Err(error).or_world(|| format!("cannot read the branch `{branch}`")),
        }
    }

    /// Whether all objects are here: reading them asks no remote.
    pub(crate) fn is_whole(&self) -> bool {
        self.promisor.is_none()
    }

    /// Whether history is cut off.
    pub fn is_shallow(&self) -> bool {
        *self.shallow.get_or_init(|| self.git.is_shallow())
    }

    /// The operation that git has not finished.
    pub fn in_progress(&self) -> Option<&'static str> {
        match self.git.state() {
            RepositoryState::Clean => None,
            RepositoryState::Merge => Some("merge"),
            RepositoryState::Revert | RepositoryState::RevertSequence => Some("revert"),
            RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Some("cherry-pick"),
            RepositoryState::Bisect => Some("bisect"),
            RepositoryState::Rebase | RepositoryState::RebaseInteractive | RepositoryState::RebaseMerge => {
                Some("rebase")
            }
            RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => Some("am"),
        }
    }

    /// Whether a remote of that name is configured.
    pub fn has_remote(&self, name: &RemoteName) -> bool {
        self.git.find_remote(name.as_str()).is_ok()
    }

    /// The address of a remote, where it is configured.
    pub fn remote_address(&self, name: &RemoteName) -> Option<String> {
        self.git.find_remote(name.as_str()).ok()?.url().ok().map(str::to_owned)
    }

    /// Whether a commit is in this clone.
    pub fn has_commit(&self, id: Oid) -> bool {
        self.git.find_commit(id).is_ok()
    }

    /// How many commits either has that the other has not: (ours, theirs).
    ///
    /// # Errors
    /// One of them is not in this clone.
    pub fn ahead_behind(&self, ours: Oid, theirs: Oid) -> Result<(usize, usize)> {
        self.git.graph_ahead_behind(ours, theirs).or_world(|| format!("cannot compare {ours} and {theirs}"))
    }

    /// What a walk needs of a commit, taken from its text: without what libgit2 makes of it, which takes longer.
    ///
    /// # Errors
    /// It is not in this clone, or is none.
    pub fn commit(&self, id: Oid) -> Result<GitCommit> {
        let what = || format!("cannot read commit {id}");
        let objects = self.git.odb().or_world(what)?;
        let object = objects.read(id).or_world(what)?;
        let commit =
            GitCommit::parse(object.data()).ok_or_else(|| Failure::world(what()).because("it is not a commit"))?;
        let known = |parent: &Oid| !self.is_shallow() || self.has_commit(*parent);
        Ok(GitCommit { parents: commit.parents.into_iter().filter(known).collect(), ..commit })
    }

    /// One commit's place in the history.
    ///
    /// # Errors
    /// It is not in this clone.
    pub fn node(&self, id: Oid) -> Result<WalkNode> {
        let commit = self.git.find_commit(id).or_world(|| format!("cannot read the commit {id}"))?;
        let known = |parent: &Oid| !self.is_shallow() || self.has_commit(*parent);
        Ok(WalkNode { id, tree: commit.tree_id(), parents: commit.parent_ids().filter(known).collect() })
    }

    /// What a commit says of itself, as plain text: without escape sequences, and replaced where it is not UTF-8.
    ///
    /// # Errors
    /// It is not in this clone.
    pub fn words(&self, id: Oid) -> Result<Words> {
        let commit = self.git.find_commit(id).or_world(|| format!("cannot read the commit {id}"))?;
        let author = commit.author();
        let text = |bytes: &[u8]| phrase::plain(&String::from_utf8_lossy(bytes));
        Ok(Words {
            author: text(author.name_bytes()),
            email: text(author.email_bytes()),
            authored_at: author.when().seconds(),
            committed_at: commit.time().seconds(),
            message: text(commit.message_bytes()),
        })
    }
}

/// The name of a commit.
pub(crate) fn commit_id(id: Oid) -> CommitId {
    CommitId::from(id.to_string())
}

/// The id that a text spells, where it is one.
pub(crate) fn parse_id(text: &str) -> Option<Oid> {
    Oid::from_str(text).ok()
}

fn plain_part(part: Component<'_>) -> Option<&str> {
    part.as_os_str().to_str()
}

fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().or_unplannable(|| format!("`{}` cannot be found", path.display()))
}

fn not_opened(directory: &Path, error: git2::Error) -> Failure {
    if error.code() == ErrorCode::Owner {
        return Failure::unplannable(format!("git does not trust the repository of `{}`", directory.display()))
            .caused_by(error)
            .help("if it is yours, run `git config --global --add safe.directory DIRECTORY`");
    }
    if error.code() == ErrorCode::NotFound {
        return Failure::unplannable(format!("`{}` is not in a git repository", directory.display()))
            .because("cargo-release needs git for the release commit and its tags")
            .help("run `git init` and commit the workspace, or pass `--manifest-path` to a workspace in a repository");
    }
    unsupported(directory).unwrap_or_else(|| {
        Failure::unplannable(format!("cannot open the repository of `{}`", directory.display())).caused_by(error)
    })
}

/// The format of a repository that git reads and libgit2 does not. Cargo reads with libgit2, too, and would pack without
/// a record of the commit.
fn unsupported(directory: &Path) -> Option<Failure> {
    let git = Git::at(directory);
    let says = |key: &str| git.program(&["config", "--get", key]).run().ok().map(|output| output.text());
    let is = |key: &str, value: &str| says(key).is_some_and(|said| said.eq_ignore_ascii_case(value));
    let refused = |what: &str| {
        let refused = format!("the repository of `{}` {what}, which cannot be released from", directory.display());
        Failure::unplannable(refused).because("cargo cannot read it, and would pack without a record of the commit")
    };
    if is("extensions.refStorage", "reftable") {
        return Some(
            refused("keeps its refs in a reftable").help("convert them: `git refs migrate --ref-format=files`"),
        );
    }
    if is("extensions.objectFormat", "sha256") {
        return Some(refused("names its objects by SHA-256").help("release from a clone that names them by SHA-1"));
    }
    if says("extensions.partialClone").is_some_and(|remote| !remote.is_empty()) {
        let failure = refused("is a partial clone as git before 2.24 marks it");
        return Some(failure.help("`git config --unset extensions.partialClone`: `remote.NAME.promisor` marks it now"));
    }
    None
}

/// Sets what libgit2 keeps in globals: large trees stay in its cache, and objects are not hashed once more when they are
/// read, as `git` does not hash them either.
fn read_quickly() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        git2::opts::strict_hash_verification(false);
        #[expect(
            unsafe_code,
            reason = "libgit2 keeps these in globals, which are set once, before any repository is open"
        )]
        let set = unsafe {
            [
                git2::opts::set_cache_object_limit(ObjectType::Tree, LARGEST_CACHED_TREE),
                git2::opts::set_mwindow_size(MAPPED_AT_ONCE),
                git2::opts::set_mwindow_mapped_limit(MAPPED),
                git2::opts::set_cache_max_size(CACHED),
            ]
        };
        // Without them the walk is slower or takes more memory, and is no less right.
        drop(set);
    });
}

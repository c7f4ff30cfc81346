//! The repository, read through libgit2. Nothing is written here and no remote is talked to: that is for the `git`
//! program, so that hooks, signing and credential helpers work as the user has them.

use std::collections::BTreeMap;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::OnceLock;

use git2::ErrorCode;
use git2::FileMode;
use git2::ObjectType;
use git2::RepositoryState;

pub use super::commit::Commit;
pub use git2::Oid;
pub use git2::Tree;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::names::TagName;

/// Trees above libgit2's default limit of 4 KiB are kept as well: a directory of some fifty packages is larger than that,
/// and the history walk asks for it at every commit.
const LARGEST_CACHED_TREE: usize = 64 * 1024;

/// How much of a pack is mapped into memory at once, and how much in all: a history is read through, and what was passed
/// need not stay.
const MAPPED_AT_ONCE: usize = 4 * 1024 * 1024;
const MAPPED: usize = 32 * 1024 * 1024;

/// The mode of a symbolic link in a tree.
const LINK: i32 = 0o120_000;

/// A repository with a checkout.
pub struct Checkout {
    git: git2::Repository,
    root: PathBuf,
    /// Asked once: libgit2 looks at a file every time.
    shallow: OnceLock<bool>,
}

/// Where the checkout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The commit.
    pub commit: Oid,
    /// The branch; none where the head is detached.
    pub branch: Option<String>,
}

/// One commit of a walk.
#[derive(Clone, Debug)]
pub struct Node {
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
        let git = git2::Repository::discover(directory).map_err(|error| not_opened(directory, error))?;
        let Some(root) = git.workdir().map(Path::to_path_buf) else {
            return Err(Failure::unplannable(format!("the repository of `{}` is bare", directory.display()))
                .because("a release edits and commits files, which needs a working tree")
                .help("run this in a clone with a working tree"));
        };
        let root = canonical(&root)?;
        Ok(Self { git, root, shallow: OnceLock::new() })
    }

    /// The same checkout, opened once more: for another thread.
    ///
    /// # Errors
    /// libgit2 cannot open it any more.
    pub fn again(&self) -> Result<Self> {
        let git = git2::Repository::open(self.git.path()).map_err(|error| not_opened(&self.root, error))?;
        Ok(Self { git, root: self.root.clone(), shallow: self.shallow.clone() })
    }

    /// The root of the checkout, without symbolic links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory that all worktrees of the repository share; `.git` in a plain clone.
    pub fn common_dir(&self) -> &Path {
        self.git.commondir()
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
        Ok(Some(RepoPath::new(parts.join("/"))))
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
        let branch = head.is_branch().then(|| String::from_utf8_lossy(head.shorthand_bytes()).into_owned());
        Ok(Head { commit, branch })
    }

    /// The commit that a branch is at; none where there is no such branch.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn tip(&self, branch: &str) -> Result<Option<Oid>> {
        match self.git.find_branch(branch, git2::BranchType::Local) {
            Ok(found) => {
                let what = || format!("cannot read the branch `{branch}`");
                Ok(Some(found.get().peel_to_commit().or_world(what)?.id()))
            }
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => Ok(None),
            Err(error) => Err(error).or_world(|| format!("cannot read the branch `{branch}`")),
        }
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

    /// All tags, each with the commit that it peels to. Tags of trees and blobs are left out.
    ///
    /// # Errors
    /// The references cannot be read.
    pub fn tags(&self) -> Result<BTreeMap<TagName, Oid>> {
        let what = || "cannot read the tags".to_owned();
        let mut tags = BTreeMap::new();
        for reference in self.git.references_glob("refs/tags/*").or_world(what)? {
            let reference = reference.or_world(what)?;
            let Ok(name) = std::str::from_utf8(reference.shorthand_bytes()) else { continue };
            if let Ok(commit) = reference.peel_to_commit() {
                tags.insert(TagName::from(name), commit.id());
            }
        }
        Ok(tags)
    }

    /// Whether a remote of that name is configured.
    pub fn has_remote(&self, name: &str) -> bool {
        self.git.find_remote(name).is_ok()
    }

    /// The address of a remote, where it is configured.
    pub fn remote_address(&self, name: &str) -> Option<String> {
        self.git.find_remote(name).ok()?.url().ok().map(str::to_owned)
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

    /// Whether a commit holds a file at that path.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn holds(&self, commit: Oid, path: &RepoPath) -> Result<bool> {
        self.tree_holds(self.node(commit)?.tree, path)
    }

    /// Whether a tree holds a file at that path.
    ///
    /// # Errors
    /// The tree cannot be read.
    pub fn tree_holds(&self, tree: Oid, path: &RepoPath) -> Result<bool> {
        Ok(self.tree(tree)?.get_path(Path::new(path.as_str())).is_ok())
    }

    /// The text of a file in a commit; none where there is no such file, or it is not UTF-8.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn text_at(&self, commit: Oid, path: &RepoPath) -> Result<Option<String>> {
        Ok(self.bytes_at(commit, path)?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// The bytes of a file in a commit; none where there is no such file.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn bytes_at(&self, commit: Oid, path: &RepoPath) -> Result<Option<Vec<u8>>> {
        let tree = self.tree(self.node(commit)?.tree)?;
        let found = tree.get_path(Path::new(path.as_str())).ok();
        let blob = found.and_then(|entry| self.git.find_blob(entry.id()).ok());
        Ok(blob.map(|blob| blob.content().to_vec()))
    }

    /// The tree of a directory in a tree; none where there is no such directory.
    ///
    /// # Errors
    /// The tree cannot be read.
    pub fn subtree(&self, tree: Oid, dir: &RepoPath) -> Result<Option<Oid>> {
        if *dir == RepoPath::root() {
            return Ok(Some(tree));
        }
        Ok(self.tree(tree)?.get_path(Path::new(dir.as_str())).ok().map(|entry| entry.id()))
    }

    /// The files right in a directory of a tree, by name, each with what names its content. Links are none.
    ///
    /// # Errors
    /// The tree cannot be read.
    pub fn files_in(&self, tree: Oid, dir: &RepoPath) -> Result<BTreeMap<String, Oid>> {
        let root = self.tree(tree)?;
        let inside = root.get_path(Path::new(dir.as_str())).ok();
        let Some(inside) = inside.and_then(|entry| self.git.find_tree(entry.id()).ok()) else {
            return Ok(BTreeMap::new());
        };
        let is_file = |mode: i32| mode == i32::from(FileMode::Blob) || mode == i32::from(FileMode::BlobExecutable);
        let files = inside.iter().filter(|entry| is_file(entry.filemode()));
        let named =
            files.filter_map(|entry| Some((std::str::from_utf8(entry.name_bytes()).ok()?.to_owned(), entry.id())));
        Ok(named.collect())
    }

    /// The files below a directory of a commit that cargo may take for a library or a binary without being told:
    /// `src/lib.rs`, `src/main.rs`, `src/bin/NAME.rs`, `src/bin/NAME/main.rs`.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn entry_points(&self, commit: Oid, dir: &RepoPath) -> Result<Vec<String>> {
        let tree = self.tree(self.node(commit)?.tree)?;
        let has = |path: &str| tree.get_path(Path::new(dir.join(path).as_str())).is_ok();
        let mut found: Vec<String> =
            ["src/lib.rs", "src/main.rs"].into_iter().filter(|path| has(path)).map(str::to_owned).collect();
        let binaries = tree.get_path(Path::new(dir.join("src/bin").as_str())).ok();
        let Some(binaries) = binaries.and_then(|entry| self.git.find_tree(entry.id()).ok()) else { return Ok(found) };
        for entry in &binaries {
            let Ok(name) = std::str::from_utf8(entry.name_bytes()) else { continue };
            let below = format!("src/bin/{name}/main.rs");
            if name.ends_with(".rs") {
                found.push(format!("src/bin/{name}"));
            } else if has(&below) {
                found.push(below);
            }
        }
        Ok(found)
    }

    /// The manifests in a commit, wherever they lie.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn manifests(&self, commit: Oid) -> Result<Vec<RepoPath>> {
        let tree = self.tree(self.node(commit)?.tree)?;
        let mut found = Vec::new();
        tree.walk(git2::TreeWalkMode::PreOrder, |dir, entry| {
            if entry.name_bytes() == b"Cargo.toml" {
                found.push(RepoPath::new(format!("{dir}Cargo.toml")));
            }
            git2::TreeWalkResult::Ok
        })
        .or_world(|| format!("cannot list the files of {commit}"))?;
        Ok(found)
    }

    /// The symbolic links in a commit that lead to files of it, with these.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn links(&self, commit: Oid) -> Result<Vec<(RepoPath, RepoPath)>> {
        let tree = self.tree(self.node(commit)?.tree)?;
        let mut found = Vec::new();
        tree.walk(git2::TreeWalkMode::PreOrder, |dir, entry| {
            let blob = (entry.filemode() == LINK).then(|| self.git.find_blob(entry.id()).ok()).flatten();
            let text = blob.and_then(|blob| String::from_utf8(blob.content().to_vec()).ok());
            let parent = RepoPath::new(dir.trim_end_matches('/'));
            let to = text.and_then(|text| parent.resolve(&text));
            let leads = |to: &RepoPath| {
                let entry = tree.get_path(Path::new(to.as_str())).ok();
                entry.is_some_and(|entry| entry.kind() == Some(ObjectType::Blob))
            };
            if let (Some(to), Ok(name)) = (to.filter(leads), std::str::from_utf8(entry.name_bytes())) {
                found.push((parent.join(name), to));
            }
            git2::TreeWalkResult::Ok
        })
        .or_world(|| format!("cannot list the files of {commit}"))?;
        Ok(found)
    }

    /// What a walk needs of a commit, taken from its text: without what libgit2 makes of it, which takes longer.
    ///
    /// # Errors
    /// It is not in this clone, or is none.
    pub fn commit(&self, id: Oid) -> Result<Commit> {
        let what = || format!("cannot read commit {id}");
        let objects = self.git.odb().or_world(what)?;
        let object = objects.read(id).or_world(what)?;
        let commit =
            Commit::parse(object.data()).ok_or_else(|| Failure::world(what()).because("it is not a commit"))?;
        let known = |parent: &Oid| !self.is_shallow() || self.has_commit(*parent);
        Ok(Commit { parents: commit.parents.into_iter().filter(known).collect(), ..commit })
    }

    /// One commit's place in the history.
    ///
    /// # Errors
    /// It is not in this clone.
    pub fn node(&self, id: Oid) -> Result<Node> {
        let commit = self.git.find_commit(id).or_world(|| format!("cannot read the commit {id}"))?;
        let known = |parent: &Oid| !self.is_shallow() || self.has_commit(*parent);
        Ok(Node { id, tree: commit.tree_id(), parents: commit.parent_ids().filter(known).collect() })
    }

    /// What a commit says of itself. Text that is not UTF-8 is replaced where it is not.
    ///
    /// # Errors
    /// It is not in this clone.
    pub fn words(&self, id: Oid) -> Result<Words> {
        let commit = self.git.find_commit(id).or_world(|| format!("cannot read the commit {id}"))?;
        let author = commit.author();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Words {
            author: text(author.name_bytes()),
            email: text(author.email_bytes()),
            authored_at: author.when().seconds(),
            committed_at: commit.time().seconds(),
            message: text(commit.message_bytes()),
        })
    }

    /// A tree.
    ///
    /// # Errors
    /// It is not in this clone.
    pub fn tree(&self, id: Oid) -> Result<Tree<'_>> {
        self.git.find_tree(id).or_world(|| format!("cannot read the tree {id}"))
    }
}

/// The name of a commit.
pub fn commit_id(id: Oid) -> CommitId {
    CommitId::new(id.to_string())
}

/// The id that a text spells, where it is one.
pub fn parse_id(text: &str) -> Option<Oid> {
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
    Failure::unplannable(format!("cannot open the repository of `{}`", directory.display())).caused_by(error)
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
            ]
        };
        // Without them the walk is slower or takes more memory, and is no less right.
        drop(set);
    });
}

//! What commits hold: directories and files of the history. What a partial clone left out is fetched before it is read; an
//! object that is missing is never taken for a file that is not there.

use std::collections::BTreeMap;
use std::collections::HashSet;

use git2::ErrorCode;
use git2::FileMode;
use git2::ObjectType;
use git2::OdbLookupFlags;
use git2::Oid;
use git2::Sort;
use git2::Tree;

use super::raw_tree::RawTree;
use super::read::Checkout;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::RepoPath;

/// The mode of a symbolic link in a tree.
const LINK: i32 = 0o120_000;

/// The mode of a directory in a tree.
const DIRECTORY: i32 = 0o040_000;

/// The mode of a submodule in a tree.
const SUBMODULE: i32 = 0o160_000;

/// What a tree has at a path.
#[derive(Clone, Copy)]
struct PathObject {
    mode: i32,
    id: Oid,
}

impl PathObject {
    fn of(found: &git2::TreeEntry<'_>) -> Self {
        Self { mode: found.filemode(), id: found.id() }
    }

    fn is_file(self) -> bool {
        self.mode == i32::from(FileMode::Blob) || self.mode == i32::from(FileMode::BlobExecutable)
    }
}

/// The symbolic links of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Those that lead to somewhere in the repository.
    pub inside: BTreeMap<RepoPath, RepoPath>,
    /// Those that lead out of it, or into git's own directory, with what they say.
    pub outside: BTreeMap<RepoPath, String>,
}

/// What is to be known of all files of a commit.
pub(crate) struct Inventory {
    /// The manifests, wherever they lie.
    pub(crate) manifests: Vec<RepoPath>,
    /// The symbolic links, each with where it leads.
    pub(crate) links: Links,
}

impl Links {
    /// A link that leads to one that leads outside leads outside, too.
    fn follow(&mut self) {
        loop {
            let outside = |to: &RepoPath| {
                let (_, target) = self.outside.iter().find(|(link, _)| to.is_in(link))?;
                Some(target.clone())
            };
            let led = self.inside.iter().filter_map(|(link, to)| Some((link.clone(), outside(to)?)));
            let led: Vec<(RepoPath, String)> = led.collect();
            if led.is_empty() {
                return;
            }
            for (link, target) in led {
                self.inside.remove(&link);
                self.outside.insert(link, target);
            }
        }
    }
}

impl Checkout {
    /// A tree.
    ///
    /// # Errors
    /// It is not in this clone, and cannot be fetched.
    pub fn tree(&self, id: Oid) -> Result<Tree<'_>> {
        self.read_tree(id, || self.git.find_tree(id))
    }

    /// A tree as git stores it.
    ///
    /// # Errors
    /// As [`Checkout::tree`].
    pub(crate) fn raw_tree(&self, id: Oid) -> Result<RawTree> {
        let objects = self.git.odb().or_world(|| "the objects of the repository cannot be read".into())?;
        self.read_tree(id, || {
            let object = objects.read(id)?;
            if object.kind() != ObjectType::Tree {
                return Err(git2::Error::from_str("it is not a directory"));
            }
            Ok(RawTree::of(object.data()))
        })
    }

    fn read_tree<T>(&self, id: Oid, read: impl Fn() -> std::result::Result<T, git2::Error>) -> Result<T> {
        let mut found = read();
        if let (Err(error), Some(promisor)) = (&found, &self.promisor)
            && error.code() == ErrorCode::NotFound
        {
            promisor.fetch_trees(&self.without_trees()?)?;
            found = read();
        }
        found.or_else(|_| self.complete(Some(id), read)?.map_err(|error| unreadable("directory", id, error)))
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
        Ok(self.entry(tree, path)?.is_some())
    }

    /// The text of a file in a commit; none where there is no such file, or it is not UTF-8.
    ///
    /// # Errors
    /// The commit or the file cannot be read.
    pub fn text_at(&self, commit: Oid, path: &RepoPath) -> Result<Option<String>> {
        Ok(self.bytes_at(commit, path)?.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// The bytes of a file in a commit; none where there is no such file.
    ///
    /// # Errors
    /// The commit or the file cannot be read.
    pub fn bytes_at(&self, commit: Oid, path: &RepoPath) -> Result<Option<Vec<u8>>> {
        let entry = self.entry(self.node(commit)?.tree, path)?;
        let Some(entry) = entry.filter(|entry| entry.is_file() || entry.mode == LINK) else { return Ok(None) };
        self.blob(entry.id).map(Some)
    }

    /// Fetches these files of these commits, all at once, as far as they are files and a partial clone left them out.
    ///
    /// # Errors
    /// A commit cannot be read, or what is missing cannot be fetched.
    pub fn gather<'a>(&self, files: impl IntoIterator<Item = (Oid, &'a RepoPath)>) -> Result<()> {
        if self.promisor.is_none() {
            return Ok(());
        }
        let mut wanted = Vec::new();
        for (commit, path) in files {
            let found = self.entry(self.node(commit)?.tree, path)?;
            wanted
                .extend(found.filter(|entry| entry.mode != DIRECTORY && entry.mode != SUBMODULE).map(|entry| entry.id));
        }
        self.fetch_missing(wanted)
    }

    /// The tree of a directory in a tree; none where there is no such directory.
    ///
    /// # Errors
    /// The tree cannot be read.
    pub fn subtree(&self, tree: Oid, dir: &RepoPath) -> Result<Option<Oid>> {
        if *dir == RepoPath::root() {
            return Ok(Some(tree));
        }
        let entry = self.entry(tree, dir)?;
        Ok(entry.filter(|entry| entry.mode == DIRECTORY).map(|entry| entry.id))
    }

    /// The files right in a directory of a tree, by name, each with what names its content. Links are none.
    ///
    /// # Errors
    /// The tree cannot be read.
    pub fn files_in(&self, tree: Oid, dir: &RepoPath) -> Result<BTreeMap<String, Oid>> {
        let named = self.directory(tree, dir)?.into_iter();
        Ok(named.filter(|(_, entry)| entry.is_file()).map(|(name, entry)| (name, entry.id)).collect())
    }

    /// The files below a directory of a commit that cargo may take for a library or a binary without being told:
    /// `src/lib.rs`, `src/main.rs`, `src/bin/NAME.rs`, `src/bin/NAME/main.rs`.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn entry_points(&self, commit: Oid, dir: &RepoPath) -> Result<Vec<String>> {
        let tree = self.node(commit)?.tree;
        let mut found = Vec::new();
        for path in ["src/lib.rs", "src/main.rs"] {
            if self.tree_holds(tree, &dir.join(path))? {
                found.push(path.to_owned());
            }
        }
        for (name, entry) in self.directory(tree, &dir.join("src/bin"))? {
            let below = RepoPath::from("main.rs");
            if name.ends_with(".rs") {
                found.push(format!("src/bin/{name}"));
            } else if entry.mode == DIRECTORY && self.tree_holds(entry.id, &below)? {
                found.push(format!("src/bin/{name}/main.rs"));
            }
        }
        Ok(found)
    }

    /// The manifests in a commit, wherever they lie.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn manifests(&self, commit: Oid) -> Result<Vec<RepoPath>> {
        let manifests = self.inventory(commit)?.manifests;
        self.gather(manifests.iter().map(|path| (commit, path)))?;
        Ok(manifests)
    }

    /// The manifests and the symbolic links in a commit, from one walk through its tree.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub(crate) fn inventory(&self, commit: Oid) -> Result<Inventory> {
        let (mut manifests, mut links) = (Vec::new(), Vec::new());
        self.walk(self.node(commit)?.tree, &RepoPath::root(), &mut |path, entry| {
            if path.as_str().rsplit('/').next() == Some("Cargo.toml") {
                manifests.push(path.clone());
            }
            if entry.mode == LINK {
                links.push((path.clone(), entry.id));
            }
        })?;
        Ok(Inventory { manifests, links: self.followed(links)? })
    }

    fn followed(&self, links: Vec<(RepoPath, Oid)>) -> Result<Links> {
        self.fetch_missing(links.iter().map(|(_, id)| *id).collect())?;
        let mut found = Links::default();
        for (link, id) in links {
            let text = String::from_utf8_lossy(&self.blob(id)?).into_owned();
            match link.parent().resolve(&text).filter(|to| to.fault().is_none()) {
                Some(to) => drop(found.inside.insert(link, to)),
                None => drop(found.outside.insert(link, text)),
            }
        }
        found.follow();
        Ok(found)
    }

    /// Those of these links that lead to files of a commit, with the files.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn links_to_files(&self, commit: Oid, links: &Links) -> Result<Vec<(RepoPath, RepoPath)>> {
        let tree = self.node(commit)?.tree;
        let mut found = Vec::new();
        for (link, to) in &links.inside {
            if self.entry(tree, to)?.is_some_and(|entry| entry.is_file() || entry.mode == LINK) {
                found.push((link.clone(), to.clone()));
            }
        }
        Ok(found)
    }

    /// Reads, and once more where an object of a partial clone was missing and has been fetched.
    ///
    /// # Errors
    /// It cannot be fetched.
    pub(super) fn complete<T>(
        &self,
        object: Option<Oid>,
        read: impl Fn() -> std::result::Result<T, git2::Error>,
    ) -> Result<std::result::Result<T, git2::Error>> {
        match (read(), &self.promisor, object) {
            (Err(error), Some(promisor), Some(object)) if error.code() == ErrorCode::NotFound => {
                promisor.fetch(&[object])?;
                Ok(read())
            }
            (read, _, _) => Ok(read),
        }
    }

    fn blob(&self, id: Oid) -> Result<Vec<u8>> {
        let read = || self.git.find_blob(id).map(|blob| blob.content().to_vec());
        self.complete(Some(id), read)?.map_err(|error| unreadable("file", id, error))
    }

    /// Fetches those of these objects that a partial clone left out.
    fn fetch_missing(&self, objects: Vec<Oid>) -> Result<()> {
        let Some(promisor) = &self.promisor else { return Ok(()) };
        let known = self.git.odb().or_world(|| "the objects of the repository cannot be read".into())?;
        let mut seen = HashSet::new();
        let is_missing = |object: &Oid| seen.insert(*object) && !known.exists_ext(*object, OdbLookupFlags::NO_REFRESH);
        promisor.fetch(&objects.into_iter().filter(is_missing).collect::<Vec<_>>())
    }

    /// The newest commits that have been fetched without their directories.
    fn without_trees(&self) -> Result<Vec<Oid>> {
        let what = || "the history cannot be read".to_owned();
        let known = self.git.odb().or_world(what)?;
        let mut walk = self.git.revwalk().or_world(what)?;
        walk.set_sorting(Sort::TOPOLOGICAL).or_world(what)?;
        walk.push_head().or_world(what)?;
        walk.push_glob("refs/tags/*").or_world(what)?;
        let mut descended = HashSet::new();
        let mut newest = Vec::new();
        for id in walk {
            let node = self.node(id.or_world(what)?)?;
            let has_tree = known.exists_ext(node.tree, OdbLookupFlags::NO_REFRESH);
            let below_missing = descended.remove(&node.id);
            if !has_tree && !below_missing {
                newest.push(node.id);
            }
            if !has_tree || below_missing {
                descended.extend(node.parents);
            }
        }
        Ok(newest)
    }

    /// What a tree has at a path, which is a directory or a file of it.
    fn entry(&self, tree: Oid, path: &RepoPath) -> Result<Option<PathObject>> {
        let mut at = PathObject { mode: DIRECTORY, id: tree };
        for part in path.as_str().split('/').filter(|part| !part.is_empty()) {
            if at.mode != DIRECTORY {
                return Ok(None);
            }
            let tree = self.tree(at.id)?;
            let Some(found) = tree.get_name_bytes(part.as_bytes()) else { return Ok(None) };
            at = PathObject::of(&found);
        }
        Ok(Some(at))
    }

    /// The entries of a directory, as far as their names are text; none where there is no such directory.
    fn directory(&self, tree: Oid, dir: &RepoPath) -> Result<Vec<(String, PathObject)>> {
        let Some(at) = self.entry(tree, dir)?.filter(|entry| entry.mode == DIRECTORY) else { return Ok(Vec::new()) };
        let tree = self.tree(at.id)?;
        let named = tree.iter().filter_map(|entry| {
            let name = std::str::from_utf8(entry.name_bytes()).ok()?;
            Some((name.to_owned(), PathObject::of(&entry)))
        });
        Ok(named.collect())
    }

    /// Tells all files of a tree, and links.
    fn walk(&self, tree: Oid, dir: &RepoPath, tell: &mut dyn FnMut(&RepoPath, PathObject)) -> Result<()> {
        for (name, entry) in self.directory(tree, &RepoPath::root())? {
            let path = dir.join(&name);
            if entry.mode == DIRECTORY {
                self.walk(entry.id, &path, tell)?;
            } else {
                tell(&path, entry);
            }
        }
        Ok(())
    }
}

fn unreadable(what: &str, id: Oid, error: git2::Error) -> Failure {
    let failure = Failure::world(format!("a {what} of the history cannot be read: {id}")).caused_by(error);
    failure.help("the clone is damaged: `git fsck` says what is missing, and a fresh clone has it")
}

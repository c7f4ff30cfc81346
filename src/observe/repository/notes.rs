//! The change notes of the commit that is checked out, and the commits that wrote them. A note that is not committed is
//! none yet.

use std::collections::BTreeMap;

use crate::config;
use crate::error::Result;
use crate::names::RepoPath;
use crate::observe::workspace::texts::RepoTexts;
use crate::observe::workspace::texts::utf8;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::system::files;

/// The committed notes.
#[derive(Debug)]
pub(crate) struct CommittedNotes {
    /// Their directory.
    dir: RepoPath,
    /// By the name of the file, what names its content.
    files: BTreeMap<String, Oid>,
}

impl CommittedNotes {
    /// The notes of a commit.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub(crate) fn of(git: &Checkout, commit: Oid, dir: Option<RepoPath>) -> Result<Self> {
        let Some(dir) = dir else { return Ok(Self { dir: RepoPath::root(), files: BTreeMap::new() }) };
        let mut files = git.files_in(git.node(commit)?.tree, &dir)?;
        files.retain(|file, _| config::is_note(file));
        Ok(Self { dir, files })
    }

    /// Where they are.
    pub(crate) fn paths(&self) -> impl Iterator<Item = RepoPath> {
        self.files.keys().map(|file| self.dir.join(file))
    }

    /// Reads what they say, as it is committed. A filter of git's may have given the file on disk other line endings, and
    /// then those are what an edit will find.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub(crate) fn read(&self, git: &Checkout, commit: Oid, texts: &mut RepoTexts) -> Result<()> {
        let paths: Vec<RepoPath> = self.paths().collect();
        git.gather(paths.iter().map(|path| (commit, path)))?;
        for path in paths {
            let Some(committed) = git.bytes_at(commit, &path)? else { continue };
            let on_disk = files::read(&git.on_disk(&path)).ok().flatten();
            let same = |bytes: &Vec<u8>| plain(bytes).eq(plain(&committed));
            match utf8(on_disk.filter(same).unwrap_or(committed)) {
                Ok(text) => drop(texts.texts.insert(path, text)),
                Err(failure) => drop(texts.unreadable.insert(path, failure.to_string())),
            }
        }
        Ok(())
    }

    /// Those that a commit adds or edits: the files that are as in none of its parents. A file of another name is told by
    /// its content.
    ///
    /// # Errors
    /// A tree cannot be read.
    pub(crate) fn written_by(&self, git: &Checkout, tree: Oid, parents: &[Option<Oid>]) -> Result<Vec<RepoPath>> {
        if self.files.is_empty() {
            return Ok(Vec::new());
        }
        let mut files = git.files_in(tree, &self.dir)?;
        for parent in parents.iter().flatten() {
            let before = git.files_in(*parent, &self.dir)?;
            files.retain(|file, content| before.get(file) != Some(content));
        }
        let today = |(file, content): (String, Oid)| {
            let same = || self.files.iter().find(|(_, other)| **other == content);
            let known = self.files.get_key_value(&file).or_else(same);
            known.map(|(file, _)| self.dir.join(file))
        };
        let mut found: Vec<RepoPath> = files.into_iter().filter_map(today).collect();
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// The bytes of a text, whatever its line endings.
fn plain(bytes: &[u8]) -> impl Iterator<Item = &u8> {
    let ends = |at: usize| bytes.get(at + 1) == Some(&b'\n');
    bytes.iter().enumerate().filter(move |(at, byte)| !(**byte == b'\r' && ends(*at))).map(|(_, byte)| byte)
}

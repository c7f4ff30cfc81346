//! Files that a checkout has and git does not, to be had in another checkout of the same repository.

use std::path::Path;

use super::cli::Git;
use crate::error::Result;
use crate::names::RepoPath;
use crate::tools::system::files;

/// What marks a directory that a tool made for itself: another repository, a virtual environment, a cache.
const MARKS: [&str; 3] = [".git", "pyvenv.cfg", "CACHEDIR.TAG"];

/// Directories that tools make for themselves and do not mark.
const NAMES: [&str; 3] = ["node_modules", "__pycache__", ".tox"];

/// Whether a file lies in a directory of a checkout that a tool made for itself. Nobody means to ship what is in there.
pub(crate) fn is_of_a_tool(root: &Path, path: &RepoPath) -> bool {
    directory_of_a_tool(root, path).is_some()
}

/// The outermost directory around a file that a tool made for itself.
pub(crate) fn directory_of_a_tool(root: &Path, path: &RepoPath) -> Option<RepoPath> {
    let mut found = None;
    let mut dir = path.parent();
    while dir != RepoPath::root() {
        let on_disk = root.join(dir.as_str());
        let name = dir.as_str().rsplit('/').next().unwrap_or_default();
        if NAMES.contains(&name) || MARKS.iter().any(|mark| on_disk.join(mark).exists()) {
            found = Some(dir.clone());
        }
        dir = dir.parent();
    }
    found
}

/// Copies the files that git does not track and one of these globs names: paths from the root of the repository, in which
/// `*` stays inside a directory and `**` does not.
///
/// # Errors
/// git cannot list them, or one cannot be copied.
pub(crate) fn copy(from: &Path, to: &Path, globs: &[String]) -> Result<()> {
    if globs.is_empty() {
        return Ok(());
    }
    for path in Git::at(from).untracked(globs)? {
        files::make_dir(&to.join(path.parent().as_str()))?;
        files::copy(&from.join(path.as_str()), &to.join(path.as_str()))?;
    }
    Ok(())
}

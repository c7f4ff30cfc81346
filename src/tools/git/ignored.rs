//! Files that a checkout has and git does not, to be had in another checkout of the same repository.

use std::path::Path;

use super::cli::Git;
use crate::error::Result;
use crate::tools::system::files;

/// Copies the files that git does not track and one of these globs names: paths from the root of the repository, in which
/// `*` stays inside a directory and `**` does not.
///
/// # Errors
/// git cannot list them, or one cannot be copied.
pub fn copy(from: &Path, to: &Path, globs: &[String]) -> Result<()> {
    if globs.is_empty() {
        return Ok(());
    }
    for path in Git::at(from).untracked(globs)? {
        files::make_dir(&to.join(path.parent().as_str()))?;
        files::copy(&from.join(path.as_str()), &to.join(path.as_str()))?;
    }
    Ok(())
}

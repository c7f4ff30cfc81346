//! The submodules of the stage: those that the checkout has initialised, at the commits that the stage wants, cloned from
//! the checkout's own and never from the network.

use std::path::Path;

use crate::error::Failure;
use crate::error::Result;
use crate::tools::git::cli::Git;

/// Fills the submodules of a stage, and theirs.
///
/// # Errors
/// The checkout's submodule has not got the commit that is wanted.
pub(crate) fn fill(checkout: &Path, stage: &Path) -> Result<()> {
    let git = Git::at(stage);
    for (name, path) in git.submodules()? {
        let (source, target) = (checkout.join(&path), stage.join(&path));
        if !source.join(".git").exists() {
            continue;
        }
        git.fill_submodule(&name, &path, &source).map_err(|refused| {
            Failure::world(format!("failed to check out the submodule `{path}` in the scratch worktree"))
                .because(refused.to_string())
                .help(format!("update it to the recorded commit: `git submodule update --init {path}`"))
        })?;
        fill(&source, &target)?;
    }
    Ok(())
}

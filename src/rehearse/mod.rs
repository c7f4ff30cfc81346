//! Rehearsals: complete releases in a sandbox.
//!
//! [`perform()`] makes a sandbox for a release of the user's workspace: a clone of the repository, a bare clone as its
//! remote, a local registry for each registry that packages are published to, and a separate cargo home. It then starts
//! this same program in the clone. [`demo`] makes an example workspace with a remote, for users who have none at hand.
//! This room may write only to the directory that it is given or creates. It may use `registry`, `tools`, `names` and
//! `error`.

mod clone;
pub mod demo;
mod env;
mod local_registries;
mod perform;
mod show;
mod summary;
mod texts;

use std::path::Path;

pub(crate) use self::env::Inside;
pub(crate) use self::perform::RehearsalSpec;
pub(crate) use self::perform::perform;
pub(crate) use self::show::show;
pub(crate) use self::summary::Phase;
use crate::error::Failure;
use crate::error::Result;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// Variables that point git to another repository, and that are set if a git hook started this program.
const GIT_PLACES: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

fn git(dir: &Path) -> Program {
    GIT_PLACES.iter().fold(Program::new("git").dir(dir), |program, place| program.without_env(place))
}

/// The directory of the sandbox: the given one, which must be new or empty, or a temporary one.
fn directory(environment: &Environment, keep: Option<&Path>, prefix: &str) -> Result<std::path::PathBuf> {
    let Some(dir) = keep else { return files::temporary_dir(prefix) };
    let dir = environment.directory().join(dir);
    if files::is_empty_or_absent(&dir)? {
        return files::make_dir(&dir).map(|()| dir);
    }
    Err(Failure::unplannable(format!("`{}` is not empty", dir.display()))
        .help("pass a new or empty directory: `--keep DIR`"))
}

fn unwritten() -> String {
    "cannot write the output".to_owned()
}

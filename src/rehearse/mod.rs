//! Rehearsals: releases for real, where nothing can be lost.
//!
//! [`perform()`] makes a world in which a release of the user's workspace can be carried out whole: a clone of the
//! repository, a bare clone for the remote, registries in boxes for those that packages go to, a home for cargo. The
//! release in it is this same program, started there. [`demo`] makes a throwaway workspace with a remote beside it, for
//! those who have none at hand. This room may write only into the directory that it is given or makes. It may use
//! `registry`, `tools`, `names` and `error`.

mod clone;
pub mod demo;
mod env;
mod local_registries;
mod perform;
mod show;
mod summary;
mod texts;

use std::path::Path;

pub use self::env::Inside;
pub use self::perform::RehearsalSpec;
pub use self::perform::perform;
pub use self::show::show;
pub use self::summary::Phase;
use crate::error::Failure;
use crate::error::Result;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::process::Program;

/// Variables that would turn git to another repository, as they are set while a hook runs.
const GIT_PLACES: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

fn git(dir: &Path) -> Program {
    GIT_PLACES.iter().fold(Program::new("git").dir(dir), |program, place| program.without_env(place))
}

/// A directory for all that is made: the one that is named, where it is new or empty, else a temporary one.
fn directory(environment: &Environment, keep: Option<&Path>, prefix: &str) -> Result<std::path::PathBuf> {
    let Some(dir) = keep else { return files::temporary_dir(prefix) };
    let dir = environment.directory().join(dir);
    if files::is_empty_or_absent(&dir)? {
        return files::make_dir(&dir).map(|()| dir);
    }
    Err(Failure::unplannable(format!("`{}` is there already, and not empty", dir.display()))
        .help("name a new directory"))
}

fn unwritten() -> String {
    "cannot write the output".to_owned()
}

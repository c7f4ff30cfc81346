//! Builds that are not repeated: packages that were built from the same sources, with the same lock file, by the same
//! toolchain, are packed and not built again. `check` and the release after it make two commits of one tree.
//!
//! Each build leaves a file whose name is made of all that it depended on. The files may be deleted at any time.

use std::path::PathBuf;

use crate::apply::step_context::StepContext;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::Digest;
use crate::plan::Verify;
use crate::tools::system::files;

/// A change of what the name is made of takes another number.
const FORMAT: &str = "built 2";

/// How the names of variables begin that tell cargo or the compiler how to build (the Cargo book, "Environment
/// Variables"). `CC` and its like are read by build scripts that compile C.
const VARIABLES: [&str; 11] = [
    "CARGO_BUILD_",
    "CARGO_CFG_",
    "CARGO_ENCODED_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
    "CC",
    "CFLAGS",
    "CXX",
    "RUSTC",
    "RUSTFLAGS",
];

/// Beginning as one of those, and about places only.
const PLACES: [&str; 3] = ["CARGO_BUILD_BUILD_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_TARGET_DIR"];

/// Whether a build may come out otherwise where this variable has another value.
fn counts(name: &str) -> bool {
    let is_one = name == "RUSTUP_TOOLCHAIN" || VARIABLES.iter().any(|start| name.starts_with(start));
    is_one && !PLACES.contains(&name)
}

/// Where a build is remembered.
pub(crate) struct BuiltBefore {
    path: PathBuf,
}

impl BuiltBefore {
    /// Of the packages that a step verifies; none where they are not told by a commit alone.
    ///
    /// # Errors
    /// git or cargo cannot be started.
    pub(crate) fn of(verify: &Verify, context: &StepContext<'_>) -> Result<Option<Self>> {
        let world = context.world;
        if !verify.build.compile || !context.journal.plan().base.copied.is_empty() {
            return Ok(None);
        }
        let tree = world.stage().tree("HEAD")?;
        let lock = files::read(&world.staged(&world.workspace.join("Cargo.lock")))?.unwrap_or_default();
        let what = serde_json::to_string(verify).or_world(|| "a step cannot be written".into())?;
        let mut parts = vec![FORMAT.to_owned(), tree, Digest::of(&lock).to_string(), what];
        parts.push(world.workspace.to_string());
        parts.push(world.cargo.toolchain()?);
        parts.push(world.registries.text());
        let variable = |name: &str| Some(format!("{name}={}", world.environment.get(name)?.to_string_lossy()));
        parts.extend(world.environment.names().filter(|name| counts(name)).filter_map(variable));
        let name = Digest::of(parts.join("\0").as_bytes()).to_string();
        Ok(Some(Self {
            path: world.checkout.common_dir()?.join("cargo-release").join("cache").join("built").join(name),
        }))
    }

    /// Whether they were.
    ///
    /// # Errors
    /// What is remembered cannot be read.
    pub(crate) fn is_known(&self) -> Result<bool> {
        Ok(files::read(&self.path)?.is_some())
    }

    /// Remembers that they are. Where that fails they are built again.
    pub(crate) fn remember(&self) {
        drop(files::write(&self.path, FORMAT.as_bytes()));
    }
}

//! The JSON that rustdoc writes of a library. Only nightly toolchains admit to writing it: `RUSTC_BOOTSTRAP` has others do it
//! too, as `cargo semver-checks` does. No token is in its environment, because it runs build scripts.

use std::ffi::OsString;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use super::metadata::cargo;
use crate::error::Result;
use crate::names::PackageName;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;
use crate::tools::system::process::Ended;
use crate::tools::system::process::Program;
use crate::tools::system::secrets::Secrets;

/// Flags of rustdoc.
const FLAGS: [&str; 3] = ["-Zunstable-options", "--output-format=json", "--cap-lints=allow"];

/// How rustdoc is run.
#[derive(Clone, Debug)]
pub(crate) struct RustdocJson {
    cargo: OsString,
    directory: PathBuf,
    target_dir: PathBuf,
    offline: bool,
}

/// One library.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Library<'a> {
    /// Its package.
    pub package: &'a PackageName,
    /// Its name, as rustc has it.
    pub name: &'a str,
    /// The manifest of the package.
    pub manifest: &'a Path,
    /// The target triple; none for the host.
    pub target: Option<&'a str>,
    /// How long it may take.
    pub limit: Duration,
}

impl RustdocJson {
    /// Run in a directory, whose configuration cargo reads.
    pub(crate) fn new(environment: &Environment, directory: &Path, target_dir: &Path, offline: bool) -> Self {
        Self { cargo: cargo(environment), directory: directory.to_owned(), target_dir: target_dir.to_owned(), offline }
    }

    /// The JSON of a library with all its features, else with its default ones; none where neither can be documented.
    ///
    /// # Errors
    /// Cargo cannot be started, or its output not be read.
    pub(crate) fn of(&self, library: &Library<'_>) -> Result<Option<String>> {
        for features in [&["--all-features"][..], &[]] {
            if self.document(library, features)? {
                let below =
                    library.target.map_or_else(|| self.target_dir.clone(), |target| self.target_dir.join(target));
                return files::read_text(&below.join("doc").join(format!("{}.json", library.name)));
            }
        }
        Ok(None)
    }

    fn document(&self, library: &Library<'_>, features: &[&str]) -> Result<bool> {
        let Library { package, name: _, manifest, target, limit } = library;
        let mut program = Program::new(&self.cargo).dir(&self.directory);
        program = program.args(["rustdoc", "--lib", "--quiet", "--package", package.as_str()]).args(features);
        program = program.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(&self.target_dir);
        if let Some(target) = target {
            program = program.args(["--target", target]);
        }
        if self.offline {
            program = program.arg("--offline");
        }
        program = program.arg("--").args(FLAGS).env("RUSTC_BOOTSTRAP", "1");
        let program = program.knowing(Secrets::None);
        Ok(match program.within(*limit)? {
            Ended::ByItself(output) => output.code == Some(0),
            Ended::OutOfTime | Ended::Interrupted => false,
        })
    }
}

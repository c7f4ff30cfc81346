//! The program `cargo semver-checks`: found, asked for its version, and run. What it says is kept, never understood here.
//!
//! It builds the documentation of two trees, and so runs build scripts: no token is in its environment.

use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use semver::Version;

use crate::error::Result;
use crate::names::PackageName;
use crate::tools::system::environment::Environment;
use crate::tools::system::process::Ended;
use crate::tools::system::process::Program;
use crate::tools::system::secrets::Secrets;

/// The variable that names the program, where it is not the one that cargo would find.
pub(crate) const VARIABLE: &str = "CARGO_SEMVER_CHECKS";

/// The first version whose exit status tells what was found from what could not be looked for.
const OLDEST: Version = Version::new(0, 51, 0);

/// The program, ready to compare.
#[derive(Clone, Debug)]
pub(crate) struct SemverChecks {
    program: PathBuf,
    directory: PathBuf,
    target_dir: PathBuf,
    offline: bool,
}

/// What came of looking for the program.
#[derive(Clone, Debug)]
pub(crate) enum ProgramSearch {
    /// It is not there.
    Missing,
    /// It is there and of no use, and why.
    Unusable(String),
    /// It is there.
    Ready(SemverChecks),
}

/// Where and how it runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunOptions<'a> {
    /// The directory that cargo's configuration is read from.
    pub directory: &'a Path,
    /// The target directory, for both sides of all comparisons: what they depend on is then built once.
    pub target_dir: &'a Path,
    /// Use no network.
    pub offline: bool,
}

/// One comparison.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison<'a> {
    /// The package.
    pub package: &'a PackageName,
    /// Its manifest.
    pub manifest: &'a Path,
    /// The directory of what it is compared with; none for the version on crates.io.
    pub baseline: Option<&'a Path>,
    /// The version of what it is compared with.
    pub version: &'a Version,
    /// The target triple; none for the host.
    pub target: Option<&'a str>,
    /// How long it may take.
    pub limit: Duration,
}

/// What a release may bring for all that the program knows; what asks for more is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// Nothing but fixes.
    Patch,
    /// Additions.
    Minor,
}

impl SemverChecks {
    /// Looks for it: where [`VARIABLE`] says, else where cargo looks for its commands.
    ///
    /// # Errors
    /// It cannot be started.
    pub(crate) fn find(environment: &Environment, manner: RunOptions<'_>) -> Result<ProgramSearch> {
        let Some(program) = located(environment) else { return Ok(ProgramSearch::Missing) };
        let output = Program::new(&program).args(["semver-checks", "--version"]).dir(manner.directory).run()?;
        let said = output.text();
        let version = said.split_whitespace().filter_map(|word| Version::parse(word).ok()).next_back();
        Ok(match version {
            Some(version) if version >= OLDEST => ProgramSearch::Ready(Self {
                program,
                directory: manner.directory.to_owned(),
                target_dir: manner.target_dir.to_owned(),
                offline: manner.offline,
            }),
            Some(version) => ProgramSearch::Unusable(format!(
                "`cargo semver-checks` {version} is too old, {OLDEST} or newer is required"
            )),
            None => ProgramSearch::Unusable("cannot read the version of `cargo semver-checks`".to_owned()),
        })
    }

    /// Compares, and says how the program ended: with status 0 where nothing asks for more than is allowed, with 100
    /// where something does, and with anything else where it could not be compared.
    ///
    /// # Errors
    /// It cannot be started.
    pub(crate) fn compare(&self, comparison: &Comparison<'_>, allowed: Allowed) -> Result<Ended> {
        let Comparison { package, manifest, baseline, version, target, limit } = comparison;
        let kind = match allowed {
            Allowed::Patch => "patch",
            Allowed::Minor => "minor",
        };
        let mut program = Program::new(&self.program).dir(&self.directory);
        program = program.args(["semver-checks", "check-release", "--color", "never", "--release-type", kind]);
        program = program.args(["--package", package.as_str()]).arg("--manifest-path").arg(manifest);
        program = match baseline {
            Some(root) => program.arg("--baseline-root").arg(root),
            None => program.arg("--baseline-version").arg(version.to_string()),
        };
        if let Some(target) = target {
            program = program.args(["--target", target]);
        }
        if self.offline {
            program = program.env("CARGO_NET_OFFLINE", "true");
        }
        let program = program.knowing(Secrets::None);
        program.env("CARGO_TARGET_DIR", &self.target_dir).env("CARGO_TERM_COLOR", "never").within(*limit)
    }
}

/// The file of the program; none where there is none.
pub(crate) fn located(environment: &Environment) -> Option<PathBuf> {
    if let Some(named) = environment.get(VARIABLE) {
        return Some(environment.directory().join(named)).filter(|program| program.is_file());
    }
    let name = format!("cargo-semver-checks{}", std::env::consts::EXE_SUFFIX);
    let home = environment.cargo_home().map(|home| home.join("bin"));
    let path = environment.get("PATH").map(std::env::split_paths);
    home.into_iter().chain(path.into_iter().flatten()).map(|dir| dir.join(&name)).find(|program| program.is_file())
}

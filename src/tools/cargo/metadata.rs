//! What cargo knows of a workspace: `cargo metadata`, asked in two ways, neither of which writes anything.

use std::ffi::OsString;
use std::path::PathBuf;

use cargo_metadata::Metadata;
use cargo_metadata::MetadataCommand;

use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::tools::system::environment::Environment;
use crate::tools::system::process::Output;
use crate::tools::system::process::Program;

/// A question to cargo.
#[derive(Clone, Debug)]
pub(crate) struct MetadataQuery {
    /// The cargo to ask.
    pub cargo: OsString,
    /// The directory to ask it in: cargo's configuration is read from there.
    pub directory: PathBuf,
    /// The manifest, where it is not found from the directory.
    pub manifest: Option<PathBuf>,
    /// Whether cargo has to do without the network.
    pub offline: bool,
    /// `--config` arguments.
    pub config: Vec<String>,
}

/// What cargo answered.
#[derive(Debug)]
pub(crate) enum MetadataAnswer {
    /// The workspace.
    Workspace(Box<Metadata>),
    /// Nothing: it ended with this output.
    Refused(Output),
}

impl MetadataQuery {
    /// The members and the resolved dependencies, all features on, with `Cargo.lock` as it is.
    ///
    /// # Errors
    /// Cargo cannot be started, or its answer cannot be read.
    pub(crate) fn resolved(&self) -> Result<MetadataAnswer> {
        let output = self.program().args(["--all-features", "--locked"]).run()?;
        if output.success() {
            parsed(&output).map(Box::new).map(MetadataAnswer::Workspace)
        } else {
            Ok(MetadataAnswer::Refused(output))
        }
    }

    /// The members and what their manifests say, without any resolving: `Cargo.lock` is neither read nor written.
    ///
    /// # Errors
    /// Cargo cannot be started, or does not take the manifests.
    pub(crate) fn manifests(&self) -> Result<Metadata> {
        let output = self.program().arg("--no-deps").run()?;
        if output.success() { parsed(&output) } else { Err(refused(&output)) }
    }

    fn program(&self) -> Program {
        let manifest = self.manifest.iter().flat_map(|path| [OsString::from("--manifest-path"), path.into()]);
        let config = self.config.iter().flat_map(|value| ["--config", value]);
        let offline = self.offline.then_some("--offline");
        Program::new(&self.cargo)
            .args(["metadata", "--format-version", "1"])
            .args(manifest)
            .args(config)
            .args(offline)
            .dir(&self.directory)
    }
}

/// The cargo that started us (it says so in `CARGO`), else the one on the `PATH`.
pub(crate) fn cargo(environment: &Environment) -> OsString {
    environment.get("CARGO").map_or_else(|| "cargo".into(), OsString::from)
}

/// The names of the members of the workspace that this process is in; none where there is no workspace.
pub(crate) fn member_names(environment: &Environment) -> Vec<String> {
    let ask = Program::new(cargo(environment)).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let Ok(output) = ask.run() else { return Vec::new() };
    let read = MetadataCommand::parse(output.text());
    read.map(|known| known.packages.iter().map(|package| package.name.to_string()).collect()).unwrap_or_default()
}

/// The failure that quotes why cargo does not take a workspace.
pub(crate) fn refused(output: &Output) -> Failure {
    let said = output.tail(20);
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    Failure::unplannable("cargo cannot read the workspace")
        .because(said)
        .help("make `cargo metadata` work here, or pass `--manifest-path`")
}

fn parsed(output: &Output) -> Result<Metadata> {
    MetadataCommand::parse(output.text()).or_unplannable(|| "cannot parse the output of `cargo metadata`".into())
}

//! Finds the workspace, its repository and the texts that configure a release: the first of the two looks.

use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;

use super::repository::ahead::Ahead;
use super::repository::history_cache::cache_dir;
use super::repository::state;
use super::workspace::lock_state;
use super::workspace::members;
use super::workspace::sparse;
use super::workspace::texts;
use super::workspace::texts::ConfigTexts;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::TagName;
use crate::snapshot::Workspace;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::config::StandIns;
use crate::tools::cargo::metadata::MetadataQuery;
use crate::tools::cargo::metadata::cargo;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Head;
use crate::tools::system::environment::Environment;

/// How to look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct Options {
    /// Use no network.
    pub offline: bool,
    /// Ask the web APIs of registries, too.
    pub sites: bool,
    /// Ask the remote whether it lets us push, too, and sign something where commits or tags are signed.
    pub push: bool,
    /// The manifest (`--manifest-path`), from the current directory; none: found from there, as cargo does.
    pub manifest: Option<PathBuf>,
    /// The configuration file (`-c`), from the current directory.
    pub config_file: Option<PathBuf>,
    /// The tag that changes are counted from, for all packages (`--prev-tag-name`).
    pub previous_tag: Option<TagName>,
    /// The branch that a detached head stands for (`--branch`).
    pub branch: Option<BranchName>,
    /// Whether what is committed already is published as it is (`--unpublished`), so that no commit goes onto the branch.
    pub only_published: bool,
    /// `KEY=VALUE` for cargo's `--config`.
    pub cargo_config: Vec<String>,
    /// Registries that stand in for others.
    pub stand_ins: StandIns,
}

/// A workspace in its repository, and the texts that configure its release.
pub struct Located {
    /// The workspace; of its texts, those of the manifests and of `Cargo.lock`.
    pub workspace: Workspace,
    /// The `release.toml`s.
    pub config: ConfigTexts,
    /// The root of the workspace on disk.
    pub workspace_root: PathBuf,
    /// The target directory that cargo uses.
    pub target_directory: PathBuf,
    /// What cargo's configuration says of registries.
    pub registries: CargoConfig,
    pub(super) environment: Environment,
    pub(super) checkout: Checkout,
    pub(super) head: Head,
    /// What is read meanwhile, until it is asked for.
    pub(super) ahead: Mutex<Option<Ahead>>,
}

impl Located {
    /// The root of the checkout on disk.
    pub fn root(&self) -> &Path {
        self.checkout.root()
    }

    /// The directory that all worktrees of the repository share.
    pub fn common_dir(&self) -> &Path {
        self.checkout.common_dir()
    }

    /// The repository, for questions that come later.
    pub fn checkout(&self) -> &Checkout {
        &self.checkout
    }
}

/// Finds the workspace, its repository, and the texts that configure its release.
///
/// # Errors
/// Cargo does not take the workspace, it is not in a repository with a commit, or a text cannot be read.
pub fn locate(environment: &Environment, options: &Options) -> Result<Located> {
    located(environment, options, None)
}

/// As [`locate`], for who is going to [`super::observe`]: reading the history begins meanwhile.
///
/// # Errors
/// As [`locate`].
pub(crate) fn locate_to_observe(environment: &Environment, options: &Options) -> Result<Located> {
    let ahead = Ahead::begin(environment, options.manifest.as_ref());
    located(environment, options, Some(ahead))
}

fn located(environment: &Environment, options: &Options, ahead: Option<Ahead>) -> Result<Located> {
    let question = MetadataQuery {
        cargo: cargo(environment),
        directory: environment.directory().to_owned(),
        manifest: options.manifest.clone(),
        offline: options.offline,
        config: options.cargo_config.clone(),
    };
    let metadata = question.manifests().map_err(|refused| sparse::explained(refused, environment.directory()))?;
    let workspace_root = metadata.workspace_root.clone().into_std_path_buf();
    let checkout = Checkout::discover(&workspace_root)?.offline(options.offline);
    let head = state::standing_for(&checkout, checkout.head()?, options.branch.as_ref(), options.only_published)?;
    let registries = CargoConfig::read(environment, &workspace_root, &options.cargo_config)?;
    let registries = registries.standing_in(options.stand_ins.clone());
    let cache = cache_dir(checkout.common_dir()).join("lock");
    let known = lock_state::look(&metadata, environment, &registries, &cache);
    let asked = members::ask(&question, metadata, known)?;
    let mut workspace = members::read(&asked, &checkout, head.commit)?;
    let root_manifest = workspace.texts.get(&workspace.dir.join("Cargo.toml")).map_or("", String::as_str);
    sparse::lacks_no_member(&checkout, &workspace.dir, root_manifest)?;
    workspace.default_registry = registries.default_registry();
    let config = ConfigTexts::read(&texts::Places {
        environment,
        checkout: &checkout,
        workspace_root: &workspace_root,
        packages: &workspace.packages,
        given: options.config_file.as_deref(),
    })?;
    let target_directory = asked.metadata.target_directory.into_std_path_buf();
    let environment = environment.clone();
    let ahead = Mutex::new(ahead);
    Ok(Located { workspace, config, workspace_root, target_directory, registries, environment, checkout, head, ahead })
}

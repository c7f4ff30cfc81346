//! The only reader of the world. What it sees is a [`Snapshot`]; nothing is decided here and nothing is written, neither
//! in the checkout nor in cargo's or git's own files. What the API check compares is laid out apart ([`api`]).
//!
//! It looks twice, because the configuration lies in between: [`locate`] finds the workspace, its repository and the texts
//! of the configuration, and [`observe`] reads the rest of what that configuration makes worth knowing.

pub mod api;
mod diagnosis;
mod registries;
mod repository;
#[cfg(test)]
mod tests;
mod workspace;

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

pub use self::diagnosis::diagnose;
use self::registries::index;
use self::registries::web_api;
use self::repository::git_config;
use self::repository::history;
use self::repository::ignored;
use self::repository::last_release_tree;
use self::repository::notes;
use self::repository::state;
use self::repository::tree;
use self::repository::vcs_info;
use self::workspace::members;
use self::workspace::texts;
pub use self::workspace::texts::ConfigText;
pub use self::workspace::texts::ConfigTexts;
use crate::config::Config;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::TagName;
use crate::snapshot::FORMAT;
use crate::snapshot::Registry;
use crate::snapshot::Repository;
use crate::snapshot::Site;
use crate::snapshot::Snapshot;
use crate::snapshot::Workspace;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::cargo::config::StandIns;
use crate::tools::cargo::metadata::Question;
use crate::tools::cargo::metadata::cargo;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Head;
use crate::tools::git::read::commit_id;
use crate::tools::registry::web_api::Api;
use crate::tools::registry::web_api::Web;
use crate::tools::system::environment::Environment;

/// How to look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one field a flag")]
pub struct Options {
    /// Use no network.
    pub offline: bool,
    /// Ask the web APIs of registries, too.
    pub sites: bool,
    /// Ask the remote whether it lets us push, too.
    pub push: bool,
    /// The manifest (`--manifest-path`), from the current directory; none: found from there, as cargo does.
    pub manifest: Option<PathBuf>,
    /// The configuration file (`-c`), from the current directory.
    pub config_file: Option<PathBuf>,
    /// The tag that changes are counted from, for all packages (`--prev-tag-name`).
    pub previous_tag: Option<TagName>,
    /// The branch that a detached head stands for (`--branch`).
    pub branch: Option<String>,
    /// `KEY=VALUE` for cargo's `--config`.
    pub cargo_config: Vec<String>,
    /// Registries that stand in for others.
    pub stand_ins: StandIns,
}

/// A workspace in its repository, and the texts that configure its release.
pub struct Place {
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
    environment: Environment,
    checkout: Checkout,
    head: Head,
}

impl Place {
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
pub fn locate(environment: &Environment, options: &Options) -> Result<Place> {
    let question = Question {
        cargo: cargo(environment),
        directory: environment.directory().to_owned(),
        manifest: options.manifest.clone(),
        offline: options.offline,
        config: options.cargo_config.clone(),
    };
    let asked = members::ask(&question)?;
    let workspace_root = asked.metadata.workspace_root.clone().into_std_path_buf();
    let checkout = Checkout::discover(&workspace_root)?;
    let head = state::standing_for(&checkout, checkout.head()?, options.branch.as_deref())?;
    let registries = CargoConfig::read(environment, &workspace_root, &options.cargo_config)?;
    let registries = registries.standing_in(options.stand_ins.clone());
    let mut workspace = members::read(&asked, &checkout, head.commit)?;
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
    Ok(Place { workspace, config, workspace_root, target_directory, registries, environment, checkout, head })
}

/// Reads everything that a plan is decided from.
///
/// # Errors
/// The repository cannot be read, or the tag that the user names is not there. A remote or a registry that does not answer
/// is a fact and no failure.
pub fn observe(place: &Place, config: &Config, options: &Options) -> Result<Snapshot> {
    let dir = config.workspace.notes.as_ref().map(|dir| place.workspace.dir.join(dir));
    let notes = notes::Notes::of(&place.checkout, place.head.commit, dir)?;
    let workspace = workspace(place, config, &notes)?;
    let web = Web::patient();
    let registries = index::destinations(&workspace, &config.packages)
        .into_iter()
        .map(|(name, packages)| {
            let mut needed = index::kept_back(&workspace, &name, &packages);
            if options.sites {
                needed.extend(index::needed(&workspace, &name));
            }
            let needed: Vec<PackageName> = needed.into_iter().collect();
            let (of, needed, offline) = (packages.as_slice(), needed.as_slice(), options.offline);
            let read = index::read(&place.registries, &web, &index::Question { name: &name, of, needed, offline });
            let is_asked = options.sites && (web_api::answers(&name) || read.auth_required);
            let site = is_asked.then(|| asked_site(&read, &web, &packages, options));
            let registry = Registry { site, ..read };
            (name, registry)
        })
        .collect();
    let seen = Seen { registries: &registries, notes: &notes };
    let repository = repository(place, config, options, &seen)?;
    Ok(Snapshot { format: FORMAT, workspace, repository, registries, api: BTreeMap::new() })
}

fn asked_site(registry: &Registry, web: &Web, packages: &[PackageName], options: &Options) -> Site {
    match &registry.api {
        _ if options.offline => web_api::silent("skipped (--offline)"),
        _ if registry.auth_required => web_api::silent("it shows nothing without a token, which is cargo's affair"),
        None => web_api::silent("the registry has no web API, or does not answer"),
        Some(api) => web_api::read(&Api::new(web.clone(), api), registry.index.as_deref(), packages),
    }
}

/// What was seen before the history is.
struct Seen<'a> {
    registries: &'a BTreeMap<RegistryName, Registry>,
    notes: &'a notes::Notes,
}

fn repository(place: &Place, config: &Config, options: &Options, seen: &Seen<'_>) -> Result<Repository> {
    let Place { checkout, head, workspace, .. } = place;
    let tags = checkout.tags()?;
    let outside = last_release_tree::outside(workspace, &checkout.links(head.commit)?)?;
    let recorded = vcs_info::read(&vcs_info::Question { place, config, tags: &tags, registries: seen.registries })?;
    let question = history::Question {
        head: head.commit,
        tags: &tags,
        packages: &workspace.packages,
        settings: &config.packages,
        previous: options.previous_tag.as_ref(),
        recorded: &recorded,
        outside: &outside,
        notes: seen.notes,
        root: &workspace.dir,
    };
    let settings = &config.workspace;
    let mut remote = match settings.push {
        true => state::remote(checkout, head, &settings.push_remote, options.offline)?,
        false => None,
    };
    if let Some(remote) = remote.as_mut().filter(|remote| options.push && remote.relation.admits_push()) {
        let branch = head.branch.as_deref().unwrap_or_default();
        remote.push = Some(git_config::push(checkout.root(), &remote.name, branch)?);
    }
    Ok(Repository {
        head: commit_id(head.commit),
        branch: head.branch.clone(),
        shallow: checkout.is_shallow(),
        in_progress: checkout.in_progress().map(str::to_owned),
        dirty: state::dirty(checkout.root())?,
        tags: state::named(&tags),
        remote,
        means: git_config::read(checkout.root(), &place.environment, config)?,
        submodules: git_config::submodules(checkout.root())?,
        history: history::read(checkout, &question)?,
    })
}

/// The workspace with the texts that the configuration names.
fn workspace(place: &Place, config: &Config, notes: &notes::Notes) -> Result<Workspace> {
    let mut workspace = place.workspace.clone();
    let mut texts = texts::Texts { texts: workspace.texts, unreadable: workspace.unreadable };
    for package in &workspace.packages {
        if let Some(settings) = config.packages.get(&package.name) {
            texts.add_configured(&place.checkout, package, settings);
        }
    }
    let globs = texts::globs(&workspace.packages, config, &texts);
    if !globs.is_empty() {
        let tree = place.checkout.node(place.head.commit)?.tree;
        let committed = tree::all_paths(&place.checkout, [None, Some(tree)])?;
        committed.into_iter().filter(|path| globs.iter().any(|glob| glob.is_match(path.as_str()))).for_each(|path| {
            texts.add(&place.checkout, path);
        });
    }
    // One at the root tells of members that have none of their own.
    for name in ["CHANGELOG.md", "cliff.toml", ".cliff.toml", ".config/cliff.toml"] {
        texts.add(&place.checkout, workspace.dir.join(name));
    }
    notes.read(&place.checkout, place.head.commit, &mut texts)?;
    workspace.notes = notes.paths().collect();
    let texts::Texts { texts, unreadable } = texts;
    workspace.texts = texts;
    workspace.unreadable = unreadable;
    ignored::fill(place, &mut workspace)?;
    Ok(workspace)
}

//! The only reader of the world. What it sees is a [`Snapshot`]; nothing is decided here and nothing is written, neither
//! in the checkout nor in cargo's or git's own files. What was found out about commits is kept beside git's own files
//! (`repository::history_cache`). What the API check compares is laid out apart ([`api`]).
//!
//! It looks twice, because the configuration lies in between: [`locate()`] finds the workspace, its repository and the texts
//! of the configuration, and [`observe`] reads the rest of what that configuration makes worth knowing.

pub(crate) mod api;
mod diagnosis;
mod locate;
mod registries;
mod repository;
#[cfg(test)]
mod tests;
mod workspace;

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::thread::JoinHandle;

pub(crate) use self::diagnosis::diagnose;
pub(crate) use self::locate::Located;
pub use self::locate::Options;
pub use self::locate::locate;
pub(crate) use self::locate::locate_to_observe;
use self::registries::index;
use self::registries::web_api;
use self::repository::ahead::Ahead;
use self::repository::ahead::Commits;
use self::repository::git_config;
use self::repository::history;
use self::repository::history_cache::Kept;
use self::repository::ignored;
use self::repository::last_release_tree;
use self::repository::notes;
use self::repository::proposals;
use self::repository::state;
use self::repository::tree;
use self::repository::vcs_info;
use self::workspace::beside;
use self::workspace::links;
use self::workspace::texts;
pub(crate) use self::workspace::texts::ConfigText;
use crate::config::Config;
use crate::error::Failure;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::snapshot::FORMAT;
use crate::snapshot::History;
use crate::snapshot::Means;
use crate::snapshot::Proposal;
use crate::snapshot::Registry;
use crate::snapshot::Remote;
use crate::snapshot::Repository;
use crate::snapshot::Site;
use crate::snapshot::Snapshot;
use crate::snapshot::Submodule;
use crate::snapshot::Workspace;
use crate::tools::cargo::config::CargoConfig;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Head;
use crate::tools::git::read::Inventory;
use crate::tools::git::read::Links;
use crate::tools::git::read::Oid;
use crate::tools::git::read::commit_id;
use crate::tools::registry::web::Web;
use crate::tools::registry::web_api::Api;
use crate::tools::system::environment::Environment;

/// What is looked at, while it lasts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Glance<'a> {
    /// A remote.
    Remote(&'a RemoteName),
    /// The index of a registry, of which so many questions were answered.
    Index {
        /// The registry.
        registry: &'a RegistryName,
        /// How many.
        answered: usize,
        /// Of how many.
        of: usize,
    },
    /// The web API of a registry, likewise.
    Site {
        /// The registry.
        registry: &'a RegistryName,
        /// How many.
        answered: usize,
        /// Of how many.
        of: usize,
    },
}

/// Whoever is told meanwhile, from several threads.
pub(crate) type Watcher<'a> = &'a (dyn Fn(&Glance<'_>) + Sync);

/// Reads everything that a plan is decided from.
///
/// # Errors
/// The repository cannot be read, or the tag that the user names is not there. A remote or a registry that does not answer
/// is a fact and no failure.
pub fn observe(place: &Located, config: &Config, options: &Options) -> Result<Snapshot> {
    observe_and_tell(place, config, options, &|_| {})
}

/// As [`observe`], telling what is looked at.
///
/// # Errors
/// As [`observe`].
pub(crate) fn observe_and_tell(
    place: &Located,
    config: &Config,
    options: &Options,
    tell: Watcher<'_>,
) -> Result<Snapshot> {
    let dir = config.workspace.bump.notes.as_ref().map(|dir| place.workspace.dir.join(dir));
    let notes = notes::CommittedNotes::of(&place.checkout, place.head.commit, dir)?;
    let (git, head, environment) = (place.checkout.again()?, &place.head, &place.environment);
    let (cargo, members) = (&place.registries, &place.workspace);
    let (root, target) = (place.root(), place.target_directory.as_path());
    let (checkout, notes) = (place.checkout.again()?, &notes);
    std::thread::scope(|scope| {
        let said = scope.spawn(move || said_by_git(&git, head, environment, &Inquiry { config, options, tell }));
        let asked = scope.spawn(move || registries(cargo, members, &Inquiry { config, options, tell }));
        let ignored = scope.spawn(move || ignored::listed(root, target, members));
        let ahead = place.ahead.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (Commits { mut kept, tags, inventory, .. }, files) = Ahead::end(ahead, &place.checkout, head)?;
        let Inventory { manifests, links } = inventory;
        let texts = scope.spawn(move || workspace(&checkout, head, members, &TextsQuery { config, notes, manifests }));
        let registries = joined(asked)?;
        let early = EarlyFacts { registries: &registries, notes, tags: &tags, links: &links };
        let history = history(place, config, options, &early, &mut kept);
        let (mut workspace, history) = (joined(texts)??, history?);
        let keeper = place.checkout.again()?;
        scope.spawn(move || kept.write(&keeper));
        let dirty = files.dirty(&place.checkout)?;
        let said = joined(said)??;
        ignored::fill(place, &joined(ignored)??, &mut workspace)?;
        let followed = links::followed(&place.checkout, &links, &mut workspace);
        let repository = Repository {
            head: commit_id(place.head.commit),
            branch: place.head.branch.clone(),
            shallow: place.checkout.is_shallow(),
            in_progress: place.checkout.in_progress().map(str::to_owned),
            dirty,
            links: followed,
            links_out: links.outside,
            tags: state::named(&tags),
            remote: said.remote,
            means: said.means,
            submodules: said.submodules,
            history,
        };
        Ok(Snapshot {
            format: FORMAT,
            workspace,
            repository,
            registries,
            api: BTreeMap::new(),
            signatures: BTreeMap::new(),
        })
    })
}

/// A proposal that came as a commit without trailers, as its pull request tells of its base, and all paths that it changes.
///
/// # Errors
/// The history cannot be read.
pub(crate) fn told_proposal(
    place: &Located,
    commit: &CommitId,
    base: &str,
) -> Result<Option<(Proposal, Vec<RepoPath>)>> {
    proposals::told(&place.checkout, place.head.commit, commit, base)
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> Result<T> {
    thread.join().map_err(|_panic| Failure::bug("a thread that observes panicked"))
}

/// How others are asked.
#[derive(Clone, Copy)]
struct Inquiry<'a> {
    config: &'a Config,
    options: &'a Options,
    tell: Watcher<'a>,
}

/// What registries list, and their sites say.
fn registries(cargo: &CargoConfig, workspace: &Workspace, asking: &Inquiry<'_>) -> BTreeMap<RegistryName, Registry> {
    let Inquiry { config, options, tell } = *asking;
    let web = Web::patient();
    let destinations = index::destinations(workspace, &config.packages).into_iter();
    let asked = |(name, packages): (RegistryName, Vec<PackageName>)| {
        let mut needed = index::kept_back(workspace, &name, &packages);
        if options.sites {
            needed.extend(index::needed(workspace, &name));
        }
        let needed: Vec<PackageName> = needed.into_iter().collect();
        let (of, needed, offline) = (packages.as_slice(), needed.as_slice(), options.offline);
        let count = packages.len() + needed.len();
        let answered = |answered| tell(&Glance::Index { registry: &name, answered, of: count });
        let credentials = options.push;
        let question = index::RegistryQuery { name: &name, of, needed, offline, credentials, answered: &answered };
        let read = index::read(cargo, &web, &question);
        let is_asked = options.sites && (web_api::answers(&name) || read.auth_required);
        let site = is_asked.then(|| asked_site(&read, &web, &packages, (&name, asking)));
        (name, Registry { site, ..read })
    };
    destinations.map(asked).collect()
}

fn asked_site(
    registry: &Registry,
    web: &Web,
    packages: &[PackageName],
    (name, asking): (&RegistryName, &Inquiry<'_>),
) -> Site {
    match &registry.api {
        _ if asking.options.offline => web_api::silent("skipped (--offline)"),
        _ if registry.auth_required => web_api::silent("it shows nothing without a token, which is cargo's affair"),
        None => web_api::silent("the registry has no web API, or does not answer"),
        Some(api) => {
            let answered = |answered| (asking.tell)(&Glance::Site { registry: name, answered, of: packages.len() });
            web_api::read(&Api::new(web.clone(), api), registry.index.as_deref(), packages, &answered)
        }
    }
}

/// What the `git` program says: of the remote, and of what commits are made with.
struct SaidByGit {
    remote: Option<Remote>,
    means: Means,
    submodules: Vec<Submodule>,
}

fn said_by_git(checkout: &Checkout, head: &Head, environment: &Environment, asking: &Inquiry<'_>) -> Result<SaidByGit> {
    let Inquiry { config, options, tell } = *asking;
    let settings = &config.workspace;
    let mut remote = match settings.push {
        true if !options.offline => {
            tell(&Glance::Remote(&settings.push_remote));
            state::remote(checkout, head, &settings.push_remote, false)?
        }
        true => state::remote(checkout, head, &settings.push_remote, options.offline)?,
        false => None,
    };
    if let Some(remote) = remote.as_mut().filter(|remote| options.push && remote.relation.admits_push())
        && let Some(branch) = remote.branch.as_ref().or(head.branch.as_ref())
    {
        remote.push = Some(git_config::push(checkout.root(), &remote.name, branch)?);
    }
    let means = git_config::read(checkout.root(), environment, config, options.push)?;
    Ok(SaidByGit { remote, means, submodules: git_config::submodules(checkout.root())? })
}

/// What registries say on their sites, as it comes from a thread.
pub(crate) type AskedSites = JoinHandle<BTreeMap<RegistryName, Site>>;

/// Asks the web APIs of registries about packages that are about to be uploaded there, beside whatever else is done.
pub(crate) fn ask_sites(registries: &CargoConfig, bound: BTreeMap<RegistryName, Vec<PackageName>>) -> AskedSites {
    let registries = registries.clone();
    std::thread::spawn(move || web_api::ask(&registries, &bound))
}

/// What was seen before the history is.
struct EarlyFacts<'a> {
    registries: &'a BTreeMap<RegistryName, Registry>,
    notes: &'a notes::CommittedNotes,
    tags: &'a BTreeMap<TagName, Oid>,
    links: &'a Links,
}

fn history(
    place: &Located,
    config: &Config,
    options: &Options,
    seen: &EarlyFacts<'_>,
    kept: &mut Kept,
) -> Result<History> {
    let Located { checkout, head, workspace, .. } = place;
    let mut outside = last_release_tree::outside(workspace, &checkout.links_to_files(head.commit, seen.links)?)?;
    // The changelog that members of one version share is theirs, though it lies at the root.
    let mut at_root = texts::RepoTexts::default();
    at_root.add_changelog(checkout, &workspace.dir);
    let at_root = at_root.texts.into_keys().next();
    for package in workspace.packages.iter().filter(|package| package.dir != workspace.dir) {
        let shares = config.packages.get(&package.name).is_some_and(|settings| settings.shared_version.is_some());
        outside.entry(package.name.clone()).or_default().extend(at_root.clone().filter(|_| shares));
    }
    let recorded = vcs_info::read(&vcs_info::VcsQuery { place, config, tags: seen.tags, registries: seen.registries })?;
    let question = history::HistoryQuery {
        head: head.commit,
        tags: seen.tags,
        packages: &workspace.packages,
        settings: &config.packages,
        previous: options.previous_tag.as_ref(),
        recorded: &recorded,
        outside: &outside,
        notes: seen.notes,
        root: &workspace.dir,
    };
    history::read(checkout, &question, kept)
}

/// Which texts are read.
struct TextsQuery<'a> {
    config: &'a Config,
    notes: &'a notes::CommittedNotes,
    /// The manifests in the head.
    manifests: Vec<RepoPath>,
}

/// The workspace with the texts that the configuration names.
fn workspace(checkout: &Checkout, head: &Head, members: &Workspace, query: &TextsQuery<'_>) -> Result<Workspace> {
    let TextsQuery { config, notes, manifests } = query;
    let (head, mut workspace) = (head.commit, members.clone());
    let mut texts = texts::RepoTexts { texts: workspace.texts, unreadable: workspace.unreadable };
    for package in &workspace.packages {
        if let Some(settings) = config.packages.get(&package.name) {
            texts.add_configured(checkout, package, settings);
        }
    }
    let globs = texts::globs(&workspace.packages, config, &texts);
    if !globs.is_empty() {
        let tree = checkout.node(head)?.tree;
        let committed = tree::all_paths(checkout, [None, Some(tree)])?;
        committed.into_iter().filter(|path| globs.iter().any(|glob| glob.is_match(path.as_str()))).for_each(|path| {
            texts.add(checkout, path);
        });
    }
    // One at the root tells of members that have none of their own.
    texts.add_changelog(checkout, &workspace.dir);
    for name in ["cliff.toml", ".cliff.toml", ".config/cliff.toml"] {
        texts.add(checkout, workspace.dir.join(name));
    }
    let named = beside::Named { globs: &config.workspace.stage.also, manifests };
    workspace.beside = beside::read(checkout, head, members, &named, &mut texts)?;
    notes.read(checkout, head, &mut texts)?;
    workspace.notes = notes.paths().collect();
    let texts::RepoTexts { texts, unreadable } = texts;
    workspace.texts = texts;
    workspace.unreadable = unreadable;
    Ok(workspace)
}

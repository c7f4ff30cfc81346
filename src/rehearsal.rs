//! Whether a plan can be rehearsed, and what of it the rehearsal has to know. Wires `plan` and `observe` with `rehearse`.

use std::collections::BTreeSet;

use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::observe::Place;
use crate::plan::Action;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;
use crate::rehearse::Piece;
use crate::session::Session;
use crate::snapshot::Package;
use crate::snapshot::PublishTo;

/// What a plan's rehearsal has to know.
///
/// # Errors
/// A rehearsal could not keep what it promises: that it is the release, and touches nothing.
pub(crate) fn piece<'a>(
    session: &'a Session<'_>,
    place: &'a Place,
    plan: &'a ReleasePlan,
    hooks: bool,
) -> Result<Piece<'a>> {
    if !hooks {
        refuse_hooks(plan)?;
    }
    let registries = plan.packages.iter().flat_map(|package| package.registries.iter().cloned());
    let registries: BTreeSet<RegistryName> = registries.collect();
    for package in plan.packages.iter().filter(|package| package.registries.iter().any(RegistryName::is_crates_io)) {
        let facts = place.workspace.packages.iter().find(|facts| facts.name == package.name);
        facts.map_or(Ok(()), refuse_list)?;
    }
    let lock = place.workspace.texts.get(&place.workspace.dir.join("Cargo.lock")).map_or("", String::as_str);
    for registry in registries.iter().filter(|registry| !registry.is_crates_io()) {
        refuse_locked(place, registry, lock)?;
    }
    Ok(Piece {
        environment: &session.environment,
        arguments: session.arguments,
        root: place.root(),
        workspace: &place.workspace_root,
        branch: plan.base.branch.as_deref().unwrap_or_default(),
        remote: remote(plan),
        registries: &place.registries,
        destinations: registries.into_iter().collect(),
        expected: names_in(lock),
        hooks,
    })
}

fn refuse_hooks(plan: &ReleasePlan) -> Result<()> {
    let mut hooks = plan.steps.iter().filter(|step| step.action.kind() == StepKind::Hook);
    let Some(first) = hooks.next() else { return Ok(()) };
    Err(Failure::blocked("this release runs hooks, and what they do outside the clone cannot be taken back")
        .because(match hooks.count() {
            0 => format!("it is `{}`", first.id),
            more => format!("the first is `{}`, with {more} more", first.id),
        })
        .help("`cargo release rehearse --hooks` runs them in the clone"))
}

/// Cargo holds the name that it is given against the list, and knows no stand-ins there.
fn refuse_list(package: &Package) -> Result<()> {
    match &package.publish {
        PublishTo::Anywhere | PublishTo::Nowhere => Ok(()),
        PublishTo::Only(_) => Err(Failure::blocked(format!("`{}` cannot be rehearsed", package.name))
            .because("its manifest lists the registries that it may go to, and cargo then takes no stand-in")
            .help("rehearse the others (`--exclude`), or list registries with the `registry` key of `release.toml`")),
    }
}

/// The index of a named registry is another one in a rehearsal, and a lock file names the index.
fn refuse_locked(place: &Place, registry: &RegistryName, lock: &str) -> Result<()> {
    let index = place.registries.index(registry);
    let is_locked = index.as_ref().is_some_and(|index| lock.contains(&format!("source = \"{index}\"")));
    if !is_locked {
        return Ok(());
    }
    Err(Failure::blocked(format!("`{registry}` cannot be rehearsed"))
        .because("`Cargo.lock` has packages from it, each with the address of its index, and a rehearsal has another")
        .help("`cargo release check` prepares and verifies the release against the real one"))
}

/// The remote that the plan pushes to.
fn remote(plan: &ReleasePlan) -> &str {
    let mut remotes = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Reserve { remote, .. } | Action::Push { remote, .. } => Some(remote.as_str()),
        Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) | Action::Verify(_) => None,
        Action::Land { .. } | Action::Tag(_) | Action::Publish(_) | Action::Confirm { .. } => None,
        Action::Owners { .. } => None,
    });
    remotes.next_back().unwrap_or("origin")
}

/// The packages that a lock file names.
fn names_in(lock: &str) -> Vec<PackageName> {
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().map(PackageName::from).collect()
}

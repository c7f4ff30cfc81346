//! Decides whether a plan can be rehearsed, and passes the plan's facts to `rehearse`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::check::Code;
use crate::check::Levels;
use crate::cli::Format;
use crate::cli::RehearseArgs;
use crate::commands::session::Scope;
use crate::commands::session::Session;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::StateDir;
use crate::manifest::lock;
use crate::names::BranchName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::observe::Located;
use crate::plan::Action;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;
use crate::rehearse::Phase;
use crate::rehearse::RehearsalSpec;
use crate::snapshot::Package;
use crate::snapshot::PublishTo;

/// Findings that block a release but not a rehearsal, which has its own remote and registries without metadata rules.
const ONLY_WARNED_OF: [Code; 2] = [Code::NoRemote, Code::MissingMetadata];

/// The plan of a rehearsal, with these findings as warnings.
///
/// # Errors
/// As for the plan of a release.
pub(crate) fn decided(session: &Session<'_>, args: &RehearseArgs) -> Result<(Located, ReleasePlan)> {
    let mut known = session.observe_for(&args.ask, &Scope::default())?;
    let codes: Vec<String> = ONLY_WARNED_OF.iter().map(|code| code.to_string()).collect();
    known.config.workspace.check.warn.extend(codes.iter().cloned());
    let mut plan = known.decide()?;
    plan.findings = Levels::default().add(&[], &codes, &[])?.apply(plan.findings);
    Ok((known.place, plan))
}

/// Everything a rehearsal of the plan needs.
///
/// # Errors
/// The rehearsal would differ from the release, or would change something outside the sandbox.
pub(crate) fn piece<'a>(
    session: &'a Session<'_>,
    place: &'a Located,
    plan: &'a ReleasePlan,
    asked: &RehearseArgs,
) -> Result<RehearsalSpec<'a>> {
    let hooks = asked.hooks;
    if !hooks {
        refuse_hooks(plan)?;
    }
    let registries = plan.packages.iter().flat_map(|package| package.registries.iter().cloned());
    let registries: BTreeSet<RegistryName> = registries.collect();
    let lock = place.workspace.texts.get(&place.workspace.dir.join("Cargo.lock")).map_or("", String::as_str);
    for registry in registries.iter().filter(|registry| !registry.is_crates_io()) {
        refuse_locked(place, registry, lock)?;
    }
    Ok(RehearsalSpec {
        environment: &session.environment,
        arguments: session.arguments,
        root: place.root(),
        workspace: &place.workspace_root,
        branch: plan.base.branch.as_ref().map_or("", BranchName::as_str),
        remote: remote(plan),
        registries: &place.registries,
        destinations: registries.into_iter().collect(),
        by_name_alone: is_by_name_alone(place, plan),
        expected: lock::names(lock),
        copied: &plan.base.copied,
        hooks,
        as_json: asked.output.format == Format::Json,
        phases,
    })
}

/// How long each phase of the release in this checkout took, from its journal; empty without a journal.
fn phases(checkout: &Path, workspace: &Path) -> Vec<Phase> {
    let workspace = RepoPath::from(workspace.to_string_lossy().replace('\\', "/"));
    let Ok(Some(journal)) = Journal::latest(&StateDir::of(&checkout.join(".git"), &workspace)) else {
        return Vec::new();
    };
    let mut phases: Vec<Phase> = Vec::new();
    for step in &journal.plan().steps {
        let Some(took) = journal.took(&step.id) else { continue };
        let what = phase(step.action.kind());
        match phases.iter_mut().find(|(known, _)| *known == what) {
            Some((_, all)) => *all += took,
            None => phases.push((what, took)),
        }
    }
    phases
}

fn phase(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Commit => "edit and commit",
        StepKind::Verify => "verify",
        StepKind::Land | StepKind::Tag => "land and tag",
        StepKind::Reserve | StepKind::Push => "push",
        StepKind::Carry | StepKind::Propose | StepKind::Request | StepKind::Announce => "propose",
        StepKind::Publish | StepKind::Confirm | StepKind::Owners => "publish and confirm",
    }
}

fn refuse_hooks(plan: &ReleasePlan) -> Result<()> {
    let mut hooks = plan.steps.iter().filter(|step| step.action.kind() == StepKind::Hook);
    let Some(first) = hooks.next() else { return Ok(()) };
    Err(Failure::blocked("this release runs hooks, and their effects outside the clone cannot be undone")
        .because(match hooks.count() {
            0 => format!("it is `{}`", first.id),
            more => format!("the first is `{}`, with {more} more", first.id),
        })
        .help("`cargo release rehearse --hooks` runs them in the clone"))
}

/// Whether a package lists crates.io in `package.publish`: cargo then accepts no other registry name for it.
fn is_by_name_alone(place: &Located, plan: &ReleasePlan) -> bool {
    let goes = |package: &&Package| {
        let planned = plan.packages.iter().find(|planned| planned.name == package.name);
        planned.is_some_and(|planned| planned.registries.iter().any(RegistryName::is_crates_io))
    };
    let lists = |package: &Package| match package.publish {
        PublishTo::Only(_) => true,
        PublishTo::Anywhere | PublishTo::Nowhere => false,
    };
    place.workspace.packages.iter().filter(goes).any(lists)
}

/// Fails if the lock file contains the index URL of this registry, because a rehearsal uses another URL for it.
fn refuse_locked(place: &Located, registry: &RegistryName, lock: &str) -> Result<()> {
    let index = place.registries.index(registry);
    let is_locked = index.as_ref().is_some_and(|index| lock.contains(&format!("source = \"{index}\"")));
    if !is_locked {
        return Ok(());
    }
    Err(Failure::blocked(format!("{registry:#} cannot be rehearsed"))
        .because("`Cargo.lock` records packages with the address of this registry's index, and a rehearsal uses another address")
        .help("run `cargo release check` to verify the release against the real registry"))
}

/// The remote that the plan pushes to.
fn remote(plan: &ReleasePlan) -> &str {
    let mut remotes = plan.steps.iter().filter_map(|step| match &step.action {
        Action::Reserve { remote, .. } | Action::Push { remote, .. } => Some(remote.as_str()),
        Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) | Action::Verify(_) => None,
        Action::Land { .. } | Action::Tag(_) | Action::Publish(_) | Action::Confirm { .. } => None,
        Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => None,
        Action::Owners { .. } => None,
    });
    remotes.next_back().unwrap_or("origin")
}

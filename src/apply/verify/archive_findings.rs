//! The rules of publishing over the verified archives: what would be refused, and what would be regretted, while nothing
//! outside the stage was touched.

use std::collections::BTreeSet;

use crate::check;
use crate::check::Categories;
use crate::check::Code;
use crate::check::Finding;
use crate::check::KnownFacts;
use crate::check::PackedArchive;
use crate::check::Rules;
use crate::error::Failure;
use crate::error::Result;
use crate::journal::Journal;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::names::RepoPath;
use crate::plan::Action;
use crate::plan::ArchivePolicy;
use crate::plan::ReleasePlan;
use crate::tools::system::files;

use crate::apply::context::ReleaseContext;
use crate::phrase;

/// What is said of all archives, each held to the rules of its registry. With `web`, registries are asked where that
/// settles something.
///
/// # Errors
/// An archive was taken away.
pub(crate) fn findings(world: &ReleaseContext, journal: &Journal, web: bool) -> Result<Vec<Finding>> {
    let plan = journal.plan();
    let commit = journal.commit().unwrap_or(&plan.base.commit);
    let tree = world.checkout.files(commit)?;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for step in &plan.steps {
        let (Action::Verify(verify), Some(proof)) = (&step.action, journal.proof(&step.id)) else { continue };
        for known in proof.verified().iter().filter(|known| seen.insert((&known.name, &known.registry))) {
            let archive = VerifiedArchive { known, held_to: &verify.held_to, tree: &tree };
            found.extend(archive.findings(world, web)?);
        }
    }
    Ok(found)
}

/// The findings as `[check]` says that they are told.
///
/// # Errors
/// The plan names a code that does not exist.
pub(crate) fn as_configured(plan: &ReleasePlan, found: Vec<Finding>) -> Result<Vec<Finding>> {
    let held_to = plan.steps.iter().find_map(|step| match &step.action {
        Action::Verify(verify) => Some(&verify.held_to),
        Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) | Action::Land { .. } => None,
        Action::Tag(_) | Action::Reserve { .. } | Action::Publish(_) | Action::Confirm { .. } => None,
        Action::Owners { .. } | Action::Push { .. } => None,
        Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => None,
    });
    held_to.map_or(Ok(found.clone()), |held_to| Ok(held_to.levels()?.apply(found)))
}

/// A verified archive, and what it is held to.
struct VerifiedArchive<'a> {
    known: &'a Verified,
    held_to: &'a ArchivePolicy,
    tree: &'a BTreeSet<RepoPath>,
}

impl VerifiedArchive<'_> {
    fn findings(&self, world: &ReleaseContext, web: bool) -> Result<Vec<Finding>> {
        let Self { known, held_to, tree } = self;
        let bytes = files::read(&world.kept_archive(known))?.ok_or_else(|| {
            Failure::world(format!("the verified archive of `{}` is missing", known.name)).help("plan again")
        })?;
        let packed = PackedArchive::read(&known.name, &known.version, &bytes);
        let bound_for_crates_io = known.registry.is_crates_io();
        let rules = if bound_for_crates_io || held_to.crates_io { Rules::CratesIo } else { Rules::Protocol };
        let index = world.registries.index(&known.registry).filter(|_| !bound_for_crates_io);
        let own_index = index.as_deref();
        let look =
            |categories| check::findings(&packed, rules, &KnownFacts { categories, tree: Some(tree), own_index });
        let found = look(Categories::NotAsked);
        // The registry is asked for its list only where ours does not settle it.
        if !web || !found.iter().any(|finding| finding.code == Code::CategoryUnlisted) {
            return Ok(found);
        }
        let listed = world.registry(&known.registry).ok().and_then(|registry| registry.categories());
        Ok(match listed {
            None => found,
            Some(listed) => look(Categories::Listed(&listed)),
        })
    }
}

/// All archives of a journal, each once: what one step packed another may have built.
pub(crate) fn verified(journal: &Journal) -> Vec<Verified> {
    let proofs = journal.plan().steps.iter().filter_map(|step| journal.proof(&step.id));
    let mut seen = BTreeSet::new();
    let verified = proofs.flat_map(Proof::verified);
    verified.filter(|known| seen.insert((&known.name, &known.registry))).cloned().collect()
}

/// Refuses what would be refused or regretted, all of it at once.
///
/// # Errors
/// A finding blocks.
pub(crate) fn refuse(found: &[Finding]) -> Result<()> {
    let errors: Vec<&Finding> = found.iter().filter(|finding| finding.is_error()).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let count = phrase::count(errors.len(), "error");
    let failure = Failure::blocked(format!("cannot release: {count} found"));
    let why = |finding: &Finding| {
        let line = finding.line.map_or_else(String::new, |line| format!(":{line}"));
        let place = finding.path.as_ref().map_or_else(String::new, |path| format!(" ({path}{line})"));
        format!("{}: {}{place}", finding.code, finding.message)
    };
    let failure = errors.iter().fold(failure, |failure, finding| failure.because(why(finding)));
    Err(failure.help("run `cargo release check` for details; nothing was changed"))
}

//! Ahead of Verify, where a registry shows nothing without a token: what verification will need is fetched with it, and
//! then packed and built offline without it, because any build script could read it.

use std::collections::BTreeSet;

use cargo_metadata::DependencyKind;
use cargo_metadata::Metadata;

use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::plan::Verify;
use crate::tools::cargo::probe_package::From;
use crate::tools::cargo::probe_package::Throwaway;

use crate::apply::context::Tell;
use crate::apply::step_context::StepContext;

/// Fetches what the lock file names, and the members that these packages need and that are not verified with them:
/// the lock file has those by their path. What cannot be had is told by the verification.
pub(crate) fn ahead(verify: &Verify, context: &StepContext<'_>, tell: Tell<'_>) -> Result<()> {
    let cargo = &context.world.cargo;
    context.run(&cargo.fetch(), tell)?;
    let Some(package) = published_members(verify, &cargo.question().manifests()?) else { return Ok(()) };
    let dir = tempfile::tempdir().or_world(|| "cannot create a temporary directory".into())?;
    let manifest = package.write(&dir.path().join("throwaway"))?;
    context.run(&cargo.fetch_for(&manifest), tell)?;
    Ok(())
}

/// A package that needs the members which these packages need from a registry; none where they need none.
fn published_members(verify: &Verify, metadata: &Metadata) -> Option<Throwaway> {
    let together: BTreeSet<&str> = verify.packages.iter().map(|packed| packed.name.as_str()).collect();
    let packed = metadata.packages.iter().filter(|package| together.contains(package.name.as_str()));
    let needed = packed.flat_map(|package| &package.dependencies).filter(|needed| {
        let is_published = needed.kind != DependencyKind::Development && needed.path.is_some();
        is_published && !together.contains(needed.name.as_str())
    });
    let mut seen = BTreeSet::new();
    needed.filter(|needed| seen.insert(needed.name.as_str())).fold(None, |package, needed| {
        let package: Throwaway = package.unwrap_or_default();
        let from = From::Index(needed.registry.as_deref());
        Some(package.needing(&PackageName::from(needed.name.as_str()), &needed.req.to_string(), from))
    })
}

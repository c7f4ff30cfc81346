//! What lies in the checkout and in no commit: a release is packed from a commit alone.

use globset::GlobBuilder;
use globset::GlobMatcher;

use crate::check::Code;
use crate::check::Finding;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::phrase;
use crate::plan::evidence::packaged_paths::Shipped;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::Package;

/// How many files are named.
const NAMED: usize = 5;

/// One finding for each released package that would lack files which git ignores.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for planned in packages.iter().filter(|package| package.publish) {
        let package = inputs.package(&planned.name)?;
        found.extend(ignored(inputs, package)?);
        found.extend(left_to_tools(package));
    }
    Ok(found)
}

/// The packages that go to a registry and ship something that is changed here and not committed.
pub(crate) fn changed<'a>(inputs: &PlanInputs<'a>) -> Result<Vec<&'a PackageName>> {
    let mut changed = Vec::new();
    for package in inputs.packages() {
        if !inputs.destinations(package)?.is_empty() && ships_uncommitted(inputs, package)? {
            changed.push(&package.name);
        }
    }
    Ok(changed)
}

/// `include` names them and git ignores them. That a hook of the release makes them is no help: cargo takes such files for
/// changes that are not committed, and refuses to pack.
fn ignored(inputs: &PlanInputs<'_>, package: &Package) -> Result<Option<Finding>> {
    let globs = matchers(inputs)?;
    let missing = package.ignored.iter().filter(|path| !globs.iter().any(|glob| glob.is_match(path.as_str())));
    let missing: Vec<RepoPath> = missing.cloned().collect();
    let [first, ..] = missing.as_slice() else { return Ok(None) };
    let name = &package.name;
    let message = format!("`{name}` would be published without files that git ignores: {}", named(&missing));
    let finding = Finding::error(Code::StageDiffers, message).package(name).at(first, None);
    let help = "commit them (`git add --force`), add them to `[stage] copy`, or remove them from `include`";
    Ok(Some(finding.help(help)))
}

/// Cargo alone would pack what tools keep below an included directory; a release does not.
fn left_to_tools(package: &Package) -> Option<Finding> {
    let (name, dirs) = (&package.name, package.kept_by_tools.as_slice());
    let first = dirs.first()?;
    let message = format!(
        "`{name}` is published without {}, which `include` covers and git ignores: another repository, a virtual \
         environment or a cache",
        named(dirs)
    );
    let help = format!(
        "to keep cargo from packing it elsewhere, add `!/{}` to `include`; to publish files in it, commit them, or add \
         them to `[stage] copy`",
        first.below(&package.dir).unwrap_or_default()
    );
    Some(Finding::warning(Code::StageDiffers, message).package(name).at(first, None).help(help))
}

fn ships_uncommitted(inputs: &PlanInputs<'_>, package: &Package) -> Result<bool> {
    let dirty = &inputs.snapshot.repository.dirty;
    if dirty.is_empty() {
        return Ok(false);
    }
    let workspace = &inputs.snapshot.workspace;
    let shipped = Shipped::of(package, inputs.manifest(package)?, workspace, None);
    let depth = package.dir.as_str().len();
    let is_nearer = |path: &RepoPath| {
        inputs.packages().any(|other| other.dir.as_str().len() > depth && path.below(&other.dir).is_some())
    };
    let is_shipped =
        |path: &RepoPath| path.below(&package.dir).is_some() && shipped.why_not(path).is_none() && !is_nearer(path);
    Ok(dirty.iter().any(|file| is_shipped(&file.path)))
}

/// `[stage] copy` as paths in the repository.
pub(crate) fn copied(inputs: &PlanInputs<'_>) -> Vec<String> {
    let globs = inputs.config.workspace.stage.copy.iter();
    globs.map(|glob| inputs.snapshot.workspace.dir.join(glob).to_string()).collect()
}

fn matchers(inputs: &PlanInputs<'_>) -> Result<Vec<GlobMatcher>> {
    let matcher = |glob: String| {
        GlobBuilder::new(&glob).literal_separator(true).build().map(|it| it.compile_matcher()).map_err(|error| {
            Failure::unplannable(format!("`[stage] copy` has an invalid glob: `{glob}`"))
                .because(error.to_string())
                .help("`*` matches within one directory, `**` across directories: `assets/*.bin`, `**/made.txt`")
        })
    };
    copied(inputs).into_iter().map(matcher).collect()
}

fn named(paths: &[RepoPath]) -> String {
    phrase::first(paths, NAMED)
}

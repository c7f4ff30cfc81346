//! What stands in the way, and what should be known: small functions over facts and what was chosen, every one of them
//! run, none of them first.

use std::collections::BTreeMap;

use ignore::gitignore::GitignoreBuilder;

use super::tags::spelled_otherwise;
use super::tags::tag_name;
use super::tags::taken_tag;
use super::tags::torn_tags;
use crate::check::Code;
use crate::check::Finding;
use crate::check::Severity;
use crate::error::Failure;
use crate::error::Result;
use crate::manifest::Patch;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::plan::steps::build::ReleaseSet;
use crate::plan::versions::next_version::Bump;
use crate::snapshot::DependencyKind;
use crate::snapshot::Listing;
use crate::snapshot::Lockfile;
use crate::snapshot::Offer;
use crate::snapshot::Package;

/// How many files of a dirty tree are named.
const NAMED: usize = 10;

/// All findings about the repository.
pub(crate) fn of_repository(inputs: &PlanInputs<'_>) -> Result<Vec<Finding>> {
    let found = [
        in_progress(inputs),
        dirty(inputs)?,
        shallow(inputs),
        branch(inputs)?,
        super::remote::remote(inputs),
        lockfile(inputs),
        patch(inputs),
    ];
    Ok(found.into_iter().flatten().collect())
}

/// All findings about the packages that are released. `tagged` is the commit that gets the tags, where it is there
/// already: the base of a plan that edits nothing.
pub(crate) fn of_packages(
    inputs: &PlanInputs<'_>,
    released: &ReleaseSet<'_>,
    tagged: Option<&CommitId>,
) -> Result<Vec<Finding>> {
    let mut found = torn_tags(released.packages);
    for package in released.packages {
        let facts = inputs.package(&package.name)?;
        found.extend(tag_name(inputs, package));
        found.extend(taken_tag(inputs, package, tagged));
        found.extend(spelled_otherwise(inputs, package, facts)?);
        found.extend(crate_name(package, facts));
        for registry in &package.registries {
            found.extend(unconfigured(inputs, package, registry));
            found.extend(taken_version(inputs, package, registry));
            found.extend(missing_metadata(facts, registry));
            found.extend(unpublished_dependencies(inputs, facts, registry, released.bumps)?);
        }
    }
    found.extend(super::destinations::findings(inputs, released.packages)?);
    found.extend(super::features::findings(inputs, released.packages)?);
    found.extend(super::tag_conflict::findings(inputs, released.packages));
    found.extend(super::uncommitted::findings(inputs, released.packages)?);
    found.extend(super::paths_outside::links(inputs, released.packages)?);
    found.extend(super::external_dependencies::findings(inputs, released.packages)?);
    found.extend(super::registry_limits::findings(inputs, released.packages));
    Ok(found)
}

/// Every registry that a considered package goes to must be one that cargo knows.
///
/// # Errors
/// One is not in cargo's configuration.
pub(crate) fn known_registries<'a>(inputs: &PlanInputs<'_>, of: impl Iterator<Item = &'a PackageName>) -> Result<()> {
    for name in of {
        let destinations = inputs.destinations(inputs.package(name)?)?;
        let is_known =
            |registry: &RegistryName| inputs.snapshot.registries.get(registry).is_some_and(|it| it.index.is_some());
        if let Some(registry) = destinations.iter().find(|registry| !is_known(registry)) {
            return Err(Failure::unplannable(format!("the registry {registry:#} is not configured"))
                .because(format!("`{name}` is published there, but cargo's configuration does not define it"))
                .help(format!("add `[registries.{registry}]` with its `index` to `.cargo/config.toml`")));
        }
    }
    Ok(())
}

fn dirty(inputs: &PlanInputs<'_>) -> Result<Option<Finding>> {
    let dirty = &inputs.snapshot.repository.dirty;
    if dirty.is_empty() {
        return Ok(None);
    }
    let named = dirty.iter().map(|file| format!("{} ({})", file.path, file.how));
    let message = format!("uncommitted files: {}", phrase::first(named, NAMED));
    let lacking: Vec<String> = super::uncommitted::changed(inputs)?.iter().map(|name| format!("`{name}`")).collect();
    let packed = match lacking.as_slice() {
        [] => String::new(),
        names => format!("; {} would be published without them", names.join(", ")),
    };
    let help = format!("commit them, stash them (`git stash -u`), or ignore them{packed}");
    Ok(Some(Finding::error(Code::DirtyTree, message).help(help)))
}

fn in_progress(inputs: &PlanInputs<'_>) -> Option<Finding> {
    let what = inputs.snapshot.repository.in_progress.as_ref()?;
    let message = format!("a {what} is in progress in this checkout");
    let help = match what.as_str() {
        "bisect" => "end it: `git bisect reset`".to_owned(),
        _ => format!("finish it (`git {what} --continue`) or abort it (`git {what} --abort`)"),
    };
    Some(Finding::error(Code::GitOperation, message).help(help))
}

/// That history is cut off. A level that was given needs none of it.
pub(crate) fn shallow(inputs: &PlanInputs<'_>) -> Option<Finding> {
    let message = "this clone is shallow, so changes since the last release cannot be determined";
    let help = "fetch the whole history and the tags: `git fetch --unshallow --tags` (in CI: `fetch-depth: 0`)";
    let is_decided = inputs.request.unpublished || inputs.request.levels.iter().any(|asked| asked.package.is_none());
    let severity = if is_decided { Severity::Warning } else { Severity::Error };
    let finding = || Finding { severity, ..Finding::error(Code::ShallowClone, message) };
    inputs.snapshot.repository.shallow.then(|| finding().help(help))
}

fn branch(inputs: &PlanInputs<'_>) -> Result<Option<Finding>> {
    let allowed = &inputs.config.workspace.allow_branch;
    let Some(branch) = &inputs.snapshot.repository.branch else {
        if is_allowed(&crate::plan::DETACHED.into(), allowed)? {
            let message = "`HEAD` is detached: the release commit goes on top of it, and only its tag is pushed";
            return Ok(Some(
                Finding::warning(Code::DetachedHead, message)
                    .help("to release a branch, check it out (`git switch BRANCH`) or name it (`--branch BRANCH`)"),
            ));
        }
        let message = "`HEAD` is detached, so there is no branch for the release commit";
        return Ok(Some(Finding::error(Code::DetachedHead, message).help(
            "check one out (`git switch BRANCH`); or name the one that stands here, as in a repository that jj \
                       shares: `--branch BRANCH`",
        )));
    };
    if is_allowed(branch, allowed)? {
        return Ok(None);
    }
    let message = format!("`{branch}` is not a release branch");
    let help = format!(
        "switch to a branch that `allow-branch` matches ({}), or pass `--allow-branch {branch}`",
        allowed.join(", ")
    );
    Ok(Some(Finding::error(Code::BranchNotAllowed, message).help(help)))
}

/// As in a gitignore file: the last glob that matches decides, `!` excludes.
fn is_allowed(branch: &BranchName, globs: &[String]) -> Result<bool> {
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    for glob in globs {
        builder.add_line(None, glob).map_err(|error| unreadable(glob, &error))?;
    }
    let built = builder.build().map_err(|error| unreadable(&globs.join(", "), &error))?;
    Ok(built.matched_path_or_any_parents(branch.as_str(), false).is_ignore())
}

fn unreadable(glob: &str, error: &ignore::Error) -> Failure {
    Failure::unplannable(format!("`allow-branch` has an invalid glob: `{glob}`"))
        .because(error.to_string())
        .help("use gitignore syntax: `main`, `release/*`, `!topic/*`")
}

fn lockfile(inputs: &PlanInputs<'_>) -> Option<Finding> {
    let path = inputs.snapshot.workspace.dir.join("Cargo.lock");
    match inputs.snapshot.workspace.lockfile {
        Lockfile::Stale => Some(
            Finding::error(Code::StaleLockfile, "`Cargo.lock` does not match the manifests")
                .at(&path, None)
                .help("run `cargo update --workspace`, commit it, then plan again"),
        ),
        Lockfile::Committed | Lockfile::Untracked | Lockfile::Absent => None,
    }
}

/// A tag that exists already, unless it names the very commit that is released: then only what is missing is done.
/// What `[patch]` replaces here is what users get unreplaced: cargo drops it when it packs. Members in their own place are
/// no replacement: users get them too.
fn patch(inputs: &PlanInputs<'_>) -> Option<Finding> {
    let path = inputs.snapshot.workspace.dir.join("Cargo.toml");
    let root = inputs.snapshot.workspace.manifest(&path).ok()?;
    let is_member = |patch: &&Patch| {
        let dir = patch.path.as_deref().and_then(|path| inputs.snapshot.workspace.dir.resolve(path));
        dir.is_some_and(|dir| inputs.packages().any(|package| package.dir == dir))
    };
    let foreign = root.patches().iter().filter(|patch| !is_member(patch));
    let names: Vec<String> = foreign.map(|patch| format!("`{}`", patch.key)).collect();
    if names.is_empty() {
        return None;
    }
    let message = format!("`[patch]` replaces {} here but not for users of the published packages", names.join(", "));
    let help = "code tested with the patch may not work without it; release the patched crate and remove `[patch]`";
    Some(Finding::warning(Code::WorkspacePatch, message).at(&path, None).help(help))
}

/// A name that no registry takes. Cargo cannot pack some of them at all, so it is said before it is asked to.
fn crate_name(package: &PlannedPackage, facts: &Package) -> Option<Finding> {
    let why = crate::check::refused_crate(package.name.as_str()).filter(|_| package.publish)?;
    let message = format!("`{} {}` is refused: {why}", package.name, package.to);
    let finding = Finding::error(Code::CrateName, message).package(&package.name).at(&facts.manifest, None);
    Some(finding.help("choose another `name`, or do not publish it (`publish = false`)"))
}

fn unconfigured(inputs: &PlanInputs<'_>, package: &PlannedPackage, registry: &RegistryName) -> Option<Finding> {
    let known = inputs.snapshot.registries.get(registry).is_some_and(|facts| facts.index.is_some());
    let message = format!("`{}` is published to {registry:#}, which is not configured", package.name);
    let help = format!("add `[registries.{registry}]` with its `index` to `.cargo/config.toml`");
    (!known).then(|| Finding::error(Code::RegistryNotConfigured, message).package(&package.name).help(help))
}

fn taken_version(inputs: &PlanInputs<'_>, package: &PlannedPackage, registry: &RegistryName) -> Option<Finding> {
    let (name, to) = (&package.name, &package.to);
    match inputs.listing(name, registry)? {
        listing @ Listing::Versions(_) => {
            let listed = listing.find(to)?;
            let yanked = if listed.yanked { ", and was yanked" } else { "" };
            let message = format!("`{name} {}` is already in {registry:#}{yanked}", listed.version);
            let help = "a published version cannot be replaced; release another version";
            Some(Finding::error(Code::VersionExists, message).package(name).help(help))
        }
        Listing::Absent => None,
        Listing::Unknown(why) if inputs.request.offline => Some(
            Finding::warning(
                Code::RegistryUnknown,
                format!("cannot tell whether `{name} {to}` is free in {registry:#}: {why}"),
            )
            .package(name)
            .help("plan without `--offline` before you release"),
        ),
        Listing::Unknown(why) => Some(
            Finding::error(
                Code::RegistryUnknown,
                format!("cannot tell whether `{name} {to}` is free in {registry:#}: {why}"),
            )
            .package(name)
            .help("retry when the registry is back"),
        ),
    }
}

/// crates.io refuses packages without a description or a licence (its `publish` controller, "missing or empty metadata
/// fields"); other registries need not.
fn missing_metadata(package: &Package, registry: &RegistryName) -> Option<Finding> {
    if !registry.is_crates_io() {
        return None;
    }
    let empty = |field: &Option<String>| field.as_deref().is_none_or(str::is_empty);
    let facts = &package.metadata;
    let description = empty(&facts.description).then_some("description");
    let license = (empty(&facts.license) && empty(&facts.license_file)).then_some("license");
    let missing: Vec<&str> = description.into_iter().chain(license).collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!("`{}` has no {}, which crates.io requires", package.name, missing.join(" and no "));
    let finding = Finding::error(Code::MissingMetadata, message).package(&package.name).at(&package.manifest, None);
    Some(finding.help("add it to `[package]`, or set `publish = false` if the package is not meant for a registry"))
}

/// Members that a published package needs and that nobody could download.
fn unpublished_dependencies(
    inputs: &PlanInputs<'_>,
    package: &Package,
    registry: &RegistryName,
    bumps: &BTreeMap<PackageName, Bump>,
) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for edge in &package.dependencies {
        let place = |finding: Finding| finding.package(&package.name).at(&package.manifest, None);
        let (name, wanted) = (&package.name, &edge.package);
        let Some(requirement) = &edge.requirement else {
            // Cargo drops dev-dependencies without a version when it packs.
            if edge.kind != DependencyKind::Dev {
                let message = format!("`{name}` depends on `{wanted}` only by path");
                let help = format!("add a `version` to the dependency on `{}`", edge.key);
                found.push(place(Finding::error(Code::DependencyWithoutVersion, message)).help(help));
            }
            continue;
        };
        let destination = edge.registry.as_ref().unwrap_or(registry);
        let comes_along =
            bumps.contains_key(wanted) && inputs.destinations(inputs.package(wanted)?)?.contains(destination);
        if comes_along {
            continue;
        }
        if inputs.destinations(inputs.package(wanted)?)?.is_empty() {
            if may_be_there(inputs, wanted, requirement, destination) {
                continue;
            }
            let message =
                format!("`{name}` needs `{wanted} {requirement}`, which is not published (`publish = false`)");
            let help = format!("publish `{wanted}` as well, or do not publish `{name}`");
            found.push(place(Finding::error(Code::DependencyNotPublished, message)).help(help));
            continue;
        }
        let there = inputs.listing(wanted, destination);
        let admitted = match there {
            Some(Listing::Versions(versions)) => versions
                .iter()
                .any(|listed| !listed.yanked && crate::manifest::requirement::admits(requirement, &listed.version)),
            Some(Listing::Unknown(_)) => true,
            Some(Listing::Absent) | None => false,
        };
        if !admitted {
            let message = format!("`{name}` needs `{wanted} {requirement}`, which is not in `{destination}`");
            let help = format!("release `{wanted}` to it as well, or do not publish `{name}`");
            found.push(place(Finding::error(Code::DependencyNotPublished, message)).help(help));
        }
    }
    Ok(found)
}

/// Whether the registry has a version of a member that goes nowhere (any more), or does not say.
fn may_be_there(inputs: &PlanInputs<'_>, wanted: &PackageName, requirement: &str, registry: &RegistryName) -> bool {
    let offer = inputs.snapshot.registries.get(registry).and_then(|facts| facts.offers.get(wanted));
    match offer {
        Some(Offer::Versions(versions)) => {
            versions.iter().any(|(version, _)| crate::manifest::requirement::admits(requirement, version))
        }
        Some(Offer::Unknown(_)) => true,
        Some(Offer::Absent | Offer::Spelled(_)) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: a branch, the globs, and whether it may be released from.
    #[test]
    fn branches_are_allowed_as_in_a_gitignore() {
        let table: [(&str, &[&str], bool); 12] = [
            ("main", &["*", "!HEAD"], true),
            ("feature/x", &["*", "!HEAD"], true),
            ("HEAD", &["*", "!HEAD"], false),
            ("HEAD", &["HEAD"], true),
            ("feature/x", &["x"], true),
            ("feature/x", &["feature/"], true),
            ("feature/x/y", &["feature/*"], true),
            ("feature/x/y", &["/x"], false),
            ("main", &["main"], true),
            ("mainline", &["main"], false),
            ("release/1.x", &["release/*"], true),
            ("release/old", &["release/*", "!release/old"], false),
        ];
        for (branch, globs, allowed) in table {
            let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
            assert_eq!(is_allowed(&branch.into(), &globs).unwrap(), allowed, "{branch} {globs:?}");
        }
    }
}

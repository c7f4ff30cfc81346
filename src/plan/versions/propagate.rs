//! What one package's release forces on others: packages that share a version, and dependents whose requirement no
//! longer admits the new one. To a fixpoint.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use semver::Version;

use super::bump::compatibility;
use super::next_version::Bump;
use super::next_version::next_version;
use super::selection::Target;
use super::selection::is_helper;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::DependencyKind;
use crate::snapshot::Package;

type Chosen = BTreeMap<PackageName, Bump>;

/// The group of packages that inherit their version.
const INHERITED: &str = "workspace";

/// Lets versions spread until nothing moves any more.
pub(crate) fn spread(
    inputs: &PlanInputs<'_>,
    targets: &BTreeMap<PackageName, Target>,
    chosen: &mut Chosen,
) -> Result<()> {
    loop {
        let moved = inherit(inputs, targets, chosen)? | share(inputs, chosen)? | draw_in(inputs, targets, chosen)?;
        if !moved {
            return Ok(());
        }
    }
}

/// Packages that inherit one version move together.
fn inherit(inputs: &PlanInputs<'_>, targets: &BTreeMap<PackageName, Target>, chosen: &mut Chosen) -> Result<bool> {
    let members: Vec<&Package> = inputs.packages().filter(|package| package.inherits_version).collect();
    let Some((to, leader)) = highest(members.iter().map(|package| &package.name), chosen) else { return Ok(false) };
    let mut moved = false;
    for package in members {
        if let Some(bump) = chosen.get_mut(&package.name) {
            moved |= raise(bump, &to, INHERITED, &leader);
        } else if to != package.version && inputs.settings(&package.name)?.release {
            if !targets.contains_key(&package.name) && !is_helper(inputs, package)? {
                return Err(torn(inputs, &package.name, &leader));
            }
            let reasons = vec![together(INHERITED, &leader)];
            let from = inputs.last_release(&package.name).map(|last| last.version.clone());
            let from = from.or_else(|| Some(package.version.clone()));
            let (name, current) = (package.name.clone(), package.version.clone());
            chosen.insert(name.clone(), Bump { name, current, from, to: to.clone(), reasons, target: Target::Decide });
            moved = true;
        }
    }
    Ok(moved)
}

fn torn(inputs: &PlanInputs<'_>, rest: &PackageName, leader: &PackageName) -> Failure {
    let asked = inputs.request.level_of(leader).filter(|_| inputs.request.selection.packages.is_empty());
    let spelled = |package: &Package| match asked {
        Some(level) => format!("{}@{level}", package.name),
        None => format!("-p {}", package.name),
    };
    let all = inputs.packages().filter(|package| package.inherits_version).map(spelled);
    Failure::unplannable(format!("`{leader}` cannot be released without `{rest}`"))
        .because("both inherit their version from `[workspace.package]`, so both change")
        .help(format!("select all of them: {}", all.collect::<Vec<_>>().join(" ")))
}

/// Members of a `shared-version` group that are released take the highest version among them.
fn share(inputs: &PlanInputs<'_>, chosen: &mut Chosen) -> Result<bool> {
    let mut groups: BTreeMap<&str, Vec<PackageName>> = BTreeMap::new();
    for name in chosen.keys() {
        match inputs.settings(name)?.shared_version.as_deref() {
            Some(INHERITED) | None => {}
            Some(group) => groups.entry(group).or_default().push(name.clone()),
        }
    }
    let mut moved = false;
    for (group, names) in groups {
        let Some((to, leader)) = highest(names.iter(), chosen) else { continue };
        for name in &names {
            if let Some(bump) = chosen.get_mut(name) {
                moved |= raise(bump, &to, group, &leader);
            }
        }
    }
    Ok(moved)
}

fn highest<'a>(names: impl Iterator<Item = &'a PackageName>, chosen: &Chosen) -> Option<(Version, PackageName)> {
    let bumps = names.filter_map(|name| chosen.get(name));
    bumps.max_by(|one, other| one.to.cmp(&other.to)).map(|bump| (bump.to.clone(), bump.name.clone()))
}

fn raise(bump: &mut Bump, to: &Version, group: &str, leader: &PackageName) -> bool {
    if bump.to == *to {
        return false;
    }
    bump.to = to.clone();
    bump.reasons.insert(0, together(group, leader));
    true
}

fn together(group: &str, leader: &PackageName) -> Reason {
    let evidence = Evidence::Group { group: group.to_owned() };
    Reason { evidence, level: Level::None, summary: format!("shares its version with {leader}") }
}

/// Dependents whose requirement no longer admits a new version have to be rewritten, and so released, where we decide.
/// A dev-dependency is rewritten too, but nobody who uses the package sees it: it draws nobody in.
fn draw_in(inputs: &PlanInputs<'_>, targets: &BTreeMap<PackageName, Target>, chosen: &mut Chosen) -> Result<bool> {
    let mut moved = false;
    for package in inputs.packages() {
        if targets.get(&package.name) != Some(&Target::Decide) && !chosen.contains_key(&package.name) {
            continue;
        }
        for (dependency, reason) in forced(inputs, package, chosen)? {
            moved |= match chosen.get_mut(&package.name) {
                Some(bump) => add_reason(inputs, package, bump, reason)?,
                None => {
                    let bump = drawn(inputs, package, reason)?;
                    chosen.insert(package.name.clone(), bump);
                    debug_assert!(dependency != package.name);
                    true
                }
            };
        }
    }
    Ok(moved)
}

fn drawn(inputs: &PlanInputs<'_>, package: &Package, reason: Reason) -> Result<Bump> {
    if !package.version.pre.is_empty() && inputs.last_release(&package.name).is_none() {
        return Err(Failure::unplannable(format!(
            "`{}` must be released too, but its next version is unclear",
            package.name
        ))
        .because(reason.summary)
        .because(format!("its version {} is an unreleased pre-release", package.version))
        .help(format!(
            "choose its next version: `cargo release {}@release …`, or set `release = false`",
            package.name
        )));
    }
    let last = inputs.last_release(&package.name).map(|last| last.version.clone());
    let evidence = inputs.reasons(&package.name);
    let level = evidence.iter().chain([&reason]).map(|reason| reason.level).max().unwrap_or(Level::Patch);
    Ok(Bump {
        name: package.name.clone(),
        current: package.version.clone(),
        from: last.or_else(|| Some(package.version.clone())),
        to: next_version(inputs, package, level)?,
        reasons: [reason].into_iter().chain(evidence).collect(),
        target: Target::Decide,
    })
}

/// Adds a reason; what breaks the package through one of its public dependencies raises a version that we decide.
fn add_reason(inputs: &PlanInputs<'_>, package: &Package, bump: &mut Bump, reason: Reason) -> Result<bool> {
    if bump.reasons.iter().any(|known| known.evidence == reason.evidence && known.level >= reason.level) {
        return Ok(false);
    }
    bump.reasons.retain(|known| known.evidence != reason.evidence);
    if reason.level == Level::Breaking && bump.target == Target::Decide {
        let to = next_version(inputs, package, reason.level)?;
        if to > bump.to {
            bump.to = to;
            bump.reasons.insert(0, reason);
            return Ok(true);
        }
    }
    bump.reasons.push(reason);
    Ok(true)
}

/// The dependencies of a package whose new version its requirement does not admit: at least a patch, and breaking where
/// what broke is part of the package's API.
fn forced(inputs: &PlanInputs<'_>, package: &Package, chosen: &Chosen) -> Result<Vec<(PackageName, Reason)>> {
    let settings = &inputs.settings(&package.name)?.bump;
    let in_api = inputs.snapshot.signatures.get(&package.name).map_or(&[][..], |known| &known.crates);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for edge in &package.dependencies {
        let (Some(bump), Some(wanted)) = (chosen.get(&edge.package), &edge.requirement) else { continue };
        let kept_out = requirement::admits(wanted, &bump.to) || bump.to == bump.current;
        if kept_out || edge.kind == DependencyKind::Dev || !seen.insert(&edge.package) {
            continue;
        }
        let evidence = Evidence::Dependency { package: edge.package.clone() };
        let broken = bump.from.as_ref().is_some_and(|from| compatibility(from, &bump.to) == Level::Breaking);
        let is_public = settings.is_public(edge.package.as_str(), in_api);
        let mut summary = format!("requires {} {wanted}, which does not match {}", edge.package, bump.to);
        let level = if broken && is_public { Level::Breaking } else { Level::Patch };
        if level == Level::Breaking {
            summary.push_str("; it is part of the API");
        }
        all.push((edge.package.clone(), Reason { evidence, level, summary }));
    }
    Ok(all)
}

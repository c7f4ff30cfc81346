//! What one package's release forces on others: packages that share a version, and dependents whose requirement no
//! longer admits the new one. To a fixpoint.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use semver::Version;

use super::bump::compatibility;
use super::next_version::Choice;
use super::next_version::next_version;
use super::selection::Wish;
use super::selection::is_helper;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::DependencyKind;
use crate::snapshot::Package;

type Chosen = BTreeMap<PackageName, Choice>;

/// The group of packages that inherit their version.
const INHERITED: &str = "workspace";

/// Lets versions spread until nothing moves any more.
pub(crate) fn spread(case: &Case<'_>, wishes: &BTreeMap<PackageName, Wish>, chosen: &mut Chosen) -> Result<()> {
    loop {
        let moved = inherit(case, wishes, chosen)? | share(case, chosen)? | draw_in(case, wishes, chosen)?;
        if !moved {
            return Ok(());
        }
    }
}

/// Packages that inherit one version move together.
fn inherit(case: &Case<'_>, wishes: &BTreeMap<PackageName, Wish>, chosen: &mut Chosen) -> Result<bool> {
    let members: Vec<&Package> = case.packages().filter(|package| package.inherits_version).collect();
    let Some((to, leader)) = highest(members.iter().map(|package| &package.name), chosen) else { return Ok(false) };
    let mut moved = false;
    for package in members {
        if let Some(choice) = chosen.get_mut(&package.name) {
            moved |= raise(choice, &to, INHERITED, &leader);
        } else if to != package.version && case.settings(&package.name)?.release {
            if !wishes.contains_key(&package.name) && !is_helper(case, package)? {
                return Err(torn(case, &package.name, &leader));
            }
            let reasons = vec![together(INHERITED, &leader)];
            let from = case.last_release(&package.name).map(|last| last.version.clone());
            let from = from.or_else(|| Some(package.version.clone()));
            let (name, current) = (package.name.clone(), package.version.clone());
            chosen.insert(name.clone(), Choice { name, current, from, to: to.clone(), reasons, wish: Wish::Decide });
            moved = true;
        }
    }
    Ok(moved)
}

fn torn(case: &Case<'_>, rest: &PackageName, leader: &PackageName) -> Failure {
    let asked = case.request.level_of(leader).filter(|_| case.request.selection.packages.is_empty());
    let spelled = |package: &Package| match asked {
        Some(level) => format!("{}@{level}", package.name),
        None => format!("-p {}", package.name),
    };
    let all = case.packages().filter(|package| package.inherits_version).map(spelled);
    Failure::unplannable(format!("`{leader}` cannot be released without `{rest}`"))
        .because("both inherit their version from `[workspace.package]`, so both change")
        .help(format!("select all of them: {}", all.collect::<Vec<_>>().join(" ")))
}

/// Members of a `shared-version` group that are released take the highest version among them.
fn share(case: &Case<'_>, chosen: &mut Chosen) -> Result<bool> {
    let mut groups: BTreeMap<&str, Vec<PackageName>> = BTreeMap::new();
    for name in chosen.keys() {
        match case.settings(name)?.shared_version.as_deref() {
            Some(INHERITED) | None => {}
            Some(group) => groups.entry(group).or_default().push(name.clone()),
        }
    }
    let mut moved = false;
    for (group, names) in groups {
        let Some((to, leader)) = highest(names.iter(), chosen) else { continue };
        for name in &names {
            if let Some(choice) = chosen.get_mut(name) {
                moved |= raise(choice, &to, group, &leader);
            }
        }
    }
    Ok(moved)
}

fn highest<'a>(names: impl Iterator<Item = &'a PackageName>, chosen: &Chosen) -> Option<(Version, PackageName)> {
    let choices = names.filter_map(|name| chosen.get(name));
    choices.max_by(|one, other| one.to.cmp(&other.to)).map(|choice| (choice.to.clone(), choice.name.clone()))
}

fn raise(choice: &mut Choice, to: &Version, group: &str, leader: &PackageName) -> bool {
    if choice.to == *to {
        return false;
    }
    choice.to = to.clone();
    choice.reasons.insert(0, together(group, leader));
    true
}

fn together(group: &str, leader: &PackageName) -> Reason {
    let evidence = Evidence::Group { group: group.to_owned() };
    Reason { evidence, level: Level::None, summary: format!("shares its version with {leader}") }
}

/// Dependents whose requirement no longer admits a new version have to be rewritten, and so released, where we decide.
/// A dev-dependency is rewritten too, but nobody who uses the package sees it: it draws nobody in.
fn draw_in(case: &Case<'_>, wishes: &BTreeMap<PackageName, Wish>, chosen: &mut Chosen) -> Result<bool> {
    let mut moved = false;
    for package in case.packages() {
        if wishes.get(&package.name) != Some(&Wish::Decide) && !chosen.contains_key(&package.name) {
            continue;
        }
        for (dependency, reason) in forced(case, package, chosen)? {
            moved |= match chosen.get_mut(&package.name) {
                Some(choice) => add_reason(case, package, choice, reason)?,
                None => {
                    let choice = drawn(case, package, reason)?;
                    chosen.insert(package.name.clone(), choice);
                    debug_assert!(dependency != package.name);
                    true
                }
            };
        }
    }
    Ok(moved)
}

fn drawn(case: &Case<'_>, package: &Package, reason: Reason) -> Result<Choice> {
    if !package.version.pre.is_empty() && case.last_release(&package.name).is_none() {
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
    let last = case.last_release(&package.name).map(|last| last.version.clone());
    let evidence = case.reasons(&package.name);
    let level = evidence.iter().chain([&reason]).map(|reason| reason.level).max().unwrap_or(Level::Patch);
    Ok(Choice {
        name: package.name.clone(),
        current: package.version.clone(),
        from: last.or_else(|| Some(package.version.clone())),
        to: next_version(case, package, level)?,
        reasons: [reason].into_iter().chain(evidence).collect(),
        wish: Wish::Decide,
    })
}

/// Adds a reason; what breaks the package through one of its public dependencies raises a version that we decide.
fn add_reason(case: &Case<'_>, package: &Package, choice: &mut Choice, reason: Reason) -> Result<bool> {
    if choice.reasons.iter().any(|known| known.evidence == reason.evidence && known.level >= reason.level) {
        return Ok(false);
    }
    choice.reasons.retain(|known| known.evidence != reason.evidence);
    if reason.level == Level::Breaking && choice.wish == Wish::Decide {
        let to = next_version(case, package, reason.level)?;
        if to > choice.to {
            choice.to = to;
            choice.reasons.insert(0, reason);
            return Ok(true);
        }
    }
    choice.reasons.push(reason);
    Ok(true)
}

/// The dependencies of a package whose new version its requirement does not admit: at least a patch, and breaking where
/// what broke is part of the package's API.
fn forced(case: &Case<'_>, package: &Package, chosen: &Chosen) -> Result<Vec<(PackageName, Reason)>> {
    let bump = &case.settings(&package.name)?.bump;
    let in_api = case.snapshot.signatures.get(&package.name).map_or(&[][..], |known| &known.crates);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for edge in &package.dependencies {
        let (Some(choice), Some(wanted)) = (chosen.get(&edge.package), &edge.requirement) else { continue };
        let kept_out = requirement::admits(wanted, &choice.to) || choice.to == choice.current;
        if kept_out || edge.kind == DependencyKind::Dev || !seen.insert(&edge.package) {
            continue;
        }
        let evidence = Evidence::Dependency { package: edge.package.clone() };
        let broken = choice.from.as_ref().is_some_and(|from| compatibility(from, &choice.to) == Level::Breaking);
        let is_public = bump.is_public(edge.package.as_str(), in_api);
        let mut summary = format!("requires {} {wanted}, which does not match {}", edge.package, choice.to);
        let level = if broken && is_public { Level::Breaking } else { Level::Patch };
        if level == Level::Breaking {
            summary.push_str("; it is part of the API");
        }
        all.push((edge.package.clone(), Reason { evidence, level, summary }));
    }
    Ok(all)
}

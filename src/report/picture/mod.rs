//! Pictures of a plan: the released packages, their dependencies, and the waves in which they are published. All formats
//! are written from the same graph, which is built from the plan alone.

mod diagram;
mod html;
mod markdown;
mod svg;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

pub(crate) use self::diagram::dot;
pub(crate) use self::diagram::mermaid;
pub(crate) use self::html::html;
pub(crate) use self::markdown::markdown;
pub(crate) use self::svg::svg;
use super::plan::level;
use crate::names::PackageName;
use crate::names::StepId;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::plan::StepKind;

/// The packages of a plan, and the dependencies between them.
struct PictureGraph<'a> {
    packages: Vec<&'a PlannedPackage>,
    /// Edges from a dependency to its dependents, without transitive ones, as indices into `packages`.
    edges: BTreeSet<(usize, usize)>,
    /// The wave in which each package is published, starting at 1; 0 for packages that are not published.
    waves: Vec<usize>,
}

impl<'a> PictureGraph<'a> {
    fn of(plan: &'a ReleasePlan) -> Self {
        let packages: Vec<&PlannedPackage> = plan.packages.iter().collect();
        let places: BTreeMap<&PackageName, usize> = packages.iter().zip(0..).map(|(it, at)| (&it.name, at)).collect();
        let owners: BTreeMap<&StepId, usize> = plan
            .steps
            .iter()
            .filter(|step| matches!(step.action.kind(), StepKind::Publish | StepKind::Confirm))
            .filter_map(|step| Some((&step.id, *places.get(step.package.as_ref()?)?)))
            .collect();
        let mut all: BTreeSet<(usize, usize)> = BTreeSet::new();
        for step in &plan.steps {
            let Some(own) = owners.get(&step.id) else { continue };
            let needs = step.needs.iter().filter_map(|need| owners.get(need));
            all.extend(needs.filter(|needed| *needed != own).map(|needed| (*needed, *own)));
        }
        let waves = waves(&packages, &all);
        Self { edges: reduced(&all, &waves), packages, waves }
    }

    /// The packages, wave by wave; those that are not published come last.
    fn by_wave(&self) -> Vec<(usize, Vec<usize>)> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, wave) in self.waves.iter().enumerate() {
            groups.entry(if *wave == 0 { usize::MAX } else { *wave }).or_default().push(at);
        }
        groups.into_iter().collect()
    }
}

/// One more than the latest wave of its dependencies.
fn waves(packages: &[&PlannedPackage], edges: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let mut waves: Vec<usize> = packages.iter().map(|package| usize::from(package.publish)).collect();
    // As many rounds as the longest chain can have, so that a cycle, which no plan has, would end too.
    for _ in 0..packages.len() {
        let before = waves.clone();
        for (needed, own) in edges {
            let after = waves.get(*needed).map_or(0, |wave| wave + 1);
            if let Some(wave) = waves.get_mut(*own) {
                *wave = after.max(*wave);
            }
        }
        if before == waves {
            break;
        }
    }
    waves
}

/// Removes transitive edges.
fn reduced(edges: &BTreeSet<(usize, usize)>, waves: &[usize]) -> BTreeSet<(usize, usize)> {
    let reaches = |from: usize, to: usize| {
        let mut open: Vec<usize> =
            edges.range((from, 0)..(from + 1, 0)).map(|edge| edge.1).filter(|at| *at != to).collect();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            if seen.insert(at) && waves.get(at) < waves.get(to) {
                open.extend(edges.range((at, 0)..(at + 1, 0)).map(|edge| edge.1));
            }
        }
        false
    };
    edges.iter().copied().filter(|(from, to)| !reaches(*from, *to)).collect()
}

/// `0.1.0 -> 0.2.0`, or the version of a first release.
fn versions(package: &PlannedPackage) -> String {
    package.from.as_ref().map_or_else(|| format!("new {}", package.to), |from| format!("{from} -> {}", package.to))
}

/// The class of a package in a picture, which decides its color.
fn class(package: &PlannedPackage) -> &'static str {
    match level(package) {
        "breaking" => "breaking",
        "feature" => "feature",
        "new" => "new",
        _ => "patch",
    }
}

#[cfg(test)]
mod tests;

//! What each published package needs to be live before it, from the manifests as the release leaves them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::order::PublishOrder;
use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::plan::edits::edit_buffer::EditBuffer;
use crate::plan::edits::manifests;
use crate::plan::edits::manifests::SharedDependencies;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::DependencyKind;
use crate::snapshot::Listing;

/// The order of publishing.
pub(crate) struct Needs {
    /// Who must be live before whom.
    pub(crate) order: PublishOrder,
    /// Those of which cargo, given them beside others, would not know the place: it sees no edges that `[patch]` makes,
    /// and cuts circles of dev-dependencies anywhere.
    apart: BTreeSet<PackageName>,
}

impl Needs {
    /// The packages in the order in which they are published, divided where it matters what is live already: what is in a
    /// round is packed, and uploaded, when everything in the rounds before it is live, and nothing in those after it.
    pub(crate) fn rounds<'a>(&self, order: &'a [PackageName]) -> Vec<&'a [PackageName]> {
        order.chunk_by(|one, next| !self.apart.contains(one) && !self.apart.contains(next)).collect()
    }
}

/// A dependency between two packages that are published.
struct Edge {
    from: PackageName,
    to: PackageName,
    /// Whether `to` must be live before `from` can be packed.
    is_needed: bool,
    by_path: bool,
}

/// What each published package needs to be live before it. A versioned dev-dependency that the index satisfies already
/// goes first as well, as with cargo, where it does not need the package itself: the lock file that is packed names
/// whatever is the newest then, and has to name the same when it is uploaded.
pub(crate) fn of(inputs: &PlanInputs<'_>, planned: &[PlannedPackage], texts: &EditBuffer<'_>) -> Result<Needs> {
    let edges = edges(inputs, planned, texts)?;
    let mut before: BTreeMap<PackageName, BTreeSet<PackageName>> = planned
        .iter()
        .filter(|package| package.publish)
        .map(|package| (package.name.clone(), BTreeSet::new()))
        .collect();
    for edge in edges.iter().filter(|edge| edge.is_needed) {
        before.entry(edge.from.clone()).or_default().insert(edge.to.clone());
    }
    let mut apart: BTreeSet<PackageName> =
        edges.iter().filter(|edge| !edge.by_path).map(|edge| edge.to.clone()).collect();
    for edge in edges.iter().filter(|edge| !edge.is_needed) {
        if leads_to(&before, &edge.to, &edge.from) {
            apart.insert(edge.from.clone());
        } else {
            before.entry(edge.from.clone()).or_default().insert(edge.to.clone());
        }
    }
    let order = PublishOrder::of(before.into_iter().map(|(name, needs)| (name, needs.into_iter().collect())));
    Ok(Needs { order, apart })
}

fn edges(inputs: &PlanInputs<'_>, planned: &[PlannedPackage], texts: &EditBuffer<'_>) -> Result<Vec<Edge>> {
    let published: BTreeSet<&PackageName> =
        planned.iter().filter(|other| other.publish).map(|other| &other.name).collect();
    let is_released = |name: &PackageName| published.contains(name);
    let shared = SharedDependencies::of(inputs, texts)?;
    let mut edges = Vec::new();
    for package in planned.iter().filter(|package| package.publish) {
        for (edge, wanted, by_path) in manifests::required(inputs.package(&package.name)?, texts, &shared)? {
            if edge.package == package.name || !is_released(&edge.package) {
                continue;
            }
            let is_needed = match edge.kind {
                DependencyKind::Normal | DependencyKind::Build => true,
                DependencyKind::Dev => !is_satisfied(inputs, package, &edge.package, &wanted),
            };
            edges.push(Edge { from: package.name.clone(), to: edge.package.clone(), is_needed, by_path });
        }
    }
    Ok(edges)
}

/// Whether a package needs another, at whatever remove.
fn leads_to(before: &BTreeMap<PackageName, BTreeSet<PackageName>>, from: &PackageName, to: &PackageName) -> bool {
    let (mut left, mut seen) = (vec![from], BTreeSet::new());
    while let Some(name) = left.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            left.extend(before.get(name).into_iter().flatten());
        }
    }
    false
}

/// Whether what is live admits a requirement, wherever the package goes.
fn is_satisfied(inputs: &PlanInputs<'_>, package: &PlannedPackage, name: &PackageName, wanted: &str) -> bool {
    package.registries.iter().all(|registry| match inputs.listing(name, registry) {
        Some(Listing::Versions(versions)) => {
            versions.iter().any(|listed| !listed.yanked && requirement::admits(wanted, &listed.version))
        }
        // What was released is live, as far as anybody can tell without asking.
        Some(Listing::Unknown(_)) => {
            inputs.last_release(name).is_some_and(|last| requirement::admits(wanted, &last.version))
        }
        Some(Listing::Absent) | None => false,
    })
}

/// The finding that names packages that need each other.
pub(crate) fn circle(circle: &[PackageName]) -> Option<Finding> {
    let names: Vec<&str> = circle.iter().map(PackageName::as_str).collect();
    (!circle.is_empty()).then(|| {
        Finding::error(
            Code::DependencyCircle,
            format!("dependency cycle between {}: each must be published first", names.join(", ")),
        )
        .help("remove the `version` from one of their dev-dependencies: cargo drops versionless dev-dependencies when it packs")
    })
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::*;
    use crate::plan::tests::decision_table::Member;
    use crate::plan::tests::decision_table::asking;
    use crate::plan::tests::decision_table::configured;
    use crate::plan::tests::decision_table::snapshot_of;
    use crate::plan::*;
    use crate::snapshot::DependencyKind;
    use crate::snapshot::ListedVersion;
    use crate::snapshot::Listing;
    use crate::snapshot::MemberDependency;

    /// The plan where `core` dev-depends on `cli`, which needs `core`, joined so, and this is asked for.
    fn planned(levels: &str, joined: &str) -> ReleasePlan {
        let back = Box::leak(
            format!("[dev-dependencies]\ncli = {{ version = \"1\"{} }}\n", joined.replace("..", "../cli"))
                .into_boxed_str(),
        );
        let core = Member { manifests: [back, back], ..Member::at("1.0.0") };
        let members = [core, Member { name: "cli", ..Member::at("1.0.0") }];
        let mut snapshot = snapshot_of(&members, "1");
        snapshot.workspace.packages[0].dependencies.push(MemberDependency {
            package: "cli".into(),
            key: "cli".to_owned(),
            kind: DependencyKind::Dev,
            target: None,
            requirement: Some("1".to_owned()),
            registry: None,
        });
        let live = ListedVersion { version: Version::new(1, 0, 0), checksum: "0".into(), yanked: false };
        for registry in snapshot.registries.values_mut() {
            registry.listings.insert("cli".into(), Listing::Versions(vec![live.clone()]));
        }
        for text in snapshot.workspace.texts.values_mut() {
            *text = text.replace(", path = \"../core\"", &joined.replace("..", "../core"));
        }
        decide(&snapshot, &configured(&members, ""), &asking(levels, None)).unwrap()
    }

    /// The packages of each verification, where each is packed on top of those before.
    fn overlaid(plan: &ReleasePlan) -> Vec<Vec<String>> {
        let verify = plan.steps.iter().filter_map(|step| {
            let Action::Verify(verify) = &step.action else { return None };
            verify.overlaid.then_some(&verify.packages)
        });
        verify.map(|packages| packages.iter().map(|packed| packed.name.to_string()).collect()).collect()
    }

    const BY_PATH: &str = ", path = \"..\"";
    const BY_PATCH: &str = "";

    // What is live serves a dev-dependency, until the release asks for more than is live.
    #[test]
    fn a_dev_dependency_closes_a_circle_when_it_is_raised() {
        let circle = |levels: &str| {
            planned(levels, BY_PATH).findings.iter().any(|finding| finding.code == Code::DependencyCircle)
        };
        assert!(!circle("core@patch"));
        assert!(circle("core@major cli@major"));
    }

    // Cargo does not see that `core` is needed for `cli` where `[patch]` joins them, and would pack `cli` first.
    #[test]
    fn members_joined_by_patch_are_packed_apart() {
        assert_eq!(overlaid(&planned("core@major cli@patch", BY_PATCH)), [["core"], ["cli"]]);
        assert!(overlaid(&planned("core@major", BY_PATCH)).is_empty());
    }

    // A circle of dev-dependencies that what is live serves is cut where it is published, and not where cargo does.
    #[test]
    fn a_circle_that_is_served_is_packed_apart() {
        let plan = planned("core@patch cli@patch", BY_PATH);
        assert_eq!(plan.publish_order, ["core", "cli"]);
        assert_eq!(overlaid(&plan), [["core"], ["cli"]]);
    }

    // Only what cargo would put elsewhere is packed apart, and what is uploaded in one round finds the same live.
    #[test]
    fn rounds_divide_at_what_is_apart() {
        let name = PackageName::from;
        let needs = Needs { order: PublishOrder::default(), apart: [name("c")].into() };
        let order = ["a", "b", "c", "d", "e"].map(name);
        assert_eq!(needs.rounds(&order), [&order[..2], &order[2..3], &order[3..]]);
    }
}

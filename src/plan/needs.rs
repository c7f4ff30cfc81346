//! What each published package needs to be live before it, from the manifests as the release leaves them.

use super::case::Case;
use super::manifests;
use super::order::PublishOrder;
use super::texts::Texts;
use super::value::PlannedPackage;
use crate::check::Finding;
use crate::error::Result;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::snapshot::DependencyKind;
use crate::snapshot::Listing;

/// The needs, and what stands in the way of packing in their order. A versioned dev-dependency that the index satisfies
/// already does not order.
pub(super) fn of(
    case: &Case<'_>,
    planned: &[PlannedPackage],
    texts: &Texts<'_>,
) -> Result<(PublishOrder, Vec<Finding>)> {
    let (mut needs, mut found) = (Vec::new(), Vec::new());
    for package in planned.iter().filter(|package| package.publish) {
        let mut before = Vec::new();
        for (edge, wanted, by_path) in manifests::required(case, case.package(&package.name)?, texts)? {
            let is_satisfied = is_satisfied(case, package, &edge.package, &wanted);
            match edge.kind {
                DependencyKind::Normal | DependencyKind::Build => before.push(edge.package.clone()),
                DependencyKind::Dev if is_satisfied => {}
                DependencyKind::Dev => before.push(edge.package.clone()),
            }
            let is_released = planned.iter().any(|other| other.publish && other.name == edge.package);
            if is_released && !by_path && !is_satisfied {
                found.extend(packed_too_early(package, &edge.package));
            }
        }
        needs.push((package.name.clone(), before));
    }
    Ok((PublishOrder::of(needs), found))
}

/// Whether what is live admits a requirement, wherever the package goes.
fn is_satisfied(case: &Case<'_>, package: &PlannedPackage, name: &PackageName, wanted: &str) -> bool {
    package.registries.iter().all(|registry| match case.listing(name, registry) {
        Some(Listing::Versions(versions)) => {
            versions.iter().any(|listed| !listed.yanked && requirement::admits(wanted, &listed.version))
        }
        // What was released is live, as far as anybody can tell without asking.
        Some(Listing::Unknown(_)) => {
            case.last_release(name).is_some_and(|last| requirement::admits(wanted, &last.version))
        }
        Some(Listing::Absent) | None => false,
    })
}

/// Cargo packs what it sees no edges between in the order of the names, and does not see edges that `[patch]` makes.
fn packed_too_early(package: &PlannedPackage, needed: &PackageName) -> Option<Finding> {
    let name = &package.name;
    if needed < name {
        return None;
    }
    let message = format!("`{name}` needs the `{needed}` of this release, and cargo would pack it first");
    let help = format!("release `{needed}` on its own before, or give the dependency a `path` in place of `[patch]`");
    Some(Finding::error("patch-order", message).package(name).help(help))
}

/// The finding that names packages that need each other.
pub(super) fn circle(circle: &[PackageName]) -> Option<Finding> {
    let names: Vec<&str> = circle.iter().map(PackageName::as_str).collect();
    (!circle.is_empty()).then(|| {
        Finding::error(
            "dependency-circle",
            format!("packages need each other to be published first: {}", names.join(", ")),
        )
        .help("take the `version` off a dev-dependency among them: cargo leaves out those that have none when it packs")
    })
}

#[cfg(test)]
mod tests {
    use super::super::decision_table::Member;
    use super::super::decision_table::asking;
    use super::super::decision_table::configured;
    use super::super::decision_table::snapshot_of;
    use super::super::*;
    use crate::snapshot::DependencyKind;
    use crate::snapshot::MemberDependency;

    /// The codes of the errors where `core` dev-depends on `cli`, which needs `core`, joined so, and this is asked for.
    fn errors(levels: &str, joined: &str) -> Vec<String> {
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
        for text in snapshot.workspace.texts.values_mut() {
            *text = text.replace(", path = \"../core\"", &joined.replace("..", "../core"));
        }
        let plan = decide(&snapshot, &configured(&members, ""), &asking(levels, None)).unwrap();
        plan.findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.code.to_string()).collect()
    }

    const BY_PATH: &str = ", path = \"..\"";
    const BY_PATCH: &str = "";

    // What is live serves a dev-dependency, until the release asks for more than is live.
    #[test]
    fn a_dev_dependency_closes_a_circle_when_it_is_raised() {
        let circle = |levels: &str| errors(levels, BY_PATH).contains(&"dependency-circle".to_owned());
        assert!(!circle("core@patch"));
        assert!(circle("core@major cli@major"));
    }

    // Cargo does not see that `core` is needed for `cli` where `[patch]` joins them, and packs `cli` first.
    #[test]
    fn members_joined_by_patch_are_packed_by_name() {
        let early = |levels: &str, joined: &str| errors(levels, joined).contains(&"patch-order".to_owned());
        assert!(early("core@major cli@major", BY_PATCH));
        assert!(!early("core@major cli@major", BY_PATH));
        assert!(!early("core@major", BY_PATCH));
    }
}

//! The order of publishing: dependencies first. Arithmetic over names, nothing else.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::error::Result;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::snapshot::DependencyKind;

/// Who must be live before whom, among the packages that are published.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublishOrder {
    before: BTreeMap<PackageName, BTreeSet<PackageName>>,
}

impl PublishOrder {
    /// Each package with the packages that it needs; needs that are not published themselves do not count.
    pub(crate) fn of(needs: impl IntoIterator<Item = (PackageName, Vec<PackageName>)>) -> Self {
        let mut before: BTreeMap<_, BTreeSet<_>> =
            needs.into_iter().map(|(name, needs)| (name, needs.into_iter().collect())).collect();
        let known: BTreeSet<PackageName> = before.keys().cloned().collect();
        for (name, needs) in &mut before {
            needs.retain(|need| known.contains(need) && need != name);
        }
        Self { before }
    }

    /// What a package needs.
    pub(crate) fn needs(&self, name: &PackageName) -> impl Iterator<Item = &PackageName> {
        self.before.get(name).into_iter().flatten()
    }

    /// All packages, each by name with its dependencies before it, as cargo packs them: each then finds the same others
    /// live as when it was packed. And those that stand in a circle.
    pub(crate) fn sorted(&self) -> (Vec<PackageName>, Vec<PackageName>) {
        let circle = self.circle();
        let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
        for name in self.before.keys().filter(|name| !circle.contains(*name)) {
            self.visit(name, &mut order, &mut seen);
        }
        (order, circle.into_iter().cloned().collect())
    }

    fn visit<'a>(&'a self, name: &'a PackageName, order: &mut Vec<PackageName>, seen: &mut BTreeSet<&'a PackageName>) {
        if !seen.insert(name) {
            return;
        }
        for need in self.needs(name) {
            self.visit(need, order, seen);
        }
        order.push(name.clone());
    }

    /// What stands in a circle, or needs what does.
    fn circle(&self) -> BTreeSet<&PackageName> {
        let mut left: BTreeMap<&PackageName, usize> = BTreeMap::new();
        let mut after: BTreeMap<&PackageName, Vec<&PackageName>> = BTreeMap::new();
        for (name, needs) in &self.before {
            left.insert(name, needs.len());
            needs.iter().for_each(|need| after.entry(need).or_default().push(name));
        }
        let mut ready: Vec<&PackageName> =
            left.iter().filter(|(_, needs)| **needs == 0).map(|(name, _)| *name).collect();
        while let Some(name) = ready.pop() {
            left.remove(name);
            ready.extend(freed(&mut left, after.get(name)));
        }
        left.into_keys().collect()
    }
}

/// Takes one need off each of these, and returns those that have none left.
fn freed<'a>(
    left: &mut BTreeMap<&'a PackageName, usize>,
    after: Option<&Vec<&'a PackageName>>,
) -> Vec<&'a PackageName> {
    let mut freed = Vec::new();
    for next in after.into_iter().flatten() {
        let Some(needs) = left.get_mut(next) else { continue };
        *needs -= 1;
        freed.extend((*needs == 0).then_some(*next));
    }
    freed
}

/// These packages, each after those that it needs, and by name where nothing else decides. Dev-dependencies do not count.
pub(crate) fn dependencies_first<'n>(
    inputs: &PlanInputs<'_>,
    names: impl Iterator<Item = &'n PackageName>,
) -> Result<Vec<PackageName>> {
    let mut needs = Vec::new();
    for name in names {
        let edges = inputs.package(name)?.dependencies.iter().filter(|edge| edge.kind != DependencyKind::Dev);
        needs.push((name.clone(), edges.map(|edge| edge.package.clone()).collect()));
    }
    let (mut order, circle) = PublishOrder::of(needs).sorted();
    order.extend(circle);
    Ok(order)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn order(edges: &[(usize, usize)], count: usize) -> PublishOrder {
        let name = |index: usize| PackageName::from(format!("p{index}"));
        PublishOrder::of((0..count).map(|index| {
            (name(index), edges.iter().filter(|(from, _)| *from == index).map(|(_, to)| name(*to)).collect())
        }))
    }

    // Each comes by name, right after what it needs: as cargo goes about it.
    #[test]
    fn by_name_after_what_is_needed() {
        let (sorted, _) = order(&[(0, 3), (2, 1)], 4).sorted();
        assert_eq!(sorted, ["p3", "p0", "p1", "p2"]);
    }

    // A circle is named, and does not hide the rest.
    #[test]
    fn circle_is_named() {
        let (sorted, circle) = order(&[(0, 1), (1, 0), (2, 3)], 4).sorted();
        assert_eq!(sorted, ["p3", "p2"]);
        assert_eq!(circle, ["p0", "p1"]);
    }

    proptest! {
        // Whatever the edges, nobody comes before what it needs.
        #[test]
        fn needs_come_first(edges in prop::collection::vec((0usize..12, 0usize..12), 0..40)) {
            let downwards: Vec<_> = edges.into_iter().filter(|(from, to)| from > to).collect();
            let all = order(&downwards, 12);
            let (sorted, circle) = all.sorted();
            prop_assert_eq!(sorted.len(), 12);
            prop_assert!(circle.is_empty());
            for (at, name) in sorted.iter().enumerate() {
                for need in all.needs(name) {
                    prop_assert!(sorted[..at].contains(need));
                }
            }
        }
    }
}

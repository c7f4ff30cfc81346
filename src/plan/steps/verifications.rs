//! The verifications of a release: as few calls of cargo as leave the archives that are uploaded.
//!
//! One call packs and builds any number of packages, each on top of those that it needs, all with the same flags. Flags
//! that no package of a call takes amiss are joined: cargo turns `--features` on where a package has them. Where packages
//! are built in different ways and need each other, either the ways take turns, or everything is packed in one call and
//! then built, each way in a call of its own: whichever are fewer calls.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::build::ReleaseSet;
use super::order::PublishOrder;
use crate::config::CheckSettings;
use crate::config::RuleSet;
use crate::error::Result;
use crate::manifest::DependencyKey;
use crate::manifest::Manifest;
use crate::manifest::Normal;
use crate::manifest::Required;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::archive_policy::ArchivePolicy;
use crate::plan::edits::manifests::root_manifest;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::step::Build;
use crate::plan::step::Packed;
use crate::plan::step::Verify;

/// Packs, and builds nothing.
const PACKED: Build = Build { compile: false, features: Vec::new(), all_features: false, target: None };

/// How a package is built when it is verified: with those of the features that it has.
pub(crate) fn build(inputs: &PlanInputs<'_>, name: &PackageName) -> Result<Build> {
    let settings = inputs.settings(name)?;
    let mut features = settings.enable_features.clone();
    if !features.is_empty() {
        let normal = inputs.manifest(inputs.package(name)?)?;
        features.retain(|feature| normal.has_feature(feature));
    }
    Ok(Build {
        compile: settings.verify,
        features,
        all_features: settings.enable_all_features,
        target: settings.target.clone(),
    })
}

/// The verifications, in order.
pub(super) fn of(inputs: &PlanInputs<'_>, released: &ReleaseSet<'_>) -> Result<Vec<Verify>> {
    let packages = || released.order.iter().filter_map(|name| released.package(name));
    let mut registries: Vec<&RegistryName> = Vec::new();
    for registry in packages().flat_map(|package| &package.registries) {
        if !registries.contains(&registry) {
            registries.push(registry);
        }
    }
    let held_to = held_to(inputs)?;
    let mut all = Vec::new();
    for registry in registries {
        let goes_there = packages().filter(|package| package.registries.contains(registry));
        let versions: BTreeMap<&PackageName, _> =
            goes_there.map(|package| (&package.name, package.to.clone())).collect();
        let calls = calls(inputs, released, &|name| versions.contains_key(name))?;
        let overlaid = calls.len() > 1 && needs_overlay(&calls, released, &|name| versions.contains_key(name));
        all.extend(calls.into_iter().map(|call| {
            let packed =
                |name: &&PackageName| Some(Packed { name: (*name).clone(), version: versions.get(name)?.clone() });
            Verify {
                registry: registry.clone(),
                packages: call.packages.iter().filter_map(packed).collect(),
                build: call.build,
                overlaid,
                held_to: held_to.clone(),
            }
        }));
    }
    Ok(all)
}

/// What the archives are held to.
fn held_to(inputs: &PlanInputs<'_>) -> Result<ArchivePolicy> {
    let CheckSettings { rules, deny, warn, allow, owners: _, hide_env: _ } = inputs.config.workspace.check.clone();
    let held_to = ArchivePolicy { crates_io: rules == Some(RuleSet::CratesIo), deny, warn, allow };
    held_to.levels()?;
    Ok(held_to)
}

/// Packages that are given to cargo together.
#[derive(Debug, PartialEq, Eq)]
struct Call<'a> {
    build: Build,
    packages: Vec<&'a PackageName>,
}

/// Which packages are of interest.
type Picks<'p> = &'p dyn Fn(&PackageName) -> bool;

/// The calls for the packages that go to one registry.
fn calls<'a>(inputs: &PlanInputs<'_>, released: &ReleaseSet<'a>, goes_there: Picks<'_>) -> Result<Vec<Call<'a>>> {
    let names = released.order.iter().filter(|name| goes_there(name));
    let builds = joined(inputs, names.collect())?;
    let rounds = released.needs.rounds(released.order).into_iter();
    let rounds = rounds.map(|round| round.iter().filter(|name| goes_there(name)).collect::<Vec<_>>());
    Ok(rounds.flat_map(|round| of_round(&round, &builds, &released.needs.order)).collect())
}

/// Whether a call packs something on top of what another packed.
fn needs_overlay(calls: &[Call<'_>], released: &ReleaseSet<'_>, goes_there: Picks<'_>) -> bool {
    let needs = &released.needs;
    let is_elsewhere = |call: &Call<'_>| {
        let needed = call.packages.iter().flat_map(|name| needs.order.needs(name));
        needed.filter(|need| goes_there(need)).any(|need| !call.packages.contains(&need))
    };
    needs.rounds(released.order).len() > 1 || calls.iter().any(is_elsewhere)
}

/// The calls for packages that may be packed together.
fn of_round<'a>(round: &[&'a PackageName], builds: &Builds<'a>, order: &PublishOrder) -> Vec<Call<'a>> {
    let ways: BTreeSet<&Build> = round.iter().filter_map(|name| builds.get(name)).collect();
    let turns = ways.iter().map(|first| taking_turns(round, first, builds, order)).min_by_key(Vec::len);
    let turns = turns.unwrap_or_default();
    let built: Vec<&Build> = ways.into_iter().filter(|build| build.compile).collect();
    if turns.len() <= 1 + built.len() {
        return turns;
    }
    let of = |build: &Build| round.iter().filter(|name| builds.get(*name) == Some(build)).copied().collect();
    let packed = Call { build: PACKED, packages: round.to_vec() };
    let built = built.into_iter().map(|build| Call { build: build.clone(), packages: of(build) });
    std::iter::once(packed).chain(built).collect()
}

/// Calls that pack and build, beginning with one kind of build: as many packages as can be, and again with the kind of
/// which most are ready.
fn taking_turns<'a>(
    round: &[&'a PackageName],
    first: &Build,
    builds: &Builds<'a>,
    order: &PublishOrder,
) -> Vec<Call<'a>> {
    let (mut left, mut calls) = (round.to_vec(), Vec::new());
    while !left.is_empty() {
        let ways: BTreeSet<&Build> = left.iter().filter_map(|name| builds.get(name)).collect();
        let ready = |build: &Build| Call { build: build.clone(), packages: ready(&left, build, builds, order) };
        let call = if calls.is_empty() { Some(ready(first)) } else { None };
        let call = call.filter(|call| !call.packages.is_empty());
        let most = || ways.into_iter().map(ready).max_by_key(|call| call.packages.len());
        let Some(call) = call.or_else(most).filter(|call| !call.packages.is_empty()) else { break };
        left.retain(|name| !call.packages.contains(name));
        calls.push(call);
    }
    calls
}

/// Those that are built so and need nothing that is left but each other. They are in the order of publishing.
fn ready<'a>(
    left: &[&'a PackageName],
    build: &Build,
    builds: &Builds<'a>,
    order: &PublishOrder,
) -> Vec<&'a PackageName> {
    let mut waiting: BTreeSet<&PackageName> = left.iter().copied().collect();
    let mut ready = Vec::new();
    for name in left.iter().filter(|name| builds.get(*name) == Some(build)) {
        if order.needs(name).all(|need| !waiting.contains(need)) {
            waiting.remove(name);
            ready.push(*name);
        }
    }
    ready
}

/// How each package is built.
type Builds<'a> = BTreeMap<&'a PackageName, Build>;

/// How each is built, where one build stands for all that come out the same.
fn joined<'a>(inputs: &PlanInputs<'_>, names: Vec<&'a PackageName>) -> Result<Builds<'a>> {
    let own = |name: &'a PackageName| {
        let own = build(inputs, name)?;
        Ok((name, if own.compile { own } else { PACKED }))
    };
    let builds: Builds<'a> = names.into_iter().map(own).collect::<Result<_>>()?;
    let root = root_manifest(inputs);
    let text = inputs.snapshot.workspace.texts.get(&root).map_or("", String::as_str);
    let differ = builds.values().collect::<BTreeSet<_>>().len() > 1;
    if !differ || !Manifest::parse(&root, text)?.has_features_for_all() {
        return Ok(builds);
    }
    let mut wanted = Vec::new();
    for (name, build) in builds {
        wanted.push(Wanted { name, build, normal: inputs.manifest(inputs.package(name)?)? });
    }
    // What has no features fits wherever the others are.
    wanted.sort_by_key(Wanted::has_none);
    let mut groups: Vec<Group<'_, '_>> = Vec::new();
    for one in wanted {
        let Some(group) = groups.iter_mut().find_map(|group| group.with(&one).map(|build| (group, build))) else {
            groups.push(Group { build: one.build.clone(), members: vec![one] });
            continue;
        };
        let (group, build) = group;
        group.build = build;
        group.members.push(one);
    }
    let mut builds = Builds::new();
    for Group { build, members } in groups {
        builds.extend(members.into_iter().map(|one| (one.name, build.clone())));
    }
    Ok(builds)
}

/// A package with the build that it should have.
struct Wanted<'a, 'm> {
    name: &'a PackageName,
    build: Build,
    normal: &'m Normal,
}

impl Wanted<'_, '_> {
    fn has_none(&self) -> bool {
        self.normal.features.is_empty() && !self.normal.dependencies.values().any(|required| required.optional)
    }

    /// Whether cargo, given these flags for a call, builds it as it should.
    fn is_built_by(&self, build: &Build) -> bool {
        let Build { compile, features, all_features, target } = build;
        if *compile != self.build.compile || *target != self.build.target {
            return false;
        }
        if *all_features || self.build.all_features {
            return *all_features == self.build.all_features || self.has_none();
        }
        features.iter().all(|feature| self.build.features.contains(feature) || !self.might_take(feature))
    }

    /// Whether cargo might turn a feature on for it, or take offence.
    fn might_take(&self, feature: &str) -> bool {
        let is_optional = |(at, required): (&DependencyKey, &Required)| required.optional && at.key == feature;
        feature.contains('/') || self.normal.has_feature(feature) || self.normal.dependencies.iter().any(is_optional)
    }
}

/// Packages that one set of flags builds as each should be.
struct Group<'a, 'm> {
    build: Build,
    members: Vec<Wanted<'a, 'm>>,
}

impl Group<'_, '_> {
    /// The flags that build another one as well, where there are such.
    fn with(&self, other: &Wanted<'_, '_>) -> Option<Build> {
        let mut build = self.build.clone();
        build.all_features |= other.build.all_features && !other.has_none();
        if build.all_features {
            build.features.clear();
        }
        let features = other.build.features.iter().filter(|_| !build.all_features);
        let missing: Vec<String> = features.filter(|feature| !self.build.features.contains(feature)).cloned().collect();
        build.features.extend(missing);
        self.members.iter().chain([other]).all(|one| one.is_built_by(&build)).then_some(build)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Action;
    use crate::plan::decide;
    use crate::plan::tests::decision_table::Member;
    use crate::plan::tests::decision_table::asking;
    use crate::plan::tests::decision_table::configured;
    use crate::plan::tests::decision_table::snapshot_of;

    fn words(packages: &[&str], build: &Build) -> String {
        let Build { compile, features, all_features, target: _ } = build;
        let mut words = packages.join("+");
        words += if *compile { "" } else { " packed" };
        words += if *all_features { " with all" } else { "" };
        words + &features.iter().map(|feature| format!(" with {feature}")).collect::<String>()
    }

    /// The calls for packages that need each other so (`b: a`), each built with the feature after its dot.
    fn calls_for(needs: &str) -> String {
        let needs = needs.split("; ").map(|line| line.split_once(": ").unwrap_or((line, "")));
        let needs = needs.map(|(name, needs)| (name.into(), needs.split_whitespace().map(PackageName::from).collect()));
        let order = PublishOrder::of(needs);
        let (names, _) = order.sorted();
        let feature = |name: &PackageName| name.as_str().split_once('.').map(|(_, feature)| feature.to_owned());
        let built = |name| Build { compile: true, features: feature(name).into_iter().collect(), ..PACKED };
        let builds: Builds<'_> = names.iter().map(|name| (name, built(name))).collect();
        let calls = of_round(&names.iter().collect::<Vec<_>>(), &builds, &order);
        let call =
            |call: &Call<'_>| words(&call.packages.iter().map(|name| name.as_str()).collect::<Vec<_>>(), &call.build);
        calls.iter().map(call).collect::<Vec<_>>().join("; ")
    }

    // Each row: what packages need, and the calls: they take turns where that is not more than packing all first.
    #[test]
    fn the_fewest_calls_are_taken() {
        for (needs, expected) in [
            ("a; b: a; c: a b", "a+b+c"),
            ("a; b.x", "a; b.x with x"),
            ("a; b.x: a; c: a", "a+c; b.x with x"),
            ("a.x; b: a.x; c: b", "a.x with x; b+c"),
            ("a; b.x: a; c: b.x", "a; b.x with x; c"),
            // The kind that most are ready of is not always the one to begin with.
            ("a; b; c.x; d: c.x", "c.x with x; a+b+d"),
            ("a; b.x: a; c: b.x; d.x: c", "a+b.x+c+d.x packed; a+c; b.x+d.x with x"),
            ("a; b.x: a; c.y: b.x; d: c.y", "a; b.x with x; c.y with y; d"),
            ("a; b.x: a; c.y: b.x; d: c.y; e.x: d", "a+b.x+c.y+d+e.x packed; a+d; b.x+e.x with x; c.y with y"),
        ] {
            assert_eq!(calls_for(needs), expected, "{needs}");
        }
    }

    const MILK: &str = "[features]\nmilk = []\n";
    const HIDDEN: &str = "[features]\nwhite = [\"dep:milk\"]\n[dependencies.milk]\nversion = \"1\"\noptional = true\n";
    const VIRTUAL: &str = "[workspace]\nmembers = [\"*\"]\n";
    const FIRST_RESOLVER: &str = "[package]\nname = \"pot\"\nversion = \"1.0.0\"\n[workspace]\n";

    /// The verifications of members (`NAME:MANIFEST`) below this root, of which the second needs the first, `core`.
    fn verified(root: &str, members: &[(&'static str, &'static str)], asked: &str) -> String {
        let member = |(name, manifest): &(&'static str, &'static str)| Member {
            name,
            manifests: [manifest, manifest],
            ..Member::at("1.0.0")
        };
        let members: Vec<Member> = members.iter().map(member).collect();
        let mut snapshot = snapshot_of(&members, "1");
        snapshot.workspace.texts.insert("Cargo.toml".into(), root.to_owned());
        let mut config = configured(&members, "");
        for (name, feature) in asked.split_whitespace().filter_map(|one| one.split_once(':')) {
            let settings = config.packages.get_mut(&PackageName::from(name)).unwrap();
            match feature {
                "all" => settings.enable_all_features = true,
                "none" => settings.verify = false,
                feature => settings.enable_features.push(feature.to_owned()),
            }
        }
        let plan = decide(&snapshot, &config, &asking("minor", None)).unwrap();
        let all = plan.steps.iter().filter_map(|step| {
            let Action::Verify(verify) = &step.action else { return None };
            Some(verify)
        });
        let call = |verify: &Verify| {
            let names: Vec<&str> = verify.packages.iter().map(|packed| packed.name.as_str()).collect();
            words(&names, &verify.build) + if verify.overlaid { "*" } else { "" }
        };
        all.map(call).collect::<Vec<_>>().join("; ")
    }

    // Cargo turns a feature on where it is: builds that differ in what the others do not have are one.
    #[test]
    fn flags_that_change_nothing_for_others_are_joined() {
        let (both, one, none) =
            ([("core", MILK), ("cup", MILK)], [("core", MILK), ("cup", "")], [("core", ""), ("cup", "")]);
        for (root, members, asked, expected) in [
            (VIRTUAL, &one, "core:milk cup:milk", "core+cup with milk"),
            (VIRTUAL, &one, "core:milk", "core+cup with milk"),
            (VIRTUAL, &both, "core:milk", "core with milk*; cup*"),
            (VIRTUAL, &both, "core:milk cup:milk", "core+cup with milk"),
            (VIRTUAL, &[("core", MILK), ("cup", HIDDEN)], "core:milk", "core with milk*; cup*"),
            (FIRST_RESOLVER, &one, "core:milk", "core with milk*; cup*"),
            (VIRTUAL, &one, "core:all", "core+cup with all"),
            (VIRTUAL, &one, "core:all cup:all", "core+cup with all"),
            (VIRTUAL, &both, "core:all", "core with all*; cup*"),
            (VIRTUAL, &none, "core:none", "core packed*; cup*"),
            (VIRTUAL, &none, "core:none cup:none", "core+cup packed"),
        ] {
            assert_eq!(verified(root, members, asked), expected, "{members:?} {asked}");
        }
    }
}

//! Whether a token could be read by what runs during verification: cargo's own file of tokens stays where it is, and build
//! scripts and macros run as the user does. Only whether there is such a file is asked.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use cargo_metadata::DependencyKind;
use cargo_metadata::Metadata;
use cargo_metadata::Node;
use cargo_metadata::Package;
use cargo_metadata::PackageId;
use cargo_metadata::TargetKind;

use crate::apply::context::ReleaseContext;
use crate::check::Code;
use crate::check::Finding;
use crate::journal::Journal;
use crate::names::PackageName;
use crate::plan::Action;
use crate::tools::cargo::metadata::MetadataAnswer;

/// How many are named.
const NAMED: usize = 5;

/// What runs while packages are built.
#[derive(Debug, Default, PartialEq, Eq)]
struct RunningBuilds {
    /// Members with a build script or macros of their own.
    members: Vec<String>,
    /// How many of their dependencies have one.
    others: usize,
}

/// The finding, where there is a file of tokens and anything runs that could read it.
pub(crate) fn token(world: &ReleaseContext, journal: &Journal) -> Option<Finding> {
    let built = built(journal);
    let home = world.environment.cargo_home()?;
    let file = ["credentials.toml", "credentials"].into_iter().find(|file| home.join(file).exists())?;
    let who = match running(world, &built) {
        _ if built.is_empty() => return None,
        Some(running) => in_words(&running)?,
        None => "which code runs is unknown".to_owned(),
    };
    let message = format!("code that runs during verification can read tokens in `{file}`: {who}");
    let help = "use a credential provider for tokens, or release where this file does not exist";
    Some(Finding::warning(Code::TokenInReach, message).help(help))
}

/// The packages that are built for verification.
fn built(journal: &Journal) -> BTreeSet<PackageName> {
    let steps = journal.plan().steps.iter();
    let verified = steps.filter_map(|step| match &step.action {
        Action::Verify(verify) if verify.build.compile => Some(&verify.packages),
        Action::Verify(_) | Action::Edit(_) | Action::Replace(_) | Action::Hook(_) | Action::Commit(_) => None,
        Action::Land { .. } | Action::Tag(_) | Action::Reserve { .. } | Action::Publish(_) => None,
        Action::Confirm { .. } | Action::Owners { .. } | Action::Push { .. } => None,
        Action::Carry(_) | Action::Propose(_) | Action::Request(_) | Action::Announce(_) => None,
    });
    verified.flatten().map(|packed| packed.name.clone()).collect()
}

/// What runs; `None` where cargo does not tell what is built.
fn running(world: &ReleaseContext, built: &BTreeSet<PackageName>) -> Option<RunningBuilds> {
    match world.cargo.question().resolved() {
        Ok(MetadataAnswer::Workspace(metadata)) => running_of(&metadata, built),
        Ok(MetadataAnswer::Refused(_)) | Err(_) => None,
    }
}

fn running_of(metadata: &Metadata, built: &BTreeSet<PackageName>) -> Option<RunningBuilds> {
    let nodes: BTreeMap<&PackageId, &Node> =
        metadata.resolve.as_ref()?.nodes.iter().map(|node| (&node.id, node)).collect();
    let members = metadata.workspace_packages();
    let start = members.iter().filter(|member| built.iter().any(|name| *name == *member.name.as_str()));
    let mut left: Vec<&PackageId> = start.map(|member| &member.id).collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = left.pop() {
        if !reached.insert(id) {
            continue;
        }
        // Dev-dependencies are not built when a package is verified.
        let built =
            |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
        let needs = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
        left.extend(needs.iter().filter(|need| built(&need.dep_kinds)).map(|need| &need.pkg));
    }
    let mut running = RunningBuilds::default();
    for package in metadata.packages.iter().filter(|package| reached.contains(&package.id)) {
        match what_runs(package) {
            Some(what) if members.iter().any(|member| member.id == package.id) => running.members.push(what),
            Some(_) => running.others += 1,
            None => {}
        }
    }
    running.members.sort();
    Some(running)
}

fn what_runs(package: &Package) -> Option<String> {
    let has = |kind: TargetKind| package.targets.iter().any(|target| target.kind.contains(&kind));
    match (has(TargetKind::CustomBuild), has(TargetKind::ProcMacro)) {
        (true, true) => Some(format!("the build script and the macros of `{}`", package.name)),
        (true, false) => Some(format!("the build script of `{}`", package.name)),
        (false, true) => Some(format!("the macros of `{}`", package.name)),
        (false, false) => None,
    }
}

/// Nothing where nothing runs.
fn in_words(running: &RunningBuilds) -> Option<String> {
    let RunningBuilds { members, others } = running;
    let unnamed = members.len().saturating_sub(NAMED);
    let more = (unnamed > 0).then(|| format!("those of {unnamed} more members"));
    let others = match others {
        0 => None,
        1 => Some("those of 1 dependency".to_owned()),
        count => Some(format!("those of {count} dependencies")),
    };
    let all: Vec<String> = members.iter().take(NAMED).cloned().chain(more).chain(others).collect();
    let words = all.join(", ");
    let words = words.strip_prefix("those").map_or(words.clone(), |rest| format!("build scripts and macros{rest}"));
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    // What runs is named where it is ours, counted where it is not, and nothing is said where nothing runs.
    #[test]
    fn what_runs_in_words() {
        let ours = |names: &[&str]| names.iter().map(|name| format!("the macros of `{name}`")).collect();
        let words = |members: &[&str], others| in_words(&RunningBuilds { members: ours(members), others });
        assert_eq!(words(&[], 0), None);
        assert_eq!(words(&[], 2).as_deref(), Some("build scripts and macros of 2 dependencies"));
        assert_eq!(words(&["a"], 1).as_deref(), Some("the macros of `a`, those of 1 dependency"));
        let many = words(&["a", "b", "c", "d", "e", "f", "g"], 0).unwrap();
        assert!(many.ends_with("the macros of `e`, those of 2 more members"), "{many}");
    }
}

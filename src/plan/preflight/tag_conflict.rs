//! Tags that cannot be made beside others: git keeps refs by path, so that `core` and `core/v1.0.0` exclude each other.

use std::ops::Bound;

use crate::check::Code;
use crate::check::Finding;
use crate::names::CommitId;
use crate::names::TagName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;

type Tags = std::collections::BTreeMap<TagName, CommitId>;

/// One finding for each planned tag that an existing one, here or on the remote, or another planned one excludes.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Vec<Finding> {
    let repository = &inputs.snapshot.repository;
    let planned: Tags = packages.iter().filter_map(|package| Some((package.tag.clone()?, "".into()))).collect();
    let mut found = Vec::new();
    for package in packages {
        let Some(tag) = &package.tag else { continue };
        if let Some(other) = excluding(&repository.tags, tag) {
            let help =
                format!("rename that one (`git tag NEW {other}` and `git tag --delete {other}`), or set `tag-name`");
            found.push(conflict(package, tag, &format!("the tag `{other}`"), help));
            continue;
        }
        if let Some((remote, other)) =
            repository.remote.as_ref().and_then(|remote| Some((remote, excluding(&remote.tags, tag)?)))
        {
            let name = &remote.name;
            let help = format!("delete that one (`git push {name} --delete refs/tags/{other}`), or set `tag-name`");
            found.push(conflict(package, tag, &format!("the tag `{other}` on `{name}`"), help));
            continue;
        }
        if let Some(other) = excluding(&planned, tag) {
            let help = "set `tag-name` so that no tag is the beginning of another's path".to_owned();
            found.push(conflict(package, tag, &format!("the tag `{other}` of this release"), help));
        }
    }
    found
}

fn conflict(package: &PlannedPackage, tag: &TagName, other: &str, help: String) -> Finding {
    let message = format!("git cannot keep the tag `{tag}` beside {other}: one is a directory of the other");
    Finding::error(Code::TagConflict, message).package(&package.name).help(help)
}

/// A tag whose name is a directory of this one's, or the other way round.
fn excluding<'a>(tags: &'a Tags, tag: &TagName) -> Option<&'a TagName> {
    let mut directories = tag.as_str().match_indices('/').map(|(at, _)| &tag.as_str()[..at]);
    let above = directories.find_map(|directory| tags.get_key_value(directory).map(|(known, _)| known));
    let below = format!("{tag}/");
    let from = tags.range::<str, _>((Bound::Included(below.as_str()), Bound::Unbounded));
    let below = from.map(|(known, _)| known).next().filter(|known| known.as_str().starts_with(&below));
    above.or(below)
}

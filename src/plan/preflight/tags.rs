//! Findings about tags: names that git does not take, tags that are taken, and tags that are spelled otherwise.

use std::collections::BTreeMap;

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::TagName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;

/// A name that git does not take for a tag, or that it cannot keep beside another tag here or on the remote.
pub(super) fn tag_name(inputs: &PlanInputs<'_>, package: &PlannedPackage) -> Option<Finding> {
    let tag = package.tag.as_ref()?;
    if let Some(fault) = tag.fault() {
        let message = format!("the tag of `{}` would be `{tag}`, which git does not take: {fault}", package.name);
        return Some(
            Finding::error(Code::TagName, message).package(&package.name).help("change `tag-name` or `tag-prefix`"),
        );
    }
    let repository = &inputs.snapshot.repository;
    let there = repository.remote.as_ref().and_then(|remote| tag.clash_in(&remote.tags));
    let other = tag.clash_in(&repository.tags).or(there)?;
    let message =
        format!("the tag `{tag}` and the tag `{other}` cannot be side by side: one is a directory of the other");
    let help = format!("change `tag-name`, or delete `{other}` here and on the remote");
    Some(Finding::error(Code::TagName, message).package(&package.name).help(help))
}

pub(super) fn taken_tag(
    inputs: &PlanInputs<'_>,
    package: &PlannedPackage,
    tagged: Option<&CommitId>,
) -> Option<Finding> {
    let tag = package.tag.as_ref()?;
    let repository = &inputs.snapshot.repository;
    let (place, commit, delete) = match (repository.tags.get(tag), &repository.remote) {
        (Some(commit), _) => ("here".to_owned(), commit, format!("git tag --delete {tag}")),
        (None, Some(remote)) => {
            let delete = format!("git push {} --delete refs/tags/{tag}", remote.name);
            (format!("on `{}`", remote.name), remote.tags.get(tag)?, delete)
        }
        (None, None) => return None,
    };
    if Some(commit) == tagged {
        return None;
    }
    let message = format!("the tag `{tag}` already exists {place}, at {}", commit.short());
    let help = format!("if {} was released, release another version; if not, delete the tag: `{delete}`", package.to);
    Some(Finding::error(Code::TagExists, message).package(&package.name).help(help))
}

/// The tag of the last release would be named otherwise today, so that the new one does not stand beside it.
pub(super) fn spelled_otherwise(
    inputs: &PlanInputs<'_>,
    package: &PlannedPackage,
    facts: &Package,
) -> Result<Option<Finding>> {
    let Some(last) = inputs.last_release(&package.name).filter(|_| package.tag.is_some()) else { return Ok(None) };
    let ReleaseEvidence::Tag(found) = &last.witness else { return Ok(None) };
    let today = inputs.tag_as_configured(facts, &last.version, inputs.settings(&package.name)?);
    let version = last.version.to_string();
    let start = found.as_str().strip_suffix(version.as_str());
    let Some(start) = start.filter(|_| *found != today && inputs.request.previous_tag.is_none()) else {
        return Ok(None);
    };
    let named = start.strip_prefix(package.name.as_str()).map(|between| format!("{{{{crate_name}}}}{between}"));
    // In the `release.toml` of the root, the version alone would become the tag of every member.
    let place = named.as_ref().map_or("`[package.metadata.release]` of its `Cargo.toml`", |_| "`release.toml`");
    let template = format!("{}{{{{version}}}}", named.unwrap_or_else(|| start.to_owned()));
    let (name, new) = (&package.name, package.tag.as_ref().map_or("", |tag| tag.as_str()));
    let follows = inputs.tag(facts, &last.version)?.as_ref() == Some(found);
    let message = if follows {
        format!("the tag of `{name}` will be `{new}`, in the form of its last one, `{found}`")
    } else {
        format!("the last release of `{name}` is tagged `{found}`, but this one would be `{new}`")
    };
    let help = format!("to keep the old form, set `tag-name = \"{template}\"` in {place}");
    Ok(Some(Finding::warning(Code::TagSpelling, message).package(name).help(help)))
}

/// Packages whose tags have the same name share one; it cannot stand for two versions.
pub(crate) fn torn_tags(planned: &[PlannedPackage]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut first: BTreeMap<&TagName, &PlannedPackage> = BTreeMap::new();
    for package in planned {
        let Some(tag) = &package.tag else { continue };
        let other = *first.entry(tag).or_insert(package);
        if other.to == package.to {
            continue;
        }
        let name = &package.name;
        let message =
            format!("the tag `{tag}` would be shared by `{} {}` and `{name} {}`", other.name, other.to, package.to);
        let help =
            "put `{{version}}` or `{{crate_name}}` into `tag-name`, or keep their versions equal (`shared-version`)";
        found.push(Finding::error(Code::TagOfTwoVersions, message).package(name).help(help));
    }
    found
}

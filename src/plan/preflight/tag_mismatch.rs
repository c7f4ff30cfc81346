//! Where tags and registries disagree on what was released: a tag without a published version, a published version
//! without a tag. Each is named with the way out.

use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::snapshot::Listing;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;

/// All disagreements about members that take part in releases and go to a registry.
pub(crate) fn disagreements(inputs: &PlanInputs<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for package in inputs.packages() {
        if inputs.settings(&package.name)?.release && inputs.request.previous_tag.is_none() {
            found.extend(without_release(inputs, package)?);
            found.extend(without_tag(inputs, package)?);
        }
    }
    Ok(found)
}

fn listings<'a>(inputs: &PlanInputs<'a>, package: &Package) -> Result<Vec<&'a Listing>> {
    let destinations = inputs.destinations(package)?;
    Ok(destinations.iter().filter_map(|registry| inputs.listing(&package.name, registry)).collect())
}

/// The last release has a tag, and every registry says that it has no such version.
fn without_release(inputs: &PlanInputs<'_>, package: &Package) -> Result<Option<Finding>> {
    let Some(last) = inputs.last_release(&package.name) else { return Ok(None) };
    let ReleaseEvidence::Tag(tag) = &last.witness else { return Ok(None) };
    let listings = listings(inputs, package)?;
    let lacks = |listing: &&Listing| match listing {
        Listing::Unknown(_) => false,
        Listing::Absent | Listing::Versions(_) => listing.find(&last.version).is_none(),
    };
    if listings.is_empty() || !listings.iter().all(lacks) {
        return Ok(None);
    }
    let (name, version) = (&package.name, &last.version);
    let message = format!("the tag `{tag}` exists, but `{name} {version}` is not published");
    let help =
        format!("publish it from that tag, or delete the tag if it was never released: `git tag --delete {tag}`");
    Ok(Some(Finding::warning(Code::TagWithoutRelease, message).package(name).help(help)))
}

/// A version up to the present one is published, and no tag names it.
fn without_tag(inputs: &PlanInputs<'_>, package: &Package) -> Result<Option<Finding>> {
    let versions = listings(inputs, package)?.into_iter().flat_map(|listing| match listing {
        Listing::Versions(versions) => versions.as_slice(),
        Listing::Absent | Listing::Unknown(_) => &[],
    });
    let below = versions.filter(|listed| !listed.yanked && listed.version.cmp_precedence(&package.version).is_le());
    let highest = below.map(|listed| &listed.version).max_by(|one, other| one.cmp_precedence(other));
    let Some(version) = highest else { return Ok(None) };
    let Some(tag) = inputs.tag(package, version)? else { return Ok(None) };
    let last = inputs.last_release(&package.name);
    let is_known = last.is_some_and(|last| {
        matches!(last.witness, ReleaseEvidence::Tag(_)) && last.version.cmp_precedence(version).is_ge()
    });
    if is_known || inputs.snapshot.repository.tags.contains_key(&tag) {
        return Ok(None);
    }
    let name = &package.name;
    let by_record = last.filter(|last| last.witness == ReleaseEvidence::VcsRecord);
    let otherwise = "or set `tag-name` to match your tags";
    let (known, make) = match by_record.map(|last| &last.commit) {
        Some(commit) => {
            (format!("it was packed from {}", commit.short()), format!("create the tag: `git tag {tag} {commit}`"))
        }
        None => ("its source commit is unknown".to_owned(), "tag the commit it was packed from".to_owned()),
    };
    let message = format!("`{name} {version}` is published but has no tag; {known}");
    let help = format!("{make}, and push it; {otherwise}");
    Ok(Some(Finding::warning(Code::ReleaseWithoutTag, message).package(name).help(help)))
}

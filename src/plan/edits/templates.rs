//! The messages of commits and tags.

use std::collections::BTreeMap;

use semver::Version;

use super::replacements::with_tag;
use crate::config::Placeholder;
use crate::config::Values;
use crate::error::Result;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::plan_inputs::bare;
use crate::plan::release_plan::PlannedPackage;
use crate::plan::versions::next_version::Bump;
use crate::snapshot::Package;

/// The message of the one commit: only what is the same for all packages has a value in it.
pub(crate) fn commit_of_all(inputs: &PlanInputs<'_>, bumps: &[&Bump]) -> String {
    let values = Values::new().set(Placeholder::Date, inputs.request.today.as_str());
    let first = bumps.first().map(|bump| &bump.to);
    let values = match first.filter(|first| bumps.iter().all(|bump| bump.to == **first)) {
        Some(version) => {
            values.set(Placeholder::Version, bare(version)).set(Placeholder::Metadata, version.build.as_str())
        }
        None => values,
    };
    let values = match bumps {
        [only] => values.set(Placeholder::CrateName, only.name.as_str()),
        _ => values,
    };
    values.render(&inputs.config.workspace.pre_release_commit_message)
}

/// The message of one package's own commit.
pub(crate) fn commit_of(inputs: &PlanInputs<'_>, bump: &Bump) -> Result<String> {
    let values = inputs.values(inputs.package(&bump.name)?, &bump.to);
    Ok(values.render(&inputs.settings(&bump.name)?.pre_release_commit_message))
}

/// The message of a tag: as configured, else a first line, a blank line, and the entries of the packages that share it.
pub(crate) fn tag(
    inputs: &PlanInputs<'_>,
    sharing: &[&PlannedPackage],
    bumps: &BTreeMap<PackageName, Bump>,
) -> Result<String> {
    let Some((first, bump)) = sharing.first().and_then(|first| Some((first, bumps.get(&first.name)?))) else {
        return Ok(String::new());
    };
    if let Some(template) = &inputs.settings(&first.name)?.tag_message {
        let values = inputs.values(inputs.package(&first.name)?, &bump.to);
        return Ok(with_tag(inputs, bump, values)?.render(template));
    }
    if let [only] = sharing {
        let entry = only.changelog.as_ref().map_or("", |changelog| changelog.entry.trim());
        return Ok(joined(&format!("chore: Release {} version {}", only.name, bare(&only.to)), entry));
    }
    let entries = sharing.iter().filter_map(|package| {
        let entry = package.changelog.as_ref()?.entry.trim();
        (!entry.is_empty()).then(|| format!("## {} {}\n\n{entry}", package.name, package.to))
    });
    let entries: Vec<String> = entries.collect();
    Ok(joined(&format!("chore: Release {} version {}", first.name, bare(&bump.to)), &entries.join("\n\n")))
}

/// The message of the tag of a version that is published already.
pub(crate) fn tag_of_published(inputs: &PlanInputs<'_>, package: &Package, version: &Version) -> Result<String> {
    let line = format!("chore: Release {} version {}", package.name, bare(version));
    Ok(match &inputs.settings(&package.name)?.tag_message {
        Some(template) => inputs.values(package, version).render(template),
        None => joined(&line, ""),
    })
}

fn joined(line: &str, entry: &str) -> String {
    if entry.is_empty() { format!("{line}\n") } else { format!("{line}\n\n{entry}\n") }
}

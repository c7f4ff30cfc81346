//! The messages of commits and tags.

use std::collections::BTreeMap;

use semver::Version;

use super::replacements::with_tag;
use crate::config::Placeholder;
use crate::config::Values;
use crate::error::Result;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::evidence::plan_inputs::bare;
use crate::plan::release_plan::PlannedPackage;
use crate::plan::versions::next_version::Choice;
use crate::snapshot::Package;

/// The message of the one commit: only what is the same for all packages has a value in it.
pub(crate) fn commit_of_all(case: &Case<'_>, choices: &[&Choice]) -> String {
    let values = Values::new().set(Placeholder::Date, case.request.today.as_str());
    let first = choices.first().map(|choice| &choice.to);
    let values = match first.filter(|first| choices.iter().all(|choice| choice.to == **first)) {
        Some(version) => {
            values.set(Placeholder::Version, bare(version)).set(Placeholder::Metadata, version.build.as_str())
        }
        None => values,
    };
    let values = match choices {
        [only] => values.set(Placeholder::CrateName, only.name.as_str()),
        _ => values,
    };
    values.render(&case.config.workspace.pre_release_commit_message)
}

/// The message of one package's own commit.
pub(crate) fn commit_of(case: &Case<'_>, choice: &Choice) -> Result<String> {
    let values = case.values(case.package(&choice.name)?, &choice.to);
    Ok(values.render(&case.settings(&choice.name)?.pre_release_commit_message))
}

/// The message of a tag: as configured, else a first line, a blank line, and the entries of the packages that share it.
pub(crate) fn tag(
    case: &Case<'_>,
    sharing: &[&PlannedPackage],
    choices: &BTreeMap<PackageName, Choice>,
) -> Result<String> {
    let Some((first, choice)) = sharing.first().and_then(|first| Some((first, choices.get(&first.name)?))) else {
        return Ok(String::new());
    };
    if let Some(template) = &case.settings(&first.name)?.tag_message {
        let values = case.values(case.package(&first.name)?, &choice.to);
        return Ok(with_tag(case, choice, values)?.render(template));
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
    Ok(joined(&format!("chore: Release {} version {}", first.name, bare(&choice.to)), &entries.join("\n\n")))
}

/// The message of the tag of a version that is published already.
pub(crate) fn tag_of_published(case: &Case<'_>, package: &Package, version: &Version) -> Result<String> {
    let line = format!("chore: Release {} version {}", package.name, bare(version));
    Ok(match &case.settings(&package.name)?.tag_message {
        Some(template) => case.values(package, version).render(template),
        None => joined(&line, ""),
    })
}

fn joined(line: &str, entry: &str) -> String {
    if entry.is_empty() { format!("{line}\n") } else { format!("{line}\n\n{entry}\n") }
}

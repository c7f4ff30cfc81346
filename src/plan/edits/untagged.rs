//! Tags that a release still lacks: its packages are published from this very commit, and whoever published them did not
//! come to tagging it.

use crate::error::Result;
use crate::names::PackageName;
use crate::names::TagName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::plan::step::Tag;
use crate::snapshot::ReleaseEvidence;

/// A tag that is missing.
pub(crate) struct Untagged {
    /// The package that is published.
    pub(crate) package: PackageName,
    /// Its tag.
    pub(crate) tag: Tag,
    /// Whether it is pushed.
    pub(crate) pushed: bool,
}

/// The missing tags, each once; `planned` are made anyway.
pub(crate) fn of(inputs: &PlanInputs<'_>, planned: &[PlannedPackage]) -> Result<Vec<Untagged>> {
    let mut found: Vec<Untagged> = Vec::new();
    for package in inputs.packages() {
        let Some(last) = inputs.last_release(&package.name) else { continue };
        let is_here = last.witness == ReleaseEvidence::VcsRecord && last.commit == inputs.snapshot.repository.head;
        let Some(name) = inputs.tag(package, &last.version)?.filter(|_| is_here) else { continue };
        let is_planned = |name: &TagName| planned.iter().any(|package| package.tag.as_ref() == Some(name));
        let is_known = found.iter().any(|known| known.tag.name == name) || is_planned(&name);
        if is_known || exists(inputs, &name) || name.fault().is_some() {
            continue;
        }
        let settings = inputs.settings(&package.name)?;
        let message = super::templates::tag_of_published(inputs, package, &last.version)?;
        let tag = Tag { name, message, sign: settings.sign_tag };
        found.push(Untagged { package: package.name.clone(), tag, pushed: settings.push });
    }
    Ok(found)
}

fn exists(inputs: &PlanInputs<'_>, name: &TagName) -> bool {
    let repository = &inputs.snapshot.repository;
    repository.tags.contains_key(name)
        || repository.remote.as_ref().is_some_and(|remote| remote.tags.contains_key(name))
}

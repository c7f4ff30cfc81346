//! Requirements that say less than what may be used: a member that got something new, and dependents that are released
//! with it and still admit the version without.

use std::collections::BTreeMap;

use crate::check::Code;
use crate::check::Finding;
use crate::config::DependentVersion;
use crate::error::Result;
use crate::level::Level;
use crate::manifest::requirement;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::plan::versions::next_version::Bump;
use crate::plan::versions::selection::Target;
use crate::snapshot::DependencyKind;
use crate::snapshot::Package;

/// One warning for each member that got something new.
pub(crate) fn requirements(inputs: &PlanInputs<'_>, bumps: &BTreeMap<PackageName, Bump>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for dependency in bumps.values() {
        let Some((from, new)) = dependency.from.as_ref().zip(addition(dependency)) else { continue };
        let mut users = Vec::new();
        for user in bumps.values() {
            let package = inputs.package(&user.name)?;
            if raises(inputs, dependency)? || inputs.changes(&user.name).is_empty() {
                continue;
            }
            users.extend(loose(package, dependency, from));
        }
        if !users.is_empty() {
            found.push(warning(dependency, new, &users));
        }
    }
    Ok(found)
}

/// What is new in a package, where that does not break anything. What is under
/// `[package]`, a newer toolchain for example, is nothing that a dependent can use.
fn addition(bump: &Bump) -> Option<&Reason> {
    let own = |reason: &&Reason| match &reason.evidence {
        Evidence::Dependency { .. } | Evidence::Group { .. } => false,
        Evidence::Manifest { key } => !key.starts_with("package."),
        Evidence::Commit { .. } | Evidence::Api { .. } | Evidence::Note { .. } | Evidence::Request => true,
    };
    let top = bump.reasons.iter().filter(own).max_by_key(|reason| reason.level)?;
    (top.level == Level::Feature && bump.target == Target::Decide).then_some(top)
}

/// Whether its requirements are raised anyway.
fn raises(inputs: &PlanInputs<'_>, of: &Bump) -> Result<bool> {
    let configured = inputs.settings(&of.name)?.dependent_version;
    Ok(configured == Some(DependentVersion::Upgrade) || matches!(of.target, Target::To(_)))
}

/// The package with its requirement, where that admits both the new and the old version.
fn loose(package: &Package, of: &Bump, from: &semver::Version) -> Option<String> {
    let edge = package.dependencies.iter().find(|edge| edge.package == of.name && edge.kind != DependencyKind::Dev)?;
    let wanted = edge.requirement.as_ref()?;
    let admits = |version| requirement::admits(wanted, version);
    (admits(from) && admits(&of.to)).then(|| format!("`{}` ({wanted})", package.name))
}

fn warning(of: &Bump, new: &Reason, users: &[String]) -> Finding {
    let (name, to) = (&of.name, &of.to);
    let message = format!(
        "`{name}` {to} adds \"{}\", but these requirements still match versions without it: {}",
        new.summary,
        users.join(", ")
    );
    Finding::warning(Code::RequirementUnderstated, message)
        .package(name)
        .help(format!("if they use it, raise the requirement: pass `--dependent-version upgrade`, or write {to} there"))
}

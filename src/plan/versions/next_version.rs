//! What each package does: the version it goes to and why, or why it is left out.

use std::collections::BTreeMap;

use semver::Version;

use super::bump::as_pre_release;
use super::bump::compatibility;
use super::bump::raised;
use super::bump::raised_in_series;
use super::selection::Target;
use crate::check::Code;
use crate::check::Finding;
use crate::config::MetadataPolicy;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::names::PackageName;
use crate::names::TagName;
use crate::plan::evidence::commits::CountedCommit;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::plan_inputs::ReleasedVersion;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::LeftOut;
use crate::plan::release_plan::Reason;
use crate::plan::release_plan::WhyNot;
use crate::plan::request::VersionTarget;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;

/// A package that is released.
#[derive(Clone, Debug)]
pub(crate) struct Bump {
    pub(crate) name: PackageName,
    /// The version in its manifest.
    pub(crate) current: Version,
    /// The last released version.
    pub(crate) from: Option<Version>,
    /// The version that is released.
    pub(crate) to: Version,
    /// Why, the deciding reason first.
    pub(crate) reasons: Vec<Reason>,
    pub(crate) target: Target,
}

/// What was decided about one package.
pub(crate) enum Verdict {
    Chosen(Bump),
    LeftOut(LeftOut),
}

/// Decides about one package, by itself: what others force on it comes later.
pub(crate) fn choose(
    inputs: &PlanInputs<'_>,
    package: &Package,
    target: &Target,
    found: &mut Vec<Finding>,
) -> Result<Verdict> {
    let released = inputs.released(package, &package.version)?;
    if let ReleasedVersion::Unknown(why) = &released {
        let finding = Finding::error(Code::RegistryUnknown, why.clone()).package(&package.name);
        found.push(finding.help("retry when the registry is back, or use `--offline` to plan from tags alone"));
    }
    let bump = match target {
        Target::Decide => decided(inputs, package, &released, found)?,
        Target::AsItIs if released == ReleasedVersion::No => Some(as_it_is(inputs, package)),
        Target::AsItIs => None,
        // The others of a selection finish their pre-releases; this one has nothing to finish.
        Target::To(VersionTarget::Release) if released == ReleasedVersion::Yes && package.version.pre.is_empty() => {
            None
        }
        Target::To(wanted) => {
            let to = targeted(inputs, package, wanted)?;
            let asked = Reason {
                evidence: Evidence::Request,
                level: compatibility(&package.version, &to),
                summary: format!("{wanted}, as requested"),
            };
            Some(bump(inputs, package, &released, (to, target.clone(), asked)))
        }
    };
    match bump {
        Some(bump) => Ok(Verdict::Chosen(with_metadata(inputs, bump)?)),
        None => {
            let is_open = released == ReleasedVersion::No && !package.version.pre.is_empty();
            let why = if is_open { WhyNot::PreRelease } else { WhyNot::Unchanged };
            Ok(Verdict::LeftOut(left_out(inputs, package, why)))
        }
    }
}

/// A package that is left out, and since when nothing changed.
pub(crate) fn left_out(inputs: &PlanInputs<'_>, package: &Package, reason: WhyNot) -> LeftOut {
    let since = inputs.last_release(&package.name).map(|last| match &last.witness {
        ReleaseEvidence::Tag(tag) => tag.clone(),
        ReleaseEvidence::VcsRecord => TagName::from(last.commit.short()),
    });
    LeftOut { name: package.name.clone(), reason, since }
}

/// By what changed: the version in the manifest where it is not released yet, else one that the evidence asks for.
fn decided(
    inputs: &PlanInputs<'_>,
    package: &Package,
    released: &ReleasedVersion,
    found: &mut Vec<Finding>,
) -> Result<Option<Bump>> {
    match released {
        ReleasedVersion::No if !package.version.pre.is_empty() => {
            let message = format!("`{} {}` is an unreleased pre-release", package.name, package.version);
            let help = format!(
                "choose its next version: `cargo release {}@release`, or another level or version",
                package.name
            );
            found.push(Finding::warning(Code::UnreleasedPreRelease, message).package(&package.name).help(help));
            Ok(None)
        }
        ReleasedVersion::No => Ok(Some(as_it_is(inputs, package))),
        ReleasedVersion::Yes | ReleasedVersion::Unknown(_) => {
            let evidence = inputs.reasons(&package.name);
            let Some(first) = evidence.first().filter(|reason| reason.level > Level::None) else { return Ok(None) };
            let to = next_version(inputs, package, first.level)?;
            let mut bump = bump(inputs, package, released, (to, Target::Decide, first.clone()));
            bump.reasons = evidence;
            release_as(inputs, &mut bump, found);
            Ok(Some(bump))
        }
    }
}

/// The version that a package goes to for a level, as a pre-release where that was asked for.
pub(crate) fn next_version(inputs: &PlanInputs<'_>, package: &Package, level: Level) -> Result<Version> {
    let (current, features) = (&package.version, inputs.config.workspace.bump.features_in_zero);
    let stable = inputs.last_stable(&package.name).filter(|_| !current.pre.is_empty());
    let to = stable.map_or_else(
        || raised(current, level, features),
        |stable| {
            let all = inputs.reasons_since_stable(&package.name);
            let top = all.iter().map(|reason| reason.level).max().unwrap_or(level);
            raised_in_series(&stable.version, current, level.max(top), features)
        },
    );
    inputs.request.pre.as_deref().map_or_else(|| Ok(to.clone()), |id| pre_release(package, &to, id))
}

fn pre_release(package: &Package, to: &Version, id: &str) -> Result<Version> {
    let target = Version::new(to.major, to.minor, to.patch);
    as_pre_release(&target, &package.version, id).ok_or_else(|| {
        Failure::unplannable(format!("`{id}` is not a valid pre-release name"))
            .help("`--pre` takes letters, digits and hyphens: `--pre rc`")
    })
}

/// The version that was asked for.
pub(crate) fn targeted(inputs: &PlanInputs<'_>, package: &Package, target: &VersionTarget) -> Result<Version> {
    let (name, current) = (&package.name, &package.version);
    let to = target.apply(current).map_err(|refused| {
        Failure::unplannable(format!("`{name}` cannot go from {current} to `{target}`"))
            .because(refused.to_string())
            .help("give the version")
    })?;
    match (&inputs.request.pre, target) {
        (None, _) => Ok(to),
        (Some(id), VersionTarget::Major | VersionTarget::Minor | VersionTarget::Patch) => pre_release(package, &to, id),
        (
            Some(id),
            VersionTarget::Release
            | VersionTarget::Rc
            | VersionTarget::Beta
            | VersionTarget::Alpha
            | VersionTarget::Version(_),
        ) => Err(Failure::unplannable(format!(
            "`{target}` already selects a pre-release, so `--pre {id}` has no meaning"
        ))
        .help("use `--pre` with `major`, `minor`, `patch` or no level")),
    }
}

/// The version that a `Release-As:` footer asks for, the newest first. One that is no step up is told and not taken.
fn release_as(inputs: &PlanInputs<'_>, bump: &mut Bump, found: &mut Vec<Finding>) {
    let asking = |change: &&CountedCommit<'_>| change.message.release_as.is_some();
    let Some(change) = inputs.changes(&bump.name).iter().find(asking) else { return };
    let written = change.message.release_as.as_deref().unwrap_or_default();
    let id = change.commit.id.short();
    match Version::parse(written) {
        Ok(version) if version.cmp_precedence(&bump.current).is_gt() => {
            let summary = format!("requested by the footer `Release-As: {written}`");
            let level = compatibility(&bump.current, &version);
            bump.to = version;
            let evidence = Evidence::Commit { commit: change.commit.id.clone() };
            bump.reasons.insert(0, Reason { evidence, summary, level });
        }
        Ok(_) | Err(_) => {
            let message = format!("{id} asks for `{}` {written}, which is not a valid next version", bump.name);
            let help = format!("give the version: `cargo release {}@VERSION`", bump.name);
            found.push(Finding::warning(Code::ReleaseAs, message).package(&bump.name).help(help));
        }
    }
}

/// The version in the manifest, as it is.
fn as_it_is(inputs: &PlanInputs<'_>, package: &Package) -> Bump {
    let first = inputs.last_release(&package.name).is_none();
    let summary =
        if first { "first release".to_owned() } else { format!("{} is committed but not published", package.version) };
    let evidence = Evidence::Manifest { key: "package.version".to_owned() };
    let level =
        inputs.last_release(&package.name).map_or(Level::None, |last| compatibility(&last.version, &package.version));
    let reason = Reason { evidence, level, summary };
    bump(inputs, package, &ReleasedVersion::No, (package.version.clone(), Target::AsItIs, reason))
}

fn bump(
    inputs: &PlanInputs<'_>,
    package: &Package,
    released: &ReleasedVersion,
    what: (Version, Target, Reason),
) -> Bump {
    let (to, target, deciding) = what;
    let last = inputs.last_release(&package.name).map(|last| last.version.clone());
    let from = last.or_else(|| (*released == ReleasedVersion::Yes).then(|| package.version.clone()));
    let reasons = [deciding].into_iter().chain(inputs.reasons(&package.name)).collect();
    Bump { name: package.name.clone(), current: package.version.clone(), from, to, reasons, target }
}

/// Build metadata, by the package's policy.
fn with_metadata(inputs: &PlanInputs<'_>, mut bump: Bump) -> Result<Bump> {
    let settings = inputs.settings(&bump.name)?;
    let given = inputs
        .request
        .metadata
        .as_deref()
        .map(semver::BuildMetadata::new)
        .transpose()
        .map_err(|error| Failure::unplannable("the build metadata is not SemVer").because(error.to_string()))?;
    match (settings.metadata, given) {
        (MetadataPolicy::Ignore, _) => bump.to.build = semver::BuildMetadata::EMPTY,
        (MetadataPolicy::Optional | MetadataPolicy::Required | MetadataPolicy::Persistent, Some(given)) => {
            bump.to.build = given;
        }
        (MetadataPolicy::Required, None) if bump.to.build.is_empty() => {
            return Err(Failure::unplannable(format!("`{}` requires build metadata", bump.name))
                .because("`metadata = \"required\"` is configured")
                .help("pass `--metadata TEXT`"));
        }
        (MetadataPolicy::Persistent, None) => bump.to.build = bump.current.build.clone(),
        (MetadataPolicy::Optional | MetadataPolicy::Required, None) => {}
    }
    Ok(bump)
}

/// What is wrong with explicit levels, seen against the evidence.
pub(crate) fn findings(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for bump in chosen.values() {
        let package = inputs.package(&bump.name)?;
        found.extend(going_down(bump).or_else(|| below_the_last_release(inputs, bump)));
        found.extend(metadata_dropped(inputs, bump)?);
        found.extend(below_evidence(inputs, bump));
        if let Target::To(_) = bump.target {
            found.extend(unchanged(inputs, bump));
            found.extend(bumped_twice(inputs, package, bump)?);
        }
    }
    Ok(found)
}

fn going_down(bump: &Bump) -> Option<Finding> {
    let (name, current, to) = (&bump.name, &bump.current, &bump.to);
    let message = format!("`{name}` would go down from {current} to {to}");
    (to.cmp_precedence(current).is_lt()).then(|| {
        Finding::error(Code::VersionGoesDown, message).package(name).help(format!("give a version above {current}"))
    })
}

/// A version below the last release: right where a package is numbered anew, which only the user can know.
fn below_the_last_release(inputs: &PlanInputs<'_>, bump: &Bump) -> Option<Finding> {
    let (name, to) = (&bump.name, &bump.to);
    let last = inputs.last_release(name).filter(|last| to.cmp_precedence(&last.version).is_lt())?;
    let ReleaseEvidence::Tag(tag) = &last.witness else { return None };
    let message = format!("`{name}` {to} is below its last release {} (tag `{tag}`)", last.version);
    let next = raised(&last.version, Level::Patch, inputs.config.workspace.bump.features_in_zero);
    let help = format!("release `{name}@{next}`; if its versions start again from here, ask for `{name}@{to}`");
    // Who gives the version knows it.
    let finding = match &bump.target {
        Target::Decide | Target::AsItIs => Finding::error(Code::VersionGoesDown, message).help(help),
        Target::To(_) => {
            Finding::warning(Code::VersionGoesDown, message).help("give a version above it if that is wrong")
        }
    };
    Some(finding.package(name))
}

/// Build metadata that the version in the manifest has and the next one has not: often the version of a bundled library.
fn metadata_dropped(inputs: &PlanInputs<'_>, bump: &Bump) -> Result<Option<Finding>> {
    let Bump { name, current, to, .. } = bump;
    let is_meant = inputs.settings(name)?.metadata == MetadataPolicy::Ignore;
    if is_meant || current.build.is_empty() || !to.build.is_empty() {
        return Ok(None);
    }
    let message = format!("`{name}` goes from {current} to {to}, without the build metadata `{}`", current.build);
    let help = "pass `--metadata TEXT` to set it; `metadata = \"persistent\"` keeps it, `\"ignore\"` drops it silently";
    Ok(Some(Finding::warning(Code::MetadataDropped, message).package(name).help(help)))
}

/// A version below what the evidence asks for: an error only where cargo would hand a breaking change to people who did
/// not ask for it. One that leaves a pre-release is held against the last stable version.
fn below_evidence(inputs: &PlanInputs<'_>, bump: &Bump) -> Option<Finding> {
    let last = bump.from.as_ref()?;
    let (from, mut evidence) = if last.pre.is_empty() {
        (last, inputs.reasons(&bump.name))
    } else {
        (&inputs.last_stable(&bump.name)?.version, inputs.reasons_since_stable(&bump.name))
    };
    if bump.to.cmp_precedence(last).is_le() {
        return None;
    }
    let by_dependency = |reason: &&Reason| matches!(reason.evidence, Evidence::Dependency { .. });
    evidence.extend(bump.reasons.iter().filter(by_dependency).cloned());
    evidence.sort_by_key(|reason| std::cmp::Reverse(reason.level));
    let top = evidence.first()?;
    let wanted = raised(from, top.level, inputs.config.workspace.bump.features_in_zero);
    let reached = Version::new(bump.to.major, bump.to.minor, bump.to.patch) >= wanted;
    if top.level <= Level::Patch || reached {
        return None;
    }
    let quote = match &top.evidence {
        Evidence::Commit { commit } => format!("{} `{}`", commit.short(), top.summary),
        Evidence::Api { .. } | Evidence::Manifest { .. } | Evidence::Note { .. } => format!("\"{}\"", top.summary),
        Evidence::Dependency { .. } | Evidence::Group { .. } | Evidence::Request => format!("\"{}\"", top.summary),
    };
    let message = format!("`{}` goes from {from} to {}, but {quote} needs {wanted}", bump.name, bump.to);
    let breaks = top.level == Level::Breaking && compatibility(from, &bump.to) < Level::Breaking;
    let finding = if breaks && !inputs.request.allow_breaking {
        Finding::error(Code::BelowEvidence, message)
            .help(format!("release {wanted}, or pass `--allow-breaking` if nobody is affected"))
    } else {
        Finding::warning(Code::BelowEvidence, message).help(format!("release {wanted} instead, if that is right"))
    };
    Some(finding.package(&bump.name))
}

fn unchanged(inputs: &PlanInputs<'_>, bump: &Bump) -> Option<Finding> {
    let last = inputs.last_release(&bump.name)?;
    // A pre-release is finished because nothing more had to change.
    let moves = bump.to != bump.current && bump.current.pre.is_empty();
    let silent = inputs.reasons(&bump.name).is_empty() && moves;
    let message = format!("`{}` goes to {}, but nothing changed since {}", bump.name, bump.to, last.version);
    silent.then(|| Finding::warning(Code::Unchanged, message).package(&bump.name).help("exclude it with `--exclude`"))
}

/// A level on top of a version that was never released is how a failed release gets bumped twice.
fn bumped_twice(inputs: &PlanInputs<'_>, package: &Package, bump: &Bump) -> Result<Option<Finding>> {
    let is_literal = matches!(&bump.target, Target::To(VersionTarget::Version(_)));
    let ahead = bump.from.as_ref().is_none_or(|from| package.version > *from);
    let moves = bump.to != package.version && package.version.pre.is_empty();
    if is_literal || !ahead || !moves || inputs.released(package, &package.version)? != ReleasedVersion::No {
        return Ok(None);
    }
    let message =
        format!("`{} {}` is committed but not published, and would be skipped", package.name, package.version);
    let help = format!("release it as is: `cargo release -p {}`; or give the version", package.name);
    // Nobody waits for the number that a package has before its first release.
    let finding = match bump.from {
        Some(_) => Finding::error(Code::UnreleasedVersion, message),
        None => Finding::warning(Code::UnreleasedVersion, message),
    };
    Ok(Some(finding.package(&package.name).help(help)))
}

//! What each package does: the version it goes to and why, or why it is left out.

use std::collections::BTreeMap;

use semver::Version;

use super::bump::as_pre_release;
use super::bump::compatibility;
use super::bump::raised;
use super::bump::raised_in_series;
use super::selection::Wish;
use crate::check::Finding;
use crate::config::MetadataPolicy;
use crate::error::Failure;
use crate::error::Result;
use crate::level::Level;
use crate::names::PackageName;
use crate::names::TagName;
use crate::plan::evidence::commits::Change;
use crate::plan::evidence::plan_inputs::Case;
use crate::plan::evidence::plan_inputs::Released;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::LeftOut;
use crate::plan::release_plan::Reason;
use crate::plan::release_plan::WhyNot;
use crate::plan::request::Target;
use crate::snapshot::Package;
use crate::snapshot::Witness;

/// A package that is released.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) name: PackageName,
    /// The version in its manifest.
    pub(crate) current: Version,
    /// The last released version.
    pub(crate) from: Option<Version>,
    /// The version that is released.
    pub(crate) to: Version,
    /// Why, the deciding reason first.
    pub(crate) reasons: Vec<Reason>,
    pub(crate) wish: Wish,
}

/// What was decided about one package.
pub(crate) enum Verdict {
    Chosen(Choice),
    LeftOut(LeftOut),
}

/// Decides about one package, by itself: what others force on it comes later.
pub(crate) fn choose(case: &Case<'_>, package: &Package, wish: &Wish, found: &mut Vec<Finding>) -> Result<Verdict> {
    let released = case.released(package, &package.version)?;
    if let Released::Unknown(why) = &released {
        let finding = Finding::error("registry-unknown", why.clone()).package(&package.name);
        found.push(finding.help("retry when the registry is back, or use `--offline` to plan from tags alone"));
    }
    let choice = match wish {
        Wish::Decide => decided(case, package, &released, found)?,
        Wish::AsItIs if released == Released::No => Some(as_it_is(case, package)),
        Wish::AsItIs => None,
        // The others of a selection finish their pre-releases; this one has nothing to finish.
        Wish::Target(Target::Release) if released == Released::Yes && package.version.pre.is_empty() => None,
        Wish::Target(target) => {
            let to = targeted(case, package, target)?;
            let asked = Reason {
                evidence: Evidence::Request,
                level: compatibility(&package.version, &to),
                summary: format!("{target}, as requested"),
            };
            Some(choice(case, package, &released, (to, wish.clone(), asked)))
        }
    };
    match choice {
        Some(choice) => Ok(Verdict::Chosen(with_metadata(case, choice)?)),
        None => Ok(Verdict::LeftOut(left_out(case, package, WhyNot::Unchanged))),
    }
}

/// A package that is left out, and since when nothing changed.
pub(crate) fn left_out(case: &Case<'_>, package: &Package, reason: WhyNot) -> LeftOut {
    let since = case.last_release(&package.name).map(|last| match &last.witness {
        Witness::Tag(tag) => tag.clone(),
        Witness::VcsRecord => TagName::new(last.commit.short()),
    });
    LeftOut { name: package.name.clone(), reason, since }
}

/// By what changed: the version in the manifest where it is not released yet, else one that the evidence asks for.
fn decided(
    case: &Case<'_>,
    package: &Package,
    released: &Released,
    found: &mut Vec<Finding>,
) -> Result<Option<Choice>> {
    match released {
        Released::No if !package.version.pre.is_empty() => {
            let message = format!("`{} {}` is an unreleased pre-release", package.name, package.version);
            let help = format!(
                "choose its next version: `cargo release {}@release`, or another level or version",
                package.name
            );
            found.push(Finding::warning("unreleased-pre-release", message).package(&package.name).help(help));
            Ok(None)
        }
        Released::No => Ok(Some(as_it_is(case, package))),
        Released::Yes | Released::Unknown(_) => {
            let evidence = case.reasons(&package.name);
            let Some(first) = evidence.first().filter(|reason| reason.level > Level::None) else { return Ok(None) };
            let to = next_version(case, package, first.level)?;
            let mut choice = choice(case, package, released, (to, Wish::Decide, first.clone()));
            choice.reasons = evidence;
            release_as(case, &mut choice, found);
            Ok(Some(choice))
        }
    }
}

/// The version that a package goes to for a level, as a pre-release where that was asked for.
pub(crate) fn next_version(case: &Case<'_>, package: &Package, level: Level) -> Result<Version> {
    let (current, features) = (&package.version, case.config.workspace.features_in_zero);
    let stable = case.last_stable(&package.name).filter(|_| !current.pre.is_empty());
    let to = stable.map_or_else(
        || raised(current, level, features),
        |stable| {
            let all = case.reasons_since_stable(&package.name);
            let top = all.iter().map(|reason| reason.level).max().unwrap_or(level);
            raised_in_series(&stable.version, current, level.max(top), features)
        },
    );
    case.request.pre.as_deref().map_or_else(|| Ok(to.clone()), |id| pre_release(package, &to, id))
}

fn pre_release(package: &Package, to: &Version, id: &str) -> Result<Version> {
    let target = Version::new(to.major, to.minor, to.patch);
    as_pre_release(&target, &package.version, id).ok_or_else(|| {
        Failure::unplannable(format!("`{id}` is not a valid pre-release name"))
            .help("`--pre` takes letters, digits and hyphens: `--pre rc`")
    })
}

/// The version that was asked for.
pub(crate) fn targeted(case: &Case<'_>, package: &Package, target: &Target) -> Result<Version> {
    let (name, current) = (&package.name, &package.version);
    let to = target.apply(current).map_err(|refused| {
        Failure::unplannable(format!("`{name}` cannot go from {current} to `{target}`"))
            .because(refused.to_string())
            .help("give the version")
    })?;
    match (&case.request.pre, target) {
        (None, _) => Ok(to),
        (Some(id), Target::Major | Target::Minor | Target::Patch) => pre_release(package, &to, id),
        (Some(id), Target::Release | Target::Rc | Target::Beta | Target::Alpha | Target::Version(_)) => Err(
            Failure::unplannable(format!("`{target}` already selects a pre-release, so `--pre {id}` has no meaning"))
                .help("use `--pre` with `major`, `minor`, `patch` or no level"),
        ),
    }
}

/// The version that a `Release-As:` footer asks for, the newest first. One that is no step up is told and not taken.
fn release_as(case: &Case<'_>, choice: &mut Choice, found: &mut Vec<Finding>) {
    let asking = |change: &&Change<'_>| change.message.release_as.is_some();
    let Some(change) = case.changes(&choice.name).iter().find(asking) else { return };
    let written = change.message.release_as.as_deref().unwrap_or_default();
    let id = change.commit.id.short();
    match Version::parse(written) {
        Ok(version) if version.cmp_precedence(&choice.current).is_gt() => {
            let summary = format!("requested by the footer `Release-As: {written}`");
            let level = compatibility(&choice.current, &version);
            choice.to = version;
            let evidence = Evidence::Commit { commit: change.commit.id.clone() };
            choice.reasons.insert(0, Reason { evidence, summary, level });
        }
        Ok(_) | Err(_) => {
            let message = format!("{id} asks for `{}` {written}, which is not a valid next version", choice.name);
            let help = format!("give the version: `cargo release {}@VERSION`", choice.name);
            found.push(Finding::warning("release-as", message).package(&choice.name).help(help));
        }
    }
}

/// The version in the manifest, as it is.
fn as_it_is(case: &Case<'_>, package: &Package) -> Choice {
    let first = case.last_release(&package.name).is_none();
    let summary =
        if first { "first release".to_owned() } else { format!("{} is committed but not published", package.version) };
    let evidence = Evidence::Manifest { key: "package.version".to_owned() };
    let level =
        case.last_release(&package.name).map_or(Level::None, |last| compatibility(&last.version, &package.version));
    let reason = Reason { evidence, level, summary };
    choice(case, package, &Released::No, (package.version.clone(), Wish::AsItIs, reason))
}

fn choice(case: &Case<'_>, package: &Package, released: &Released, what: (Version, Wish, Reason)) -> Choice {
    let (to, wish, deciding) = what;
    let last = case.last_release(&package.name).map(|last| last.version.clone());
    let from = last.or_else(|| (*released == Released::Yes).then(|| package.version.clone()));
    let reasons = [deciding].into_iter().chain(case.reasons(&package.name)).collect();
    Choice { name: package.name.clone(), current: package.version.clone(), from, to, reasons, wish }
}

/// Build metadata, by the package's policy.
fn with_metadata(case: &Case<'_>, mut choice: Choice) -> Result<Choice> {
    let settings = case.settings(&choice.name)?;
    let given = case
        .request
        .metadata
        .as_deref()
        .map(semver::BuildMetadata::new)
        .transpose()
        .map_err(|error| Failure::unplannable("the build metadata is not SemVer").because(error.to_string()))?;
    match (settings.metadata, given) {
        (MetadataPolicy::Ignore, _) => choice.to.build = semver::BuildMetadata::EMPTY,
        (MetadataPolicy::Optional | MetadataPolicy::Required | MetadataPolicy::Persistent, Some(given)) => {
            choice.to.build = given;
        }
        (MetadataPolicy::Required, None) if choice.to.build.is_empty() => {
            return Err(Failure::unplannable(format!("`{}` requires build metadata", choice.name))
                .because("`metadata = \"required\"` is configured")
                .help("pass `--metadata TEXT`"));
        }
        (MetadataPolicy::Persistent, None) => choice.to.build = choice.current.build.clone(),
        (MetadataPolicy::Optional | MetadataPolicy::Required, None) => {}
    }
    Ok(choice)
}

/// What is wrong with explicit levels, seen against the evidence.
pub(crate) fn findings(case: &Case<'_>, chosen: &BTreeMap<PackageName, Choice>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for choice in chosen.values() {
        let package = case.package(&choice.name)?;
        found.extend(going_down(choice));
        found.extend(below_evidence(case, choice));
        if let Wish::Target(_) = choice.wish {
            found.extend(unchanged(case, choice));
            found.extend(bumped_twice(case, package, choice)?);
        }
    }
    Ok(found)
}

fn going_down(choice: &Choice) -> Option<Finding> {
    let (name, current, to) = (&choice.name, &choice.current, &choice.to);
    let message = format!("`{name}` would go down from {current} to {to}");
    (to.cmp_precedence(current).is_lt()).then(|| {
        Finding::error("version-goes-down", message).package(name).help(format!("give a version above {current}"))
    })
}

/// A version below what the evidence asks for: an error only where cargo would hand a breaking change to people who did
/// not ask for it. One that leaves a pre-release is held against the last stable version.
fn below_evidence(case: &Case<'_>, choice: &Choice) -> Option<Finding> {
    let last = choice.from.as_ref()?;
    let (from, mut evidence) = if last.pre.is_empty() {
        (last, case.reasons(&choice.name))
    } else {
        (&case.last_stable(&choice.name)?.version, case.reasons_since_stable(&choice.name))
    };
    if choice.to.cmp_precedence(last).is_le() {
        return None;
    }
    let by_dependency = |reason: &&Reason| matches!(reason.evidence, Evidence::Dependency { .. });
    evidence.extend(choice.reasons.iter().filter(by_dependency).cloned());
    evidence.sort_by_key(|reason| std::cmp::Reverse(reason.level));
    let top = evidence.first()?;
    let wanted = raised(from, top.level, case.config.workspace.features_in_zero);
    let reached = Version::new(choice.to.major, choice.to.minor, choice.to.patch) >= wanted;
    if top.level <= Level::Patch || reached {
        return None;
    }
    let quote = match &top.evidence {
        Evidence::Commit { commit } => format!("{} `{}`", commit.short(), top.summary),
        Evidence::Api { .. } | Evidence::Manifest { .. } | Evidence::Note { .. } => format!("\"{}\"", top.summary),
        Evidence::Dependency { .. } | Evidence::Group { .. } | Evidence::Request => format!("\"{}\"", top.summary),
    };
    let message = format!("`{}` goes from {from} to {}, but {quote} needs {wanted}", choice.name, choice.to);
    let breaks = top.level == Level::Breaking && compatibility(from, &choice.to) < Level::Breaking;
    let finding = if breaks && !case.request.allow_breaking {
        Finding::error("below-evidence", message)
            .help(format!("release {wanted}, or pass `--allow-breaking` if nobody is affected"))
    } else {
        Finding::warning("below-evidence", message).help(format!("release {wanted} instead, if that is right"))
    };
    Some(finding.package(&choice.name))
}

fn unchanged(case: &Case<'_>, choice: &Choice) -> Option<Finding> {
    let last = case.last_release(&choice.name)?;
    // A pre-release is finished because nothing more had to change.
    let moves = choice.to != choice.current && choice.current.pre.is_empty();
    let silent = case.reasons(&choice.name).is_empty() && moves;
    let message = format!("`{}` goes to {}, but nothing changed since {}", choice.name, choice.to, last.version);
    silent.then(|| Finding::warning("unchanged", message).package(&choice.name).help("exclude it with `--exclude`"))
}

/// A level on top of a version that was never released is how a failed release gets bumped twice.
fn bumped_twice(case: &Case<'_>, package: &Package, choice: &Choice) -> Result<Option<Finding>> {
    let is_literal = matches!(&choice.wish, Wish::Target(Target::Version(_)));
    let ahead = choice.from.as_ref().is_none_or(|from| package.version > *from);
    let moves = choice.to != package.version && package.version.pre.is_empty();
    if is_literal || !ahead || !moves || case.released(package, &package.version)? != Released::No {
        return Ok(None);
    }
    let message =
        format!("`{} {}` is committed but not published, and would be skipped", package.name, package.version);
    let help = format!("release it as is: `cargo release -p {}`; or give the version", package.name);
    // Nobody waits for the number that a package has before its first release.
    let finding = match choice.from {
        Some(_) => Finding::error("unreleased-version", message),
        None => Finding::warning("unreleased-version", message),
    };
    Ok(Some(finding.package(&package.name).help(help)))
}

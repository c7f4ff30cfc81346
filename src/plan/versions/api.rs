//! The API check: which libraries are worth asking it about, what its answers mean, and what is said where it has none.

use std::collections::BTreeMap;

use semver::Version;

use super::bump::compatibility;
use super::next_version::Bump;
use super::next_version::targeted;
use super::selection;
use super::selection::Target;
use crate::check::Code;
use crate::check::Finding;
use crate::config::Config;
use crate::config::SemverCheck;
use crate::error::Result;
use crate::level::Level;
use crate::names::PackageName;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::evidence::plan_inputs::ReleasedVersion;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::plan::request::Request;
use crate::snapshot::ApiAnswer;
use crate::snapshot::ApiQuestion;
use crate::snapshot::Baseline;
use crate::snapshot::LastRelease;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// The kinds of targets that have an API which the check sees.
const LIBRARIES: [&str; 5] = ["lib", "rlib", "dylib", "cdylib", "staticlib"];

/// What is said where the comparison is switched off.
const OFF: &str = "`semver-check` is off";

/// How many changed signatures are named.
const PLACES: usize = 3;

/// The questions to the API check whose answers may change what is decided: about libraries that changed since a release,
/// where nothing else says already that they break, and whose version could be taken as compatible.
///
/// # Errors
/// As [`decide`](fn@crate::plan::decide).
pub fn wants(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Vec<ApiQuestion>> {
    // Evidence takes time to gather, and where nothing is compared it is not needed yet.
    if config.packages.values().all(|settings| settings.bump.semver_check == Some(SemverCheck::Off)) {
        return Ok(Vec::new());
    }
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let targets = selection::considered(&inputs)?;
    let mut questions = Vec::new();
    for package in inputs.packages() {
        let Some(target) = targets.get(&package.name) else { continue };
        if let Worth::Asking(question) = worth(&inputs, package, target)? {
            questions.push(question);
        }
    }
    Ok(questions)
}

/// Whether the API check is worth asking about a package.
enum Worth {
    Asking(ApiQuestion),
    /// It would not change anything, and this is why.
    Nothing(&'static str),
    /// It would, and it cannot be asked.
    Unanswerable(&'static str),
}

fn worth(inputs: &PlanInputs<'_>, package: &Package, target: &Target) -> Result<Worth> {
    let name = &package.name;
    let settings = inputs.settings(name)?;
    let is = |kinds: &[&str]| package.targets.iter().any(|kind| kinds.contains(&kind.as_str()));
    if settings.bump.semver_check == Some(SemverCheck::Off) {
        return Ok(Worth::Nothing(OFF));
    }
    if !is(&LIBRARIES) && !is(&["proc-macro"]) {
        return Ok(Worth::Nothing("there is no library"));
    }
    let Some(last) = Last::of(inputs, package)? else {
        return Ok(Worth::Nothing("there is no release to compare with"));
    };
    if !last.version.pre.is_empty() || (last.version.major, last.version.minor) == (0, 0) {
        return Ok(Worth::Nothing("any change from its last release may be breaking"));
    }
    let top = others(inputs, name).iter().map(|reason| reason.level).max().unwrap_or(Level::None);
    match top {
        Level::None => return Ok(Worth::Nothing("nothing changed")),
        Level::Breaking => return Ok(Worth::Nothing("already breaking for other reasons")),
        Level::Patch | Level::Feature => {}
    }
    if breaks_anyway(inputs, package, target, last.version) {
        return Ok(Worth::Nothing("the new version already allows breaking changes"));
    }
    if !is(&LIBRARIES) {
        return Ok(Worth::Unanswerable("procedural macros cannot be compared"));
    }
    let Some(baseline) = baseline(inputs, package, &last)? else {
        return Ok(Worth::Unanswerable(match last.commit {
            Some(_) => "the package does not exist in the commit of its last release",
            None => "the commit of its last release is unknown, and crates.io was not queried",
        }));
    };
    let named = inputs.manifest(package)?.library_name.clone();
    Ok(Worth::Asking(ApiQuestion {
        package: name.clone(),
        dir: package.dir.clone(),
        library: named.unwrap_or_else(|| name.as_str().replace('-', "_")),
        version: last.version.clone(),
        baseline,
        target: settings.target.clone(),
    }))
}

/// The release that is compared with.
struct Last<'a> {
    version: &'a Version,
    /// None where the registry has the version, and nothing here tells where it was packed from.
    commit: Option<&'a LastRelease>,
}

impl<'a> Last<'a> {
    fn of(inputs: &'a PlanInputs<'_>, package: &'a Package) -> Result<Option<Self>> {
        if let Some(last) = inputs.last_stable(&package.name).or_else(|| inputs.last_release(&package.name)) {
            return Ok(Some(Self { version: &last.version, commit: Some(last) }));
        }
        let published = inputs.released(package, &package.version)? == ReleasedVersion::Yes;
        Ok(published.then_some(Self { version: &package.version, commit: None }))
    }
}

/// Where the last release is found: in its commit, else on crates.io, which is the only registry that the check knows.
fn baseline(inputs: &PlanInputs<'_>, package: &Package, last: &Last<'_>) -> Result<Option<Baseline>> {
    if let Some((commit, dir)) = last.commit.and_then(|last| Some((&last.commit, last.dir.as_ref()?))) {
        return Ok(Some(Baseline::Commit { commit: commit.clone(), dir: dir.clone() }));
    }
    let there = inputs.destinations(package)?.iter().any(|registry| {
        let listing = inputs.listing(&package.name, registry);
        registry.is_crates_io() && listing.is_some_and(|listing| listing.find(last.version).is_some())
    });
    Ok((there && !inputs.request.offline).then_some(Baseline::Published))
}

/// Whether the version is given, and cargo would not take it for compatible whatever the check says.
fn breaks_anyway(inputs: &PlanInputs<'_>, package: &Package, target: &Target, last: &Version) -> bool {
    let given: Option<Version> = match target {
        // One that cannot be gone to is refused when it is decided.
        Target::To(target) => targeted(inputs, package, target).ok(),
        Target::AsItIs => Some(package.version.clone()),
        Target::Decide => (package.version > *last && package.version.pre.is_empty()).then(|| package.version.clone()),
    };
    given.is_some_and(|to| compatibility(last, &to) == Level::Breaking)
}

/// What speaks for a release beside the API check, since the release that the check compares with.
fn others(inputs: &PlanInputs<'_>, name: &PackageName) -> Vec<Reason> {
    let stable = inputs.last_stable(name).is_some();
    let mut reasons = if stable { inputs.reasons_since_stable(name) } else { inputs.reasons(name) };
    reasons.retain(|reason| !matches!(reason.evidence, Evidence::Api { .. }));
    reasons
}

/// What came of the API check for a package, in words for [`explain`](fn@crate::plan::explain).
pub(crate) fn told(inputs: &PlanInputs<'_>, package: &Package, target: Option<&Target>) -> Result<String> {
    let Some(target) = target else { return Ok("not compared: it was not selected".to_owned()) };
    Ok(match worth(inputs, package, target)? {
        Worth::Nothing(why) | Worth::Unanswerable(why) => format!("not compared: {why}"),
        Worth::Asking(question) => {
            let version = question.version;
            match inputs.snapshot.api.get(&package.name) {
                Some(ApiAnswer::Compatible) => format!("compared with {version}: compatible"),
                Some(ApiAnswer::Needs { level: Level::None | Level::Patch | Level::Feature, .. }) => {
                    format!("compared with {version}: more than a patch")
                }
                Some(ApiAnswer::Needs { level: Level::Breaking, .. }) => {
                    format!("compared with {version}: breaking")
                }
                Some(ApiAnswer::NotInstalled) => format!("not compared: {}", not_installed().0),
                Some(ApiAnswer::Unknown(why)) => format!("not compared: {why}"),
                None => "not compared: it was not queried".to_owned(),
            }
        }
    })
}

/// The changes of signatures that may break callers and may not: a finding for each library that is released.
pub(crate) fn signatures_to_look_at(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Vec<Finding> {
    let mut found = Vec::new();
    for bump in chosen.values() {
        let Some(known) = inputs.snapshot.signatures.get(&bump.name) else { continue };
        let breaks = bump.from.as_ref().is_some_and(|from| compatibility(from, &bump.to) == Level::Breaking);
        let unsure: Vec<String> = known
            .changes
            .iter()
            .filter(|change| !change.sure && !breaks)
            .map(|change| format!("`{}`: {}", change.item, change.what))
            .collect();
        if !unsure.is_empty() {
            let message = format!("signatures of `{}` changed: {}", bump.name, phrase::first(&unsure, PLACES));
            let help = format!("if callers break: `cargo release {}@major`, or say so in a change note", bump.name);
            found.push(Finding::warning(Code::SignatureChanged, message).package(&bump.name).help(help));
        }
    }
    found
}

/// Why a library was not compared, and what to do about it.
type Cause = (String, &'static str);

fn not_installed() -> Cause {
    (
        "`cargo semver-checks` is not installed".to_owned(),
        "`cargo install cargo-semver-checks --locked`, or see `--semver-check`",
    )
}

/// The libraries that are released and could not be compared: one finding for each cause, which blocks where the
/// comparison is required.
pub(crate) fn findings(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Result<Vec<Finding>> {
    let mut causes: BTreeMap<(bool, Cause), Vec<PackageName>> = BTreeMap::new();
    for bump in chosen.values() {
        let package = inputs.package(&bump.name)?;
        let setting = inputs.settings(&bump.name)?.bump.semver_check;
        let cause = match worth(inputs, package, &bump.target)? {
            Worth::Nothing(_) => None,
            Worth::Unanswerable(why) => {
                setting.map(|_asked| (why.to_owned(), "set `semver-check = \"off\"` for this package"))
            }
            Worth::Asking(_) => unanswered(inputs.snapshot.api.get(&bump.name), setting),
        };
        if let Some(cause) = cause {
            let required = setting == Some(SemverCheck::Require);
            causes.entry((required, cause)).or_default().push(bump.name.clone());
        }
    }
    Ok(causes.into_iter().map(|((required, cause), names)| finding(required, cause, &names)).collect())
}

/// What came of the comparison that a release was worth.
pub(crate) enum ApiComparison {
    /// Its answer would change nothing.
    NotNeeded,
    Made,
    /// It could not be made, or was not asked for.
    Missing(String),
}

/// What came of the comparison of a package that is released.
pub(crate) fn comparison(inputs: &PlanInputs<'_>, bump: &Bump) -> Result<ApiComparison> {
    Ok(match worth(inputs, inputs.package(&bump.name)?, &bump.target)? {
        Worth::Nothing(OFF) => ApiComparison::Missing(OFF.to_owned()),
        Worth::Nothing(_) => ApiComparison::NotNeeded,
        Worth::Unanswerable(why) => ApiComparison::Missing(why.to_owned()),
        Worth::Asking(_) => match inputs.snapshot.api.get(&bump.name) {
            Some(ApiAnswer::Compatible | ApiAnswer::Needs { .. }) => ApiComparison::Made,
            Some(ApiAnswer::NotInstalled) => ApiComparison::Missing(not_installed().0),
            Some(ApiAnswer::Unknown(why)) => ApiComparison::Missing(why.clone()),
            None => ApiComparison::Missing("`cargo semver-checks` was not asked".to_owned()),
        },
    })
}

/// Why there is no answer, where that is worth saying: without a setting, nobody asked for the program to be installed.
fn unanswered(answer: Option<&ApiAnswer>, setting: Option<SemverCheck>) -> Option<Cause> {
    match answer {
        Some(ApiAnswer::Compatible | ApiAnswer::Needs { .. }) => None,
        Some(ApiAnswer::NotInstalled) => setting.map(|_asked| not_installed()),
        Some(ApiAnswer::Unknown(why)) => {
            Some((why.clone(), "fix the cause, or skip the comparison: `--semver-check off`"))
        }
        None => setting.map(|_asked| ("it was not queried".to_owned(), "plan again")),
    }
}

fn finding(required: bool, (why, help): Cause, names: &[PackageName]) -> Finding {
    let all = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let whose = if names.len() == 1 { "the API of" } else { "the APIs of" };
    let message = format!("{whose} {all} could not be compared with the last release: {why}");
    let code = Code::ApiNotCompared;
    let finding = if required { Finding::error(code, message) } else { Finding::warning(code, message) };
    let finding = finding.help(help);
    match names {
        [only] => finding.package(only),
        [] | [_, ..] => finding,
    }
}

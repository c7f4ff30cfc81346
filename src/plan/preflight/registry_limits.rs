//! What a registry's own rules say of this release before anything is uploaded: its web site's facts, and how much it takes
//! at once.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::check;
use crate::check::Code;
use crate::check::Finding;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedPackage;
use crate::snapshot::CrateRecord;
use crate::snapshot::Listing;
use crate::snapshot::Site;
use crate::snapshot::Token;

/// All findings about the registries of the packages that are released.
pub(crate) fn findings(inputs: &PlanInputs<'_>, packages: &[PlannedPackage]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, registry) in &inputs.snapshot.registries {
        let bound: Vec<&PlannedPackage> = packages.iter().filter(|package| package.registries.contains(name)).collect();
        if bound.is_empty() {
            continue;
        }
        found.extend(no_token(name, registry.token));
        found.extend(registry.site.iter().flat_map(|site| {
            let (is_closed, owners) = (registry.auth_required, inputs.config.workspace.check.owners.as_slice());
            of_site(WebAnswers { registry: name, site, is_closed, owners, is_trusted: None }, &bound)
        }));
        found.extend(rate(inputs, name, &bound));
    }
    found
}

/// That no token is at hand: the upload would be refused after the branch was pushed.
fn no_token(registry: &RegistryName, token: Token) -> Option<Finding> {
    let variable = match registry.is_crates_io() {
        true => "CARGO_REGISTRY_TOKEN".to_owned(),
        false => format!("CARGO_REGISTRIES_{}_TOKEN", registry.as_str().to_uppercase().replace('-', "_")),
    };
    let help = format!("log in: `cargo login --registry {registry}`, or set `{variable}`");
    let message = format!("cargo has no token for {registry:#}, so nothing could be uploaded");
    (token == Token::Absent).then(|| Finding::error(Code::NoToken, message).help(help))
}

/// What the web API of a registry said, and what it is compared with.
#[derive(Clone, Copy)]
struct WebAnswers<'a> {
    registry: &'a RegistryName,
    site: &'a Site,
    /// Whether the registry shows nothing without a token.
    is_closed: bool,
    /// `[check] owners`.
    owners: &'a [String],
    /// Whether the upload would use a token of trusted publishing; none where nobody knows yet.
    is_trusted: Option<bool>,
}

/// What a release knows of itself that the web API's answers are compared with.
pub(crate) struct Upcoming<'a> {
    /// The packages that are released.
    pub packages: &'a [PlannedPackage],
    /// `[check] owners`.
    pub owners: &'a [String],
    /// The registries that are uploaded to with a token of trusted publishing.
    pub trusted: &'a BTreeSet<RegistryName>,
}

/// What the web APIs of registries say against packages that are about to be uploaded.
pub(crate) fn registry_findings(sites: &BTreeMap<RegistryName, Site>, upcoming: &Upcoming<'_>) -> Vec<Finding> {
    let of_registry = |(registry, site): (&RegistryName, &Site)| {
        let packages = upcoming.packages.iter();
        let bound: Vec<&PlannedPackage> = packages.filter(|package| package.registries.contains(registry)).collect();
        let is_trusted = Some(upcoming.trusted.contains(registry));
        let answers = WebAnswers { registry, site, is_closed: false, owners: upcoming.owners, is_trusted };
        if bound.is_empty() { Vec::new() } else { of_site(answers, &bound) }
    };
    sites.iter().flat_map(of_registry).collect()
}

fn of_site(answers: WebAnswers<'_>, bound: &[&PlannedPackage]) -> Vec<Finding> {
    let WebAnswers { registry, site, is_closed, .. } = answers;
    let read_only = site.read_only.then(|| {
        Finding::error(Code::RegistryReadOnly, format!("{registry:#} is in read-only mode and accepts no uploads"))
            .help("wait until it accepts uploads again; see its status page")
    });
    let silent = site.silent.as_ref().map(|why| {
        let message = format!("cannot check crate names, owners and trusted publishing in {registry:#}: {why}");
        let help = match is_closed || answers.is_trusted.is_some() {
            true => "check them on its website; any problem will show at the upload",
            false => "check again without `--offline`",
        };
        Finding::warning(Code::RegistryNotAsked, message).help(help)
    });
    let records = bound.iter().filter_map(|package| Some((&package.name, site.crates.get(&package.name)?)));
    let of_crates = records.flat_map(|(name, record)| of_crate(answers, name, record));
    read_only.into_iter().chain(silent).chain(of_crates).collect()
}

fn of_crate(answers: WebAnswers<'_>, name: &PackageName, record: &CrateRecord) -> Vec<Finding> {
    let registry = answers.registry;
    if record.name != *name {
        let message = format!("`{name}` is refused by {registry:#}: crate was previously named `{}`", record.name);
        let help = "names that differ only in case, `-` or `_` are the same crate: choose another name or the existing spelling";
        return vec![Finding::error(Code::NameSpelledOtherwise, message).package(name).help(help)];
    }
    // In the workflow that may publish it, all is well.
    let is_refused = record.trusted_publishing_only && answers.is_trusted != Some(true);
    let trusted = is_refused.then(|| {
        let message = format!("`{name}` accepts new versions only from trusted publishing; a token is refused");
        let finding = match answers.is_trusted {
            Some(_) => Finding::error(Code::TrustedPublishingOnly, message),
            None => Finding::warning(Code::TrustedPublishingOnly, message),
        };
        finding.package(name).help("release it from its CI workflow")
    });
    trusted.into_iter().chain(owners(answers, name, &record.owners)).collect()
}

fn owners(answers: WebAnswers<'_>, name: &PackageName, there: &[String]) -> Option<Finding> {
    let WebAnswers { registry, owners: wanted, .. } = answers;
    if wanted.is_empty() || there.is_empty() {
        return None;
    }
    let is_there = |owner: &&String| there.iter().any(|there| there.eq_ignore_ascii_case(owner));
    let missing: Vec<&str> = wanted.iter().filter(|owner| !is_there(owner)).map(String::as_str).collect();
    let all = there.join(", ");
    if missing.len() == wanted.len() {
        let message =
            format!("`{name}` in {registry:#} belongs to {all}: this crate exists but you don't seem to be an owner");
        let help = "choose another name, or ask an owner to invite you; `[check] owners` names the expected owners";
        return Some(Finding::error(Code::NotAnOwner, message).package(name).help(help));
    }
    let message = format!("`{name}` in {registry:#} belongs to {all}, not to {}", missing.join(", "));
    let help = format!("`cargo owner --add {} {name}`", missing.first().copied().unwrap_or_default());
    (!missing.is_empty()).then(|| Finding::warning(Code::OwnersDiffer, message).package(name).help(help))
}

/// How many go at once, and how long the rest takes, as far as nothing else was released by the same account.
fn rate(inputs: &PlanInputs<'_>, registry: &RegistryName, bound: &[&PlannedPackage]) -> Vec<Finding> {
    if !registry.is_crates_io() {
        return Vec::new();
    }
    let is_new = |package: &&&PlannedPackage| matches!(inputs.listing(&package.name, registry), Some(Listing::Absent));
    let new = bound.iter().filter(is_new).count();
    let limits = &inputs.config.workspace.rate_limit;
    let kinds = [
        (new, (limits.new_packages, check::NEW_CRATES), "new crates"),
        (bound.len() - new, (limits.existing_packages, check::NEW_VERSIONS), "new versions"),
    ];
    let found = |(count, (at_once, minutes), what): (usize, (usize, usize), &str)| {
        let left = count.checked_sub(at_once).filter(|left| *left > 0)?;
        let message = format!(
            "{count} {what} go to {registry:#}, which accepts {at_once} at once, then one every {}: the rest takes {}",
            duration(minutes),
            duration(left * minutes)
        );
        Some(
            Finding::warning(Code::RateLimit, message)
                .help("the release waits for it; `[publish] deadline` stops it before a CI job ends, to be resumed"),
        )
    };
    kinds.into_iter().filter_map(found).collect()
}

fn duration(minutes: usize) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

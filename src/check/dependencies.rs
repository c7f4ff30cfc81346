//! What the package needs: how much, from where, and in which versions.

use semver::VersionReq;

use super::RuleSubject;
use super::codes::Code;
use super::document::CheckedDependency;
use super::document::NormalisedManifest;
use super::finding::Finding;
use super::limits;
use super::name;
use super::name::NameKind;

/// Where the registry says why.
const FAQ: &str = "https://doc.rust-lang.org/cargo/faq.html#can-libraries-use--as-a-version-for-their-dependencies";

pub(super) fn count(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Option<Finding> {
    let (has, limit) = (manifest.dependencies().len(), limits::DEPENDENCIES);
    let why = format!("crates.io only allows a maximum number of {limit} dependencies");
    let finding = || Finding::error(Code::TooManyDependencies, format!("{} is refused: {why}", subject.title()));
    (has > limit).then(|| subject.place(finding(), &["dependencies"]).help(format!("it has {has}, of all kinds")))
}

/// A rule for one dependency: why it is refused, with the code and what to do.
type Rule = fn(&CheckedDependency<'_>) -> Option<(Code, String, &'static str)>;

pub(super) fn each(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>, whose: &[Rule]) -> Vec<Finding> {
    let mut found = Vec::new();
    for dependency in manifest.dependencies() {
        let is_at_home = dependency.text("registry-index").is_some_and(|index| subject.known.own_index == Some(index));
        let broken = whose.iter().filter_map(|rule| rule(&dependency));
        let broken = broken.filter(|(code, _, _)| !is_at_home || *code != Code::DependencyRegistry);
        found.extend(broken.map(|(code, why, help)| {
            let finding = Finding::error(code, format!("{} is refused: {why}", subject.title()));
            subject.place(finding, &dependency.path()).help(help)
        }));
    }
    found
}

/// What every registry asks: that it can be read.
pub(super) const EVERYWHERE: [Rule; 2] = [names, requirement];
/// What crates.io asks.
pub(super) const CRATES_IO: [Rule; 3] = [another_registry, another_index, wildcard];

fn names(dependency: &CheckedDependency<'_>) -> Option<(Code, String, &'static str)> {
    let package = name::refused(dependency.package(), NameKind::Dependency);
    let renamed = dependency.text("package").is_some();
    let why = package.or_else(|| renamed.then(|| name::refused(dependency.key, NameKind::Renamed)).flatten())?;
    Some((Code::DependencyName, why, "no such crate can be in a registry"))
}

fn requirement(dependency: &CheckedDependency<'_>) -> Option<(Code, String, &'static str)> {
    let text = dependency.text("version")?;
    let why = format!("\"{text}\" is an invalid version requirement");
    VersionReq::parse(text).is_err().then_some((Code::RequirementInvalid, why, "write it as `1.2`"))
}

fn another_registry(dependency: &CheckedDependency<'_>) -> Option<(Code, String, &'static str)> {
    let name = dependency.package();
    let why = format!(
        "Dependency `{name}` is hosted on another registry. Cross-registry dependencies are not permitted on crates.io"
    );
    let registry = dependency.text("registry").filter(|registry| !registry.is_empty());
    registry.map(|_| (Code::DependencyRegistry, why, "publish it to crates.io first"))
}

/// Cargo's own refusal: the registry does not look at the index, and would take a crate of the same name.
fn another_index(dependency: &CheckedDependency<'_>) -> Option<(Code, String, &'static str)> {
    let name = dependency.package();
    let index = dependency.text("registry-index").filter(|index| !is_crates_io(index))?;
    let why = format!(
        "crates cannot be published to crates.io with dependencies sourced from other registries; `{name}` is from {index}"
    );
    Some((Code::DependencyRegistry, why, "publish it to crates.io first"))
}

fn is_crates_io(index: &str) -> bool {
    index == crates_index::sparse::URL || index == crates_index::git::URL
}

/// A dependency without a requirement counts as `*`.
fn wildcard(dependency: &CheckedDependency<'_>) -> Option<(Code, String, &'static str)> {
    let any = match dependency.text("version") {
        Some(text) => VersionReq::parse(text).is_ok_and(|requirement| requirement == VersionReq::STAR),
        None => true,
    };
    let name = dependency.package();
    let why = format!(
        "wildcard (`*`) dependency constraints are not allowed on crates.io. Crate with this problem: `{name}` See {FAQ}"
    );
    any.then_some((
        Code::RequirementWildcard,
        why,
        "name the version that it is tested with; `>=0` would pass, and is worse",
    ))
}

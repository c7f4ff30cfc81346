//! Names of features, and what they enable.

use unicode_ident::is_xid_continue;
use unicode_ident::is_xid_start;

use super::RuleSubject;
use super::codes::Code;
use super::document::NormalisedManifest;
use super::document::texts;
use super::finding::Finding;
use super::limits;
use super::name;
use super::name::NameKind;

pub(super) fn counts(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let (features, limit) = (manifest.features(), limits::FEATURES);
    let title = subject.title();
    let help = format!("crates.io may lift the limit for a crate on request; it is {limit}");
    let many = (features.len() > limit).then(|| {
        let why = format!("crates.io only allows a maximum number of {limit} features");
        let message = format!("{title} is refused: {why}, but your crate is declaring {} features", features.len());
        subject.place(Finding::error(Code::TooManyFeatures, message), &["features"]).help(help.as_str())
    });
    let wide = features.iter().filter(|(_, values)| values.len() > limit).map(|(name, values)| {
        let why = format!("a maximum number of {limit} features or dependencies that another feature can enable");
        let has = format!("the \"{name}\" feature of your crate is enabling {}", values.len());
        let message = format!("{title} is refused: crates.io only allows {why}, but {has}");
        subject.place(Finding::error(Code::FeatureTooWide, message), &["features", name]).help(help.as_str())
    });
    many.into_iter().chain(wide).collect()
}

pub(super) fn names(subject: &RuleSubject<'_>, manifest: &NormalisedManifest<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (feature, values) in manifest.features() {
        let own = refused(feature).map(|why| (Code::FeatureName, why));
        let enabled = values.into_iter().filter_map(value_refused).map(|why| (Code::FeatureValue, why));
        found.extend(own.into_iter().chain(enabled).map(|(code, why)| {
            let finding = Finding::error(code, format!("{} is refused: {why}", subject.title()));
            subject.place(finding, &["features", feature]).help("rename it")
        }));
    }
    for dependency in manifest.dependencies() {
        let asked = dependency.item.get("features").map(texts).unwrap_or_default();
        found.extend(asked.into_iter().filter_map(value_refused).map(|why| {
            let finding = Finding::error(Code::FeatureValue, format!("{} is refused: {why}", subject.title()));
            subject.place(finding, &dependency.path()).help("name a feature of the dependency")
        }));
    }
    found
}

/// Why this is no name of a feature, in the registry's words.
fn refused(feature: &str) -> Option<String> {
    let Some(first) = feature.chars().next() else { return Some("feature cannot be empty".to_owned()) };
    let odd = |c: char, why: &str| Some(format!("invalid character `{c}` in feature `{feature}`, {why}"));
    if !is_xid_start(first) && first != '_' && !first.is_ascii_digit() {
        let why =
            "the first character must be a Unicode XID start character or digit (most letters or `_` or `0` to `9`)";
        return odd(first, why);
    }
    let inner = |c: &char| is_xid_continue(*c) || matches!(c, '+' | '-' | '.');
    let why =
        "characters must be Unicode XID characters, `+`, `-`, or `.` (numbers, `+`, `-`, `_`, `.`, or most letters)";
    feature.chars().skip(1).find(|c| !inner(c)).and_then(|c| odd(c, why))
}

/// Why a feature can enable no such thing: `feature`, `dep:dependency`, `dependency/feature`, `dependency?/feature`.
fn value_refused(value: &str) -> Option<String> {
    if let Some((dependency, feature)) = value.split_once('/') {
        let dependency = dependency.strip_suffix('?').unwrap_or(dependency);
        return name::refused(dependency, NameKind::Renamed).or_else(|| refused(feature));
    }
    match value.split_once("dep:") {
        Some((_, dependency)) => name::refused(dependency, NameKind::Renamed),
        None => refused(value),
    }
}

//! What a crate and its version may be called.

use super::RuleSubject;
use super::codes::Code;
use super::finding::Finding;
use super::limits;
use super::reserved;

/// What a name is the name of; the registry's words say it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKind {
    /// A crate.
    Crate,
    /// A dependency's crate.
    Dependency,
    /// The key of a renamed dependency, which may begin with `_`.
    Renamed,
}

impl NameKind {
    fn word(self) -> &'static str {
        match self {
            Self::Crate => "crate",
            Self::Dependency | Self::Renamed => "dependency",
        }
    }
}

pub(super) fn crate_name(subject: &RuleSubject<'_>) -> Option<Finding> {
    let why = refused(&subject.packed.name.to_string(), NameKind::Crate)?;
    let finding = Finding::error(Code::CrateName, format!("{} is refused: {why}", subject.title()));
    Some(subject.place(finding, &["package", "name"]).help("choose a different `name`"))
}

/// Why no registry would take a crate of this name, in its words.
pub(crate) fn refused_crate(name: &str) -> Option<String> {
    refused(name, NameKind::Crate)
}

/// Why this is no name, in the registry's words.
pub(super) fn refused(name: &str, named: NameKind) -> Option<String> {
    let what = named.word();
    if name.chars().count() > limits::NAME {
        return Some(format!("the {what} name `{name}` is too long (max {} characters)", limits::NAME));
    }
    let Some(first) = name.chars().next() else { return Some(format!("{what} name cannot be empty")) };
    if first.is_ascii_digit() {
        let why = "the name cannot start with a digit";
        return Some(format!("the name `{name}` cannot be used as a {what} name, {why}"));
    }
    let begins_well = first.is_ascii_alphabetic() || (first == '_' && named == NameKind::Renamed);
    if !begins_well {
        let or = if named == NameKind::Renamed { ", or `_`" } else { "" };
        let why = format!("the first character must be an ASCII character{or}");
        return Some(format!("invalid character `{first}` in {what} name: `{name}`, {why}"));
    }
    let odd = name.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-' && *c != '_')?;
    let why = "characters must be an ASCII alphanumeric characters, `-`, or `_`";
    Some(format!("invalid character `{odd}` in {what} name: `{name}`, {why}"))
}

pub(super) fn version(subject: &RuleSubject<'_>) -> Option<Finding> {
    let long = subject.packed.version.to_string().len() > limits::VERSION;
    let why = format!("the version number is too long (max {} characters)", limits::VERSION);
    let finding = || Finding::error(Code::VersionTooLong, format!("`{}` is refused: {why}", subject.packed.name));
    long.then(|| subject.place(finding(), &["package", "version"]).help("shorten its pre-release or build metadata"))
}

pub(super) fn reserved(subject: &RuleSubject<'_>) -> Option<Finding> {
    let name = canonical(subject.packed.name.as_str());
    let is_reserved = reserved::NAMES.contains(&name.as_str());
    let message = format!("{} is refused: cannot upload a crate with a reserved name", subject.title());
    let finding = || Finding::error(Code::NameReserved, message);
    is_reserved.then(|| subject.place(finding(), &["package", "name"]).help("choose a different `name`"))
}

/// As the registry compares names: in lower case, `-` and `_` alike.
pub(crate) fn canonical(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

//! The rules of publishing, one small function each, over a packed archive and what is known of its registry. Pure; this
//! room may use `manifest`, `names` and `error`.
//!
//! The rules belong to a registry: [`Rules::CratesIo`] are what crates.io refuses, in its own words, beside what every
//! registry and cargo ask ([`Rules::Protocol`]). What people regret after a permanent publish is asked of all. Every code is
//! in [`Code`], with what it means and where its rule comes from.

mod categories;
mod codes;
mod dependencies;
mod document;
mod features;
mod finding;
mod levels;
mod licences;
mod limits;
mod litter;
mod manifest;
mod name;
mod packed;
mod readme;
mod reserved;
mod secrets;
mod tarball;
#[cfg(test)]
mod tests;
mod types;

use std::collections::BTreeSet;

pub(crate) use self::codes::AtLast;
pub use self::codes::Code;
pub(crate) use self::codes::ONLY_THE_ATTEMPT_TELLS;
pub(crate) use self::codes::explained;
#[cfg(test)]
pub(crate) use self::codes::page;
use self::document::NormalisedManifest;
pub(crate) use self::finding::Finding;
pub(crate) use self::finding::Severity;
pub(crate) use self::levels::Levels;
pub(crate) use self::limits::NEW_CRATES;
pub(crate) use self::limits::NEW_VERSIONS;
pub(crate) use self::name::refused_crate;
pub(crate) use self::packed::PackedArchive;
use crate::names::RepoPath;

/// Whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// What crates.io refuses, too.
    CratesIo,
    /// What cargo and the protocol of registries ask.
    Protocol,
}

/// What is known beside the archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownFacts<'a> {
    /// The categories of the registry.
    pub categories: Categories<'a>,
    /// Every file of the commit that was packed; none where that is not known.
    pub tree: Option<&'a BTreeSet<RepoPath>>,
    /// The index of the registry that the package goes to, where that is not crates.io: what crates.io says of
    /// dependencies from elsewhere then means elsewhere than there.
    pub own_index: Option<&'a str>,
}

/// The categories of a registry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Categories<'a> {
    /// As the registry lists them.
    Listed(&'a [String]),
    /// It was not asked; our list may be too old.
    NotAsked,
}

impl KnownFacts<'_> {
    /// Nothing but the archive.
    pub(crate) const NOTHING: KnownFacts<'static> =
        KnownFacts { categories: Categories::NotAsked, tree: None, own_index: None };
}

/// What a rule looks at.
struct RuleSubject<'a> {
    packed: &'a PackedArchive,
    manifest: Option<&'a NormalisedManifest<'a>>,
    known: &'a KnownFacts<'a>,
}

impl RuleSubject<'_> {
    /// The package with its version, as it is spoken of.
    fn title(&self) -> String {
        format!("`{} {}`", self.packed.name, self.packed.version)
    }

    /// Says that a finding is about the package.
    fn about(&self, finding: Finding) -> Finding {
        finding.package(&self.packed.name)
    }

    /// Says that a finding is about a packed file.
    fn file(&self, finding: Finding, path: &str) -> Finding {
        self.about(finding).at(&self.packed.place(path), None)
    }

    /// Says that a finding is about a key of the manifest.
    fn place(&self, finding: Finding, key: &[&str]) -> Finding {
        match self.manifest {
            Some(manifest) => manifest.place(finding, key),
            None => self.file(finding, "Cargo.toml"),
        }
    }
}

/// What is left of the findings of a plan that is checked and not carried out: in a pull request no branch is checked out,
/// history may be cut off, and nothing will be pushed.
pub(crate) fn without_release(found: Vec<Finding>) -> Vec<Finding> {
    let of_release = [
        Code::DetachedHead,
        Code::BranchNotAllowed,
        Code::BehindRemote,
        Code::NoRemote,
        Code::RemoteUnknown,
        Code::CommitIdentity,
        Code::CannotSign,
        Code::NotProposed,
    ];
    let kept = found.into_iter().filter(|finding| !of_release.contains(&finding.code));
    let told = |finding: Finding| match finding.code == Code::ShallowClone {
        true => Finding { severity: Severity::Warning, ..finding },
        false => finding,
    };
    kept.map(told).collect()
}

/// Everything that is to be said of an archive: all rules run, none of them first.
pub(crate) fn findings(packed: &PackedArchive, rules: Rules, known: &KnownFacts<'_>) -> Vec<Finding> {
    let (manifest, unreadable) = match NormalisedManifest::read(packed) {
        Some(Ok(manifest)) => (Some(manifest), None),
        Some(Err(why)) => (None, Some(why)),
        None => (None, None),
    };
    let subject = RuleSubject { packed, manifest: manifest.as_ref(), known };
    let mut found: Vec<Finding> = unreadable.map(|why| manifest::unreadable(&subject, &why)).into_iter().collect();
    found.extend(refusals(&subject, rules));
    found.extend(regrets(&subject, rules));
    found
}

/// What is refused, and nothing else: for the registry that refuses.
pub(crate) fn refused(packed: &PackedArchive, rules: Rules) -> Vec<Finding> {
    let regretted = [Code::Secret, Code::SecretFile, Code::LfsPointer];
    let all = findings(packed, rules, &KnownFacts::NOTHING);
    all.into_iter().filter(|finding| finding.is_error() && !regretted.contains(&finding.code)).collect()
}

fn refusals(subject: &RuleSubject<'_>, rules: Rules) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(name::crate_name(subject));
    found.extend(tarball::readable(subject));
    found.extend(tarball::paths(subject));
    found.extend(tarball::kinds(subject));
    found.extend(tarball::one_manifest(subject));
    found.extend(tarball::special_characters(subject));
    found.extend(tarball::windows_names(subject));
    if let Some(manifest) = subject.manifest {
        found.extend(manifest::shape(subject, manifest));
        found.extend(manifest::library(subject, manifest));
        found.extend(manifest::same(subject, manifest));
        found.extend(manifest::rust_version(subject, manifest));
        found.extend(features::names(subject, manifest));
        found.extend(dependencies::each(subject, manifest, &dependencies::EVERYWHERE));
    }
    match rules {
        Rules::CratesIo => found.extend(refusals_of_crates_io(subject)),
        Rules::Protocol => {}
    }
    found
}

fn refusals_of_crates_io(subject: &RuleSubject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(name::version(subject));
    found.extend(name::reserved(subject));
    found.extend(tarball::packed_size(subject));
    found.extend(tarball::metadata_size(subject));
    if let Some(manifest) = subject.manifest {
        found.extend(manifest::required(subject, manifest));
        found.extend(manifest::description(subject, manifest));
        found.extend(licences::expression(subject, manifest));
        found.extend(manifest::links(subject, manifest));
        found.extend(manifest::keywords(subject, manifest));
        found.extend(manifest::categories(subject, manifest));
        found.extend(features::counts(subject, manifest));
        found.extend(dependencies::count(subject, manifest));
        found.extend(dependencies::each(subject, manifest, &dependencies::CRATES_IO));
    }
    found
}

fn regrets(subject: &RuleSubject<'_>, rules: Rules) -> Vec<Finding> {
    let mut found = [secrets::findings(subject), litter::findings(subject)].concat();
    if let (Some(manifest), Rules::CratesIo) = (subject.manifest, rules) {
        found.extend(licences::text(subject, manifest));
        found.extend(readme::present(subject, manifest));
        found.extend(readme::links(subject, manifest));
        found.extend(readme::repository(subject, manifest));
        found.extend(readme::rust_version(subject, manifest));
    }
    found
}

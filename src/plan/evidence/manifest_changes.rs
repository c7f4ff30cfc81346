//! What the manifest itself says: the one of the last release against the present one, in normal form. Also what
//! `Cargo.lock` pins for binaries.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use rayon::iter::IntoParallelRefIterator as _;
use rayon::iter::ParallelIterator as _;

use crate::config::BumpSettings;
use crate::error::Result;
use crate::level::Level;
use crate::manifest::DependencyKey;
use crate::manifest::Difference;
use crate::manifest::Manifest;
use crate::manifest::Normal;
use crate::manifest::Required;
use crate::manifest::compare;
use crate::manifest::compare_targets;
use crate::manifest::lock;
use crate::names::CommitId;
use crate::names::RepoPath;
use crate::phrase;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::LastRelease;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// A package as it is now.
pub(crate) struct Now<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) package: &'a Package,
    pub(crate) manifest: &'a Normal,
    pub(crate) before: &'a Before<'a>,
    pub(crate) settings: &'a BumpSettings,
}

/// What manifests inherited from at the last releases, many of which are in one commit.
pub(crate) struct Before<'a> {
    roots: BTreeMap<&'a CommitId, Manifest>,
    members: BTreeSet<&'a str>,
}

impl<'a> Before<'a> {
    /// Reads it.
    ///
    /// # Errors
    /// A root manifest did not parse then.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Result<Self> {
        let path = snapshot.workspace.dir.join("Cargo.toml");
        let texts: Vec<_> = snapshot.repository.history.texts.iter().collect();
        let root = |(commit, texts): &(&'a CommitId, &BTreeMap<RepoPath, String>)| {
            Ok((*commit, Manifest::parse(&path, texts.get(&path).map_or("", String::as_str))?))
        };
        let roots: Vec<Result<_>> = texts.par_iter().map(root).collect();
        let roots = roots.into_iter().collect::<Result<_>>()?;
        let members = snapshot.workspace.packages.iter().map(|member| member.name.as_str()).collect();
        Ok(Self { roots, members })
    }
}

/// The manifest of a release against the present one.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// The reasons that it gives.
    pub(crate) reasons: Vec<Reason>,
    /// Whether it says the same to those who use the package.
    pub(crate) is_same: bool,
}

/// Compares the manifest with that of a release; nothing comes of it where the package is not found there.
pub(crate) fn since(last: &LastRelease, now: &Now<'_>) -> Result<Compared> {
    let texts = now.snapshot.repository.history.texts.get(&last.commit);
    let root = now.before.roots.get(&last.commit);
    let (Some(dir), Some(texts), Some(root)) = (&last.dir, texts, root) else { return Ok(Compared::default()) };
    let path = dir.join("Cargo.toml");
    let Some(text) = texts.get(&path) else { return Ok(Compared::default()) };
    let before = root.member(&path, text)?;
    let before = before.normal();
    let name = now.package.name.as_str();
    let targets = [before.targets(name, &last.entry_points), now.manifest.targets(name, &now.package.entry_points)];
    let found = compare(before, now.manifest).into_iter().chain(compare_targets(&targets[0], &targets[1]));
    let seen = now.snapshot.signatures.get(&now.package.name).map_or(&[][..], |known| &known.crates);
    let judge = DifferenceJudge { members: &now.before.members, settings: now.settings, seen };
    let mut reasons: Vec<Reason> = found.filter_map(|difference| judge.reason(&difference)).collect();
    let lock = now.snapshot.workspace.dir.join("Cargo.lock");
    if let (Some(before), Some(after)) = (texts.get(&lock), now.snapshot.workspace.texts.get(&lock))
        && now.package.is_program()
    {
        let direct = now.manifest.dependencies.values().map(|required| required.package.as_str()).collect();
        reasons.extend(repinned(name, &direct, before, after)?);
    }
    Ok(Compared { reasons, is_same: before == now.manifest })
}

/// What a lock file pins otherwise than before.
fn repinned(name: &str, direct: &BTreeSet<&str>, before: &str, after: &str) -> Result<Option<Reason>> {
    if before == after {
        return Ok(None);
    }
    let (before, after) = (lock::pinned(before, name, direct)?, lock::pinned(after, name, direct)?);
    let changed: Vec<&String> = before
        .iter()
        .filter(|(name, versions)| after.get(*name) != Some(versions))
        .map(|(name, _)| name)
        .chain(after.keys().filter(|name| !before.contains_key(*name)))
        .collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let changed = phrase::first(changed.iter().map(|name| format!("`{name}`")), 1);
    Ok(Some(reason("Cargo.lock", Level::Patch, format!("its binaries are built with a different {changed}"))))
}

/// What differences mean to those who use a package.
struct DifferenceJudge<'a> {
    members: &'a BTreeSet<&'a str>,
    settings: &'a BumpSettings,
    /// The crates whose types are in the API, as far as it was looked at.
    seen: &'a [String],
}

impl DifferenceJudge<'_> {
    fn reason(&self, difference: &Difference) -> Option<Reason> {
        let feature = |name: &str, level, what: String| Some(reason(&format!("features.{name}"), level, what));
        let package = |key: &str, level, what: String| Some(reason(&format!("package.{key}"), level, what));
        let list = |names: &[String]| format!("`{}`", names.join("`, `"));
        match difference {
            Difference::FeatureRemoved { name, implied: true } => {
                let what = format!("optional dependency `{name}` removed, and with it the feature of that name");
                feature(name, Level::Breaking, what)
            }
            Difference::FeatureRemoved { name, implied: false } => {
                feature(name, Level::Breaking, format!("feature `{name}` removed"))
            }
            Difference::FeatureAdded { name } => feature(name, Level::Feature, format!("feature `{name}` added")),
            Difference::FeatureNarrowed { name, lost } => {
                feature(name, Level::Breaking, format!("feature `{name}` no longer enables {}", list(lost)))
            }
            Difference::FeatureWidened { name, gained } => {
                feature(name, Level::Feature, format!("feature `{name}` enables {}", list(gained)))
            }
            Difference::RustVersionRaised { before, now } => {
                let before = before.as_ref().map_or_else(String::new, |before| format!(" from {before}"));
                let level = self.settings.rust_version;
                package("rust-version", level, format!("rust-version raised{before} to {now}"))
            }
            Difference::Edition { now, declared } => {
                let level = if *declared { Level::Patch } else { self.settings.rust_version };
                package("edition", level.max(Level::Patch), format!("edition changed to {now}"))
            }
            Difference::LinksAdded => package("links", Level::Feature, "`links` added".to_owned()),
            Difference::LinksChanged => package("links", Level::Breaking, "`links` changed".to_owned()),
            Difference::TargetRemoved(target) => {
                Some(reason("targets", Level::Breaking, format!("the {target} was removed")))
            }
            Difference::TargetAdded(target) => {
                Some(reason("targets", Level::Feature, format!("the {target} was added")))
            }
            Difference::DependencyAdded(..)
            | Difference::DependencyRemoved(..)
            | Difference::Requirement { .. }
            | Difference::DependencyFeatures(_)
            | Difference::MadePublic(_) => self.dependency(difference),
        }
        .filter(|reason| reason.level > Level::None)
    }

    fn dependency(&self, difference: &Difference) -> Option<Reason> {
        let at =
            |key: &DependencyKey, level, what: String| Some(reason(&format!("{}.{}", key.table, key.key), level, what));
        match difference {
            Difference::DependencyAdded(key, new) => {
                at(key, Level::Patch, format!("dependency `{}` added", new.package))
            }
            Difference::DependencyRemoved(key, old) => {
                at(key, Level::Patch, format!("dependency `{}` removed", old.package))
            }
            Difference::Requirement { at: key, now, before, incompatible } => {
                self.requirement(key, now, before, *incompatible)
            }
            Difference::DependencyFeatures(key) => {
                at(key, Level::Patch, format!("enables different features of `{}`", key.key))
            }
            Difference::MadePublic(key) => at(key, Level::Feature, format!("dependency `{}` made public", key.key)),
            Difference::FeatureRemoved { .. }
            | Difference::FeatureAdded { .. }
            | Difference::FeatureNarrowed { .. }
            | Difference::FeatureWidened { .. }
            | Difference::RustVersionRaised { .. }
            | Difference::Edition { .. }
            | Difference::LinksAdded
            | Difference::LinksChanged
            | Difference::TargetRemoved(_)
            | Difference::TargetAdded(_) => None,
        }
    }

    /// A requirement of a member is rewritten by releases, and then no evidence, unless the member is part of the API.
    fn requirement(&self, key: &DependencyKey, now: &Required, before: &str, incompatible: bool) -> Option<Reason> {
        let public = now.public || self.settings.is_public(&now.package, self.seen);
        let breaks = public && incompatible;
        if self.members.contains(now.package.as_str()) && !breaks {
            return None;
        }
        let after = now.requirement.as_deref().unwrap_or("any version");
        let what = format!("requires `{}` {after} instead of {before}", now.package);
        let what = if breaks { format!("{what} (a public dependency)") } else { what };
        let level = if breaks { Level::Breaking } else { Level::Patch };
        Some(reason(&format!("{}.{}", key.table, key.key), level, what))
    }
}

fn reason(key: &str, level: Level, summary: String) -> Reason {
    Reason { evidence: Evidence::Manifest { key: key.to_owned() }, level, summary }
}

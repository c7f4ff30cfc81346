//! What was asked for: levels, packages, and how far. A value; [`VersionTarget::apply`] is the arithmetic of levels.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use semver::Prerelease;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::PackageName;
use crate::names::TagName;
use crate::phrase;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "one field a thing that was asked for")]
pub struct Request {
    /// At most one without a package, which holds for the selection, and at most one for each package, which selects
    /// that package and comes before the other. Empty: levels are decided.
    pub levels: Vec<LevelRequest>,
    /// Which packages.
    pub selection: Selection,
    /// The name of the pre-release that versions get (`--pre rc`), whatever the level.
    #[serde(default)]
    pub pre: Option<String>,
    /// Build metadata for the new versions.
    pub metadata: Option<String>,
    /// The tag that changes are counted from, for all packages.
    pub previous_tag: Option<TagName>,
    /// Also packages whose present version is not in the registry.
    pub unpublished: bool,
    /// A breaking change may get a compatible version.
    pub allow_breaking: bool,
    /// No network is used.
    pub offline: bool,
    /// The branch that a detached head stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchName>,
    /// The date of the release in UTC: `2026-11-22`.
    pub today: String,
    /// Changelog entries that were edited (`--edit`); they stand for what is under Unreleased.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entries: BTreeMap<PackageName, String>,
}

/// A level that was asked for: `minor`, `core@minor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelRequest {
    /// The package; none for all that are selected.
    pub package: Option<PackageName>,
    /// The level or version.
    pub target: VersionTarget,
}

/// Which packages were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// These.
    pub packages: Vec<PackageName>,
    /// All members.
    pub workspace: bool,
    /// Not these; alone, all others.
    pub exclude: Vec<PackageName>,
}

/// A level, or a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionTarget {
    /// 1.2.3 to 2.0.0.
    Major,
    /// 1.2.3 to 1.3.0.
    Minor,
    /// 1.2.3 to 1.2.4; 1.2.4-rc.1 to 1.2.4.
    Patch,
    /// 1.2.4-rc.1 to 1.2.4.
    Release,
    /// 1.2.3 to 1.2.4-rc.1, and on to rc.2.
    Rc,
    /// 1.2.3 to 1.2.4-beta.1, and on to beta.2.
    Beta,
    /// 1.2.3 to 1.2.4-alpha.1, and on to alpha.2.
    Alpha,
    /// This version.
    Version(Version),
}

/// The identifiers that a pre-release level may follow, each before the next.
const STAGES: [&str; 3] = ["alpha", "beta", "rc"];

impl Request {
    /// Whether a package is given a level by its name.
    pub fn names(&self, package: &PackageName) -> bool {
        self.levels.iter().any(|asked| asked.package.as_ref() == Some(package))
    }

    /// The level that a package was given, by its name or for all; none where it is to be decided.
    pub fn level_of(&self, package: &PackageName) -> Option<&VersionTarget> {
        let by = |name: Option<&PackageName>| self.levels.iter().find(|asked| asked.package.as_ref() == name);
        by(Some(package)).or_else(|| by(None)).map(|asked| &asked.target)
    }
}

impl VersionTarget {
    /// The levels, in the order in which help texts list them.
    pub const LEVELS: [Self; 7] =
        [Self::Major, Self::Minor, Self::Patch, Self::Release, Self::Rc, Self::Beta, Self::Alpha];

    /// The version that this makes of `current`.
    ///
    /// A level is literal: `minor` on 0.4.1 is 0.5.0, and `major` and `minor` do not finish a pre-release. Build
    /// metadata is dropped where the numbers change, or a pre-release is begun, and kept otherwise. A version without
    /// build metadata takes that of `current`.
    ///
    /// # Errors
    ///
    /// `Unplannable` for a pre-release level below the present one, and for a pre-release that is not of the form
    /// `name` or `name.number`.
    pub fn apply(&self, current: &Version) -> Result<Version> {
        match self {
            Self::Major => Ok(Version::new(next(current.major)?, 0, 0)),
            Self::Minor => Ok(Version::new(current.major, next(current.minor)?, 0)),
            Self::Patch if current.pre.is_empty() => next_patch(current),
            Self::Patch | Self::Release => Ok(Version { pre: Prerelease::EMPTY, ..current.clone() }),
            Self::Rc => prerelease(current, "rc"),
            Self::Beta => prerelease(current, "beta"),
            Self::Alpha => prerelease(current, "alpha"),
            Self::Version(version) if version.build.is_empty() => {
                Ok(Version { build: current.build.clone(), ..version.clone() })
            }
            Self::Version(version) => Ok(version.clone()),
        }
    }

    /// How it is written on the command line.
    fn word(&self) -> Option<&'static str> {
        match self {
            Self::Major => Some("major"),
            Self::Minor => Some("minor"),
            Self::Patch => Some("patch"),
            Self::Release => Some("release"),
            Self::Rc => Some("rc"),
            Self::Beta => Some("beta"),
            Self::Alpha => Some("alpha"),
            Self::Version(_) => None,
        }
    }
}

fn next(number: u64) -> Result<u64> {
    number.checked_add(1).ok_or_else(|| Failure::unplannable(format!("there is no number after {number}")))
}

fn next_patch(current: &Version) -> Result<Version> {
    Ok(Version::new(current.major, current.minor, next(current.patch)?))
}

fn prerelease(current: &Version, stage: &str) -> Result<Version> {
    if current.pre.is_empty() {
        return Ok(Version { pre: numbered(stage, 1)?, ..next_patch(current)? });
    }
    let (present, number) = parts(current)?;
    let rank = |name: &str| STAGES.iter().position(|known| *known == name);
    if rank(present) > rank(stage) {
        return Err(Failure::unplannable(format!("cannot go back from `{current}` to `{stage}`"))
            .help("use the current pre-release level or a later one, or give the version"));
    }
    let number = if present == stage { next(number)? } else { 1 };
    Ok(Version { pre: numbered(stage, number)?, ..current.clone() })
}

/// The name and the number of a pre-release; without a number it counts as 0.
fn parts(version: &Version) -> Result<(&str, u64)> {
    let Some((name, number)) = version.pre.split_once('.') else { return Ok((version.pre.as_str(), 0)) };
    let number = number.parse().map_err(|error: std::num::ParseIntError| {
        Failure::unplannable(format!("the pre-release of `{version}` has no number to increment"))
            .caused_by(error)
            .help("levels support pre-releases such as `dev`, `rc` or `rc.1`; give the version instead")
    })?;
    Ok((name, number))
}

fn numbered(stage: &str, number: u64) -> Result<Prerelease> {
    Prerelease::new(&format!("{stage}.{number}"))
        .map_err(|error| Failure::bug(format!("`{stage}.{number}` is no pre-release")).caused_by(error))
}

impl fmt::Display for VersionTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.word()) {
            (Self::Version(version), _) => version.fmt(f),
            (_, word) => f.pad(word.unwrap_or_default()),
        }
    }
}

impl FromStr for VersionTarget {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        if let Some(level) = Self::LEVELS.into_iter().find(|level| level.word() == Some(text)) {
            return Ok(level);
        }
        Version::parse(text).map(Self::Version).map_err(|error| {
            let failure = Failure::unplannable(format!("`{text}` is neither a level nor a version"));
            match text.strip_prefix('v').map(Version::parse) {
                Some(Ok(version)) => failure.help(format!("did you mean `{version}`?")),
                Some(Err(_)) | None if text.starts_with(|first: char| first.is_ascii_digit()) => {
                    failure.caused_by(error).help("a version has three numbers: `1.2.0`")
                }
                Some(Err(_)) | None => failure.help(nearest_level(text)),
            }
        })
    }
}

fn nearest_level(text: &str) -> String {
    let words = || VersionTarget::LEVELS.iter().filter_map(VersionTarget::word);
    match phrase::similar(text, words()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("the levels are {}", words().collect::<Vec<_>>().join(", ")),
    }
}

impl FromStr for LevelRequest {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        match text.split_once('@') {
            None => Ok(Self { package: None, target: text.parse()? }),
            Some(("", _)) => Err(Failure::unplannable(format!("`{text}` has no package name before the `@`"))),
            Some((name, target)) => Ok(Self { package: Some(PackageName::from(name)), target: target.parse()? }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use semver::BuildMetadata;

    use super::*;

    fn apply(target: &str, current: &str) -> String {
        let target: VersionTarget = target.parse().unwrap();
        match target.apply(&Version::parse(current).unwrap()) {
            Ok(version) => version.to_string(),
            Err(failure) => failure.what().to_owned(),
        }
    }

    /// The table of levels: without and with a pre-release, and what becomes of build metadata.
    #[test]
    fn every_level() {
        let table = [
            ("major", "1.2.3", "2.0.0"),
            ("major", "2.0.0-rc.1", "3.0.0"),
            ("major", "1.2.3+b", "2.0.0"),
            ("minor", "1.2.3", "1.3.0"),
            ("minor", "0.4.1", "0.5.0"),
            ("minor", "1.3.0-rc.1", "1.4.0"),
            ("minor", "1.2.3+b", "1.3.0"),
            ("patch", "1.2.3", "1.2.4"),
            ("patch", "1.2.4-rc.1", "1.2.4"),
            ("patch", "1.2.3+b", "1.2.4"),
            ("patch", "1.2.4-rc.1+b", "1.2.4+b"),
            ("release", "1.2.3", "1.2.3"),
            ("release", "1.2.3+b", "1.2.3+b"),
            ("release", "1.2.4-rc.1", "1.2.4"),
            ("release", "1.2.4-rc.1+b", "1.2.4+b"),
            ("alpha", "1.2.3", "1.2.4-alpha.1"),
            ("alpha", "1.2.3+b", "1.2.4-alpha.1"),
            ("alpha", "1.2.4-alpha.1", "1.2.4-alpha.2"),
            ("alpha", "1.2.4-alpha.1+b", "1.2.4-alpha.2+b"),
            ("alpha", "1.2.4-alpha", "1.2.4-alpha.1"),
            ("alpha", "1.2.4-dev", "1.2.4-alpha.1"),
            ("alpha", "1.2.4-dev.7", "1.2.4-alpha.1"),
            ("alpha", "1.2.4-beta.1", "cannot go back from `1.2.4-beta.1` to `alpha`"),
            ("alpha", "1.2.4-rc.1", "cannot go back from `1.2.4-rc.1` to `alpha`"),
            ("beta", "1.2.3", "1.2.4-beta.1"),
            ("beta", "1.2.4-beta.3", "1.2.4-beta.4"),
            ("beta", "1.2.4-alpha.3", "1.2.4-beta.1"),
            ("beta", "1.2.4-dev", "1.2.4-beta.1"),
            ("beta", "1.2.4-rc.1", "cannot go back from `1.2.4-rc.1` to `beta`"),
            ("rc", "1.2.3", "1.2.4-rc.1"),
            ("rc", "1.2.3+b", "1.2.4-rc.1"),
            ("rc", "1.2.4-rc.1", "1.2.4-rc.2"),
            ("rc", "1.2.4-alpha.1", "1.2.4-rc.1"),
            ("rc", "1.2.4-beta.1", "1.2.4-rc.1"),
            ("rc", "1.2.4-dev", "1.2.4-rc.1"),
            ("rc", "1.2.4-a.b", "the pre-release of `1.2.4-a.b` has no number to increment"),
            ("rc", "1.2.4-alpha.1.2", "the pre-release of `1.2.4-alpha.1.2` has no number to increment"),
            ("3.0.0-x.1", "1.2.3", "3.0.0-x.1"),
            ("3.0.0", "1.2.3+b", "3.0.0+b"),
            ("3.0.0+c", "1.2.3+b", "3.0.0+c"),
        ];
        for (target, current, expected) in table {
            assert_eq!(apply(target, current), expected, "{target} on {current}");
        }
    }

    /// What is no level says which is near.
    #[test]
    fn unknown_levels_name_the_nearest() {
        let table = [
            ("mior", "did you mean `minor`?"),
            ("Major", "did you mean `major`?"),
            ("v1.2.0", "did you mean `1.2.0`?"),
            ("1.2", "a version has three numbers: `1.2.0`"),
            ("xyz", "the levels are major, minor, patch, release, rc, beta, alpha"),
        ];
        for (text, help) in table {
            let failure = text.parse::<VersionTarget>().unwrap_err();
            assert_eq!(failure.what(), format!("`{text}` is neither a level nor a version"));
            assert_eq!(failure.helps(), [help]);
        }
    }

    /// A level may be given to one package, which comes before the level of all.
    #[test]
    fn levels_by_package() {
        let levels = ["minor", "core@1.0.0-rc.1"].map(|text| text.parse::<LevelRequest>().unwrap());
        assert_eq!(levels[1].package, Some(PackageName::from("core")));
        assert!("@minor".parse::<LevelRequest>().is_err());
        assert!("core@".parse::<LevelRequest>().is_err());
        let request = Request {
            levels: levels.to_vec(),
            selection: Selection::default(),
            pre: None,
            metadata: None,
            previous_tag: None,
            unpublished: false,
            allow_breaking: false,
            branch: None,
            offline: false,
            today: "2026-11-22".to_owned(),
            entries: BTreeMap::new(),
        };
        let level = |name| request.level_of(&PackageName::from(name)).map(ToString::to_string);
        assert_eq!(level("core").as_deref(), Some("1.0.0-rc.1"));
        assert_eq!(level("cli").as_deref(), Some("minor"));
    }

    fn versions() -> impl Strategy<Value = Version> {
        let pre = prop_oneof![Just(""), Just("alpha"), Just("beta.2"), Just("rc.1")];
        let build = prop_oneof![Just(""), Just("b.1")];
        (0u64..9, 0u64..9, 0u64..9, pre, build).prop_map(|(major, minor, patch, pre, build)| Version {
            major,
            minor,
            patch,
            pre: Prerelease::new(pre).unwrap(),
            build: BuildMetadata::new(build).unwrap(),
        })
    }

    proptest! {
        /// No level goes down from a pre-release that levels make, and only `release` may stand still.
        #[test]
        fn levels_go_up(current in versions()) {
            for level in VersionTarget::LEVELS {
                let Ok(version) = level.apply(&current) else { continue };
                let order = version.cmp_precedence(&current);
                prop_assert!(order.is_gt() || (order.is_eq() && level == VersionTarget::Release), "{} {}", level, current);
            }
        }

        /// What is written is read back.
        #[test]
        fn targets_are_written_as_read(version in versions()) {
            for target in VersionTarget::LEVELS.into_iter().chain([VersionTarget::Version(version.clone())]) {
                prop_assert_eq!(&target.to_string().parse::<VersionTarget>().unwrap(), &target);
                let json = serde_json::to_string(&target).unwrap();
                prop_assert_eq!(serde_json::from_str::<VersionTarget>(&json).unwrap(), target);
            }
        }
    }
}

//! From a level to a version, by cargo's convention, and back.

use semver::BuildMetadata;
use semver::Prerelease;
use semver::Version;

use crate::config::FeaturesInZero;
use crate::level::Level;

/// The version that a level leads to.
///
/// From 1.0: Breaking major, Feature minor, Patch patch. In 0.y: Breaking y+1, else z+1. In 0.0.z always z+1. A
/// pre-release goes on in its series; leaving it is only ever asked for.
pub(crate) fn raised(current: &Version, level: Level, features: FeaturesInZero) -> Version {
    if level == Level::None {
        return current.clone();
    }
    if !current.pre.is_empty() {
        return next_in_series(current);
    }
    let (major, minor, patch) = (current.major, current.minor, current.patch);
    match (major, minor, level) {
        (0, 0, _) => Version::new(0, 0, patch + 1),
        (0, _, Level::Breaking) => Version::new(0, minor + 1, 0),
        (0, _, Level::Feature) if features == FeaturesInZero::Minor => Version::new(0, minor + 1, 0),
        (_, _, Level::Breaking) => Version::new(major + 1, 0, 0),
        (1.., _, Level::Feature) => Version::new(major, minor + 1, 0),
        (_, _, Level::Feature | Level::Patch | Level::None) => Version::new(major, minor, patch + 1),
    }
}

/// The version that a level leads to from a pre-release, given the last stable release: the series goes on where its
/// target still says enough, and moves to a higher target where it does not.
///
/// After 1.2.3, `1.3.0-rc.1` goes on to `1.3.0-rc.2`, until something breaks: `2.0.0-rc.1`.
pub(crate) fn raised_in_series(stable: &Version, current: &Version, level: Level, features: FeaturesInZero) -> Version {
    let target = raised(stable, level, features);
    let present = Version::new(current.major, current.minor, current.patch);
    if target <= present {
        return next_in_series(current);
    }
    let id = current.pre.as_str().split('.').next().unwrap_or_default();
    begun(&target, id).unwrap_or(target)
}

/// A version as a pre-release of this name (`--pre ID`), after the present one: the next of the series where that leads
/// to the same version and has the same name, else the first. None where the name cannot be one.
pub(crate) fn as_pre_release(target: &Version, current: &Version, id: &str) -> Option<Version> {
    let numbers = |version: &Version| (version.major, version.minor, version.patch);
    let present = current.pre.as_str().split('.').next().unwrap_or_default();
    if numbers(target) == numbers(current) && present == id {
        return Some(next_in_series(current));
    }
    begun(target, id)
}

/// `1.3.0` → `1.3.0-rc.1`.
fn begun(target: &Version, id: &str) -> Option<Version> {
    let pre = Prerelease::new(&format!("{id}.1")).ok()?;
    Some(Version { pre, build: BuildMetadata::EMPTY, ..target.clone() })
}

/// `1.2.0-rc.1` → `1.2.0-rc.2`; a series without a number begins to count.
fn next_in_series(current: &Version) -> Version {
    let text = current.pre.as_str();
    let next = match text.rsplit_once('.').and_then(|(name, count)| Some((name, count.parse::<u64>().ok()?))) {
        Some((name, count)) => format!("{name}.{}", count + 1),
        None => format!("{text}.1"),
    };
    let pre = Prerelease::new(&next).unwrap_or_else(|_impossible| current.pre.clone());
    Version { pre, build: BuildMetadata::EMPTY, ..current.clone() }
}

/// How compatible one version is with another before it, as cargo's default requirement sees it.
pub(crate) fn compatibility(from: &Version, to: &Version) -> Level {
    let core = |version: &Version| (version.major, version.minor, version.patch);
    let (old, new) = (core(from), core(to));
    if from.cmp_precedence(to).is_eq() {
        return Level::None;
    }
    let breaks = match old {
        (0, 0, _) => old != new,
        (0, ..) => (old.0, old.1) != (new.0, new.1),
        _ => old.0 != new.0,
    };
    if breaks || !from.pre.is_empty() {
        return Level::Breaking;
    }
    if old.0 > 0 && old.1 != new.1 { Level::Feature } else { Level::Patch }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    // Each row: a version, and what patch, feature and breaking make of it.
    #[test]
    fn raised_by_convention() {
        let table = [
            ("1.2.3", ["1.2.4", "1.3.0", "2.0.0"]),
            ("0.4.1", ["0.4.2", "0.4.2", "0.5.0"]),
            ("0.0.7", ["0.0.8", "0.0.8", "0.0.8"]),
            ("1.2.0-rc.1", ["1.2.0-rc.2", "1.2.0-rc.2", "1.2.0-rc.2"]),
            ("1.2.0-alpha", ["1.2.0-alpha.1", "1.2.0-alpha.1", "1.2.0-alpha.1"]),
        ];
        for (current, expected) in table {
            let levels = [Level::Patch, Level::Feature, Level::Breaking];
            let raised = levels.map(|level| raised(&version(current), level, FeaturesInZero::Patch).to_string());
            assert_eq!(raised, expected, "{current}");
        }
        assert_eq!(raised(&version("0.4.1"), Level::Feature, FeaturesInZero::Minor), version("0.5.0"));
    }

    // Each row: the last stable version, the present pre-release, and what patch, feature and breaking make of it.
    #[test]
    fn targets_move_only_up() {
        let table = [
            ("1.2.3", "1.2.4-rc.1", ["1.2.4-rc.2", "1.3.0-rc.1", "2.0.0-rc.1"]),
            ("1.2.3", "1.3.0-beta.2", ["1.3.0-beta.3", "1.3.0-beta.3", "2.0.0-beta.1"]),
            ("1.2.3", "2.0.0-rc.1", ["2.0.0-rc.2", "2.0.0-rc.2", "2.0.0-rc.2"]),
            ("0.4.1", "0.4.2-alpha.1", ["0.4.2-alpha.2", "0.4.2-alpha.2", "0.5.0-alpha.1"]),
            ("0.0.3", "0.0.4-rc.1", ["0.0.4-rc.2", "0.0.4-rc.2", "0.0.4-rc.2"]),
            ("0.9.0", "1.0.0-rc.1", ["1.0.0-rc.2", "1.0.0-rc.2", "1.0.0-rc.2"]),
        ];
        for (stable, current, expected) in table {
            let levels = [Level::Patch, Level::Feature, Level::Breaking];
            let features = FeaturesInZero::Patch;
            let raised =
                levels.map(|level| raised_in_series(&version(stable), &version(current), level, features).to_string());
            assert_eq!(raised, expected, "{stable} {current}");
        }
    }

    // Each row: a target, the present version, and the pre-release of the name `rc` that leads there.
    #[test]
    fn pre_releases_by_name() {
        let table = [
            ("1.3.0", "1.2.3", "1.3.0-rc.1"),
            ("1.3.0", "1.3.0-rc.1", "1.3.0-rc.2"),
            ("1.3.0", "1.3.0-beta.4", "1.3.0-rc.1"),
            ("2.0.0", "1.3.0-rc.7", "2.0.0-rc.1"),
        ];
        for (target, current, expected) in table {
            assert_eq!(as_pre_release(&version(target), &version(current), "rc"), Some(version(expected)), "{target}");
        }
        assert_eq!(as_pre_release(&version("1.3.0"), &version("1.2.3"), "r c"), None);
    }

    // Each row: from, to, and how compatible cargo takes them to be.
    #[test]
    fn compatibility_is_cargos() {
        let table = [
            ("1.2.3", "1.2.4", Level::Patch),
            ("1.2.3", "1.3.0", Level::Feature),
            ("1.2.3", "2.0.0", Level::Breaking),
            ("0.4.1", "0.4.2", Level::Patch),
            ("0.4.1", "0.5.0", Level::Breaking),
            ("0.0.1", "0.0.2", Level::Breaking),
            ("0.9.0", "1.0.0", Level::Breaking),
            ("1.0.0-rc.1", "1.0.0", Level::Breaking),
            ("1.2.3", "1.2.3+meta", Level::None),
        ];
        for (from, to, level) in table {
            assert_eq!(compatibility(&version(from), &version(to)), level, "{from} -> {to}");
        }
    }
}

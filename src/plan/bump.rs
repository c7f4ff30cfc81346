//! From a level to a version, by cargo's convention, and back.

use semver::BuildMetadata;
use semver::Prerelease;
use semver::Version;

use super::value::Level;
use crate::config::FeaturesInZero;

/// The version that a level leads to.
///
/// From 1.0: Breaking major, Feature minor, Patch patch. In 0.y: Breaking y+1, else z+1. In 0.0.z always z+1. A
/// pre-release goes on in its series; leaving it is only ever asked for.
pub(super) fn raised(current: &Version, level: Level, features: FeaturesInZero) -> Version {
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
pub(super) fn compatibility(from: &Version, to: &Version) -> Level {
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

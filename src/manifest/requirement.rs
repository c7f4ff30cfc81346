//! What a dependency asks for: whether it admits a version, and how it reads when it is raised to one.
//!
//! The operator and the precision stay as written; semver cannot tell `1` from `^1`, so this works on the text.

use std::fmt;

use semver::Comparator;
use semver::Op;
use semver::Version;
use semver::VersionReq;

/// Why a requirement is left to its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It has several comparators, or is `>`, `>=`, `<` or `<=`: what its author means by the bounds cannot be known.
    Range,
    /// Its wildcard stands for stable versions only, and the new one is a pre-release.
    Wildcard,
    /// It is not a requirement.
    Unreadable(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range => f.write_str("ranges are not rewritten automatically"),
            Self::Wildcard => f.write_str("a wildcard matches no pre-release"),
            Self::Unreadable(why) => write!(f, "not a version requirement: {why}"),
        }
    }
}

impl std::error::Error for Refused {}

/// Whether a requirement admits a version, as cargo's resolver sees it. A text that is no requirement admits nothing.
pub(crate) fn admits(requirement: &str, version: &Version) -> bool {
    VersionReq::parse(requirement).is_ok_and(|requirement| requirement.matches(version))
}

/// The requirement rewritten so that it admits the new version; `None` where it does so already.
///
/// # Errors
/// It does not admit the new version, and is not of a kind that is rewritten.
pub(crate) fn fix(requirement: &str, new: &Version) -> Result<Option<String>, Refused> {
    if admits(requirement, new) { Ok(None) } else { rewritten(requirement, new).map(Some) }
}

/// The requirement raised to the new version in the precision it has; `None` where that reads the same, and for a range
/// or `*` that admits the new version.
///
/// The precision is widened where it must be: a requirement for `1` says `0.4`, not `0`, for 0.4.2, and a pre-release
/// is written out. One that was loose as written (`0`, `0.0`) stays so.
///
/// # Errors
/// As [`fix`].
pub(crate) fn upgrade(requirement: &str, new: &Version) -> Result<Option<String>, Refused> {
    match rewritten(requirement, new) {
        Ok(text) => Ok((text != requirement).then_some(text)),
        Err(_) if admits(requirement, new) => Ok(None),
        Err(refused) => Err(refused),
    }
}

/// The requirement for the new version, with operator and precision as written.
fn rewritten(requirement: &str, new: &Version) -> Result<String, Refused> {
    let parsed = VersionReq::parse(requirement).map_err(|error| Refused::Unreadable(error.to_string()))?;
    let comparator = match parsed.comparators.as_slice() {
        [] => return Err(Refused::Wildcard),
        [one] if matches!(one.op, Op::Exact | Op::Tilde | Op::Caret | Op::Wildcard) => one,
        _ => return Err(Refused::Range),
    };
    let (lead, rest) = requirement.split_at(requirement.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
    let body = rest.trim_end_matches(' ');
    let trail = &rest[body.len()..];
    let wildcards = body.find(['*', 'x', 'X']).filter(|_| comparator.patch.is_none()).map(|at| &body[at - 1..]);
    let numbers = match wildcards {
        Some(wildcards) => with_wildcards(comparator, wildcards, new)?,
        None => without_wildcards(comparator, new),
    };
    Ok(format!("{lead}{numbers}{trail}"))
}

fn without_wildcards(comparator: &Comparator, new: &Version) -> String {
    if !new.pre.is_empty() {
        return format!("{}-{}", numbers(new, 3), new.pre);
    }
    numbers(new, precision(comparator).max(needed(comparator, new)))
}

/// `wildcards` is what follows the numbers as written: `.*`, `.x`, `.*.*`.
fn with_wildcards(comparator: &Comparator, wildcards: &str, new: &Version) -> Result<String, Refused> {
    if !new.pre.is_empty() {
        return Err(Refused::Wildcard);
    }
    let precision = precision(comparator).max(needed(comparator, new)).min(2);
    let kept = if precision + wildcards.len() / 2 <= 3 { wildcards } else { &wildcards[..2] };
    Ok(format!("{}{kept}", numbers(new, precision)))
}

/// How many numbers are written.
fn precision(comparator: &Comparator) -> usize {
    1 + usize::from(comparator.minor.is_some()) + usize::from(comparator.patch.is_some())
}

/// How many numbers the new version takes at the least, so that the requirement lets in no more than compatible
/// versions. One that was not that strict as written needs no more than it has.
fn needed(comparator: &Comparator, new: &Version) -> usize {
    let zeros = [Some(comparator.major), comparator.minor, comparator.patch];
    let loose = precision(comparator) < 3 && zeros.iter().flatten().all(|number| *number == 0);
    match (loose, new.major, new.minor) {
        (true, _, _) => 1,
        (false, 0, 0) => 3,
        (false, 0, _) => 2,
        (false, _, _) => 1,
    }
}

/// The first numbers of a version.
fn numbers(version: &Version, precision: usize) -> String {
    let all = [version.major, version.minor, version.patch].map(|number| number.to_string());
    all[..precision].join(".")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    fn raised(requirement: &str, new: &str) -> String {
        match upgrade(requirement, &version(new)) {
            Ok(text) => text.unwrap_or_else(|| "same".to_owned()),
            Err(refused) => refused.to_string(),
        }
    }

    // Operator, precision and blanks stay as written.
    #[test]
    fn the_form_is_kept() {
        let table = [
            ("1", "1.5.0", "same"),
            ("1", "2.1.3", "2"),
            ("1.2", "1.5.0", "1.5"),
            ("1.2.3", "1.5.0", "1.5.0"),
            ("^1.2", "2.0.1", "^2.0"),
            ("~1.2", "1.3.4", "~1.3"),
            ("~1.2.3", "2.0.0", "~2.0.0"),
            ("=1.2.3", "1.2.4", "=1.2.4"),
            ("= 1.2.3", "1.2.4", "= 1.2.4"),
            (" ^ 1.2 ", "1.3.0", " ^ 1.3 "),
            ("1.2.3+meta", "1.3.0", "1.3.0"),
            ("1.2.3", "1.3.0+meta", "1.3.0"),
        ];
        for (requirement, new, expected) in table {
            assert_eq!(raised(requirement, new), expected, "{requirement}");
        }
    }

    // Below 1.0 a requirement is as strict as it was: `1` becomes `0.4`, not `0`.
    #[test]
    fn precision_is_widened_below_one() {
        let table = [
            ("1", "0.4.2", "0.4"),
            ("^1", "0.0.3", "^0.0.3"),
            ("0.3", "0.0.3", "0.0.3"),
            ("0.3", "0.4.2", "0.4"),
            ("0.0.3", "0.1.0", "0.1.0"),
            ("=1", "0.4.2", "=0.4"),
        ];
        for (requirement, new, expected) in table {
            assert_eq!(raised(requirement, new), expected, "{requirement}");
        }
    }

    // Whoever wrote `0` meant any 0.y.
    #[test]
    fn a_loose_requirement_stays_loose() {
        assert_eq!(raised("0", "0.4.2"), "same");
        assert_eq!(raised("0.0", "0.0.4"), "same");
        assert_eq!(raised("0", "1.2.0"), "1");
        assert_eq!(raised("0.0", "0.4.2"), "0.4");
    }

    // A pre-release is admitted only where it is written out.
    #[test]
    fn a_pre_release_is_written_out() {
        assert_eq!(raised("1", "1.5.0-rc.1"), "1.5.0-rc.1");
        assert_eq!(raised("~0.4", "0.5.0-alpha.2"), "~0.5.0-alpha.2");
        assert_eq!(raised("=0.5.0-rc.1", "0.5.0"), "=0.5.0");
        assert_eq!(fix("1.5.0-rc.1", &version("1.5.0")), Ok(None));
        assert_eq!(fix("1.5.0-rc.1", &version("1.5.0-rc.2")), Ok(None));
        assert_eq!(fix("1.4", &version("1.5.0-rc.1")), Ok(Some("1.5.0-rc.1".to_owned())));
    }

    // Wildcards stay what they are.
    #[test]
    fn wildcards_are_kept() {
        let table = [
            ("1.*", "1.5.0", "same"),
            ("1.*", "2.0.0", "2.*"),
            ("1.x", "2.0.0", "2.x"),
            ("1.2.*", "1.3.0", "1.3.*"),
            ("=1.2.*", "1.3.0", "=1.3.*"),
            ("1.*", "0.4.0", "0.4.*"),
            ("1.*.*", "0.4.0", "0.4.*"),
            ("1.*.*", "2.4.0", "2.*.*"),
            ("1.*", "0.0.3", "0.0.*"),
            ("1.*", "2.0.0-rc.1", "a wildcard matches no pre-release"),
            ("*", "9.0.0", "same"),
            ("*", "9.0.0-rc.1", "a wildcard matches no pre-release"),
        ];
        for (requirement, new, expected) in table {
            assert_eq!(raised(requirement, new), expected, "{requirement}");
        }
    }

    // A pre-release that has an x in it is no wildcard.
    #[test]
    fn a_pre_release_is_no_wildcard() {
        assert_eq!(raised("1.2.3-x.1", "1.2.3"), "1.2.3");
        assert_eq!(raised("1.2.3+x", "1.2.4"), "1.2.4");
    }

    // Bounds are their author's, unless they admit the new version as they are.
    #[test]
    fn ranges_are_refused() {
        assert_eq!(upgrade(">=1, <2", &version("2.0.0")), Err(Refused::Range));
        assert_eq!(upgrade(">=1, <2", &version("1.4.0")), Ok(None));
        assert_eq!(fix("<2", &version("2.0.0")), Err(Refused::Range));
        assert_eq!(upgrade(">= 1.2", &version("2.0.0")), Ok(None));
        assert!(matches!(fix("one", &version("2.0.0")), Err(Refused::Unreadable(_))));
    }

    // A fix leaves alone what admits the new version.
    #[test]
    fn a_fix_is_made_where_it_is_needed() {
        assert_eq!(fix("1.2", &version("1.5.0")), Ok(None));
        assert_eq!(fix("1.2", &version("2.5.0")), Ok(Some("2.5".to_owned())));
    }

    prop_compose! {
        fn versions()(numbers in [0u64..3, 0u64..3, 0u64..3], pre in "(-(rc|x|alpha)\\.[1-3])?") -> Version {
            version(&format!("{}.{}.{}{pre}", numbers[0], numbers[1], numbers[2]))
        }
    }

    proptest! {
        // Whatever comes of a requirement admits the new version, under both policies, and then stays.
        #[test]
        fn the_result_admits_the_new_version(
            requirement in "( ?[\\^~=]? ?[0-2](\\.[0-2]){0,2}|[0-2]\\.[0-2]\\.[0-2]-rc\\.[12]|=?[0-2](\\.[0-2])?\\.[*xX]|\\*|>=1, <2) ?",
            new in versions(),
        ) {
            for policy in [fix, upgrade] {
                let Ok(outcome) = policy(&requirement, &new) else { continue };
                let after = outcome.unwrap_or(requirement.clone());
                prop_assert!(admits(&after, &new), "{} does not admit {}", after, new);
                prop_assert_eq!(policy(&after, &new), Ok(None));
            }
        }
    }
}

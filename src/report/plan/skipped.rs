//! The packages that a release leaves out, with the reasons.

use std::collections::BTreeMap;

use crate::phrase;
use crate::plan::LeftOut;
use crate::plan::WhyNot;

/// If more packages than this are skipped, they are grouped by reason.
pub(crate) const SINGLY: usize = 8;
/// If a group has more names than this, the rest is counted.
const NAMED: usize = 12;

pub(crate) fn skipped_lines(left_out: &[LeftOut]) -> Vec<String> {
    if left_out.len() <= SINGLY {
        return left_out.iter().map(skipped_line).collect();
    }
    let groups = skipped_by_reason(left_out).into_iter();
    groups.map(|(reason, names)| format!("{reason}: {}", phrase::first(&names, NAMED))).collect()
}

/// The names of the skipped packages by the reason, in words.
pub(crate) fn skipped_by_reason(left_out: &[LeftOut]) -> BTreeMap<&'static str, Vec<&str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for LeftOut { name, reason, since: _ } in left_out {
        groups.entry(why_not(*reason)).or_default().push(name.as_str());
    }
    groups
}

pub(crate) fn skipped_line(left_out: &LeftOut) -> String {
    let LeftOut { name, reason, since } = left_out;
    let since = since.as_ref().map_or(String::new(), |since| format!(" since {since}"));
    format!("{name}: {}{since}", why_not(*reason))
}

/// Why a package is skipped.
pub(crate) fn why_not(reason: WhyNot) -> &'static str {
    match reason {
        WhyNot::Unchanged => "unchanged",
        WhyNot::NotSelected => "not selected",
        WhyNot::ReleaseFalse => "`release = false`",
        WhyNot::NeverReleased => "not published and never released",
        WhyNot::PreRelease => "unreleased pre-release, needs a level",
        WhyNot::Done => "already done",
        WhyNot::NotPublished => "not published",
    }
}

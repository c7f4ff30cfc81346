//! What makes a level and is told by no commit: what the manifest and the API say. An entry tells it, so that nobody reads
//! of a major version without a word of what breaks.

use super::entry_source::Since;
use crate::changelog::DraftEvidence;
use crate::level::Level;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::Evidence;
use crate::plan::release_plan::Reason;
use crate::snapshot::Package;

/// What the entry of these packages has to tell besides its commits and notes, which tell of changes up to a level: what
/// breaks, and what asks for more than they do.
pub(crate) fn untold(inputs: &PlanInputs<'_>, members: &[&Package], since: Since, told: Level) -> Vec<DraftEvidence> {
    let mut found: Vec<DraftEvidence> = Vec::new();
    for member in members.iter().filter(|member| inputs.last_release(&member.name).is_some()) {
        let reasons = match since {
            Since::LastStable if inputs.last_stable(&member.name).is_some() => {
                inputs.reasons_since_stable(&member.name)
            }
            Since::LastStable | Since::LastRelease => inputs.reasons(&member.name),
        };
        let counts = |reason: &&Reason| reason.level == Level::Breaking || reason.level > told;
        let new = reasons.iter().filter(counts).filter_map(of_reason);
        found.extend(new.filter(|one| !found.contains(one)).collect::<Vec<_>>());
    }
    found
}

/// A reason in the words of an entry; none for one that is told otherwise.
fn of_reason(reason: &Reason) -> Option<DraftEvidence> {
    let Reason { evidence, level, summary } = reason;
    let (heading, text) = match evidence {
        Evidence::Manifest { key } => (heading(key, summary), capital(summary)),
        Evidence::Api { .. } => (heading("", summary), without_places(summary)),
        Evidence::Commit { .. }
        | Evidence::Note { .. }
        | Evidence::Dependency { .. }
        | Evidence::Group { .. }
        | Evidence::Request => return None,
    };
    Some(DraftEvidence { heading, level: *level, text })
}

fn heading(key: &str, summary: &str) -> &'static str {
    let says = |word: &str| summary.contains(word);
    if says(" removed") || says(" is gone") || says(" missing") {
        "Removed"
    } else if (key.starts_with("features.") && says(" added")) || says(" is new") {
        "Added"
    } else {
        "Changed"
    }
}

/// A summary of the API check without the places in the source, which tell readers of a changelog nothing.
fn without_places(summary: &str) -> String {
    let mut out = String::new();
    let mut rest = summary;
    while let Some((before, after)) = rest.split_once(" (") {
        let place = after.split_once(')').filter(|(place, _)| place.contains(".rs") || place.contains('/'));
        match place {
            Some((_, after)) => {
                out.push_str(before);
                rest = after;
            }
            None => {
                out.push_str(before);
                out.push_str(" (");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

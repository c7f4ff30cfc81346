//! Commits whose messages look as if they were meant to say that something breaks, and do not count as such.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::check::Code;
use crate::check::Finding;
use crate::level::Level;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::next_version::Bump;

/// The first such commit of those that are released, and how many more there are.
pub(crate) fn findings(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Vec<Finding> {
    let mut seen: BTreeSet<&CommitId> = BTreeSet::new();
    let mut found = Vec::new();
    for name in chosen.values().filter(|bump| bump.from.is_some()).map(|bump| &bump.name) {
        for change in inputs.changes(name).iter().filter(|change| change.level < Level::Breaking) {
            if let Some(miss) = change.message.near_misses.first().filter(|_| seen.insert(&change.commit.id)) {
                let id = change.commit.id.short();
                let message = format!("`{}` in {id} does not count as a breaking change", miss.line);
                let help = format!(
                    "only `{}` counts; if it breaks `{name}`, add a change note, or name the level: `cargo release {name}@major`",
                    miss.instead
                );
                found.push(Finding::warning(Code::CommitNearMiss, message).package(name).help(help));
            }
        }
    }
    let more = found.len().saturating_sub(1);
    found.truncate(1);
    if more > 0 {
        let others = if more == 1 { "1 more commit is".to_owned() } else { format!("{more} more commits are") };
        found.iter_mut().for_each(|first| first.message.push_str(&format!("; {others} like it")));
    }
    found
}

//! What the levels of a plan were decided from, and how much of it could be understood: a plan that knows little says so.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::api;
use super::next_version::Bump;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;

/// What the levels were decided from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LevelSources {
    /// The commits that count, of all packages that are released again.
    pub commits: usize,
    /// Those of them that are not conventional, and that no rule of the project knows.
    pub unconventional: usize,
    /// The libraries whose API was compared with that of their last release.
    pub compared: usize,
    /// The libraries whose API would have been worth comparing, and was not.
    pub not_compared: usize,
    /// Why not; of several causes the first.
    pub why: Option<String>,
}

impl LevelSources {
    /// Of what is released.
    pub(crate) fn of(inputs: &PlanInputs<'_>, chosen: &BTreeMap<PackageName, Bump>) -> Result<Self> {
        let mut sources = Self::default();
        let mut seen: BTreeSet<&CommitId> = BTreeSet::new();
        for bump in chosen.values().filter(|bump| bump.from.is_some()) {
            let levels = inputs.levels(&inputs.package(&bump.name)?.name)?;
            for change in inputs.changes(&bump.name).iter().filter(|change| seen.insert(&change.commit.id)) {
                sources.commits += 1;
                let understood = change.message.changes().any(|change| levels.understands(change));
                sources.unconventional += usize::from(!understood);
            }
            match api::comparison(inputs, bump)? {
                api::ApiComparison::NotNeeded => {}
                api::ApiComparison::Made => sources.compared += 1,
                api::ApiComparison::Missing(why) => {
                    sources.not_compared += 1;
                    sources.why.get_or_insert(why);
                }
            }
        }
        Ok(sources)
    }
}

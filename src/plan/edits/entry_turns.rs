//! The entries of all packages of a release: side by side where their files are different ones.

use std::collections::BTreeMap;

use rayon::iter::IntoParallelRefIterator as _;
use rayon::iter::ParallelIterator as _;

use super::changelog_target::Curated;
use super::drafting::Drafting;
use super::edit_buffer::EditBuffer;
use super::entries::Entry;
use super::entries::entry;
use crate::check::Finding;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::release_plan::PlannedChangelog;
use crate::plan::versions::next_version::Bump;

/// Writes the entries of packages into their changelogs. Those that go into different files are drafted side by side; those
/// that share a file are written one on top of the other, in the order of the packages.
pub(crate) fn write<'b>(
    inputs: &PlanInputs<'_>,
    bumps: &[&'b Bump],
    drafting: &Drafting<'_>,
    texts: &mut EditBuffer<'_>,
    found: &mut Vec<Finding>,
) -> Result<Vec<(&'b PackageName, PlannedChangelog)>> {
    let mut all = Vec::with_capacity(bumps.len());
    for turn in turns(inputs, bumps, texts)? {
        let draft = |(at, bump): &(usize, &Bump)| Ok((*at, entry(inputs, bump, drafting, texts)?));
        let drafted: Vec<Result<(usize, Entry)>> = turn.par_iter().map(draft).collect();
        for drafted in drafted {
            let (at, Entry { found, written }) = drafted?;
            let planned = written.map(|(text, planned)| {
                texts.set(&planned.path, text);
                planned
            });
            all.push((at, found, planned));
        }
    }
    all.sort_by_key(|(at, ..)| *at);
    let mut written = Vec::new();
    for (at, said, planned) in all {
        found.extend(said);
        written.extend(planned.map(|planned| (&bumps[at].name, planned)));
    }
    Ok(written)
}

/// The packages, in their order, so that no two of one turn write the same file.
fn turns<'b>(
    inputs: &PlanInputs<'_>,
    bumps: &[&'b Bump],
    texts: &EditBuffer<'_>,
) -> Result<Vec<Vec<(usize, &'b Bump)>>> {
    let mut taken: BTreeMap<RepoPath, usize> = BTreeMap::new();
    let mut turns: Vec<Vec<(usize, &Bump)>> = Vec::new();
    for (at, bump) in bumps.iter().copied().enumerate() {
        let curated = Curated::of(inputs, inputs.package(&bump.name)?)?;
        let turn = curated.map_or(0, |curated| {
            let taken = taken.entry(texts.file(&curated.path)).or_default();
            *taken += 1;
            *taken - 1
        });
        if turn == turns.len() {
            turns.push(Vec::new());
        }
        turns[turn].push((at, bump));
    }
    Ok(turns)
}

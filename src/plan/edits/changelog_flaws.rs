//! What is wrong with changelogs, as findings.

use std::collections::BTreeSet;

use rayon::iter::IntoParallelRefIterator as _;
use rayon::iter::ParallelIterator as _;

use super::changelog_target::Curated;
use crate::changelog;
use crate::changelog::FlawKind;
use crate::changelog::Problem;
use crate::check::Code;
use crate::check::Finding;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::plan::evidence::plan_inputs::PlanInputs;

/// That a changelog is there and cannot be read.
pub(crate) fn unreadable(inputs: &PlanInputs<'_>, curated: &Curated<'_>) -> Option<Finding> {
    let why = inputs.snapshot.workspace.unreadable.get(&curated.path)?;
    let finding = Finding::error(Code::ChangelogUnreadable, format!("`{}` cannot be read: {why}", curated.path));
    let help = match why.contains("UTF-8") {
        true => "convert it to UTF-8, or set `[changelog] enabled = false`",
        false => "put a file there, name another (`[changelog] path`), or set `[changelog] enabled = false`",
    };
    Some(finding.at(&curated.path, None).package(&curated.package.name).help(help))
}

/// A problem in the words of a finding.
pub(crate) fn of_problem(problem: Problem, curated: &Curated<'_>) -> Finding {
    let finding = Finding::error(problem_code(&problem), problem.to_string()).package(&curated.package.name);
    finding.at(&curated.path, Some(problem.line())).help(problem.help())
}

fn problem_code(problem: &Problem) -> Code {
    match problem {
        Problem::Conflict { .. } => Code::ChangelogConflict,
        Problem::TwoUnreleased { .. } => Code::ChangelogTwoUnreleased,
        Problem::Unclosed { .. } => Code::ChangelogUnclosed,
        Problem::Unfit { .. } => Code::ChangelogUnfit,
    }
}

fn flaw_code(kind: &FlawKind) -> Code {
    match kind {
        FlawKind::NoHeading => Code::ChangelogNoHeading,
        FlawKind::Heading(_) => Code::ChangelogHeading,
        FlawKind::Twice { .. } => Code::ChangelogVersionTwice,
        FlawKind::Dates { .. } => Code::ChangelogDates,
        FlawKind::DeadLinks(_) => Code::ChangelogDeadLink,
        FlawKind::Unassigned => Code::ChangelogUnassigned,
    }
}

/// The flaws of the changelogs of these packages, each file once.
pub(crate) fn flaws<'a>(inputs: &PlanInputs<'a>, names: impl Iterator<Item = &'a PackageName>) -> Result<Vec<Finding>> {
    let tags = &inputs.snapshot.repository.tags;
    // A clone without tags knows nothing of links.
    let known = |tag: &TagName| tags.is_empty() || tags.contains_key(tag);
    let mut seen: BTreeSet<RepoPath> = BTreeSet::new();
    let mut files = Vec::new();
    for name in names {
        let Some(curated) = Curated::of(inputs, inputs.package(name)?)? else { continue };
        let Some(text) = inputs.snapshot.workspace.texts.get(&curated.path) else { continue };
        if seen.insert(curated.path.clone()) {
            files.push((name, curated, text));
        }
    }
    let flaws = files.par_iter().flat_map_iter(|(name, curated, text)| {
        changelog::flaws(text, &curated.owner, &known).into_iter().map(|flaw| {
            let finding = Finding::warning(flaw_code(&flaw.kind), flaw.kind.to_string()).package(name);
            finding.at(&curated.path, Some(flaw.line)).help(flaw.kind.help())
        })
    });
    Ok(flaws.collect())
}

/// Of the findings of one code in one file the first, which says how many there are.
pub(crate) fn in_brief(found: Vec<Finding>) -> Vec<Finding> {
    let mut brief: Vec<(Finding, usize)> = Vec::new();
    for finding in found {
        let same = |(known, _): &&mut (Finding, usize)| (&known.code, &known.path) == (&finding.code, &finding.path);
        match brief.iter_mut().find(same) {
            Some((_, more)) => *more += 1,
            None => brief.push((finding, 0)),
        }
    }
    let told = brief.into_iter().map(|(mut finding, more)| {
        if more > 0 {
            finding.message.push_str(&format!("; there are {more} more like it (`cargo release changelog check`)"));
        }
        finding
    });
    told.collect()
}

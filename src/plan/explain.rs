//! The story behind a decision: every reason for a package, and every commit that was looked at and does not count.

use semver::Version;

use super::release_plan::Reason;
use super::release_plan::ReleasePlan;
use super::release_plan::WhyNot;
use super::request::Request;
use crate::config::Config;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::api;
use crate::plan::versions::selection;
use crate::plan::versions::selection::Target;
use crate::snapshot::Package;
use crate::snapshot::ReleaseEvidence;
use crate::snapshot::Snapshot;

/// Why a member is released, or is not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Explanation {
    /// Its name.
    pub name: PackageName,
    /// Its last release and the commit of it; none where there is none.
    pub last: Option<(Version, CommitId)>,
    /// What tells of that release: the name of a tag, else none.
    pub told_by: Option<String>,
    /// The last stable release, where the last one was a pre-release.
    pub stable: Option<Version>,
    /// The version that it goes to, where it is released.
    pub to: Option<Version>,
    /// Why it is left out, where it is.
    pub left_out: Option<WhyNot>,
    /// The reasons, the deciding one first.
    pub reasons: Vec<Reason>,
    /// Commits that were in a pre-release already and still raise the target.
    pub earlier: Vec<Reason>,
    /// What came of the API check.
    pub api: String,
    /// Commits that were looked at and do not count, newest first.
    pub ignored: Vec<Ignored>,
}

/// A commit that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ignored {
    /// Which.
    pub commit: CommitId,
    /// The first line of its message.
    pub title: String,
    /// Why not.
    pub why: String,
}

/// Explains a plan that was decided from these facts, member by member.
///
/// # Errors
/// As [`decide`](fn@super::decide).
pub(crate) fn explain(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    plan: &ReleasePlan,
) -> Result<Vec<Explanation>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let targets = selection::considered(&inputs)?;
    inputs.packages().map(|package| of(&inputs, plan, package, targets.get(&package.name))).collect()
}

fn of(inputs: &PlanInputs<'_>, plan: &ReleasePlan, package: &Package, target: Option<&Target>) -> Result<Explanation> {
    let name = &package.name;
    let planned = plan.package(name);
    let last = inputs.last_release(name);
    let reasons = planned.map_or_else(|| inputs.reasons(name), |planned| planned.reasons.clone());
    let since_stable = if inputs.last_stable(name).is_some() { inputs.reasons_since_stable(name) } else { Vec::new() };
    let ignored = inputs.passed_over(name).iter().map(|passed| Ignored {
        commit: passed.commit.id.clone(),
        title: passed.commit.message.lines().next().unwrap_or_default().to_owned(),
        why: passed.why.clone(),
    });
    Ok(Explanation {
        name: name.clone(),
        last: last.map(|last| (last.version.clone(), last.commit.clone())),
        told_by: last.and_then(|last| match &last.witness {
            ReleaseEvidence::Tag(tag) => Some(tag.to_string()),
            ReleaseEvidence::VcsRecord => None,
        }),
        stable: inputs.last_stable(name).map(|stable| stable.version.clone()),
        to: planned.map(|planned| planned.to.clone()),
        left_out: plan.left_out.iter().find(|left| left.name == *name).map(|left| left.reason),
        earlier: since_stable.into_iter().filter(|reason| !reasons.contains(reason)).collect(),
        reasons,
        api: api::told(inputs, package, target)?,
        ignored: ignored.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::decide;
    use crate::plan::tests::decision_table::Member;
    use crate::plan::tests::decision_table::asking;
    use crate::plan::tests::decision_table::configured;
    use crate::plan::tests::decision_table::snapshot_of;

    // An explanation tells the reasons, and what was looked at and does not count.
    #[test]
    fn explanations_tell_both_sides() {
        let commits = vec![("ci: faster", "src/lib.rs"), ("fix: a", "src/lib.rs"), ("docs: log", "CHANGELOG.md")];
        let members = [Member { commits, ..Member::at("1.2.3") }];
        let (snapshot, config, request) = (snapshot_of(&members, ""), configured(&members, ""), asking("", None));
        let plan = decide(&snapshot, &config, &request).unwrap();
        let told = explain(&snapshot, &config, &request, &plan).unwrap();
        let reasons: Vec<&str> = told[0].reasons.iter().map(|reason| reason.summary.as_str()).collect();
        let ignored: Vec<&str> = told[0].ignored.iter().map(|ignored| ignored.why.as_str()).collect();
        assert_eq!(reasons, ["a"]);
        assert_eq!(told[0].to, Some(Version::new(1, 2, 4)));
        assert_eq!(ignored, ["it only touches the changelog", "`ci` asks for no release"]);
    }
}

//! Findings: what blocks a release and what its maintainer should know before it starts, each a small function over facts and
//! decided versions. Every finding has a code of [`crate::check`]; nothing here changes the plan.

pub(crate) mod coalesce;
pub(crate) mod destinations;
pub(crate) mod external_dependencies;
pub(crate) mod features;
pub(crate) mod findings;
pub(crate) mod git_capabilities;
pub(crate) mod late_commits;
pub(crate) mod near_misses;
pub(crate) mod paths_outside;
pub(crate) mod registry_limits;
pub(crate) mod remote;
pub(crate) mod stale_requirements;
pub(crate) mod tag_conflict;
pub(crate) mod tag_mismatch;
pub(crate) mod tags;
pub(crate) mod uncommitted;

//! The decisions: from facts and a request to a plan. Pure: the same snapshot, configuration and request give the same
//! plan, byte for byte. This room may use `snapshot`, `config`, `manifest`, `changelog`, `check`, `names` and `error`;
//! it may not use `tools`, `observe` or `apply`.

mod action;
mod announcements;
mod archive_policy;
mod changelogs;
mod decide;
mod edited;
mod edits;
mod evidence;
mod explain;
mod forge_steps;
mod note_authoring;
mod preflight;
mod proposal;
mod proposal_text;
mod release_plan;
mod request;
mod single;
mod step;
mod step_kind;
mod steps;
#[cfg(test)]
pub(crate) mod tests;
mod upkeep;
mod validity;
mod versions;

#[cfg(test)]
pub(crate) use self::action::UploadLimits;
pub(crate) use self::announcements::announced;
pub(crate) use self::announcements::announcement;
pub(crate) use self::archive_policy::ArchivePolicy;
pub(crate) use self::changelogs::*;
pub use self::decide::decide;
pub(crate) use self::edited::edited;
pub(crate) use self::evidence::affected::touched;
pub(crate) use self::explain::Explanation;
pub(crate) use self::explain::Ignored;
pub(crate) use self::explain::explain;
pub(crate) use self::forge_steps::*;
pub(crate) use self::note_authoring::*;
pub(crate) use self::preflight::late_commits::released_head;
pub(crate) use self::preflight::late_commits::unwitnessed;
pub(crate) use self::preflight::registry_limits::Upcoming;
pub(crate) use self::preflight::registry_limits::registry_findings;
pub(crate) use self::proposal::*;
pub(crate) use self::proposal_text::with_trailers;
pub use self::release_plan::*;
pub use self::request::*;
pub(crate) use self::single::Committed;
pub(crate) use self::single::Single;
pub(crate) use self::single::single;
pub(crate) use self::step::*;
pub(crate) use self::step_kind::StepKind;
pub(crate) use self::steps::build::DETACHED;
pub(crate) use self::upkeep::*;
pub use self::versions::api::wants;
pub(crate) use self::versions::level_sources::LevelSources;
pub(crate) use crate::changelog::note_level;
pub(crate) use crate::check::Finding;
pub(crate) use crate::check::Severity;
#[cfg(test)]
pub(crate) use crate::manifest::Splice;

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
mod step_kind;
mod steps;
#[cfg(test)]
mod tests;
mod upkeep;
mod validity;
mod versions;

pub use self::action::UploadLimits;
pub use self::announcements::announced;
pub use self::announcements::announcement;
pub use self::archive_policy::ArchivePolicy;
pub use self::changelogs::*;
pub use self::decide::decide;
pub use self::edited::edited;
pub use self::evidence::affected::touched;
pub use self::explain::Explanation;
pub use self::explain::Ignored;
pub use self::explain::explain;
pub use self::forge_steps::*;
pub use self::note_authoring::*;
pub use self::proposal::*;
pub use self::proposal_text::with_trailers;
pub use self::release_plan::*;
pub use self::request::*;
pub use self::single::Committed;
pub use self::single::Single;
pub use self::single::single;
pub use self::step_kind::StepKind;
pub use self::steps::build::DETACHED;
pub use self::upkeep::*;
pub use self::versions::api::wants;
pub use self::versions::level_sources::LevelSources;
pub use crate::changelog::note_level;
pub use crate::check::Finding;
pub use crate::check::Severity;
pub use crate::manifest::Splice;

//! The kinds of steps, by which they are ordered and spoken of.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// The kinds of steps, in the order in which a release comes to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// [`super::Action::Edit`]
    Edit,
    /// [`super::Action::Replace`]
    Replace,
    /// [`super::Action::Hook`]
    Hook,
    /// [`super::Action::Commit`]
    Commit,
    /// [`super::Action::Carry`]
    Carry,
    /// [`super::Action::Verify`]
    Verify,
    /// [`super::Action::Land`]
    Land,
    /// [`super::Action::Tag`]
    Tag,
    /// [`super::Action::Reserve`]
    Reserve,
    /// [`super::Action::Publish`]
    Publish,
    /// [`super::Action::Confirm`]
    Confirm,
    /// [`super::Action::Owners`]
    Owners,
    /// [`super::Action::Push`]
    Push,
    /// [`super::Action::Propose`]
    Propose,
    /// [`super::Action::Request`]
    Request,
    /// [`super::Action::Announce`]
    Announce,
}

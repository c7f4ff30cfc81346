//! The decisions: from facts and a request to a plan. Pure: the same snapshot, configuration and request give the same
//! plan, byte for byte. This room may use `snapshot`, `config`, `manifest`, `changelog`, `check`, `names` and `error`;
//! it may not use `tools`, `observe` or `apply`.

mod api;
#[cfg(test)]
mod api_table;
mod bump;
mod case;
mod changelogs;
mod choose;
mod commits;
mod curated;
mod decide;
#[cfg(test)]
mod decision_table;
mod destinations;
mod entries;
mod evidence_manifest;
mod explain;
#[cfg(test)]
mod facts_table;
mod findings;
mod held;
mod manifests;
mod means;
mod message;
mod messages;
mod needs;
mod notes;
mod noting;
mod offers;
mod order;
mod outside;
mod propagate;
mod replacements;
mod request;
mod select;
mod ships;
mod silence;
mod since;
mod sites;
mod steps;
mod texts;
mod told;
mod understated;
mod unstaged;
mod value;
mod witnesses;

pub use self::api::wants;
pub use self::changelogs::*;
pub use self::decide::decide;
pub use self::explain::Explanation;
pub use self::explain::Ignored;
pub use self::explain::explain;
pub use self::held::HeldTo;
pub use self::noting::*;
pub use self::request::*;
pub use self::since::touched;
pub use self::value::*;
pub use crate::changelog::NoteLevel;
pub use crate::check::Finding;
pub use crate::check::Severity;
pub use crate::manifest::Splice;

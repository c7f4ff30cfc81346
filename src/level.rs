//! How much a change means to those who use a package: one scale for commits, manifests, the API check, change notes and
//! the configuration. What a flag or a note may write is converted where it is read.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

/// How much a release changes for those who use the package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// A compatible change that adds nothing.
    Patch,
    /// A compatible addition.
    Feature,
    /// Something that worked may not work any more.
    Breaking,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Feature => "feature",
            Self::Breaking => "breaking",
        })
    }
}

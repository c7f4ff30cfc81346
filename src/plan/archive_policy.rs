//! What archives are held to, as the plan carries it.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use crate::check::Levels;
use crate::error::Result;

/// `[check]`, as far as it is about archives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArchivePolicy {
    /// The rules of crates.io, whatever the registry (`rules = "crates-io"`).
    pub crates_io: bool,
    /// Codes of findings that block.
    pub deny: Vec<String>,
    /// Codes of findings that warn.
    pub warn: Vec<String>,
    /// Codes of findings that are not told.
    pub allow: Vec<String>,
}

impl ArchivePolicy {
    /// Whether nothing is said but what holds anyway.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The severities of findings.
    ///
    /// # Errors
    /// A code does not exist.
    pub fn levels(&self) -> Result<Levels> {
        Levels::default().add(&self.deny, &self.warn, &self.allow)
    }
}

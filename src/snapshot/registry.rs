//! What the registries know.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::names::Digest;
use crate::names::PackageName;

/// One registry, and what it lists of our packages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registry {
    /// The index address as cargo's configuration gives it; none where it is not configured.
    pub index: Option<String>,
    /// Where uploads go, from the index's `config.json`; none where it takes none or was not asked.
    pub api: Option<String>,
    /// Whether reading needs a token.
    pub auth_required: bool,
    /// Whether a token is at hand. It is never read.
    pub token: Token,
    /// What is listed under each of our names.
    pub listings: BTreeMap<PackageName, Listing>,
}

/// Whether a token is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// The environment variable of this registry is set.
    Present,
    /// A credentials file or a provider may have one; only the attempt will tell.
    Unknown,
}

/// What a registry lists under a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Listing {
    /// The name is not there.
    Absent,
    /// These versions, yanked ones too.
    Versions(Vec<ListedVersion>),
    /// It was not asked (`--offline`) or did not answer.
    Unknown(String),
}

/// A version that is in the index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ListedVersion {
    /// The version.
    pub version: Version,
    /// The SHA-256 of the archive.
    pub checksum: Digest,
    /// Whether it was yanked.
    pub yanked: bool,
}

impl Listing {
    /// The listed version that is equal apart from build metadata, which registries ignore.
    pub fn find(&self, version: &Version) -> Option<&ListedVersion> {
        let same = |listed: &&ListedVersion| listed.version.cmp_precedence(version).is_eq();
        match self {
            Self::Versions(versions) => versions.iter().find(same),
            Self::Absent | Self::Unknown(_) => None,
        }
    }
}

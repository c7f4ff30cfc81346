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
    /// What it has of that which members need; only where that is asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub offers: BTreeMap<PackageName, Offer>,
    /// What its web API says; none where that is not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Site>,
}

/// What the web API of a registry says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Site {
    /// Why not all of it is known.
    pub silent: Option<String>,
    /// Whether it takes no uploads for now.
    pub read_only: bool,
    /// The crates that are there under our names, however they are spelled.
    pub crates: BTreeMap<PackageName, CrateRecord>,
}

/// A crate as the web API has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CrateRecord {
    /// The name, as it is spelled there.
    pub name: PackageName,
    /// Whether new versions come by trusted publishing alone.
    pub trusted_publishing_only: bool,
    /// The logins of its owners, teams too.
    pub owners: Vec<String>,
}

/// Whether a token is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Token {
    /// The environment variable of this registry is set.
    Present,
    /// There is none, and no provider that could have one.
    Absent,
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

/// What a registry has of a package that members need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Offer {
    /// The name is not there.
    Absent,
    /// It is there, spelled so.
    Spelled(PackageName),
    /// These versions, each with whether it was yanked.
    Versions(Vec<(Version, bool)>),
    /// The index was not asked, or did not answer.
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

//! Whether libraries still offer what their last releases did: what is asked of the API check, and what it answers.

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::level::Level;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;

/// A question to the API check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiQuestion {
    /// The package whose library is compared.
    pub package: PackageName,
    /// Where it is now.
    pub dir: RepoPath,
    /// The name of its library, as rustc has it: two of the same name are not compared at the same time.
    pub library: String,
    /// The version that it is compared with.
    pub version: Version,
    /// Where that version is found.
    pub baseline: Baseline,
    /// The target triple; none for the host.
    pub target: Option<String>,
}

/// What a library is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// The tree of a commit.
    Commit {
        /// Which.
        commit: CommitId,
        /// Where the package lay there.
        dir: RepoPath,
    },
    /// What crates.io has under the version.
    Published,
}

/// What the API check says of a library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApiAnswer {
    /// It found nothing that asks for more than a patch. It does not see everything: `docs/semver.md`.
    Compatible,
    /// At least this.
    Needs {
        /// At least how much.
        level: Level,
        /// What it found, for words: they decide nothing.
        lints: Vec<ApiLint>,
    },
    /// There is no such program.
    NotInstalled,
    /// It could not say, and why.
    Unknown(String),
}

/// A lint of the API check that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiLint {
    /// Its id: `function_missing`.
    pub id: String,
    /// What it says, in one line.
    pub title: String,
    /// What it asks for.
    pub level: Level,
    /// Where it fired.
    pub places: Vec<ApiPlace>,
}

/// A place where a lint fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiPlace {
    /// What is affected: `function core::old`.
    pub what: String,
    /// The file, where it is one of the repository: as it was called at the last release for what is gone.
    pub path: Option<RepoPath>,
    /// The line in it, from one.
    pub line: Option<usize>,
}

/// The signatures of a library, against those of its last release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApiSignatures {
    /// What changed, by the paths of the items.
    pub changes: Vec<SignatureChange>,
    /// The other crates whose types are in its API, by the names that rustc has for them.
    pub crates: Vec<String>,
}

/// A change of a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignatureChange {
    /// The item: `tea::Pot::fill`.
    pub item: String,
    /// What changed.
    pub what: String,
    /// Whether callers surely break; else it is for a person to look at.
    pub sure: bool,
}

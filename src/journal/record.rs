//! The records of a journal, and how they are read back. A last line without its end was being written when the process
//! was killed: what it announces has not happened, and it is passed over.

use std::path::Path;
use std::path::PathBuf;

use jiff::Timestamp;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use super::FORMAT;
use crate::error::Failure;
use crate::error::Result;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::StepId;
use crate::plan::ReleasePlan;

/// A record with its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct JournalEntry {
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub record: Record,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub(crate) enum Record {
    /// The first: the plan, and how it was begun.
    Plan(Box<JournalHeader>),
    /// A step is about to act.
    #[serde(rename = "begun")]
    InFlightStep {
        /// Which.
        step: StepId,
    },
    /// A step is done.
    Done {
        /// Which.
        step: StepId,
        /// What the world said.
        proof: Proof,
    },
    /// A step was taken back.
    Undone {
        /// Which.
        step: StepId,
    },
    /// The answer at the prompt was yes.
    Agreed,
    /// The registry takes no more for now: the upload of this step was not taken.
    Limited {
        /// Which.
        step: StepId,
        /// Whether it brings a new crate: new crates have a separate limit.
        is_new: bool,
        /// Until when.
        until: Timestamp,
        /// What the registry said.
        said: String,
    },
    /// The upload of this step was refused: nothing of it is there.
    Refused {
        /// Which.
        step: StepId,
        /// What the registry said.
        said: String,
    },
}

impl Record {
    /// This record, where it is about that step.
    pub(crate) fn concerning(&self, step: &StepId) -> Option<&Self> {
        match self {
            Self::InFlightStep { step: of } | Self::Done { step: of, .. } | Self::Undone { step: of } => {
                (of == step).then_some(self)
            }
            Self::Limited { step: of, .. } | Self::Refused { step: of, .. } => (of == step).then_some(self),
            Self::Plan(_) | Self::Agreed => None,
        }
    }
}

/// How a release was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct JournalHeader {
    /// The version of the journal's form.
    pub format: u32,
    /// The version of this program.
    pub program: String,
    /// The checkout that it was begun in.
    pub checkout: PathBuf,
    /// `--config` of cargo that every call is given.
    #[serde(default)]
    pub overrides: Vec<String>,
    /// The plan.
    pub plan: ReleasePlan,
}

/// What the world said when a step was done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Proof {
    /// Nothing that must be remembered.
    #[default]
    Plain,
    /// A commit.
    Commit(CommitId),
    /// Archives, with their checksums.
    Verified(Vec<Verified>),
    /// A version in an index.
    Live {
        /// The checksum that the index has.
        checksum: Digest,
        /// How it was told to be ours where the checksum could not tell it, or that the gate was passed by.
        remark: Option<String>,
    },
    /// An upload that the registry took; the index has not shown it yet.
    Uploaded {
        /// That the gate was passed by.
        #[serde(default)]
        remark: Option<String>,
    },
    /// Something to be said in the receipt.
    Remark(String),
    /// A pull request.
    Pull(Pulled),
}

impl Proof {
    /// The commit.
    pub(crate) fn commit(&self) -> Option<&CommitId> {
        match self {
            Self::Commit(id) => Some(id),
            Self::Plain | Self::Verified(_) | Self::Live { .. } | Self::Uploaded { .. } | Self::Remark(_) => None,
            Self::Pull(_) => None,
        }
    }

    /// The archives.
    pub(crate) fn verified(&self) -> &[Verified] {
        match self {
            Self::Verified(all) => all,
            Self::Plain | Self::Commit(_) | Self::Live { .. } | Self::Uploaded { .. } | Self::Remark(_) => &[],
            Self::Pull(_) => &[],
        }
    }
}

/// What became of the pull request of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Pulled {
    /// Its number; null where only the branch was pushed.
    pub number: Option<u64>,
    /// Its page.
    pub url: Option<String>,
    /// `opened`, `updated`, `unchanged`, `merged`, `closed` or `pushed`.
    pub action: String,
    /// The branch.
    pub branch: BranchName,
    /// What could not be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

impl Pulled {
    /// In a few words.
    pub(crate) fn told(&self) -> String {
        let Self { number, url, action, branch, remarks } = self;
        let what = match (number, url) {
            (Some(number), Some(url)) => format!("{action} #{number}, {url}"),
            (_, _) => format!("{action} `{branch}`"),
        };
        [&[what][..], remarks.as_slice()].concat().join("; ")
    }
}

/// A verified archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Verified {
    /// The package.
    pub name: PackageName,
    /// The version.
    pub version: Version,
    /// The registry that it was packed for.
    pub registry: RegistryName,
    /// The SHA-256 of the archive.
    pub checksum: Digest,
    /// Its size in bytes.
    pub size: u64,
}

/// The lines that were written whole.
pub(crate) fn whole_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"))
}

/// Whether a first line was written by another version of this program, which can read it.
pub(crate) fn is_of_another_version(line: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(line).ok();
    let format = value.and_then(|value| value.get("format").and_then(serde_json::Value::as_u64));
    format.is_some_and(|format| format != u64::from(FORMAT))
}

/// The opening, from the first line.
pub(crate) fn opening(line: &[u8], path: &Path) -> Result<JournalHeader> {
    let value: serde_json::Value = serde_json::from_slice(line).map_err(|error| broken(path).caused_by(error))?;
    let format = value.get("format").and_then(serde_json::Value::as_u64);
    if format != Some(u64::from(FORMAT)) {
        let program = value.get("program").and_then(serde_json::Value::as_str).unwrap_or("another version");
        return Err(Failure::world(unreadable(path))
            .because(format!("it was written by cargo-release {program} in another format"))
            .help(format!("finish or abort the release with cargo-release {program}")));
    }
    match entry(line, path)?.record {
        Record::Plan(opening) => match opening.plan.check() {
            Ok(()) => Ok(*opening),
            Err(fault) => Err(broken(path).because(fault.to_string())),
        },
        Record::InFlightStep { .. }
        | Record::Done { .. }
        | Record::Undone { .. }
        | Record::Limited { .. }
        | Record::Refused { .. }
        | Record::Agreed => Err(broken(path).because("it does not start with a plan")),
    }
}

/// One entry.
pub(crate) fn entry(line: &[u8], path: &Path) -> Result<JournalEntry> {
    serde_json::from_slice(line).map_err(|error| broken(path).caused_by(error))
}

/// Nothing can go on from a journal that says nothing; what is true of the release is then asked of git and registries.
fn broken(path: &Path) -> Failure {
    Failure::world(unreadable(path))
        .help("`cargo release abort` puts it aside and ends the release; nothing else is changed")
}

fn unreadable(path: &Path) -> String {
    format!("cannot read the journal `{}`", path.display())
}

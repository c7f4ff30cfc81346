//! What an execution tells while it runs. `report` decides how it is shown; nothing here prints.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::duration_as;
use crate::journal::Pulled;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::names::RegistryName;
use crate::names::StepId;
use crate::names::TagName;
use crate::plan::StepKind;

/// One thing that happened, or is happening. Printed as one JSON object a line with `--format json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// A plan is being executed; `resumed` where it was begun before.
    Began {
        /// Which.
        plan: PlanId,
        /// How many steps it has.
        steps: usize,
        /// How many of them are done already.
        done: usize,
    },
    /// A step was begun.
    Started {
        /// Which.
        step: StepId,
        /// Its kind.
        kind: StepKind,
        /// The package that it is for.
        package: Option<PackageName>,
    },
    /// A program that a step runs said something on its stderr.
    Said {
        /// By which step.
        step: StepId,
        /// The line.
        line: String,
    },
    /// A step waits for something outside.
    Waiting {
        /// Which.
        step: StepId,
        /// The package that it is for.
        package: Option<PackageName>,
        /// For what, and why.
        reason: String,
        /// When the wait ends.
        until: String,
        /// What happens then.
        #[serde(default)]
        then: AfterWait,
        /// How far away that is, in seconds.
        #[serde(rename = "seconds", default, with = "duration_as::seconds")]
        #[schemars(with = "u64")]
        left: Duration,
    },
    /// A step is done; `already` where it was found done.
    Done {
        /// Which.
        step: StepId,
        /// Its kind.
        kind: StepKind,
        /// The package that it is for.
        package: Option<PackageName>,
        /// Whether there was nothing to do.
        already: bool,
        /// What the witness said, in a few words: a commit, a checksum, a size.
        detail: String,
        /// How long it took, in milliseconds.
        #[serde(rename = "milliseconds", with = "duration_as::milliseconds")]
        #[schemars(with = "u64")]
        elapsed: Duration,
    },
    /// A step was taken back.
    Undone {
        /// Which.
        step: StepId,
    },
    /// Everything is done.
    Receipt(Receipt),
}

/// What a step does when its wait ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AfterWait {
    /// It gives up, unless what it waits for has come before.
    #[default]
    GivesUp,
    /// It goes on: a registry has named the time.
    GoesOn,
}

impl AfterWait {
    /// What it does, in the words before a time.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::GivesUp => "gives up",
            Self::GoesOn => "continues",
        }
    }
}

/// What is live where.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct Receipt {
    /// One entry a package and registry, in the order of publishing; packages that go nowhere come last.
    pub packages: Vec<ReceiptEntry>,
    /// The branch and the remote that it was pushed to.
    pub pushed: Option<String>,
    /// How long it took, in milliseconds, without the time at the prompt.
    #[serde(rename = "milliseconds", with = "duration_as::milliseconds")]
    #[schemars(with = "u64")]
    pub elapsed: Duration,
    /// The pull request, of a release that is proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pr: Option<Pulled>,
    /// Tags with their releases on the forge, or why there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announced: Vec<String>,
    /// The tag of each package that was released and has one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<PackageName, TagName>,
}

/// One package at one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub(crate) struct ReceiptEntry {
    /// The package.
    pub package: PackageName,
    /// The version that was released.
    pub version: Version,
    /// Where it is; null for a package that goes nowhere.
    pub registry: Option<RegistryName>,
    /// The release commit.
    pub commit: CommitId,
    /// Its tag.
    pub tag: Option<TagName>,
    /// The SHA-256 that was verified, uploaded and listed; null for a package that goes nowhere.
    pub checksum: Option<Digest>,
    /// When the index showed it.
    pub confirmed_at: Option<Timestamp>,
    /// How ours was told where the checksum could not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Its changelog entry as the release commit has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
}

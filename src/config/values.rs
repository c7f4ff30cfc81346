//! The values that keys of the configuration take, where text, a number or a list is not enough.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::settings::BumpRule;
use crate::error::Failure;
use crate::error::Result;

/// `shared-version`: no group, the group `default`, or a group by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a boolean or the name of a group")]
pub enum SharedVersion {
    /// `true` is the group `default`, `false` is none.
    Flag(bool),
    /// The name of the group; `workspace` is the one of inherited versions.
    Group(String),
}

impl SharedVersion {
    /// The name of the group, where there is one.
    pub fn group(self) -> Option<String> {
        match self {
            Self::Flag(true) => Some("default".to_owned()),
            Self::Flag(false) => None,
            Self::Group(name) => Some(name),
        }
    }
}

/// `bump.notes`: no change notes, or the directory that they lie in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected the name of a directory, or `false`")]
pub enum Notes {
    /// `false` is none, `true` the directory `.changes`.
    Flag(bool),
    /// The directory.
    Dir(String),
}

impl Notes {
    /// The directory, where there is one.
    ///
    /// # Errors
    ///
    /// `Unplannable` where it leads out of the workspace.
    pub fn dir(self) -> Result<Option<String>> {
        let dir = match self {
            Self::Flag(true) => ".changes".to_owned(),
            Self::Flag(false) => return Ok(None),
            Self::Dir(dir) => dir.trim_end_matches('/').to_owned(),
        };
        let parts = || dir.split('/').filter(|part| *part != ".");
        if parts().next().is_none() || dir.contains('\\') || parts().any(|part| part.is_empty() || part == "..") {
            return Err(Failure::unplannable(format!("`bump.notes` cannot be `{dir}`"))
                .because("change notes need a separate directory inside the workspace")
                .help("give a path from the workspace root: `notes = \".changes\"`, or `false` for none"));
        }
        Ok(Some(parts().collect::<Vec<_>>().join("/")))
    }
}

/// `pre-release-hook`: a program, or a program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected the name of a program, or a list of a program and its arguments")]
pub enum HookCommand {
    /// The name of a program; it is not split.
    Program(String),
    /// The program and its arguments.
    Line(Vec<String>),
}

impl HookCommand {
    /// The program and its arguments; empty for no hook.
    pub fn line(self) -> Vec<String> {
        match self {
            Self::Program(name) => vec![name],
            Self::Line(line) => line,
        }
    }
}

/// `certs-source`, which has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CertsSource {
    /// The roots of the `webpki-roots` crate.
    Webpki,
    /// The roots of the platform.
    Native,
}

/// `bump.semver-check`: whether the API of a library is compared with that of its last release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SemverCheck {
    /// Not at all.
    Off,
    /// As far as it can be; a warning says where it cannot.
    Auto,
    /// A release of a library that cannot be compared is refused.
    Require,
}

/// `check.rules`: whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleSet {
    /// Those of crates.io.
    CratesIo,
}

/// Names, of which some may be globs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Globs(pub Vec<String>);

/// `bump.rules`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct BumpRules(pub Vec<BumpRule>);

//! What stands in the way of a release, and what should be known before it: values, never prints.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;

use super::codes::Code;
use crate::names::PackageName;
use crate::names::RepoPath;

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// A stable code: `dirty-tree`.
    #[schemars(with = "String")]
    pub code: Code,
    /// Whether it blocks.
    pub severity: Severity,
    /// The package it is about.
    pub package: Option<PackageName>,
    /// The file it is about.
    pub path: Option<RepoPath>,
    /// The line in it, from one.
    pub line: Option<usize>,
    /// What was found.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Whether a finding blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It blocks.
    Error,
    /// It should be known.
    Warning,
}

impl Finding {
    /// A finding that blocks.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message.into())
    }

    /// A finding that should be known.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message.into())
    }

    fn new(code: Code, severity: Severity, message: String) -> Self {
        Self { code, severity, package: None, path: None, line: None, message, help: String::new() }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Says which package it is about.
    #[must_use]
    pub fn package(mut self, package: &PackageName) -> Self {
        self.package = Some(package.clone());
        self
    }

    /// Says which file it is about, and which line.
    #[must_use]
    pub fn at(mut self, path: &RepoPath, line: Option<usize>) -> Self {
        self.path = Some(path.clone());
        self.line = line;
        self
    }

    /// Whether it blocks.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

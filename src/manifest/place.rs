//! The places of a manifest that a release may change.

use std::fmt;

/// A string of a manifest that a release may change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ManifestField {
    /// `[package] version`.
    PackageVersion,
    /// `[workspace.package] version`.
    WorkspaceVersion,
    /// The requirement of a dependency.
    Requirement(DependencyEntry),
}

/// An entry of a dependency table, by its name: stays the same while the text around it changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DependencyEntry {
    /// The table.
    pub section: DependencyTable,
    /// The `[target.…]` that the table stands under, as written.
    pub target: Option<String>,
    /// The key; another than the package's name where it is renamed.
    pub key: String,
}

/// A table of dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DependencyTable {
    /// `[dependencies]`.
    Normal,
    /// `[dev-dependencies]`.
    Dev,
    /// `[build-dependencies]`.
    Build,
    /// `[workspace.dependencies]`.
    Workspace,
}

impl DependencyTable {
    /// The name of the table.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Normal => "dependencies",
            Self::Dev => "dev-dependencies",
            Self::Build => "build-dependencies",
            Self::Workspace => "workspace.dependencies",
        }
    }
}

impl DependencyEntry {
    /// Whether it stands under this target, as cargo prints it (`cfg(any(unix, windows))`); `None` is no target.
    pub(crate) fn stands_under(&self, target: Option<&str>) -> bool {
        self.target.as_deref().map(bare) == target.map(bare)
    }
}

/// A target without what cargo drops when it prints it: blanks, and commas before a bracket.
fn bare(target: &str) -> String {
    let blankless: String = target.chars().filter(|c| !c.is_whitespace()).collect();
    blankless.replace(",)", ")")
}

impl fmt::Display for ManifestField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PackageVersion => f.write_str("[package] version"),
            Self::WorkspaceVersion => f.write_str("[workspace.package] version"),
            Self::Requirement(entry) => entry.fmt(f),
        }
    }
}

impl fmt::Display for DependencyEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.section.table();
        match &self.target {
            Some(target) => write!(f, "[target.'{target}'.{table}] {}", self.key),
            None => write!(f, "[{table}] {}", self.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // An entry is found by the target that cargo prints, however it is written.
    #[test]
    fn targets_are_compared_as_cargo_prints_them() {
        let entry = |target: Option<&str>| DependencyEntry {
            section: DependencyTable::Normal,
            target: target.map(str::to_owned),
            key: "a".to_owned(),
        };
        assert!(entry(Some("cfg( any(unix,windows,) )")).stands_under(Some("cfg(any(unix, windows))")));
        assert!(entry(None).stands_under(None));
        assert!(!entry(None).stands_under(Some("cfg(unix)")));
        assert!(!entry(Some("cfg(unix)")).stands_under(Some("cfg(windows)")));
    }
}

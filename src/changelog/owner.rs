//! Whose a section is: a file may belong to one package, to several that are released as one, or to several that are kept
//! apart in it by the names in their headings (`## [core Unreleased]`, `## [core 1.2.0]`).

use crate::names::PackageName;

/// Whose section is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The package.
    pub package: PackageName,
    /// Whether packages are kept apart in the file, so that only headings with the package's name are its own.
    pub apart: bool,
}

impl Owner {
    /// The only owner of a file.
    pub fn alone(package: &PackageName) -> Self {
        Self { package: package.clone(), apart: false }
    }

    /// Whether a heading with this name in it can be the owner's. In a file of its own a name with capitals is the title
    /// of a project, as no package is spelled, and any other is that of a package.
    pub(super) fn has(&self, name: Option<&str>) -> bool {
        let plain = |name: &str| name.to_ascii_lowercase().replace('_', "-");
        let title = |name: &str| name.contains(|c: char| c.is_ascii_uppercase());
        match name {
            None => !self.apart,
            Some(name) => plain(name) == plain(self.package.as_str()) || (!self.apart && title(name)),
        }
    }
}

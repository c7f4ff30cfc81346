//! The names that travel through every room, each with a type of its own, so that a tag cannot be passed where a
//! package is meant. This room may use `error` and nothing else; it holds no behaviour beyond spelling.

pub(crate) mod trailer;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::path::Path;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest as _;
use sha2::Sha256;

/// Declares a transparent string type with the traits that a name needs.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

/// Lets names be printed as they are spelled.
macro_rules! spelled {
    ($($name:ident)*) => {
        $(impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        })*
    };
}

spelled! { PackageName TagName BranchName RemoteName CommitId PlanId StepId RepoPath Digest }

name! {
    /// The name of a package, spelled as in its manifest.
    PackageName
}

name! {
    /// The short name of a git tag, without `refs/tags/`.
    TagName
}

name! {
    /// The short name of a branch, without `refs/heads/`.
    BranchName
}

name! {
    /// The name of a remote in git's configuration.
    RemoteName
}

name! {
    /// The full hexadecimal id of a commit.
    CommitId
}

name! {
    /// The id of a plan: the SHA-256 of its content, shortened.
    PlanId
}

name! {
    /// The name of a registry as cargo's configuration spells it; `crates-io` for the default one.
    RegistryName
}

name! {
    /// The id of a step, unique in its plan, readable: `tag core-v0.5.0`.
    StepId
}

name! {
    /// A path inside the repository, relative to its root, with `/` between its parts.
    RepoPath
}

name! {
    /// A SHA-256 in lower-case hexadecimal.
    Digest
}

/// As cargo spells it; with `#`, as messages name it: in backticks, but crates.io by its own name.
impl fmt::Display for RegistryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true if self.is_crates_io() => f.write_str(self.shown()),
            true => write!(f, "`{}`", self.0),
            false => f.pad(&self.0),
        }
    }
}

impl RegistryName {
    /// The name that cargo gives to crates.io.
    pub const CRATES_IO: &'static str = "crates-io";

    /// The default registry.
    pub fn crates_io() -> Self {
        Self::from(Self::CRATES_IO)
    }

    /// What people call it: cargo's name, but crates.io by its own.
    pub fn shown(&self) -> &str {
        if self.is_crates_io() { "crates.io" } else { self.as_str() }
    }

    /// Whether this is crates.io.
    pub fn is_crates_io(&self) -> bool {
        self.as_str() == Self::CRATES_IO
    }
}

impl CommitId {
    /// The first seven digits, for people.
    pub fn short(&self) -> &str {
        self.as_str().get(..7).unwrap_or(self.as_str())
    }
}

impl BranchName {
    /// Why git would not take it as the name of a branch; `None` where it does.
    pub fn fault(&self) -> Option<&'static str> {
        ref_fault(self.as_str())
    }
}

impl RemoteName {
    /// Why it cannot be the name of a remote; `None` where it can. An address is none: git would run what it names.
    pub fn fault(&self) -> Option<&'static str> {
        let name = self.as_str();
        match () {
            () if name.is_empty() => Some("it is empty"),
            () if name.starts_with('-') => Some("it begins with a dash"),
            () if name.contains("::") => Some("it names a program that git would run"),
            () => None,
        }
    }
}

impl TagName {
    /// Why git would not take it as the name of a tag; `None` where it does.
    pub fn fault(&self) -> Option<&'static str> {
        ref_fault(self.as_str())
    }

    /// The first of these tags that is a directory of this one, or has it as one: git cannot keep both.
    pub fn clash_in<'a, T>(&self, tags: &'a BTreeMap<Self, T>) -> Option<&'a Self> {
        let name = self.as_str();
        let mut above = name.match_indices('/').filter_map(|(at, _)| tags.get_key_value(&name[..at]));
        let below = || {
            let dir = format!("{name}/");
            let from = (Bound::Included(dir.as_str()), Bound::Unbounded);
            tags.range::<str, _>(from).next().filter(|(tag, _)| tag.as_str().starts_with(&dir))
        };
        above.next().or_else(below).map(|(tag, _)| tag)
    }
}

impl RepoPath {
    /// Why a path that was read from a file cannot be one inside the repository; `None` where it can.
    pub fn fault(&self) -> Option<&'static str> {
        let path = self.as_str();
        let parts = || path.split('/');
        match () {
            () if path.is_empty() => None,
            () if path.starts_with('/') || path.contains('\\') || path.contains('\0') => Some("it is not relative"),
            () if parts().any(|part| part == ".." || part == "." || part.is_empty()) => Some("it leads elsewhere"),
            () if parts().any(|part| part.eq_ignore_ascii_case(".git")) => Some("it leads into git's own directory"),
            () => None,
        }
    }
}

impl PlanId {
    /// The first sixteen digits, for people.
    pub fn short(&self) -> &str {
        self.as_str().get(..16).unwrap_or(self.as_str())
    }
}

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_bytes(&Sha256::digest(bytes))
    }

    /// The digest whose raw bytes these are.
    pub fn from_bytes(raw: &[u8]) -> Self {
        use fmt::Write as _;
        let mut hex = String::with_capacity(raw.len() * 2);
        for byte in raw {
            write!(hex, "{byte:02x}").unwrap_or(());
        }
        Self(hex)
    }
}

impl RepoPath {
    /// The root of the repository.
    pub fn root() -> Self {
        Self(String::new())
    }

    /// This path with one more part (or several, separated by `/`).
    pub fn join(&self, part: &str) -> Self {
        match (self.0.is_empty(), part.is_empty()) {
            (true, _) => Self(part.to_owned()),
            (_, true) => self.clone(),
            (false, false) => Self(format!("{}/{part}", self.0)),
        }
    }

    /// Where a relative path leads from this directory; none where it leads out of the repository or is absolute.
    pub fn resolve(&self, path: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.0.split('/').filter(|part| !part.is_empty()).collect();
        if path.starts_with('/') || path.contains('\\') {
            return None;
        }
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        Some(Self(parts.join("/")))
    }

    /// Where it is on the disk, below the root of the repository: without a `/` at its end, for hooks compare such paths
    /// as text.
    pub fn on_disk(&self, root: &Path) -> PathBuf {
        if self.0.is_empty() { root.to_owned() } else { root.join(&self.0) }
    }

    /// Whether it lies in a directory, at any depth, or is that directory.
    pub fn is_in(&self, dir: &Self) -> bool {
        self.below(dir).is_some()
    }

    /// The path from a directory that it lies in.
    pub fn below(&self, dir: &Self) -> Option<&str> {
        if dir.0.is_empty() {
            return Some(&self.0);
        }
        let rest = self.0.strip_prefix(&dir.0)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }

    /// The last part; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, name)| name)
    }

    /// The directory that holds it; the root for a path of one part.
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned())
    }
}

/// Why git would not take the short name of a branch or tag: by `git check-ref-format`, and no dash in front, which its
/// commands take for an option.
fn ref_fault(name: &str) -> Option<&'static str> {
    let has = |bad: &str| name.contains(bad);
    let bad = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let component = |part: &str| part.is_empty() || part.starts_with('.') || part.ends_with(".lock");
    match () {
        () if name.is_empty() => Some("it is empty"),
        () if name.starts_with('-') => Some("it begins with a dash"),
        () if name == "@" || name == "HEAD" => Some("it means something else to git"),
        () if has("..") || has("@{") => Some("it has `..` or `@{` in it"),
        () if name.contains(bad) => Some("it has a blank, a control character, or one of `~^:?*[\\` in it"),
        () if name.ends_with('.') || name.ends_with('/') => Some("it ends with a dot or a slash"),
        () if name.split('/').any(component) => Some("a part of it is empty, begins with a dot, or ends with `.lock`"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A path that leads out of the repository leads nowhere.
    #[test]
    fn paths_resolve_inside_the_repository() {
        let dir = RepoPath::from("crates/core");
        assert_eq!(dir.resolve("CHANGELOG.md"), Some("crates/core/CHANGELOG.md".into()));
        assert_eq!(dir.resolve("../../README.md"), Some("README.md".into()));
        assert_eq!(dir.resolve("./src/./lib.rs"), Some("crates/core/src/lib.rs".into()));
        assert_eq!(dir.resolve("../../../etc/passwd"), None);
        assert_eq!(dir.resolve("/etc/passwd"), None);
    }

    // Each row: a name, and whether git takes it for a tag.
    #[test]
    fn tags_are_named_as_git_has_them() {
        let table = [
            ("v1.0.0", true),
            ("core/v1.0.0", true),
            ("a-b_c+d@e", true),
            ("", false),
            ("-f", false),
            ("@", false),
            ("x..", false),
            ("a..b", false),
            ("a b", false),
            ("a~1", false),
            ("a\\b", false),
            ("a.", false),
            ("a/", false),
            ("/a", false),
            ("a//b", false),
            (".a", false),
            ("a/.b", false),
            ("a.lock", false),
            ("a@{1}", false),
            ("a\u{7f}", false),
        ];
        for (name, expected) in table {
            assert_eq!(TagName::from(name).fault().is_none(), expected, "{name:?}");
        }
        let clash = |one: &str, other: &str| {
            TagName::from(one).clash_in(&BTreeMap::from([("a/b".into(), ()), (other.into(), ())])).is_some()
        };
        assert!(clash("v1", "v1/core") && clash("v1/core", "v1") && !clash("v1", "v10") && !clash("v1", "v1"));
    }

    // What a plan from a file names lies inside the repository, and not in git's own directory.
    #[test]
    fn paths_from_files_are_checked() {
        for good in ["", "Cargo.toml", "crates/core/src/lib.rs", ".github/x.yml", ".gitignore"] {
            assert_eq!(RepoPath::from(good).fault(), None, "{good}");
        }
        for bad in ["../x", "a/../../x", "/etc/passwd", "a//b", "./a", ".git/config", "a/.GIT/hooks", "a\\b"] {
            assert!(RepoPath::from(bad).fault().is_some(), "{bad}");
        }
    }

    // The root of the repository is its directory, without a slash behind it.
    #[test]
    fn paths_on_the_disk_end_without_a_slash() {
        assert_eq!(RepoPath::root().on_disk(Path::new("/a/b")).as_os_str(), "/a/b");
        assert_eq!(RepoPath::from("core").on_disk(Path::new("/a/b")).as_os_str(), "/a/b/core");
    }
}

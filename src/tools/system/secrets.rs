//! The variables that hold secrets, by name: no value is read. What runs for us gets as few of them as it can do with.

use std::ffi::OsString;
use std::sync::OnceLock;

use globset::GlobMatcher;

/// Which secrets a program gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrets {
    /// None: it runs code that others wrote, such as the build scripts of dependencies.
    None,
    /// Those of forges and CI systems, which credential helpers need, and no token of a registry.
    #[default]
    Forge,
    /// The tokens of registries too: it talks to one.
    All,
}

/// Secrets of CI systems and forges. With `ACTIONS_ID_TOKEN_REQUEST_*` alone a token for publishing can be had.
const OF_FORGES: [&str; 12] = [
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_RUNTIME_TOKEN",
    "ACTIONS_CACHE_URL",
    "ACTIONS_RESULTS_URL",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITLAB_TOKEN",
    "GITEA_TOKEN",
    "FORGEJO_TOKEN",
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
];

static HIDDEN: OnceLock<Vec<GlobMatcher>> = OnceLock::new();

/// Hides these besides from what runs code that others wrote, once for this process.
pub(crate) fn hide(names: Vec<GlobMatcher>) {
    // The first to say so is heard: the configuration is read once.
    HIDDEN.get_or_init(|| names);
}

/// Whether cargo is given a token or a key of a registry by this variable (the Cargo book, "Registry Authentication").
pub(crate) fn is_of_registry(name: &str) -> bool {
    let one_of = |name: &str| name.ends_with("_TOKEN") || name.ends_with("_SECRET_KEY");
    let rest = name.strip_prefix("CARGO_REGISTRY_").or_else(|| name.strip_prefix("CARGO_REGISTRIES_"));
    rest.is_some_and(|rest| one_of(&format!("_{rest}")))
}

fn is_of_forge(name: &str) -> bool {
    OF_FORGES.contains(&name) || name.ends_with("_ID_TOKEN")
}

fn is_hidden(name: &str) -> bool {
    HIDDEN.get().is_some_and(|globs| globs.iter().any(|glob| glob.is_match(name)))
}

impl Secrets {
    /// The variables of this process that a program with these secrets does not get.
    pub(super) fn withheld(self) -> Vec<OsString> {
        let is_withheld = |name: &str| match self {
            Self::None => is_of_registry(name) || is_of_forge(name) || is_hidden(name),
            Self::Forge => is_of_registry(name),
            Self::All => false,
        };
        let names = std::env::vars_os().map(|(name, _)| name);
        names.filter(|name| name.to_str().is_some_and(is_withheld)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: a variable, and whether it is of a registry, and of a forge.
    #[test]
    fn secrets_are_known_by_name() {
        let table = [
            ("CARGO_REGISTRY_TOKEN", true, false),
            ("CARGO_REGISTRIES_MY_BOX_TOKEN", true, false),
            ("CARGO_REGISTRIES_BOX_SECRET_KEY", true, false),
            ("CARGO_REGISTRIES_BOX_INDEX", false, false),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", false, true),
            ("CRATES_ID_TOKEN", false, true),
            ("GITHUB_TOKEN", false, true),
            ("GITHUB_SHA", false, false),
            ("PATH", false, false),
        ];
        for (name, of_registry, of_forge) in table {
            assert_eq!((is_of_registry(name), is_of_forge(name)), (of_registry, of_forge), "{name}");
        }
    }
}

//! The texts that a release may edit, and the texts that configure it.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use globset::GlobMatcher;

use crate::config;
use crate::config::CHANGELOG_DIRS;
use crate::config::ChangelogName;
use crate::config::Config;
use crate::config::DEFAULT_CHANGELOG;
use crate::config::PackageSettings;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::Package;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::system::environment::Environment;
use crate::tools::system::files;

/// A file of configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigText {
    /// Where it is, for words.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// The `release.toml`s that were found. What manifests say is in the workspace's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigTexts {
    /// `.release.toml` in the home directory.
    pub home: Option<ConfigText>,
    /// `cargo-release/release.toml` in the platform's directory for configuration.
    pub platform: Option<ConfigText>,
    /// `release.toml` at the workspace root.
    pub workspace: Option<ConfigText>,
    /// `release.toml` beside the manifest of a member; for the root package the same file as `workspace`.
    pub packages: BTreeMap<PackageName, ConfigText>,
    /// The file that was given (`-c`).
    pub given: Option<ConfigText>,
}

/// Where to look for configuration.
pub(crate) struct Places<'a> {
    /// The variables.
    pub(crate) environment: &'a Environment,
    /// The checkout.
    pub(crate) checkout: &'a Checkout,
    /// The root of the workspace.
    pub(crate) workspace_root: &'a Path,
    /// The members.
    pub(crate) packages: &'a [Package],
    /// The file that was given.
    pub(crate) given: Option<&'a Path>,
}

impl ConfigTexts {
    /// Reads what there is.
    ///
    /// # Errors
    /// A file is there and cannot be read as text, or the one that was given is not there.
    pub(crate) fn read(places: &Places<'_>) -> Result<Self> {
        let environment = places.environment;
        let mut packages = BTreeMap::new();
        for package in places.packages {
            let found = config_text(places.checkout.on_disk(&package.dir).join("release.toml"))?;
            packages.extend(found.map(|found| (package.name.clone(), found)));
        }
        let home = environment.home().map(|home| home.join(".release.toml"));
        let platform = config_home(environment).map(|home| home.join("cargo-release").join("release.toml"));
        let given = places.given.map(|path| given(&environment.directory().join(path))).transpose()?;
        Ok(Self {
            home: home.map(config_text).transpose()?.flatten(),
            platform: platform.map(config_text).transpose()?.flatten(),
            workspace: config_text(places.workspace_root.join("release.toml"))?,
            packages,
            given,
        })
    }
}

/// The platform's directory for configuration.
fn config_home(environment: &Environment) -> Option<PathBuf> {
    if cfg!(windows) {
        return environment.get("APPDATA").map(PathBuf::from);
    }
    if cfg!(target_os = "macos") {
        return environment.home().map(|home| home.join("Library/Application Support"));
    }
    let named = environment.get("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    named.or_else(|| environment.home().map(|home| home.join(".config")))
}

fn config_text(path: PathBuf) -> Result<Option<ConfigText>> {
    Ok(files::read_text(&path)?.map(|text| ConfigText { path, text }))
}

fn given(path: &Path) -> Result<ConfigText> {
    config_text(path.to_owned())?.ok_or_else(|| {
        Failure::unplannable(format!("the configuration file `{}` does not exist", path.display()))
            .help("pass a path relative to the current directory: `-c PATH`")
    })
}

/// Texts of the repository by path, and the reasons why some are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RepoTexts {
    /// Those that are text.
    pub(crate) texts: BTreeMap<RepoPath, String>,
    /// Those that are not.
    pub(crate) unreadable: BTreeMap<RepoPath, String>,
}

impl RepoTexts {
    /// Reads a file, where there is one.
    pub(crate) fn add(&mut self, checkout: &Checkout, path: RepoPath) {
        if self.texts.contains_key(&path) || self.unreadable.contains_key(&path) {
            return;
        }
        if let Some(why) = leads_out(checkout, &path) {
            self.unreadable.insert(path, why.to_owned());
            return;
        }
        match read(&checkout.on_disk(&path)) {
            Ok(Some(text)) => drop(self.texts.insert(path, text)),
            Ok(None) => {}
            Err(failure) => drop(self.unreadable.insert(path, failure.to_string())),
        }
    }

    /// Reads the changelog in a directory, by whatever usual name it is there, and whether it can be written or not.
    pub(crate) fn add_changelog(&mut self, checkout: &Checkout, dir: &RepoPath) {
        let mut paths = files::names(&checkout.on_disk(dir)).unwrap_or_default();
        for docs in CHANGELOG_DIRS {
            if paths.contains(&format!("{docs}/")) {
                let names = files::names(&checkout.on_disk(&dir.join(docs))).unwrap_or_default();
                paths.extend(names.into_iter().map(|name| format!("{docs}/{name}")));
            }
        }
        // A directory that is called as the file is stands in its way; others, as `changes/`, are no changelogs.
        let paths = paths.iter().map(|path| path.strip_suffix('/').map_or((path.as_str(), true), |dir| (dir, false)));
        let found = paths.filter_map(|(path, is_file)| Some((ChangelogName::of(path)?, path, is_file)));
        let found = found.filter(|(name, _, is_file)| *is_file || name.is_markdown);
        if let Some((_, path, _)) = found.min() {
            self.add(checkout, dir.join(path));
        }
    }

    /// The text of a committed file, as it is on disk, or, where a sparse checkout leaves it out, in the commit.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub(crate) fn look(&self, checkout: &Checkout, head: Oid, path: &RepoPath) -> Result<Option<String>> {
        if let Some(known) = self.texts.get(path) {
            return Ok(Some(known.clone()));
        }
        match read(&checkout.on_disk(path)) {
            Ok(Some(text)) => Ok(Some(text)),
            Ok(None) | Err(_) => checkout.text_at(head, path),
        }
    }

    /// Reads the files that the configuration of a package names: its changelog, and what replacements edit.
    pub(crate) fn add_configured(&mut self, checkout: &Checkout, package: &Package, settings: &PackageSettings) {
        if settings.changelog.enabled {
            if settings.changelog.path != DEFAULT_CHANGELOG {
                self.add(checkout, resolved(&package.dir, &settings.changelog.path));
            }
            self.add_changelog(checkout, &package.dir);
        }
        for replacement in &settings.pre_release_replacements {
            self.add(checkout, resolved(&package.dir, &replacement.file));
        }
    }
}

/// Why a path is not one inside the repository; none where it is.
fn leads_out(checkout: &Checkout, path: &RepoPath) -> Option<&'static str> {
    if path.as_str().split('/').any(|part| part == "..") {
        return Some("it is outside the repository");
    }
    if let Some(fault) = path.fault() {
        return Some(fault);
    }
    match files::inside(checkout.root(), path.as_str()) {
        Ok(Some(_)) => None,
        Ok(None) | Err(_) => Some("a symbolic link leads out of the repository, or to nowhere"),
    }
}

/// The globs in `file` of replacements, where there is no file of just that name. One that cannot be read matches
/// nothing; the decision says so.
pub(crate) fn globs(packages: &[Package], config: &Config, texts: &RepoTexts) -> Vec<GlobMatcher> {
    let replacements = packages.iter().filter_map(|package| Some((package, config.packages.get(&package.name)?)));
    let files = replacements.flat_map(|(package, settings)| {
        settings.pre_release_replacements.iter().map(|replacement| resolved(&package.dir, &replacement.file))
    });
    let missing = files.filter(|path| !texts.texts.contains_key(path) && !texts.unreadable.contains_key(path));
    let globs = missing.filter(|path| config::is_glob(path.as_str()));
    globs.filter_map(|path| config::file_glob(path.as_str()).ok()).collect()
}

fn read(path: &Path) -> Result<Option<String>> {
    let Some(bytes) = files::read(path).map_err(|failure| {
        let why = failure.why().join(": ");
        Failure::world(if why.is_empty() { failure.to_string() } else { why })
    })?
    else {
        return Ok(None);
    };
    utf8(bytes).map(Some)
}

/// The text that these bytes are.
///
/// # Errors
/// They are none; the line where that shows.
pub(crate) fn utf8(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::unplannable(format!("line {line} is not UTF-8 text"))
    })
}

/// A path that is written relative to a directory, without `.` and, as far as it stays inside the repository, `..`.
pub(crate) fn resolved(dir: &RepoPath, path: &str) -> RepoPath {
    let mut parts: Vec<&str> = dir.as_str().split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    RepoPath::from(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path that climbs to a sibling is the sibling's, and one that climbs out of the repository says so.
    #[test]
    fn relative_paths_are_resolved() {
        let dir = RepoPath::from("crates/core");
        assert_eq!(resolved(&dir, "../../CHANGELOG.md"), "CHANGELOG.md");
        assert_eq!(resolved(&dir, "./docs//a.md"), "crates/core/docs/a.md");
        assert_eq!(resolved(&dir, "../../../x"), "../x");
    }
}

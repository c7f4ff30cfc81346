//! Files that cargo packs in the checkout and git ignores: `include` names them, and no commit has them.

use std::collections::BTreeSet;
use std::path::Path;

use super::state::git;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::observe::Located;
use crate::snapshot::Package;
use crate::snapshot::PublishTo;
use crate::snapshot::Workspace;
use crate::tools::cargo::run::Cargo;
use crate::tools::git::ignored::directory_of_a_tool;

/// What cargo lists and makes itself.
const MADE: [&str; 3] = ["Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"];

/// What git ignores, where a package may name such files.
///
/// # Errors
/// git cannot be started.
pub(crate) fn listed(root: &Path, target_directory: &Path, workspace: &Workspace) -> Result<Vec<RepoPath>> {
    if workspace.packages.iter().any(|package| may_include(workspace, package)) {
        return ignored(root, target_directory);
    }
    Ok(Vec::new())
}

/// Where the word is not even in the text of the manifest, the key is not there.
fn may_include(workspace: &Workspace, package: &Package) -> bool {
    let text = workspace.texts.get(&package.manifest);
    package.publish != PublishTo::Nowhere && text.is_some_and(|text| text.contains("include"))
}

/// Fills in the ignored files of each package. Without `include` cargo itself leaves out what git ignores, and where git
/// ignores nothing but what is built there is nothing to find: cargo is asked only of what is left.
///
/// # Errors
/// git or cargo cannot be started.
pub(crate) fn fill(place: &Located, ignored: &[RepoPath], workspace: &mut Workspace) -> Result<()> {
    if ignored.is_empty() {
        return Ok(());
    }
    let names_files = |package: &Package| {
        workspace.manifest(&package.manifest).is_ok_and(|manifest| manifest.normal().include.is_some())
    };
    let including: Vec<PackageName> = workspace
        .packages
        .iter()
        .filter(|package| may_include(workspace, package))
        .filter(|package| names_files(package))
        .map(|package| package.name.clone())
        .collect();
    for package in &mut workspace.packages {
        let is_touched = ignored.iter().any(|path| path.below(&package.dir).is_some());
        if including.contains(&package.name) && is_touched {
            (package.ignored, package.kept_by_tools) = packed_all_the_same(place, package)?;
        }
    }
    Ok(())
}

/// What git ignores, whole directories once, without what cargo builds and its lock file.
fn ignored(root: &Path, target_directory: &Path) -> Result<Vec<RepoPath>> {
    let arguments = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
    let output = git(root).args(arguments).succeed()?;
    let built = target_directory.strip_prefix(root).map(Path::to_owned).unwrap_or_default();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let paths = text.split('\0').map(|path| path.trim_end_matches('/')).filter(|path| !path.is_empty());
    let paths = paths.filter(|path| Path::new(path) != built && !path.ends_with("Cargo.lock"));
    Ok(paths.map(RepoPath::from).collect())
}

/// Those of the files that cargo would pack here which git ignores, and the directories that tools made for themselves with
/// such files. Where cargo cannot list them, verification tells why.
fn packed_all_the_same(place: &Located, package: &Package) -> Result<(Vec<RepoPath>, Vec<RepoPath>)> {
    let manifest = place.workspace_root.join("Cargo.toml");
    let cargo = Cargo::new(&place.environment, &place.workspace_root, &manifest, &place.target_directory);
    let listed = cargo.list(&manifest, &package.name).run()?;
    if !listed.success() {
        return Ok((Vec::new(), Vec::new()));
    }
    let text = listed.text().replace('\\', "/");
    let files = text.lines().filter(|file| !MADE.contains(file)).map(|file| package.dir.join(file));
    let names: Vec<String> = files.map(|path| path.to_string()).collect();
    let asked = git(place.root()).args(["check-ignore", "-z", "--stdin"]).input(names.join("\0")).run()?;
    let told = String::from_utf8_lossy(&asked.stdout).into_owned();
    let told = told.split('\0').filter(|path| !path.is_empty()).map(RepoPath::from);
    let (mut ignored, mut kept) = (Vec::new(), BTreeSet::new());
    for path in told {
        match directory_of_a_tool(place.root(), &path) {
            Some(dir) => drop(kept.insert(dir)),
            None => ignored.push(path),
        }
    }
    Ok((ignored, kept.into_iter().collect()))
}

//! Crates of the repository that are no members and depend on members by path: fuzz targets, examples, benchmarks, other
//! workspaces. cargo takes the members for them from here, so that their requirements and lock files go with a release.

use std::collections::BTreeSet;

use super::texts::RepoTexts;
use crate::config;
use crate::error::Result;
use crate::manifest::Manifest;
use crate::names::RepoPath;
use crate::snapshot::Beside;
use crate::snapshot::Workspace;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;

/// The manifests of a commit, and globs for those that count.
pub(crate) struct Named<'a> {
    pub(crate) globs: &'a [String],
    pub(crate) manifests: &'a [RepoPath],
}

/// The manifests that globs name, from the root of the repository; their texts and those of their lock files are added.
///
/// # Errors
/// The commit cannot be read.
pub(crate) fn read(
    checkout: &Checkout,
    head: Oid,
    workspace: &Workspace,
    named: &Named<'_>,
    texts: &mut RepoTexts,
) -> Result<Vec<Beside>> {
    // One that cannot be read matches nothing; the decision says so of the globs that it takes.
    let globs: Vec<_> = named.globs.iter().filter_map(|glob| config::file_glob(glob).ok()).collect();
    if globs.is_empty() {
        return Ok(Vec::new());
    }
    let own: BTreeSet<&RepoPath> = workspace.packages.iter().map(|package| &package.manifest).collect();
    let (root, lock) = (workspace.dir.join("Cargo.toml"), workspace.dir.join("Cargo.lock"));
    let mut found = Vec::new();
    let is_named = |path: &RepoPath| globs.iter().any(|glob| glob.is_match(path.as_str()));
    let others = named.manifests.iter().filter(|path| is_named(path) && **path != root && !own.contains(path));
    let others: Vec<&RepoPath> = others.collect();
    checkout.gather(others.iter().map(|path| (head, *path)))?;
    for path in others {
        let Some(text) = texts.look(checkout, head, path)? else { continue };
        if !needs_a_member(path, &text, workspace) {
            continue;
        }
        texts.texts.insert(path.clone(), text);
        let lockfile = lockfile(checkout, head, path)?.filter(|found| *found != lock);
        if let Some(path) = &lockfile
            && let Some(text) = texts.look(checkout, head, path)?
        {
            texts.texts.insert(path.clone(), text);
        }
        found.push(Beside { manifest: path.clone(), lockfile });
    }
    Ok(found)
}

/// The nearest lock file that is committed, from the manifest upwards.
fn lockfile(checkout: &Checkout, head: Oid, manifest: &RepoPath) -> Result<Option<RepoPath>> {
    let mut dir = manifest.parent();
    loop {
        let path = dir.join("Cargo.lock");
        if checkout.holds(head, &path)? {
            return Ok(Some(path));
        }
        if dir == RepoPath::root() {
            return Ok(None);
        }
        dir = dir.parent();
    }
}

/// Whether a manifest names the directory of a member. One that does not parse, as fixtures of tests do not, names none.
fn needs_a_member(path: &RepoPath, text: &str, workspace: &Workspace) -> bool {
    if !text.contains("path") {
        return false;
    }
    let Ok(manifest) = Manifest::parse(path, text) else { return false };
    let dir = path.parent();
    let is_member =
        |to: &str| dir.resolve(to).is_some_and(|to| workspace.packages.iter().any(|package| package.dir == to));
    let depends = manifest.dependencies().iter().filter_map(|dependency| dependency.path.as_deref());
    let patches = manifest.patches().iter().filter_map(|patch| patch.path.as_deref());
    let names_one = depends.chain(patches).any(is_member);
    if names_one {
        workspace.manifests.put(manifest);
    }
    names_one
}

//! Sparse checkouts that lack members: cargo says only that a file is not there, and where members are named by a glob it
//! says nothing, and the workspace is a smaller one.

use std::collections::BTreeSet;
use std::path::Path;

use globset::GlobBuilder;
use toml_edit::DocumentMut;
use toml_edit::Item;

use crate::error::Failure;
use crate::error::Result;
use crate::names::RepoPath;
use crate::phrase;
use crate::tools::git::cli::Git;
use crate::tools::git::read::Checkout;

/// How many directories are named.
const NAMED: usize = 5;

/// The failure of cargo to read the workspace, or what it comes from: that the checkout lacks what it looked for.
pub(crate) fn explained(failure: Failure, directory: &Path) -> Failure {
    let said = failure.why().join("\n").replace('\\', "/");
    match lacking(&said, directory) {
        // What git cannot tell explains nothing.
        Ok(lacks) if !lacks.0.is_empty() => lacks.failure().because(said),
        Ok(_) | Err(_) => failure,
    }
}

/// Refuses a workspace that is smaller than that of the commit: its globs match members which the checkout leaves out.
///
/// # Errors
/// They do, or git cannot tell.
pub(crate) fn lacks_no_member(checkout: &Checkout, workspace: &RepoPath, manifest: &str) -> Result<()> {
    if !checkout.may_be_sparse() {
        return Ok(());
    }
    let (members, excluded) = (named(manifest, "members"), named(manifest, "exclude"));
    let matchers: Vec<_> = members
        .iter()
        .filter_map(|glob| GlobBuilder::new(glob.trim_start_matches("./")).literal_separator(true).build().ok())
        .map(|glob| glob.compile_matcher())
        .collect();
    let git = Git::at(checkout.root());
    let is_member = |dir: &RepoPath| {
        let Some(inside) = dir.below(workspace) else { return false };
        let is_excluded = |out: &String| Path::new(inside).starts_with(out.trim_start_matches("./"));
        matchers.iter().any(|glob| glob.is_match(inside)) && !excluded.iter().any(is_excluded)
    };
    let left_out = git.left_out()?;
    let manifests = left_out.iter().filter(|path| path.as_str().ends_with("/Cargo.toml"));
    let lacks: BTreeSet<RepoPath> = manifests.map(RepoPath::parent).filter(is_member).collect();
    if lacks.is_empty() {
        return Ok(());
    }
    let lacks = Lacking(lacks, git.is_cone()?);
    Err(lacks.failure().because("`[workspace] members` matches them: without them the plan would be another one"))
}

/// Directories that a sparse checkout leaves out, and whether it is told by directories.
struct Lacking(BTreeSet<RepoPath>, bool);

impl Lacking {
    fn failure(&self) -> Failure {
        let Self(paths, is_cone) = self;
        let pattern = |path: &RepoPath| match is_cone {
            true => path.to_string(),
            false if path.as_str() == "Cargo.toml" => "/Cargo.toml".to_owned(),
            // With the stars it outweighs a pattern that leaves out a part of it.
            false => format!("'/{path}/**'"),
        };
        let add: Vec<String> = paths.iter().map(pattern).collect();
        let members = phrase::first(paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().iter(), NAMED);
        Failure::unplannable(format!("the sparse checkout leaves out parts of the workspace: {members}"))
            .help(format!("add them: `git sparse-checkout add {}`", add.join(" ")))
            .help("or check everything out: `git sparse-checkout disable`")
    }
}

/// What cargo looked for, as its words name it, and the checkout leaves out.
fn lacking(said: &str, directory: &Path) -> Result<Lacking> {
    let Some(root) = Git::at(directory).top_level()? else { return Ok(Lacking(BTreeSet::new(), true)) };
    let git = Git::at(Path::new(&root));
    let is_named =
        |path: &RepoPath| ["", "/Cargo.toml"].iter().any(|end| said.contains(&format!("{root}/{path}{end}`")));
    let mut lacks = BTreeSet::new();
    for file in git.left_out()? {
        let mut dir = file.parent();
        while dir != RepoPath::root() {
            if is_named(&dir) {
                lacks.insert(dir.clone());
            }
            dir = dir.parent();
        }
        if said.contains("could not find `Cargo.toml`") && file.as_str() == "Cargo.toml" {
            lacks.insert(file);
        }
    }
    Ok(Lacking(lacks, git.is_cone()?))
}

/// The paths of a list in `[workspace]`.
fn named(manifest: &str, key: &str) -> Vec<String> {
    let document = manifest.parse::<DocumentMut>().unwrap_or_default();
    let list = document.get("workspace").and_then(|table| table.get(key)).and_then(Item::as_array);
    let texts = list.into_iter().flatten().filter_map(|item| item.as_str());
    texts.map(|text| text.trim_end_matches('/').to_owned()).collect()
}

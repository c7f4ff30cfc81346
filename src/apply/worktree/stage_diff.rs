//! Whether a package has the same files in the stage as in the checkout. A file that git ignores and `include` names is
//! packed from the checkout alone, and would be missing in silence.

use std::collections::BTreeMap;
use std::path::Path;

use crate::apply::step_context::StepContext;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::phrase;
use crate::plan::Verify;
use crate::tools::git::ignored::is_of_a_tool;
use crate::tools::system::process::Program;

/// How many files are named.
const NAMED: usize = 10;

/// Refuses to verify packages that would lack files. Only `include` can name what git ignores, so nothing is asked where
/// no manifest has one.
///
/// # Errors
/// Files would be missing, or cargo cannot list them.
pub(crate) fn agree(verify: &Verify, context: &StepContext<'_>) -> Result<()> {
    let world = context.world;
    if !world.stage().has_word("include", &["Cargo.toml", "*/Cargo.toml"])? {
        return Ok(());
    }
    let here = world.checkout.dir().join(world.workspace.join("Cargo.toml").as_str());
    let staged = world.staged(&world.workspace.join("Cargo.toml"));
    let changed = world.checkout.changed(&context.journal.plan().base.commit, context.commit()?)?;
    let mut missing = BTreeMap::new();
    for packed in &verify.packages {
        let listed = |manifest| lines(&world.cargo.list(manifest, &packed.name));
        let there = listed(&staged)?;
        let lost = |file: &String| !there.contains(file) && !changed.iter().any(|path| path.ends_with(file.as_str()));
        let found = match listed(&here) {
            // Cargo lists nothing there, and nobody has packed there either.
            Err(_) if world.checkout.has_sparse_index()? => return Ok(()),
            found => found?,
        };
        let lost: Vec<String> = found.into_iter().filter(lost).collect();
        if !lost.is_empty() {
            missing.insert(&packed.name, lost);
        }
    }
    if !missing.is_empty() {
        without_tools(&mut missing, context)?;
    }
    if missing.is_empty() { Ok(()) } else { Err(differs(&missing)) }
}

/// Leaves out what tools keep below the packages for themselves.
fn without_tools(missing: &mut BTreeMap<&PackageName, Vec<String>>, context: &StepContext<'_>) -> Result<()> {
    let (stage, root) = (context.world.room.stage(), context.world.checkout.dir());
    for package in context.world.cargo.question().manifests()?.workspace_packages() {
        let dir = package.manifest_path.parent().and_then(|dir| dir.as_std_path().strip_prefix(&stage).ok());
        let dir = RepoPath::from(dir.unwrap_or(Path::new("")).to_string_lossy().replace('\\', "/"));
        if let Some(lost) = missing.get_mut(&PackageName::from(package.name.as_str())) {
            lost.retain(|file| !is_of_a_tool(root, &dir.join(file)));
        }
    }
    missing.retain(|_, lost| !lost.is_empty());
    Ok(())
}

fn lines(program: &Program) -> Result<Vec<String>> {
    Ok(program.succeed()?.text().lines().map(|line| line.replace('\\', "/")).collect())
}

fn differs(missing: &BTreeMap<&PackageName, Vec<String>>) -> Failure {
    let failure =
        Failure::blocked("packages would be published without files that cargo packs in your checkout (stage-differs)");
    let failure = missing
        .iter()
        .fold(failure, |failure, (name, files)| failure.because(format!("`{name}`: {}", phrase::first(files, NAMED))));
    failure.because("`include` lists them but git ignores them, so the release commit does not contain them").help(
        "commit them (`git add --force`), add them to `[stage] copy`, or remove them from `include`; then plan again",
    )
}

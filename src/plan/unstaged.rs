//! What lies in the checkout and in no commit: a release is packed from a commit alone.

use super::case::Case;
use super::value::PlannedPackage;
use crate::check::Finding;
use crate::check::Severity;
use crate::error::Result;
use crate::names::RepoPath;
use crate::snapshot::Package;

/// How many files are named.
const NAMED: usize = 5;

/// One finding for each released package that would lack files which git ignores. What is changed and not committed is told
/// with the state of the tree.
pub(super) fn findings(case: &Case<'_>, packages: &[PlannedPackage]) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for planned in packages.iter().filter(|package| package.publish) {
        let package = case.package(&planned.name)?;
        found.extend(ignored(case, package)?);
    }
    Ok(found)
}

/// `include` names them and git ignores them. A hook of the release may make them before it is packed; only then is it
/// known whether they are there.
fn ignored(case: &Case<'_>, package: &Package) -> Result<Option<Finding>> {
    let [first, ..] = package.ignored.as_slice() else { return Ok(None) };
    let name = &package.name;
    let message = format!(
        "`{name}` would lack files that cargo packs in your checkout, because git ignores them: {}",
        named(&package.ignored)
    );
    let hooked = !case.settings(name)?.pre_release_hook.is_empty();
    let finding = Finding::error("stage-differs", message).package(name).at(first, None);
    Ok(Some(match hooked {
        true => Finding { severity: Severity::Warning, ..finding }
            .help("unless `pre-release-hook` makes them: commit them (`git add --force`)"),
        false => finding.help("commit them (`git add --force`), or take them out of `include`"),
    }))
}

fn named(paths: &[RepoPath]) -> String {
    let more = paths.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    let named: Vec<&str> = paths.iter().take(NAMED).map(RepoPath::as_str).collect();
    format!("{}{more}", named.join(", "))
}

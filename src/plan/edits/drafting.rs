//! How entries are drafted: as the project's git-cliff configuration says where it has one that works, else by the built-in
//! template.

use std::collections::BTreeMap;

use crate::changelog::Cliff;
use crate::changelog::Links;
use crate::changelog::Pages;
use crate::check::Code;
use crate::check::Finding;
use crate::config::ChangelogLinks;
use crate::config::ForgeDialect;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::next_version::Bump;

/// What drafts are made from, besides the commits.
pub(crate) struct Drafting<'a> {
    /// How they are made.
    pub(crate) cliff: Cliff,
    /// Everything that is released.
    pub(crate) bumps: &'a BTreeMap<PackageName, Bump>,
}

/// Where a project keeps the configuration of git-cliff.
const CLIFF_FILES: [&str; 3] = ["cliff.toml", ".cliff.toml", ".config/cliff.toml"];

/// How drafts are made: as the project's git-cliff configuration says, where it has one.
pub(crate) fn cliff(inputs: &PlanInputs<'_>, found: &mut Vec<Finding>) -> Result<Cliff> {
    Ok(configured(inputs, found)?.with_links(links(inputs)))
}

/// What drafted items link to, with the pages of the configured forge, else of the one that the address looks like.
fn links(inputs: &PlanInputs<'_>) -> Option<Links> {
    let workspace = &inputs.config.workspace;
    if workspace.changelog.links == ChangelogLinks::Off {
        return None;
    }
    let address = workspace.forge.url.clone();
    let members = inputs.snapshot.workspace.packages.iter();
    let mut known = address.iter().chain(members.filter_map(|member| member.metadata.repository.as_ref()));
    let host = known.next().and_then(|known| known.split('/').nth(2)).unwrap_or_default();
    let pages = match workspace.forge.kind {
        Some(ForgeDialect::Gitlab) => Pages::Gitlab,
        Some(ForgeDialect::Forgejo | ForgeDialect::Gitea) => Pages::Forgejo,
        Some(ForgeDialect::Github) => Pages::Github,
        Some(ForgeDialect::None) | None if host.contains("gitlab") => Pages::Gitlab,
        Some(ForgeDialect::None) | None if ["codeberg", "forgejo", "gitea"].iter().any(|name| host.contains(name)) => {
            Pages::Forgejo
        }
        Some(ForgeDialect::None) | None => Pages::Github,
    };
    Some(Links { pages, project: address })
}

fn configured(inputs: &PlanInputs<'_>, found: &mut Vec<Finding>) -> Result<Cliff> {
    let workspace = &inputs.snapshot.workspace;
    for file in CLIFF_FILES {
        let path = workspace.dir.join(file);
        if let Some(text) = workspace.texts.get(&path) {
            let cliff = match Cliff::parse(text) {
                Ok(cliff) => cliff,
                Err(failure) => {
                    let why = std::iter::once(failure.what().to_owned()).chain(failure.why());
                    found.push(cliff_failed(&path, &why.collect::<Vec<_>>().join(": ")));
                    return Cliff::built_in();
                }
            };
            found.extend(cliff.warnings().iter().map(|warning| {
                Finding::warning(Code::CliffCommand, warning.clone())
                    .at(&path, None)
                    .help("cargo-release does not run commands from it: use a `pre-release-hook`, or remove them")
            }));
            return Ok(cliff);
        }
    }
    let manifests = [super::manifests::root_manifest(inputs)];
    for text in manifests.iter().filter_map(|path| workspace.texts.get(path)) {
        if let Some(cliff) = Cliff::from_manifest(text)? {
            return Ok(cliff);
        }
    }
    Cliff::built_in()
}

/// That the project's way of drafting could not be used.
fn cliff_failed(path: &RepoPath, why: &str) -> Finding {
    let message = format!("`{path}` cannot be used, so entries are drafted by the built-in template: {why}");
    let help = "`cargo release changelog draft` shows what comes of it once it is corrected";
    Finding::warning(Code::CliffFailed, message).at(path, None).help(help)
}

/// That the project's template failed while the entries of these packages were drafted; none where it did not.
pub(crate) fn template_failure<'a>(
    inputs: &PlanInputs<'_>,
    cliff: &Cliff,
    packages: impl IntoIterator<Item = &'a PackageName>,
) -> Option<Finding> {
    let texts = &inputs.snapshot.workspace.texts;
    let files = CLIFF_FILES.iter().map(|file| inputs.snapshot.workspace.dir.join(file));
    let path = files.into_iter().find(|path| texts.contains_key(path));
    let why = cliff.failure(packages)?;
    Some(cliff_failed(&path.unwrap_or_else(|| super::manifests::root_manifest(inputs)), &why))
}

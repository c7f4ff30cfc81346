//! Changelog entries: what a person wrote under Unreleased, else a draft from the commits.

use std::collections::BTreeMap;

use super::case::Case;
use super::choose::Choice;
use super::texts::Texts;
use super::value::Evidence;
use super::value::Level;
use super::value::PlannedChangelog;
use crate::changelog;
use crate::changelog::Cliff;
use crate::changelog::DraftCommit;
use crate::changelog::DraftFor;
use crate::changelog::Origin;
use crate::changelog::Release;
use crate::check::Finding;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::snapshot::Package;
use crate::snapshot::Witness;

/// What drafts are made from, besides the commits.
pub(super) struct Drafting<'a> {
    /// How they are made.
    pub(super) cliff: Cliff,
    /// Everything that is released.
    pub(super) choices: &'a BTreeMap<PackageName, Choice>,
}

/// Where a project keeps the configuration of git-cliff.
const CLIFF_FILES: [&str; 3] = ["cliff.toml", ".cliff.toml", ".config/cliff.toml"];

/// How drafts are made: as the project's git-cliff configuration says, where it has one.
pub(super) fn cliff(case: &Case<'_>, found: &mut Vec<Finding>) -> Result<Cliff> {
    let workspace = &case.snapshot.workspace;
    for file in CLIFF_FILES {
        let path = workspace.dir.join(file);
        if let Some(text) = workspace.texts.get(&path) {
            let cliff = Cliff::parse(text)?;
            found.extend(cliff.warnings().iter().map(|warning| {
                Finding::warning("cliff-command", warning.clone())
                    .at(&path, None)
                    .help("commands in it are not run: do it in a `pre-release-hook`, or leave it out")
            }));
            return Ok(cliff);
        }
    }
    let manifests = [super::manifests::root_manifest(case)];
    for text in manifests.iter().filter_map(|path| workspace.texts.get(path)) {
        if let Some(cliff) = Cliff::from_manifest(text)? {
            return Ok(cliff);
        }
    }
    Cliff::built_in()
}

/// Writes the entry of a package into its changelog. `None` where the changelog is off, or edited by replacements.
pub(super) fn write(
    case: &Case<'_>,
    choice: &Choice,
    drafting: &Drafting<'_>,
    texts: &mut Texts<'_>,
    found: &mut Vec<Finding>,
) -> Result<Option<PlannedChangelog>> {
    let package = case.package(&choice.name)?;
    let Some(path) = path(case, package, texts)? else { return Ok(None) };
    if let Some(why) = case.snapshot.workspace.unreadable.get(&path) {
        let finding = Finding::error("changelog-unreadable", format!("`{path}` cannot be read: {why}"));
        found.push(
            finding
                .at(&path, None)
                .package(&package.name)
                .help("make it a UTF-8 text, or `[changelog] enabled = false`"),
        );
        return Ok(None);
    }
    let fresh = changelog::new_document(&package.name);
    let text = texts.get(&path).unwrap_or(&fresh).to_owned();
    let release = Release {
        owner: changelog::Owner::alone(&package.name),
        version: choice.to.clone(),
        date: today(case)?,
        tag: case.tag(package, &choice.to)?,
        previous_tag: previous_tag(case, &choice.name),
        repository: package.metadata.repository.clone(),
        draft: Some(draft(case, choice, drafting)?),
    };
    match changelog::release(&text, &release) {
        Ok(released) => {
            if released.entry.trim().is_empty() {
                let message = format!("the changelog entry of `{}` {} says nothing", choice.name, choice.to);
                let help = "write it under `## [Unreleased]`, commit it, then plan again";
                found.push(
                    Finding::warning("changelog-empty", message).package(&package.name).at(&path, None).help(help),
                );
            }
            texts.set(&path, released.text);
            let drafted = released.origin == Origin::Drafted;
            Ok(Some(PlannedChangelog { path, entry: released.entry, drafted }))
        }
        Err(problem) => {
            let finding = Finding::error(problem.code(), problem.to_string()).package(&package.name);
            found.push(finding.at(&path, Some(problem.line())).help(problem.help()));
            Ok(None)
        }
    }
}

/// The changelog that is written: none where it is off, where replacements edit it, and where a package that goes
/// nowhere has none.
fn path(case: &Case<'_>, package: &Package, texts: &Texts<'_>) -> Result<Option<RepoPath>> {
    let settings = case.settings(&package.name)?;
    let Some(path) = package.dir.resolve(&settings.changelog_path).filter(|_| settings.changelog_enabled) else {
        return Ok(None);
    };
    let replaced = |file: &str| package.dir.resolve(file).as_ref() == Some(&path);
    if settings.pre_release_replacements.iter().any(|replacement| replaced(&replacement.file)) {
        return Ok(None);
    }
    let exists = texts.get(&path).is_some() || case.snapshot.workspace.unreadable.contains_key(&path);
    let is_made = settings.changelog_create && !case.destinations(package)?.is_empty();
    Ok((exists || is_made).then_some(path))
}

/// The date of the release.
fn today(case: &Case<'_>) -> Result<jiff::civil::Date> {
    case.request.today.parse().or_unplannable(|| format!("`{}` is not a date", case.request.today))
}

fn previous_tag(case: &Case<'_>, name: &PackageName) -> Option<crate::names::TagName> {
    match &case.last_release(name)?.witness {
        Witness::Tag(tag) => Some(tag.clone()),
        Witness::VcsRecord => None,
    }
}

/// The draft: from the commits that count, else what forced the release.
fn draft(case: &Case<'_>, choice: &Choice, drafting: &Drafting<'_>) -> Result<String> {
    let package = case.package(&choice.name)?;
    let commits: Vec<DraftCommit> = case
        .changes(&choice.name)
        .iter()
        .filter(|change| change.level > Level::None)
        .map(|change| {
            let commit = change.commit;
            DraftCommit {
                id: commit.id.clone(),
                message: commit.message.clone(),
                author: commit.author.clone(),
                email: commit.email.clone(),
                timestamp: commit.committed_at,
            }
        })
        .collect();
    let wanted = DraftFor {
        package: choice.name.clone(),
        version: choice.to.clone(),
        tag: case.tag(package, &choice.to)?,
        previous_tag: previous_tag(case, &choice.name),
        date: today(case)?,
        repository: package.metadata.repository.clone(),
    };
    let from_commits = changelog::draft(&commits, &wanted, &drafting.cliff)?;
    if !from_commits.body.trim().is_empty() {
        return Ok(from_commits.body);
    }
    Ok(forced_by(choice, drafting.choices))
}

/// What to say of a release that no commit asks for.
fn forced_by(choice: &Choice, choices: &BTreeMap<PackageName, Choice>) -> String {
    let lines = choice.reasons.iter().filter_map(|reason| match &reason.evidence {
        Evidence::Dependency { package } => {
            choices.get(package).map(|dependency| format!("- Update `{package}` to {}", dependency.to))
        }
        Evidence::Group { .. } => Some(format!("- No changes of its own: it {}", reason.summary)),
        Evidence::Manifest { .. } => Some(format!("- {}", capital(&reason.summary))),
        Evidence::Commit { .. } | Evidence::Api { .. } | Evidence::Note { .. } | Evidence::Request => None,
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { String::new() } else { format!("### Changed\n\n{}\n", lines.join("\n")) }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

//! Changelogs between releases: drafts into Unreleased, what is wrong with the files, and the entries in them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use semver::Version;
use serde::Serialize;

use super::decide::decide;
use super::request::Request;
use crate::changelog;
use crate::changelog::Cliff;
use crate::changelog::Problem;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::check::Finding;
use crate::config::Config;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::edits::changelog_flaws;
use crate::plan::edits::changelog_target::Curated;
use crate::plan::edits::drafting;
use crate::plan::edits::edit_buffer::EditBuffer;
use crate::plan::edits::entry_source::Since;
use crate::plan::evidence::notes;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::versions::selection;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// What `changelog draft` writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drafts {
    /// The files that change.
    pub files: Vec<DraftedFile>,
    /// What stands under Unreleased then, for each package that was looked at and has something there. Packages that share
    /// an entry have it once.
    pub entries: BTreeMap<PackageName, String>,
    /// What stands in the way, and what should be known.
    pub findings: Vec<Finding>,
}

/// A changelog that a draft changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DraftedFile {
    /// The file.
    pub path: RepoPath,
    /// Its text now; empty where there is no file.
    pub before: String,
    /// Its text with the draft.
    pub after: String,
}

/// An entry of a changelog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ShownEntry {
    /// The package.
    pub package: PackageName,
    /// The version; null for what is not released.
    pub version: Option<Version>,
    /// The day of the release: `2026-11-22`.
    pub date: Option<String>,
    /// The file.
    pub path: RepoPath,
    /// The body of the entry, without its heading.
    pub entry: String,
}

/// Which entry is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// That of the newest release in the file.
    Newest,
    /// What is not released.
    Unreleased,
    /// That of this version.
    Version(Version),
}

/// Brings Unreleased of the selected packages up to date with the commits and notes that no draft has offered yet. With entries in
/// the request, those replace what stands there.
///
/// # Errors
/// A package that does not exist, or a template that fails.
pub(crate) fn draft_changelogs(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Drafts> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut texts = EditBuffer::of(snapshot);
    let mut drafts = Drafts { findings: notes::findings(&inputs), ..Drafts::default() };
    let cliff = drafting::cliff(&inputs, &mut drafts.findings)?;
    let mut shared: Vec<RepoPath> = Vec::new();
    let considered = selection::considered(&inputs)?;
    for name in considered.keys() {
        let Some(curated) = Curated::of(&inputs, inputs.package(name)?)? else { continue };
        if !curated.may_be_written(&inputs, &texts)? || (!curated.owner.apart && shared.contains(&curated.path)) {
            continue;
        }
        shared.push(curated.path.clone());
        if let Some(finding) = changelog_flaws::unreadable(&inputs, &curated) {
            drafts.findings.push(finding);
            continue;
        }
        match bring_up(&inputs, &curated, &texts, &cliff)? {
            Ok(None) => {}
            Ok(Some((text, entry))) => {
                texts.set(&curated.path, text);
                drafts.entries.insert(name.clone(), entry);
            }
            Err(problem) => drafts.findings.push(changelog_flaws::of_problem(problem, &curated)),
        }
    }
    drafts.findings.extend(drafting::template_failure(&inputs, &cliff, considered.keys()));
    drafts.files = texts.changed().map(|(path, before, after)| DraftedFile { path, before, after }).collect();
    Ok(drafts)
}

/// What is wrong with the changelogs: of the packages that would be released as in a plan, of the others as texts.
///
/// # Errors
/// As [`decide`].
pub(crate) fn check_changelogs(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Vec<Finding>> {
    let plan = decide(snapshot, config, request)?;
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let about =
        |finding: &Finding| ["changelog", "cliff", "note"].iter().any(|of| finding.code.as_str().starts_with(of));
    let names: Vec<PackageName> = selection::considered(&inputs)?.into_keys().collect();
    let mut found = changelog_flaws::flaws(&inputs, names.iter())?;
    found.extend(plan.findings.into_iter().filter(about));
    for name in names.iter().filter(|name| !plan.packages.iter().any(|package| package.name == **name)) {
        let Some(curated) = Curated::of(&inputs, inputs.package(name)?)? else { continue };
        let text = snapshot.workspace.texts.get(&curated.path);
        let problem = text.and_then(|text| Unreleased::read(text, &curated.owner).err());
        let problem = problem.map(|problem| changelog_flaws::of_problem(problem, &curated));
        found.extend(changelog_flaws::unreadable(&inputs, &curated).into_iter().chain(problem));
    }
    let mut unique: Vec<Finding> = Vec::new();
    for finding in found {
        // What has no line is of the package, not of the file.
        let same = |known: &Finding| {
            let of = finding.line.is_some() || known.package == finding.package;
            of && (&known.code, &known.path, known.line) == (&finding.code, &finding.path, finding.line)
        };
        if !unique.iter().any(same) {
            unique.push(finding);
        }
    }
    Ok(unique)
}

/// The entries of the selected packages, as they stand in their changelogs.
///
/// # Errors
/// A package that does not exist, or one that was named and has no changelog or no such entry.
pub(crate) fn show_changelogs(
    snapshot: &Snapshot,
    config: &Config,
    request: &Request,
    which: &Which,
) -> Result<Vec<ShownEntry>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut shown = Vec::new();
    for name in selection::considered(&inputs)?.keys() {
        let package = inputs.package(name)?;
        match entry(&inputs, package, which)? {
            Some(entry) => shown.push(entry),
            None if request.selection.packages.contains(name) => return Err(not_there(&inputs, package, which)?),
            None => {}
        }
    }
    if shown.is_empty() {
        let what = match which {
            Which::Newest => "no changelog of this workspace has a release".to_owned(),
            Which::Unreleased => "there is no text under Unreleased".to_owned(),
            Which::Version(version) => format!("no changelog of this workspace has {version}"),
        };
        return Err(Failure::unplannable(what).help("`cargo release plan` shows what an entry would say"));
    }
    Ok(shown)
}

/// The text of a file with its draft in it, and what stands under Unreleased then; none where there is nothing to do.
fn bring_up(
    inputs: &PlanInputs<'_>,
    curated: &Curated<'_>,
    texts: &EditBuffer<'_>,
    cliff: &Cliff,
) -> Result<Result<Option<(String, String)>, Problem>> {
    let before = texts.get(&curated.path);
    let before = before.map_or_else(|| changelog::new_document(&curated.package.name), str::to_owned);
    let state = match Unreleased::read(&before, &curated.owner) {
        Ok(state) => state,
        Err(problem) => return Ok(Err(problem)),
    };
    let all = curated.told(inputs, Since::LastRelease);
    let mut like = Release { tag: None, ..curated.release(inputs, &curated.package.version)? };
    let marker = all.marker(inputs, &state);
    if let Some(edited) = inputs.request.entries.get(&curated.package.name) {
        like.draft = Some(edited.clone());
        return Ok(changelog::replace(&before, &like, marker.as_ref()).map(|text| Some((text, edited.clone()))));
    }
    let newer = all.newer(&state);
    let told = if state.entry.is_empty() { newer.clone() } else { newer.without_editors(&curated.path) };
    let told = told.without_what_is_told(&state.entry);
    let draft = told.drafted(&like, cliff)?;
    // What has a marker was drafted: only what a person wrote alone is asked whether it speaks of a commit already.
    let draft = if state.marker.is_none() { changelog::unmentioned(&state.entry, &draft) } else { draft };
    let drafted_before = state.marker.is_some() || state.entry.is_empty();
    if newer.is_empty() || (draft.trim().is_empty() && drafted_before) {
        return Ok(Ok((!state.entry.is_empty()).then_some((before, state.entry))));
    }
    like.draft = Some(draft);
    let text = changelog::bring_up(&before, &like, marker.as_ref());
    Ok(text.and_then(|text| {
        let entry = Unreleased::read(&text, &curated.owner)?.entry;
        Ok(Some((text, entry)))
    }))
}

fn entry(inputs: &PlanInputs<'_>, package: &Package, which: &Which) -> Result<Option<ShownEntry>> {
    let Some(curated) = Curated::of(inputs, package)? else { return Ok(None) };
    let Some(text) = inputs.snapshot.workspace.texts.get(&curated.path) else { return Ok(None) };
    let shown = |version: Option<Version>, date: Option<String>, entry: String| ShownEntry {
        package: package.name.clone(),
        version,
        date,
        path: curated.path.clone(),
        entry,
    };
    let document = changelog::Document::parse(text);
    let mut releases = document.releases_of(&curated.owner);
    let found = match which {
        Which::Newest => releases.next(),
        Which::Version(version) => releases.find(|(heading, _)| heading.version == *version),
        Which::Unreleased => {
            let state = Unreleased::read(text, &curated.owner).ok();
            let entry = state.map(|state| state.entry).filter(|entry| !entry.is_empty());
            return Ok(entry.map(|entry| shown(None, None, entry)));
        }
    };
    Ok(found.map(|(heading, section)| {
        let date = heading.date.map(|date| date.to_string());
        shown(Some(heading.version.clone()), date, section.entry())
    }))
}

fn not_there(inputs: &PlanInputs<'_>, package: &Package, which: &Which) -> Result<Failure> {
    let name = &package.name;
    let Some(curated) = Curated::of(inputs, package)? else {
        return Ok(Failure::unplannable(format!("`{name}` has no changelog"))
            .because("`[changelog] enabled` is `false` for it"));
    };
    let Some(text) = inputs.snapshot.workspace.texts.get(&curated.path) else {
        return Ok(Failure::unplannable(format!("`{name}` has no changelog: there is no file `{}`", curated.path))
            .help(format!("`cargo release changelog draft -p {name}` begins one")));
    };
    let what = match which {
        Which::Newest => "has no release".to_owned(),
        Which::Unreleased => "has nothing under Unreleased".to_owned(),
        Which::Version(version) => format!("has no {version}"),
    };
    let document = changelog::Document::parse(text);
    let newest: Vec<String> =
        document.releases_of(&curated.owner).take(5).map(|(heading, _)| heading.version.to_string()).collect();
    let failure = Failure::unplannable(format!("`{}` {what}", curated.path));
    Ok(if newest.is_empty() { failure } else { failure.help(format!("its newest are {}", newest.join(", "))) })
}

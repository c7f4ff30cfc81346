//! What was released, compared: tags, changelogs, the index, the packed content, and lock files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;
use serde::Serialize;

use crate::changelog::Document;
use crate::changelog::Section;
use crate::changelog::SectionKind;
use crate::check::Code;
use crate::check::Finding;
use crate::config::Config;
use crate::error::Result;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::names::RepoPath;
use crate::names::TagName;
use crate::phrase;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::request::Request;
use crate::plan::versions::selection;
use crate::snapshot::ListedVersion;
use crate::snapshot::Listing;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// A published version whose archive says more: the newest of a package, and those that no tag names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditQuestion {
    /// The package.
    pub package: PackageName,
    /// Where its directory is.
    pub dir: RepoPath,
    /// The registry.
    pub registry: RegistryName,
    /// The version.
    pub version: Version,
    /// The checksum that the index lists.
    pub checksum: Digest,
    /// The tag that it would have.
    pub tag: Option<TagName>,
    /// The commit of that tag, where there is one.
    pub tagged: Option<CommitId>,
}

/// What an archive says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// The commit that it was packed from, where that is recorded and here.
    pub commit: Option<CommitId>,
    /// Whether files were packed that are in no commit.
    pub dirty: bool,
    /// Files that are not as in the commit of the tag.
    pub differing: Vec<String>,
}

/// What was found out beside the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditAnswers {
    /// By package, registry and version; none where the archive cannot be had.
    pub archives: BTreeMap<(PackageName, RegistryName, Version), Option<Recorded>>,
    /// Lock files beside that of the workspace, with the members that they have at other versions.
    pub locks: Vec<(RepoPath, Vec<String>)>,
}

/// A tag that is missing, and the commit that it would name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct MissingTag {
    /// The package.
    pub package: PackageName,
    /// The version.
    pub version: Version,
    /// The tag.
    pub tag: TagName,
    /// The commit that the published archive records.
    pub commit: CommitId,
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Audit {
    /// What does not fit, each with its cure.
    pub findings: Vec<Finding>,
    /// The tags that `--fix` makes.
    pub missing_tags: Vec<MissingTag>,
}

/// The archives that are worth a look.
///
/// # Errors
/// A package does not exist.
pub(crate) fn audit_questions(snapshot: &Snapshot, config: &Config, request: &Request) -> Result<Vec<AuditQuestion>> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut questions = Vec::new();
    for subject in subjects(&inputs)? {
        let newest = subject.newest().map(|listed| &listed.version);
        let least = subject.least_tagged()?;
        for listed in subject.versions {
            let (tag, tagged) = subject.tag(&listed.version)?;
            let is_since = least.as_ref().is_some_and(|least| listed.version >= *least);
            if newest == Some(&listed.version) || (tag.is_some() && tagged.is_none() && is_since) {
                questions.push(AuditQuestion {
                    package: subject.package.name.clone(),
                    dir: subject.package.dir.clone(),
                    registry: subject.registry.clone(),
                    version: listed.version.clone(),
                    checksum: listed.checksum.clone(),
                    tag,
                    tagged,
                });
            }
        }
    }
    Ok(questions)
}

/// What does not fit.
///
/// # Errors
/// As [`audit_questions`].
pub(crate) fn audit(snapshot: &Snapshot, config: &Config, request: &Request, answers: &AuditAnswers) -> Result<Audit> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let mut audit = Audit::default();
    for question in audit_questions(snapshot, config, request)? {
        let key = (question.package.clone(), question.registry.clone(), question.version.clone());
        let recorded = answers.archives.get(&key).cloned().flatten();
        audit.archive(&question, recorded.as_ref());
    }
    for subject in subjects(&inputs)? {
        audit.findings.extend(subject.unpublished()?);
        audit.findings.extend(subject.changelog()?);
    }
    for (path, members) in &answers.locks {
        let message = format!("`{path}` is stale: it has {}", members.join(", "));
        let help = "bring it up to date with `cargo update --workspace` in its directory, and commit it";
        audit.findings.push(Finding::warning(Code::AuditLockfile, message).at(path, None).help(help));
    }
    Ok(audit)
}

impl Audit {
    fn archive(&mut self, question: &AuditQuestion, recorded: Option<&Recorded>) {
        let AuditQuestion { package, registry, version, tag, tagged, .. } = question;
        let title = format!("`{package} {version}`");
        if let (Some(tag), None) = (tag, tagged) {
            let message = format!("{title} is in {registry:#}, and there is no tag `{tag}`");
            let commit = recorded.and_then(|recorded| recorded.commit.as_ref());
            let help = match commit {
                Some(commit) => format!("`cargo release audit --fix -x` makes it at {}", commit.short()),
                None => format!("its archive records no commit that is here; by hand: `git tag {tag} COMMIT`"),
            };
            self.findings.push(Finding::warning(Code::AuditUntagged, message).package(package).help(help));
            self.missing_tags.extend(commit.map(|commit| MissingTag {
                package: package.clone(),
                version: version.clone(),
                tag: tag.clone(),
                commit: commit.clone(),
            }));
        }
        let Some(recorded) = recorded else { return };
        if recorded.dirty {
            let message = format!("{title} was packed with files that are in no commit");
            let help = "its source is only in the registry; release the next version with `cargo release`";
            self.findings.push(Finding::warning(Code::AuditContent, message).package(package).help(help));
        }
        if let (Some(tagged), Some(commit)) =
            (tagged, recorded.commit.as_ref().filter(|it| question.tagged.as_ref() != Some(*it)))
        {
            let tag = tag.as_ref().map_or("", TagName::as_str);
            let message =
                format!("{title} was packed from {}, and its tag `{tag}` names {}", commit.short(), tagged.short());
            let help = "readers of the tag see another source than users; move the tag if nobody relies on it, else release again";
            self.findings.push(Finding::warning(Code::AuditContent, message).package(package).help(help));
        }
        if !recorded.differing.is_empty() {
            let files = phrase::first(recorded.differing.iter().map(|file| format!("`{file}`")), 5);
            let message = format!("{title} in {registry:#} is not what its tag has: {files}");
            let help = "find out who published it; yank it (`cargo release yank`) where nobody did";
            self.findings.push(Finding::error(Code::AuditContent, message).package(package).help(help));
        }
    }
}

/// A package in a registry that lists it.
struct AuditSubject<'a> {
    inputs: &'a PlanInputs<'a>,
    package: &'a Package,
    registry: RegistryName,
    versions: &'a [ListedVersion],
}

fn subjects<'a>(inputs: &'a PlanInputs<'a>) -> Result<Vec<AuditSubject<'a>>> {
    let selected = selection::as_named(inputs)?;
    let mut subjects = Vec::new();
    for package in inputs.packages().filter(|package| selected.contains(&package.name)) {
        for registry in inputs.destinations(package)? {
            let versions: &[ListedVersion] = match inputs.listing(&package.name, &registry) {
                Some(Listing::Versions(versions)) => versions,
                Some(Listing::Absent) => &[],
                // What is not known cannot be compared.
                Some(Listing::Unknown(_)) | None => continue,
            };
            subjects.push(AuditSubject { inputs, package, registry, versions });
        }
    }
    Ok(subjects)
}

impl AuditSubject<'_> {
    fn tag(&self, version: &Version) -> Result<(Option<TagName>, Option<CommitId>)> {
        let tag = self.inputs.tag(self.package, version)?;
        let commit = tag.as_ref().and_then(|tag| self.inputs.snapshot.repository.tags.get(tag)).cloned();
        Ok((tag, commit))
    }

    fn newest(&self) -> Option<&ListedVersion> {
        let fresh = self.versions.iter().filter(|listed| !listed.yanked);
        fresh.max_by(|one, other| one.version.cmp_precedence(&other.version))
    }

    /// The lowest published version that has a tag: before it, tags were no custom.
    fn least_tagged(&self) -> Result<Option<Version>> {
        let mut least: Option<Version> = None;
        for listed in self.versions {
            let is_less = least.as_ref().is_none_or(|least| listed.version < *least);
            if is_less && self.tag(&listed.version)?.1.is_some() {
                least = Some(listed.version.clone());
            }
        }
        Ok(least)
    }

    /// Versions that a tag names and the registry has not.
    fn unpublished(&self) -> Result<Vec<Finding>> {
        let marker = Version::new(987_654, 321, 0);
        let Some(template) = self.inputs.tag(self.package, &marker)? else { return Ok(Vec::new()) };
        let Some((start, end)) = template.as_str().split_once(&marker.to_string()) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for tag in self.inputs.snapshot.repository.tags.keys() {
            let version = tag.as_str().strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            let Some(version) = version.and_then(|text| Version::parse(text).ok()) else { continue };
            let is_listed = self.versions.iter().any(|listed| listed.version.cmp_precedence(&version).is_eq());
            // Before the first published version the package may not have been meant for anybody.
            let first = self.versions.iter().map(|listed| &listed.version).min();
            if is_listed || first.is_some_and(|first| version < *first) {
                continue;
            }
            let (name, registry) = (&self.package.name, &self.registry);
            let message = format!("the tag `{tag}` exists, and `{name} {version}` is not in {registry:#}");
            let help = format!(
                "publish it from there (`git switch --detach {tag}`, `cargo release publish -p {name} -x`), or delete the tag"
            );
            found.push(Finding::warning(Code::AuditUnpublished, message).package(name).help(help));
        }
        Ok(found)
    }

    /// What the changelog does not say.
    fn changelog(&self) -> Result<Vec<Finding>> {
        let settings = self.inputs.settings(&self.package.name)?;
        let path = self.inputs.changelogs().of(&self.package.name).filter(|_| settings.changelog.enabled);
        let text = path.and_then(|path| self.inputs.snapshot.workspace.texts.get(path));
        let (Some(path), Some(text)) = (path, text) else { return Ok(Vec::new()) };
        let document = Document::parse(text);
        let name = &self.package.name;
        let mut found = Vec::new();
        if let Some(newest) = self.newest().filter(|newest| self.section(&document, &newest.version).is_none()) {
            let message = format!("`{path}` has no entry for `{name} {}`, which is published", newest.version);
            let finding = Finding::warning(Code::AuditChangelog, message).package(name).at(path, None);
            found.push(finding.help(format!("write it: `## [{}] - DATE`", newest.version)));
        }
        for listed in self.versions.iter().filter(|listed| listed.yanked) {
            let Some(section) = self.section(&document, &listed.version) else { continue };
            if [&section.head, &section.body].iter().any(|text| text.to_lowercase().contains("yank")) {
                continue;
            }
            let message = format!("`{name} {}` is yanked, and `{path}` does not say so", listed.version);
            let finding = Finding::warning(Code::AuditYanked, message).package(name).at(path, Some(section.line));
            found.push(finding.help(format!("`## [{}] - DATE [YANKED]`, and why, in a line below it", listed.version)));
        }
        Ok(found)
    }

    fn section<'d>(&self, document: &'d Document, version: &Version) -> Option<&'d Section> {
        document.sections.iter().find(|section| match &section.kind {
            SectionKind::Release(release) => {
                let is_own = release.name.as_deref().is_none_or(|name| name == self.package.name.as_str());
                is_own && release.version == *version
            }
            SectionKind::Preamble | SectionKind::Unreleased(_) | SectionKind::Other(_) | SectionKind::Foot => false,
        })
    }
}

//! What a workspace needs before its first release: the files that `init` writes, and the checklist it ends with.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use toml_edit::DocumentMut;
use toml_edit::Item;

use crate::changelog;
use crate::config::ChangelogName;
use crate::config::Config;
use crate::error::Result;
use crate::names::RepoPath;
use crate::plan::DraftedFile;
use crate::plan::evidence::plan_inputs::PlanInputs;
use crate::plan::request::Request;
use crate::snapshot::Package;
use crate::snapshot::Snapshot;

/// The workflow that `init` writes.
const WORKFLOW: &str = ".github/workflows/release-check.yml";
const WORKFLOW_TEXT: &str = include_str!("init_workflow.yml");

/// What is there, beside the snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InitFacts {
    /// Every file of the commit, by its path from the root of the repository.
    pub files: BTreeSet<RepoPath>,
    /// The texts of other tools' configuration.
    pub texts: BTreeMap<RepoPath, String>,
    /// The address of the remote that would be pushed to.
    pub remote: Option<String>,
    /// Whether git knows who commits.
    pub has_identity: bool,
    /// Whether cargo may have a token.
    pub has_token: bool,
}

/// What `init` does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Init {
    /// What was found.
    pub found: Vec<String>,
    /// The files that are written; none of them is there.
    pub files: Vec<DraftedFile>,
    /// What a first release needs, and whether it is there.
    pub checklist: Vec<(bool, String)>,
}

/// Looks at a workspace. Pure.
///
/// # Errors
/// A manifest does not parse.
pub(crate) fn init(snapshot: &Snapshot, config: &Config, request: &Request, facts: &InitFacts) -> Result<Init> {
    let inputs = PlanInputs::new(snapshot, config, request)?;
    let subject = InitSubject { inputs: &inputs, facts };
    let mut init = Init { found: subject.found()?, ..Init::default() };
    if subject.is_configured() {
        init.found.push("a configuration of cargo release, which stays as it is".to_owned());
    } else {
        init.files.push(new_file(subject.path("release.toml"), subject.configuration()?));
    }
    init.files.extend(subject.changelogs()?);
    let workflow = RepoPath::from(WORKFLOW);
    let is_github = facts.remote.as_ref().is_some_and(|remote| remote.contains("github.com"));
    let has_workflows = facts.files.iter().any(|path| path.as_str().starts_with(".github/"));
    if (is_github || has_workflows) && !facts.files.contains(&workflow) {
        init.files.push(new_file(workflow, WORKFLOW_TEXT.to_owned()));
    }
    init.checklist = subject.checklist()?;
    Ok(init)
}

fn new_file(path: RepoPath, after: String) -> DraftedFile {
    DraftedFile { path, before: String::new(), after }
}

struct InitSubject<'a> {
    inputs: &'a PlanInputs<'a>,
    facts: &'a InitFacts,
}

impl InitSubject<'_> {
    fn path(&self, name: &str) -> RepoPath {
        self.inputs.snapshot.workspace.dir.join(name)
    }

    fn has(&self, name: &str) -> bool {
        self.facts.files.contains(&self.path(name))
    }

    fn published(&self) -> Result<Vec<&Package>> {
        let mut published = Vec::new();
        for package in self.inputs.packages() {
            if !self.inputs.destinations(package)?.is_empty() {
                published.push(package);
            }
        }
        Ok(published)
    }

    /// Whether `release.toml` or a table of a manifest configures releases already.
    fn is_configured(&self) -> bool {
        let workspace = &self.inputs.snapshot.workspace;
        let manifests = self.inputs.packages().map(|package| package.manifest.clone()).chain([self.path("Cargo.toml")]);
        let has_table = |path: RepoPath| workspace.manifest(&path).is_ok_and(|manifest| manifest.configures_releases());
        self.has("release.toml") || manifests.into_iter().any(has_table)
    }

    fn shares_a_version(&self) -> bool {
        let mut packages = self.inputs.packages();
        let Some(first) = packages.next() else { return false };
        let rest: Vec<&Package> = packages.collect();
        !rest.is_empty() && rest.iter().all(|package| package.version == first.version)
    }

    fn found(&self) -> Result<Vec<String>> {
        let count = self.inputs.packages().count();
        let shape = match (count, self.shares_a_version()) {
            (1, _) => "one package".to_owned(),
            (count, true) => format!("{count} packages with one version"),
            (count, false) => format!("{count} packages with versions of their own"),
        };
        let mut found = vec![format!("{shape}, {} of them published", self.published()?.len())];
        found.extend(self.tag_name().map(|template| format!("tags that are named `{template}`")));
        for (file, whose) in [
            ("release-plz.toml", "release-plz"),
            (".release-plz.toml", "release-plz"),
            ("cliff.toml", "git-cliff, which drafts follow"),
        ] {
            if self.has(file) {
                found.push(format!("`{file}` of {whose}"));
            }
        }
        Ok(found)
    }

    /// How the tags that are there are named, where that is not the default.
    fn tag_name(&self) -> Option<String> {
        let tags = &self.inputs.snapshot.repository.tags;
        let is_single = self.inputs.packages().count() == 1;
        let mut templates: BTreeMap<&str, usize> = BTreeMap::new();
        for package in self.inputs.packages() {
            for (template, before) in [
                ("v{{version}}", "v".to_owned()),
                ("{{version}}", String::new()),
                ("{{crate_name}}-v{{version}}", format!("{}-v", package.name)),
                ("{{crate_name}}-{{version}}", format!("{}-", package.name)),
                ("{{crate_name}}/v{{version}}", format!("{}/v", package.name)),
                ("{{crate_name}}@{{version}}", format!("{}@", package.name)),
            ] {
                let is_one =
                    |tag: &str| tag.strip_prefix(&before).is_some_and(|rest| semver::Version::parse(rest).is_ok());
                let count = tags.keys().filter(|tag| is_one(tag.as_str())).count();
                *templates.entry(template).or_default() += count;
            }
        }
        let (template, count) = templates.into_iter().max_by_key(|(_, count)| *count)?;
        let default = if is_single { "v{{version}}" } else { "{{crate_name}}-v{{version}}" };
        (count > 0 && template != default).then(|| template.to_owned())
    }

    fn configuration(&self) -> Result<String> {
        let mut text = String::from(
            "#:schema ./target/release.schema.json\n\
             # The schema is for editors: `cargo release schema config >target/release.schema.json`.\n\
             # Every key with its default: release.toml.example of cargo-release. What it comes to: `cargo release config`.\n\n",
        );
        let mut put = |lines: &str| text.write_str(lines).unwrap_or(());
        if self.shares_a_version() && !self.inputs.packages().all(|package| package.inherits_version) {
            put("# All packages have one version: they are released together.\nshared-version = true\n\n");
        }
        match self.tag_name() {
            Some(template) => put(&format!("# As the tags that are there.\ntag-name = \"{template}\"\n\n")),
            None => put("# The names of tags.\n# tag-name = \"{{prefix}}v{{version}}\"\n\n"),
        }
        put("# Branches to release from.\nallow-branch = [\"main\", \"master\", \"release/*\"]\n\n");
        put("# Users and teams (`github:ORG:TEAM`) that are made owners of new crates.\n# owners = []\n\n");
        put("[changelog]\n# The text under Unreleased becomes the entry of a release.\n# path = \"CHANGELOG.md\"\n\n");
        put(
            "[bump]\n# \"require\" refuses a release whose API could not be compared with the last one.\n# semver-check = \"auto\"\n",
        );
        self.take_release_plz(&mut put);
        Ok(text)
    }

    /// The keys of release-plz that have one of the same meaning here.
    fn take_release_plz(&self, put: &mut dyn FnMut(&str)) {
        let paths = [self.path("release-plz.toml"), self.path(".release-plz.toml")];
        let text = paths.iter().find_map(|path| self.facts.texts.get(path));
        let Some(document) = text.and_then(|text| text.parse::<DocumentMut>().ok()) else { return };
        put("\n# release-plz.toml is not read; docs/coming-from-release-plz.md says what each of its keys becomes.\n");
        let Some(workspace) = document.get("workspace").and_then(Item::as_table_like) else { return };
        for (key, item) in workspace.iter() {
            let line = match (key, item.as_bool(), item.as_str()) {
                ("semver_check", Some(false), _) => {
                    "#   semver_check = false: [bump] semver-check = \"off\"".to_owned()
                }
                ("changelog_update", Some(false), _) => {
                    "#   changelog_update = false: [changelog] enabled = false".to_owned()
                }
                ("git_tag_name", _, Some(name)) => {
                    let name = name.replace("{{ package }}", "{{crate_name}}").replace("{{ version }}", "{{version}}");
                    format!("#   git_tag_name: tag-name = \"{name}\"")
                }
                ("git_tag_enable", Some(false), _) => "#   git_tag_enable = false: tag = false".to_owned(),
                ("publish", Some(false), _) => "#   publish = false: publish = false".to_owned(),
                (key, _, _) => format!("#   {key}: see the page"),
            };
            put(&format!("{line}\n"));
        }
    }

    /// A changelog for each published package that has none, unless the workspace keeps one at its root.
    fn changelogs(&self) -> Result<Vec<DraftedFile>> {
        let texts = &self.inputs.snapshot.workspace.texts;
        let is_in =
            |file: &RepoPath, dir: &RepoPath| file.below(dir).is_some_and(|path| ChangelogName::of(path).is_some());
        let there = |dir: &RepoPath| self.facts.files.iter().any(|file| is_in(file, dir));
        let mut files: Vec<DraftedFile> = Vec::new();
        let root = self.inputs.snapshot.workspace.dir.clone();
        if there(&root) && self.inputs.packages().count() > 1 {
            return Ok(files);
        }
        for package in self.published()? {
            let settings = self.inputs.settings(&package.name)?;
            let Some(path) = package.dir.resolve(&settings.changelog.path) else { continue };
            let is_new = !texts.contains_key(&path) && files.iter().all(|file| file.path != path);
            if settings.changelog.enabled && is_new && !there(&package.dir) {
                files.push(new_file(path, changelog::new_document(&package.name)));
            }
        }
        Ok(files)
    }

    fn checklist(&self) -> Result<Vec<(bool, String)>> {
        let facts = self.facts;
        let remote = self.inputs.config.workspace.push_remote.as_str();
        let mut list = vec![
            (facts.remote.is_some(), format!("a remote named `{remote}`: `git remote add {remote} ADDRESS`")),
            (facts.has_identity, "an identity for commits: `git config user.name` and `user.email`".to_owned()),
            (facts.has_token, "a token for cargo: `cargo login`, or a provider of your keychain".to_owned()),
        ];
        for package in self.published()? {
            let empty = |field: &Option<String>| field.as_deref().is_none_or(str::is_empty);
            let of = &package.metadata;
            let lacking: Vec<&str> = [
                empty(&of.description).then_some("description"),
                (empty(&of.license) && empty(&of.license_file)).then_some("license"),
                empty(&of.repository).then_some("repository"),
            ]
            .into_iter()
            .flatten()
            .collect();
            if !lacking.is_empty() {
                list.push((false, format!("{} in `{}`", lacking.join(", "), package.manifest)));
            }
        }
        list.push((false, "`cargo release check`, then `cargo release rehearse`, then `cargo release -x`".to_owned()));
        Ok(list)
    }
}

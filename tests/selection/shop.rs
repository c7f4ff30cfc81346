//! Workspaces as one line, and what is decided about them as one line.
//!
//! `*core 0.4.1 ahead=0.4.0 feat; cli 1.2.0 needs=core^0.4`: packages, each with its version and words. `*` is a default
//! member and `/` the root package. A package is released at its version, unless it is `new` or `ahead` of its last
//! release; since then it has the commits `fix`, `feat`, `breaking`, `ci`. It may be `private`, `inherits` its version,
//! have `release-false` or `release-true`, share a version in `group=NAME`, and need others.

use std::collections::BTreeMap;
use std::ffi::OsString;

use cargo_release::testing::cli::Cli;
use cargo_release::testing::config;
use cargo_release::testing::error::Result;
use cargo_release::testing::names::CommitId;
use cargo_release::testing::names::Digest;
use cargo_release::testing::names::PackageName;
use cargo_release::testing::names::RegistryName;
use cargo_release::testing::names::RepoPath;
use cargo_release::testing::names::TagName;
use cargo_release::testing::plan;
use cargo_release::testing::plan::ReleasePlan;
use cargo_release::testing::snapshot::*;
use semver::Version;

/// What is decided about a workspace when this is typed.
pub(crate) fn decided(workspace: &str, typed: &str, toml: &str) -> String {
    match decide(workspace, typed, toml) {
        Ok(plan) => told(&plan),
        Err(failure) => format!("refused: {failure}"),
    }
}

fn told(plan: &ReleasePlan) -> String {
    let mut all = BTreeMap::new();
    for package in &plan.packages {
        let from = package.from.as_ref().map_or("new".to_owned(), ToString::to_string);
        all.insert(&package.name, format!("{} {from} -> {}", package.name, package.to));
    }
    for left in &plan.left_out {
        let why = serde_json::to_value(left.reason).unwrap();
        all.insert(&left.name, format!("{} {}", left.name, why.as_str().unwrap()));
    }
    let mut codes: Vec<String> = plan.findings.iter().map(|finding| finding.code.to_string()).collect();
    codes.retain(|code| code != "changelog-empty" && code != "changelog-none");
    codes.sort();
    codes.dedup();
    let blocked = if plan.is_blocked() { "blocked: " } else { "" };
    let findings = if codes.is_empty() { String::new() } else { format!(" | {blocked}{}", codes.join(", ")) };
    format!("{}{findings}", all.into_values().collect::<Vec<_>>().join(", "))
}

fn decide(workspace: &str, typed: &str, toml: &str) -> Result<ReleasePlan> {
    let words = ["cargo", "release"].into_iter().chain(typed.split_whitespace()).map(OsString::from);
    let ask = Cli::parse(words).unwrap_or_else(|said| panic!("{said}")).release.ask;
    let request = ask.request("2026-11-22".to_owned())?;
    let members: Vec<Member<'_>> = workspace.split(';').map(|text| Member::of(text.trim())).collect();
    let text = |text: String| Some(config::ConfigFile { path: "release.toml".to_owned(), text });
    let sources = config::Sources {
        workspace: config::DirConfig { release_toml: text(toml.to_owned()), manifest: None },
        packages: members
            .iter()
            .map(|it| (it.name.clone(), config::DirConfig { release_toml: text(it.toml()), manifest: None }))
            .collect(),
        command_line: ask.config.layer(),
        ..config::Sources::default()
    };
    let facts: Vec<_> = members.iter().map(Member::facts).collect();
    let config = config::resolve(&sources, &facts)?;
    plan::decide(&snapshot(&members, request.offline), &config, &request)
}

struct Member<'a> {
    name: PackageName,
    dir: RepoPath,
    is_default: bool,
    version: Version,
    words: Vec<&'a str>,
}

impl<'a> Member<'a> {
    fn of(text: &'a str) -> Self {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap();
        let version = words.next().unwrap().parse().unwrap();
        let (is_default, name) = name.strip_prefix('*').map_or((false, name), |name| (true, name));
        let (dir, name) = name.strip_prefix('/').map_or((name, name), |name| ("", name));
        Self { name: name.into(), dir: dir.into(), is_default, version, words: words.collect() }
    }

    fn has(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    fn after(&self, key: &str) -> Option<&'a str> {
        self.words.iter().find_map(|word| word.strip_prefix(key))
    }

    fn toml(&self) -> String {
        let wish = [("release-false", "release = false\n"), ("release-true", "release = true\n")];
        let release = wish.iter().find(|(word, _)| self.has(word)).map_or("", |(_, line)| line);
        let group = self.after("group=").map(|group| format!("shared-version = \"{group}\"\n"));
        format!("{release}{}", group.unwrap_or_default())
    }

    fn facts(&self) -> config::MemberFacts {
        let inherited = self.has("inherits");
        config::MemberFacts {
            name: self.name.clone(),
            is_root: self.dir.as_str().is_empty(),
            version: if inherited { config::VersionSource::Inherited } else { config::VersionSource::Own },
            publishes_nowhere: self.has("private"),
        }
    }

    /// The last released version.
    fn released(&self) -> Option<Version> {
        if self.has("new") {
            return None;
        }
        Some(self.after("ahead=").map_or_else(|| self.version.clone(), |version| version.parse().unwrap()))
    }

    fn needs(&self) -> Option<MemberDependency> {
        let (name, requirement) = self.after("needs=")?.split_once('^').unwrap();
        Some(MemberDependency {
            package: name.into(),
            key: name.to_owned(),
            kind: DependencyKind::Normal,
            target: None,
            requirement: Some(format!("^{requirement}")),
            registry: None,
        })
    }

    fn manifest(&self) -> String {
        let version =
            if self.has("inherits") { "version.workspace = true" } else { &format!("version = \"{}\"", self.version) };
        let needs = self.after("needs=").and_then(|needs| needs.split_once('^'));
        let needs = needs.map(|(name, wanted)| {
            format!("[dependencies]\n{name} = {{ version = \"{wanted}\", path = \"../{name}\" }}\n")
        });
        format!("[package]\nname = \"{}\"\n{version}\n{}", self.name, needs.unwrap_or_default())
    }

    fn package(&self) -> Package {
        Package {
            needs: Vec::new(),
            ignored: Vec::new(),
            kept_by_tools: Vec::new(),
            needed_by: Vec::new(),
            name: self.name.clone(),
            version: self.version.clone(),
            dir: self.dir.clone(),
            manifest: self.dir.join("Cargo.toml"),
            inherits_version: self.has("inherits"),
            default_member: self.is_default,
            publish: if self.has("private") { PublishTo::Nowhere } else { PublishTo::Anywhere },
            dependencies: self.needs().into_iter().collect(),
            targets: vec!["lib".to_owned()],
            entry_points: vec!["src/lib.rs".to_owned()],
            metadata: Metadata {
                description: Some("tea".to_owned()),
                license: Some("MIT".to_owned()),
                ..Metadata::default()
            },
        }
    }

    fn commits(&self) -> impl Iterator<Item = Commit> {
        let subjects = [("fix", "fix: mend"), ("feat", "feat: add"), ("breaking", "feat!: drop"), ("ci", "ci: faster")];
        subjects.into_iter().filter(|(word, _)| self.has(word)).map(|(_, subject)| Commit {
            id: commit(&format!("{} {subject}", self.name)),
            author: "Ann".to_owned(),
            email: "ann@example.com".to_owned(),
            authored_at: 1_700_000_000,
            committed_at: 1_700_000_000,
            message: subject.to_owned(),
            parents: 1,
            packages: BTreeMap::from([(self.name.clone(), vec![self.dir.join("src/lib.rs")])]),
            in_pre_release: BTreeMap::new(),
            notes: Vec::new(),
            all_paths: Vec::new(),
            credit: None,
        })
    }
}

fn commit(of: &str) -> CommitId {
    CommitId::from(&Digest::of(of.as_bytes()).as_str()[..40])
}

fn snapshot(members: &[Member<'_>], offline: bool) -> Snapshot {
    let mut texts: BTreeMap<RepoPath, String> =
        members.iter().map(|it| (it.dir.join("Cargo.toml"), it.manifest())).collect();
    let shared = members.iter().find(|it| it.has("inherits"));
    let shared = shared.map(|it| format!("[workspace.package]\nversion = \"{}\"\n", it.version)).unwrap_or_default();
    texts.entry("Cargo.toml".into()).or_default().push_str(&format!("[workspace]\n{shared}"));
    let mut packages: Vec<Package> = members.iter().map(Member::package).collect();
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    let root_package = packages.iter().find(|it| it.dir.as_str().is_empty()).map(|it| it.name.clone());
    Snapshot {
        format: FORMAT,
        workspace: Workspace {
            dir: RepoPath::root(),
            root_package,
            packages,
            lockfile: Lockfile::Absent,
            default_registry: None,
            texts,
            beside: Vec::new(),
            notes: Vec::new(),
            unreadable: BTreeMap::new(),
            manifests: Default::default(),
        },
        repository: repository(members),
        registries: BTreeMap::from([(RegistryName::crates_io(), registry(members, offline))]),
        api: BTreeMap::new(),
        signatures: BTreeMap::new(),
    }
}

fn repository(members: &[Member<'_>]) -> Repository {
    let released = |it: &Member<'_>| {
        let version = it.released()?;
        let prefix = if it.dir.as_str().is_empty() { String::new() } else { format!("{}-", it.name) };
        // As tags are named where nothing is configured: without build metadata.
        let numbers = Version { build: semver::BuildMetadata::EMPTY, ..version.clone() };
        let witness = ReleaseEvidence::Tag(TagName::from(format!("{prefix}v{numbers}")));
        let (commit, dir) = (commit("before"), None);
        Some((it.name.clone(), LastRelease { version, commit, witness, dir, entry_points: Vec::new() }))
    };
    Repository {
        means: Means::default(),
        links: BTreeMap::new(),
        links_out: BTreeMap::new(),
        submodules: Vec::new(),
        head: commit("head"),
        branch: Some("main".into()),
        shallow: false,
        in_progress: None,
        dirty: Vec::new(),
        tags: BTreeMap::new(),
        remote: Some(Remote {
            name: "origin".into(),
            branch: None,
            tracked: None,
            relation: Relation::Same,
            tags: BTreeMap::new(),
            push: None,
        }),
        history: History {
            last_releases: members.iter().filter_map(released).collect(),
            commits: members.iter().flat_map(Member::commits).collect(),
            ..History::default()
        },
    }
}

fn registry(members: &[Member<'_>], offline: bool) -> Registry {
    let listing = |it: &Member<'_>| match it.released() {
        _ if offline => Listing::Unknown("skipped (--offline)".to_owned()),
        None => Listing::Absent,
        Some(version) => {
            Listing::Versions(vec![ListedVersion { version, checksum: Digest::of(b"archive"), yanked: false }])
        }
    };
    let public = members.iter().filter(|it| !it.has("private"));
    Registry {
        offers: BTreeMap::new(),
        index: Some("sparse+https://index.example.com/".to_owned()),
        api: Some("https://api.example.com".to_owned()),
        auth_required: false,
        token: Token::Unknown,
        listings: public.map(|it| (it.name.clone(), listing(it))).collect(),
        site: None,
    }
}

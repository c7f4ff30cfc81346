//! The decision, as tables that a person can read: what speaks for a release, and what comes of it for each shape of
//! version.

use std::collections::BTreeMap;

use super::facts_table::repository;
use super::facts_table::unasked;
use crate::config;
use crate::config::Config;
use crate::config::ConfigFile;
use crate::config::MemberFacts;
use crate::config::Sources;
use crate::config::VersionSource;
use crate::names::CommitId;
use crate::names::PackageName;
use crate::names::RepoPath;
use crate::plan::*;
use crate::snapshot;
use crate::snapshot::*;

/// A member of the made-up workspace, and what happened to it.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) last: Option<&'static str>,
    pub(crate) stable: Option<&'static str>,
    /// The manifest without `[package]`, at the last release and now.
    pub(crate) manifests: [&'static str; 2],
    /// Messages of commits since the last release, newest first, and the paths that each changes.
    pub(crate) commits: Vec<(&'static str, &'static str)>,
    /// Commits that were in a pre-release.
    pub(crate) earlier: Vec<&'static str>,
}

impl Member {
    /// One whose present version is its last release.
    pub(crate) fn at(version: &'static str) -> Self {
        Self {
            name: "core",
            version,
            last: Some(version),
            stable: None,
            manifests: ["", ""],
            commits: Vec::new(),
            earlier: Vec::new(),
        }
    }

    fn text(&self, rest: &str) -> String {
        format!("[package]\nname = \"{}\"\nversion = \"{}\"\n{rest}", self.name, self.version)
    }

    fn release(&self, version: &str, id: char) -> LastRelease {
        LastRelease {
            version: version.parse().unwrap(),
            commit: CommitId::from(id.to_string().repeat(40)),
            witness: ReleaseEvidence::Tag(format!("{}-v{version}", self.name).into()),
            dir: Some(self.name.into()),
            entry_points: vec!["src/lib.rs".to_owned()],
        }
    }

    fn package(&self, dependencies: Vec<MemberDependency>) -> Package {
        Package {
            needs: Vec::new(),
            ignored: Vec::new(),
            kept_by_tools: Vec::new(),
            needed_by: Vec::new(),
            name: self.name.into(),
            version: self.version.parse().unwrap(),
            dir: self.name.into(),
            manifest: RepoPath::from(self.name).join("Cargo.toml"),
            inherits_version: false,
            default_member: true,
            publish: PublishTo::Anywhere,
            dependencies,
            targets: vec!["lib".to_owned()],
            entry_points: vec!["src/lib.rs".to_owned()],
            metadata: Metadata::default(),
        }
    }
}

fn commit(member: &Member, at: usize, message: &str, path: &str) -> snapshot::Commit {
    let paths = path.split(' ').map(|path| RepoPath::from(member.name).join(path)).collect();
    snapshot::Commit {
        id: CommitId::from(format!("{:x}", at + 1).repeat(40)),
        author: "Ann".to_owned(),
        email: "ann@example.com".to_owned(),
        authored_at: 0,
        committed_at: 0,
        message: message.to_owned(),
        parents: 1,
        packages: BTreeMap::from([(member.name.into(), paths)]),
        in_pre_release: BTreeMap::new(),
        notes: Vec::new(),
        all_paths: Vec::new(),
        credit: None,
    }
}

/// A workspace of these members, the second of which requires the first, where there is one.
pub(crate) fn snapshot_of(members: &[Member], requirement: &str) -> Snapshot {
    let mut texts = BTreeMap::from([(RepoPath::from("Cargo.toml"), "[workspace]\nmembers = [\"*\"]\n".to_owned())]);
    let mut history = History::default();
    let mut packages = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let name = PackageName::from(member.name);
        let edge = format!("[dependencies]\ncore = {{ version = \"{requirement}\", path = \"../core\" }}\n");
        let edge_text = if at > 0 { edge.as_str() } else { "" };
        let path = RepoPath::from(member.name).join("Cargo.toml");
        texts.insert(path.clone(), member.text(&format!("{}{edge_text}", member.manifests[1])));
        let released = member.text(&format!("{}{edge_text}", member.manifests[0]));
        for (version, id) in
            member.last.iter().map(|last| (last, 'a')).chain(member.stable.iter().map(|one| (one, 'b')))
        {
            let release = member.release(version, id);
            history.texts.entry(release.commit.clone()).or_default().insert(path.clone(), released.clone());
            let releases = if id == 'a' { &mut history.last_releases } else { &mut history.last_stable };
            releases.insert(name.clone(), release);
        }
        let fresh = member.commits.iter().enumerate().map(|(at, (text, path))| commit(member, at, text, path));
        history.commits.extend(fresh);
        history.commits.extend(member.earlier.iter().enumerate().map(|(at, text)| {
            let mut commit = commit(member, at + 8, text, "src/lib.rs");
            std::mem::swap(&mut commit.packages, &mut commit.in_pre_release);
            commit
        }));
        let edge = MemberDependency {
            package: "core".into(),
            key: "core".to_owned(),
            kind: DependencyKind::Normal,
            target: None,
            requirement: Some(requirement.to_owned()),
            registry: None,
        };
        packages.push(member.package(if at > 0 { vec![edge] } else { Vec::new() }));
    }
    Snapshot {
        format: 1,
        workspace: Workspace {
            manifests: Default::default(),
            dir: RepoPath::root(),
            root_package: None,
            packages,
            lockfile: Lockfile::Absent,
            default_registry: None,
            texts,
            beside: Vec::new(),
            notes: Vec::new(),
            unreadable: BTreeMap::new(),
        },
        repository: repository(history),
        registries: BTreeMap::from([(crate::names::RegistryName::crates_io(), unasked())]),
        api: BTreeMap::new(),
        signatures: BTreeMap::new(),
    }
}

pub(crate) fn configured(members: &[Member], text: &str) -> Config {
    let facts = |member: &Member| MemberFacts {
        name: member.name.into(),
        is_root: false,
        version: VersionSource::Own,
        publishes_nowhere: false,
    };
    let facts: Vec<MemberFacts> = members.iter().map(facts).collect();
    let explicit = ConfigFile { path: "release.toml".to_owned(), text: text.to_owned() };
    config::resolve(&Sources { explicit: Some(explicit), ..Sources::default() }, &facts).unwrap()
}

pub(crate) fn asking(levels: &str, pre: Option<&str>) -> Request {
    Request {
        levels: levels.split_whitespace().map(|level| level.parse().unwrap()).collect(),
        selection: Selection::default(),
        pre: pre.map(str::to_owned),
        metadata: None,
        previous_tag: None,
        unpublished: false,
        allow_breaking: false,
        offline: true,
        branch: None,
        entries: BTreeMap::new(),
        today: "2026-11-22".to_owned(),
    }
}

/// The plan of these members where nothing else is asked or configured.
pub(crate) fn decided(members: &[Member], requirement: &str, text: &str) -> ReleasePlan {
    decide(&snapshot_of(members, requirement), &configured(members, text), &asking("", None)).unwrap()
}

/// Where each package goes.
fn versions(plan: &ReleasePlan) -> String {
    let all: Vec<String> = plan.packages.iter().map(|package| format!("{} {}", package.name, package.to)).collect();
    all.join(", ")
}

pub(crate) fn to(plan: &ReleasePlan) -> String {
    plan.packages.first().map_or_else(|| "-".to_owned(), |package| package.to.to_string())
}

/// The findings about decisions, by code and severity.
fn codes(plan: &ReleasePlan) -> Vec<String> {
    let about = ["below-evidence", "release-as", "requirement-understated", "unreleased-pre-release"];
    let found = plan.findings.iter().filter(|finding| about.contains(&finding.code.as_str()));
    found.map(|finding| format!("{}{}", finding.code, if finding.is_error() { "!" } else { "" })).collect()
}

/// The shapes of versions: stable, 0.y, 0.0.z, a pre-release after 1.2.3, and one that was never released.
pub(crate) fn shapes() -> [Member; 5] {
    let pre = Member { stable: Some("1.2.3"), ..Member::at("1.3.0-rc.1") };
    let fresh = Member { last: None, ..Member::at("0.1.0") };
    [Member::at("1.2.3"), Member::at("0.4.1"), Member::at("0.0.7"), pre, fresh]
}

// Each row: commits since the last release, newest first, and where the shapes go.
#[test]
fn commits_and_shapes() {
    #[rustfmt::skip]
    let table: [(&[&str], [&str; 5]); 19] = [
        //                                            1.2.3    0.4.1    0.0.7    1.3.0-rc.1    unpublished
        (&[],                                        ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["ci: faster"],                            ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["test: more"],                            ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["style: tabs"],                           ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["chore(release): 1.2.3"],                 ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["chore(deps): newer ones"],               ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["fixup! fix: a"],                         ["-",     "-",     "-",     "-",          "0.1.0"]),
        (&["Channel: add `close`"],                  ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["fix: a\n\nBREAKING CHANGE #12"],         ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        (&["docs: say more"],                        ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["not conventional"],                      ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["fix: a"],                                ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["fix: a", "feat: b", "fix: c"],           ["1.3.0", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["fix: a", "feat!: b"],                    ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        (&["fix: a\n\nBREAKING CHANGE: b"],          ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        (&["fix: a (#1)\n\n* feat: b\n* feat!: c"],  ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        (&["fix: a (#1)\n\n* feat: b"],              ["1.3.0", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["Revert \"feat!: b\"", "fix: a", "feat!: b"], ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        (&["fix: a\n\nRelease-As: 3.0.0"],           ["3.0.0", "3.0.0", "3.0.0", "3.0.0",      "0.1.0"]),
    ];
    for (messages, expected) in table {
        let went = shapes().map(|member| {
            let commits = messages.iter().map(|message| (*message, "src/lib.rs")).collect();
            to(&decided(&[Member { commits, ..member }], "", ""))
        });
        assert_eq!(went, expected, "{messages:?}");
    }
}

// Each row: the manifest at the last release and now, and where the shapes go.
#[test]
fn manifests_and_shapes() {
    const NONE: [&str; 5] = ["-", "-", "-", "-", "0.1.0"];
    const PATCH: [&str; 5] = ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"];
    const FEATURE: [&str; 5] = ["1.3.0", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"];
    const BREAKING: [&str; 5] = ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"];
    #[rustfmt::skip]
    let table = [
        ("[features]\na = []", "[features]\n# said otherwise\na = [ ]", NONE),
        ("[features]\na = []\nb = []", "[features]\na = []", BREAKING),
        ("[features]\na = [\"b\"]\nb = []", "[features]\na = []\nb = []", BREAKING),
        ("[features]\ndefault = [\"b\"]\nb = []", "[features]\nb = []", BREAKING),
        ("[features]\na = []", "[features]\na = []\nb = []", FEATURE),
        ("[features]\nb = []", "[features]\ndefault = [\"b\"]\nb = []", FEATURE),
        ("[features]\na = [\"b\"]\nb = [\"c\"]\nc = []", "[features]\na = [\"b\", \"c\"]\nb = [\"c\"]\nc = []", NONE),
        ("", "[dependencies]\nx = \"1\"", PATCH),
        ("", "[dependencies]\nx = { version = \"1\", optional = true }", FEATURE),
        ("[dependencies]\nx = { version = \"1\", optional = true }", "", BREAKING),
        ("[dependencies]\nx = \"1\"", "", PATCH),
        ("[dependencies]\nx = \"1\"", "[dependencies.x]\nversion = \"^1\"", NONE),
        ("[dependencies]\nx = \"1\"", "[dependencies]\nx = \"1.2\"", PATCH),
        ("[dependencies]\nx = \"1\"", "[dependencies]\nx = \"2\"", PATCH),
        ("[dependencies]\npublic-one = \"1\"", "[dependencies]\npublic-one = \"2\"", BREAKING),
        ("[dependencies]\npublic-one = \"1\"", "[dependencies]\npublic-one = \"1.2\"", PATCH),
        ("[dependencies]\nx = \"1\"", "[dependencies]\nx = { version = \"1\", public = true }", FEATURE),
        ("[dependencies]\nx = \"1\"", "[dependencies]\nx = { version = \"1\", features = [\"f\"] }", PATCH),
        ("[dev-dependencies]\nx = \"1\"", "[dev-dependencies]\nx = \"2\"", NONE),
        ("rust-version = \"1.60\"", "rust-version = \"1.70\"", FEATURE),
        ("rust-version = \"1.70\"", "rust-version = \"1.60\"", NONE),
        ("edition = \"2018\"\nrust-version = \"1.70\"", "edition = \"2021\"\nrust-version = \"1.70\"", PATCH),
        ("links = \"a\"", "links = \"b\"", BREAKING),
        ("", "[[bin]]\nname = \"tool\"\n", FEATURE),
        ("[[bin]]\nname = \"tool\"\n", "", BREAKING),
        ("[[bin]]\nname = \"tool\"\n", "[[bin]]\nname = \"other\"\n", BREAKING),
        ("[[bin]]\nname = \"tool\"\npath = \"src/t.rs\"", "[[bin]]\nname = \"tool\"\npath = \"src/u.rs\"", NONE),
        ("", "[lib]\nproc-macro = true\n", BREAKING),
        ("", "[lib]\nname = \"other\"\n", BREAKING),
        ("", "[lib]\nname = \"core\"\n", NONE),
        ("[dependencies]\na.workspace = true", "[dependencies]\na = { workspace = true }", NONE),
        ("[dependencies]\na = { path = \"../a\" }", "[dependencies]\na = { path = \"../../b/a\" }", NONE),
    ];
    let config = "[bump]\npublic-dependencies = ['public-one']";
    for (before, now, expected) in table {
        let went = shapes().map(|member| to(&decided(&[Member { manifests: [before, now], ..member }], "", config)));
        assert_eq!(went, expected, "{before:?} -> {now:?}");
    }
}

// Each row: what core does, how cli requires it, the configuration, and where both go.
#[test]
fn dependents() {
    let public = "[bump]\npublic-dependencies = ['core']";
    let globs = "[bump]\npublic-dependencies = ['c?re*']";
    let table = [
        ("fix: a", "0.4", "", "core 0.4.2"),
        ("feat!: a", "0.4", "", "core 0.5.0, cli 1.2.4"),
        ("feat!: a", "0.4", public, "core 0.5.0, cli 2.0.0"),
        ("feat!: a", "0.4", globs, "core 0.5.0, cli 2.0.0"),
        ("feat!: a", ">=0.4, <1", public, "core 0.5.0"),
        ("fix: a", "=0.4.1", public, "core 0.4.2, cli 1.2.4"),
    ];
    for (message, requirement, config, expected) in table {
        let core = Member { commits: vec![(message, "src/lib.rs")], ..Member::at("0.4.1") };
        let cli = Member { name: "cli", ..Member::at("1.2.3") };
        let plan = decided(&[core, cli], requirement, config);
        let mut went: Vec<String> = versions(&plan).split(", ").map(str::to_owned).collect();
        went.sort_by_key(|package| !package.starts_with("core"));
        assert_eq!(went.join(", "), expected, "{message} {requirement}");
    }
}

// A dependent that changed, and still admits the version without what is new, is warned of; a raised one is not.
#[test]
fn understated_requirements_are_told() {
    let core = Member { commits: vec![("feat: a", "src/lib.rs")], ..Member::at("1.2.3") };
    let cli = Member { name: "cli", commits: vec![("fix: b", "src/lib.rs")], ..Member::at("1.0.0") };
    let both = [core.clone(), cli.clone()];
    assert_eq!(codes(&decided(&both, "1.2", "")), ["requirement-understated"]);
    assert_eq!(codes(&decided(&both, "1.2", "dependent-version = 'upgrade'")), [""; 0]);
    let toolchain = Member { manifests: ["", "rust-version = \"1.70\""], commits: Vec::new(), ..core.clone() };
    assert_eq!(codes(&decided(&[toolchain, cli.clone()], "1.2", "")), [""; 0]);
    let quiet = [core, Member { commits: Vec::new(), ..cli }];
    assert_eq!(codes(&decided(&quiet, "1.2", "")), [""; 0]);
}

// Each row: the level that is given, what changed since 1.2.3, and what is said of it.
#[test]
fn levels_below_the_evidence() {
    let table: [(&str, &str, &[&str]); 6] = [
        ("patch", "fix: a", &[]),
        ("patch", "feat: a", &["below-evidence"]),
        ("minor", "feat: a", &[]),
        ("minor", "feat!: a", &["below-evidence!"]),
        ("major", "feat!: a", &[]),
        ("2.0.0-rc.1", "feat!: a", &[]),
    ];
    for (level, message, expected) in table {
        let members = [Member { commits: vec![(message, "src/lib.rs")], ..Member::at("1.2.3") }];
        let plan = decide(&snapshot_of(&members, ""), &configured(&members, ""), &asking(level, None)).unwrap();
        assert_eq!(codes(&plan), expected, "{level} {message}");
    }
}

// A series is finished against the last stable version: what broke before its first pre-release still counts.
#[test]
fn finishing_a_series_is_held_against_the_last_stable_version() {
    for (earlier, expected) in [("feat: a", [""; 0].to_vec()), ("feat!: a", vec!["below-evidence!"])] {
        let pre = Member { stable: Some("1.2.3"), earlier: vec![earlier], ..Member::at("1.3.0-rc.1") };
        let members = [Member { commits: vec![("fix: b", "src/lib.rs")], ..pre }];
        let plan = decide(&snapshot_of(&members, ""), &configured(&members, ""), &asking("release", None)).unwrap();
        assert_eq!((to(&plan), codes(&plan)), ("1.3.0".to_owned(), expected.iter().map(ToString::to_string).collect()));
    }
}

// Each row: a version, the level, the name of the pre-release, and where a feature leads.
#[test]
fn pre_releases_of_any_level() {
    let table = [
        ("1.2.3", "", "rc", "1.3.0-rc.1"),
        ("1.2.3", "patch", "rc", "1.2.4-rc.1"),
        ("1.2.3", "major", "next", "2.0.0-next.1"),
        ("0.4.1", "", "beta", "0.4.2-beta.1"),
        ("1.3.0-rc.1", "", "rc", "1.3.0-rc.2"),
        ("1.3.0-beta.3", "", "rc", "1.3.0-rc.1"),
    ];
    for (version, level, pre, expected) in table {
        let stable = version.contains('-').then_some("1.2.3");
        let member = Member { stable, commits: vec![("feat: a", "src/lib.rs")], ..Member::at(version) };
        let members = [member];
        let plan = decide(&snapshot_of(&members, ""), &configured(&members, ""), &asking(level, Some(pre))).unwrap();
        assert_eq!(to(&plan), expected, "{version} {level} {pre}");
    }
    let members = [Member::at("1.2.3")];
    let refused = decide(&snapshot_of(&members, ""), &configured(&members, ""), &asking("rc", Some("rc")));
    assert_eq!(refused.unwrap_err().what(), "`rc` already selects a pre-release, so `--pre rc` has no meaning");
}

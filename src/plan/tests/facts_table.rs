//! One row a rule about git and registries: the smallest fact that breaks it, and its neighbour that passes. What is
//! expected comes from git's, cargo's and the registry's documentation, not from the code here.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use semver::Version;

use super::decision_table::Member;
use super::decision_table::asking;
use super::decision_table::configured;
use super::decision_table::snapshot_of;
use crate::check::Code;
use crate::names::CommitId;
use crate::names::RegistryName;
use crate::plan::*;
use crate::snapshot::*;

/// A code with its severity (`!` for an error), what has it, what has not, and the configuration.
type Row = (&'static str, fn(&mut Snapshot), fn(&mut Snapshot), &'static str);

/// Nothing of changelogs, which are another matter.
const SILENT: &str = "\n[changelog]\nenabled = false\n";

const ALL_WELL: fn(&mut Snapshot) = |_| {};

fn of_the_repository() -> Vec<Row> {
    vec![
        ("dirty-tree!", |it| dirty(it, "notes.txt"), ALL_WELL, ""),
        ("stage-differs!", |it| core(it).ignored = vec!["core/a.bin".into()], ALL_WELL, ""),
        ("git-operation!", |it| it.repository.in_progress = Some("rebase".to_owned()), ALL_WELL, ""),
        ("shallow-clone!", |it| it.repository.shallow = true, ALL_WELL, ""),
        ("detached-head!", |it| it.repository.branch = None, ALL_WELL, ""),
        ("branch-not-allowed!", |it| on(it, "topic"), |it| on(it, "main"), "allow-branch = [\"main\"]"),
        ("no-remote!", |it| it.repository.remote = None, ALL_WELL, ""),
        ("behind-remote!", |it| stands(it, Relation::Behind(1)), |it| stands(it, Relation::Ahead(1)), ""),
        ("behind-remote!", |it| stands(it, Relation::Diverged(1, 1)), |it| stands(it, Relation::Absent), ""),
        ("remote-unknown", |it| stands(it, Relation::Unknown("why".to_owned())), ALL_WELL, ""),
        (
            "stale-lockfile!",
            |it| it.workspace.lockfile = Lockfile::Stale,
            |it| it.workspace.lockfile = Lockfile::Untracked,
            "",
        ),
        ("tag-exists!", |it| tagged(it, "core-v1.2.4"), |it| tagged(it, "core-v1.2.3"), ""),
        ("tag-conflict!", |it| tagged(it, "core-v1.2.4/x"), |it| tagged(it, "core-v1.2.40"), ""),
        ("other-upstream", |it| tracks(it, "trunk"), ALL_WELL, ""),
        ("in-submodule!", |it| submodule(it, "core", true), |it| submodule(it, "cor", true), ""),
        (
            "push-refused!",
            |it| asked_to_push(it, Push::Refused("no".to_owned())),
            |it| asked_to_push(it, Push::Begun),
            "",
        ),
        (
            "commit-identity!",
            |it| known(it, Identity::Missing("no email".to_owned())),
            |it| known(it, Identity::Known),
            "",
        ),
        (
            "commit-identity",
            |it| known(it, Identity::Guessed("a <a@b>".to_owned())),
            |it| known(it, Identity::Known),
            "",
        ),
        ("cannot-sign!", |it| cannot_sign(it, true), |it| cannot_sign(it, false), ""),
        ("cannot-sign!", |it| cannot_sign(it, false), ALL_WELL, "sign-commit = true"),
        ("cannot-sign!", |it| cannot_sign(it, false), ALL_WELL, "sign-tag = true"),
        ("hook-not-executable", |it| skipped(it, "pre-push"), ALL_WELL, ""),
        ("hook-not-executable", |it| skipped(it, "commit-msg"), |it| skipped(it, "pre-push"), "push = false"),
        ("submodule-empty", |it| submodule(it, "core/pot", false), |it| submodule(it, "core/pot", true), ""),
        ("submodule-empty", |it| submodule(it, "core/pot", false), |it| submodule(it, "pot", false), ""),
        ("submodule-empty", |it| submodule(it, "core/pot", false), |it| left_out(it, "include = [\"/src\"]"), ""),
        (
            "submodule-empty",
            |it| left_out(it, "include = [\"/src\", \"/pot/*.c\"]"),
            |it| left_out(it, "exclude = [\"pot\"]"),
            "",
        ),
    ]
}

fn of_registries() -> Vec<Row> {
    vec![
        ("version-exists!", |it| listed(it, "1.2.4", false), |it| listed(it, "1.2.3", false), ""),
        ("version-exists!", |it| listed(it, "1.2.4+build", true), |it| listed(it, "1.2.4-rc.1", true), ""),
        (
            "registry-not-listed!",
            |it| only_to(it, "elsewhere"),
            |it| only_to(it, "crates-io"),
            "registry = \"crates-io\"",
        ),
        (
            "registry-without-api!",
            |it| listed(it, "1.2.3", false),
            |it| {
                listed(it, "1.2.3", false);
                crates_io(it).api = Some("https://api.example.com".to_owned());
            },
            "",
        ),
        ("name-spelled-otherwise!", |it| record(it, "Core", &["ann"]), |it| record(it, "core", &["ann"]), ""),
        (
            "not-an-owner!",
            |it| record(it, "core", &["bob"]),
            |it| record(it, "core", &["Ann"]),
            "[check]\nowners = [\"ann\"]",
        ),
        (
            "owners-differ",
            |it| record(it, "core", &["ann"]),
            |it| record(it, "core", &["ann", "bob"]),
            "[check]\nowners = [\"ann\", \"bob\"]",
        ),
        ("trusted-publishing-only", |it| trusted(it, true), |it| trusted(it, false), ""),
        ("registry-read-only!", |it| site(it).read_only = true, |it| site(it).read_only = false, ""),
        ("registry-not-asked", |it| site(it).silent = Some("why".to_owned()), |it| site(it).silent = None, ""),
        ("dependency-unknown!", |it| needs(it, "^1", Offer::Absent), |it| needs(it, "^1", has("1.0.0", false)), ""),
        (
            "dependency-unknown!",
            |it| needs(it, "^1", Offer::Spelled("Tea".into())),
            |it| needs(it, "^1", Offer::Unknown("why".to_owned())),
            "",
        ),
        (
            "dependency-unknown!",
            |it| needs(it, "^1.1", has("1.0.9", false)),
            |it| needs(it, "^1.1", has("1.1.0", false)),
            "",
        ),
        ("dependency-unknown", |it| needs(it, "^1", has("1.0.0", true)), |it| needs(it, "^1", has("1.0.0", false)), ""),
        (
            "dependency-without-version!",
            |it| by_path(it, DependencyKind::Build),
            |it| by_path(it, DependencyKind::Dev),
            "",
        ),
    ]
}

// Every rule sees the fact that breaks it, and leaves its neighbour alone.
#[test]
fn every_fact_is_seen() {
    let mut wrong = Vec::new();
    for (at, (code, breaks, passes, toml)) in [of_the_repository(), of_registries()].concat().into_iter().enumerate() {
        let (with, without) = (codes(breaks, toml), codes(passes, toml));
        if !with.contains(code) || without.contains(code) {
            wrong.push(format!("row {at}: `{code}`, with {with:?}, without {without:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

// Rules about git and registries without a row are those that other tests have.
#[test]
fn every_rule_has_a_row() {
    let rows = [of_the_repository(), of_registries()].concat();
    let rows: BTreeSet<&str> = rows.iter().map(|(code, _, _, _)| code.trim_end_matches('!')).collect();
    let elsewhere = [
        // In tests/words, with the words.
        "registry-not-configured",
        "registry-unknown",
        "tag-of-two-versions",
        // In tests/check and tests/release, with real files.
        "outside-repository",
        "tag-missing",
        "tag-name",
        "late-commit",
        "commit-by-git",
        "not-proposed",
        "no-token",
        "audit-untagged",
        "audit-unpublished",
        "audit-content",
        "audit-changelog",
        "audit-yanked",
        "audit-lockfile",
        "token-in-reach",
        // Below.
        "tag-spelling",
        "rate-limit",
    ];
    let of_facts = Code::ALL.iter().filter(|code| code.group().is_of_facts()).map(|code| code.as_str());
    let missing: Vec<&str> = of_facts.filter(|code| !rows.contains(code) && !elsewhere.contains(code)).collect();
    assert_eq!(missing, [""; 0]);
}

// Each row: how many crates are new and how many are not, and whether that is more than goes at once.
#[test]
fn what_goes_at_once() {
    for (new, known, limited) in [(5, 0, false), (6, 0, true), (0, 30, false), (0, 31, true), (5, 30, false)] {
        let names: Vec<&'static str> = (1..new + known).map(|at| -> &'static str { format!("p{at}").leak() }).collect();
        let names: Vec<&'static str> = [&["core"], names.as_slice()].concat();
        let changed = |name| Member { name, commits: vec![("fix: a", "src/lib.rs")], ..Member::at("1.2.3") };
        let members: Vec<Member> = names.iter().copied().map(changed).collect();
        let mut snapshot = snapshot_of(&members, "1");
        let listings = names.iter().enumerate().map(|(at, name)| {
            let listing = if at < new { Listing::Absent } else { Listing::Versions(Vec::new()) };
            ((*name).into(), listing)
        });
        crates_io(&mut snapshot).listings = listings.collect();
        let plan =
            decide(&snapshot, &configured(&members, &format!("push = false{SILENT}")), &asking("patch", None)).unwrap();
        let found = plan.findings.iter().any(|finding| finding.code == Code::RateLimit);
        assert_eq!(found, limited, "{new} new, {known} known");
    }
}

/// The codes of a plan for a changed `core` that is bound for crates.io, where all is well but this.
fn codes(change: fn(&mut Snapshot), toml: &str) -> BTreeSet<String> {
    let members = [Member { commits: vec![("fix: a", "src/lib.rs")], ..Member::at("1.2.3") }];
    let mut snapshot = snapshot_of(&members, "");
    let remote = Remote {
        name: "origin".into(),
        branch: None,
        tracked: None,
        relation: Relation::Same,
        tags: BTreeMap::new(),
        push: None,
    };
    snapshot.repository.remote = Some(remote);
    change(&mut snapshot);
    let plan = decide(&snapshot, &configured(&members, &format!("{toml}{SILENT}")), &asking("", None)).unwrap();
    let told = |finding: &Finding| format!("{}{}", finding.code, if finding.is_error() { "!" } else { "" });
    plan.findings.iter().map(told).collect()
}

fn core(snapshot: &mut Snapshot) -> &mut Package {
    &mut snapshot.workspace.packages[0]
}

fn crates_io(snapshot: &mut Snapshot) -> &mut Registry {
    snapshot.registries.get_mut(&RegistryName::crates_io()).unwrap()
}

fn site(snapshot: &mut Snapshot) -> &mut Site {
    crates_io(snapshot).site.get_or_insert_default()
}

fn dirty(snapshot: &mut Snapshot, path: &str) {
    snapshot.repository.dirty = vec![DirtyFile { path: path.into(), how: "untracked".to_owned() }];
}

fn on(snapshot: &mut Snapshot, branch: &str) {
    snapshot.repository.branch = Some(branch.into());
}

fn stands(snapshot: &mut Snapshot, relation: Relation) {
    snapshot.repository.remote.as_mut().unwrap().relation = relation;
}

fn tracks(snapshot: &mut Snapshot, branch: &str) {
    snapshot.repository.remote.as_mut().unwrap().tracked = Some(branch.into());
}

fn tagged(snapshot: &mut Snapshot, tag: &str) {
    snapshot.repository.tags.insert(tag.into(), "a".repeat(40).into());
}

fn asked_to_push(snapshot: &mut Snapshot, push: Push) {
    snapshot.repository.remote.as_mut().unwrap().push = Some(push);
}

fn known(snapshot: &mut Snapshot, identity: Identity) {
    snapshot.repository.means.identity = identity;
}

fn cannot_sign(snapshot: &mut Snapshot, signs_commits: bool) {
    let means = &mut snapshot.repository.means;
    (means.signs_commits, means.cannot_sign) = (signs_commits, Some("no key".to_owned()));
}

fn skipped(snapshot: &mut Snapshot, hook: &str) {
    snapshot.repository.means.skipped_hooks = vec![hook.to_owned()];
}

fn submodule(snapshot: &mut Snapshot, path: &str, filled: bool) {
    snapshot.repository.submodules = vec![Submodule { path: path.into(), filled }];
}

/// A submodule below `core` that is empty, and a line of the manifest about what is packed.
fn left_out(snapshot: &mut Snapshot, line: &str) {
    submodule(snapshot, "core/pot", false);
    let text = snapshot.workspace.texts.get_mut("core/Cargo.toml").unwrap();
    *text = text.replace("[package]\n", &format!("[package]\n{line}\n"));
}

pub(crate) fn listed(snapshot: &mut Snapshot, version: &str, yanked: bool) {
    let listed = ListedVersion { version: version.parse().unwrap(), checksum: "c".repeat(64).as_str().into(), yanked };
    crates_io(snapshot).listings.insert("core".into(), Listing::Versions(vec![listed]));
}

fn only_to(snapshot: &mut Snapshot, registry: &str) {
    core(snapshot).publish = PublishTo::Only(vec![registry.into()]);
}

fn record(snapshot: &mut Snapshot, name: &str, owners: &[&str]) {
    let owners = owners.iter().map(|owner| (*owner).to_owned()).collect();
    let record = CrateRecord { name: name.into(), trusted_publishing_only: false, owners };
    site(snapshot).crates.insert("core".into(), record);
}

fn trusted(snapshot: &mut Snapshot, only: bool) {
    record(snapshot, "core", &[]);
    site(snapshot).crates.get_mut("core").unwrap().trusted_publishing_only = only;
}

fn has(version: &str, yanked: bool) -> Offer {
    Offer::Versions(vec![(version.parse::<Version>().unwrap(), yanked)])
}

fn needs(snapshot: &mut Snapshot, requirement: &str, offer: Offer) {
    let (kind, requirement) = (DependencyKind::Normal, Some(requirement.to_owned()));
    core(snapshot).needs = vec![need(kind, requirement, false)];
    crates_io(snapshot).offers.insert("tea".into(), offer);
}

fn by_path(snapshot: &mut Snapshot, kind: DependencyKind) {
    core(snapshot).needs = vec![need(kind, None, true)];
}

fn need(kind: DependencyKind, requirement: Option<String>, from_elsewhere: bool) -> Need {
    Need { package: "tea".into(), key: "tea".to_owned(), kind, requirement, registry: None, from_elsewhere }
}

/// A repository with nothing in the way.
pub(crate) fn repository(history: History) -> Repository {
    Repository {
        means: Means::default(),
        links: BTreeMap::new(),
        links_out: BTreeMap::new(),
        submodules: Vec::new(),
        head: CommitId::from("f".repeat(40)),
        branch: Some("main".into()),
        shallow: false,
        in_progress: None,
        dirty: Vec::new(),
        tags: BTreeMap::new(),
        remote: None,
        history,
    }
}

/// A registry that is configured, and was not asked.
pub(crate) fn unasked() -> Registry {
    Registry {
        offers: BTreeMap::new(),
        index: Some("sparse+https://index.example.com/".to_owned()),
        api: None,
        auth_required: false,
        token: Token::Unknown,
        listings: BTreeMap::new(),
        site: None,
    }
}

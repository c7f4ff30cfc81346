//! Plans for the tests of this room.

use std::time::Duration;

use semver::Version;

use crate::check::Code;
use crate::level::Level;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::StepId;
use crate::names::TagName;
use crate::plan::*;
use crate::report::screen::page::Page;
use crate::report::screen::page::USUAL_COLUMNS;

/// An empty plan on `main`.
pub(super) fn empty() -> ReleasePlan {
    ReleasePlan {
        format: FORMAT,
        id: PlanId::from("3f2a9c81d04e"),
        base: Base { branch: Some("main".into()), commit: commit(), workspace: RepoPath::root(), copied: Vec::new() },
        packages: Vec::new(),
        left_out: Vec::new(),
        levels: LevelSources::default(),
        publish_order: Vec::new(),
        findings: Vec::new(),
        steps: Vec::new(),
    }
}

/// A small workspace: `base` breaks, `cli` follows, `tool` is released and not published, two are left out.
pub(super) fn workspace() -> ReleasePlan {
    let mut plan = empty();
    plan.packages = vec![base(), cli(), tool()];
    plan.left_out = vec![
        left_out("macros", WhyNot::Unchanged, Some("macros-v1.0.3")),
        left_out("xtask", WhyNot::ReleaseFalse, None),
    ];
    plan.publish_order = vec!["base".into(), "cli".into()];
    plan.findings = vec![
        Finding::warning(Code::ChangelogUncovered, "the commit 1a2b3c4 is not in the entry of `base`")
            .at(&"base/CHANGELOG.md".into(), Some(7))
            .help("add it under Unreleased, or release without it"),
    ];
    plan.steps = steps();
    plan
}

fn base() -> PlannedPackage {
    PlannedPackage {
        from: Some(version("0.1.0")),
        level: Level::Breaking,
        reasons: vec![
            reason(Evidence::Commit { commit: commit() }, Level::Breaking, "drop `Old`, which nobody used any more"),
            reason(Evidence::Commit { commit: commit() }, Level::Patch, "speak plainly"),
        ],
        changelog: Some(PlannedChangelog {
            path: "base/CHANGELOG.md".into(),
            entry:
                "### Removed\n\n- `Old`, which nobody used any more: the function of the same name does all that it \
                    did, and more of it.\n"
                    .into(),
            drafted: false,
        }),
        ..package("base", "0.2.0")
    }
}

fn cli() -> PlannedPackage {
    PlannedPackage {
        from: Some(version("1.2.0")),
        reasons: vec![reason(Evidence::Dependency { package: "base".into() }, Level::Patch, "requires `base` 0.2.0")],
        changelog: Some(PlannedChangelog {
            path: "cli/CHANGELOG.md".into(),
            entry: "### Changed\n\n- Requires `base` 0.2.0.\n".into(),
            drafted: true,
        }),
        ..package("cli", "1.2.1")
    }
}

fn tool() -> PlannedPackage {
    PlannedPackage { publish: false, registries: Vec::new(), tag: None, ..package("tool", "0.1.0") }
}

fn steps() -> Vec<Step> {
    let packages = ["base", "cli"].map(PackageName::from);
    let [base, cli] = ["0.2.0", "1.2.1"].map(version);
    let packed = packages.iter().zip([&base, &cli]);
    let packed = packed.map(|(name, version)| Packed { name: name.clone(), version: version.clone() });
    let crates_io = RegistryName::crates_io();
    let upload = |version: &Version| Upload {
        registry: crates_io.clone(),
        version: version.clone(),
        build: build(),
        limits: UploadLimits::default(),
    };
    let confirm =
        |version: Version| Action::Confirm { registry: crates_io.clone(), version, timeout: Duration::from_secs(600) };
    let tag = |name: &str| Action::Tag(Tag { name: name.into(), message: String::new(), sign: false });
    let (main, origin) = (|| BranchName::from("main"), || RemoteName::from("origin"));
    let hook = Hook { command: vec!["./gen.sh".into(), "--all".into()], dir: "base".into(), variables: [].into() };
    let commit = Commit { message: "chore: Release\n".into(), sign: false, paths: Vec::new(), resolves_lock: false };
    let verify = Verify {
        registry: crates_io.clone(),
        packages: packed.collect(),
        build: build(),
        overlaid: false,
        held_to: ArchivePolicy::default(),
    };
    let tags = vec!["base-v0.2.0".into(), "cli-v1.2.1".into()];
    vec![
        step("edit base/Cargo.toml", None, edit("base/Cargo.toml")),
        step("edit cli/Cargo.toml", None, edit("cli/Cargo.toml")),
        step("hook base", Some("base"), Action::Hook(hook)),
        step("commit", None, Action::Commit(commit)),
        step("verify crates-io", None, Action::Verify(verify)),
        step("land", None, Action::Land { branch: main() }),
        step("tag base-v0.2.0", Some("base"), tag("base-v0.2.0")),
        step("tag cli-v1.2.1", Some("cli"), tag("cli-v1.2.1")),
        step("reserve", None, Action::Reserve { remote: origin(), branch: main(), options: Vec::new() }),
        step("publish base", Some("base"), Action::Publish(upload(&base))),
        step("confirm base", Some("base"), confirm(base)),
        step("publish cli", Some("cli"), Action::Publish(upload(&cli))),
        step("confirm cli", Some("cli"), confirm(cli)),
        step("owners cli", Some("cli"), Action::Owners { registry: crates_io.clone(), owners: vec!["ann".into()] }),
        step("push", None, Action::Push { remote: origin(), branch: None, tags, options: Vec::new() }),
    ]
}

/// A package that goes to crates.io for the first time because it was asked for, without a changelog.
pub(super) fn package(name: &str, to: &str) -> PlannedPackage {
    PlannedPackage {
        name: name.into(),
        from: None,
        to: version(to),
        level: Level::Patch,
        reasons: vec![reason(Evidence::Request, Level::None, "first release")],
        registries: vec![RegistryName::crates_io()],
        publish: true,
        tag: Some(TagName::from(format!("{name}-v{to}"))),
        changelog: None,
    }
}

/// A reason.
pub(super) fn reason(evidence: Evidence, level: Level, summary: &str) -> Reason {
    Reason { evidence, level, summary: summary.into() }
}

/// A package that is left out.
pub(super) fn left_out(name: &str, reason: WhyNot, since: Option<&str>) -> LeftOut {
    LeftOut { name: name.into(), reason, since: since.map(TagName::from) }
}

/// A version.
pub(super) fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

/// The one commit.
pub(super) fn commit() -> CommitId {
    CommitId::from("1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d")
}

fn step(id: &str, package: Option<&str>, action: Action) -> Step {
    Step { id: StepId::from(id), action, package: package.map(PackageName::from), needs: Vec::new() }
}

fn edit(path: &str) -> Action {
    let splice = Splice { at: 10, expects: "0.1.0".into(), writes: "0.2.0".into() };
    Action::Edit(Edit { path: path.into(), before: None, after: Some(Digest::of(b"")), splices: vec![splice] })
}

fn build() -> Build {
    Build { compile: true, features: Vec::new(), all_features: false, target: None }
}

/// What was written on a page of the usual width, without colours.
pub(super) fn shown(write: impl FnOnce(&mut Page<Vec<u8>>) -> std::io::Result<()>) -> String {
    shown_in(USUAL_COLUMNS, write)
}

/// What was written on a page of that width, without colours.
pub(super) fn shown_in(columns: usize, write: impl FnOnce(&mut Page<Vec<u8>>) -> std::io::Result<()>) -> String {
    let mut out = Page::new(Vec::new(), columns);
    write(&mut out).unwrap();
    anstream::adapter::strip_str(&String::from_utf8(out.into_inner()).unwrap()).to_string()
}

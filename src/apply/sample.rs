//! Releases for tests: steps from a line each, and a plan of them.

use std::path::Path;
use std::time::Duration;

use semver::Version;

use crate::journal::JournalHeader;
use crate::journal::Proof;
use crate::names::BranchName;
use crate::names::CommitId;
use crate::names::PlanId;
use crate::names::RegistryName;
use crate::names::RemoteName;
use crate::names::RepoPath;
use crate::names::StepId;
use crate::plan::*;

/// The base, and the release commit.
pub(crate) fn commit() -> CommitId {
    CommitId::from("1".repeat(40).as_str())
}

/// What the world says when a step is done.
pub(crate) fn proof(step: &Step) -> Proof {
    match step.action.kind() {
        StepKind::Commit => Proof::Commit(commit()),
        StepKind::Publish => Proof::Uploaded { remark: None },
        StepKind::Edit | StepKind::Replace | StepKind::Hook | StepKind::Carry | StepKind::Verify => Proof::Plain,
        StepKind::Land | StepKind::Tag | StepKind::Reserve | StepKind::Confirm | StepKind::Owners => Proof::Plain,
        StepKind::Push | StepKind::Propose | StepKind::Request | StepKind::Announce => Proof::Plain,
    }
}

/// A step as it is written: `publish b: publish a, land` needs two others.
pub(crate) fn step(text: &str) -> Step {
    let (id, needs) = text.split_once(": ").unwrap_or((text, ""));
    let (kind, of) = id.split_once(' ').unwrap_or((id, "it"));
    let (registry, version) = (RegistryName::from("box"), Version::new(1, 0, 0));
    let build = Build { compile: true, features: Vec::new(), all_features: false, target: None };
    let (main, origin) = (BranchName::from("main"), RemoteName::from("origin"));
    let action = match kind {
        "hook" => Action::Hook(Hook { command: Vec::new(), dir: RepoPath::root(), variables: [].into() }),
        "commit" => {
            Action::Commit(Commit { message: String::new(), sign: false, paths: Vec::new(), resolves_lock: false })
        }
        "verify" => Action::Verify(Verify {
            registry,
            packages: Vec::new(),
            build,
            overlaid: false,
            held_to: ArchivePolicy::default(),
        }),
        "land" => Action::Land { branch: main },
        "tag" => Action::Tag(Tag { name: of.into(), message: String::new(), sign: false }),
        "reserve" => Action::Reserve { remote: origin, branch: main, options: Vec::new() },
        "publish" => Action::Publish(Upload { registry, version, build, limits: UploadLimits::default() }),
        "confirm" => Action::Confirm { registry, version, timeout: Duration::from_secs(60) },
        "push" => Action::Push { remote: origin, branch: None, tags: Vec::new(), options: Vec::new() },
        other => panic!("no step is called `{other}`"),
    };
    let needs = needs.split(", ").filter(|need| !need.is_empty()).map(StepId::from).collect();
    Step { id: id.into(), action, package: Some(of.into()), needs }
}

/// A plan of these steps: `publish b: publish a, land` needs two others.
pub(crate) fn plan(steps: &[&str]) -> ReleasePlan {
    ReleasePlan {
        format: FORMAT,
        id: PlanId::from("0".repeat(64).as_str()),
        base: Base { branch: Some("main".into()), commit: commit(), workspace: RepoPath::root(), copied: Vec::new() },
        packages: Vec::new(),
        left_out: Vec::new(),
        levels: LevelSources::default(),
        publish_order: Vec::new(),
        findings: Vec::new(),
        steps: steps.iter().map(|text| step(text)).collect(),
    }
}

/// How a release of this plan was begun.
pub(crate) fn opening(plan: ReleasePlan, checkout: &Path) -> JournalHeader {
    let (format, program) = (crate::journal::FORMAT, "0.0.0".to_owned());
    JournalHeader { format, program, checkout: checkout.to_owned(), overrides: Vec::new(), plan }
}

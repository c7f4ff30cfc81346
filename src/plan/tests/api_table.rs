//! What the API check adds to the decision, as tables: who is asked about, where an answer leads, and what is said where
//! there is none.

use std::collections::BTreeMap;

use super::decision_table::Member;
use super::decision_table::asking;
use super::decision_table::configured;
use super::decision_table::decided;
use super::decision_table::shapes;
use super::decision_table::snapshot_of;
use super::decision_table::to;
use super::facts_table::listed;
use crate::check::Code;
use crate::level::Level;
use crate::plan::*;
use crate::snapshot::ApiAnswer;
use crate::snapshot::ApiLint;
use crate::snapshot::ApiPlace;
use crate::snapshot::Baseline;
use crate::snapshot::Snapshot;

#[path = "../../../tests/semver/book.rs"]
mod book;

use book::ROWS;
use book::Seen;

const REQUIRED: &str = "[bump]\nsemver-check = 'require'";
const ASKED: &str = "[bump]\nsemver-check = 'auto'";
const OFF: &str = "[bump]\nsemver-check = 'off'";

fn changed(member: Member, message: &'static str) -> Member {
    Member { commits: vec![(message, "src/lib.rs")], ..member }
}

fn lint(id: &str, level: Level) -> ApiLint {
    let place = ApiPlace { what: "function core::old".to_owned(), path: Some("core/src/lib.rs".into()), line: Some(3) };
    ApiLint { id: id.to_owned(), title: "pub fn removed or renamed".to_owned(), level, places: vec![place] }
}

fn needs(level: Level) -> ApiAnswer {
    ApiAnswer::Needs { level, lints: vec![lint("function_missing", level)] }
}

fn answered(member: &Member, answer: &ApiAnswer) -> Snapshot {
    let mut snapshot = snapshot_of(std::slice::from_ref(member), "");
    snapshot.api = BTreeMap::from([("core".into(), answer.clone())]);
    snapshot
}

/// The plan with an answer of the API check.
fn with(member: Member, answer: &ApiAnswer, config: &str, levels: &str) -> ReleasePlan {
    decide(&answered(&member, answer), &configured(&[member], config), &asking(levels, None)).unwrap()
}

// Each row: what the commits say, what the API check says, and where the shapes go: the higher of both.
#[test]
fn answers_and_shapes() {
    let (feature, breaking) = (needs(Level::Feature), needs(Level::Breaking));
    let bare = ApiAnswer::Needs { level: Level::Breaking, lints: Vec::new() };
    let unknown = ApiAnswer::Unknown("the baseline does not build".to_owned());
    #[rustfmt::skip]
    let table = [
        //                                           1.2.3    0.4.1    0.0.7    1.3.0-rc.1    unpublished
        ("fix: a",  ApiAnswer::Compatible,          ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        ("fix: a",  feature.clone(),                ["1.3.0", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        ("fix: a",  breaking.clone(),               ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        ("fix: a",  bare,                           ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        ("fix: a",  unknown,                        ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        ("fix: a",  ApiAnswer::NotInstalled,        ["1.2.4", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        ("feat: a", ApiAnswer::Compatible,          ["1.3.0", "0.4.2", "0.0.8", "1.3.0-rc.2", "0.1.0"]),
        ("feat: a", breaking,                       ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
        ("feat!: a", feature,                       ["2.0.0", "0.5.0", "0.0.8", "2.0.0-rc.1", "0.1.0"]),
    ];
    for (message, answer, expected) in table {
        let went = shapes().map(|member| to(&with(changed(member, message), &answer, "", "")));
        assert_eq!(went, expected, "{message} {answer:?}");
    }
}

// A lint is a reason of its own, with its id and its place, and decides in front of a commit that says less.
#[test]
fn lints_are_reasons() {
    let plan = with(changed(Member::at("1.2.3"), "fix: a"), &needs(Level::Breaking), "", "");
    let first = &plan.packages[0].reasons[0];
    assert_eq!(first.summary, "pub fn removed or renamed: function core::old (core/src/lib.rs:3)");
    let expected = Evidence::Api { lint: "function_missing".to_owned(), path: Some("core/src/lib.rs".into()) };
    assert_eq!((&first.evidence, first.level), (&expected, Level::Breaking));
}

// What the check finds is in the drafted entry: what makes the level is told.
#[test]
fn lints_are_drafted() {
    let entry = |answer: &ApiAnswer| {
        let plan = with(changed(Member::at("1.2.3"), "fix: a"), answer, "[changelog]\ncreate = true", "");
        plan.packages[0].changelog.as_ref().map(|changelog| changelog.entry.clone()).unwrap_or_default()
    };
    let told = entry(&needs(Level::Breaking));
    assert!(told.contains("**breaking:**") && told.contains("core::old") && told.contains("- a"), "{told}");
    assert!(!entry(&ApiAnswer::Compatible).contains("core::old"));
}

// Each row: the version, what changed, the configuration, the level that is given, and whether the check is asked: only
// where its answer may change something.
#[test]
fn questions_that_are_worth_asking() {
    let table = [
        ("1.2.3", "fix: a", "", "", true),
        ("1.2.3", "feat: a", "", "", true),
        ("0.4.1", "fix: a", "", "", true),
        ("1.2.3", "fix: a", REQUIRED, "", true),
        ("1.2.3", "fix: a", "", "minor", true),
        ("1.3.0-rc.1", "fix: a", "", "", true),
        ("1.2.3", "fix: a", OFF, "", false),
        ("1.2.3", "ci: a", "", "", false),
        ("1.2.3", "feat!: a", "", "", false),
        ("1.2.3", "fix: a", "", "major", false),
        ("0.4.1", "fix: a", "", "minor", false),
        ("0.0.7", "fix: a", "", "", false),
    ];
    for (version, message, config, levels, expected) in table {
        let stable = version.contains('-').then_some("1.2.3");
        let members = [changed(Member { stable, ..Member::at(version) }, message)];
        let wanted = wants(&snapshot_of(&members, ""), &configured(&members, config), &asking(levels, None)).unwrap();
        assert_eq!(wanted.len() == 1, expected, "{version} {message} {config} {levels}");
    }
}

// A program and a first release have nothing to compare; a library is compared under the name that rustc has for it.
#[test]
fn what_is_compared() {
    let asked = |kinds: &[&str], manifest: &'static str| {
        let members = [changed(Member { manifests: [manifest, manifest], ..Member::at("1.2.3") }, "fix: a")];
        let mut snapshot = snapshot_of(&members, "");
        snapshot.workspace.packages[0].targets = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let wanted = wants(&snapshot, &configured(&members, REQUIRED), &asking("", None)).unwrap();
        wanted.into_iter().map(|question| question.library).collect::<Vec<_>>()
    };
    assert_eq!(asked(&["lib", "bin"], ""), ["core"]);
    assert_eq!(asked(&["lib"], "[lib]\nname = \"other\"\n"), ["other"]);
    assert_eq!(asked(&["bin"], ""), [""; 0]);
    assert_eq!(asked(&["proc-macro"], ""), [""; 0]);
}

// A published version that no commit here is known for is compared with what crates.io has; where that may not be asked,
// the answer is missing, not good.
#[test]
fn releases_without_a_commit_are_compared_as_published() {
    let members = [changed(Member { last: None, ..Member::at("1.2.3") }, "fix: a")];
    let mut snapshot = snapshot_of(&members, "");
    assert_eq!(wants(&snapshot, &configured(&members, REQUIRED), &asking("", None)).unwrap(), []);
    listed(&mut snapshot, "1.2.3", false);
    let config = configured(&members, REQUIRED);
    let online = Request { offline: false, ..asking("", None) };
    let wanted = wants(&snapshot, &config, &online).unwrap();
    assert_eq!(wanted.into_iter().map(|question| question.baseline).collect::<Vec<_>>(), [Baseline::Published]);
    let plan = decide(&snapshot, &config, &online).unwrap();
    assert!(plan.findings.iter().any(|finding| finding.code == Code::ApiNotCompared && finding.is_error()));
}

/// What is said about the API of `core`, and whether it blocks.
fn said(answer: &ApiAnswer, config: &str, kind: &str) -> Option<(String, bool)> {
    let member = changed(Member::at("1.2.3"), "fix: a");
    let mut snapshot = answered(&member, answer);
    snapshot.workspace.packages[0].targets = vec![kind.to_owned()];
    let plan = decide(&snapshot, &configured(&[member], config), &asking("", None)).unwrap();
    let mut about = plan.findings.iter().filter(|finding| finding.code == Code::ApiNotCompared);
    about.next().map(|finding| (finding.message.clone(), finding.is_error()))
}

// What could not be compared blocks where it is required, and is never taken for compatible; without a setting, nobody
// asked for a program that is not there.
#[test]
fn answers_that_are_missing() {
    let broken = ApiAnswer::Unknown("the baseline does not build".to_owned());
    let table = [
        (&ApiAnswer::NotInstalled, "lib", [None, Some(false), Some(true), None]),
        (&broken, "lib", [Some(false), Some(false), Some(true), None]),
        (&ApiAnswer::Compatible, "lib", [None; 4]),
        (&ApiAnswer::Compatible, "proc-macro", [None, Some(false), Some(true), None]),
        (&ApiAnswer::NotInstalled, "bin", [None; 4]),
    ];
    for (answer, kind, expected) in table {
        let blocks = ["", ASKED, REQUIRED, OFF].map(|config| said(answer, config, kind).map(|(_, blocks)| blocks));
        assert_eq!(blocks, expected, "{answer:?} {kind}");
    }
    let words = said(&broken, REQUIRED, "lib").unwrap().0;
    assert_eq!(words, "the API of `core` could not be compared with the last release: the baseline does not build");
}

// One cause is told once, however many packages it is about.
#[test]
fn a_cause_is_told_once() {
    let cli = changed(Member { name: "cli", ..Member::at("1.0.0") }, "fix: b");
    let members = [changed(Member::at("1.2.3"), "fix: a"), cli];
    let mut snapshot = snapshot_of(&members, "1.2");
    snapshot.api = ["core", "cli"].map(|name| (name.into(), ApiAnswer::NotInstalled)).into();
    let plan = decide(&snapshot, &configured(&members, ASKED), &asking("", None)).unwrap();
    let about: Vec<&Finding> = plan.findings.iter().filter(|finding| finding.code == Code::ApiNotCompared).collect();
    assert_eq!(about.len(), 1);
    assert_eq!(
        about[0].message,
        "the APIs of `cli`, `core` could not be compared with the last release: `cargo semver-checks` is not installed"
    );
}

// A level that is given is held against what the API check says.
#[test]
fn a_level_below_the_answer() {
    let plan = with(changed(Member::at("1.2.3"), "fix: a"), &needs(Level::Breaking), "", "minor");
    let finding = plan.findings.iter().find(|finding| finding.code == Code::BelowEvidence).unwrap();
    assert!(finding.is_error());
    assert!(finding.message.contains("pub fn removed or renamed"), "{}", finding.message);
}

// Each change of the Cargo book that manifests tell is seen, at the level that `docs/semver.md` gives.
#[test]
fn the_changes_of_the_book_that_manifests_tell() {
    for row in ROWS {
        let Seen::Manifest(level) = row.seen else { continue };
        let member = Member { manifests: row.texts, ..Member::at("1.2.3") };
        let plan = decided(&[member], "", "");
        let told = plan.packages.first().map(|package| package.reasons[0].clone());
        let told = told.unwrap_or_else(|| panic!("{}: nothing is seen", row.anchor));
        assert!(matches!(told.evidence, Evidence::Manifest { .. }), "{}: {told:?}", row.anchor);
        assert_eq!(serde_json::to_value(told.level).unwrap(), level, "{}: {}", row.anchor, told.summary);
    }
}

//! Change notes, with the real git and the program: written, weighed, told in changelogs, and consumed by releases.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use serde_json::Value;
use support::Member;
use support::Workspace;
use support::World;

const BEGUN: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-11-01\n\n- Begun.\n";

/// Two packages, each released at 0.1.0 and with a changelog. They are packed and not built.
fn shop(config: &str) -> World {
    let members = [Member::new("leaf"), Member::new("pot")];
    let world = Workspace::of(members).configured(&format!("verify = false\n{config}")).made();
    world.write("leaf/CHANGELOG.md", BEGUN).write("pot/CHANGELOG.md", BEGUN);
    world.commit("docs: begin changelogs");
    world.release("-x --no-confirm").ends_well();
    world
}

fn plan(world: &World, arguments: &str) -> Value {
    let run = world.release(&format!("plan --format json {arguments}"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
}

/// The findings of a plan about notes: code, path and line.
fn about_notes(plan: &Value) -> Vec<String> {
    let findings = plan["findings"].as_array().unwrap().iter();
    let told = findings.filter(|finding| finding["code"].as_str().unwrap().starts_with("note-"));
    told.map(|it| format!("{} {} {}", it["code"], it["path"], it["line"]).replace('"', "")).collect()
}

/// A note is planned, told and gone: the same text is the entry and the message of the tag, the commit that brought it is
/// not listed again, and the note stays for the package that is not released.
#[test]
fn a_note_is_told_and_consumed() {
    let world = shop("");
    world.write("leaf/src/lib.rs", "//! Longer.\n");
    world.write(".changes/README.md", "How to write notes.\n");
    let note = "---\n# why\nleaf: minor\n\"pot\": patch\n---\n\nLeaves can be steeped longer.\n\nTwice as long.\n";
    world.change("wip: steep", ".changes/steep.md", note);
    let planned = plan(&world, "-p leaf");
    let leaf = &planned["packages"][0];
    assert_eq!((&leaf["to"], &leaf["reasons"][0]["kind"]), (&"0.1.1".into(), &"note".into()), "{leaf}");
    assert_eq!(leaf["reasons"][0]["path"], ".changes/steep.md");
    world.release("-x --no-confirm -p leaf").ends_well();
    let entry = "### Added\n\n- Leaves can be steeped longer.\n\n  Twice as long.";
    assert_eq!(world.release("changelog show -p leaf").stdout.trim_end(), entry);
    assert_eq!(world.git(&["tag", "--list", "--format=%(contents:body)", "leaf-v0.1.1"]), entry);
    assert_eq!(world.read(".changes/steep.md"), note.replace("leaf: minor\n", ""));
    world.release("-x --no-confirm").ends_well();
    assert!(!world.checkout().join(".changes/steep.md").exists());
    assert!(world.checkout().join(".changes/README.md").exists());
    let entry = "### Fixed\n\n- Leaves can be steeped longer.\n\n  Twice as long.";
    assert_eq!(world.release("changelog show -p pot").stdout.trim_end(), entry);
    world.release("plan").ends_well().says("Nothing to release");
}

/// Notes never lower what commits say, and raise what they do not.
#[test]
fn notes_never_lower_a_level() {
    let world = shop("");
    world.change("feat!: drop `Leaf`", "leaf/src/lib.rs", "//! Less.\n");
    world.change("fix: lid", "pot/src/lib.rs", "//! Lid.\n");
    world.change("docs: notes", ".changes/a.md", "---\nleaf: patch\npot: major\n---\nA lid that fits.\n");
    let planned = plan(&world, "");
    let level =
        |at: usize| (planned["packages"][at]["to"].clone(), planned["packages"][at]["reasons"][0]["kind"].clone());
    assert_eq!(level(0), ("0.2.0".into(), "commit".into()));
    assert_eq!(level(1), ("0.2.0".into(), "note".into()));
    let entry = planned["packages"][1]["changelog"]["entry"].as_str().unwrap();
    assert_eq!(entry, "### Changed\n\n- **breaking:** A lid that fits.\n\n### Fixed\n\n- lid");
    world.release("plan --explain pot").ends_well();
}

/// What is wrong with notes stands in the way of a release, all of it with its place; what is not committed is no note yet.
#[test]
fn faults_of_notes_are_told() {
    let world = shop("");
    world.write(".changes/a.md", "---\nleef: patch\npot: huge\n---\n\n");
    world.write(".changes/b.md", "pot: patch\n");
    world.commit("docs: notes");
    std::fs::write(world.checkout().join(".changes/c.md"), b"---\npot: patch\n---\n\xff\n").unwrap();
    world.commit("docs: more notes");
    world.write(".changes/d.md", "nothing yet");
    let planned = plan(&world, "");
    let expected = [
        "note-unreadable .changes/c.md null",
        "note-package .changes/a.md 2",
        "note-form .changes/a.md 3",
        "note-form .changes/a.md 4",
        "note-form .changes/b.md 1",
    ];
    assert_eq!(about_notes(&planned), expected);
    let findings = planned["findings"].as_array().unwrap();
    let said: Vec<&str> = findings.iter().map(|finding| finding["help"].as_str().unwrap()).collect();
    assert!(said.contains(&"did you mean `leaf`?"), "{said:?}");
    world.write("off.toml", "[bump]\nnotes = false\n");
    assert_eq!(about_notes(&plan(&world, "--config off.toml")), Vec::<String>::new());
}

/// A pre-release tells a note and leaves it; the next one has nothing new; the stable release tells it again, and takes it.
#[test]
fn pre_releases_leave_notes() {
    let world = shop("");
    world.change("feat: steep", "leaf/src/lib.rs", "//! Longer.\n");
    world.change("docs: note", ".changes/steep.md", "---\nleaf: feature\n---\nSteep longer.\n");
    world.release("-x --no-confirm -p leaf --pre rc").ends_well();
    assert_eq!(world.release("changelog show -p leaf").stdout.trim_end(), "### Added\n\n- Steep longer.\n- steep");
    assert!(world.checkout().join(".changes/steep.md").exists());
    world.release("plan").ends_well().says("Nothing to release");
    world.change("fix: mend", "leaf/src/lib.rs", "//! Even longer.\n");
    let planned = plan(&world, "");
    assert_eq!(planned["packages"][0]["to"], "0.1.1-rc.2");
    assert_eq!(planned["packages"][0]["changelog"]["entry"], "### Fixed\n\n- mend");
    let stable = plan(&world, "leaf@release");
    assert_eq!(
        stable["packages"][0]["changelog"]["entry"],
        "### Added\n\n- Steep longer.\n- steep\n\n### Fixed\n\n- mend"
    );
    world.release("-x --no-confirm leaf@release").ends_well();
    assert!(!world.checkout().join(".changes").exists());
}

/// A draft covers notes: reworded, moved and deleted stays so, whatever becomes of the note's name.
#[test]
fn drafts_cover_notes() {
    let world = shop("");
    let log = "leaf/CHANGELOG.md";
    world.write("leaf/src/lib.rs", "//! Longer.\n");
    world.write(".changes/b.md", "---\nleaf: patch\n---\nNo more drips.\n");
    world.change("feat: steep", ".changes/a.md", "---\nleaf: feature\n---\nSteep longer.\n");
    world.release("changelog draft").ends_well();
    let text = world.read(log);
    assert!(text.contains("### Added\n\n- Steep longer.\n\n### Fixed\n\n- No more drips.\n"), "{text}");
    assert!(text.contains("<!-- drafted through ") && !text.contains("a.md"), "{text}");
    world.write(log, &text.replace("- Steep longer.", "- Reworded.").replace("### Fixed\n\n- No more drips.\n\n", ""));
    world.git(&["mv", ".changes/a.md", ".changes/z.md"]);
    world.commit("docs: by hand");
    let run = world.release("changelog draft");
    assert!(run.stderr.contains("nothing to draft"), "{}{}", run.stdout, run.stderr);
    let planned = plan(&world, "-p leaf");
    assert_eq!(planned["packages"][0]["changelog"]["entry"], "### Added\n\n- Reworded.");
    world.change("docs: one more", ".changes/c.md", "---\nleaf: patch\n---\nFixes the lid.\n");
    world.release("-x --no-confirm -p leaf").ends_well();
    let entry = "### Added\n\n- Reworded.\n\n### Fixed\n\n- Fixes the lid.";
    assert_eq!(world.release("changelog show -p leaf").stdout.trim_end(), entry);
    assert!(!world.checkout().join(".changes").exists());
}

/// What a person wrote is the entry; a note that it does not speak of is told.
#[test]
fn uncovered_notes_are_told() {
    let world = shop("");
    world.write(
        "leaf/CHANGELOG.md",
        &BEGUN.replace("[Unreleased]\n", "[Unreleased]\n\n### Added\n\n- Steep longer, too.\n"),
    );
    world.write(".changes/a.md", "---\nleaf: feature\n---\nSteep longer.\n");
    world.change("docs: notes", ".changes/b.md", "---\nleaf: patch\n---\nNo more drips.\n");
    let planned = plan(&world, "-p leaf");
    let findings = planned["findings"].as_array().unwrap();
    let told = findings.iter().find(|finding| finding["code"] == "note-untold").unwrap();
    let expected = "this release uses up change notes that the entry of `leaf` does not mention: No more drips.";
    assert_eq!(told["message"], expected);
    world.release("changelog draft -p leaf").ends_well();
    let text = world.read("leaf/CHANGELOG.md");
    assert!(text.contains("- Steep longer, too.\n\n### Fixed\n\n- No more drips.\n"), "{text}");
}

/// Where packages have commits of their own, each takes its line out of the note, and the last one the file.
#[test]
fn commits_of_their_own_consume_notes() {
    let world = shop("consolidate-commits = false\n");
    world.change("docs: note", ".changes/a.md", "---\nleaf: patch\npot: patch\n---\nNo more drips.\n");
    world.release("-x --no-confirm").ends_well();
    let at = |revision: &str| world.git(&["log", "-1", "--name-status", "--format=%s", revision, "--", ".changes"]);
    assert_eq!(at("HEAD"), "chore: Release pot version 0.1.1\n\nD\t.changes/a.md");
    assert_eq!(at("HEAD~1"), "chore: Release leaf version 0.1.1\n\nM\t.changes/a.md");
    world.release("plan").ends_well().says("Nothing to release");
}

/// In CI: which packages changed and have no note, since the last release or since the branch began; a note that was there
/// before the branch does not stand for it.
#[test]
fn changed_packages_need_a_note() {
    let world = shop("");
    world.release("check --notes").ends_well().says("every changed package has a change note");
    world.change("feat: steep", "leaf/src/lib.rs", "//! Longer.\n");
    world.change("ci: faster", "pot/src/lib.rs", "//! Same.\n");
    let run = world.release("check --notes --format github");
    let said = "::error file=leaf/src/lib.rs,title=note-missing::`leaf` changed but has no change note: ";
    assert_eq!(
        (run.code, run.stdout.starts_with(said), run.stdout.matches("::error").count()),
        (Some(1), true, 1),
        "{}",
        run.stdout
    );
    world.release("check --notes --allow note-missing").ends_well();
    world.release("note -p leaf --level feature -m Longer.").ends_well().says("commit `.changes/longer.md`");
    world.release("check --notes").ends(1).says("`.changes` is not committed");
    world.commit("docs: note");
    world.release("check --notes").ends_well();
    world.git(&["checkout", "--quiet", "-b", "side"]);
    world.change("fix: mend\n\nChangelog: skip", "pot/src/lib.rs", "//! Mended.\n");
    world.release("check --notes --since main").ends_well();
    world.change("fix: lid", "leaf/src/lib.rs", "//! Lid.\n");
    let run = world.release("check --notes --since main --format json");
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((run.code, &found[0]["code"], &found[0]["package"]), (Some(1), &"note-missing".into(), &"leaf".into()));
    world.write(".changes/longer.md", "---\nleaf: feature\n---\nLonger, with a lid.\n");
    world.commit("docs: say more");
    world.release("check --notes --since main").ends_well();
    world.release("check --notes --since nowhere").ends(2);
}

/// A note is written by flags, shown, and never over another; what is missing is said without a terminal.
#[test]
fn notes_are_written() {
    let world = shop("");
    let message = ["note", "-p", "leaf@breaking", "-p", "pot", "--level", "patch", "--message", "Steep `Leaf` longer."];
    let run = world.release_words(&message).ends_well();
    let note = "---\nleaf: breaking\npot: patch\n---\n\nSteep `Leaf` longer.\n";
    assert_eq!(world.read(".changes/steep-leaf-longer.md"), note);
    assert!(run.stdout.contains("+++ b/.changes/steep-leaf-longer.md") && run.stdout.contains("+leaf: breaking"));
    world.release_words(&message).ends_well();
    assert_eq!(world.read(".changes/steep-leaf-longer-2.md"), note);
    world.release_words(&[&message[..], &["--name", "tap"]].concat()).ends_well();
    assert_eq!(world.read(".changes/tap.md"), note);
    let refusals = [
        ("note", "a note needs `-p NAME` and `--level LEVEL` and `--message TEXT` without a terminal"),
        ("note -p leaf", "a note needs `--level LEVEL` and `--message TEXT` without a terminal"),
        ("note -p leef --level patch -m x", "there is no package `leef` in this workspace"),
        ("note -p leaf --level feat -m x", "did you mean `feature`?"),
        ("note -p leaf -p leaf --level patch -m x", "`leaf` is named twice"),
        ("note -p leaf --level patch -m x --name ../x", "a note cannot be named `../x`"),
        ("note -p leaf --level patch -m=", "the note is empty"),
    ];
    for (arguments, said) in refusals {
        world.release(arguments).ends(2).says(said);
    }
    assert_eq!(world.git(&["status", "--porcelain", "-uall"]).lines().count(), 3);
}

/// Where no entry is written, a release that consumes notes says so; where replacements make the entry, it is held against
/// them, and a draft puts them in.
#[test]
fn notes_are_not_lost_in_silence() {
    let world = shop("");
    let replacement = "{ file = 'CHANGELOG.md', search = 'Unreleased', replace = '{{version}}' }";
    world.write("leaf/release.toml", "[changelog]\nenabled = false\n");
    world.write("pot/release.toml", &format!("pre-release-replacements = [{replacement}]\n"));
    world.change("docs: note", ".changes/a.md", "---\nleaf: patch\npot: patch\n---\nNo more drips.\n");
    assert_eq!(about_notes(&plan(&world, "")), ["note-untold .changes/a.md null", "note-untold pot/CHANGELOG.md 3"]);
    let told = |planned: Value| {
        let findings = planned["findings"].as_array().unwrap().clone();
        findings.into_iter().any(|finding| finding["code"] == "note-untold" && finding["package"] == "pot")
    };
    assert!(told(plan(&world, "")));
    world.release("changelog draft -p pot").ends_well();
    world.commit("docs: draft");
    assert!(!told(plan(&world, "")));
    world.release("-x --no-confirm").ends_well();
    let text = world.read("pot/CHANGELOG.md");
    assert!(text.contains("## [0.1.1]\n\n### Fixed\n\n- No more drips.\n\n"), "{text}");
}

/// A note for twice as many packages makes a plan that is twice as long: its text is not told to each of each.
#[test]
fn notes_for_many_packages_stay_short() {
    let plan_of = |count: usize| {
        let names: Vec<&'static str> = (0..count).map(|at| -> &'static str { format!("leaf{at:03}").leak() }).collect();
        let lines: String = names.iter().map(|name| format!("{name}: patch\n")).collect();
        let note = format!("---\n{lines}---\n\nEverything is better.\n");
        let world = Workspace::of(names.into_iter().map(Member::new)).file(".changes/all.md", &note).made();
        let plan = world.release("plan --format json").ends_well();
        assert_eq!(plan.json()["packages"].as_array().unwrap().len(), count);
        plan.stdout.len()
    };
    let (few, many) = (plan_of(20), plan_of(40));
    assert!(many * 10 < few * 22, "20 packages take {few} bytes, 40 take {many}");
}

//! Releases on the forge: one for each tag, with the changelog entry as its text.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use support::Dialect;
use support::Fault;
use support::Forge;
use support::Member;
use support::TOKEN;
use support::Workspace;
use support::World;

const DIALECTS: [Dialect; 3] = [Dialect::Github, Dialect::Gitlab, Dialect::Forgejo];

fn world(dialect: Dialect, config: &str) -> (World, Forge) {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).made();
    let forge = Forge::over(world.path("remote.git"), dialect);
    world.write("release.toml", &format!("verify = false\n{}{config}", forge.config())).commit("chore: a forge");
    world.git(&["push", "--quiet", "origin", "main"]);
    (world, forge)
}

fn release(world: &World, forge: &Forge, arguments: &str) -> support::Run {
    world.release_with(arguments, &[(forge.variable(), TOKEN)])
}

/// Every tag gets a release whose text is the entry, byte for byte; a second run finds nothing to do.
#[test]
fn every_tag_is_announced() {
    for dialect in DIALECTS {
        let (world, forge) = world(dialect, "");
        release(&world, &forge, "plan").ends_well().says("announces 2 tags on the forge");
        release(&world, &forge, "-x --no-confirm").ends_well().says("Announced");
        let releases = forge.releases();
        assert_eq!(releases.len(), 2, "{dialect:?}");
        let entry = world.release("changelog show -p base").ends_well().stdout;
        let text = releases.iter().find(|it| it["tag"] == "base-v0.1.0").unwrap()["body"].as_str().unwrap().to_owned();
        assert!(!text.is_empty() && entry.contains(&text), "{text}\n--\n{entry}");
        release(&world, &forge, "announce base-v0.1.0 -x").ends_well();
        assert_eq!(forge.releases().len(), 2);
    }
}

/// Nothing that the forge does fails a release: it is said, and made later, from another clone.
#[test]
fn forge_that_refuses_does_not_fail_the_release() {
    let (world, forge) = world(Dialect::Github, "");
    forge.goes_wrong("POST /repos/acme/tea/releases", Fault::Status(403));
    release(&world, &forge, "-x --no-confirm").ends_well().says("not announced").says("announce base-v0.1.0 -x");
    assert_eq!(forge.releases().len(), 1);
    release(&world, &forge, "announce").ends_well().says("base-v0.1.0");
    world.release("resume").ends(4).says("set a token");
    release(&world, &forge, "resume").ends_well().says("Announced");
    release(&world, &forge, "resume").ends(2).says("no release is in progress");
    assert_eq!(forge.releases().len(), 2);
    let text = forge.releases().iter().map(|it| it["body"].as_str().unwrap().len()).min();
    assert!(text > Some(0), "the entry comes from the tag");
}

/// Files are there before the release is shown, since one that is shown may not be changed any more; what failed halfway
/// is healed.
#[test]
fn files_come_before_the_release_is_shown() {
    for dialect in DIALECTS {
        let (world, forge) = world(dialect, "[announce]\nassets = [\"ignored/*.txt\"]\n");
        world.write("ignored/one.txt", "1").write("ignored/two.txt", "22");
        release(&world, &forge, "-x --no-confirm -p base").ends_well();
        let names: Vec<String> = forge.assets("base-v0.1.0").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["one.txt", "two.txt"], "{dialect:?}");
        assert_eq!(forge.releases()[0]["draft"], false, "{dialect:?}");
    }
}

/// An upload that breaks off leaves a draft, which `announce` completes and shows.
#[test]
fn half_an_upload_is_healed() {
    let (world, forge) = world(Dialect::Github, "[announce]\nassets = [\"ignored/*.txt\"]\n");
    world.write("ignored/one.txt", "1").write("ignored/two.txt", "22");
    forge.goes_wrong("POST /repos/acme/tea/releases/1/assets", Fault::Status(502));
    release(&world, &forge, "-x --no-confirm -p base").ends_well().says("not announced");
    assert_eq!(forge.releases()[0]["draft"], true, "what is not complete is not shown");
    release(&world, &forge, "announce base-v0.1.0 -x").ends_well();
    assert_eq!((forge.releases()[0]["draft"].as_bool(), forge.assets("base-v0.1.0").len()), (Some(false), 2));
    assert_eq!(forge.releases().len(), 1);
}

/// A text that a person wrote stays.
#[test]
fn text_of_a_person_stays() {
    let (world, forge) = world(Dialect::Forgejo, "");
    release(&world, &forge, "-x --no-confirm").ends_well();
    forge.edit_release("base-v0.1.0", "body", "By hand.".into());
    release(&world, &forge, "announce base-v0.1.0 -x").ends_well();
    let releases = forge.releases();
    assert_eq!(releases.iter().find(|it| it["tag"] == "base-v0.1.0").unwrap()["body"], "By hand.");
}

/// A draft waits until somebody shows it.
#[test]
fn draft_waits_to_be_shown() {
    let (world, forge) = world(Dialect::Github, "[announce]\ndraft = true\n");
    release(&world, &forge, "-x --no-confirm -p base").ends_well();
    let bodies = forge.bodies();
    let (_, body) = bodies.iter().find(|(asked, _)| asked.starts_with("POST") && asked.ends_with("/releases")).unwrap();
    assert_eq!(body["draft"], true);
    release(&world, &forge, "announce base-v0.1.0 -x --show").ends_well();
    assert_eq!(forge.releases()[0]["draft"], false);
}

/// The pull requests and issues that commits name are told in which release they are, once.
#[test]
fn pull_requests_are_told_once() {
    for dialect in DIALECTS {
        let (world, forge) = world(dialect, "[announce]\ncomment = true\n");
        world.change("fix(base): a leak (#12)\n\nFixes #3", "base/src/leak.rs", "// Mended.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        release(&world, &forge, "-x --no-confirm -p base").ends_well();
        let mut told: Vec<u64> = forge.comments().into_iter().map(|(number, _)| number).collect();
        told.sort_unstable();
        assert_eq!(told, [3, 12], "{dialect:?}");
        assert!(forge.comments()[0].1.starts_with("Released in [base-v0.1.0]("));
        release(&world, &forge, "announce base-v0.1.0 -x").ends_well();
        assert_eq!(forge.comments().len(), 2);
    }
}

/// Killed anywhere in a release that announces, and resumed: every tag has one release with its text and its file.
#[test]
fn killed_anywhere_and_resumed() {
    let template = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
    for at in 1.. {
        let world = template.twin();
        let forge = Forge::over(world.path("remote.git"), Dialect::Github);
        let config = format!("verify = false\n{}[announce]\nassets = [\"base/Cargo.toml\"]\n", forge.config());
        std::fs::write(world.path("forge.toml"), config).unwrap();
        let arguments = format!("-x --no-confirm -c {}", world.path("forge.toml").display());
        let (token, place) = ((forge.variable(), TOKEN), at.to_string());
        let run = world.release_with(&arguments, &[token, ("CARGO_RELEASE_FAILPOINT", &place)]);
        if run.code.is_some() {
            run.ends_well();
            assert!(at > 10, "it was hardly killed: {at}");
            return;
        }
        if world.release_with("resume --no-confirm", &[token]).code == Some(2) {
            world.release_with(&arguments, &[token]).ends_well();
        }
        let releases = forge.releases();
        assert_eq!((releases.len(), forge.assets("base-v0.1.0").len()), (1, 1), "killed at {at}");
        assert_eq!(releases[0]["draft"], false, "killed at {at}");
        assert!(!releases[0]["body"].as_str().unwrap().is_empty(), "killed at {at}");
        world.is_at_rest();
    }
}

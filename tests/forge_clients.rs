//! The forge of the tests is driven by clients that others wrote, so that it is what they know as GitHub and GitLab.
//!
//! Needs a Python with PyGithub and python-gitlab, which the variable `FORGE_PYTHON` names:
//! `cargo test --features e2e --test forge_clients`. Nothing else is reached than 127.0.0.1.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::path::Path;
use std::process::Command;

use support::Dialect;
use support::Forge;
use support::Member;
use support::TOKEN;
use support::Workspace;
use support::here;

/// A proposal that the program opened is found, retitled, labelled, commented on and closed by them, and the tag of a
/// release that is out gets a release with a file; all of it is there for the program afterwards.
#[test]
fn others_know_it() {
    for (dialect, name) in [(Dialect::Github, "github"), (Dialect::Gitlab, "gitlab")] {
        let world = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
        world.release("-x --no-confirm").ends_well();
        let forge = Forge::over(world.path("remote.git"), dialect);
        world.write("release.toml", &format!("verify = false\n{}", forge.config())).commit("chore: a forge");
        world.change("feat(base): a new way", "base/src/lib.rs", "//! New.\n");
        world.git(&["push", "--quiet", "origin", "main"]);
        let token = [(forge.variable(), TOKEN)];
        world.release_with("pr -x --no-confirm", &token).ends_well().says("Opened pull request #1");

        let python = std::env::var_os("FORGE_PYTHON").expect("FORGE_PYTHON names a Python");
        let mut client = Command::new(Path::new(&python));
        client.arg(here("tests/forge/clients.py")).args([name, forge.address(), TOKEN, "release/main", "base-v0.1.0"]);
        let output = client.output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));

        let pull = &forge.pulls()[0];
        assert_eq!(
            (pull["title"].as_str(), pull["state"].as_str()),
            (Some("A better title"), Some("closed")),
            "{name}"
        );
        assert_eq!((pull["labels"][0].as_str(), forge.pulls().len()), (Some("seen"), 1), "{name}");
        assert_eq!(forge.comments(), [(1, "Looks good.".to_owned())], "{name}");
        assert_eq!(forge.assets("base-v0.1.0").len(), 1, "{name}");
        world.release_with("announce base-v0.1.0 -x", &token).ends_well();
        assert_eq!((forge.releases().len(), forge.releases()[0]["body"].as_str()), (1, Some("What is new.")), "{name}");
        world.release_with("pr -x --no-confirm", &token).ends_well().says("pull request #2");
    }
}

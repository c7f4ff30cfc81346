//! A workspace is released to Kellnr, a registry that others wrote and run.
//!
//! These stories need Kellnr on the machine, so that they are behind the feature `e2e`:
//! `cargo test --features e2e --test kellnr`. Nothing else is reached than 127.0.0.1.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests build the world that is released")]

mod e2e;
mod support;

use e2e::kellnr::Door;
use e2e::kellnr::Kellnr;
use e2e::kellnr::TOKEN;
use e2e::orchard::Orchard;

/// Six crates, then four of them after a breaking change and a fix, then one as a pre-release: each time what is live
/// is what was verified, from the tagged commit, and nothing is left to do.
#[test]
fn three_releases() {
    let kellnr = Kellnr::start(Door::Open);
    let orchard = Orchard::plant(&kellnr.index(), TOKEN);

    let first = orchard.release(&[]);
    assert_eq!(first.names(), ["seed 0.1.0", "root 0.1.0", "stem 0.2.0", "leaf 1.0.0", "fruit 1.0.0", "orchard 0.1.0"]);
    assert_nothing_to_do(&orchard);

    orchard.change(
        "stem",
        "feat(stem)!: bend in the wind\n\nBREAKING CHANGE: it bends",
        "/// Bends.\npub fn bend() {}",
    );
    orchard.change("seed", "fix(seed): sprout", "/// Sprouts.\npub fn sprout() {}");
    let second = orchard.release(&[]);
    assert_eq!(second.names(), ["seed 0.1.1", "stem 0.3.0", "leaf 1.0.1", "fruit 1.0.1"]);
    assert_nothing_to_do(&orchard);

    orchard.change("fruit", "feat(fruit): be sweet", "/// Tastes.\npub fn taste() {}");
    let third = orchard.release(&["fruit@rc"]);
    assert_eq!(third.names(), ["fruit 1.0.2-rc.1"]);
    assert_nothing_to_do(&orchard);

    assert_eq!(orchard.tags().len(), 6 + 4 + 1);
    for (what, released) in [("six crates", first), ("four of them", second), ("one pre-release", third)] {
        println!("{what}: {} ms", released.milliseconds);
    }
}

/// Behind a closed door the program cannot look by itself: cargo, which has the token, looks for it.
#[test]
fn behind_a_closed_door() {
    let kellnr = Kellnr::start(Door::Closed);
    let orchard = Orchard::plant(&kellnr.index(), TOKEN).behind_a_closed_door();
    assert_eq!(orchard.release(&[]).names().len(), 6);
    assert_nothing_to_do(&orchard);
    orchard.change("leaf", "fix(leaf): turn to the sun", "/// Turns.\npub fn turn() {}");
    assert_eq!(orchard.release(&[]).names(), ["leaf 1.0.1"]);
    assert_nothing_to_do(&orchard);
}

/// Whoever has no token for a closed door is told so before anything is done.
#[test]
fn without_a_token() {
    let kellnr = Kellnr::start(Door::Closed);
    let mut orchard = Orchard::plant(&kellnr.index(), TOKEN).behind_a_closed_door();
    orchard.world.unset("CARGO_REGISTRIES_MARKET_TOKEN");
    let (plan, code) = orchard.plan(&[]);
    let findings = plan["findings"].as_array().expect("findings");
    assert_eq!(code, Some(1));
    assert!(findings.iter().any(|finding| finding["code"] == "registry-unknown"), "{findings:?}");
    assert!(orchard.tags().is_empty());
}

/// What comes after a release: owners, whom Kellnr refuses in its own words where it does not know them, a yank and its end,
/// and an audit that sees both.
#[test]
fn after_a_release() {
    let kellnr = Kellnr::start(Door::Open);
    let orchard = Orchard::plant(&kellnr.index(), TOKEN);
    orchard.release(&[]);
    let says = |arguments: &str, code: i32| {
        let said = orchard.run(&arguments.split(' ').collect::<Vec<_>>());
        let all = format!("{}{}", said.stdout, said.stderr);
        assert_eq!(said.code, Some(code), "{arguments}: {all}");
        all
    };
    assert!(says("owner list", 0).contains("admin"));
    assert!(says("owner --add nobody -p seed -x --no-confirm", 4).contains("User not found: nobody"));
    assert!(says("yank seed@0.1.0 -x --no-confirm", 0).contains("Yanked seed 0.1.0 on market"));
    assert!(says("yank seed@0.1.0 -x --no-confirm", 0).contains("Already done"));
    assert!(says("audit -p seed", 1).contains("audit-yanked"));
    assert!(says("yank seed@0.1.0 --undo -x --no-confirm", 0).contains("Unyanked seed 0.1.0 on market"));
    assert!(says("audit", 0).contains("no problems found"));
}

/// A release on top of a release has nothing to do, says so, and that is no failure.
fn assert_nothing_to_do(orchard: &Orchard) {
    let (plan, code) = orchard.plan(&[]);
    assert_eq!((plan["packages"].as_array().map(Vec::len), code), (Some(0), Some(0)), "{plan:#}");
    let said = orchard.run(&["--execute", "--no-confirm"]).well();
    assert!(said.to_lowercase().contains("nothing to release"), "{said}");
}

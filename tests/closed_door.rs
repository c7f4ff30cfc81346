//! Releases to a registry whose index wants a token, which is never read here: cargo looks into it.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests build the world that is released")]

#[path = "e2e/orchard.rs"]
mod orchard;
#[path = "e2e/sealed.rs"]
mod sealed;
mod support;
#[path = "e2e/witness.rs"]
mod witness;

use cargo_release::testing::registry::BoxedRegistry;
use cargo_release::testing::registry::Settings;
use orchard::Orchard;
use tempfile::TempDir;

const TOKEN: &str = "open-sesame";

/// A registry in the box that shows nothing without the token, and an orchard that has it.
fn closed() -> (TempDir, BoxedRegistry, Orchard) {
    let dir = tempfile::tempdir().expect("a directory");
    let settings = Settings { token: Some(TOKEN.into()), auth_required: true, ..Settings::default() };
    let registry = BoxedRegistry::start_with(dir.path(), settings).expect("a registry");
    let orchard = Orchard::plant(&registry.index_url(), TOKEN).behind_a_closed_door();
    (dir, registry, orchard)
}

/// What is listed is known, so that one release follows another, and the second one finds the first.
#[test]
fn release_follows_release() {
    let (_dir, registry, orchard) = closed();
    assert_eq!(orchard.release(&[]).names().len(), 6);
    orchard.change("leaf", "fix(leaf): turn to the sun", "/// Turns.\npub fn turn() {}");
    let second = orchard.release(&[]);
    assert_eq!(second.names(), ["leaf 1.0.1"]);
    println!("one crate: {} ms", second.milliseconds);
    assert_eq!(orchard.plan(&[]).0["packages"].as_array().map(Vec::len), Some(0));
    assert_eq!((registry.published().len(), orchard.tags().len()), (7, 7));
}

/// A version that somebody else has published is seen before anything is done, a yanked one too.
#[test]
fn taken_versions_are_seen() {
    let (_dir, _registry, orchard) = closed();
    let publish = ["publish", "--no-verify", "-p", "seed"];
    orchard.world.run(env!("CARGO"), "orchard", &publish).well();
    orchard.world.run(env!("CARGO"), "orchard", &["yank", "--registry", "market", "seed@0.1.0"]).well();
    let (plan, code) = orchard.plan(&["seed@0.1.0"]);
    assert!(code == Some(1) && codes(&plan).contains(&"version-exists".to_owned()), "{plan:#}");
}

/// Whoever has no token, or a wrong one, is told so before anything is done: unknown is not absent.
#[test]
fn without_the_token_nothing_is_known() {
    let (_dir, _registry, mut orchard) = closed();
    for token in [None, Some("open-barley")] {
        match token {
            Some(wrong) => orchard.world.set("CARGO_REGISTRIES_MARKET_TOKEN", wrong),
            None => orchard.world.unset("CARGO_REGISTRIES_MARKET_TOKEN"),
        }
        let (plan, code) = orchard.plan(&[]);
        assert_eq!((codes(&plan), code), (vec!["registry-unknown".to_owned()], Some(1)));
        let help = plan["findings"][0]["help"].as_str().expect("help");
        assert!(help.contains("cargo login --registry market"), "{help}");
    }
    assert!(orchard.tags().is_empty());
}

/// The codes of a plan's findings.
fn codes(plan: &serde_json::Value) -> Vec<String> {
    let findings = plan["findings"].as_array().expect("findings");
    findings.iter().map(|finding| finding["code"].as_str().expect("a code").to_owned()).collect()
}

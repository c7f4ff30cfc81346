//! Entries that name who brought a change: `[changelog] links`.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use support::Dialect;
use support::Forge;
use support::Member;
use support::TOKEN;
use support::Workspace;
use support::World;

/// A package that is released, a forge, and a pull request by somebody new that is merged since.
fn world(dialect: Dialect, links: &str) -> (World, Forge, String) {
    let world = Workspace::of([Member::new("base")]).configured("verify = false\n").made();
    world.release("-x --no-confirm").ends_well();
    let forge = Forge::over(world.path("remote.git"), dialect);
    let config = format!("verify = false\n[changelog]\nlinks = {links:?}\n{}", forge.config());
    world.write("release.toml", &config).commit("chore: a forge");
    world.git(&["switch", "--quiet", "--create", "tap"]);
    world.write("base/src/lib.rs", "//! A tap.\n");
    world.git(&["add", "--all"]);
    world.git(&["commit", "--quiet", "--author=Bob <bob@example.com>", "--message=feat(base): a tap\n\nCloses #3"]);
    let commit = world.git(&["rev-parse", "HEAD"]);
    world.git(&["switch", "--quiet", "main"]);
    world.git(&["merge", "--quiet", "--no-ff", "--message=Merge pull request #12 from bob/tap", "tap"]);
    (world, forge, commit)
}

/// What is drafted, which leaves the changelog as it was.
fn draft(world: &World, forge: &Forge, arguments: &str) -> String {
    let run = world.release_with(&format!("changelog draft {arguments}"), &[(forge.variable(), TOKEN)]).ends_well();
    world.git(&["checkout", "--quiet", "--", "base"]);
    run.stdout.replace(forge.address(), "URL")
}

/// Offline, the merge gives the number, the trailer the issue, and the commit the author, who is new; by default nothing does.
#[test]
fn commits_say_who_brought_them() {
    let (world, forge, _) = world(Dialect::Github, "offline");
    let said = draft(&world, &forge, "");
    let line = "- a tap ([#12](URL/acme/tea/pull/12)), closes [#3](URL/acme/tea/issues/3), by Bob";
    assert!(said.contains(line), "{said}");
    assert!(said.contains("- Bob made their first contribution in [#12](URL/acme/tea/pull/12)"), "{said}");
    assert!(forge.asked().is_empty(), "no forge is asked");
    world.release("changelog draft").ends_well();
    let entry = world.read("base/CHANGELOG.md");
    assert!(entry.contains("by Bob") && entry.matches("first contribution").count() == 1, "{entry}");
    world.release("changelog draft").ends_well();
    assert_eq!(world.read("base/CHANGELOG.md"), entry, "told once");
    let config = world.read("release.toml").replace("offline", "off");
    world.git(&["checkout", "--quiet", "--", "base"]);
    world.write("release.toml", &config);
    assert!(draft(&world, &forge, "").contains("+- a tap\n"), "only the change");
}

/// Each forge knows the pull request and its author; a commit that it does not have is named as offline.
#[test]
fn forges_know_who_brought_them() {
    for (dialect, place) in
        [(Dialect::Github, "pull/7"), (Dialect::Gitlab, "-/merge_requests/7"), (Dialect::Forgejo, "pulls/7")]
    {
        let (world, forge, commit) = world(dialect, "forge");
        assert!(draft(&world, &forge, "").contains("by Bob"), "{dialect:?}");
        forge.brought(&commit, 7, "bobby");
        let said = draft(&world, &forge, "");
        assert!(said.contains(&format!("URL/acme/tea/{place})), closes")), "{said}");
        assert!(said.contains("by [@bobby](URL/bobby)"), "{said}");
        assert!(said.contains("- [@bobby](URL/bobby) made their first contribution in"), "{said}");
        let run = world.release("plan --offline --changelog").ends_well();
        assert!(run.stdout.contains("by Bob"), "{dialect:?}: {}", run.stdout);
    }
}

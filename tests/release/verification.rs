//! How packages are verified: in how many calls of cargo, and what is not done again.

use std::path::Path;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

/// Four packages, each needing the one before it, every other one built with a feature that all have.
fn in_turns() -> Workspace {
    let member = |name, needs: &[&'static str]| Member::new(name).needs(needs).with("\n[features]\nextra = []\n");
    let members =
        [member("base", &[]), member("left", &["base"]), member("right", &["left"]), member("roof", &["right"])];
    let extra = "enable-features = [\"extra\"]\n";
    Workspace::of(members).file("left/release.toml", extra).file("roof/release.toml", extra)
}

/// The verifications of the plan: `base+left` where they are packed and built, `base+left packed`, with their features.
fn verifications(world: &World) -> Vec<String> {
    let plan = world.release("plan --format json").ends_well().json();
    let steps = plan["steps"].as_array().unwrap().iter().filter(|step| step["kind"] == "verify");
    let told = steps.map(|step| {
        let names = step["packages"].as_array().unwrap().iter().map(|packed| packed["name"].as_str().unwrap());
        let names = names.collect::<Vec<_>>().join("+");
        let features =
            step["features"].as_array().unwrap().iter().map(|feature| format!(" {}", feature.as_str().unwrap()));
        let packed = if step["compile"] == true { "" } else { " packed" };
        format!("{names}{packed}{}", features.collect::<String>())
    });
    told.collect()
}

/// The names of the directories in a directory, sorted.
fn directories(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Packages whose builds differ and that need each other in turns are packed in one call and built in one a build. What
/// is uploaded, from what is live by then, is the same, byte for byte. Of the user's configuration, which may hold a token,
/// nothing stays in the home that cargo has meanwhile.
#[test]
fn builds_that_take_turns_are_packed_at_once() {
    let world = in_turns().made();
    assert_eq!(verifications(&world), ["base+left+right+roof packed", "base+right", "left+roof extra"]);
    std::fs::write(world.path("home/cargo/config.toml"), "[term]\nverbose = false\n").unwrap();
    let run = world.release("-x --no-confirm --until verify").ends_well();
    run.says("     Packing 4 packages\n      Packed base 0.1.0 (")
        .says("   Verifying 2 packages\n    Verified base 0.1.0 (");
    let home = world.checkout().join(".git/cargo-release/root/overlay");
    assert_eq!((home.join("registry").exists(), home.join("config.toml").exists()), (true, false));
    world.release("resume --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box", "right 0.1.0 in box", "roof 0.1.0 in box"]);
}

/// What a check has built is not built again, neither by the release after it nor when that is resumed.
#[test]
fn builds_that_take_turns_are_built_once() {
    let world = in_turns().made();
    world.release("check").ends_well();
    let known = "built before from the same sources by the same toolchain";
    let run = world.release("-x --no-confirm --until stage").ends_well();
    assert!(!run.stderr.contains(known));
    let run = world.release("resume --no-confirm --format json").ends_well();
    assert_eq!(run.stdout.matches(known).count(), 2, "{}", run.stdout);
    assert!(!run.stdout.contains("Verifying "), "{}", run.stdout);
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box", "right 0.1.0 in box", "roof 0.1.0 in box"]);
}

/// An archive that is not there any more is packed again, also where what is in it was built before.
#[test]
fn a_lost_archive_is_packed_again() {
    let world = Workspace::of([Member::new("base")]).made();
    world.release("-x --no-confirm --until verify").ends_well();
    let kept = world.checkout().join(".git/cargo-release/root/archives/box");
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 1);
    std::fs::remove_dir_all(&kept).unwrap();
    world.release("resume --no-confirm --until tag").ends_well();
    assert_eq!(std::fs::read_dir(&kept).unwrap().count(), 1);
    world.release("resume --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box"]);
}

/// Features that the workspace turns on are turned on by one call for those that have them.
#[test]
fn features_of_some_take_one_call() {
    let left = Member::new("left").needs(&["base"]).with("\n[features]\nextra = []\n");
    let world = Workspace::of([Member::new("base"), left, Member::new("right").needs(&["left"])])
        .configured("enable-features = [\"extra\"]\n")
        .file("left/src/lib.rs", "#[cfg(feature = \"extra\")]\nconst WRONG: u8 = 256;\n")
        .made();
    assert_eq!(verifications(&world), ["base+left+right extra"]);
    world.release("check").ends(1).says("literal out of range for `u8`");
    world.change("fix(left): a smaller one", "left/src/lib.rs", "//! Left.\n");
    world.release("-x --no-confirm").ends_well();
    world.has_released(&["base 0.1.0 in box", "left 0.1.0 in box", "right 0.1.0 in box"]);
}

/// A package whose dev-dependency is served by what is live is packed when no more than that is live, beside builds that
/// take turns; the user's home and what the user has built are as they were.
#[test]
fn a_circle_and_builds_that_take_turns() {
    let world = in_turns().made();
    world.release("-x --no-confirm").ends_well();
    let circle = world.read("base/Cargo.toml")
        + "\n[dev-dependencies]\nroof = { version = \"0.1.0\", path = \"../roof\", registry = \"box\" }\n";
    world.change("test(base): the whole", "base/Cargo.toml", &circle);
    world.cargo(&["update", "--workspace", "--offline", "--quiet"]);
    for name in ["base", "left", "right", "roof"] {
        world.change(&format!("fix({name}): say more"), &format!("{name}/src/lib.rs"), "//! More.\n");
    }
    assert_eq!(verifications(&world), ["base", "left extra", "right", "roof extra"]);
    let sources = world.path("home/cargo/registry/src");
    let before = directories(&sources);
    world.release("-x --no-confirm").ends_well();
    let live =
        ["base", "left", "right", "roof"].iter().flat_map(|name| [format!("{name} 0.1.0"), format!("{name} 0.1.1")]);
    assert_eq!(world.published("box"), live.collect::<Vec<_>>());
    world.is_at_rest().is_on_the_remote();
    assert_eq!(directories(&sources), before, "sources in the user's home");
}

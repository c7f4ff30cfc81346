//! Two releases of one checkout, and uploads that outlive the release that began them.

use std::process::Stdio;
use std::time::Duration;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

fn one() -> World {
    Workspace::of([Member::new("base")]).configured("verify = false\n").made()
}

/// A release that was begun, and runs.
fn begun(world: &World) -> std::process::Child {
    let mut command = world.command(env!("CARGO_BIN_EXE_cargo-release"), &world.checkout());
    command.args(["release", "-x", "--no-confirm"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn until(done: impl Fn() -> bool) {
    while !done() {
        std::thread::yield_now();
    }
}

/// A second release, resuming and ending it are refused while the first one runs, and the first one comes to its end.
#[test]
fn second_release_leaves_the_first_alone() {
    let world = one();
    world.goes_wrong(Faults::none().with(Fault::NeverShown));
    let mut first = begun(&world);
    until(|| world.uploads("box") == 1);
    for arguments in ["-x --no-confirm", "resume --no-confirm", "abort"] {
        world.release(arguments).ends(3).says("another release is running here");
    }
    world.registry("box").reveal();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    world.has_released(&["base 0.1.0 in box"]);
    assert_eq!(world.uploads("box"), 1);
}

/// A release is killed while cargo uploads for it: who resumes waits until that upload has ended, and sends nothing again.
#[test]
fn upload_that_outlives_its_release_is_waited_for() {
    let world = one();
    world.goes_wrong(Faults::none().with(Fault::SlowUpload(Duration::from_secs(4))));
    let mut first = begun(&world);
    until(|| world.uploads("box") == 1);
    first.kill().unwrap();
    first.wait().unwrap();
    world
        .release("resume --no-confirm")
        .ends_well()
        .says("an upload that is still running after its release was killed");
    world.has_released(&["base 0.1.0 in box"]);
    assert_eq!(world.uploads("box"), 1);
}

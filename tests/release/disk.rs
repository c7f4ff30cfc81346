//! Disks that are full or may not be written: in the journal, in the stage, and in the target directory. Each run has
//! file systems of its own, which are gone with it.

use crate::support::Member;
use crate::support::Run;
use crate::support::Workspace;
use crate::support::World;

const FULL: &str = "the disk is full (ENOSPC)";
const READ_ONLY: &str = "the file system is read-only";

/// A workspace with a file that is larger than the disks here. It does not shrink when it is packed or committed.
fn heavy() -> World {
    let world = Workspace::of([Member::new("base")]).made();
    let noise: Vec<u8> =
        (0u32..300_000).flat_map(|at| at.wrapping_mul(0x9E37_79B9).rotate_left(at).to_le_bytes()).collect();
    std::fs::write(world.checkout().join("base/noise.bin"), noise).unwrap();
    world.commit("feat(base): make noise");
    world.git(&["push", "--quiet", "origin", "main"]);
    world
}

/// Runs it where `mounts` were made; none where this machine lets nobody make any.
fn release_on(world: &World, mounts: &str, arguments: &str) -> Option<Run> {
    let inside = ["--user", "--map-root-user", "--mount", "sh", "-ec"];
    let may = world.command("unshare", &world.checkout()).args(inside).arg("mount -t tmpfs tmpfs /tmp").output();
    if !may.is_ok_and(|output| output.status.success()) {
        // Some systems keep it from everybody but root.
        return None;
    }
    let program = env!("CARGO_BIN_EXE_cargo-release");
    let mut command = world.command("unshare", &world.checkout());
    command.args(inside).arg(format!("{mounts}\nexec {program} release {arguments}"));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some(Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) })
}

/// Wherever the disk is full, that is what the failure says, nothing is changed, and the release is made once there is room.
#[test]
fn full_disks_are_called_so() {
    let table = [
        ("the journal", ".git/cargo-release", "4k"),
        ("the stage", ".git/cargo-release", "700k"),
        ("the target directory", "../target", "700k"),
    ];
    for (what, place, size) in table {
        let world = heavy();
        let before = world.state();
        let place = world.checkout().join(place).display().to_string();
        let mounts = format!("mkdir -p {place}; mount -t tmpfs -o size={size} tmpfs {place}");
        let Some(run) = release_on(&world, &mounts, "-x --no-confirm") else { return };
        assert_eq!(run.code, Some(4), "{what}\n{}", run.stderr);
        run.says(FULL);
        assert_eq!(world.state(), before, "{what}");
        world.release("-x --no-confirm").ends_well();
        world.has_released(&["base 0.1.0 in box"]);
    }
}

/// A checkout that may not be written is planned, and released from nowhere: that is what the failure says.
#[test]
fn read_only_disks_are_called_so() {
    let world = Workspace::of([Member::new("base")]).made();
    let before = world.state();
    let checkout = world.checkout().display().to_string();
    let mounts = format!("mount --bind {checkout} {checkout}\nmount -o remount,ro,bind {checkout}\ncd {checkout}");
    let Some(plan) = release_on(&world, &mounts, "plan") else { return };
    plan.ends_well();
    let run = release_on(&world, &mounts, "-x --no-confirm").unwrap();
    run.ends(4).says(READ_ONLY);
    assert_eq!(world.state(), before);
}

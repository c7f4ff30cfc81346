//! Connections that break at a byte. The table was written by hand, before the code: what is asked for, how its connection
//! breaks and how often, and what becomes of the release.

use std::io::Read as _;
use std::io::Write as _;

use cargo_release::testing::names::Digest;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::support::Asked;
use crate::support::Break;
use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

const ALWAYS: usize = usize::MAX;
/// How a release ended: its exit status, whether the version is live, and how many uploads the registry heard of.
type End = (i32, bool, usize);

/// One row: what breaks, how, how often, and the end.
type Row = (Asked, &'static [Break], usize, End);

/// From the beginning on.
const WHILE_PLANNING: &[Row] = &[
    // Once is a moment later: the question is asked again.
    (
        Asked::Config,
        &[Break::Reset, Break::AnswerLost, Break::HeadCut, Break::BodyCut, Break::NotHttp],
        1,
        (0, true, 1),
    ),
    (
        Asked::IndexFile,
        &[Break::Reset, Break::AnswerLost, Break::HeadCut, Break::BodyCut, Break::NotHttp],
        1,
        (0, true, 1),
    ),
    (Asked::IndexFile, &[Break::Late], 1, (0, true, 1)),
    // What answers something else, or never, is no registry without the crate: nothing is begun.
    (Asked::Config, &[Break::Portal], 1, (1, false, 0)),
    (Asked::IndexFile, &[Break::Portal], 1, (1, false, 0)),
    (Asked::Config, &[Break::Reset, Break::BodyCut, Break::Portal], ALWAYS, (1, false, 0)),
    (Asked::IndexFile, &[Break::Reset, Break::HeadCut, Break::BodyCut, Break::Portal], ALWAYS, (1, false, 0)),
    // It is not asked for a version that the index does not have.
    (Asked::Version, &[Break::Reset, Break::Portal], ALWAYS, (0, true, 1)),
];

/// From the moment on at which everything is ready to be uploaded.
const WHILE_UPLOADING: &[Row] = &[
    // What did not arrive is sent again; what did is found, and not sent twice.
    (Asked::Upload, &[Break::Reset, Break::HalfSent, Break::Portal], 1, (0, true, 1)),
    (Asked::Upload, &[Break::AnswerLost, Break::HeadCut, Break::BodyCut, Break::Late, Break::NotHttp], 1, (0, true, 1)),
    (Asked::Upload, &[Break::AnswerLost, Break::BodyCut], ALWAYS, (0, true, 1)),
    // What never arrives stays unknown until the time for trying is over.
    (Asked::Upload, &[Break::Reset, Break::HalfSent, Break::Portal], ALWAYS, (3, false, 0)),
    // An index that breaks is asked again; while it does not answer, nothing is uploaded.
    (
        Asked::Config,
        &[Break::Reset, Break::AnswerLost, Break::HeadCut, Break::BodyCut, Break::NotHttp],
        1,
        (0, true, 1),
    ),
    (
        Asked::IndexFile,
        &[Break::Reset, Break::AnswerLost, Break::HeadCut, Break::BodyCut, Break::NotHttp],
        1,
        (0, true, 1),
    ),
    (Asked::IndexFile, &[Break::Portal], 1, (0, true, 1)),
    (Asked::Config, &[Break::Reset, Break::Portal], ALWAYS, (3, false, 0)),
    (Asked::IndexFile, &[Break::Reset], ALWAYS, (3, false, 0)),
    // Cargo takes these for an empty file and uploads, as the registry lets it; then nobody sees the version.
    (Asked::IndexFile, &[Break::HeadCut, Break::Portal], ALWAYS, (3, true, 1)),
    // Where the API does not tell of an upload, the index does.
    (
        Asked::Version,
        &[Break::Reset, Break::AnswerLost, Break::HeadCut, Break::BodyCut, Break::NotHttp, Break::Portal],
        ALWAYS,
        (0, true, 1),
    ),
];

fn one() -> World {
    let config = "verify = false\n[publish]\nretry = 2\n[confirm]\ntimeout = 5\n";
    Workspace::of([Member::new("base")]).configured(config).made()
}

/// Plays rows, the breaks of one side by side.
fn play(rows: &[Row], of: Asked, is_begun: bool) {
    for (asked, breaks, times, end) in rows.iter().filter(|(asked, ..)| *asked == of) {
        std::thread::scope(|all| {
            let play = |how: &Break| {
                let how = *how;
                all.spawn(move || play_one((*asked, how, *times), *end, is_begun))
            };
            let played: Vec<_> = breaks.iter().map(play).collect();
            played.into_iter().for_each(|played| played.join().unwrap());
        });
    }
}

/// One break in a world of its own; whatever came of it, the same release ends well once nothing breaks any more.
fn play_one((asked, how, times): (Asked, Break, usize), end: End, is_begun: bool) {
    let world = one();
    let proxy = world.proxy();
    let go_on = if is_begun { "resume --no-confirm" } else { "-x --no-confirm" };
    if is_begun {
        world.release("-x --no-confirm --until reserve").ends_well();
    }
    proxy.breaks(asked, how, times);
    let run = world.release(go_on);
    let seen = (run.code.unwrap(), !world.published("box").is_empty(), world.uploads("box"));
    let row = format!("{asked:?} {how:?} {times} times");
    assert_eq!(seen, end, "{row}\n{}\n{}", run.stdout, run.stderr);
    assert!(proxy.broken() > 0, "{row}: nothing was broken");
    assert_eq!(world.release("status").code, Some(if end.0 == 3 { 3 } else { 0 }), "{row}");
    proxy.heals();
    if end.0 != 0 {
        world.release(go_on).ends_well();
    }
    world.has_released(&["base 0.1.0 in box"]);
    assert_eq!(world.uploads("box"), 1, "{row}");
}

/// `config.json` of the index.
#[test]
fn index_config() {
    play(WHILE_PLANNING, Asked::Config, false);
    play(WHILE_UPLOADING, Asked::Config, true);
}

/// The file of the crate, while it is planned.
#[test]
fn index_file_while_planning() {
    play(WHILE_PLANNING, Asked::IndexFile, false);
}

/// The file of the crate, while it is uploaded.
#[test]
fn index_file_while_uploading() {
    play(WHILE_UPLOADING, Asked::IndexFile, true);
}

/// The web API, asked for the version.
#[test]
fn version() {
    play(WHILE_PLANNING, Asked::Version, false);
    play(WHILE_UPLOADING, Asked::Version, true);
}

/// The upload.
#[test]
fn upload() {
    play(WHILE_UPLOADING, Asked::Upload, true);
}

/// An archive that is ours and was packed by another cargo is known by its content: where that cannot be read, nobody says
/// that it is somebody else's.
#[test]
fn archive_that_only_its_content_tells() {
    let rows = [
        (Break::Reset, 1, 0),
        (Break::BodyCut, 1, 0),
        (Break::Reset, ALWAYS, 3),
        (Break::HeadCut, ALWAYS, 3),
        (Break::BodyCut, ALWAYS, 3),
        (Break::Portal, ALWAYS, 3),
    ];
    std::thread::scope(|all| {
        for (how, times, end) in rows {
            all.spawn(move || play_packed_again(how, times, end));
        }
    });
}

fn play_packed_again(how: Break, times: usize, end: i32) {
    let world = one();
    let proxy = world.proxy();
    world.release("-x --no-confirm --until reserve").ends_well();
    let archive =
        std::fs::read(world.checkout().join(".git/cargo-release/root/archives/box/base-0.1.0.crate")).unwrap();
    let repacked = packed_again(&archive);
    let checksum = Digest::of(&repacked);
    let line = format!(
        "{{\"name\":\"base\",\"vers\":\"0.1.0\",\"deps\":[],\"cksum\":\"{checksum}\",\"features\":{{}},\"yanked\":false}}"
    );
    world.registry("box").stock(&line, &repacked).unwrap();
    proxy.breaks(Asked::Download, how, times);
    let run = world.release("resume --no-confirm").ends(end);
    assert!(proxy.broken() > 0 && !run.stderr.contains("is not what was verified"), "{how:?}\n{}", run.stderr);
    proxy.heals();
    if end != 0 {
        world.release("resume --no-confirm").ends_well();
    }
    world.is_at_rest().is_on_the_remote();
    assert_eq!(world.uploads("box"), 0, "{how:?}");
}

/// The same files in other bytes.
fn packed_again(archive: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(archive).read_to_end(&mut plain).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    packed.write_all(&plain).unwrap();
    packed.finish().unwrap()
}

/// A release that no tag names is found by its archive; one that cannot be read makes no other plan.
#[test]
fn archive_that_tells_the_last_release() {
    let world = one();
    let proxy = world.proxy();
    world.release("-x --no-confirm").ends_well();
    world.git(&["push", "--quiet", "--delete", "origin", "base-v0.1.0"]);
    world.git(&["tag", "--delete", "base-v0.1.0"]);
    world.change("fix(base): steep longer", "base/src/lib.rs", "//! Longer.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    let plan = world.release("plan --format json").ends_well().json();
    assert_eq!(plan["packages"][0]["from"], "0.1.0");
    for how in [Break::Reset, Break::BodyCut, Break::Portal] {
        proxy.breaks(Asked::Download, how, ALWAYS);
        let refused = world.release("plan").ends(1).says("cannot tell from which commit `base 0.1.0` was published");
        refused.says("--offline");
        proxy.heals();
        if how != Break::Portal {
            proxy.breaks(Asked::Download, how, 1);
            assert_eq!(world.release("plan --format json").ends_well().json()["id"], plan["id"], "{how:?}");
        }
    }
    // What is gone for good, nobody waits for.
    world.release("plan --offline").ends_well();
}

//! What becomes of uploads: accepted, refused, or unknown. The table was written by hand, before the code.

use std::time::Duration;

use cargo_release::testing::registry::Fault;
use cargo_release::testing::registry::Faults;
use cargo_release::testing::registry::Refusal;
use cargo_release::testing::registry::UploadLimit;
use cargo_release::testing::system::clock::Stopwatch;

use crate::support::Member;
use crate::support::Workspace;
use crate::support::World;

const BOTH: [&str; 2] = ["base 0.1.0 in box", "left 0.1.0 in box"];

fn two(config: &str) -> World {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    Workspace::of(members).configured(&format!("verify = false\n{config}")).made()
}

fn refused(status: u16, message: &str) -> Fault {
    Fault::Refuse(Refusal::new(status, message))
}

fn later(seconds: u64) -> Fault {
    Fault::Refuse(Refusal { status: 429, message: "slow down".to_owned(), retry_after: Some(seconds) })
}

/// One row: what the registry does with the first upload of `base`, the exit status, words, and how many uploads it was
/// sent, those of `left` among them.
struct Row {
    fault: Fault,
    ends: i32,
    says: &'static str,
    uploads: usize,
}

fn rows() -> Vec<Row> {
    let row = |fault, ends, says, uploads| Row { fault, ends, says, uploads };
    vec![
        // Lost on the way: looked for, and sent again where it did not arrive.
        row(Fault::DropUnstored, 0, "Uploaded [1/2] base", 3),
        row(Fault::StoreThenDrop, 0, "Uploaded [1/2] base", 2),
        row(refused(503, "Service unavailable"), 0, "Uploaded [1/2] base", 3),
        row(refused(500, "failed to upload crate"), 0, "Uploaded [1/2] base", 3),
        row(Fault::ErrorsWithOk("crates.io is currently in read-only mode".to_owned()), 0, "Uploaded [1/2] base", 3),
        // Refused with a reason: final, at once, in the registry's words, with a help that fits.
        row(refused(403, "authentication failed"), 4, "revoked or expired", 1),
        row(refused(401, "The given API token does not match the format"), 4, "not a token of this registry", 1),
        row(refused(403, "this token does not have the required permissions"), 4, "may publish new crates", 1),
        row(refused(400, "A verified email address is required"), 4, "verify your address", 1),
        row(refused(403, "This account is indefinitely locked. Reason: spam"), 4, "locked the account", 1),
        row(refused(400, "A crate with the name `base` was recently deleted."), 4, "free again", 1),
        row(refused(403, "this crate exists but you don't seem to be an owner."), 4, "cargo owner --add", 1),
        row(Fault::ErrorsWithOk("unknown or invalid license expression".to_owned()), 4, "invalid license", 1),
        // Limited: waited for as long as the registry says.
        row(later(1), 0, "takes no more new crates for now", 3),
        // Limited without a time: nobody waits for a day.
        row(refused(429, "You have published too many versions of this crate in the last 24 hours"), 3, "24 hours", 1),
    ]
}

/// What crates.io says with status 200, as it does where it is not told otherwise, means what it says.
fn rows_with_ok() -> Vec<Row> {
    let row = |said: &str, says| Row { fault: Fault::ErrorsWithOk(said.to_owned()), ends: 4, says, uploads: 1 };
    vec![
        row("authentication failed", "revoked or expired"),
        row("The given API token does not match the format", "not a token of this registry"),
        row("this token does not have the required permissions", "may publish new crates"),
        row("A verified email address is required", "verify your address"),
        row("This account is indefinitely locked. Reason: spam", "locked the account"),
        row("A crate with the name `base` was recently deleted.", "free again"),
        row("this crate exists but you don't seem to be an owner.", "cargo owner --add"),
    ]
}

/// Each answer to an upload has its outcome; and whatever it was, the same release comes to its end afterwards.
#[test]
fn answers_and_outcomes() {
    for Row { fault, ends, says, uploads } in rows().into_iter().chain(rows_with_ok()) {
        let world = two("");
        let what = format!("{fault:?}");
        world.goes_wrong(Faults::none().with(fault.on("base").times(1)));
        let run = world.release("-x --no-confirm");
        assert_eq!((run.code, world.uploads("box")), (Some(ends), uploads), "{what}\n{}", run.stderr);
        run.says(says);
        if ends != 0 {
            world.release("resume --no-confirm").ends_well();
        }
        world.has_released(&BOTH);
    }
}

/// An upload that stays unknown stops within the time for trying, and can be resumed.
#[test]
fn unknown_upload_can_be_resumed() {
    let world = two("[publish]\nretry = 1\n");
    world.goes_wrong(Faults::none().with(refused(502, "bad gateway").on("base")));
    world
        .release("-x --no-confirm")
        .ends(3)
        .says("it is not known whether `box` took base 0.1.0")
        .says("left: base, left");
    world.is_mended().release("resume --no-confirm").ends_well();
    world.has_released(&BOTH);
}

/// What the registry took is never sent again, also where only its index could tell.
#[test]
fn accepted_upload_is_waited_for() {
    let world = two("[confirm]\ntimeout = 1\n");
    world.goes_wrong(Faults::none().with(Fault::NeverShown.on("base")));
    for arguments in ["-x --no-confirm", "resume --no-confirm", "resume --no-confirm"] {
        let run = world.release(arguments).ends(3);
        assert!(!run.stderr.contains("ctrl-c"), "{}", run.stderr);
        assert_eq!(world.uploads("box"), 1, "{arguments}");
    }
    world.release("status").ends(3).says("confirm base: waiting for the index");
    world.is_mended().release("resume --no-confirm").ends_well();
    world.has_released(&BOTH);
    assert_eq!(world.uploads("box"), 2);
}

/// A limit of the registry is learnt from its answers: uploads of new crates are refused at first, then wait for their turn, and none is lost.
#[test]
fn rate_limit_is_learnt() {
    let members = NAMES.map(Member::new);
    let world = Workspace::of(members).configured("verify = false\n").made();
    // Long enough that what is sent at once arrives before one more is taken, on a busy machine too.
    let limit = UploadLimit { of_new_crates: true, at_once: 2, every: Duration::from_secs(8) };
    world.goes_wrong(Faults::none().with(Fault::Limited(limit)));
    let run = world.release("-x --no-confirm").ends_well().says("`box` takes no more new crates for now");
    run.says("(continues at ");
    // All are sent at once at first, then one after the other. Unlearnt, each would be sent at every turn: 16 uploads.
    assert_eq!(world.published("box").len(), 6);
    assert!((6..=11).contains(&world.uploads("box")), "{} uploads", world.uploads("box"));
    world.is_at_rest();
}

/// A release that has a deadline stops before it in good order, and goes on when it is run again.
#[test]
fn deadline_stops_in_good_order() {
    let world = two("[publish]\ndeadline = 12\n");
    world.goes_wrong(Faults::none().with(later(600).on("left")));
    world.release("-x --no-confirm").ends(3).says("stopped at the deadline").says("1 of 2 uploaded; left: left");
    world.release("status").ends(3).says("the registry is rate-limiting until");
    world.is_mended();
    assert_eq!(world.published("box"), ["base 0.1.0"]);
}

/// So many new crates, every third of them without dependencies, and the others each after the one before.
fn many(count: usize, config: &str) -> World {
    let names: Vec<&'static str> = (0..count).map(|at| -> &'static str { format!("leaf{at:03}").leak() }).collect();
    let chained = |at: usize, name: &'static str| match at % 3 {
        0 => Member::new(name),
        _ => Member::new(name).needs(&[names[at - 1]]),
    };
    let members = names.iter().enumerate().map(|(at, name)| chained(at, name));
    Workspace::of(members).configured(&format!("verify = false\n{config}")).made()
}

/// How many times a release packed, by its journal.
fn packings(world: &World, journal: &str) -> usize {
    let journal = world.read(&format!(".git/cargo-release/root/{journal}.jsonl"));
    let begun = |line: &&str| line.contains("\"begun\"") && line.contains("\"verify");
    journal.lines().filter(begun).count()
}

/// A workspace of 129 new crates goes through a limit in one run: nothing is lost, sent without need, or packed twice.
#[test]
fn large_workspace_goes_through_a_limit_in_one_run() {
    let world = many(129, "");
    let limit = UploadLimit { of_new_crates: true, at_once: 40, every: Duration::from_millis(500) };
    world.goes_wrong(Faults::none().with(Fault::Limited(limit)));
    let watch = Stopwatch::start();
    let run = world.release("-x --no-confirm").ends_well().says("`box` takes no more new crates for now");
    let (uploads, live) = (world.uploads("box"), world.published("box").len());
    let (seconds, packed) = (watch.elapsed().as_secs(), packings(&world, "last"));
    eprintln!(
        "{live} of 129 live in {seconds} s: {uploads} uploads, {} of them refused, packed {packed} times",
        uploads - live
    );
    assert_eq!((live, packed), (129, 1), "{}", run.stderr);
    assert!(uploads <= 129 + 30, "{uploads} uploads");
    world.is_at_rest().is_on_the_remote();
}

/// Where a deadline ends the job in the middle of a limit, the next one ends the release; nothing is packed twice.
#[test]
fn deadline_in_a_limit_leaves_the_rest_to_the_next_job() {
    let world = many(24, "[publish]\ndeadline = 15\n");
    let limit = UploadLimit { of_new_crates: true, at_once: 8, every: Duration::from_secs(1) };
    world.goes_wrong(Faults::none().with(Fault::Limited(limit)));
    let first = world.release("-x --no-confirm").ends(3).says("stopped at the deadline");
    first.says("cargo release resume");
    assert_eq!(packings(&world, "journal"), 1);
    let mut runs = 1;
    while world.release("resume --no-confirm").code == Some(3) {
        assert_eq!(packings(&world, "journal"), 1, "packed twice");
        runs += 1;
        assert!(runs < 20, "it does not end");
    }
    assert_eq!(world.published("box").len(), 24);
    assert!(world.uploads("box") <= 24 + 16, "{} uploads", world.uploads("box"));
    world.is_at_rest();
}

const NAMES: [&str; 6] = ["apple", "birch", "cedar", "damson", "elder", "hazel"];

//! The transitions of the executor, over a world in memory: no process runs, and each takes milliseconds.

mod memory;

use self::memory::Comes;
use self::memory::Memory;
use self::memory::Run;
use self::memory::blocks;
use crate::error::Kind;
use crate::plan::StepKind;

/// One package, from the hook to the push.
const ONE: [&str; 7] = [
    "hook it",
    "commit: hook it",
    "land: commit",
    "tag v1: land",
    "publish a: tag v1",
    "confirm a: publish a",
    "push: confirm a",
];

/// Two packages that do not need each other.
const TWO: [&str; 6] = [
    "commit",
    "land: commit",
    "publish a: land",
    "publish b: land",
    "confirm a: publish a",
    "push: confirm a, publish b",
];

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|line| (*line).to_owned()).collect()
}

fn keeps_going() -> Run {
    Run { keeps_going: true, ..Run::default() }
}

// Steps are done in the order of their needs, and at the end nothing is left behind.
#[test]
fn everything_is_done_in_order() {
    let world = Memory::of(&ONE);
    assert_eq!(world.goes().ended.unwrap(), "finished");
    let expected = [
        "created the stage",
        "did hook it",
        "did commit",
        "did land",
        "did tag v1",
        "did publish a",
        "did confirm a",
        "did push",
        "removed the stage",
        "closed",
    ];
    assert_eq!(world.acts(), strings(&expected));
    assert_eq!(world.journal(), None);
}

// The question is asked once, before anything outside the stage is touched.
#[test]
fn the_question_is_asked_once() {
    let ran = Memory::of(&ONE).goes();
    assert_eq!(ran.asked, 1);
}

// A no leaves everything as it was.
#[test]
fn a_no_changes_nothing() {
    let world = Memory::of(&ONE);
    let failure = world.run(Run { says_no: true, ..Run::default() }).failure();
    assert_eq!(failure.kind(), Kind::Blocked);
    assert_eq!(world.acts(), strings(&["created the stage", "did hook it", "did commit", "removed the stage"]));
    assert_eq!(world.journal(), None);
}

// What is found in archives blocks before the question.
#[test]
fn findings_block_before_the_question() {
    let world = Memory::of(&ONE).found(blocks());
    let ran = world.goes();
    assert_eq!(ran.asked, 0);
    assert_eq!(ran.failure().kind(), Kind::Blocked);
    assert_eq!(world.journal(), None);
}

// A plan that was made for another commit is not begun.
#[test]
fn another_base_begins_nothing() {
    let world = Memory::of(&ONE).moved_on();
    assert_eq!(world.goes().failure().kind(), Kind::World);
    assert_eq!((world.acts(), world.journal()), (strings(&["removed the stage"]), None));
}

// A checkout that has moved on stops no release that was begun.
#[test]
fn another_base_stops_no_resume() {
    let world = Memory::of(&ONE).with("push", &[Comes::Fails]);
    drop(world.goes().failure());
    let world = world.moved_on();
    assert_eq!(world.goes().ended.unwrap(), "finished");
}

// A step that fails in the stage leaves nothing behind.
#[test]
fn a_failure_in_the_stage_is_forgotten() {
    let world = Memory::of(&ONE).with("hook it", &[Comes::Fails]);
    assert_eq!(world.goes().failure().what(), "`hook it` failed");
    assert_eq!((world.acts(), world.journal()), (strings(&["created the stage", "removed the stage"]), None));
}

// A step that fails outside keeps the journal open, and says how to go on.
#[test]
fn a_failure_outside_can_be_resumed() {
    let world = Memory::of(&ONE).with("tag v1", &[Comes::Fails]);
    let failure = world.goes().failure();
    assert!(failure.helps().iter().any(|help| help.contains("cargo release resume")), "{failure:?}");
    assert_eq!(world.journal().unwrap(), ["done: hook it", "done: commit", "done: land", "begun: tag v1"]);
}

// What failed once is done when it is resumed, and what was done is not done again.
#[test]
fn a_resumed_release_does_what_is_left() {
    let world = Memory::of(&ONE).with("tag v1", &[Comes::Fails]);
    drop(world.goes().failure());
    world.acts();
    world.undo("hook it");
    let world = world.there("hook it");
    let ran = world.goes();
    assert_eq!(ran.ended.unwrap(), "finished");
    assert_eq!(ran.told[..4], strings(&["3 done before", "already hook it", "already commit", "already land"]));
    assert!(!world.acts().contains(&"did commit".to_owned()));
}

// Who agreed once is not asked again.
#[test]
fn a_resumed_release_does_not_ask_again() {
    let world = Memory::of(&ONE).with("tag v1", &[Comes::Fails]);
    assert_eq!(world.goes().asked, 1);
    assert_eq!(world.goes().asked, 0);
}

// Where the process ended after a step acted, the world says that it is done.
#[test]
fn what_was_lost_is_found_done() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Lost]);
    assert_eq!(world.goes().failure().kind(), Kind::Interrupted);
    assert!(world.journal().unwrap().contains(&"begun: publish a".to_owned()));
    world.acts();
    let ran = world.goes();
    assert_eq!(ran.ended.unwrap(), "finished");
    assert!(ran.told.contains(&"already publish a".to_owned()), "{:?}", ran.told);
    assert!(!world.acts().contains(&"did publish a".to_owned()), "it is uploaded once");
}

// What is there before the release began is found done, not done again.
#[test]
fn what_is_there_is_not_done_again() {
    let world = Memory::of(&ONE).there("tag v1");
    let ran = world.goes();
    assert_eq!((ran.ended.unwrap(), ran.told), ("finished", strings(&["already tag v1"])));
}

// Somebody else's work in the stage's place is no release of ours.
#[test]
fn a_conflict_before_landing_is_forgotten() {
    let world = Memory::of(&ONE).theirs("land");
    assert_eq!(world.goes().failure().what(), "somebody else did `land`");
    assert_eq!(world.journal(), None);
}

// Somebody else's tag stops the release, and nothing is published.
#[test]
fn a_conflict_after_landing_stays_open() {
    let world = Memory::of(&ONE).theirs("tag v1");
    assert_eq!(world.goes().failure().kind(), Kind::World);
    assert!(!world.acts().iter().any(|act| act.contains("publish")));
    assert_eq!(world.journal().unwrap(), ["done: hook it", "done: commit", "done: land"]);
}

// A version of somebody else's stops what needs it, and what is beside it has begun already.
#[test]
fn a_conflict_side_by_side_lets_the_others_end() {
    let world = Memory::of(&TWO).theirs("publish b");
    assert_eq!(world.run(keeps_going()).failure().what(), "somebody else did `publish b`");
    let journal = world.journal().unwrap();
    assert!(journal.contains(&"done: confirm a".to_owned()), "{journal:?}");
    assert!(!journal.iter().any(|line| line.contains("publish b") || line.contains("push")), "{journal:?}");
}

// A refusal is recorded, so that nothing waits for an upload that did not happen.
#[test]
fn a_refusal_is_recorded() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Refused]);
    assert_eq!(world.goes().failure().what(), "`publish a` was refused");
    assert_eq!(world.journal().unwrap().last().unwrap(), "refused: publish a");
}

// A refused upload is tried again by a resumed release.
#[test]
fn a_refused_upload_is_tried_again() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Refused]);
    drop(world.goes().failure());
    assert_eq!(world.goes().ended.unwrap(), "finished");
}

// Without keep-going nothing is begun after a refusal; what is on its way ends.
#[test]
fn a_refusal_begins_nothing_more() {
    let world = Memory::of(&TWO)
        .with("publish b", &[Comes::RefusedBeside("publish a")])
        .with("publish a", &[Comes::After("refused publish b")]);
    drop(world.goes().failure());
    let acts = world.acts();
    assert!(acts.contains(&"did publish a".to_owned()) && !acts.contains(&"did confirm a".to_owned()), "{acts:?}");
    let journal = world.journal().unwrap();
    assert_eq!(journal, ["done: commit", "done: land", "done: publish a", "refused: publish b"]);
}

// With keep-going a refusal stops only what needs it.
#[test]
fn keep_going_stops_what_needs_it() {
    let world = Memory::of(&TWO).with("publish b", &[Comes::Refused]);
    assert_eq!(world.run(keeps_going()).failure().what(), "`publish b` was refused");
    let expected = ["done: commit", "done: land", "done: publish a", "refused: publish b", "done: confirm a"];
    assert_eq!(world.journal().unwrap(), expected);
}

// Of two that fail, both are told.
#[test]
fn two_failures_are_both_told() {
    let world = Memory::of(&TWO).with("publish a", &[Comes::Refused]).with("publish b", &[Comes::Refused]);
    let failure = world.run(keeps_going()).failure();
    assert_eq!(failure.what(), "`publish a` was refused");
    assert!(failure.why().iter().any(|why| why.contains("`publish b`")), "{:?}", failure.why());
}

// A failure ends the waits beside it, and it is the failure that is told, not the wait.
#[test]
fn a_failure_ends_the_waits_beside_it() {
    let steps = ["commit", "land: commit", "publish a: land", "publish b: publish a", "confirm a: publish a"];
    let world =
        Memory::of(&steps).with("confirm a", &[Comes::Waits]).with("publish b", &[Comes::RefusedBeside("confirm a")]);
    let failure = world.goes().failure();
    assert_eq!((failure.kind(), failure.what()), (Kind::World, "`publish b` was refused"));
    assert!(failure.why().iter().any(|why| why.contains("`confirm a`")), "{:?}", failure.why());
}

// No more uploads pack at once than there are processors for; one that is sent makes room for the next.
#[test]
fn what_is_sent_lets_the_next_pack() {
    let uploads = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| format!("publish {name}: land"));
    let steps: Vec<&str> = ["commit", "land: commit"].into_iter().chain(uploads.iter().map(String::as_str)).collect();
    let first = ["a", "b", "c", "d", "e", "f", "g"].map(|name| format!("publish {name}"));
    let sent = |world: Memory, upload: &String| world.with(upload, &[Comes::SendsUntil("publish h")]);
    assert_eq!(first.iter().fold(Memory::of(&steps), sent).goes().ended.unwrap(), "finished");
}

// A panic is the failure of one step; what runs beside it is recorded.
#[test]
fn a_panic_is_the_failure_of_one_step() {
    let world = Memory::of(&TWO).with("publish b", &[Comes::Panics]);
    assert_eq!(world.run(keeps_going()).failure().kind(), Kind::Bug);
    let journal = world.journal().unwrap();
    assert!(journal.contains(&"done: confirm a".to_owned()) && journal.contains(&"begun: publish b".to_owned()));
}

// A registry that takes no more is waited for, and the upload is sent again.
#[test]
fn a_limit_is_waited_for() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Limited(30)]);
    let ran = world.goes();
    assert_eq!((ran.ended.unwrap(), ran.told), ("finished", strings(&["publish a waits 30s"])));
    assert_eq!(world.acts()[5..7], strings(&["waited 30s", "did publish a"]));
}

// Each answer that names a time is waited for.
#[test]
fn limits_are_waited_for_one_after_the_other() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Limited(30), Comes::Limited(10)]);
    assert_eq!(world.goes().told, strings(&["publish a waits 30s", "publish a waits 10s"]));
}

// While one upload waits, what does not need it goes on.
#[test]
fn a_limit_holds_up_only_its_upload() {
    let steps = ["commit", "land: commit", "publish a: land", "confirm a: publish a", "publish b: publish a"];
    let world = Memory::of(&steps).with("publish b", &[Comes::Limited(30)]);
    assert_eq!(world.goes().ended.unwrap(), "finished");
    let acts = world.acts();
    let at = |act: &str| acts.iter().position(|known| known == act).unwrap();
    assert!(at("did confirm a") < at("waited 30s") && at("waited 30s") < at("did publish b"), "{acts:?}");
}

// A limit holds across a resume.
#[test]
fn a_limit_is_remembered() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Limited(30)]).interrupted_in_a_wait();
    assert_eq!(world.goes().failure().kind(), Kind::Interrupted);
    assert!(world.journal().unwrap().contains(&"limited: publish a".to_owned()));
    let ran = world.goes();
    assert_eq!(ran.ended.unwrap(), "finished");
    assert!(ran.told.iter().any(|line| line.contains("waits 30s")), "{:?}", ran.told);
}

// It stops after the steps that it was asked to do, and goes on from there.
#[test]
fn until_stops_and_goes_on() {
    let world = Memory::of(&ONE);
    let until = Run { until: Some(StepKind::Tag), ..Run::default() };
    assert_eq!(world.run(until).ended.unwrap(), "stopped");
    assert_eq!(world.journal().unwrap().last().unwrap(), "done: tag v1");
    assert_eq!(world.goes().ended.unwrap(), "finished");
}

// An interrupt in the stage leaves nothing behind.
#[test]
fn an_interrupt_in_the_stage_is_forgotten() {
    let world = Memory::of(&ONE).with("hook it", &[Comes::Interrupted]);
    let failure = world.goes().failure();
    assert_eq!((failure.kind(), failure.helps()), (Kind::Interrupted, strings(&["nothing was changed"]).as_slice()));
    assert_eq!(world.journal(), None);
}

// An interrupt outside keeps the journal, and what was on its way is recorded.
#[test]
fn an_interrupt_outside_can_be_resumed() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Interrupted]);
    assert_eq!(world.goes().failure().kind(), Kind::Interrupted);
    assert_eq!(world.journal().unwrap().last().unwrap(), "done: publish a");
    assert_eq!(world.goes().ended.unwrap(), "finished");
}

// When the deadline comes, nothing more is begun.
#[test]
fn a_deadline_begins_nothing_more() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Late]);
    assert_eq!(world.goes().failure().kind(), Kind::Interrupted);
    assert_eq!(world.journal().unwrap().last().unwrap(), "done: publish a");
}

// A tag that somebody deleted since is not made again without being asked for.
#[test]
fn what_somebody_took_back_is_not_done_again() {
    let world = Memory::of(&ONE).with("publish a", &[Comes::Refused]);
    drop(world.goes().failure());
    world.undo("tag v1");
    let failure = world.goes().failure();
    assert_eq!(failure.what(), "`tag v1` was taken back");
    assert!(failure.helps().iter().any(|help| help.contains("cargo release abort")), "{:?}", failure.helps());
}

// At the end the remote is looked at once more: a branch that was forced back is told, not believed.
#[test]
fn the_remote_is_looked_at_once_more() {
    let steps = ["commit", "land: commit", "reserve: land", "publish a: reserve", "confirm a: publish a"];
    let world = Memory::of(&steps).with("confirm a", &[Comes::Fails]);
    drop(world.goes().failure());
    world.undo("reserve");
    assert_eq!(world.goes().failure().what(), "`reserve` was taken back");
    assert!(world.journal().is_some());
}

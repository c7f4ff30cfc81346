//! The crash matrix: the program is killed at every place in turn, without unwinding. Resumed, it comes to the same end
//! as if nothing had happened; taken back, everything is as it was, or it says why it cannot be.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "stories make the world that they happen in")]

mod support;

use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use support::Member;
use support::State;
use support::Workspace;
use support::World;

/// How many worlds there are at once.
const WORKERS: usize = 3;

/// A release to be killed, and what it comes from and to.
struct Story {
    arguments: &'static str,
    template: World,
    start: State,
    end: State,
}

impl Story {
    /// Lets it happen once, uninterrupted.
    fn of(arguments: &'static str, config: &'static str) -> Self {
        let template = world(config);
        let (world, start) = (template.twin(), template.state());
        world.release(arguments).ends_well();
        Self { arguments, template, start, end: world.state() }
    }

    /// A world in which it was killed at that place; none where it ended before it came there.
    fn killed(&self, at: usize) -> Option<World> {
        killed(self.template.twin(), self.arguments, at)
    }

    /// Resumed, it comes to the end of the uninterrupted release, with every version uploaded once.
    fn is_resumed(&self, at: usize, world: &World) {
        let run = world.release("resume --no-confirm");
        if run.code == Some(2) {
            run.says("no release is in progress here");
            let (now, end) = (world.state(), &self.end);
            assert!(now == self.start || now == *end, "nothing is open, and something is left, at {at}: {now:#?}");
            if now == self.start {
                world.release(self.arguments).ends_well();
            }
        } else {
            run.ends_well();
        }
        assert_eq!(world.state(), self.end, "the end, killed at {at}");
    }

    /// Taken back, all is as it was; or it cannot be, and is left alone.
    fn is_taken_back(&self, at: usize, world: &World) {
        let before = world.state();
        let run = world.release("abort");
        let now = world.state();
        match run.code {
            Some(0) if run.stderr.contains("the release is over") => {
                let why = ["published: base", "accepted by the registry", "its tags may be on the remote"];
                assert!(why.iter().any(|why| run.stderr.contains(why)), "at {at}: {}", run.stderr);
                let refs = |state: &State| (state.refs.clone(), state.remote.clone(), state.head.clone());
                assert_eq!(refs(&now), refs(&before), "nothing is changed, at {at}");
                assert_eq!((now.worktrees, now.room.len()), (0, 0), "nothing is left, at {at}");
            }
            Some(2) => assert!(now == self.start || now == self.end, "nothing is open, at {at}: {now:#?}"),
            _ if now.remote == self.start.remote => {
                run.ends_well();
                assert_eq!(now, self.start, "taken back, at {at}");
            }
            _ => {
                run.ends_well().says("git revert");
                assert_eq!((now.worktrees, now.room.len(), now.published["box"].len()), (0, 0, 0), "at {at}");
                assert!(!now.refs.contains("refs/tags/"), "at {at}: {}", now.refs);
            }
        }
    }
}

/// Two packages, packed and not built: what is built is the same after every kill. The release takes a note away.
fn world(config: &str) -> World {
    let members = [Member::new("base"), Member::new("left").needs(&["base"])];
    let world = Workspace::of(members).configured(&format!("verify = false\n{config}")).made();
    world.change("docs: note", ".changes/tap.md", "---\nbase: feature\nleft: patch\n---\nA tap that drips less.\n");
    world.git(&["push", "--quiet", "origin", "main"]);
    world
}

/// The world after a run that is killed at a place; none where it ended before it came there.
fn killed(world: World, arguments: &str, at: usize) -> Option<World> {
    let run = world.release_killed(arguments, at);
    if run.code.is_some() {
        run.ends_well();
        return None;
    }
    Some(world)
}

/// Tells what comes of every place, from the first to the one that is not come to. There are so many at the least.
fn at_every_place(least: usize, killed: impl Fn(usize) -> Option<World> + Sync, tell: impl Fn(usize, &World) + Sync) {
    let (next, ended) = (AtomicUsize::new(1), AtomicBool::new(false));
    let work = || {
        while !ended.load(Ordering::SeqCst) {
            let at = next.fetch_add(1, Ordering::SeqCst);
            match killed(at) {
                Some(world) => tell(at, &world),
                None => ended.store(true, Ordering::SeqCst),
            }
        }
    };
    std::thread::scope(|scope| (0..WORKERS).for_each(|_| drop(scope.spawn(work))));
    let tried = next.into_inner();
    assert!(tried > least + WORKERS, "it was hardly killed: {tried}");
}

/// Killed anywhere and resumed, a release comes to the end that it would have come to.
#[test]
fn killed_anywhere_it_is_resumed() {
    let story = Story::of("-x --no-confirm", "");
    at_every_place(45, |at| story.killed(at), |at, world| story.is_resumed(at, world));
}

/// Killed anywhere and taken back, a release leaves nothing; once something is live it changes nothing.
#[test]
fn killed_anywhere_it_is_taken_back() {
    let story = Story::of("-x --no-confirm", "");
    at_every_place(45, |at| story.killed(at), |at, world| story.is_taken_back(at, world));
}

/// The same without anything to publish: what is on the remote is not taken back behind its back.
#[test]
fn killed_without_uploads_it_is_taken_back() {
    let story = Story::of("-x --no-confirm --no-publish", "[remote]\npush-branch = \"after\"\n");
    at_every_place(16, |at| story.killed(at), |at, world| story.is_taken_back(at, world));
}

/// Killed while it is taken back, it is taken back by a second attempt.
#[test]
fn killed_while_it_is_taken_back() {
    let template = world("");
    let start = template.state();
    let killed = |at| {
        let world = template.twin();
        world.release("-x --no-confirm --until tag").ends_well();
        killed(world, "abort", at)
    };
    at_every_place(6, killed, |at, world| {
        let run = world.release("abort");
        assert!(matches!(run.code, Some(0 | 2)), "at {at}: {}", run.stderr);
        assert_eq!(world.state(), start, "killed at {at}");
    });
}

/// A journal whose last line was cut short is read up to there; one that has no whole line is none.
#[test]
fn journal_is_torn() {
    let story = Story::of("-x --no-confirm", "");
    let world = story.template.twin();
    world.release("-x --no-confirm --until tag").ends_well();
    let path = room(&world).join("journal.jsonl");
    let journal = std::fs::read(&path).unwrap();
    std::fs::write(&path, &journal[..journal.len() - 20]).unwrap();
    story.is_resumed(0, &world);
    let world = story.template.twin();
    std::fs::create_dir_all(room(&world)).unwrap();
    std::fs::write(room(&world).join("journal.jsonl"), &journal[..100]).unwrap();
    world.release("resume").ends(2).says("no release is in progress here");
    world.release(story.arguments).ends_well();
    assert_eq!(world.state(), story.end);
}

fn room(world: &World) -> std::path::PathBuf {
    world.checkout().join(".git/cargo-release/root")
}

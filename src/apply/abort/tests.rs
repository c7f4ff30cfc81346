//! How releases end, over a world in memory: what was recorded and what the world answers, against what becomes of it.

use std::cell::RefCell;

use tempfile::TempDir;

use super::*;
use crate::apply::sample;
use crate::error::Failure;
use crate::error::Kind;
use crate::journal::InFlightStep;
use crate::journal::StateDir;
use crate::journal::Verified;
use crate::names::BranchName;
use crate::names::Digest;
use crate::names::RepoPath;
use crate::names::StepId;

/// Two packages, from the commit to the push.
const STEPS: [&str; 8] = [
    "commit",
    "verify: commit",
    "land: verify",
    "tag v1: land",
    "reserve: tag v1",
    "publish a: reserve",
    "publish b: publish a",
    "push: publish b",
];

/// Everything before the uploads, done.
const RESERVED: [&str; 5] = ["done commit", "done verify", "done land", "done tag v1", "done reserve"];

/// What the world answers.
#[expect(clippy::struct_excessive_bools, reason = "one field a fact, each with its name")]
struct Memory {
    dir: TempDir,
    /// Of `a`: `ours`, `theirs`, `absent` or `unknown`. `b` is always absent.
    live: &'static str,
    denies: bool,
    branch_arrived: bool,
    tags_arrived: bool,
    standing: fn() -> Standing,
    is_in_the_way: bool,
    acts: RefCell<Vec<String>>,
}

impl Memory {
    fn new() -> Self {
        let memory = Self {
            dir: tempfile::tempdir().unwrap(),
            live: "absent",
            denies: true,
            branch_arrived: false,
            tags_arrived: false,
            standing: || Standing::Ours,
            is_in_the_way: false,
            acts: RefCell::default(),
        };
        memory.room().make().unwrap();
        memory
    }

    fn room(&self) -> StateDir {
        StateDir::of(self.dir.path(), &RepoPath::root())
    }

    /// A journal with these records: `begun land`, `done tag v1`, `refused publish a`.
    fn journal(&self, records: &[&str]) -> Journal {
        let plan = sample::plan(&STEPS);
        let mut journal = Journal::begin(&self.room(), sample::opening(plan.clone(), self.dir.path())).unwrap();
        for record in records {
            let (word, id) = record.split_once(' ').unwrap();
            let step = plan.steps.iter().find(|step| step.id.as_str() == id).unwrap();
            let in_flight: InFlightStep = journal.begin_step(&StepId::from(id)).unwrap();
            match word {
                "done" => journal.end(in_flight, proof(step)).unwrap(),
                "refused" => journal.refused(in_flight, "no".to_owned()).unwrap(),
                _ => {}
            }
        }
        journal
    }

    fn acted(&self, act: String) {
        self.acts.borrow_mut().push(act);
    }

    /// Ends a release with these records, and says how in a line.
    fn ends(&self, records: &[&str]) -> String {
        match ended(self, self.journal(records)).unwrap() {
            Aborted::TakenBack { .. } => "taken back".to_owned(),
            Aborted::Stays { pushed: true, .. } => "stays on the remote".to_owned(),
            Aborted::Stays { pushed: false, .. } => "stays below other commits".to_owned(),
            Aborted::Closed(Closed { live, accepted, theirs, unknown, missing, tags_pushed, unpushed: _ }) => {
                let unknown = unknown.into_iter().map(|(version, _)| version).collect();
                let all = [("live", live), ("accepted", accepted), ("theirs", theirs), ("unknown", unknown)];
                let all = all.into_iter().chain([("missing", missing)]).flat_map(|(what, of)| {
                    of.into_iter().map(move |version| format!("{what} {}", version.package)).collect::<Vec<_>>()
                });
                let tags = tags_pushed.then(|| "tags".to_owned());
                format!("closed: {}", all.chain(tags).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn proof(step: &Step) -> Proof {
    let verified = |name: &str| Verified {
        name: name.into(),
        version: semver::Version::new(1, 0, 0),
        registry: "box".into(),
        checksum: Digest::of(name.as_bytes()),
        size: 1,
    };
    if step.action.kind() == StepKind::Verify {
        return Proof::Verified(vec![verified("a"), verified("b")]);
    }
    sample::proof(step)
}

impl AbortWorld for Memory {
    fn live(&self, _step: &Step, known: &Verified, _journal: &Journal) -> Result<Live> {
        Ok(match self.live {
            "ours" if known.name == "a" => Live::Ours(Proof::Plain),
            "theirs" if known.name == "a" => Live::Theirs(Failure::world("somebody else published it")),
            "unknown" if known.name == "a" => Live::Unknown("the registry does not answer".to_owned()),
            _ => Live::Absent,
        })
    }

    fn denies(&self, _known: &Verified) -> Result<bool> {
        Ok(self.denies)
    }

    fn arrived(&self, step: &Step, _journal: &Journal) -> Result<Arrived> {
        let is_push = step.action.kind() == StepKind::Push;
        Ok(Arrived { branch: self.branch_arrived, tags: self.tags_arrived && is_push })
    }

    fn standing(&self, _step: &Step, _branch: &BranchName, _journal: &Journal) -> Result<Standing> {
        Ok((self.standing)())
    }

    fn can_be_undone(&self, _step: &Step, _branch: &BranchName, _journal: &Journal) -> Result<()> {
        if self.is_in_the_way { Err(Failure::world("a file is in the way")) } else { Ok(()) }
    }

    fn undo(&self, step: &Step, _journal: &Journal) -> Result<()> {
        self.acted(format!("undid {}", step.id));
        Ok(())
    }

    fn remove_stage(&self) -> Result<()> {
        self.acted("removed the stage".to_owned());
        Ok(())
    }

    fn close(&self, journal: Journal) -> Result<()> {
        self.acted("closed".to_owned());
        journal.close(&self.room())
    }
}

fn with<'r>(before: &[&'r str], more: &[&'r str]) -> Vec<&'r str> {
    [before, more].concat()
}

// Before anything left this machine all of it is taken back, the last step first, and the journal goes.
#[test]
fn what_stayed_here_is_taken_back() {
    let world = Memory::new();
    assert_eq!(world.ends(&["begun commit"]), "taken back");
    assert_eq!(world.acts.take(), ["removed the stage"]);
    let world = Memory::new();
    assert_eq!(world.ends(&["done commit", "done verify", "done land", "begun tag v1"]), "taken back");
    assert_eq!(world.acts.take(), ["undid tag v1", "undid land", "removed the stage"]);
    assert!(!Journal::is_open(&world.room()).unwrap());
}

// A push that was begun and never arrived is as if it had not been.
#[test]
fn a_push_that_did_not_arrive_is_taken_back() {
    let world = Memory::new();
    assert_eq!(world.ends(&RESERVED), "taken back");
    assert_eq!(world.acts.take(), ["undid tag v1", "undid land", "removed the stage"]);
}

// A commit that others have, or built on, stays; only the tags here go.
#[test]
fn a_commit_that_others_have_stays() {
    let pushed = Memory { branch_arrived: true, ..Memory::new() };
    assert_eq!(pushed.ends(&RESERVED), "stays on the remote");
    assert_eq!(pushed.acts.take(), ["undid tag v1", "removed the stage"]);
    let built_on = Memory { standing: || Standing::BuiltOn, ..Memory::new() };
    assert_eq!(built_on.ends(&RESERVED[..4]), "stays below other commits");
    assert_eq!(built_on.acts.take(), ["undid tag v1", "removed the stage"]);
}

// What is in the way is found before anything is undone, and the release stays open.
#[test]
fn nothing_is_undone_where_something_is_in_the_way() {
    let world = Memory { is_in_the_way: true, ..Memory::new() };
    let failure = ended(&world, world.journal(&RESERVED)).unwrap_err();
    assert_eq!(failure.kind(), Kind::World);
    assert!(world.acts.take().is_empty() && Journal::is_open(&world.room()).unwrap());
}

// Each row: what was recorded of the upload of `a`, where it is, whether the registry denies versions that it has not, and
// how the release ends. The branch has arrived in each.
#[test]
fn uploads_decide_how_it_ends() {
    let table = [
        ("begun publish a", "ours", true, "closed: live a, missing b"),
        ("done publish a", "ours", true, "closed: live a, missing b"),
        ("done publish a", "absent", true, "closed: accepted a, missing b"),
        ("done publish a", "unknown", true, "closed: accepted a, missing b"),
        ("begun publish a", "unknown", true, "closed: unknown a, missing b"),
        ("begun publish a", "absent", false, "closed: unknown a, missing b"),
        ("begun publish a", "absent", true, "stays on the remote"),
        ("begun publish a", "theirs", true, "stays on the remote"),
        ("refused publish a", "absent", false, "stays on the remote"),
        ("refused publish a", "ours", false, "closed: live a, missing b"),
    ];
    for (record, live, denies, expected) in table {
        let world = Memory { live, denies, branch_arrived: true, ..Memory::new() };
        assert_eq!(world.ends(&with(&RESERVED, &[record])), expected, "{record}, {live}, {denies}");
        assert!(!Journal::is_open(&world.room()).unwrap(), "{record}: still open");
        let undone = world.acts.take().iter().filter(|act| act.starts_with("undid")).count();
        assert_eq!(undone, usize::from(!expected.starts_with("closed")), "{record}, {live}: what is live stays");
    }
}

// Tags on the remote cannot be taken back: others may have them.
#[test]
fn tags_on_the_remote_close_it() {
    let world = Memory { branch_arrived: true, tags_arrived: true, ..Memory::new() };
    let all = with(&RESERVED, &["refused publish a", "begun push"]);
    assert_eq!(world.ends(&all), "closed: missing a, missing b, tags");
    assert_eq!(world.acts.take(), ["removed the stage", "closed"]);
}

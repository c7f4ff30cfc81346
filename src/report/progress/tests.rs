//! What progress shows in each mode.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::ProgressDrawTarget;
use indicatif::TermLike;

use super::*;
use crate::report::sample;

fn started(step: &str, kind: StepKind) -> Event {
    Event::Started { step: step.into(), kind, package: None }
}

fn waiting(step: &str, until: &str) -> Event {
    let reason = "the index does not list it yet".to_owned();
    Event::Waiting {
        step: step.into(),
        package: None,
        reason,
        until: until.into(),
        then: AfterWait::GivesUp,
        left: Duration::from_secs(900),
    }
}

fn done(step: &str, kind: StepKind, detail: &str) -> Event {
    let (step, detail) = (step.into(), detail.to_owned());
    Event::Done { step, kind, package: None, already: false, detail, elapsed: Duration::from_millis(900) }
}

fn said(step: &str, line: &str) -> Event {
    Event::Said { step: step.into(), line: line.into() }
}

/// A release of the sample, shortened.
fn events() -> Vec<Event> {
    vec![
        Event::Began { plan: "3f2a9c81d04e".into(), steps: 15, done: 0 },
        started("edit base/Cargo.toml", StepKind::Edit),
        done("edit base/Cargo.toml", StepKind::Edit, ""),
        started("edit cli/Cargo.toml", StepKind::Edit),
        done("edit cli/Cargo.toml", StepKind::Edit, ""),
        started("hook base", StepKind::Hook),
        said("hook base", "\u{1b}[32mwrote gen.rs\u{1b}[0m"),
        done("hook base", StepKind::Hook, ""),
        started("commit", StepKind::Commit),
        done("commit", StepKind::Commit, "1a2b3c4"),
        started("verify crates-io", StepKind::Verify),
        said("verify crates-io", "   Compiling base v0.2.0"),
        done(
            "verify crates-io",
            StepKind::Verify,
            "base 0.2.0 (12.3 KiB, sha256 1a2b3c4…)\ncli 1.2.1 (4.0 KiB, sha256 5d6e7f8…)",
        ),
        Event::Done {
            step: "tag base-v0.2.0".into(),
            kind: StepKind::Tag,
            package: Some("base".into()),
            already: true,
            detail: "1a2b3c4".into(),
            elapsed: Duration::from_millis(3),
        },
        started("publish base", StepKind::Publish),
        Event::Done {
            step: "publish base".into(),
            kind: StepKind::Publish,
            package: Some("base".into()),
            already: false,
            detail: String::new(),
            elapsed: Duration::from_millis(2_100),
        },
        started("confirm base", StepKind::Confirm),
        waiting("confirm base", "12:03:10"),
        waiting("confirm base", "12:03:10"),
        done("confirm base", StepKind::Confirm, "sha256 1a2b3c4…"),
        started("push", StepKind::Push),
        done("push", StepKind::Push, ""),
        Event::Receipt(crate::apply::Receipt::default()),
    ]
}

fn lines(mode: Mode, events: &[Event]) -> String {
    let plan = sample::workspace();
    sample::shown(|out| {
        let mut progress = Progress::new(mode, out).of(&plan, Run::Release);
        events.iter().try_for_each(|event| progress.tell(event))
    })
}

// Without a terminal: what begins and takes time, what others say, each wait once, what is done.
#[test]
fn plain_lines() {
    snapbox::assert_data_eq!(
        lines(Mode::Plain, &events()),
        snapbox::str![[r#"
   Executing plan 3f2a9c81d04e (15 steps)
      Edited 2 files
     Running `./gen.sh --all` for base
             wrote gen.rs
         Ran `./gen.sh --all` for base
   Committed chore: Release (1a2b3c4)
   Verifying 2 packages
    Verified base 0.2.0 (12.3 KiB, sha256 1a2b3c4…)
    Verified cli 1.2.1 (4.0 KiB, sha256 5d6e7f8…)
      Tagged base-v0.2.0 (already done, 1a2b3c4)
   Uploading [1/2] base 0.2.0 to crates.io
    Uploaded [1/2] base 0.2.0 to crates.io (2.1s)
     Waiting [1/2] base 0.2.0 on crates.io: the index does not list it yet (gives up at 12:03:10)
   Confirmed [1/2] base 0.2.0 on crates.io (sha256 1a2b3c4…)
     Pushing 2 tags to `origin`
      Pushed 2 tags to `origin`

"#]]
    );
}

// On a terminal only what is done stays, and what hooks said.
#[test]
fn lines_that_stay_on_a_terminal() {
    snapbox::assert_data_eq!(
        lines(Mode::Terminal, &events()),
        snapbox::str![[r#"
   Executing plan 3f2a9c81d04e (15 steps)
      Edited 2 files
     Running `./gen.sh --all` for base
             wrote gen.rs
         Ran `./gen.sh --all` for base
   Committed chore: Release (1a2b3c4)
    Verified base 0.2.0 (12.3 KiB, sha256 1a2b3c4…)
    Verified cli 1.2.1 (4.0 KiB, sha256 5d6e7f8…)
      Tagged base-v0.2.0 (already done, 1a2b3c4)
    Uploaded [1/2] base 0.2.0 to crates.io (2.1s)
   Confirmed [1/2] base 0.2.0 on crates.io (sha256 1a2b3c4…)
      Pushed 2 tags to `origin`

"#]]
    );
}

// For programs: an object a line for every event, the receipt last.
#[test]
fn json_lines() {
    let text = lines(Mode::Json, &events());
    let read: Vec<Event> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, events());
}

// Steps that are taken back are told, and those of another plan by their ids.
#[test]
fn undone_and_unknown_steps() {
    let events = [
        Event::Began { plan: "0".into(), steps: 2, done: 1 },
        done("tag x-v1.0.0", StepKind::Tag, ""),
        Event::Undone { step: "tag x-v1.0.0".into() },
    ];
    snapbox::assert_data_eq!(
        lines(Mode::Plain, &events),
        snapbox::str![[r#"
    Resuming plan 0 (2 steps, 1 done)
      Tagged tag x-v1.0.0
      Undone tag x-v1.0.0

"#]]
    );
}

/// A terminal that keeps what is drawn.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<String>>);

impl Paper {
    fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Paper")
    }
}

impl TermLike for Paper {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }
    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(&format!("{text}\n"))
    }
    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }
    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}

// A spinner says what its step does now: the step, what its program said last, what it waits for and until when.
#[test]
fn a_spinner_says_what_is_done_now() {
    let paper = Paper::default();
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(paper.clone()), 255);
    let spinners = Spinners::at(target, false);
    let mut progress =
        Progress { spinners, ..Progress::new(Mode::Terminal, Vec::new()).of(&sample::workspace(), Run::Release) };
    let drawn = |progress: &mut Progress<Vec<u8>>, event: &Event| {
        progress.tell(event).unwrap();
        paper.take()
    };
    let upload = drawn(&mut progress, &started("publish base", StepKind::Publish));
    assert!(upload.contains("   Uploading [1/2] base 0.2.0 to crates.io"), "{upload}");
    let upload = drawn(&mut progress, &said("publish base", "   Packaging base v0.2.0"));
    assert!(upload.contains("   Uploading [1/2] base 0.2.0 to crates.io: Packaging base v0.2.0"), "{upload}");
    let upload = drawn(&mut progress, &said("publish base", "   Uploading base v0.2.0"));
    assert!(upload.contains("   Uploading [1/2] base 0.2.0 to crates.io  "), "{upload}");
    assert!(!upload.contains("crates.io: Uploading"), "{upload}");
    let wait = drawn(&mut progress, &waiting("publish base", "12:03"));
    assert!(wait.contains("gives up in 14m 59s") || wait.contains("gives up in 15m 00s"), "{wait}");
    assert!(wait.contains("     Waiting [1/2] base 0.2.0 to crates.io: the index does"), "{wait}");
}

//! A program while it runs: what it writes is taken as it comes, an interruption is passed on to it, and one that does not
//! listen is killed.

use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

#[cfg(unix)]
use nix::sys::signal::Signal;
#[cfg(unix)]
use nix::sys::signal::killpg;
#[cfg(unix)]
use nix::unistd::Pid;

use super::clock;
use super::clock::Stopwatch;
use super::interrupt;
use super::process::Go;
use super::process::Sign;

/// How long a program is silent before that is told.
const SILENCE: Duration = Duration::from_millis(250);

/// How often a running program is looked at.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// How long a program may take to end after an interruption was passed on to it.
const GRACE: Duration = Duration::from_secs(2);

/// How long we wait for the output of a program that was killed: what it started itself may hold the pipes open.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How long it may take until we notice an interruption that a program has ended from.
const NOTICING: Duration = Duration::from_millis(200);

/// How shells tell that SIGHUP, SIGINT or SIGTERM ended a program.
const ENDED_BY_SIGNAL: [i32; 3] = [129, 130, 143];

/// What a program wrote.
pub(super) enum Captured {
    Line(String),
    Bytes(Vec<u8>),
}

/// Sends each line as it comes, until the other end hangs up.
pub(super) fn listen(pipe: impl std::io::Read, lines: &mpsc::Sender<Captured>) {
    for line in BufReader::new(pipe).split(b'\n').map_while(std::io::Result::ok) {
        if lines.send(Captured::Line(String::from_utf8_lossy(&line).into_owned())).is_err() {
            return;
        }
    }
}

/// Sends bytes as they come, until the other end hangs up.
pub(super) fn collect(mut pipe: impl std::io::Read, bytes: &mpsc::Sender<Captured>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = match pipe.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_closed) => return,
        };
        if bytes.send(Captured::Bytes(buffer.get(..read).unwrap_or_default().to_vec())).is_err() {
            return;
        }
    }
}

/// Takes what a program writes until it writes no more, and tells of it: its stdout and its stderr.
pub(super) fn listen_to(
    hear: &mpsc::Receiver<Captured>,
    child: &mut Child,
    leaving: &mut Leaving,
    tell: &mut dyn FnMut(Sign<'_>) -> Go,
) -> (Vec<u8>, String) {
    let (mut stdout, mut stderr) = (Vec::new(), String::new());
    let mut silent = Duration::ZERO;
    loop {
        let sign = match hear.recv_timeout(TICK) {
            Ok(Captured::Bytes(bytes)) => {
                stdout.extend(bytes);
                continue;
            }
            Ok(Captured::Line(line)) => {
                stderr.push_str(&line);
                stderr.push('\n');
                silent = Duration::ZERO;
                Some(line)
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                silent += TICK;
                None
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return (stdout, stderr),
        };
        let go = match &sign {
            Some(line) => tell(Sign::Line(line.trim_end())),
            None if silent >= SILENCE => {
                silent = Duration::ZERO;
                tell(Sign::Silence)
            }
            None => Go::On,
        };
        if go == Go::Out {
            leaving.kill(child);
        }
        leaving.pass_on(child);
        if leaving.is_over() {
            return (stdout, stderr);
        }
    }
}

/// How far a program's own programs are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignalReach {
    /// It shares our process group, so that it can talk to the terminal.
    Alone,
    /// It leads a group.
    Group,
}

/// Ending a program before it ends by itself: asked politely where we are interrupted while it runs, killed where it
/// does not listen.
#[derive(Debug)]
pub(super) struct Leaving {
    reach: SignalReach,
    /// Where we were interrupted before it was started, it belongs to the cleaning up.
    is_cleanup: bool,
    asked: Option<Stopwatch>,
    killed: Option<Stopwatch>,
}

impl Leaving {
    pub(super) fn new(reach: SignalReach) -> Self {
        Self { reach, is_cleanup: interrupt::asked(), asked: None, killed: None }
    }

    /// Passes an interruption on, and kills who takes too long.
    pub(super) fn pass_on(&mut self, child: &mut Child) {
        if self.is_cleanup || !interrupt::asked() {
            return;
        }
        match self.asked {
            None => {
                self.asked = Some(Stopwatch::start());
                ask_to_end(child, self.reach);
            }
            Some(since) if since.elapsed() >= GRACE => self.kill(child),
            Some(_) => {}
        }
    }

    fn kill(&mut self, child: &mut Child) {
        if self.killed.is_some() {
            return;
        }
        self.killed = Some(Stopwatch::start());
        match self.reach {
            // One that has ended meanwhile needs no killing.
            SignalReach::Alone => child.kill().unwrap_or(()),
            SignalReach::Group => kill_group(child),
        }
    }

    /// Whether we were interrupted while it ran. A terminal interrupts it and us at once, and it may have ended before we
    /// noticed.
    pub(super) fn was_asked(&self, code: Option<i32>) -> bool {
        // One that we killed ourselves has not ended from anybody else's signal.
        let by_others = self.killed.is_none() && code.is_none_or(|code| ENDED_BY_SIGNAL.contains(&code));
        if !self.is_cleanup && by_others {
            let noticing = Stopwatch::start();
            while !interrupt::asked() && noticing.elapsed() < NOTICING {
                clock::pause(TICK / 10);
            }
        }
        !self.is_cleanup && interrupt::asked()
    }

    /// Whether nothing more is waited for.
    fn is_over(&self) -> bool {
        self.killed.is_some_and(|since| since.elapsed() >= LAST_WORDS)
    }
}

/// In a process group of its own.
#[cfg(unix)]
pub(super) fn apart(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
pub(super) fn apart(_: &mut Command) {}

/// Whether there is a process of that number.
#[cfg(unix)]
pub(crate) fn is_alive(id: u32) -> bool {
    // A process of somebody else's may not be signalled, and is there.
    i32::try_from(id).is_ok_and(|id| nix::sys::signal::kill(Pid::from_raw(id), None) != Err(nix::errno::Errno::ESRCH))
}

#[cfg(not(unix))]
pub fn is_alive(_: u32) -> bool {
    true
}

/// Passes an interruption on to a program, and to what it started where it leads a group: cargo ends without a word to the
/// build scripts that it runs.
#[cfg(unix)]
fn ask_to_end(child: &Child, reach: SignalReach) {
    if let Ok(id) = i32::try_from(child.id()) {
        let id = Pid::from_raw(id);
        let asked = match reach {
            SignalReach::Alone => nix::sys::signal::kill(id, Signal::SIGTERM),
            SignalReach::Group => killpg(id, Signal::SIGTERM),
        };
        // One that has ended meanwhile needs no asking.
        asked.unwrap_or(());
    }
}

#[cfg(not(unix))]
fn ask_to_end(_: &Child, _: SignalReach) {}

/// Kills a program with all that it started.
#[cfg(unix)]
fn kill_group(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        killpg(Pid::from_raw(group), Signal::SIGKILL).unwrap_or(());
    }
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    child.kill().unwrap_or(());
}

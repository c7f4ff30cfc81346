//! Other programs: started with arguments, never through a shell; their output is kept, never understood here.

use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use super::child;
use super::child::Leaving;
use super::child::SignalReach;
use super::child::TICK;
use super::clock;
use super::clock::Stopwatch;
use super::interrupt;
use super::secrets::Secrets;
use super::terminal;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;

/// A program that is about to be started.
#[derive(Clone, Debug)]
#[must_use]
pub struct Program {
    name: OsString,
    unsaid: Vec<OsString>,
    arguments: Vec<OsString>,
    directory: Option<PathBuf>,
    variables: Vec<(OsString, Option<OsString>)>,
    input: Vec<u8>,
    held: Option<Arc<File>>,
    secrets: Secrets,
    inherits_input: bool,
}

/// What is noticed of a program that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign<'a> {
    /// A line of its stderr.
    Line(&'a str),
    /// Time goes by.
    Silence,
}

/// Whether a program may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// It runs on.
    On,
    /// It is killed: what it still does is not needed.
    Out,
}

/// How a program with a time limit ended.
#[derive(Clone, Debug)]
pub enum Ended {
    /// By itself.
    ByItself(Output),
    /// It was killed when its time was up.
    OutOfTime,
    /// It was killed because we were asked to stop.
    Interrupted,
}

/// What a program left when it ended.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its exit code; `None` where it was killed by a signal.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr.
    pub stderr: String,
    /// Whether it ended because we were asked to stop.
    pub interrupted: bool,
}

impl Output {
    /// Whether it said that all went well. This is what it says, not what is.
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }

    /// Its stdout as text, trimmed at the end.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim_end().to_owned()
    }

    /// The last lines of what it said, for a failure.
    pub fn tail(&self, lines: usize) -> String {
        let said = if self.stderr.trim().is_empty() { self.text() } else { self.stderr.trim_end().to_owned() };
        let all: Vec<&str> = said.lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }
}

impl Program {
    /// The program of that name (looked up on the `PATH`) or path.
    pub fn new(name: impl AsRef<OsStr>) -> Self {
        Self {
            name: name.as_ref().to_owned(),
            unsaid: Vec::new(),
            arguments: Vec::new(),
            directory: None,
            variables: Vec::new(),
            input: Vec::new(),
            held: None,
            secrets: Secrets::default(),
            inherits_input: false,
        }
    }

    /// Which secrets of our environment it gets.
    pub fn knowing(mut self, secrets: Secrets) -> Self {
        self.secrets = secrets;
        self
    }

    /// Lets it, and what it starts, hold an open file: the lock on it is free only when they have ended. It takes the
    /// place of the input.
    pub fn holding(mut self, file: Arc<File>) -> Self {
        self.held = Some(file);
        self
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Adds arguments that come before all others and are left out of words.
    pub fn unsaid<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.unsaid.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets the working directory.
    pub fn dir(mut self, directory: &Path) -> Self {
        self.directory = Some(directory.to_owned());
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.as_ref().to_owned(), Some(value.as_ref().to_owned())));
        self
    }

    /// Removes a variable.
    pub fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.as_ref().to_owned(), None));
        self
    }

    /// What it reads from stdin; without this, nothing.
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// It reads what we would: the terminal, where somebody types.
    pub fn inherit_input(mut self) -> Self {
        self.inherits_input = true;
        self
    }

    /// The command line, for words.
    pub fn line(&self) -> String {
        let parts = std::iter::once(&self.name).chain(&self.arguments);
        parts.map(|part| quoted(&part.to_string_lossy())).collect::<Vec<_>>().join(" ")
    }

    /// Runs it to its end and keeps what it wrote.
    ///
    /// # Errors
    /// It cannot be started. An exit code other than 0 is not an error here.
    pub fn run(&self) -> Result<Output> {
        self.watch(&mut |_| Go::On)
    }

    /// Runs it to its end, telling each line of its stderr as it comes, and that time goes by while none does. An answer
    /// of [`Go::Out`] kills it.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn watch(&self, tell: &mut dyn FnMut(Sign<'_>) -> Go) -> Result<Output> {
        let mut command = self.command();
        // At a terminal Ctrl-C reaches all that it started, and only who shares our group may ask there for a password.
        // Elsewhere a signal comes to us alone, and is passed on to a group.
        let reach = if terminal::is_there() { SignalReach::Alone } else { SignalReach::Group };
        if reach == SignalReach::Group {
            child::apart(&mut command);
        }
        self.attend(command, reach, tell)
    }

    /// Runs it for so long at the most, and no longer than until we are asked to stop. It is killed with all that it
    /// started itself: a group of its own.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn within(&self, limit: Duration) -> Result<Ended> {
        let started = Stopwatch::start();
        let mut killed = None;
        let mut command = self.command();
        child::apart(&mut command);
        let output = self.attend(command, SignalReach::Group, &mut |_sign| {
            if interrupt::asked() {
                killed = Some(Ended::Interrupted);
            } else if started.elapsed() >= limit {
                killed = Some(Ended::OutOfTime);
            }
            if killed.is_some() { Go::Out } else { Go::On }
        })?;
        if output.interrupted {
            return Ok(Ended::Interrupted);
        }
        Ok(killed.unwrap_or(Ended::ByItself(output)))
    }

    /// Runs a command of this program to its end. Threads read its streams, so that one that is stuck holds up nothing
    /// but itself.
    fn attend(&self, mut command: Command, reach: SignalReach, tell: &mut dyn FnMut(Sign<'_>) -> Go) -> Result<Output> {
        let mut leaving = Leaving::new(reach);
        let cannot = || format!("cannot start `{}`", self.name.display());
        if let Some(held) = &self.held {
            command.stdin(Stdio::from(held.try_clone().or_world(cannot)?));
        }
        let mut child = command.spawn().or_world(cannot)?;
        let input = self.input.clone();
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (heard, hear) = mpsc::channel();
        let (lines, bytes) = (heard.clone(), heard);
        // A program may end without reading its input; that is its affair.
        std::thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&input)));
        std::thread::spawn(move || stderr.map(|pipe| child::listen(pipe, &lines)));
        std::thread::spawn(move || stdout.map(|pipe| child::collect(pipe, &bytes)));
        let (stdout, stderr) = child::listen_to(&hear, &mut child, &mut leaving, tell);
        let status = child.wait().or_world(|| format!("cannot wait for `{}`", self.name.display()))?;
        let interrupted = !status.success() && leaving.was_asked(status.code());
        Ok(Output { code: status.code(), stdout, stderr, interrupted })
    }

    /// Runs it to its end with our own streams, so that it talks to the user itself.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn hand_over(&self) -> Result<Option<i32>> {
        let mut command = self.command();
        command.stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
        let mut leaving = Leaving::new(SignalReach::Alone);
        let cannot = || format!("cannot start `{}`", self.name.display());
        let mut child = command.spawn().or_world(cannot)?;
        loop {
            if let Some(ended) = child.try_wait().or_world(cannot)? {
                return Ok(ended.code());
            }
            leaving.pass_on(&mut child);
            clock::pause(TICK);
        }
    }

    /// Runs it, and takes an exit code other than 0 as a failure that quotes what it said.
    ///
    /// # Errors
    /// It cannot be started, or says that it failed.
    pub fn succeed(&self) -> Result<Output> {
        let output = self.run()?;
        if output.success() {
            return Ok(output);
        }
        Err(self.failed(&output))
    }

    /// The failure that quotes what a program said; where it was ended because we were asked to stop, that.
    pub fn failed(&self, output: &Output) -> Failure {
        if output.interrupted {
            return interrupt::stopped();
        }
        let status = output.code.map_or("a signal".to_owned(), |code| format!("status {code}"));
        let said = output.tail(20);
        Failure::world(format!("`{}` exited with {status}", self.line())).because(said.clone()).on_the_disk(&said)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        let input = if self.inherits_input { Stdio::inherit() } else { Stdio::piped() };
        command.args(&self.unsaid).args(&self.arguments).stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        for name in self.secrets.withheld() {
            command.env_remove(name);
        }
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }
}

fn quoted(part: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@^+,%".contains(c);
    if !part.is_empty() && part.chars().all(plain) { part.to_owned() } else { format!("'{part}'") }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    // Who takes longer than allowed is ended with all that it started; who does not ends by itself.
    #[test]
    fn a_time_limit_ends_the_whole_group() {
        let limit = Duration::from_millis(10);
        let watch = Stopwatch::start();
        let slow = Program::new("sh").args(["-c", "sleep 60 & sleep 60"]).within(limit).unwrap();
        assert!(matches!(slow, Ended::OutOfTime));
        assert!(watch.elapsed() < Duration::from_secs(30));
        let quick = Program::new("sh").args(["-c", "exit 3"]).within(Duration::from_secs(60)).unwrap();
        assert!(matches!(quick, Ended::ByItself(Output { code: Some(3), .. })));
    }
}

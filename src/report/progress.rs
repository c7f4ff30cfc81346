//! Progress of a release: spinners for running steps, and a line for each finished one.

mod spinners;
mod tally;
mod words;

use std::collections::BTreeMap;
use std::io;
use std::io::Write;
use std::time::Duration;

use anstyle_progress::TermProgress;

use self::spinners::Spinners;
use self::tally::Tally;
use super::json;
use crate::apply::AfterWait;
use crate::apply::Event;
use crate::names::PackageName;
use crate::names::StepId;
use crate::plan::ReleasePlan;
use crate::plan::Step;
use crate::plan::StepKind;
use crate::report::screen::measure;
use crate::report::screen::style;
use crate::report::screen::text;

/// How to show progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// For a terminal: a spinner for each running step, and a line for each finished one.
    Terminal,
    /// For logs: lines only.
    Plain,
    /// Like `Plain`, with every line of cargo's output.
    Verbose,
    /// One JSON event per line.
    Json,
}

/// The kind of run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Run {
    /// A release.
    #[default]
    Release,
    /// A check: the release commit is staged, verified and discarded.
    Check,
    /// A rehearsal: every line is marked, so that it is not mistaken for a release.
    Rehearsal,
}

/// Shows events as they come.
///
/// Lines go to the writer; spinners, which come and go, to the terminal on stderr.
pub(crate) struct Progress<W> {
    mode: Mode,
    out: W,
    subjects: BTreeMap<StepId, String>,
    running: BTreeMap<StepId, RunningStep>,
    spinners: Spinners,
    edited: usize,
    run: Run,
    tally: Tally,
    /// Whether the terminal supports progress in its title bar or the taskbar (OSC 9;4).
    has_taskbar: bool,
    percent: Option<u8>,
}

/// A step that was started and is not finished.
struct RunningStep {
    kind: StepKind,
    waits: Option<(String, String)>,
}

impl<W: Write> Progress<W> {
    /// Shows events in this mode, on this stream.
    pub(crate) fn new(mode: Mode, out: W) -> Self {
        let spinners = match mode {
            Mode::Terminal => Spinners::on_stderr(),
            Mode::Plain | Mode::Verbose | Mode::Json => Spinners::hidden(),
        };
        let has_taskbar = mode == Mode::Terminal && anstyle_progress::supports_term_progress(true);
        let (subjects, running, tally) = (BTreeMap::new(), BTreeMap::new(), Tally::default());
        Self {
            mode,
            out,
            subjects,
            running,
            spinners,
            edited: 0,
            run: Run::default(),
            tally,
            has_taskbar,
            percent: None,
        }
    }

    /// Shows the steps of this plan by what they do (`core 0.5.0 to crates.io`) instead of by id.
    #[must_use]
    pub(crate) fn of(mut self, plan: &ReleasePlan, run: Run) -> Self {
        self.tally = match run {
            Run::Release | Run::Rehearsal => Tally::of(&plan.steps),
            Run::Check => Tally::of_check(&plan.steps),
        };
        let subject = |step: &Step| format!("{}{}", self.tally.place(&step.id), words::subject(step));
        self.subjects = plan.steps.iter().map(|step| (step.id.clone(), subject(step))).collect();
        self.run = run;
        self
    }

    /// Shows one event. The receipt is shown only as JSON; [`super::receipt()`] writes it for people.
    ///
    /// # Errors
    /// Writing to the stream failed.
    pub(crate) fn tell(&mut self, event: &Event) -> io::Result<()> {
        if self.mode == Mode::Json {
            return json::event_line(&mut self.out, event);
        }
        match event {
            Event::Began { plan, steps, done } => {
                let (word, done) =
                    if *done == 0 { ("Executing", String::new()) } else { ("Resuming", format!(", {done} done")) };
                self.line(word, &format!("plan {} ({}{done})", plan.short(), text::count(*steps, "step")))
            }
            Event::Started { step, kind, package } => self.started(step, *kind, package.as_ref()),
            Event::Said { step, line } => self.said(step, line),
            Event::Waiting { step, package, reason, until, then, left } => {
                let subject = self.subject(step, package.as_ref());
                self.waiting(step, &subject, (reason, until, *then), *left)
            }
            Event::Done { step, kind, package, already, detail, elapsed } => {
                self.running.remove(step);
                self.spinners.stop(step);
                self.tally.done(step);
                self.advance()?;
                let subject = self.subject(step, package.as_ref());
                let time = (*elapsed >= Duration::from_secs(1)).then(|| measure::duration(*elapsed));
                // cargo itself usually waits for the index, so that a confirmation is usually found done.
                let already = *already && *kind != StepKind::Confirm;
                let edits = matches!(kind, StepKind::Edit | StepKind::Replace);
                if edits && already {
                    return Ok(());
                }
                let word = self.done_word(step, *kind);
                self.done(*kind, word, &subject, &remarks(already, detail, time))
            }
            Event::Undone { step } => self.line("Undone", step.as_str()),
            Event::Receipt(_) => {
                self.end()?;
                self.tell_edited()
            }
        }
    }

    /// Takes everything that moves off the terminal, while a question is asked there.
    pub(crate) fn pause(&mut self) {
        self.spinners.clear();
    }

    /// Leaves the terminal as it was found, however the run ended.
    ///
    /// # Errors
    /// The stream does not take it.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.spinners.clear();
        if self.percent.take().is_some() { self.taskbar(TermProgress::remove()) } else { Ok(()) }
    }

    fn started(&mut self, step: &StepId, kind: StepKind, package: Option<&PackageName>) -> io::Result<()> {
        let subject = self.subject(step, package);
        self.running.insert(step.clone(), RunningStep { kind, waits: None });
        let announced = match self.mode {
            Mode::Terminal => kind == StepKind::Hook,
            Mode::Plain | Mode::Verbose => words::takes_time(kind),
            Mode::Json => false,
        };
        let word = self.doing(step, kind);
        if announced {
            self.line(word, &subject)?;
        }
        self.spinners.show(step, word, &subject);
        self.advance()
    }

    /// Keeps the output of hooks, which are the user's programs; other output is shown briefly and quoted in errors.
    fn said(&mut self, step: &StepId, line: &str) -> io::Result<()> {
        let line = text::clean(line);
        let kind = self.running.get(step).map(|running| running.kind);
        if self.mode == Mode::Verbose || kind == Some(StepKind::Hook) {
            self.tell_edited()?;
            let Self { out, spinners, .. } = self;
            return spinners.aside(|| writeln!(out, "{:13}{}", "", line.trim_start()));
        }
        if let Some((word, package)) = self.tally.said(step, &line) {
            self.spinners.show(step, word, &package);
            return self.advance();
        }
        if let Some(kind) = kind {
            let (word, subject, line) = (self.doing(step, kind), self.subject(step, None), line.trim());
            // What cargo does now is shown behind the subject, unless the status word already says it.
            let repeats = line.split_once(' ').is_some_and(|(known, _)| known == word);
            let shown = if repeats { subject } else { format!("{subject}: {line}") };
            self.spinners.show(step, word, &shown);
        }
        Ok(())
    }

    /// Updates the progress bars.
    fn advance(&mut self) -> io::Result<()> {
        let (done, of) = self.tally.so_far();
        self.spinners.progress(done, of);
        let percent = (done * 100).checked_div(of).and_then(|percent| u8::try_from(percent).ok()).map(|it| it.min(100));
        if percent == self.percent {
            return Ok(());
        }
        self.percent = percent;
        self.taskbar(percent.map_or(TermProgress::start(), |percent| TermProgress::start().percent(percent)))
    }

    fn taskbar(&mut self, progress: TermProgress) -> io::Result<()> {
        if !self.has_taskbar {
            return Ok(());
        }
        let Self { out, spinners, .. } = self;
        spinners.aside(|| write!(out, "{progress}").and_then(|()| out.flush()))
    }

    fn waiting(
        &mut self,
        step: &StepId,
        subject: &str,
        wait: (&str, &str, AfterWait),
        left: Duration,
    ) -> io::Result<()> {
        let (reason, until, then) = wait;
        let words = text::clean(&format!("{subject}: {reason} ({} at {until})", then.words()));
        self.spinners.count_down(step, &text::clean(&format!("{subject}: {reason}")), (then, left));
        let Some(running) = self.running.get_mut(step) else { return self.line("Waiting", &words) };
        let wait = Some((reason.to_owned(), until.to_owned()));
        if self.mode == Mode::Terminal || running.waits == wait {
            return Ok(());
        }
        running.waits = wait;
        self.line("Waiting", &words)
    }

    /// The status word of a running step.
    fn doing(&self, step: &StepId, kind: StepKind) -> &'static str {
        if self.tally.only_packs(step) { "Packing" } else { words::doing(kind) }
    }

    /// The status word of a finished step.
    fn done_word(&self, step: &StepId, kind: StepKind) -> &'static str {
        if kind == StepKind::Commit && self.run == Run::Check {
            return "Staged";
        }
        if self.tally.only_packs(step) { "Packed" } else { words::done(kind) }
    }

    fn done(&mut self, kind: StepKind, word: &str, subject: &str, remarks: &Remarks) -> io::Result<()> {
        match kind {
            // Hundreds of edits happen within a second, so they are summed up in one line.
            StepKind::Edit | StepKind::Replace => {
                self.edited += 1;
                return Ok(());
            }
            StepKind::Hook
            | StepKind::Commit
            | StepKind::Verify
            | StepKind::Land
            | StepKind::Tag
            | StepKind::Reserve
            | StepKind::Publish
            | StepKind::Confirm
            | StepKind::Owners
            | StepKind::Carry
            | StepKind::Propose
            | StepKind::Request
            | StepKind::Announce
            | StepKind::Push => {}
        }
        match remarks {
            Remarks::InParentheses(remarks) if remarks.is_empty() => self.line(word, subject),
            Remarks::InParentheses(remarks) => self.line(word, &format!("{subject} ({remarks})")),
            Remarks::Lines(lines) => lines.iter().try_for_each(|line| self.line(word, line)),
        }
    }

    /// A permanent line above the spinners.
    fn line(&mut self, word: &str, rest: &str) -> io::Result<()> {
        self.tell_edited()?;
        let Self { out, spinners, run, .. } = self;
        let mark = if *run == Run::Rehearsal { " (rehearsal)" } else { "" };
        spinners.aside(|| style::status(out, word, &format!("{rest}{mark}")))
    }

    fn tell_edited(&mut self) -> io::Result<()> {
        let edited = std::mem::take(&mut self.edited);
        if edited == 0 { Ok(()) } else { self.line("Edited", &text::count(edited, "file")) }
    }

    fn subject(&self, step: &StepId, package: Option<&PackageName>) -> String {
        let known = self.subjects.get(step).cloned();
        known.or_else(|| package.map(ToString::to_string)).unwrap_or_else(|| text::clean(step.as_str()))
    }
}

/// The details of a finished step.
enum Remarks {
    InParentheses(String),
    Lines(Vec<String>),
}

/// A detail with several lines is about several packages and gets a status line per line.
fn remarks(already: bool, detail: &str, time: Option<String>) -> Remarks {
    let lines: Vec<String> = detail.lines().map(text::clean).filter(|line| !line.is_empty()).collect();
    if lines.len() > 1 {
        return Remarks::Lines(lines);
    }
    let already = already.then(|| "already done".to_owned());
    Remarks::InParentheses(already.into_iter().chain(lines).chain(time).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;

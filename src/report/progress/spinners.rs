//! The lines at the bottom of a terminal that move while something runs: one for each step, and the bar of the whole.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use indicatif::MultiProgress;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressState;
use indicatif::ProgressStyle;

use crate::apply::AfterWait;
use crate::names::StepId;
use crate::report::screen::measure;

/// How often they move. They move by themselves, so that a long build is seen to be alive.
const TICK: Duration = Duration::from_millis(100);

/// One spinner for each step that runs, and a bar below them.
pub(super) struct Spinners {
    all: MultiProgress,
    prefix: &'static str,
    shown: BTreeMap<StepId, ProgressBar>,
    bar: Option<ProgressBar>,
    /// How long a bar was shown that is not there now.
    before: Duration,
}

impl Spinners {
    /// On stderr, in colours where stderr has them.
    pub(super) fn on_stderr() -> Self {
        let coloured = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        Self::at(ProgressDrawTarget::stderr(), coloured)
    }

    /// Nowhere.
    pub(super) fn hidden() -> Self {
        Self::at(ProgressDrawTarget::hidden(), false)
    }

    /// At that place.
    pub(super) fn at(target: ProgressDrawTarget, coloured: bool) -> Self {
        let prefix = if coloured { "{prefix:>12.cyan.bold}" } else { "{prefix:>12}" };
        Self {
            all: MultiProgress::with_draw_target(target),
            prefix,
            shown: BTreeMap::new(),
            bar: None,
            before: Duration::ZERO,
        }
    }

    /// Shows what a step does now, and for how long it has.
    pub(super) fn show(&mut self, step: &StepId, word: &'static str, message: &str) {
        let style = self.style("{wide_msg} {elapsed} {spinner}");
        self.show_in(step, style, (word, message));
    }

    /// Shows what a step waits for, and how long it still will.
    pub(super) fn count_down(&mut self, step: &StepId, message: &str, (then, wait): (AfterWait, Duration)) {
        // The wait begins when it is reported; a spinner counts from when the step began.
        let begun = self.shown.get(step).map(ProgressBar::elapsed).unwrap_or_default();
        let left = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            let left = (begun + wait).saturating_sub(state.elapsed());
            let left = measure::duration(left);
            write!(out, "{} in {left}", then.words()).unwrap_or(());
        };
        let style = self.style("{wide_msg} {left} {spinner}").with_key("left", left);
        self.show_in(step, style, ("Waiting", message));
    }

    /// Shows how far the whole is.
    pub(super) fn progress(&mut self, done: u64, of: u64) {
        if self.all.is_hidden() || of == 0 {
            return;
        }
        let style = self.style("[{bar:26}] {pos}/{len} {elapsed}").progress_chars("=> ");
        let (all, before) = (&self.all, self.before);
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::new(of).with_style(style).with_prefix("Releasing").with_elapsed(before);
            let bar = all.add(bar);
            bar.enable_steady_tick(TICK);
            bar
        });
        bar.set_length(of);
        bar.set_position(done);
    }

    fn style(&self, rest: &str) -> ProgressStyle {
        ProgressStyle::with_template(&format!("{} {rest}", self.prefix))
            .unwrap_or_else(|_| ProgressStyle::default_spinner())
    }

    fn show_in(&mut self, step: &StepId, style: ProgressStyle, (word, message): (&'static str, &str)) {
        if self.all.is_hidden() {
            return;
        }
        let (all, bar) = (&self.all, &self.bar);
        let spinner = self.shown.entry(step.clone()).or_insert_with(|| {
            // Complete before it is drawn for the first time.
            let spinner = ProgressBar::new_spinner().with_style(style.clone()).with_prefix(word);
            let spinner = spinner.with_message(message.to_owned());
            match bar {
                Some(bar) => all.insert_before(bar, spinner),
                None => all.add(spinner),
            }
        });
        spinner.set_style(style);
        spinner.set_prefix(word);
        spinner.set_message(message.to_owned());
        // Only now, so that it is not drawn before it has something to say.
        spinner.enable_steady_tick(TICK);
    }

    /// Takes a step away.
    pub(super) fn stop(&mut self, step: &StepId) {
        if let Some(spinner) = self.shown.remove(step) {
            spinner.finish_and_clear();
        }
    }

    /// Takes all away.
    pub(super) fn clear(&mut self) {
        for (_, spinner) in std::mem::take(&mut self.shown) {
            spinner.finish_and_clear();
        }
        if let Some(bar) = self.bar.take() {
            self.before = bar.elapsed();
            bar.finish_and_clear();
        }
    }

    /// Does something on the same terminal while they are out of the way.
    pub(super) fn aside<R>(&self, act: impl FnOnce() -> R) -> R {
        self.all.suspend(act)
    }
}

impl Drop for Spinners {
    fn drop(&mut self) {
        self.clear();
    }
}

//! The lines at the bottom of a terminal that move while something runs.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::MultiProgress;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;

use crate::names::StepId;

/// How often they move. They move by themselves, so that a long build is seen to be alive.
const TICK: Duration = Duration::from_millis(100);

/// One spinner for each step that runs.
pub(super) struct Spinners {
    all: MultiProgress,
    style: ProgressStyle,
    shown: BTreeMap<StepId, ProgressBar>,
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
        let style = ProgressStyle::with_template(&format!("{prefix} {{wide_msg}} {{elapsed}} {{spinner}}"))
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        Self { all: MultiProgress::with_draw_target(target), style, shown: BTreeMap::new() }
    }

    /// Shows what a step does now.
    pub(super) fn show(&mut self, step: &StepId, word: &'static str, message: &str) {
        if self.all.is_hidden() {
            return;
        }
        let spinner = self.shown.entry(step.clone()).or_insert_with(|| {
            let spinner = self.all.add(ProgressBar::new_spinner().with_style(self.style.clone()));
            spinner.enable_steady_tick(TICK);
            spinner
        });
        spinner.set_prefix(word);
        spinner.set_message(message.to_owned());
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

//! What is being done before there is a plan: a line that moves, and goes when it is done.

use std::time::Duration;

use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;

/// How often it moves.
const TICK: Duration = Duration::from_millis(100);

/// Something that is being done, shown on the terminal until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Activity(ProgressBar);

impl Activity {
    /// Shows it on stderr, in colours where stderr has them.
    pub fn on_stderr(word: &'static str, message: &str) -> Self {
        let is_coloured = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        let prefix = if is_coloured { "{prefix:>12.cyan.bold}" } else { "{prefix:>12}" };
        let style = ProgressStyle::with_template(&format!("{prefix} {{wide_msg}} {{elapsed}} {{spinner}}"));
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
            .with_prefix(word)
            .with_message(message.to_owned());
        bar.tick();
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

//! The progress line while the repository and the registries are queried. It appears at once and disappears at the end.

use std::time::Duration;

use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;

use crate::report::screen::text;

/// How often the spinner moves.
const TICK: Duration = Duration::from_millis(100);

/// The progress line.
pub(crate) struct Observing {
    line: ProgressBar,
}

impl Observing {
    /// A line on stderr, hidden if stderr is no terminal or `is_quiet` is set.
    pub(crate) fn on_stderr(is_quiet: bool) -> Self {
        let coloured = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
        let target = if is_quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self::at(target, coloured)
    }

    fn at(target: ProgressDrawTarget, coloured: bool) -> Self {
        let prefix = if coloured { "{prefix:>12.cyan.bold}" } else { "{prefix:>12}" };
        let style = ProgressStyle::with_template(&format!("{prefix} {{wide_msg}} {{elapsed}} {{spinner}}"))
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let line = ProgressBar::with_draw_target(None, target).with_style(style);
        line.set_prefix("Reading");
        line.set_message("workspace and history");
        line.enable_steady_tick(TICK);
        Self { line }
    }

    /// Shows what is queried now, and how many answers of how many have arrived.
    pub(crate) fn asking(&self, whom: &str, answered: Option<(usize, usize)>) {
        self.line.set_prefix("Querying");
        self.line.set_message(words(whom, answered));
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

fn words(whom: &str, answered: Option<(usize, usize)>) -> String {
    let whom = text::clean(whom);
    match answered {
        None => whom,
        Some((answered, of)) => format!("{whom} ({answered} of {})", text::count(of, "package")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whoever waits sees whom for, and how long it may take.
    #[test]
    fn tells_how_many_of_how_many() {
        assert_eq!(words("index of crates-io", Some((12, 64))), "index of crates-io (12 of 64 packages)");
        assert_eq!(words("remote origin", None), "remote origin");
    }
}

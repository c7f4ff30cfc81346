//! The colours, as cargo's own, and the shapes of a line that have one.

use std::fmt::Display;
use std::io;
use std::io::Write;

use anstyle::AnsiColor;
use anstyle::Style;

use super::page::Screen;
use super::text;

/// The word in front of a line that says what was done.
pub(super) const STATUS: Style = AnsiColor::BrightGreen.on_default().bold();
/// `error`.
pub(super) const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// `warning`.
pub(super) const WARNING: Style = AnsiColor::BrightYellow.on_default().bold();
/// `help`.
pub(super) const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
/// `note`, and what is not news.
pub(super) const NOTE: Style = AnsiColor::Green.on_default().bold();
/// Headings and labels.
pub(super) const TITLE: Style = Style::new().bold();
/// What can be skipped.
pub(super) const FAINT: Style = Style::new().dimmed();

/// The width of the labels on the left, the gap included.
pub(super) const GUTTER: usize = 15;

/// The text in that style.
pub(super) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A line with a status word, right-aligned to 12 columns as cargo's.
pub(super) fn status(out: &mut dyn Write, word: &str, rest: &str) -> io::Result<()> {
    writeln!(out, "{STATUS}{word:>12}{STATUS:#} {rest}")
}

/// A line that is good to know.
pub(super) fn note(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{}: {text}", paint(NOTE, "note"))
}

/// A label on the left, and the texts on its right, each from a line of its own and wrapped.
pub(super) fn field(out: &mut dyn Screen, label: &str, texts: &[String]) -> io::Result<()> {
    let mut label = label;
    let columns = out.text_columns() - GUTTER;
    for line in texts.iter().flat_map(|text| text::wrap(text, columns)) {
        let label = text::pad(std::mem::take(&mut label), GUTTER);
        let label = if label.trim().is_empty() { label } else { paint(TITLE, label) };
        writeln!(out, "{label}{line}")?;
    }
    Ok(())
}

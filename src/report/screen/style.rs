//! cargo's colors, and the kinds of lines that use them.

use std::fmt::Display;
use std::io;
use std::io::Write;

use anstyle::AnsiColor;
use anstyle::Style;

use crate::report::screen::page::Screen;
use crate::report::screen::text;

/// The word at the start of a status line.
pub(crate) const STATUS: Style = AnsiColor::BrightGreen.on_default().bold();
/// `error`.
pub(crate) const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// `warning`.
pub(crate) const WARNING: Style = AnsiColor::BrightYellow.on_default().bold();
/// `help`.
pub(crate) const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
/// `note`, and headings of diagnostics.
pub(crate) const NOTE: Style = AnsiColor::Green.on_default().bold();
/// Headings and labels.
pub(crate) const TITLE: Style = Style::new().bold();
/// Secondary information.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// The width of labels on the left, including the gap.
pub(crate) const GUTTER: usize = 15;

/// The text in that style.
pub(crate) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A status line; the word is right-aligned to 12 columns, like cargo's.
pub(crate) fn status(out: &mut dyn Write, word: &str, rest: &str) -> io::Result<()> {
    writeln!(out, "{STATUS}{word:>12}{STATUS:#} {rest}")
}

/// A line that is good to know.
pub(crate) fn note(out: &mut dyn Screen, text: &str) -> io::Result<()> {
    let text = text::wrap(text, out.text_columns().saturating_sub("note: ".len())).join("\n      ");
    writeln!(out, "{} {text}", paint(NOTE, "note:"))
}

/// A label on the left and texts on the right, each wrapped and starting on a new line. Writes nothing without texts.
pub(crate) fn field(out: &mut dyn Screen, label: &str, texts: &[String]) -> io::Result<()> {
    let mut label = label;
    let columns = out.text_columns() - GUTTER;
    for line in texts.iter().flat_map(|text| text::wrap(text, columns)) {
        let label = text::pad(std::mem::take(&mut label), GUTTER);
        let label = if label.trim().is_empty() { label } else { paint(TITLE, label) };
        writeln!(out, "{label}{line}")?;
    }
    Ok(())
}

//! Tables that fit the terminal. Columns are as wide as their content; the last one takes the rest and is wrapped. If too
//! little space is left for it, every row becomes a paragraph.

use std::io;

use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::text;

/// The space between two columns.
const GAP: usize = 2;
/// The minimum width of the last column.
const NARROW: usize = 24;
/// The indentation of a paragraph.
const INDENT: usize = 2;

/// A cell with optional color.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    style: Option<anstyle::Style>,
}

impl Cell {
    /// A cell with this color.
    pub(crate) fn in_style(text: impl Into<String>, style: anstyle::Style) -> Self {
        Self { text: text.into(), style: Some(style) }
    }

    fn painted(&self, text: &str) -> String {
        self.style.map_or_else(|| text.to_owned(), |style| style::paint(style, text))
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), style: None }
    }
}

/// Writes a table; every row has a cell per title. Empty columns are omitted.
pub(crate) fn table(out: &mut dyn Screen, titles: &[&str], rows: &[Vec<Cell>]) -> io::Result<()> {
    let is_used = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.text.is_empty()));
    let used: Vec<usize> = (0..titles.len()).filter(|at| is_used(*at)).collect();
    let titles: Vec<&str> = used.iter().filter_map(|at| titles.get(*at).copied()).collect();
    let rows: Vec<Vec<Cell>> =
        rows.iter().map(|row| used.iter().map(|at| row.get(*at).cloned().unwrap_or_default()).collect()).collect();
    let widths = widths(&titles, &rows);
    let (_, fixed) = widths.split_last().unwrap_or((&0, &[]));
    let before_last = fixed.iter().map(|width| width + GAP).sum::<usize>();
    let last_needs = widths.last().copied().unwrap_or_default().min(NARROW);
    if before_last + last_needs > out.columns() {
        return rows.iter().try_for_each(|row| paragraph(out, row));
    }
    let heading: Vec<Cell> = titles.iter().map(|title| Cell::in_style(*title, style::TITLE)).collect();
    line(out, &heading, fixed)?;
    rows.iter().try_for_each(|row| line(out, row, fixed))
}

fn widths(titles: &[&str], rows: &[Vec<Cell>]) -> Vec<usize> {
    let mut widths: Vec<usize> = titles.iter().map(|title| text::width(title)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = text::width(&cell.text).max(*width);
        }
    }
    widths
}

/// Writes a row; `fixed` is the widths of all cells but the last.
fn line(out: &mut dyn Screen, row: &[Cell], fixed: &[usize]) -> io::Result<()> {
    let Some((last, cells)) = row.split_last() else { return Ok(()) };
    let mut start = String::new();
    for (cell, width) in cells.iter().zip(fixed) {
        let gap = " ".repeat((width + GAP).saturating_sub(text::width(&cell.text)));
        start += &format!("{}{gap}", cell.painted(&cell.text));
    }
    let indent = fixed.iter().map(|width| width + GAP).sum::<usize>();
    for (at, part) in text::wrap(&last.text, out.columns() - indent).iter().enumerate() {
        let start = if at == 0 { start.clone() } else { " ".repeat(indent) };
        writeln!(out, "{}", format!("{start}{}", last.painted(part)).trim_end())?;
    }
    Ok(())
}

/// Writes a row as a paragraph: the first cell, and the others indented below it.
fn paragraph(out: &mut dyn Screen, row: &[Cell]) -> io::Result<()> {
    let Some((first, rest)) = row.split_first() else { return Ok(()) };
    writeln!(out, "{}", style::paint(style::TITLE, &first.text))?;
    let columns = out.columns() - INDENT;
    let mut free = 0;
    let mut line = String::new();
    for cell in rest.iter().filter(|cell| !cell.text.is_empty()) {
        let width = text::width(&cell.text);
        if width + GAP <= free {
            line += &format!("{}{}", " ".repeat(GAP), cell.painted(&cell.text));
            free -= width + GAP;
            continue;
        }
        flush(out, &mut line)?;
        let parts = text::wrap(&cell.text, columns);
        let (last, before) = parts.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
        before.iter().try_for_each(|part| writeln!(out, "{:INDENT$}{}", "", cell.painted(part)))?;
        line = cell.painted(last);
        free = columns.saturating_sub(text::width(last));
    }
    flush(out, &mut line)
}

fn flush(out: &mut dyn Screen, line: &mut String) -> io::Result<()> {
    let line = std::mem::take(line);
    if line.is_empty() { Ok(()) } else { writeln!(out, "{:INDENT$}{line}", "") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::sample::shown_in;

    const TITLES: [&str; 4] = ["Package", "Version", "Registry", "Reason"];

    fn laid_out(columns: usize, rows: &[[&str; 4]]) -> String {
        let rows: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| Cell::from(*cell)).collect()).collect();
        shown_in(columns, |out| table(out, &TITLES, &rows))
    }

    // The last column is broken at spaces; a column in which nothing stands is left out.
    #[test]
    fn the_last_column_is_broken() {
        let reason = "remove `Leaf::steep_seconds`, which nobody used any more";
        snapbox::assert_data_eq!(
            laid_out(60, &[["core", "0.4.1 -> 0.5.0", "", reason], ["cli", "1.2.0 -> 1.2.1", "", "requires core 0.5"]]),
            snapbox::str![[r#"
Package  Version         Reason
core     0.4.1 -> 0.5.0  remove `Leaf::steep_seconds`, which
                         nobody used any more
cli      1.2.0 -> 1.2.1  requires core 0.5

"#]]
        );
    }

    // Where the page is too narrow, each row is a paragraph, and nothing is cut.
    #[test]
    fn a_narrow_page_has_paragraphs() {
        let name = "a-package-with-a-very-long-name";
        snapbox::assert_data_eq!(
            laid_out(50, &[[name, "0.4.1 -> 0.5.0", "mine", "drop `Old`, which nobody used"], ["b", "1.0.0", "", "c"]]),
            snapbox::str![[r#"
a-package-with-a-very-long-name
  0.4.1 -> 0.5.0  mine
  drop `Old`, which nobody used
b
  1.0.0  c

"#]]
        );
    }

    proptest! {
        // Words that fit make no line longer than the page, in whatever script and at whatever width.
        #[test]
        fn always_fits(
            rows in proptest::collection::vec(proptest::array::uniform4("[a-z発 ]{0,38}"), 0..4),
            columns in 40_usize..160,
        ) {
            let rows: Vec<[&str; 4]> = rows.iter().map(|row| [&*row[0], &*row[1], &*row[2], &*row[3]]).collect();
            let fits = |word: &str| text::width(word) <= 20;
            prop_assume!(rows.iter().flatten().all(|cell| cell.split(' ').all(fits)));
            let text = laid_out(columns, &rows);
            prop_assert!(text.split('\n').all(|line| text::width(line) <= columns.max(79)), "{}", text);
        }
    }
}

//! A table that fits: columns are as wide as they need to be, and the widest give way where that is too much.

use std::io;
use std::io::Write;

use super::style;
use super::text;

/// The space between two columns.
const GAP: usize = 2;

/// A column.
#[derive(Clone, Copy)]
pub(super) struct Column {
    /// Its heading.
    pub(super) title: &'static str,
    /// The width that it is never made smaller than. All of them and the gaps have to fit.
    pub(super) least: usize,
}

/// Writes a table of at most [`style::COLUMNS`].
pub(super) fn table<const N: usize>(
    out: &mut dyn Write,
    columns: &[Column; N],
    rows: &[[String; N]],
) -> io::Result<()> {
    let widths = widths(columns, rows);
    let titles = columns.map(|column| column.title.to_owned());
    writeln!(out, "{}", style::paint(style::TITLE, line(&titles, &widths)))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row, &widths)))
}

fn widths<const N: usize>(columns: &[Column; N], rows: &[[String; N]]) -> [usize; N] {
    let mut widths = columns.map(|column| text::width(column.title));
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = text::width(cell).max(*width);
        }
    }
    let room = style::COLUMNS - GAP * N.saturating_sub(1);
    while widths.iter().sum::<usize>() > room {
        let yielding = widths.iter_mut().zip(columns).filter(|(width, column)| **width > column.least);
        let Some((widest, _)) = yielding.max_by_key(|(width, _)| **width) else { break };
        *widest -= 1;
    }
    widths
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize; N]) -> String {
    let cells = cells.iter().zip(widths).map(|(cell, width)| text::pad(&text::shorten(cell, *width), *width));
    cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [Column; 3] =
        [Column { title: "Package", least: 10 }, Column { title: "To", least: 14 }, Column { title: "Why", least: 12 }];

    fn shown(rows: &[[String; 3]]) -> String {
        let mut out = Vec::new();
        table(&mut out, &COLUMNS, rows).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    // Only the column that is too wide gives way.
    #[test]
    fn the_widest_gives_way() {
        let row = ["core", "0.5.0", &"reason ".repeat(20)].map(str::to_owned);
        snapbox::assert_data_eq!(
            shown(&[row]),
            snapbox::str![[r#"
Package  To     Why
core     0.5.0  reason reason reason reason reason reason reason reason reason…

"#]]
        );
    }

    proptest! {
        // No cell, in whatever script, makes a line longer than the page.
        #[test]
        fn always_fits(rows in proptest::collection::vec(proptest::array::uniform3("\\PC{0,90}"), 0..4)) {
            prop_assert!(shown(&rows).split('\n').all(|line| text::width(line) <= style::COLUMNS));
        }
    }
}

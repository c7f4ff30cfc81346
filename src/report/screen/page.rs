//! An output stream that knows its width and whether it supports links.

use std::fmt::Display;
use std::io;
use std::io::Write;

/// The width, in columns, of output that is not a terminal.
pub(crate) const USUAL_COLUMNS: usize = 80;
/// The narrowest layout; a narrower terminal wraps it.
const NARROWEST: usize = 40;
/// The widest running text, because longer lines are hard to read.
const WIDEST_TEXT: usize = 110;

/// A stream with a width.
pub(crate) trait Screen: Write {
    /// The number of columns of a line.
    fn columns(&self) -> usize;

    /// Whether links (OSC 8) are supported.
    fn has_links(&self) -> bool;

    /// The number of columns of running text.
    fn text_columns(&self) -> usize {
        self.columns().min(WIDEST_TEXT)
    }
}

/// A stream with a given width.
#[derive(Debug)]
pub(crate) struct Page<W> {
    out: W,
    columns: usize,
    has_links: bool,
}

impl<W> Page<W> {
    /// A page of this width on a stream.
    pub(crate) fn new(out: W, columns: usize) -> Self {
        Self { out, columns: columns.max(NARROWEST), has_links: false }
    }

    /// Turns links on or off.
    #[must_use]
    pub(crate) fn with_links(self, has_links: bool) -> Self {
        Self { has_links, ..self }
    }

    /// The underlying stream.
    pub(crate) fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Write for Page<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Screen for Page<W> {
    fn columns(&self) -> usize {
        self.columns
    }

    fn has_links(&self) -> bool {
        self.has_links
    }
}

/// The text as a link if the stream supports links, otherwise only the text.
pub(crate) fn link(out: &dyn Screen, address: &str, text: impl Display) -> String {
    if out.has_links() { format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\") } else { text.to_string() }
}

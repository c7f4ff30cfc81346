//! What words are written to: a stream that knows how wide it is, and whether it shows links.

use std::fmt::Display;
use std::io;
use std::io::Write;

/// The width of a page that is no terminal, in columns.
pub const USUAL_COLUMNS: usize = 80;
/// Below this width nothing is laid out any narrower: the terminal wraps it.
const NARROWEST: usize = 40;
/// Running text is not made wider than this, however wide the terminal is: longer lines are hard to read.
const WIDEST_TEXT: usize = 110;

/// A stream with the width that its lines are made for.
pub trait Screen: Write {
    /// How many columns a line has.
    fn columns(&self) -> usize;

    /// Whether a link can be followed (OSC 8).
    fn has_links(&self) -> bool;

    /// The width of running text.
    fn text_columns(&self) -> usize {
        self.columns().min(WIDEST_TEXT)
    }
}

/// A stream, laid out.
#[derive(Debug)]
pub struct Page<W> {
    out: W,
    columns: usize,
    has_links: bool,
}

impl<W> Page<W> {
    /// This stream, that many columns wide.
    pub fn new(out: W, columns: usize) -> Self {
        Self { out, columns: columns.max(NARROWEST), has_links: false }
    }

    /// With links, where they can be followed.
    #[must_use]
    pub fn with_links(self, has_links: bool) -> Self {
        Self { has_links, ..self }
    }

    /// The stream.
    pub fn into_inner(self) -> W {
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

/// The text as a link to that address, where links can be followed; else the text alone.
pub(super) fn link(out: &dyn Screen, address: &str, text: impl Display) -> String {
    if out.has_links() { format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\") } else { text.to_string() }
}

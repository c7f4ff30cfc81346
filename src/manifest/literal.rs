//! A string of a TOML text, and where it stands.

use std::ops::Range;

use toml_edit::Item;
use toml_edit::Value;

use super::splice::Splice;

/// A string as it stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Literal {
    /// What it says.
    pub value: String,
    /// The bytes that it takes, with its quotes.
    pub span: Range<usize>,
}

impl Literal {
    /// The string that this item is, if it is one.
    pub(super) fn of(item: &Item) -> Option<Self> {
        Self::of_value(item.as_value()?)
    }

    /// The string that this value is, if it is one.
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        Some(Self { value: value.as_str()?.to_owned(), span: value.span()? })
    }

    /// Its line, from one, in the text that it was read from.
    pub(crate) fn line(&self, text: &str) -> usize {
        line_of(text, self.span.start)
    }

    /// The change that lets it say something else, in the same quotes.
    pub(super) fn saying(&self, text: &str, value: &str) -> Splice {
        let raw = text.get(self.span.clone()).unwrap_or_default();
        let triple = raw.len() >= 6 && (raw.starts_with("\"\"\"") || raw.starts_with("'''"));
        let quote = if triple { 3 } else { 1 };
        let expects = raw.get(quote..raw.len().saturating_sub(quote)).unwrap_or_default();
        Splice { at: self.span.start + quote, expects: expects.to_owned(), writes: value.to_owned() }
    }
}

/// The line, from one, on which this byte offset lies. An offset behind the end lies on the last line.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// The lines of places that come in the order of the text, as a rule: the text is gone through once for all of them.
pub(super) struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, offset: 0, line: 1 }
    }

    /// The line of a place.
    pub(super) fn at(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        self.line = match self.text.as_bytes().get(self.offset..offset) {
            Some(between) => self.line + between.iter().filter(|byte| **byte == b'\n').count(),
            None => line_of(self.text, offset),
        };
        self.offset = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Lines are counted from one, by line feeds.
    #[test]
    fn lines_are_counted_from_one() {
        let text = "a\r\nb\nc";
        assert_eq!([0, 2, 3, 5, 6, 99].map(|offset| line_of(text, offset)), [1, 1, 2, 3, 3, 3]);
    }
}

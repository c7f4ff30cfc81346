//! Markdown as lines: as much of it as is needed to tell a heading from a line that only looks like one.
//!
//! Known are the blocks in which a heading, a link definition or a blank line would not be what it seems (fenced code,
//! comments, `<pre>`, items of lists), after CommonMark. Everything else is text. Not known, and therefore text: headings
//! inside lists and quotes, setext headings of several lines.

/// One line, with its line ending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScannedLine<'a> {
    /// The line as it stands, with its ending.
    pub(super) raw: &'a str,
    /// What it is.
    pub(super) kind: LineKind<'a>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind<'a> {
    /// Nothing, or spaces.
    Blank,
    /// Text of whatever kind.
    Text,
    /// A line of a fenced block or of `<pre>`, the fences included.
    Code,
    /// A line of a comment.
    Comment,
    /// A thematic break.
    Rule,
    /// A heading; where it is underlined, the underline is a line of its own.
    Heading(HeadingLine<'a>),
    /// The line under a setext heading.
    Underline,
    /// A link reference definition.
    Definition(Definition<'a>),
}

/// A heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeadingLine<'a> {
    /// One to six.
    pub(super) level: usize,
    /// Its text, without marks and outer spaces.
    pub(super) title: &'a str,
    /// Underlined with `=` or `-`, rather than marked with `#`.
    pub(super) underlined: bool,
}

/// A link reference definition: `[label]: url`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Definition<'a> {
    /// Between the brackets.
    pub(super) label: &'a str,
    /// Where it leads, without `<>`.
    pub(super) url: &'a str,
}

/// A text as lines.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    /// The lines; joined, they are the text.
    pub(super) lines: Vec<ScannedLine<'a>>,
}

/// Reads a text as lines.
pub(super) fn scan(text: &str) -> Scan<'_> {
    Scan { lines: lines(text).collect() }
}

/// Reads a text as lines, one after the other: those of a large changelog together take as much memory as the file.
pub(super) fn lines(text: &str) -> Lines<'_> {
    Lines { rest: text.split_inclusive('\n'), scanner: Scanner::default(), held: None, count: 0 }
}

/// The lines of a text as they are read.
pub(super) struct Lines<'a> {
    rest: std::str::SplitInclusive<'a, char>,
    scanner: Scanner,
    /// The line that is held back, since the next one may make it a heading.
    held: Option<ScannedLine<'a>>,
    count: usize,
}

impl Lines<'_> {
    /// The line (from one) of a fence or comment that is not closed by now.
    pub(super) fn unclosed(&self) -> Option<usize> {
        self.scanner.block.map(|open| open.line)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = ScannedLine<'a>;

    fn next(&mut self) -> Option<ScannedLine<'a>> {
        for raw in self.rest.by_ref() {
            self.count += 1;
            let content = raw.trim_end_matches(['\n', '\r']);
            let (kind, heads) = self.scanner.step(content, self.count);
            if let (Some(level), Some(above)) = (heads, self.held.as_mut()) {
                above.kind = LineKind::Heading(HeadingLine { level, title: above.raw.trim(), underlined: true });
            }
            let above = self.held.replace(ScannedLine { raw, kind });
            if above.is_some() {
                return above;
            }
        }
        self.held.take()
    }
}

/// What must be remembered from line to line.
#[derive(Default)]
struct Scanner {
    block: Option<Open>,
    paragraph: Paragraph,
    in_list: bool,
    after_blank: bool,
}

/// A block that hides headings until it is closed.
#[derive(Clone, Copy)]
struct Open {
    line: usize,
    nested: bool,
    until: BlockEnd,
}

/// What closes a block.
#[derive(Clone, Copy)]
enum BlockEnd {
    Fence(char, usize),
    Text(&'static str),
}

/// How many lines of an unfinished paragraph stand above.
#[derive(Clone, Copy, Default, PartialEq)]
enum Paragraph {
    #[default]
    None,
    One,
    Several,
}

impl Scanner {
    /// What the line is, and, for the underline of a setext heading, the level that it gives to the line above.
    fn step<'a>(&mut self, content: &'a str, line: usize) -> (LineKind<'a>, Option<usize>) {
        if let Some(kind) = self.inside_block(content) {
            return (kind, None);
        }
        let paragraph = std::mem::take(&mut self.paragraph);
        let after_blank = std::mem::take(&mut self.after_blank);
        if content.trim().is_empty() {
            self.after_blank = true;
            return (LineKind::Blank, None);
        }
        let indent = indent_of(content);
        let top = indent == 0 || (indent < 4 && !self.in_list);
        if indent >= 4 && !self.in_list {
            self.paragraph = paragraph;
            return (LineKind::Text, None);
        }
        if let Some(kind) = self.opens_block(content, line) {
            return (kind, None);
        }
        if let (true, Some(heading)) = (top, heading(content)) {
            self.in_list = false;
            return (LineKind::Heading(heading), None);
        }
        if let (true, Paragraph::One, Some(level)) = (top, paragraph, underline(content)) {
            return (LineKind::Underline, Some(level));
        }
        if is_rule(content) {
            self.in_list = self.in_list && !top;
            return (LineKind::Rule, None);
        }
        if let (true, Some(definition)) = (top, definition(content)) {
            return (LineKind::Definition(definition), None);
        }
        self.text(content, Above { paragraph, after_blank });
        (LineKind::Text, None)
    }

    /// Goes on inside a fence or comment; nothing where there is none, or where the line ends it by leaving the list.
    fn inside_block<'a>(&mut self, content: &'a str) -> Option<LineKind<'a>> {
        let open = self.block?;
        if open.nested && indent_of(content) == 0 && !content.trim().is_empty() {
            self.block = None;
            return None;
        }
        match open.until {
            BlockEnd::Fence(mark, length) => {
                let trimmed = content.trim();
                let closes = trimmed.len() >= length && trimmed.chars().all(|c| c == mark);
                if closes && (open.nested || indent_of(content) < 4) {
                    self.block = None;
                }
                Some(LineKind::Code)
            }
            BlockEnd::Text(end) => {
                let Some((_, rest)) = content.split_once(end) else { return Some(within(end)) };
                self.block = None;
                Some(after(end, rest))
            }
        }
    }

    /// Begins a fence, a comment or `<pre>`.
    fn opens_block<'a>(&mut self, content: &'a str, line: usize) -> Option<LineKind<'a>> {
        let inner = without_markers(content);
        let marked = inner.len() < content.trim_start().len();
        let nested = marked || (self.in_list && indent_of(content) > 0);
        if let Some((mark, length)) = fence(inner) {
            self.in_list |= marked;
            self.block = Some(Open { line, nested, until: BlockEnd::Fence(mark, length) });
            return Some(LineKind::Code);
        }
        let trimmed = content.trim_start();
        let (start, end) = if trimmed.starts_with("<!--") { ("<!--", "-->") } else { ("<pre", "</pre>") };
        let rest = trimmed.strip_prefix(start)?;
        if let Some((_, rest)) = rest.split_once(end) {
            return Some(after(end, rest));
        }
        self.block = Some(Open { line, nested, until: BlockEnd::Text(end) });
        Some(within(end))
    }

    /// Remembers what a line of text means for the next ones.
    fn text(&mut self, content: &str, above: Above) {
        let trimmed = content.trim_start();
        let item = without_markers(content).len() < trimmed.len();
        if item {
            self.in_list = true;
            return;
        }
        let continues_item = self.in_list && (indent_of(content) > 0 || !above.after_blank);
        self.in_list = continues_item;
        if continues_item || trimmed.starts_with(['>', '|', '<']) {
            return;
        }
        self.paragraph = if above.paragraph == Paragraph::None { Paragraph::One } else { Paragraph::Several };
    }
}

/// What stands above a line of text.
struct Above {
    paragraph: Paragraph,
    after_blank: bool,
}

/// What a line inside of a comment or of `<pre>` is.
fn within<'a>(end: &str) -> LineKind<'a> {
    if end == "-->" { LineKind::Comment } else { LineKind::Code }
}

/// What its last line is: text, where text follows the comment on it.
fn after<'a>(end: &str, rest: &str) -> LineKind<'a> {
    if rest.trim().is_empty() { within(end) } else { LineKind::Text }
}

/// How far the line is indented, in columns; a tab goes to the next multiple of four.
fn indent_of(content: &str) -> usize {
    let mut columns = 0;
    for c in content.chars() {
        match c {
            ' ' => columns += 1,
            '\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

/// The line without its indentation and without the markers of list items.
fn without_markers(content: &str) -> &str {
    let mut rest = content.trim_start();
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = match digits {
            0 => rest.strip_prefix(['-', '*', '+']),
            1..=9 => rest.get(digits..).and_then(|rest| rest.strip_prefix(['.', ')'])),
            _ => None,
        };
        match after {
            Some(inner) if inner.starts_with([' ', '\t']) => rest = inner.trim_start(),
            Some("") => return "",
            Some(_) | None => return rest,
        }
    }
}

/// The mark and length of the fence that the line opens.
fn fence(inner: &str) -> Option<(char, usize)> {
    let mark = inner.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = inner.trim_start_matches(mark);
    let length = inner.len() - info.len();
    (length >= 3 && (mark == '~' || !info.contains('`'))).then_some((mark, length))
}

/// The heading that is marked with `#`.
fn heading(content: &str) -> Option<HeadingLine<'_>> {
    let marked = content.trim_start();
    let inner = marked.trim_start_matches('#');
    let level = marked.len() - inner.len();
    if !(1..=6).contains(&level) || !(inner.is_empty() || inner.starts_with([' ', '\t'])) {
        return None;
    }
    let inner = inner.trim();
    let open = inner.trim_end_matches('#');
    let title = if open.is_empty() || open.ends_with([' ', '\t']) { open.trim_end() } else { inner };
    Some(HeadingLine { level, title, underlined: false })
}

/// The level that the underline of a setext heading gives.
fn underline(content: &str) -> Option<usize> {
    let marks = content.trim();
    let all = |mark: char| !marks.is_empty() && marks.chars().all(|c| c == mark);
    if all('=') { Some(1) } else { all('-').then_some(2) }
}

/// Whether the line is a thematic break.
fn is_rule(content: &str) -> bool {
    let mut marks = content.chars().filter(|c| !c.is_whitespace());
    let first = marks.next().filter(|mark| matches!(mark, '-' | '_' | '*'));
    first.is_some_and(|first| marks.try_fold(1, |count, mark| (mark == first).then_some(count + 1)) >= Some(3))
}

/// The link reference definition that the line is; footnotes are none.
fn definition(content: &str) -> Option<Definition<'_>> {
    let (label, rest) = content.trim_start().strip_prefix('[')?.split_once("]:")?;
    if label.trim().is_empty() || label.starts_with('^') || label.contains(['[', ']']) {
        return None;
    }
    let rest = rest.trim();
    let (url, title) = match rest.strip_prefix('<') {
        Some(inner) => inner.split_once('>')?,
        None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
    };
    let title = title.trim();
    (!url.is_empty() && (title.is_empty() || title.starts_with(['"', '\'', '(']))).then_some(Definition { label, url })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unclosed(text: &str) -> Option<usize> {
        let mut lines = lines(text);
        lines.by_ref().for_each(drop);
        lines.unclosed()
    }

    /// The titles of the headings in a text.
    fn headings(text: &str) -> Vec<&str> {
        let titles = scan(text).lines.into_iter().filter_map(|line| match line.kind {
            LineKind::Heading(heading) => Some(heading.title),
            LineKind::Blank
            | LineKind::Text
            | LineKind::Code
            | LineKind::Comment
            | LineKind::Rule
            | LineKind::Underline
            | LineKind::Definition(_) => None,
        });
        titles.collect()
    }

    /// Headings of both kinds are found, whatever the line ending, and closing marks are no part of them.
    #[test]
    fn finds_headings() {
        assert_eq!(headings("# One #\r\n\r\n## Two ##\nThree\n---\n\nFour  \n====\n"), ["One", "Two", "Three", "Four"]);
        assert_eq!(headings("#hash\n####### seven\n"), Vec::<&str>::new());
    }

    /// What only looks like a heading is hidden by the block around it.
    #[test]
    fn blocks_hide_headings() {
        assert_eq!(headings("```\n# a\n``\n```\n# b\n"), ["b"]);
        assert_eq!(headings("~~~~ text\n# a\n~~~\n~~~~\n# b\n"), ["b"]);
        assert_eq!(headings("<!--\n# a\n-->\n# b\n<!-- c --> \n# d\n"), ["b", "d"]);
        assert_eq!(headings("<pre>\n# a\n</pre>\n# b\n"), ["b"]);
        assert_eq!(headings("- item\n  ```\n  # a\n  ```\n- ```\n  # b\n  ```\n# c\n"), ["c"]);
        assert_eq!(headings("- item\n  # a\n\n    # b\n"), Vec::<&str>::new());
        assert_eq!(headings("- item\n---\n> quote\n---\n"), Vec::<&str>::new());
    }

    /// A block that nobody closes is told with the line where it begins.
    #[test]
    fn tells_what_is_open() {
        assert_eq!(unclosed("a\n```\n# b\n"), Some(2));
        assert_eq!(unclosed("a\n\n<!--\n# b\n"), Some(3));
        assert_eq!(unclosed("- ```\n  x\n\n# b\n"), None);
    }

    /// Definitions are told from footnotes and from text.
    #[test]
    fn reads_definitions() {
        let url = |text| definition(text).map(|definition| definition.url);
        assert_eq!(url("[1.0.0]: https://example.com/a \"t\""), Some("https://example.com/a"));
        assert_eq!(url("[a b]: <x y>"), Some("x y"));
        assert_eq!(url("[^1]: note"), None);
        assert_eq!(url("[a]: b c"), None);
    }
}

//! Measuring and wrapping text in terminal columns, not bytes or characters.

use unicode_width::UnicodeWidthChar as _;

/// The maximum width of a text. Terminals disagree on joined characters, so each is counted separately; the width of a
/// text is then the sum of its parts.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(c: char) -> usize {
    // This variation selector turns the character before it into an emoji, which may take one more column.
    if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) }
}

/// One line without escape sequences, control characters and changes of direction, which text from outside could use to
/// disguise itself.
pub(crate) fn clean(line: &str) -> String {
    let stripped = anstream::adapter::strip_str(line).to_string();
    let tame = |c: char| if c.is_whitespace() { ' ' } else { c };
    stripped.trim_end().chars().map(tame).filter(|c| !c.is_control() && !turns(*c)).collect()
}

/// Whether the character changes the text direction.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text, cut off with `…` if it is too long.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut free = columns.saturating_sub(1);
    for c in text.chars() {
        let Some(rest) = free.checked_sub(columns_of(c)) else { break };
        free = rest;
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// The text padded with spaces to this width.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text in lines of this width, broken at spaces. A word longer than a line is not broken, because it may be a URL
/// that someone wants to copy.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Markdown in lines of this width: paragraphs are refilled, list items are indented, fenced code is unchanged.
pub(crate) fn wrap_markdown(markdown: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in markdown.trim_matches('\n').lines().map(clean) {
        let fence = line.trim_start().starts_with("```");
        if !fenced && !fence && continues(&paragraph, &line) {
            paragraph.push(' ');
            paragraph.push_str(line.trim());
            continue;
        }
        flush(&mut paragraph, &mut lines, columns);
        if fenced || fence || line.is_empty() {
            lines.push(line);
        } else {
            paragraph = line;
        }
        fenced ^= fence;
    }
    flush(&mut paragraph, &mut lines, columns);
    lines
}

/// Whether a line continues the paragraph: it starts no new block, and headings and tables end with their line.
fn continues(paragraph: &str, line: &str) -> bool {
    let begins = |text: &str| {
        let text = text.trim_start();
        let numbered = text.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
        numbered || ["- ", "* ", "+ ", "#", "|", ">", "<", "["].iter().any(|mark| text.starts_with(mark))
    };
    let alone = |text: &str| ["#", "|"].iter().any(|mark| text.trim_start().starts_with(mark));
    !paragraph.is_empty() && !alone(paragraph) && !line.trim().is_empty() && !begins(line)
}

fn flush(paragraph: &mut String, lines: &mut Vec<String>, columns: usize) {
    if !paragraph.is_empty() {
        lines.extend(wrap_hanging(&std::mem::take(paragraph), columns));
    }
}

fn wrap_hanging(line: &str, columns: usize) -> Vec<String> {
    let body = line.trim_start();
    let indent = line.len() - body.len();
    let bullet = if ["- ", "* ", "+ "].iter().any(|bullet| body.starts_with(bullet)) { 2 } else { 0 };
    let (start, body) = line.split_at(indent + bullet);
    let hanging = " ".repeat(start.len());
    let wrapped = wrap(body, columns.saturating_sub(start.len()));
    wrapped
        .into_iter()
        .enumerate()
        .map(|(at, text)| if at == 0 { start } else { &hanging }.to_owned() + &text)
        .collect()
}

/// `1 package`, `2 packages`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // A shortened text says that it is one, and counts wide characters twice.
    #[test]
    fn shortened_by_columns() {
        assert_eq!(shorten("release", 7), "release");
        assert_eq!(shorten("releases", 7), "releas…");
        assert_eq!(shorten("発行する", 5), "発行…");
        assert_eq!(shorten("発行する", 4), "発…");
        assert_eq!(shorten("a b c", 3), "a…");
    }

    // A commit subject cannot paint the terminal or reverse a line.
    #[test]
    fn foreign_text_is_tamed() {
        assert_eq!(clean("a\u{1b}[31mred\u{1b}[0m\tb\u{7}\u{202e}c \r"), "ared bc");
    }

    // Items hang, addresses and fenced code are left whole.
    #[test]
    fn markdown_keeps_its_shape() {
        let text =
            "\n- one two three\n  - four five six\n\n```\nlong long long code\n```\nsee http://example.invalid/x\n";
        let shown = wrap_markdown(text, 12).join("\n");
        snapbox::assert_data_eq!(
            shown,
            snapbox::str![[r#"
- one two
  three
  - four
    five six

```
long long long code
```
see
http://example.invalid/x
"#]]
        );
    }

    proptest! {
        // Whatever comes in, what is shortened fits.
        #[test]
        fn shortened_fits(text in "\\PC{0,40}", columns in 1usize..40) {
            prop_assert!(width(&shorten(&text, columns)) <= columns);
        }

        // Wrapping loses no word and adds none.
        #[test]
        fn wrapping_keeps_every_word(text in "[a-z ]{0,200}", columns in 1usize..40) {
            let lines = wrap(&text, columns);
            let words: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
            prop_assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
            prop_assert!(lines.iter().all(|line| width(line) <= columns || !line.contains(' ')));
        }
    }
}

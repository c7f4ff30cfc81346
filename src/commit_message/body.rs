//! The body of a message: footers, what it reverts, and the titles that a squash merge lists.

use super::Change;
use super::CommitMessage;
use super::Footer;
use super::RELEASE_TRAILER;
use super::Reverted;
use super::near_miss;
use super::title;

/// The least digits of a commit's id that name one.
const SHORTEST_ID: usize = 7;

/// The tokens of a footer that says what breaks.
const TOKENS: [&str; 2] = ["BREAKING CHANGE", "BREAKING-CHANGE"];

/// Reads the lines below the subject into a message.
pub(super) fn read<'t>(message: &mut CommitMessage, lines: impl Iterator<Item = &'t str>) {
    let mut reader = BodyReader { message, in_code: false, after_blank: true, in_footer: false };
    lines.for_each(|line| reader.line(line));
    message.listed = without_reverted(std::mem::take(&mut message.listed));
    join_repeated(message);
}

#[expect(clippy::struct_excessive_bools, reason = "what the lines before say of the next one, each by itself")]
struct BodyReader<'m> {
    message: &'m mut CommitMessage,
    in_code: bool,
    after_blank: bool,
    /// Whether the line before belongs to a footer that says what breaks.
    in_footer: bool,
}

impl BodyReader<'_> {
    fn line(&mut self, raw: &str) {
        let line = raw.trim();
        if line.starts_with("```") {
            self.in_code = !self.in_code;
            self.in_footer = false;
        } else if !self.in_code {
            self.text(line);
        }
        self.after_blank = line.is_empty();
    }

    fn text(&mut self, line: &str) {
        let bulleted = line.strip_prefix("* ").or_else(|| line.strip_prefix("- "));
        let item = bulleted.unwrap_or(line).trim_start();
        if let Some(footer) = breaking_footer(item) {
            self.in_footer = true;
            self.latest().breaks.push(footer);
            return;
        }
        if let Some(change) = title::of_line(item).filter(|it| bulleted.is_some() || self.after_blank || it.marked) {
            self.in_footer = false;
            self.message.listed.push(change);
            return;
        }
        if self.trailer(line) {
            self.in_footer = false;
            return;
        }
        if self.in_footer {
            return self.more(line);
        }
        if let Some(revert) = bulleted.and_then(title::reverted) {
            let Reverted::Title(title) = revert else { return };
            self.message.listed.push(Change {
                kind: Some("revert".to_owned()),
                summary: title,
                line: item.to_owned(),
                ..Change::default()
            });
        } else {
            self.message.near_misses.extend(near_miss::in_body(item));
        }
    }

    /// The change that a footer belongs to: the last one that is listed above it, else that of the title.
    fn latest(&mut self) -> &mut Change {
        self.message.listed.last_mut().unwrap_or(&mut self.message.title)
    }

    /// A line below a footer that says what breaks. A blank line ends it, unless nothing was said yet.
    fn more(&mut self, line: &str) {
        let Some(footer) = self.latest().breaks.last_mut() else { return };
        if line.is_empty() {
            self.in_footer = footer.text.is_empty();
            return;
        }
        if footer.text.is_empty() {
            footer.line = format!("{} {line}", footer.line);
        } else {
            footer.text.push('\n');
        }
        footer.text.push_str(line);
    }

    /// Whether a line is a trailer; what we know of is kept.
    fn trailer(&mut self, line: &str) -> bool {
        let message = &mut *self.message;
        if let Some(version) = value(line, "release-as") {
            message.release_as = Some(version.to_owned());
        }
        message.unlisted |= value(line, "changelog").is_some_and(|value| value.eq_ignore_ascii_case("skip"));
        message.is_release |= value(line, RELEASE_TRAILER).is_some();
        // A revert in the list of a squash merge takes back what the list has, and not the whole.
        if message.listed.is_empty() {
            message.reverts.extend(reverted_id(line));
        }
        let token = line.split_once(": ").map_or("", |(token, _)| token);
        let is_token = token.contains('-') && token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        is_token && token.starts_with(|c: char| c.is_ascii_uppercase())
    }
}

/// `BREAKING CHANGE: text`, `BREAKING CHANGE #12`, or the token alone with a colon, where the text is below.
pub(super) fn breaking_footer(line: &str) -> Option<Footer> {
    let rest = TOKENS.iter().find_map(|token| line.strip_prefix(token))?;
    let text = match rest.strip_prefix(':') {
        Some(text) if text.is_empty() || text.starts_with(' ') => text.trim(),
        Some(_) => return None,
        None => rest.strip_prefix(' ').filter(|text| text.starts_with('#'))?,
    };
    Some(Footer { line: line.to_owned(), text: text.to_owned() })
}

fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (token, value) = line.split_once(": ")?;
    token.eq_ignore_ascii_case(key).then(|| value.trim())
}

/// The id in git's own `This reverts commit ID.`
fn reverted_id(line: &str) -> Option<Reverted> {
    let rest = line.strip_prefix("This reverts commit ")?;
    let id: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    (id.len() >= SHORTEST_ID).then_some(Reverted::Id(id.to_ascii_lowercase()))
}

/// The changes of a list without those that a later one reverts, and without the reverts.
fn without_reverted(listed: Vec<Change>) -> Vec<Change> {
    let mut left: Vec<Change> = Vec::new();
    for change in listed {
        let reverts = change.kind.as_deref() == Some("revert");
        match left.iter().rposition(|other| reverts && [&other.line, &other.summary].contains(&&change.summary)) {
            Some(at) => drop(left.remove(at)),
            None => left.push(change),
        }
    }
    left
}

/// A squash merge of one commit repeats its title in the body, and every forge adds the number to the title: that is one
/// change, and its footers are those of the title.
fn join_repeated(message: &mut CommitMessage) {
    let title = without_number(&message.title.summary).to_owned();
    let (same, listed) = std::mem::take(&mut message.listed)
        .into_iter()
        .partition(|change: &Change| without_number(&change.summary) == title);
    message.listed = listed;
    for change in same {
        message.title.marked |= change.marked;
        message.title.breaks.extend(change.breaks);
    }
}

/// A summary without the number of a pull request at its end.
fn without_number(summary: &str) -> &str {
    let trimmed = summary.trim_end();
    let number = trimmed.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (#"));
    number.filter(|(_, digits)| digits.chars().all(|c| c.is_ascii_digit())).map_or(trimmed, |(before, _)| before)
}

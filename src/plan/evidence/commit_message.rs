//! What the message of a commit says: its Conventional Commits title, what its body breaks, its footers, and what it
//! reverts. The parser of Conventional Commits is given one line at a time: it refuses a whole message for a small slip
//! in its body, and with it the `!` in its title.

use git_conventional::Commit as Conventional;

/// The least digits of a commit's id that name one.
const SHORTEST_ID: usize = 7;

/// A message, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// The type, in lower case; none where the title is not conventional.
    pub(crate) kind: Option<String>,
    /// The scope.
    pub(crate) scope: Option<String>,
    /// What it does, in its author's words.
    pub(crate) summary: String,
    /// Whether something that worked may not work any more.
    pub(crate) breaking: bool,
    /// The version that a `Release-As:` footer asks for, as written.
    pub(crate) release_as: Option<String>,
    /// Whether a `Changelog: skip` footer keeps it out of changelogs.
    pub(crate) unlisted: bool,
    /// What it reverts.
    pub(crate) reverts: Vec<Reverted>,
}

/// What a revert names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reverted {
    /// A commit, by its id or the beginning of it.
    Id(String),
    /// A commit, by its title.
    Title(String),
}

impl Message {
    /// Understands a message.
    pub(crate) fn of(text: &str) -> Self {
        let title = text.lines().next().unwrap_or_default().trim();
        let mut message = Self::of_title(title);
        let mut in_code = false;
        for line in text.lines().skip(1).map(str::trim) {
            if line.starts_with("```") {
                in_code = !in_code;
            } else if !in_code {
                message.body_line(line);
            }
        }
        message.reverts.extend(reverted_title(title));
        message
    }

    fn of_title(title: &str) -> Self {
        let Ok(parsed) = Conventional::parse(title) else {
            return Self { summary: title.to_owned(), ..Self::default() };
        };
        Self {
            kind: Some(parsed.type_().as_str().to_lowercase()),
            scope: parsed.scope().map(|scope| scope.as_str().to_owned()),
            summary: parsed.description().to_owned(),
            breaking: parsed.breaking(),
            ..Self::default()
        }
    }

    /// A line of the body. Of the titles in the body of a squash merge only what breaks counts: the rest is told by the
    /// title above them.
    fn body_line(&mut self, line: &str) {
        let item = line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")).unwrap_or(line);
        self.breaking |= item.starts_with("BREAKING CHANGE: ") || item.starts_with("BREAKING-CHANGE: ");
        self.breaking |= breaking_title(item);
        if let Some(version) = footer(line, "release-as") {
            self.release_as = Some(version.to_owned());
        }
        self.unlisted |= footer(line, "changelog").is_some_and(|value| value.eq_ignore_ascii_case("skip"));
        self.reverts.extend(reverted_id(line));
    }
}

/// Whether a line of a body is a conventional title with a `!`. Types are written in lower case there, so that a shout
/// in prose (`Attention!: …`) is none.
fn breaking_title(line: &str) -> bool {
    let is_typed = line
        .split(['(', '!', ':'])
        .next()
        .is_some_and(|kind| !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_'));
    is_typed && line.contains("!:") && Conventional::parse(line).is_ok_and(|parsed| parsed.breaking())
}

fn footer<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (token, value) = line.split_once(": ")?;
    token.eq_ignore_ascii_case(key).then(|| value.trim())
}

/// The id in git's own `This reverts commit ID.`
fn reverted_id(line: &str) -> Option<Reverted> {
    let rest = line.strip_prefix("This reverts commit ")?;
    let id: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    (id.len() >= SHORTEST_ID).then_some(Reverted::Id(id.to_ascii_lowercase()))
}

/// The title in `Revert "TITLE"`, `revert: TITLE`.
fn reverted_title(title: &str) -> Option<Reverted> {
    let rest = title.strip_prefix("Revert ").or_else(|| title.strip_prefix("revert: "))?;
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.rsplit_once('"')).map(|(quoted, _)| quoted);
    Some(Reverted::Title(quoted.unwrap_or(rest).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: a message, its type, and whether it breaks anything.
    #[test]
    fn types_and_what_breaks() {
        let table = [
            ("feat: add `tap`", Some("feat"), false),
            ("Feat: add `tap`", Some("feat"), false),
            ("feat(core)!: drop `Old`", Some("feat"), true),
            ("fix: a\n\nBREAKING CHANGE: b", Some("fix"), true),
            ("fix: a\n\nBREAKING-CHANGE: b", Some("fix"), true),
            ("fix: a\n\nbreaking change: b", Some("fix"), false),
            ("feat!: a\nb without a blank line", Some("feat"), true),
            ("fix: a\nBREAKING CHANGE: b", Some("fix"), true),
            ("feat : x", None, false),
            ("fixup! feat: x", None, false),
            ("Merge branch `x`", None, false),
            ("fix: a (#1)\n\n* feat: b\n* refactor!: c", Some("fix"), true),
            ("fix: a (#1)\n\n- feat: b\n- fix: c", Some("fix"), false),
            ("fix: a\n\nAttention!: this is prose", Some("fix"), false),
            ("fix: a\n\n```\nfeat!: an example\n```", Some("fix"), false),
            ("Squash (#1)\n\n* feat(x)!: b", None, true),
        ];
        for (text, kind, breaking) in table {
            let message = Message::of(text);
            assert_eq!((message.kind.as_deref(), message.breaking), (kind, breaking), "{text}");
        }
    }

    // Footers are read whatever their case, and other lines are none.
    #[test]
    fn footers() {
        let message = Message::of("fix: a\n\nwords\n\nrelease-as: 2.0.0\nChangelog: skip");
        assert_eq!((message.release_as.as_deref(), message.unlisted), (Some("2.0.0"), true));
        let message = Message::of("fix: a\n\nChangelog: added\nWe Release-As: soon");
        assert_eq!((message.release_as, message.unlisted), (None, false));
    }

    // A revert names an id, a title, or both; the id is in the body.
    #[test]
    fn reverts() {
        let message = Message::of("Revert \"feat: a \"b\"\"\n\nThis reverts commit 0123456789abcdef.");
        let (id, title) = (Reverted::Id("0123456789abcdef".into()), Reverted::Title("feat: a \"b\"".into()));
        assert_eq!(message.reverts, [id, title]);
        assert_eq!(Message::of("revert: feat: a").reverts, [Reverted::Title("feat: a".into())]);
        assert_eq!(Message::of("fix: a\n\nThis reverts commit abc.").reverts, []);
    }
}

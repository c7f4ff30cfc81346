//! What the message of a commit says, read once: the bump, the explanation, the draft and the findings all use this
//! reading, so that they cannot disagree.
//!
//! `git-conventional` reads titles, one line at a time: given a whole message it refuses all of it for a small slip in the
//! body, and with it the `!` in the title. A message tells of the change in its title and, where it is a squash merge, of
//! those that its body lists.

mod body;
mod near_miss;
#[cfg(test)]
mod tests;
mod title;

pub(crate) use near_miss::NearMiss;

/// The trailer that our release commits have.
pub(crate) const RELEASE_TRAILER: &str = "Release-Plan";

/// The message of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CommitMessage {
    /// The first line.
    pub subject: String,
    /// The change that the subject tells of.
    pub title: Change,
    /// The changes that the body of a squash merge lists, in its order.
    pub listed: Vec<Change>,
    /// The version that a `Release-As:` footer asks for, as written.
    pub release_as: Option<String>,
    /// Whether a `Changelog: skip` footer keeps it out of changelogs.
    pub unlisted: bool,
    /// Whether it has the trailer of our release commits.
    pub is_release: bool,
    /// What it reverts.
    pub reverts: Vec<Reverted>,
    /// What looks as if it was meant to say that something breaks, and does not.
    pub near_misses: Vec<NearMiss>,
}

/// A change that a message tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The type, in lower case; none where the line is not conventional.
    pub kind: Option<String>,
    /// The word before the colon, in lower case, whether or not it is a type.
    pub word: Option<String>,
    /// The scope.
    pub scope: Option<String>,
    /// What it does, in its author's words: without the type and the scope where the line is conventional, else the line.
    pub summary: String,
    /// The line, as written, without the mark of a list.
    pub line: String,
    /// Whether the line itself says that something breaks (`feat!: …`).
    pub marked: bool,
    /// The texts of the footers that say what breaks.
    pub breaks: Vec<Footer>,
}

/// A footer that says what breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footer {
    /// Its first line, as written: what is quoted.
    pub line: String,
    /// What it says, in lines.
    pub text: String,
}

/// What a revert names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reverted {
    /// A commit, by its id or the beginning of it.
    Id(String),
    /// A commit, by its title.
    Title(String),
}

impl Change {
    /// Whether something that worked may not work any more.
    pub fn is_breaking(&self) -> bool {
        self.marked || !self.breaks.is_empty()
    }

    /// The names in the scope: `a` and `b` in `feat(a, b): …`.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let scopes = self.scope.as_deref().unwrap_or_default().split([',', '/']);
        scopes.map(str::trim).filter(|scope| !scope.is_empty())
    }

    /// What it does, and the line that says that it breaks something where that is another one.
    pub fn told(&self) -> String {
        match self.breaks.first().filter(|_| !self.marked) {
            Some(footer) => format!("{} (`{}`)", self.summary, shortened(&footer.line)),
            None => self.summary.clone(),
        }
    }
}

/// How many characters of a line are quoted.
const QUOTED: usize = 100;

fn shortened(line: &str) -> String {
    if line.chars().count() <= QUOTED {
        return line.to_owned();
    }
    let start: String = line.chars().take(QUOTED - 1).collect();
    format!("{}…", start.trim_end())
}

impl CommitMessage {
    /// Reads a message.
    pub(crate) fn of(text: &str) -> Self {
        let subject = text.lines().next().unwrap_or_default().trim();
        let mut message = Self { subject: subject.to_owned(), title: title::of_subject(subject), ..Self::default() };
        message.near_misses.extend(near_miss::in_subject(subject));
        body::read(&mut message, text.lines().skip(1));
        message.reverts.extend(title::reverted(subject));
        message
    }

    /// All changes, that of the title first.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &Change> {
        std::iter::once(&self.title).chain(&self.listed)
    }
}

//! A change note: which packages a change touches, how much, and what to say of it, in a file of its own.
//!
//! ```text
//! ---
//! core: feature
//! "cli": patch
//! ---
//!
//! Leaves can be steeped for a `Duration`.
//! ```
//!
//! The front matter is YAML, held to one flat map of names to levels, which is all that notes of any tool have. It is read
//! line by line, so that every fault has its line and an entry can be taken out without touching the rest.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

use crate::level::Level;
use crate::names::Digest;
use crate::names::PackageName;
use crate::phrase;

/// What stands above and below the front matter.
const FENCE: &str = "---";

/// The levels as they may be written, each with what it is.
const LEVELS: [(&str, Level); 5] = [
    ("breaking", Level::Breaking),
    ("feature", Level::Feature),
    ("patch", Level::Patch),
    ("major", Level::Breaking),
    ("minor", Level::Feature),
];

/// What some editors put at the beginning of a file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A note that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// The packages, in the order of the text.
    pub packages: Vec<NotedPackage>,
    /// What it says: Markdown without blank lines around it, with `\n` as its line ending.
    pub text: String,
    /// The packages by name: each is asked for over and over, and a note may name thousands.
    pub(super) levels: BTreeMap<PackageName, Level>,
}

/// A package that a note names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedPackage {
    /// Its name, as it is written.
    pub name: PackageName,
    /// What the change is to those who use it.
    pub level: Level,
    /// The line, from one.
    pub line: usize,
}

/// What is wrong with a note, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteFault {
    /// The line, from one.
    pub line: usize,
    /// What it is.
    pub kind: NoteFaultKind,
}

/// What can be wrong with a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteFaultKind {
    /// It does not begin with front matter.
    NoFrontMatter,
    /// The front matter does not end.
    Unclosed,
    /// The front matter names no package.
    NoPackage,
    /// A line of it is no name with a level.
    NoPair(String),
    /// A package is named a second time.
    Twice(PackageName),
    /// A level that does not exist; with the one that is near.
    Level(String, Option<&'static str>),
    /// It says nothing.
    NoText,
}

impl Note {
    /// Reads a note as far as it can be read, and what is wrong with it, in the order of the text.
    pub fn read(text: &str) -> (Self, Vec<NoteFault>) {
        let mut lines = numbered(text).skip_while(|(_, line)| line.trim().is_empty());
        let first = lines.next();
        let Some((line, _)) = first.filter(|(_, line)| line.trim_end() == FENCE) else {
            let line = first.map_or(1, |(line, _)| line);
            return (Self::default(), vec![NoteFault { line, kind: NoteFaultKind::NoFrontMatter }]);
        };
        let mut note = Self::default();
        let mut faults = Vec::new();
        let mut end = None;
        for (line, raw) in lines.by_ref() {
            if raw.trim_end() == FENCE {
                end = Some(line);
                break;
            }
            match note.entry(raw, line) {
                Ok(None) => {}
                Ok(Some(entry)) => {
                    note.levels.insert(entry.name.clone(), entry.level);
                    note.packages.push(entry);
                }
                Err(kind) => faults.push(NoteFault { line, kind }),
            }
        }
        let Some(end) = end else {
            return (Self::default(), vec![NoteFault { line, kind: NoteFaultKind::Unclosed }]);
        };
        if note.packages.is_empty() && faults.is_empty() {
            faults.push(NoteFault { line, kind: NoteFaultKind::NoPackage });
        }
        let text: String = lines.map(|(_, line)| format!("{line}\n")).collect();
        // An indented first line, or a lone carriage return, would be read otherwise once it is written again.
        note.text = super::document::entry(&phrase::plain(&text).replace('\r', "")).trim_start().to_owned();
        if note.text.is_empty() {
            faults.push(NoteFault { line: end, kind: NoteFaultKind::NoText });
        }
        (note, faults)
    }

    /// The entry of a line of the front matter; none where the line is blank or a comment.
    fn entry(&self, raw: &str, line: usize) -> Result<Option<NotedPackage>, NoteFaultKind> {
        let Some((name, level)) = pair(raw)? else { return Ok(None) };
        let name = PackageName::from(name);
        if self.levels.contains_key(&name) {
            return Err(NoteFaultKind::Twice(name));
        }
        self::level(level).map(|level| Some(NotedPackage { name, level, line })).map_err(|near| {
            let level = if level.is_empty() { "nothing" } else { level };
            NoteFaultKind::Level(level.to_owned(), near)
        })
    }

    /// The level of a package; none where it is not named.
    pub fn level_of(&self, name: &PackageName) -> Option<Level> {
        self.levels.get(name).copied()
    }

    /// The first line of what it says, without the marks of a heading or a list.
    pub fn summary(&self) -> &str {
        let first = self.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("##"));
        first.unwrap_or_default().trim_start_matches(['#', '-', '*', '+', ' ']).trim_end()
    }

    /// The short hash of what it says, by which the marker of a draft knows it: it survives another name of the file, and
    /// a release of some of its packages.
    pub fn key(&self) -> String {
        let digest = Digest::of(format!("note {}", self.text).as_bytes());
        digest.as_str().chars().take(super::marker::DIGITS).collect()
    }

    /// A note as it is written: the packages with their levels, and the text.
    pub fn written(packages: &[(PackageName, Level)], text: &str) -> String {
        let line = |(name, level): &(PackageName, Level)| format!("{}: {level}\n", quoted(name.as_str()));
        let lines: String = packages.iter().map(line).collect();
        format!("{FENCE}\n{lines}{FENCE}\n\n{}\n", text.trim())
    }

    /// The name of the file for a text: its first words, or a hash of it where those have no letters that every file
    /// system takes. Always the same for the same text.
    pub fn file_name(text: &str) -> String {
        let plain: String = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_ascii_lowercase();
        let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut name = String::new();
        for word in words.take(WORDS) {
            if name.len() + word.len() > LONGEST && !name.is_empty() {
                break;
            }
            name.push_str(if name.is_empty() { "" } else { "-" });
            name.push_str(word.get(..word.len().min(LONGEST)).unwrap_or(word));
        }
        // The directory may have a file of that name that is no note.
        if name.is_empty() || name == "readme" {
            name = format!("note-{}", Digest::of(text.as_bytes()).as_str().get(..8).unwrap_or_default());
        }
        name
    }
}

/// How many words of a text become the name of its file.
const WORDS: usize = 7;

/// How long that name gets, in letters.
const LONGEST: usize = 48;

/// The text of a note without these packages, all else as it stands; none where no other package remains.
pub(crate) fn without(text: &str, names: &[PackageName]) -> Option<String> {
    let (note, faults) = Note::read(text);
    let names: BTreeSet<&PackageName> = names.iter().collect();
    let is_gone = |package: &&NotedPackage| names.contains(&package.name);
    if note.packages.iter().all(|package| is_gone(&package)) {
        return None;
    }
    // A second line of a package goes too, or the package would still be named.
    let again = faults.iter().filter(|fault| matches!(&fault.kind, NoteFaultKind::Twice(name) if names.contains(name)));
    let first = note.packages.iter().filter(is_gone).map(|package| package.line);
    let gone: BTreeSet<usize> = first.chain(again.map(|fault| fault.line)).collect();
    let lines = (1..).zip(text.split_inclusive('\n')).filter(|(line, _)| !gone.contains(line));
    Some(lines.map(|(_, line)| line).collect())
}

/// The lines, numbered from one, without their endings and without a byte order mark.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).lines())
}

/// A name and its level; none for a line that is blank or a comment.
fn pair(raw: &str) -> Result<Option<(&str, &str)>, NoteFaultKind> {
    let line = raw.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let no_pair = || NoteFaultKind::NoPair(line.to_owned());
    let (name, rest) = scalar(line).ok_or_else(no_pair)?;
    let rest = rest.trim_start().strip_prefix(':').filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let rest = rest.ok_or_else(no_pair)?.trim_start();
    let (level, rest) = if rest.is_empty() { ("", "") } else { scalar(rest).ok_or_else(no_pair)? };
    let rest = rest.trim_start();
    let ends = rest.is_empty() || rest.starts_with('#');
    if ends && !name.is_empty() && !level.contains(':') { Ok(Some((name, level))) } else { Err(no_pair()) }
}

/// A name as a word of the front matter, in quotes where it would not be read as one word.
fn quoted(name: &str) -> String {
    let is_plain = scalar(name) == Some((name, "")) && !name.is_empty() && !name.starts_with('#');
    match (is_plain, name.contains('"')) {
        (true, _) => name.to_owned(),
        (false, false) => format!("\"{name}\""),
        (false, true) => format!("'{name}'"),
    }
}

/// A plain or quoted word at the beginning of a text, and what follows it.
fn scalar(text: &str) -> Option<(&str, &str)> {
    if let Some(quote) = text.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
        return text.get(1..)?.split_once(quote);
    }
    let ends = |(at, c): (usize, char)| {
        let after = text.get(at + c.len_utf8()..).unwrap_or_default();
        let colon = c == ':' && (after.is_empty() || after.starts_with([' ', '\t']));
        (colon || c.is_whitespace()).then_some(at)
    };
    Some(text.split_at(text.char_indices().find_map(ends).unwrap_or(text.len())))
}

/// The level that a word of a note means.
///
/// # Errors
/// The word that is near, where one is.
pub(crate) fn level(word: &str) -> Result<Level, Option<&'static str>> {
    if let Some((_, level)) = LEVELS.iter().find(|(known, _)| *known == word) {
        return Ok(*level);
    }
    Err(phrase::similar(word, LEVELS.iter().map(|(known, _)| *known)))
}

impl NoteFaultKind {
    /// What to do.
    pub fn help(&self) -> String {
        match self {
            Self::NoFrontMatter => {
                "start with a line `---`, then lines such as `core: feature`, then a line `---`".into()
            }
            Self::Unclosed => "end it with a line `---` above the text".into(),
            Self::NoPackage => "name one with its level: `core: feature`".into(),
            Self::NoPair(_) => "each line names one package with its level: `core: feature`".into(),
            Self::Twice(_) => "keep the higher level".into(),
            Self::Level(_, Some(near)) => format!("did you mean `{near}`?"),
            Self::Level(_, None) => "the levels are breaking, feature, patch".into(),
            Self::NoText => "describe the change for users, below the front matter".into(),
        }
    }
}

impl fmt::Display for NoteFaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFrontMatter => f.write_str("the note has no front matter that names packages"),
            Self::Unclosed => f.write_str("the front matter of the note is not closed"),
            Self::NoPackage => f.write_str("the note names no package"),
            Self::NoPair(line) => write!(f, "`{line}` is not `PACKAGE: LEVEL`"),
            Self::Twice(name) => write!(f, "the note names `{name}` a second time"),
            Self::Level(level, _) => write!(f, "`{level}` is not a level"),
            Self::NoText => f.write_str("the note is empty"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, in one line: packages with their levels and lines, the text, and the faults with theirs.
    fn told(text: &str) -> String {
        let (note, faults) = Note::read(text);
        let packages = note.packages.iter().map(|it| format!("{} {} {}", it.name, it.level, it.line));
        let faults = faults.iter().map(|fault| format!("{}: {}", fault.line, fault.kind));
        let parts = packages.chain((!note.text.is_empty()).then(|| format!("{:?}", note.text))).chain(faults);
        parts.collect::<Vec<_>>().join(" | ")
    }

    // Each row: a file, and what is read from it. Quotes, comments, blank lines, CRLF, a byte order mark and the levels of
    // other tools work.
    #[test]
    fn notes_are_read() {
        let table = [
            ("---\ncore: feature\n---\n\nText.\n", "core feature 2 | \"Text.\""),
            ("---\ncore: major\ncli:   minor\n---\nText.", "core breaking 2 | cli feature 3 | \"Text.\""),
            ("---\n\"core\": patch\n'cli-x' : 'breaking'\n---\na\n", "core patch 2 | cli-x breaking 3 | \"a\""),
            ("---\n# why\n\n  core: patch # small\n---\na\n", "core patch 4 | \"a\""),
            ("\u{feff}---\r\ncore: patch\r\n---\r\n\r\na\r\n\r\nb\r\n", "core patch 2 | \"a\\n\\nb\""),
            ("\n---  \ncore: patch\n--- \na\n---\nb\n", "core patch 3 | \"a\\n---\\nb\""),
        ];
        for (text, expected) in table {
            assert_eq!(told(text), expected, "{text:?}");
        }
    }

    // Each row: a file, and what is wrong with it, all of it, with the line.
    #[test]
    fn faults_have_their_lines() {
        let table = [
            ("", "1: the note has no front matter that names packages"),
            ("\n\ncore: patch\n", "3: the note has no front matter that names packages"),
            ("---\ncore: patch\n\nText.\n", "1: the front matter of the note is not closed"),
            ("---\n# core\n---\nText.\n", "\"Text.\" | 1: the note names no package"),
            ("---\ncore: patch\n---\n\n \n", "core patch 2 | 3: the note is empty"),
            ("---\ncore: huge\ncli: patch\n---\na\n", "cli patch 3 | \"a\" | 2: `huge` is not a level"),
            ("---\ncore:\n---\na\n", "\"a\" | 2: `nothing` is not a level"),
            ("---\ncore:patch\n---\na\n", "\"a\" | 2: `core:patch` is not `PACKAGE: LEVEL`"),
            ("---\n- core\n---\na\n", "\"a\" | 2: `- core` is not `PACKAGE: LEVEL`"),
            ("---\n{core: patch}\n---\na\n", "\"a\" | 2: `patch}` is not a level"),
            ("---\n\"core: patch\n---\na\n", "\"a\" | 2: `\"core: patch` is not `PACKAGE: LEVEL`"),
            (
                "---\ncore: patch\ncore: feature\n---\na\n",
                "core patch 2 | \"a\" | 3: the note names `core` a second time",
            ),
        ];
        for (text, expected) in table {
            assert_eq!(told(text), expected, "{text:?}");
        }
    }

    // A level that is near is named.
    #[test]
    fn near_levels_are_named() {
        let help = |level: &str| Note::read(&format!("---\na: {level}\n---\nb\n")).1[0].kind.help();
        assert_eq!(help("feat"), "did you mean `feature`?");
        assert_eq!(help("Breaking"), "did you mean `breaking`?");
        assert_eq!(help("x"), "the levels are breaking, feature, patch");
    }

    // A package goes with its line and nothing else; the last one takes the file with it.
    #[test]
    fn packages_are_taken_out() {
        let names = |names: &[&str]| names.iter().map(|name| PackageName::from(*name)).collect::<Vec<_>>();
        let text = "\u{feff}---\r\n# why\r\n\"core\": major # all\r\ncli: patch\r\n---\r\n\r\na: b\r\n";
        let rest = "\u{feff}---\r\n# why\r\ncli: patch\r\n---\r\n\r\na: b\r\n";
        assert_eq!(without(text, &names(&["core"])).as_deref(), Some(rest));
        assert_eq!(without(text, &names(&["other"])).as_deref(), Some(text));
        assert_eq!(without(text, &names(&["cli", "core"])), None);
        assert_eq!(Note::read(text).0.key(), Note::read(rest).0.key());
    }

    // What is written is read back.
    #[test]
    fn what_is_written_is_read() {
        let text = Note::written(&[("core".into(), Level::Feature), ("cli".into(), Level::Patch)], " Ä.\n\nB\n");
        assert_eq!(text, "---\ncore: feature\ncli: patch\n---\n\nÄ.\n\nB\n");
        assert_eq!(told(&text), "core feature 2 | cli patch 3 | \"Ä.\\n\\nB\"");
    }

    // Each row: a text, and the name of its file.
    #[test]
    fn names_come_from_the_text() {
        let table = [
            ("Steep for a `Duration`.", "steep-for-a-duration"),
            ("\n\n## Don't pour\n\nMore", "don-t-pour"),
            ("One two three four five six seven eight", "one-two-three-four-five-six-seven"),
            ("Ägypten", "gypten"),
            ("お茶", "note-d56d29df"),
            ("README", "note-2b7814d3"),
        ];
        for (text, expected) in table {
            assert_eq!(Note::file_name(text), expected, "{text}");
        }
        assert!(Note::file_name(&"very-long-word ".repeat(9)).len() <= 2 * LONGEST);
    }
}

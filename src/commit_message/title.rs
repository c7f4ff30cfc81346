//! A line as a conventional title: `type(scope)!: summary`.

use git_conventional::Commit;

use super::Change;
use super::Reverted;

/// The types that are known. Another word before a colon (`tokio: …`, `Channel: …`) is the name of a thing in most
/// projects, and part of what the line says.
const TYPES: [&str; 29] = [
    "feat",
    "feature",
    "fix",
    "bugfix",
    "hotfix",
    "docs",
    "doc",
    "style",
    "refactor",
    "perf",
    "test",
    "tests",
    "build",
    "ci",
    "chore",
    "revert",
    "security",
    "sec",
    "deps",
    "dep",
    "add",
    "change",
    "remove",
    "rename",
    "deprecate",
    "improve",
    "release",
    "wip",
    "merge",
];

/// The change that the first line of a message tells of.
pub(super) fn of_subject(line: &str) -> Change {
    if let Some(footer) = super::body::breaking_footer(line) {
        return Change {
            summary: footer.text.clone(),
            line: line.to_owned(),
            breaks: vec![super::Footer { text: String::new(), ..footer }],
            ..Change::default()
        };
    }
    read(line, |_word| true)
}

/// The change that a line of a body tells of; none where it is no conventional title. A word that is no known type is
/// one there only in lower case and with a `!`, so that a shout in prose (`Attention!: …`) is none.
pub(super) fn of_line(line: &str) -> Option<Change> {
    let change = read(line, |word| !word.contains(|c: char| c.is_ascii_uppercase()));
    change.kind.is_some().then_some(change)
}

fn read(line: &str, may_shout: impl Fn(&str) -> bool) -> Change {
    let whole = Change { summary: line.to_owned(), line: line.to_owned(), ..Change::default() };
    let Ok(parsed) = Commit::parse(line) else { return whole };
    let word = parsed.type_().as_str();
    let is_word = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    // `array::X: …` is a path.
    if !is_word || parsed.description().starts_with(':') {
        return whole;
    }
    let kind = word.to_ascii_lowercase();
    let scope = parsed.scope().map(|scope| scope.as_str().to_owned());
    let marked = parsed.breaking() && (is_type(&kind) || may_shout(word));
    if !marked && !is_type(&kind) {
        return Change { word: Some(kind), scope, ..whole };
    }
    Change {
        summary: parsed.description().to_owned(),
        word: Some(kind.clone()),
        kind: Some(kind),
        scope,
        marked,
        ..whole
    }
}

fn is_type(word: &str) -> bool {
    TYPES.contains(&word)
}

/// The title in `Revert "TITLE"`, `revert: TITLE`.
pub(super) fn reverted(title: &str) -> Option<Reverted> {
    let rest = title.strip_prefix("Revert ").or_else(|| title.strip_prefix("revert: "))?;
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.rsplit_once('"')).map(|(quoted, _)| quoted);
    Some(Reverted::Title(quoted.unwrap_or(rest).to_owned()))
}

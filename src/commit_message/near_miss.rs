//! Lines that were meant to say that something breaks, and that no tool takes for it.

use std::sync::LazyLock;

use regex::Regex;

/// Such a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NearMiss {
    /// As written.
    pub line: String,
    /// How it would count.
    pub instead: String,
}

/// `BREAKING CHANGES: …`, `**BREAKING CHANGE:** …`, `breaking change: …`. Headings are not among them: forms for pull
/// requests have one whether something breaks or not.
#[expect(clippy::unwrap_used, reason = "a pattern of ours, which a test reads")]
static FOOTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\*\*|__|\[)?(?i:breaking)(?:[ _-](?i:changes?))?(?:\*\*|__|\])?\s*:(?:\*\*|__)?\s*(.*)$").unwrap()
});

/// `feat!(core): …`, `feat !: …`.
#[expect(clippy::unwrap_used, reason = "a pattern of ours, which a test reads")]
static TITLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([a-z][a-z-]*)(?:!(\([^()]+\))|(\([^()]+\))? +!) ?: *(.*)$").unwrap());

/// `[core] feat!: …`, `PROJ-12: feat!: …`, `💥 feat!: …`: a mark before the type hides it.
#[expect(clippy::unwrap_used, reason = "a pattern of ours, which a test reads")]
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\[[^\]]+\]|[A-Z][A-Z0-9]*-[0-9]+|[^\x00-\x7F]+|:[a-z_]+:):? *([a-z]+(?:\([^()]+\))?!: .+)$")
        .unwrap()
});

/// What says that there is nothing.
const NOTHING: [&str; 6] = ["none", "no", "n/a", "false", "nothing", "-"];

/// In a line of a body.
pub(super) fn in_body(line: &str) -> Option<NearMiss> {
    let text = FOOTER.captures(line)?.get(1)?.as_str().trim();
    let said = text.trim_end_matches(['.', '!']).to_ascii_lowercase();
    let is_nothing = said.is_empty() || NOTHING.contains(&said.as_str());
    (!is_nothing).then(|| NearMiss { line: line.to_owned(), instead: "BREAKING CHANGE: …".to_owned() })
}

/// In the first line.
pub(super) fn in_subject(line: &str) -> Option<NearMiss> {
    if let Some(parts) = TITLE.captures(line) {
        let scope = parts.get(2).or(parts.get(3)).map_or("", |scope| scope.as_str());
        return Some(NearMiss { line: line.to_owned(), instead: format!("{}{scope}!: {}", &parts[1], &parts[4]) });
    }
    if let Some(parts) = HIDDEN.captures(line) {
        return Some(NearMiss { line: line.to_owned(), instead: parts[1].to_owned() });
    }
    if super::body::breaking_footer(line).is_some() {
        return None;
    }
    in_body(line)
}

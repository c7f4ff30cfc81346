//! Phrases that every room shares: counts, lists that are cut short, and suggestions for a misspelt name. Pure.

/// A text without escape sequences, control characters and changes of direction, by which it could show something else
/// than it says: for what goes into changelogs, commits and tags. Lines and tabs stay.
pub(crate) fn plain(text: &str) -> String {
    if !text.chars().any(is_deceptive) {
        return text.to_owned();
    }
    anstream::adapter::strip_str(text).to_string().chars().filter(|c| !is_deceptive(*c)).collect()
}

/// Whether it is no character of a plain text, or changes the direction of writing.
fn is_deceptive(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

/// `1 error`, `3 errors`: a count with its noun, which takes an `s` for all counts but one.
pub(crate) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `a, b, c, and 4 more`: the first `shown` of a list, and how many were left out.
pub(crate) fn first<T: ToString>(all: impl IntoIterator<Item = T>, shown: usize) -> String {
    let all: Vec<String> = all.into_iter().map(|each| each.to_string()).collect();
    let named = all.iter().take(shown).map(String::as_str).collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(shown) {
        0 => named,
        more if named.is_empty() => format!("{more} more"),
        more => format!("{named}, and {more} more"),
    }
}

/// How alike two names must be for one to be suggested, from 0 to 1 (Jaro-Winkler).
const ALIKE: f64 = 0.8;

/// The known name that a misspelt one is most like; none where none is alike.
pub(crate) fn similar<'k>(misspelt: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let misspelt = misspelt.to_lowercase();
    let alike = known.into_iter().map(|known| (strsim::jaro_winkler(&misspelt, &known.to_lowercase()), known));
    let alike = alike.filter(|(alike, _)| *alike >= ALIKE).max_by(|(one, _), (other, _)| one.total_cmp(other));
    alike.map(|(_, known)| known)
}

/// How many names are listed where none is like the one that was given.
const LISTED: usize = 12;

/// What to say of a name that is none of these: the one that is alike, else what there is.
pub(crate) fn suggestion<'k>(misspelt: &str, known: impl Iterator<Item = &'k str>, what: &str) -> String {
    let known: std::collections::BTreeSet<&str> = known.collect();
    match similar(misspelt, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{what}: {}", first(known, LISTED)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: a text from elsewhere, and what goes into a changelog of it.
    #[test]
    fn plain_texts_show_what_they_say() {
        let table = [
            ("fix: \u{1b}[31mred\u{1b}[0m", "fix: red"),
            ("fix: \u{1b}]8;;http://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\", "fix: link"),
            ("fix: bell\u{7}, back\u{8}, del\u{7f}", "fix: bell, back, del"),
            ("fix: c1 \u{9b}31mred", "fix: c1 31mred"),
            ("fix: \u{202e}gnp.exe", "fix: gnp.exe"),
            ("one\n\ttwo \u{1f375} é\r\n", "one\n\ttwo \u{1f375} é\r\n"),
        ];
        for (text, expected) in table {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    // One is singular; zero and all others are plural.
    #[test]
    fn counts_have_their_plural() {
        assert_eq!([0, 1, 2].map(|number| count(number, "error")), ["0 errors", "1 error", "2 errors"]);
    }

    // Only what is alike is suggested, whatever its case.
    #[test]
    fn a_misspelt_name_has_a_suggestion() {
        let known = ["major", "minor", "patch"];
        assert_eq!(similar("mior", known), Some("minor"));
        assert_eq!(similar("PATH", known), Some("patch"));
        assert_eq!(similar("release", known), None);
    }

    // A list says how many it leaves out, and nothing where it leaves out none.
    #[test]
    fn a_list_says_what_it_leaves_out() {
        assert_eq!(first(["a", "b", "c"], 2), "a, b, and 1 more");
        assert_eq!(first(["a", "b"], 2), "a, b");
    }
}

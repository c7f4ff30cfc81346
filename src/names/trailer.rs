//! The trailers of release commits: by them a release is recognised whichever way it came to a branch.

/// The plan that a release commit was made by.
pub(crate) const PLAN: &str = "Release-Plan";

/// The commit that the plan was made for.
pub(crate) const BASE: &str = "Release-Base";

/// Whether a message has a trailer of this key.
pub(crate) fn is_in(message: &str, key: &str) -> bool {
    values(message, key).next().is_some()
}

/// The values that a message gives to a key, in order. A squashed message keeps the trailers of its commits anywhere in
/// its text, so that all lines are looked at.
pub(crate) fn values<'m>(message: &'m str, key: &'m str) -> impl Iterator<Item = &'m str> {
    let of_key = move |line: &'m str| line.trim().strip_prefix(key)?.strip_prefix(':').map(str::trim);
    message.lines().filter_map(of_key).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    // The trailers of every commit in a squash are found, indented as some forges have them; a word in a sentence is none.
    #[test]
    fn trailers_are_found_anywhere() {
        let squashed = "chore: Release (#7)\n\n* chore: Release\n\n  Release-Plan: 1\n\n* more\n\nRelease-Plan: 2\n";
        assert_eq!(values(squashed, PLAN).collect::<Vec<_>>(), ["1", "2"]);
        assert!(!is_in("docs: what `Release-Plan: 1` means\n\nRelease-Planned: 3\nRelease-Plan:\n", PLAN));
    }
}

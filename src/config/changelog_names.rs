//! What changelogs are called: a file that is there under a usual name is the changelog, whatever its spelling.

use std::cmp::Ordering;

/// What a changelog is called where nobody says.
pub(crate) const DEFAULT_CHANGELOG: &str = "CHANGELOG.md";

/// The directories below a package's that may hold its changelog.
pub(crate) const CHANGELOG_DIRS: [&str; 2] = ["docs", "doc"];

/// The usual names, without case, separators and ending; the first that is there wins.
const STEMS: [&str; 6] = ["changelog", "releases", "changes", "history", "news", "releasenotes"];

/// Those that may lie in a directory of documents, where a `history.md` is as often a chapter.
const STEMS_IN_DOCS: [&str; 2] = ["changelog", "releasenotes"];

/// A file that is called as changelogs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChangelogName<'a> {
    /// Whether it is Markdown; entries cannot be written into anything else.
    pub is_markdown: bool,
    in_docs: bool,
    stem: usize,
    path: &'a str,
}

impl<'a> ChangelogName<'a> {
    /// What a path, relative to the directory of a package, says of the file; none where changelogs are called otherwise.
    pub(crate) fn of(path: &'a str) -> Option<Self> {
        let (dir, file) = path.rsplit_once('/').unwrap_or(("", path));
        let in_docs = CHANGELOG_DIRS.contains(&dir);
        if !in_docs && !dir.is_empty() {
            return None;
        }
        let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
        let is_markdown = match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "mdown" | "mkd" => true,
            "" | "rst" | "txt" | "text" | "adoc" | "asciidoc" | "org" => false,
            _ => return None,
        };
        let stem = stem.to_ascii_lowercase().replace(['-', '_', ' '], "");
        let is_usual = !in_docs || STEMS_IN_DOCS.contains(&stem.as_str());
        let stem = STEMS.iter().position(|usual| is_usual && *usual == stem)?;
        Some(Self { is_markdown, in_docs, stem, path })
    }
}

impl ChangelogName<'_> {
    /// Whether the name alone does not tell: release notes, and what lies among documents, may be anything.
    pub(crate) fn is_vague(&self) -> bool {
        self.in_docs || self.stem + 1 == STEMS.len()
    }
}

impl Ord for ChangelogName<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |name: &Self| (!name.is_markdown, name.in_docs, name.stem);
        key(self).cmp(&key(other)).then_with(|| self.path.cmp(other.path))
    }
}

impl PartialOrd for ChangelogName<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: a path, and whether it is a changelog that can be written, one that cannot, or none.
    #[test]
    fn names_are_recognised() {
        let table = [
            ("CHANGELOG.md", Some(true)),
            ("changeLog.MD", Some(true)),
            ("Change-Log.markdown", Some(true)),
            ("RELEASE_NOTES.md", Some(true)),
            ("release-notes.md", Some(true)),
            ("docs/CHANGELOG.md", Some(true)),
            ("CHANGELOG", Some(false)),
            ("CHANGELOG.rst", Some(false)),
            ("NEWS.txt", Some(false)),
            ("docs/history.md", None),
            ("src/changelog.md", None),
            ("changes.rs", None),
            ("CHANGELOG.md.orig", None),
            ("CHANGELOG-1.x.md", None),
        ];
        for (path, expected) in table {
            assert_eq!(ChangelogName::of(path).map(|name| name.is_markdown), expected, "{path}");
        }
    }

    // What can be written comes first, then what lies beside the manifest, then the more usual name.
    #[test]
    fn the_best_name_wins() {
        let order = ["CHANGELOG.md", "changelog.md", "NEWS.md", "docs/changelog.md", "CHANGELOG", "CHANGES.rst"];
        let mut names: Vec<ChangelogName> = order.iter().rev().filter_map(|path| ChangelogName::of(path)).collect();
        names.sort();
        assert_eq!(names.iter().map(|name| name.path).collect::<Vec<_>>(), order);
    }
}

//! Changelog output: diffs of drafts, entries for announcements, and the text that opens in an editor.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use similar::ChangeTag;
use similar::TextDiff;

use super::json;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;
use crate::plan::DraftedFile;
use crate::plan::ShownEntry;
use crate::report::screen::style;
use crate::report::screen::text;

/// Writes the changes of a file as a unified diff.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn difference(out: &mut dyn Write, file: &DraftedFile) -> io::Result<()> {
    let DraftedFile { path, before, after } = file;
    let old = if before.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
    writeln!(out, "{}", style::paint(style::TITLE, format!("--- {old}")))?;
    writeln!(out, "{}", style::paint(style::TITLE, format!("+++ b/{path}")))?;
    let diff = TextDiff::from_lines(before.as_str(), after.as_str());
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "{}", style::paint(style::HELP, hunk.header().to_string().trim_end()))?;
        for change in hunk.iter_changes() {
            let (mark, colour) = match change.tag() {
                ChangeTag::Delete => ('-', Some(style::ERROR)),
                ChangeTag::Insert => ('+', Some(style::NOTE)),
                ChangeTag::Equal => (' ', None),
            };
            let line = format!("{mark}{}", text::clean(change.value().trim_end_matches(['\n', '\r'])));
            match colour {
                Some(colour) => writeln!(out, "{}", style::paint(colour, line))?,
                None => writeln!(out, "{line}")?,
            }
        }
    }
    Ok(())
}

/// Writes entries unchanged; several entries get a heading with package and version each.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn entries(out: &mut dyn Write, entries: &[ShownEntry]) -> io::Result<()> {
    for (index, shown) in entries.iter().enumerate() {
        if entries.len() > 1 {
            let version = shown.version.as_ref().map_or("Unreleased".to_owned(), ToString::to_string);
            let gap = if index == 0 { "" } else { "\n" };
            writeln!(out, "{gap}## {} {version}\n", shown.package)?;
        }
        writeln!(out, "{}", shown.entry)?;
    }
    Ok(())
}

/// Writes entries as a JSON list.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn entries_json(out: &mut dyn Write, entries: &[ShownEntry]) -> io::Result<()> {
    json::pretty(out, &entries)
}

/// The comment above the entries in the editor.
const INSTRUCTIONS: &str = "\
<!-- Edit the changelog entries below. Each belongs to the package in the comment
     above it; do not change those comments. To cancel, save an empty file. -->
";

fn separator(package: &PackageName) -> String {
    format!("<!-- entry of {package} -->")
}

/// All entries as one text for the editor.
pub(crate) fn entry_list(entries: &BTreeMap<PackageName, String>) -> String {
    let parts = entries.iter().map(|(package, entry)| format!("\n{}\n\n{}\n", separator(package), entry.trim_end()));
    format!("{INSTRUCTIONS}{}", parts.collect::<String>())
}

/// Reads the edited entries.
///
/// # Errors
/// The text is empty, or the comment above an entry is missing or repeated.
pub(crate) fn read_entry_list(
    edited: &str,
    entries: &BTreeMap<PackageName, String>,
) -> Result<BTreeMap<PackageName, String>> {
    let known: BTreeMap<String, &PackageName> = entries.keys().map(|package| (separator(package), package)).collect();
    let edited = edited.replace("\r\n", "\n");
    let rest = edited.replace(INSTRUCTIONS, "");
    let said = |line: &&str| !line.trim().is_empty() && !known.contains_key(line.trim());
    if !rest.lines().any(|line| said(&line)) {
        return Err(Failure::blocked("canceled: the entries are empty"));
    }
    let mut found: BTreeMap<PackageName, String> = BTreeMap::new();
    let mut current: Option<&PackageName> = None;
    for line in rest.lines() {
        if let Some(package) = known.get(line.trim()) {
            if found.insert((*package).clone(), String::new()).is_some() {
                return Err(misplaced(package, "appears twice"));
            }
            current = Some(package);
            continue;
        }
        match current.and_then(|package| found.get_mut(package)) {
            Some(entry) => {
                entry.push_str(line);
                entry.push('\n');
            }
            None if line.trim().is_empty() => {}
            None => {
                return Err(Failure::blocked("canceled: there is text above the first entry").because(line));
            }
        }
    }
    if let Some(missing) = entries.keys().find(|package| !found.contains_key(*package)) {
        return Err(misplaced(missing, "is missing"));
    }
    Ok(found.into_iter().map(|(package, entry)| (package, entry.trim_matches('\n').trim_end().to_owned())).collect())
}

fn misplaced(package: &PackageName, how: &str) -> Failure {
    Failure::blocked(format!("canceled: the comment above the entry of `{package}` {how}"))
        .help(format!("keep `{}` on a separate line above the entry", separator(package)))
}

#[cfg(test)]
mod tests {
    use snapbox::IntoData as _;
    use snapbox::assert_data_eq;
    use snapbox::str;

    use super::*;

    fn two() -> BTreeMap<PackageName, String> {
        BTreeMap::from([("cli".into(), "### Fixed\n\n- a".to_owned()), ("core".into(), String::new())])
    }

    /// What is written to be edited is read back.
    #[test]
    fn entries_are_read_back() {
        let text = entry_list(&two());
        assert_eq!(read_entry_list(&text, &two()).unwrap(), two());
        assert_eq!(read_entry_list(&text.replace('\n', "\r\n"), &two()).unwrap(), two());
        let edited = text.replace("- a", "- b\n\n- c") + "new\n";
        let read = read_entry_list(&edited, &two()).unwrap();
        assert_eq!(read.values().collect::<Vec<_>>(), ["### Fixed\n\n- b\n\n- c", "new"]);
    }

    /// An emptied text cancels, and so does one whose entries cannot be told apart.
    #[test]
    fn emptied_entries_cancel() {
        let text = entry_list(&two());
        for edited in ["", "\n \n", &text.replace("### Fixed\n\n- a", ""), &text.replace("<!-- entry of core -->", "")]
        {
            assert!(read_entry_list(edited, &two()).is_err(), "{edited}");
        }
    }

    /// A draft is shown as a unified diff.
    #[test]
    fn a_draft_is_a_diff() {
        let before = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0]\n".to_owned();
        let after = before.replace("[Unreleased]\n", "[Unreleased]\n\n- a\n");
        let mut out = Vec::new();
        difference(&mut out, &DraftedFile { path: "core/CHANGELOG.md".into(), before, after }).unwrap();
        let plain = anstream::adapter::strip_bytes(&out).into_vec();
        assert_data_eq!(
            String::from_utf8(plain).unwrap(),
            str![[r#"
--- a/core/CHANGELOG.md
+++ b/core/CHANGELOG.md
@@ -2,4 +2,6 @@
 
 ## [Unreleased]
 
+- a
+
 ## [1.0.0]

"#]]
            .raw()
        );
    }
}

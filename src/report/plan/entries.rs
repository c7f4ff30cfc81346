//! The changelog entries of a plan (`--changelog`).

use std::io;

use crate::plan::PlannedChangelog;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::report::plan::heading_lines;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::text;

/// Writes the changelog entry of each package, and where it comes from.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn plan_entries(out: &mut dyn Screen, plan: &ReleasePlan) -> io::Result<()> {
    plan.packages.iter().try_for_each(|package| entry(out, package))
}

fn entry(out: &mut dyn Screen, package: &PlannedPackage) -> io::Result<()> {
    let PlannedPackage { name, from, to, tag, changelog, .. } = package;
    let from = from.as_ref().map_or(String::new(), |from| format!("{from} -> "));
    let tag = tag.as_ref().map_or(String::new(), |tag| format!(", tag {tag}"));
    writeln!(out)?;
    heading_lines(out, &format!("{name} {from}{to}{tag}"))?;
    let source = changelog.as_ref().map_or("no changelog".to_owned(), changelog_source);
    for line in text::wrap(&source, out.text_columns() - 2) {
        writeln!(out, "  {}", style::paint(style::FAINT, line))?;
    }
    let Some(changelog) = changelog else { return Ok(()) };
    if changelog.entry.trim().is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for line in text::wrap_markdown(&changelog.entry, out.text_columns() - 4) {
        writeln!(out, "{}", format!("    {line}").trim_end())?;
    }
    Ok(())
}

fn changelog_source(changelog: &PlannedChangelog) -> String {
    let PlannedChangelog { path, entry, drafted } = changelog;
    match (entry.trim().is_empty(), drafted) {
        (true, _) => format!("{path}, empty"),
        (false, true) => format!("{path}, drafted from commits:"),
        (false, false) => format!("{path}, from its Unreleased section:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::sample::shown_in;

    // Each entry in full, with the file it goes to.
    #[test]
    fn entries_in_full() {
        snapbox::assert_data_eq!(
            shown_in(60, |out| plan_entries(out, &sample::workspace())),
            snapbox::str![[r#"

base 0.1.0 -> 0.2.0, tag base-v0.2.0
  base/CHANGELOG.md, from its Unreleased section:

    ### Removed

    - `Old`, which nobody used any more: the function of the
      same name does all that it did, and more of it.

cli 1.2.0 -> 1.2.1, tag cli-v1.2.1
  cli/CHANGELOG.md, drafted from commits:

    ### Changed

    - Requires `base` 0.2.0.

tool 0.1.0
  no changelog

"#]]
        );
    }
}

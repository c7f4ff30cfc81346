//! The releases that `cargo release announce` would create.

use std::io;
use std::io::Write;

use crate::plan::Announcement;
use crate::report::screen::style;
use crate::report::screen::text;

/// Writes the release of each tag.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn announcements(out: &mut dyn Write, all: &[Announcement]) -> io::Result<()> {
    for wanted in all {
        let Announcement { site, tag, name, body, draft, prerelease, latest: _, assets, told: _ } = wanted;
        let kind = if *draft { "a draft of " } else { "" };
        let kind = format!("{kind}{}", if *prerelease { "the pre-release" } else { "the release" });
        let heading = format!("Announces {kind} {name} of the tag {tag} in {}", site.project);
        writeln!(out, "{}\n", style::paint(style::TITLE, text::clean(&heading)))?;
        body.lines().try_for_each(|line| writeln!(out, "    {}", text::clean(line)))?;
        assets.iter().try_for_each(|glob| writeln!(out, "\n    with files {glob}"))?;
    }
    Ok(())
}

//! The plan of a single step, and the output of `cargo release changes`.

use std::io;

use crate::level::Level;
use crate::plan::Evidence;
use crate::plan::Explanation;
use crate::plan::PlannedPackage;
use crate::plan::Reason;
use crate::plan::ReleasePlan;
use crate::plan::VersionTarget;
use crate::report::findings::finding::findings as write_findings;
use crate::report::plan::effects::Effects;
use crate::report::plan::skipped_lines;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::style::field;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// Writes what a step would do: packages with versions, steps, effects and findings.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn single(out: &mut dyn Screen, verb: &str, plan: &ReleasePlan) -> io::Result<()> {
    let ReleasePlan { packages, left_out, findings, steps, .. } = plan;
    if steps.is_empty() {
        writeln!(out, "{}", style::paint(style::TITLE, format!("Nothing to {verb}")))?;
    } else {
        let heading = format!("Plan to {verb} ({})", count(packages.len(), "package"));
        writeln!(out, "{}", style::paint(style::TITLE, heading))?;
    }
    field(out, "Packages", &packages.iter().map(version).collect::<Vec<_>>())?;
    field(out, "Skipped", &skipped_lines(left_out))?;
    field(out, "Steps", &steps.iter().map(|step| text::clean(step.id.as_str())).collect::<Vec<_>>())?;
    let effects = Effects::of(steps);
    let hooks = effects.hooks.iter().map(|(hook, _)| text::clean(&format!("`{}`", hook.command.join(" "))));
    field(out, "Hooks", &hooks.collect::<Vec<_>>())?;
    let permanent = effects.permanent();
    let permanent = if permanent.is_empty() { Vec::new() } else { vec![permanent.join(", ")] };
    field(out, "Permanent", &permanent)?;
    write_findings(out, findings)
}

fn version(package: &PlannedPackage) -> String {
    let PlannedPackage { name, from, to, tag, .. } = package;
    let from = from.as_ref().filter(|from| *from != to).map_or_else(String::new, |from| format!("{from} -> "));
    let tag = tag.as_ref().map_or_else(String::new, |tag| format!(" ({tag})"));
    format!("{name} {from}{to}{tag}")
}

/// Writes the changes in each package since its last release, and the level they need.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn changes(out: &mut dyn Screen, told: &[Explanation]) -> io::Result<()> {
    for (at, explanation) in told.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        changes_of(out, explanation)?;
    }
    Ok(())
}

fn changes_of(out: &mut dyn Screen, explanation: &Explanation) -> io::Result<()> {
    let Explanation { name, last, told_by, to, reasons, .. } = explanation;
    let since = match (told_by, last) {
        (Some(tag), _) => format!("since {tag}"),
        (None, Some((version, commit))) => format!("since {version}, at {}", commit.short()),
        (None, None) => "since the first commit".to_owned(),
    };
    writeln!(out, "{}", style::paint(style::TITLE, format!("Changes of {name} {since}")))?;
    let commits: Vec<String> = reasons.iter().filter_map(line).collect();
    if commits.is_empty() {
        return writeln!(out, "  none that affect users");
    }
    for line in commits {
        writeln!(out, "  {line}")?;
    }
    let (Some(to), Some((from, _))) = (to, last) else { return Ok(()) };
    let levels = [VersionTarget::Patch, VersionTarget::Minor, VersionTarget::Major];
    let word = levels.into_iter().find(|level| level.apply(from).is_ok_and(|next| next == *to));
    let word = word.map_or_else(|| to.to_string(), |level| level.to_string());
    writeln!(out, "  suggested: `cargo release version -p {name} {word}`")
}

fn line(reason: &Reason) -> Option<String> {
    let level = match reason.level {
        Level::None => "        ",
        Level::Patch => "patch   ",
        Level::Feature => "feature ",
        Level::Breaking => "breaking",
    };
    let source = match &reason.evidence {
        Evidence::Commit { commit } => commit.short().to_owned(),
        Evidence::Manifest { key } => key.clone(),
        Evidence::Note { path } => path.to_string(),
        Evidence::Api { lint, .. } => lint.clone(),
        Evidence::Dependency { .. } | Evidence::Group { .. } | Evidence::Request => return None,
    };
    Some(text::clean(&format!("{level} {source} {}", reason.summary)))
}

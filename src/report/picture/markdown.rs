//! The plan as Markdown, for the summary of a CI job or the description of a pull request.

use std::io;
use std::io::Write;

use super::diagram::mermaid;
use super::versions;
use crate::plan::Finding;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::plan::Severity;
use crate::report::findings::finding::grouped;
use crate::report::findings::finding::likewise;
use crate::report::plan::destination;
use crate::report::plan::level;
use crate::report::plan::origin;
use crate::report::plan::reason;
use crate::report::plan::skipped_lines;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// Plans with more packages than this get no diagram: forges refuse large ones, and nobody can read them.
const DRAWN: usize = 60;

/// Writes the plan as Markdown.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn markdown(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    let ReleasePlan { format: _, id, base, packages, left_out, levels: _, publish_order, findings, steps: _ } = plan;
    if packages.is_empty() {
        writeln!(out, "## Nothing to release {}", text::clean(&origin(base)))?;
        return problems(out, findings);
    }
    writeln!(out, "## Release of {} {}\n", count(packages.len(), "package"), text::clean(&origin(base)))?;
    problems(out, findings)?;
    writeln!(out, "| Package | Version | Level | Registry | Reason |\n|---|---|---|---|---|")?;
    packages.iter().try_for_each(|package| row(out, package))?;
    if publish_order.len() > 1 && publish_order.len() <= DRAWN {
        writeln!(out, "\n<details><summary>Order of publishing</summary>\n\n```mermaid")?;
        mermaid(out, plan)?;
        writeln!(out, "```\n\n</details>")?;
    }
    for package in packages {
        let Some(changelog) = package.changelog.as_ref().filter(|changelog| !changelog.entry.trim().is_empty()) else {
            continue;
        };
        writeln!(out, "\n<details><summary>{} {}</summary>\n", package.name, package.to)?;
        writeln!(out, "{}\n\n</details>", changelog.entry.trim())?;
    }
    if !left_out.is_empty() {
        writeln!(out, "\nSkipped: {}", skipped_lines(left_out).join("; "))?;
    }
    writeln!(out, "\nPlan `{id}`")
}

fn row(out: &mut dyn Write, package: &PlannedPackage) -> io::Result<()> {
    let word = level(package);
    let word = if word == "breaking" { "**breaking**" } else { word };
    let versions = versions(package).replace("->", "→");
    let (destination, reason) = (cell(&destination(package)), cell(&reason(package)));
    writeln!(out, "| `{}` | {versions} | {word} | {destination} | {reason} |", package.name)
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn problems(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    for group in grouped(findings) {
        let Some(Finding { code, severity, message, help, .. }) = group.first() else { continue };
        let (kind, word) = match severity {
            Severity::Error => ("CAUTION", "error"),
            Severity::Warning => ("WARNING", "warning"),
        };
        writeln!(out, "> [!{kind}]\n> **{word}[{code}]** {}", cell(&text::clean(message)))?;
        let others = likewise(&group);
        if !others.is_empty() {
            writeln!(out, "> likewise: {}", cell(&text::clean(&others.join(", "))))?;
        }
        for line in help.lines() {
            writeln!(out, "> {}", cell(&text::clean(line)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

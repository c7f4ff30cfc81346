//! The plan for the person who decides whether it is carried out.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use super::effects::Effects;
use super::finding::findings as write_findings;
use super::style;
use super::style::COLUMNS;
use super::style::field;
use super::table::Column;
use super::table::table;
use super::text;
use super::text::count;
use crate::level::Level;
use crate::names::PackageName;
use crate::names::PlanId;
use crate::plan::Base;
use crate::plan::Evidence;
use crate::plan::Finding;
use crate::plan::LeftOut;
use crate::plan::LevelSources;
use crate::plan::PlannedChangelog;
use crate::plan::PlannedPackage;
use crate::plan::Reason;
use crate::plan::ReleasePlan;
use crate::plan::WhyNot;

/// More than this many left out packages are grouped by their reason.
const SINGLY: usize = 8;

const TABLE: [Column; 6] = [
    Column { title: "Package", least: 13 },
    Column { title: "From", least: 12 },
    Column { title: "To", least: 12 },
    Column { title: "Why", least: 12 },
    Column { title: "Goes to", least: 9 },
    Column { title: "Tag", least: 12 },
];

/// Writes the plan: a table that fits 80 columns, the changelog entries, what is left out and why, what was found, and
/// what becomes permanent.
///
/// # Errors
/// The stream does not take it.
pub fn plan(out: &mut dyn Write, plan: &ReleasePlan) -> io::Result<()> {
    let ReleasePlan { format: _, id, base, packages, left_out, levels, publish_order, findings, steps } = plan;
    let blockers = findings.iter().filter(|finding| finding.is_error()).count();
    if packages.is_empty() {
        return nothing(out, base, left_out, findings);
    }
    let heading = format!("Release of {} {}", count(packages.len(), "package"), origin(base));
    heading_lines(out, &heading)?;
    writeln!(out)?;
    table(out, &TABLE, &packages.iter().map(row).collect::<Vec<_>>())?;
    packages.iter().try_for_each(|package| entry(out, package))?;
    if !left_out.is_empty() || !publish_order.is_empty() {
        writeln!(out)?;
    }
    field(out, "Left out", &left_out_lines(left_out))?;
    field(out, "Levels from", &levels_from(levels))?;
    field(out, "Publish order", &names(publish_order))?;
    write_findings(out, findings)?;
    writeln!(out)?;
    effects(out, &Effects::of(steps))?;
    last_lines(out, id, blockers)
}

/// What the levels were decided from, and what was not looked at.
fn levels_from(levels: &LevelSources) -> Vec<String> {
    let LevelSources { commits, unconventional, compared, not_compared, why } = levels;
    let unread = match unconventional {
        0 => String::new(),
        all if all == commits => " (not conventional)".to_owned(),
        some => format!(" ({some} not conventional)"),
    };
    let commits = (*commits > 0).then(|| format!("{}{unread}", count(*commits, "commit")));
    let apis = |count: usize| if count == 1 { "1 API".to_owned() } else { format!("{count} APIs") };
    let compared = (*compared > 0).then(|| format!("{} compared", apis(*compared)));
    let why = why.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    let missing = (*not_compared > 0).then(|| format!("{} not compared{why}", apis(*not_compared)));
    let all: Vec<String> = [commits, compared, missing].into_iter().flatten().collect();
    if all.is_empty() { Vec::new() } else { vec![all.join("; ")] }
}

fn nothing(out: &mut dyn Write, base: &Base, left_out: &[LeftOut], findings: &[Finding]) -> io::Result<()> {
    heading_lines(out, &format!("Nothing to release {}", origin(base)))?;
    if !left_out.is_empty() {
        writeln!(out)?;
        field(out, "Left out", &left_out_lines(left_out))?;
    }
    write_findings(out, findings)
}

fn heading_lines(out: &mut dyn Write, heading: &str) -> io::Result<()> {
    let mut lines = text::wrap(&text::clean(heading), COLUMNS).into_iter();
    lines.try_for_each(|line| writeln!(out, "{}", style::paint(style::TITLE, line)))
}

fn origin(base: &Base) -> String {
    let Base { branch, commit, workspace, copied: _ } = base;
    let commit = commit.short();
    let branch = branch.as_ref().map_or("a detached head".to_owned(), |branch| format!("`{branch}`"));
    let workspace =
        if workspace.as_str().is_empty() { String::new() } else { format!(", of the workspace in `{workspace}`") };
    format!("from {branch} at {commit}{workspace}")
}

fn row(package: &PlannedPackage) -> [String; 6] {
    let PlannedPackage { name, from, to, level: _, reasons, registries: _, publish: _, tag, changelog: _ } = package;
    [
        name.to_string(),
        from.as_ref().map_or("-".to_owned(), ToString::to_string),
        to.to_string(),
        reasons.first().map_or("-".to_owned(), because),
        destination(package),
        tag.as_ref().map_or("-".to_owned(), ToString::to_string),
    ]
}

fn destination(package: &PlannedPackage) -> String {
    let registries: Vec<&str> = package.registries.iter().map(|registry| registry.as_str()).collect();
    if package.publish { registries.join(", ") } else { "not published".to_owned() }
}

fn because(reason: &Reason) -> String {
    let summary = text::clean(&reason.summary);
    match reason.level {
        Level::None => summary,
        Level::Patch => format!("patch: {summary}"),
        Level::Feature => format!("feature: {summary}"),
        Level::Breaking => format!("breaking: {summary}"),
    }
}

/// One package in full: nothing of it is shortened.
fn entry(out: &mut dyn Write, package: &PlannedPackage) -> io::Result<()> {
    let PlannedPackage { name, from, to, level: _, reasons, registries: _, publish: _, tag, changelog } = package;
    let from = from.as_ref().map_or(String::new(), |from| format!("{from} -> "));
    let tag = tag.as_ref().map_or(String::new(), |tag| format!(", tag {tag}"));
    writeln!(out)?;
    heading_lines(out, &format!("{name} {from}{to}{tag}"))?;
    let why = reasons.first().map(|first| why(first, reasons.len() - 1));
    let changelog_line = changelog.as_ref().map_or("no changelog".to_owned(), changelog_source);
    for line in why.iter().chain([&changelog_line]).flat_map(|line| text::wrap(line, COLUMNS - 2)) {
        writeln!(out, "  {}", style::paint(style::FAINT, line))?;
    }
    let Some(changelog) = changelog else { return Ok(()) };
    writeln!(out)?;
    for line in text::wrap_markdown(&changelog.entry, COLUMNS - 4) {
        writeln!(out, "{}", format!("    {line}").trim_end())?;
    }
    Ok(())
}

fn changelog_source(changelog: &PlannedChangelog) -> String {
    let PlannedChangelog { path, entry, drafted } = changelog;
    let source = match (entry.trim().is_empty(), drafted) {
        (true, _) => "an empty entry",
        (false, true) => "drafted",
        (false, false) => "as written under Unreleased",
    };
    format!("{path}, {source}:")
}

fn why(reason: &Reason, others: usize) -> String {
    let source = match &reason.evidence {
        Evidence::Commit { commit } => format!(" (commit {})", commit.short()),
        // The summary has the places.
        Evidence::Api { lint, path: _ } => format!(" (lint {lint})"),
        Evidence::Note { path } => format!(" (note {path})"),
        Evidence::Manifest { .. } | Evidence::Dependency { .. } | Evidence::Group { .. } | Evidence::Request => {
            String::new()
        }
    };
    let others = if others == 0 { String::new() } else { format!(", and {others} more") };
    format!("{}{source}{others}", because(reason))
}

fn left_out_lines(left_out: &[LeftOut]) -> Vec<String> {
    if left_out.len() <= SINGLY {
        return left_out.iter().map(left_out_line).collect();
    }
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for LeftOut { name, reason, since: _ } in left_out {
        groups.entry(why_not(*reason)).or_default().push(name.as_str());
    }
    groups.into_iter().map(|(reason, names)| format!("{reason}: {}", names.join(", "))).collect()
}

fn left_out_line(left_out: &LeftOut) -> String {
    let LeftOut { name, reason, since } = left_out;
    let since = since.as_ref().map_or(String::new(), |since| format!(" since {since}"));
    format!("{name}: {}{since}", why_not(*reason))
}

fn why_not(reason: WhyNot) -> &'static str {
    match reason {
        WhyNot::Unchanged => "unchanged",
        WhyNot::NotSelected => "not selected",
        WhyNot::ReleaseFalse => "`release = false`",
        WhyNot::NeverReleased => "not published, and never released",
    }
}

fn names(packages: &[PackageName]) -> Vec<String> {
    let names: Vec<&str> = packages.iter().map(PackageName::as_str).collect();
    if names.is_empty() { Vec::new() } else { vec![names.join(", ")] }
}

fn effects(out: &mut dyn Write, effects: &Effects<'_>) -> io::Result<()> {
    let hooks = effects.hooks.iter().map(|(hook, package)| {
        let package = package.map_or(String::new(), |package| format!(" for {package}"));
        text::clean(&format!("`{}`{package}", hook.command.join(" ")))
    });
    field(out, "Hooks", &hooks.collect::<Vec<_>>())?;
    field(out, "Can be undone", &sentence(&effects.undoable()))?;
    let permanent = effects.permanent();
    if permanent.is_empty() {
        return field(out, "Permanent", &["nothing: the release stays on this machine".to_owned()]);
    }
    field(out, "Permanent", &sentence(&permanent))
}

fn sentence(parts: &[String]) -> Vec<String> {
    if parts.is_empty() { Vec::new() } else { vec![parts.join(", ")] }
}

fn last_lines(out: &mut dyn Write, id: &PlanId, blockers: usize) -> io::Result<()> {
    let blocked = (blockers > 0).then(|| format!("cannot be carried out: {} above", count(blockers, "error")));
    field(out, "Plan", &[id.short().to_owned()].into_iter().chain(blocked).collect::<Vec<_>>())
}

/// Says how a plan that was only shown is carried out.
///
/// # Errors
/// The stream does not take it.
pub fn only_shown(out: &mut dyn Write) -> io::Result<()> {
    style::note(out, "nothing was changed; the same command with `-x` carries it out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::RegistryName;
    use crate::names::TagName;
    use crate::report::sample;
    use crate::report::sample::shown;

    // All that a maintainer decides on, in the order in which it is read.
    #[test]
    fn a_release() {
        snapbox::assert_data_eq!(
            shown(|out| plan(out, &sample::workspace())),
            snapbox::str![[r#"
Release of 3 packages from `main` at 1a2b3c4

Package  From   To     Why                            Goes to        Tag
base     0.1.0  0.2.0  breaking: drop `Old`, which…   crates-io      base-v0.2.0
cli      1.2.0  1.2.1  patch: requires `base` 0.2.0   crates-io      cli-v1.2.1
tool     -      0.1.0  first release                  not published  -

base 0.1.0 -> 0.2.0, tag base-v0.2.0
  breaking: drop `Old`, which nobody used any more (commit 1a2b3c4), and 1 more
  base/CHANGELOG.md, as written under Unreleased:

    ### Removed

    - `Old`, which nobody used any more: the function of the same name does all
      that it did, and more of it.

cli 1.2.0 -> 1.2.1, tag cli-v1.2.1
  patch: requires `base` 0.2.0
  cli/CHANGELOG.md, drafted:

    ### Changed

    - Requires `base` 0.2.0.

tool 0.1.0
  first release
  no changelog

Left out       macros: unchanged since macros-v1.0.3
               xtask: `release = false`
Publish order  base, cli

warning[changelog-uncovered]: the commit 1a2b3c4 is not in the entry of `base`
 --> base/CHANGELOG.md:7
help: add it under Unreleased, or release without it

Hooks          `./gen.sh --all` for base
Can be undone  edits 2 files, runs 1 hook, makes 1 commit, builds and verifies 2
               packages, moves `main` to the release commit, makes 2 tags
Permanent      pushes `main` to `origin`, publishes 2 versions to crates-io,
               adds owners to cli on crates-io (ann), pushes 2 tags to `origin`
Plan           3f2a9c81d04e

"#]]
        );
    }

    // Blockers come before warnings, and the last line says that nothing is done.
    #[test]
    fn a_blocked_release() {
        let mut value = sample::workspace();
        value.packages.truncate(1);
        value.findings.push(
            Finding::error("dirty-tree", "`base/src/lib.rs` has changes that are not committed")
                .help("commit or stash them, then plan again"),
        );
        value.findings.push(Finding::error("version-taken", "0.2.0 is listed already").package(&"base".into()));
        snapbox::assert_data_eq!(
            shown(|out| plan(out, &value)),
            snapbox::str![[r#"
Release of 1 package from `main` at 1a2b3c4

Package  From   To     Why                                Goes to    Tag
base     0.1.0  0.2.0  breaking: drop `Old`, which nobo…  crates-io  base-v0.2.0

base 0.1.0 -> 0.2.0, tag base-v0.2.0
  breaking: drop `Old`, which nobody used any more (commit 1a2b3c4), and 1 more
  base/CHANGELOG.md, as written under Unreleased:

    ### Removed

    - `Old`, which nobody used any more: the function of the same name does all
      that it did, and more of it.

Left out       macros: unchanged since macros-v1.0.3
               xtask: `release = false`
Publish order  base, cli

error[dirty-tree]: `base/src/lib.rs` has changes that are not committed
help: commit or stash them, then plan again

error[version-taken]: 0.2.0 is listed already
 --> base

warning[changelog-uncovered]: the commit 1a2b3c4 is not in the entry of `base`
 --> base/CHANGELOG.md:7
help: add it under Unreleased, or release without it

Hooks          `./gen.sh --all` for base
Can be undone  edits 2 files, runs 1 hook, makes 1 commit, builds and verifies 2
               packages, moves `main` to the release commit, makes 2 tags
Permanent      pushes `main` to `origin`, publishes 2 versions to crates-io,
               adds owners to cli on crates-io (ann), pushes 2 tags to `origin`
Plan           3f2a9c81d04e
               cannot be carried out: 2 errors above

"#]]
        );
    }

    // Nothing to release: why, package by package.
    #[test]
    fn nothing_to_release() {
        let value = ReleasePlan { left_out: sample::workspace().left_out, ..sample::empty() };
        snapbox::assert_data_eq!(
            shown(|out| plan(out, &value)),
            snapbox::str![[r#"
Nothing to release from `main` at 1a2b3c4

Left out       macros: unchanged since macros-v1.0.3
               xtask: `release = false`

"#]]
        );
    }

    // Many that are left out take a line for each reason, not one for each package.
    #[test]
    fn many_left_out_are_grouped() {
        let mut value = sample::empty();
        let unchanged = (1..=20).map(|at| sample::left_out(&format!("part-{at}"), WhyNot::Unchanged, None));
        value.left_out = unchanged.chain([sample::left_out("xtask", WhyNot::ReleaseFalse, None)]).collect();
        snapbox::assert_data_eq!(
            shown(|out| plan(out, &value)),
            snapbox::str![[r#"
Nothing to release from `main` at 1a2b3c4

Left out       `release = false`: xtask
               unchanged: part-1, part-2, part-3, part-4, part-5, part-6,
               part-7, part-8, part-9, part-10, part-11, part-12, part-13,
               part-14, part-15, part-16, part-17, part-18, part-19, part-20

"#]]
        );
    }

    // Names as long as a registry takes, long versions, reasons and registries: the page stays 80 columns wide, and
    // what the table shortens is said in full below it.
    #[test]
    fn long_names_fit() {
        let name = "a-".repeat(31) + "z";
        let registries = ["the-internal-registry-of-the-company", "crates-io"].map(RegistryName::from);
        let mut value = sample::workspace();
        for (at, package) in value.packages.iter_mut().enumerate() {
            package.name = PackageName::new(format!("{name}{at}"));
            package.from = Some(sample::version("10.20.30-alpha.12345678"));
            package.to = sample::version("10.20.30-alpha.12345679+build.2026.11.22");
            package.tag = Some(TagName::new(format!("v{}", package.to)));
            package.registries = registries.to_vec();
            package.reasons[0].summary = "long reason ".repeat(20);
            package.changelog.iter_mut().for_each(|log| log.entry = format!("- {}\n", "word ".repeat(60)));
            value.publish_order.push(package.name.clone());
            value.left_out.push(sample::left_out(package.name.as_str(), WhyNot::Unchanged, None));
        }
        let text = shown(|out| plan(out, &value));
        assert!(text.lines().all(|line| text::width(line) <= COLUMNS), "{text}");
        assert!(value.packages.iter().all(|package| text.contains(&format!("\n{}\n", package.name))), "{text}");
    }
}

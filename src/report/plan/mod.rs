//! The plan, for the person who decides whether to carry it out.

pub(crate) mod ask;
pub(crate) mod effects;
pub(crate) mod entries;
pub(crate) mod explain;
mod packages;
pub(crate) mod single;
mod skipped;

use std::io;

pub(crate) use self::packages::destination;
pub(crate) use self::packages::level;
pub(crate) use self::packages::packages_table;
pub(crate) use self::packages::reason;
pub(crate) use self::packages::usual_destination;
pub(crate) use self::skipped::SINGLY;
pub(crate) use self::skipped::skipped_by_reason;
pub(crate) use self::skipped::skipped_line;
pub(crate) use self::skipped::skipped_lines;
use crate::plan::Base;
use crate::plan::LeftOut;
use crate::plan::LevelSources;
use crate::plan::PlannedPackage;
use crate::plan::ReleasePlan;
use crate::report::findings::finding::findings as write_findings;
use crate::report::plan::effects::Effects;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::style::field;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// Writes the plan: the table of packages, skipped packages with reasons, findings, and effects. [`super::plan_entries()`]
/// writes the changelog entries.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn plan(out: &mut dyn Screen, plan: &ReleasePlan) -> io::Result<()> {
    let ReleasePlan { format: _, id, base, packages, left_out, levels, publish_order: _, findings, steps } = plan;
    if packages.is_empty() {
        return nothing(out, base, left_out, findings);
    }
    let usual = usual_destination(packages);
    heading_lines(out, &format!("Release of {}{} {}", count(packages.len(), "package"), to(&usual), origin(base)))?;
    writeln!(out)?;
    packages_table(out, packages, &usual)?;
    let levels = levels_from(levels);
    if !left_out.is_empty() || !levels.is_empty() {
        writeln!(out)?;
    }
    field(out, "Skipped", &skipped_lines(left_out))?;
    field(out, "Levels from", &levels)?;
    write_findings(out, findings)?;
    writeln!(out)?;
    effects(out, &Effects::of(steps), packages)?;
    field(out, "Plan", &[id.short().to_owned()])
}

/// The sources that the levels were decided from, and those that were not available.
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

fn nothing(
    out: &mut dyn Screen,
    base: &Base,
    left_out: &[LeftOut],
    findings: &[crate::plan::Finding],
) -> io::Result<()> {
    heading_lines(out, &format!("Nothing to release {}", origin(base)))?;
    if !left_out.is_empty() {
        writeln!(out)?;
        field(out, "Skipped", &skipped_lines(left_out))?;
    }
    write_findings(out, findings)
}

pub(crate) fn heading_lines(out: &mut dyn Screen, heading: &str) -> io::Result<()> {
    let mut lines = text::wrap(&text::clean(heading), out.text_columns()).into_iter();
    lines.try_for_each(|line| writeln!(out, "{}", style::paint(style::TITLE, line)))
}

/// The branch and commit that a plan starts from.
pub(crate) fn origin(base: &Base) -> String {
    let Base { branch, commit, workspace, copied: _ } = base;
    let commit = commit.short();
    let branch = branch.as_ref().map_or("a detached head".to_owned(), |branch| format!("`{branch}`"));
    let workspace =
        if workspace.as_str().is_empty() { String::new() } else { format!(", of the workspace in `{workspace}`") };
    format!("from {branch} at {commit}{workspace}")
}

fn to(destination: &str) -> String {
    if destination.is_empty() { String::new() } else { format!(" to {destination}") }
}

fn effects(out: &mut dyn Screen, effects: &Effects<'_>, packages: &[PlannedPackage]) -> io::Result<()> {
    let hooks = effects.hooks.iter().map(|(hook, package)| {
        let package = package.map_or(String::new(), |package| format!(" for {package}"));
        text::clean(&format!("`{}`{package}", hook.command.join(" ")))
    });
    field(out, "Changelog", &sentence(&changelogs(packages)))?;
    field(out, "Edits", &effects.files().into_iter().collect::<Vec<_>>())?;
    field(out, "Hooks", &hooks.collect::<Vec<_>>())?;
    field(out, "Can be undone", &sentence(&effects.undoable()))?;
    let permanent = effects.permanent();
    if permanent.is_empty() {
        return field(out, "Permanent", &[effects.nothing_permanent().to_owned()]);
    }
    field(out, "Permanent", &sentence(&permanent))
}

/// The numbers of changelog entries by origin.
fn changelogs(packages: &[PlannedPackage]) -> Vec<String> {
    let [mut written, mut drafted, mut empty] = [0; 3];
    for changelog in packages.iter().filter_map(|package| package.changelog.as_ref()) {
        match (changelog.entry.trim().is_empty(), changelog.drafted) {
            (true, _) => empty += 1,
            (false, true) => drafted += 1,
            (false, false) => written += 1,
        }
    }
    let told = [(written, "already written"), (drafted, "drafted"), (empty, "empty")];
    let entries = |number: usize| if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") };
    told.into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, how)| format!("{} {how}", entries(number)))
        .collect()
}

fn sentence(parts: &[String]) -> Vec<String> {
    if parts.is_empty() { Vec::new() } else { vec![parts.join(", ")] }
}

/// Writes how to carry out a plan that was only shown, and how to see its details.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn only_shown(out: &mut dyn Screen) -> io::Result<()> {
    style::note(out, "nothing was changed; add `-x` to carry out the plan")?;
    style::note(out, "for details, see `--changelog`, `--diff` and `cargo release plan --explain`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Code;
    use crate::level::Level;
    use crate::names::PackageName;
    use crate::names::RegistryName;
    use crate::plan::Finding;
    use crate::plan::WhyNot;
    use crate::report::sample;
    use crate::report::sample::shown;
    use crate::report::sample::shown_in;

    // All that a maintainer decides on, in the order in which it is read.
    #[test]
    fn a_release() {
        snapbox::assert_data_eq!(
            shown(|out| plan(out, &sample::workspace())),
            snapbox::str![[r#"
Release of 3 packages to crates.io from `main` at 1a2b3c4

Package  Version         Level     Registry       Reason
base     0.1.0 -> 0.2.0  breaking                 drop `Old`, which nobody used
                                                  any more (+1)
cli      1.2.0 -> 1.2.1  patch                    requires `base` 0.2.0
tool     new   -> 0.1.0  new       not published  first release

Skipped        macros: unchanged since macros-v1.0.3
               xtask: `release = false`

warning[changelog-uncovered]: the commit 1a2b3c4 is not in the entry of `base`
 --> base/CHANGELOG.md:7
help: add it under Unreleased, or release without it

Changelog      1 entry already written, 1 entry drafted
Edits          2 files: base/Cargo.toml, cli/Cargo.toml
Hooks          `./gen.sh --all` for base
Can be undone  runs 1 hook, creates 1 commit, builds and verifies 2 packages,
               moves `main` to the release commit, creates 2 tags
Permanent      pushes `main` to `origin`, publishes 2 versions to crates.io
               (base 0.2.0, cli 1.2.1), adds owners to cli on crates.io (ann),
               pushes 2 tags to `origin`
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
            Finding::error(Code::DirtyTree, "`base/src/lib.rs` has changes that are not committed")
                .help("commit or stash them, then plan again"),
        );
        value.findings.push(Finding::error(Code::VersionExists, "0.2.0 is listed already").package(&"base".into()));
        snapbox::assert_data_eq!(
            shown(|out| plan(out, &value)),
            snapbox::str![[r#"
Release of 1 package to crates.io from `main` at 1a2b3c4

Package  Version         Level     Reason
base     0.1.0 -> 0.2.0  breaking  drop `Old`, which nobody used any more (+1)

Skipped        macros: unchanged since macros-v1.0.3
               xtask: `release = false`

error[dirty-tree]: `base/src/lib.rs` has changes that are not committed
help: commit or stash them, then plan again

error[version-exists]: 0.2.0 is listed already
 --> base

warning[changelog-uncovered]: the commit 1a2b3c4 is not in the entry of `base`
 --> base/CHANGELOG.md:7
help: add it under Unreleased, or release without it

Changelog      1 entry already written
Edits          2 files: base/Cargo.toml, cli/Cargo.toml
Hooks          `./gen.sh --all` for base
Can be undone  runs 1 hook, creates 1 commit, builds and verifies 2 packages,
               moves `main` to the release commit, creates 2 tags
Permanent      pushes `main` to `origin`, publishes 2 versions to crates.io
               (base 0.2.0, cli 1.2.1), adds owners to cli on crates.io (ann),
               pushes 2 tags to `origin`
Plan           3f2a9c81d04e

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

Skipped        macros: unchanged since macros-v1.0.3
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

Skipped        `release = false`: xtask
               unchanged: part-1, part-2, part-3, part-4, part-5, part-6,
               part-7, part-8, part-9, part-10, part-11, part-12, and 8 more

"#]]
        );
    }

    // A narrow terminal does not break words, and a wide one does not cut reasons.
    #[test]
    fn the_width_of_the_terminal_is_used() {
        let mut value = sample::workspace();
        value.packages[1].reasons[0].summary = "requires base ^0.1.0, which does not admit 0.2.0 ".repeat(2);
        snapbox::assert_data_eq!(
            shown_in(60, |out| plan(out, &value)),
            snapbox::str![[r#"
Release of 3 packages to crates.io from `main` at 1a2b3c4

base
  0.1.0 -> 0.2.0  breaking
  drop `Old`, which nobody used any more (+1)
cli
  1.2.0 -> 1.2.1  patch
  requires base ^0.1.0, which does not admit 0.2.0 requires
  base ^0.1.0, which does not admit 0.2.0
tool
  new -> 0.1.0  new  not published  first release

Skipped        macros: unchanged since macros-v1.0.3
               xtask: `release = false`

warning[changelog-uncovered]: the commit 1a2b3c4 is not in
  the entry of `base`
 --> base/CHANGELOG.md:7
help: add it under Unreleased, or release without it

Changelog      1 entry already written, 1 entry drafted
Edits          2 files: base/Cargo.toml, cli/Cargo.toml
Hooks          `./gen.sh --all` for base
Can be undone  runs 1 hook, creates 1 commit, builds and
               verifies 2 packages, moves `main` to the
               release commit, creates 2 tags
Permanent      pushes `main` to `origin`, publishes 2
               versions to crates.io (base 0.2.0, cli
               1.2.1), adds owners to cli on crates.io
               (ann), pushes 2 tags to `origin`
Plan           3f2a9c81d04e

"#]]
        );
        snapbox::assert_data_eq!(
            shown_in(140, |out| plan(out, &value)),
            snapbox::str![[r#"
Release of 3 packages to crates.io from `main` at 1a2b3c4

Package  Version         Level     Registry       Reason
base     0.1.0 -> 0.2.0  breaking                 drop `Old`, which nobody used any more (+1)
cli      1.2.0 -> 1.2.1  patch                    requires base ^0.1.0, which does not admit 0.2.0 requires base ^0.1.0, which does not
                                                  admit 0.2.0
tool     new   -> 0.1.0  new       not published  first release

Skipped        macros: unchanged since macros-v1.0.3
               xtask: `release = false`

warning[changelog-uncovered]: the commit 1a2b3c4 is not in the entry of `base`
 --> base/CHANGELOG.md:7
help: add it under Unreleased, or release without it

Changelog      1 entry already written, 1 entry drafted
Edits          2 files: base/Cargo.toml, cli/Cargo.toml
Hooks          `./gen.sh --all` for base
Can be undone  runs 1 hook, creates 1 commit, builds and verifies 2 packages, moves `main` to the release
               commit, creates 2 tags
Permanent      pushes `main` to `origin`, publishes 2 versions to crates.io (base 0.2.0, cli 1.2.1), adds
               owners to cli on crates.io (ann), pushes 2 tags to `origin`
Plan           3f2a9c81d04e

"#]]
        );
    }

    // A pre-release that becomes final breaks nothing, and the next one of its kind is a pre-release.
    #[test]
    fn pre_releases_are_called_so() {
        let between = |from: &str, to: &str| {
            let from = Some(sample::version(from));
            level(&PlannedPackage { from, level: Level::Breaking, ..sample::package("base", to) })
        };
        assert_eq!(between("3.2.2-rc.2", "3.2.2"), "final");
        assert_eq!(between("3.2.2-rc.2", "3.2.2-rc.3"), "pre-release");
        assert_eq!(between("3.2.2-rc.2", "4.0.0"), "breaking");
    }

    // Names as long as a registry takes, long versions, reasons and registries: no page is written wider than it is.
    #[test]
    fn long_names_fit() {
        let name = "a-".repeat(31) + "z";
        let registries = ["the-internal-registry", "crates-io"].map(RegistryName::from);
        let mut value = sample::workspace();
        value.steps.clear();
        for (at, package) in value.packages.iter_mut().enumerate() {
            package.name = PackageName::from(format!("{name}{at}"));
            package.from = Some(sample::version("10.20.30-alpha.12345678"));
            package.to = sample::version("10.20.30-alpha.12345679+build.2026.11.22");
            package.registries = registries.to_vec();
            package.reasons[0].summary = "long reason ".repeat(20);
            value.left_out.push(sample::left_out(package.name.as_str(), WhyNot::Unchanged, None));
        }
        for columns in [81, 120, 140, 250] {
            let text = shown_in(columns, |out| plan(out, &value));
            assert!(text.lines().all(|line| text::width(line) <= columns), "{text}");
            assert!(value.packages.iter().all(|package| text.contains(package.name.as_str())), "{text}");
        }
    }
}

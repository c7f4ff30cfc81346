//! The table of packages.

use std::io;

use crate::level::Level;
use crate::names::RegistryName;
use crate::plan::PlannedPackage;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::table::Cell;
use crate::report::screen::table::table;
use crate::report::screen::text;

/// The registry of the published packages, if it is the same for all; otherwise empty.
pub(crate) fn usual_destination(packages: &[PlannedPackage]) -> String {
    let mut destinations: Vec<String> = packages.iter().filter(|package| package.publish).map(destination).collect();
    destinations.dedup();
    match destinations.as_slice() {
        [only] => only.clone(),
        [] | [_, ..] => String::new(),
    }
}

/// The table of packages. The registry is shown only if it is not the usual one.
pub(crate) fn packages_table(out: &mut dyn Screen, packages: &[PlannedPackage], usual: &str) -> io::Result<()> {
    let from_width = packages.iter().map(|package| text::width(&from(package))).max().unwrap_or_default();
    let rows: Vec<Vec<Cell>> = packages
        .iter()
        .map(|package| {
            let destination = destination(package);
            vec![
                Cell::from(package.name.as_str()),
                Cell::from(format!("{} -> {}", text::pad(&from(package), from_width), package.to)),
                level_cell(package),
                Cell::from(if destination == usual { String::new() } else { destination }),
                Cell::from(reason(package)),
            ]
        })
        .collect();
    table(out, &["Package", "Version", "Level", "Registry", "Reason"], &rows)
}

fn from(package: &PlannedPackage) -> String {
    package.from.as_ref().map_or("new".to_owned(), ToString::to_string)
}

/// The level in a word; steps between pre-releases are `pre-release`, whatever the final version will be.
pub(crate) fn level(package: &PlannedPackage) -> &'static str {
    let PlannedPackage { from, to, level, .. } = package;
    let Some(from) = from else { return "new" };
    let is_same_target = (from.major, from.minor, from.patch) == (to.major, to.minor, to.patch);
    if is_same_target && !from.pre.is_empty() {
        return if to.pre.is_empty() { "final" } else { "pre-release" };
    }
    match level {
        Level::None => "-",
        Level::Patch => "patch",
        Level::Feature => "feature",
        Level::Breaking => "breaking",
    }
}

fn level_cell(package: &PlannedPackage) -> Cell {
    let word = level(package);
    match word {
        "breaking" => Cell::in_style(word, style::ERROR),
        "feature" => Cell::in_style(word, style::HELP),
        _ => Cell::from(word),
    }
}

/// The registries of a package, by their display names.
pub(crate) fn destination(package: &PlannedPackage) -> String {
    let registries: Vec<&str> = package.registries.iter().map(RegistryName::shown).collect();
    if package.publish { registries.join(", ") } else { "not published".to_owned() }
}

/// The deciding reason, and the number of others.
pub(crate) fn reason(package: &PlannedPackage) -> String {
    let Some((first, others)) = package.reasons.split_first() else { return "-".to_owned() };
    let summary = text::clean(&first.summary);
    if others.is_empty() { summary } else { format!("{summary} (+{})", others.len()) }
}

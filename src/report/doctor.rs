//! The diagnosis, to be pasted into a bug report.

use std::io;
use std::io::Write;

use super::style;
use super::text;
use crate::snapshot::Diagnosis;

/// Writes the diagnosis: a heading for each topic, and its facts below each other.
///
/// # Errors
/// The stream does not take it.
pub fn doctor(out: &mut dyn Write, diagnosis: &Diagnosis) -> io::Result<()> {
    for (at, section) in diagnosis.sections.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", style::paint(style::NOTE, section.title))?;
        let width = section.facts.iter().map(|fact| fact.name.chars().count()).max().unwrap_or(0);
        for fact in &section.facts {
            let value = fact.value.lines().map(text::clean).collect::<Vec<_>>().join("; ");
            writeln!(out, "  {:width$}  {value}", text::clean(&fact.name))?;
        }
    }
    Ok(())
}

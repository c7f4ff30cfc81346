//! The output of `cargo release doctor`, for bug reports.

use std::io;
use std::io::Write;

use crate::report::screen::style;
use crate::report::screen::text;
use crate::snapshot::Diagnosis;

/// Writes the diagnosis: a heading for each section, and a line for each fact.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn doctor(out: &mut dyn Write, diagnosis: &Diagnosis) -> io::Result<()> {
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

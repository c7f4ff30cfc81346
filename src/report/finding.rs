//! Findings in words, those that block first.

use std::io;
use std::io::Write;

use super::style;
use super::style::COLUMNS;
use super::text;
use crate::plan::Finding;
use crate::plan::Severity;

/// Writes findings, a blank line before each: errors first, otherwise in the order given.
///
/// # Errors
/// The stream does not take it.
pub fn findings(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    sorted.into_iter().try_for_each(|value| finding(out, value))
}

fn finding(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let Finding { code, severity, package, path, line, message, help } = finding;
    let (style, word) = match severity {
        Severity::Error => (style::ERROR, "error"),
        Severity::Warning => (style::WARNING, "warning"),
    };
    let label = format!("{word}[{code}]:");
    writeln!(out)?;
    for line in text::wrap(&text::clean(&format!("{label} {message}")), COLUMNS - 2) {
        match line.strip_prefix(&label) {
            Some(rest) => writeln!(out, "{}{rest}", style::paint(style, &label))?,
            None => writeln!(out, "  {line}")?,
        }
    }
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    let place = path.as_ref().map(|path| format!("{path}{line}")).or(package.as_ref().map(ToString::to_string));
    if let Some(place) = place {
        writeln!(out, "{} {}", style::paint(style::FAINT, " -->"), text::clean(&place))?;
    }
    if help.is_empty() {
        return Ok(());
    }
    let label = style::paint(style::HELP, "help:");
    for (at, line) in text::wrap(&text::clean(help), COLUMNS - 6).iter().enumerate() {
        let indent = if at == 0 { &label } else { "     " };
        writeln!(out, "{indent} {line}")?;
    }
    Ok(())
}

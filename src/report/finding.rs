//! Findings in words, those that block first.

use std::io;
use std::io::Write;

use super::style;
use super::style::COLUMNS;
use super::text;
use crate::plan::Finding;
use crate::plan::Severity;

/// Writes findings, a blank line before each: errors first, otherwise in the order given. Warnings for which the same
/// help holds are told once, with the places of the others.
///
/// # Errors
/// The stream does not take it.
pub fn findings(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for value in sorted {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_likewise(first, value))) {
            Some(group) => group.push(value),
            None => groups.push(vec![value]),
        }
    }
    groups.iter().filter_map(|group| group.split_first()).try_for_each(|(first, others)| finding(out, first, others))
}

/// Whether a warning says for another place what this one says. Each error is told in full: each must be mended.
fn is_likewise(first: &Finding, other: &Finding) -> bool {
    let is_told_once = other.severity == Severity::Warning && !other.help.is_empty() && place(other).is_some();
    is_told_once && first.severity == other.severity && first.code == other.code && first.help == other.help
}

/// The file and the line, else the package.
fn place(Finding { package, path, line, .. }: &Finding) -> Option<String> {
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    path.as_ref().map(|path| format!("{path}{line}")).or(package.as_ref().map(ToString::to_string))
}

fn finding(out: &mut dyn Write, first: &Finding, others: &[&Finding]) -> io::Result<()> {
    let Finding { code, severity, message, help, .. } = first;
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
    if let Some(place) = place(first) {
        writeln!(out, "{} {}", style::paint(style::FAINT, " -->"), text::clean(&place))?;
    }
    let likewise: Vec<String> = others.iter().filter_map(|other| place(other)).collect();
    if !likewise.is_empty() {
        let likewise = text::clean(&format!("likewise: {}", likewise.join(", ")));
        text::wrap(&likewise, COLUMNS - 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::PackageName;

    fn told(findings: &[Finding]) -> String {
        let mut out = Vec::new();
        super::findings(&mut out, findings).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    /// One warning about many packages is one paragraph; of errors, each is told.
    #[test]
    fn likewise_is_told_once() {
        let about = |finding: Finding, name: &str| finding.package(&PackageName::from(name)).help("mend it");
        let warned = ["a", "b", "c"].map(|name| about(Finding::warning("w", format!("{name} is odd")), name));
        assert_eq!(told(&warned), "\nwarning[w]: a is odd\n --> a\n  likewise: b, c\nhelp: mend it\n");
        let failed = ["a", "b"].map(|name| about(Finding::error("e", format!("{name} is wrong")), name));
        let each = |name| format!("\nerror[e]: {name} is wrong\n --> {name}\nhelp: mend it\n");
        assert_eq!(told(&failed), each("a") + &each("b"));
    }
}

//! Findings, errors first.

use std::io;

use crate::error::Failure;
use crate::phrase;
use crate::plan::Finding;
use crate::plan::Severity;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::text;

/// If there are more locations than this, the rest is counted.
const NAMED: usize = 16;

/// Writes findings with a blank line before each: errors first, otherwise in the given order. Warnings with the same code
/// and help are written once, with the locations of the others.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn findings(out: &mut dyn Screen, findings: &[Finding]) -> io::Result<()> {
    let groups = grouped(findings);
    groups.iter().try_for_each(|group| finding(out, group))
}

/// Findings, errors first, grouped if they say the same about several locations.
pub(crate) fn grouped(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for value in sorted {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| is_likewise(first, value))) {
            Some(group) => group.push(value),
            None => groups.push(vec![value]),
        }
    }
    groups
}

/// The failure of a command that these findings block: the number of errors, and a line for each.
pub(crate) fn blocked(what: &str, findings: &[Finding]) -> Failure {
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.is_error()).collect();
    let failure = Failure::blocked(format!("{what}: {}", text::count(errors.len(), "error")));
    errors
        .into_iter()
        .fold(failure, |failure, Finding { code, message, .. }| failure.because(format!("{code}: {message}")))
}

/// Whether a warning repeats another for a different location. Errors are never grouped, because each must be fixed.
fn is_likewise(first: &Finding, other: &Finding) -> bool {
    let is_told_once = other.severity == Severity::Warning && !other.help.is_empty() && place(other).is_some();
    is_told_once && first.severity == other.severity && first.code == other.code && first.help == other.help
}

/// The file and the line, else the package.
pub(crate) fn place(Finding { package, path, line, .. }: &Finding) -> Option<String> {
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    path.as_ref().map(|path| format!("{path}{line}")).or(package.as_ref().map(ToString::to_string))
}

/// The other packages of a group, each once; for the same package, the other locations.
pub(crate) fn likewise(group: &[&Finding]) -> Vec<String> {
    let Some((first, others)) = group.split_first() else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for other in others {
        let package = other.package.as_ref().filter(|_| other.package != first.package).map(ToString::to_string);
        let name = package.or_else(|| place(other).filter(|at| place(first).as_ref() != Some(at)));
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

fn finding(out: &mut dyn Screen, group: &[&Finding]) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let Finding { code, severity, message, help, .. } = first;
    let (style, word) = match severity {
        Severity::Error => (style::ERROR, "error"),
        Severity::Warning => (style::WARNING, "warning"),
    };
    let label = format!("{word}[{code}]:");
    writeln!(out)?;
    let columns = out.text_columns();
    for line in text::wrap(&text::clean(&format!("{label} {message}")), columns - 2) {
        match line.strip_prefix(&label) {
            Some(rest) => writeln!(out, "{}{rest}", style::paint(style, &label))?,
            None => writeln!(out, "  {line}")?,
        }
    }
    if let Some(place) = place(first) {
        writeln!(out, "{} {}", style::paint(style::FAINT, " -->"), text::clean(&place))?;
    }
    let likewise = likewise(group);
    if !likewise.is_empty() {
        let names: Vec<&str> = likewise.iter().map(String::as_str).collect();
        let likewise = text::clean(&format!("likewise: {}", phrase::first(&names, NAMED)));
        text::wrap(&likewise, columns - 2).iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    if help.is_empty() {
        return Ok(());
    }
    let label = style::paint(style::HELP, "help:");
    for (at, line) in text::wrap(&text::clean(help), columns - 6).iter().enumerate() {
        let indent = if at == 0 { &label } else { "     " };
        writeln!(out, "{indent} {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Code;
    use crate::names::PackageName;

    fn told(findings: &[Finding]) -> String {
        crate::report::sample::shown(|out| super::findings(out, findings))
    }

    /// One warning about many packages is one paragraph; each error has its own.
    #[test]
    fn likewise_is_told_once() {
        let about = |finding: Finding, name: &str| finding.package(&PackageName::from(name)).help("mend it");
        let warned =
            ["a", "b", "c"].map(|name| about(Finding::warning(Code::Unchanged, format!("{name} is odd")), name));
        assert_eq!(told(&warned), "\nwarning[unchanged]: a is odd\n --> a\n  likewise: b, c\nhelp: mend it\n");
        let failed = ["a", "b"].map(|name| about(Finding::error(Code::Secret, format!("{name} is wrong")), name));
        let each = |name| format!("\nerror[secret]: {name} is wrong\n --> {name}\nhelp: mend it\n");
        assert_eq!(told(&failed), each("a") + &each("b"));
    }
}

//! What `check` says: the plan, what was verified, and what only the attempt can tell; and findings for GitHub.

use std::io;
use std::io::Write;

use super::measure::bytes;
use super::measure::duration;
use super::style;
use super::style::COLUMNS;
use super::text;
use super::text::count;
use crate::check::AtLast;
use crate::check::ONLY_THE_ATTEMPT_TELLS;
use crate::journal::Verified;
use crate::plan::Finding;
use crate::plan::ReleasePlan;
use crate::plan::Severity;

/// Writes the plan with its findings, the verified archives, and what only the attempt can tell, at the steps that the
/// plan has.
///
/// # Errors
/// The stream does not take it.
pub fn checked(out: &mut dyn Write, plan: &ReleasePlan, verified: &[Verified]) -> io::Result<()> {
    super::plan(out, plan)?;
    if !verified.is_empty() {
        writeln!(out)?;
        writeln!(out, "{}", style::paint(style::TITLE, format!("Verified {}", count(verified.len(), "archive"))))?;
    }
    for Verified { name, version, registry, checksum: _, size } in verified {
        writeln!(out, "  {name} {version} for {registry}, {}", bytes(*size))?;
    }
    let kinds: Vec<String> = plan.steps.iter().map(|step| word(step.action.kind())).collect();
    let left: Vec<&AtLast> =
        ONLY_THE_ATTEMPT_TELLS.iter().filter(|left| kinds.iter().any(|kind| kind == left.step)).collect();
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{}", style::paint(style::TITLE, "Only the attempt can tell"))?;
    let is_one = |one: &&AtLast, other: &&AtLast| (one.step, one.then) == (other.step, other.then);
    left.chunk_by(is_one).try_for_each(|group| at_last(out, group))
}

fn word(kind: crate::plan::StepKind) -> String {
    format!("{kind:?}").to_lowercase()
}

/// What shows at one step and ends in the same way.
fn at_last(out: &mut dyn Write, group: &[&AtLast]) -> io::Result<()> {
    let Some(AtLast { step, then, what: _ }) = group.first() else { return Ok(()) };
    indented(out, &format!("at {step} ({then}):"), 2)?;
    group.iter().try_for_each(|left| indented(out, &format!("- {}", left.what), 4))
}

fn indented(out: &mut dyn Write, words: &str, by: usize) -> io::Result<()> {
    for (at, line) in text::wrap(words, COLUMNS - by - 2).iter().enumerate() {
        let by = if at == 0 { by } else { by + 2 };
        writeln!(out, "{:by$}{line}", "")?;
    }
    Ok(())
}

/// Says how long a check took, and how much of it cargo packed and built; both in milliseconds.
///
/// # Errors
/// The stream does not take it.
pub fn took(out: &mut dyn Write, whole: u64, cargo: u64) -> io::Result<()> {
    writeln!(out, "took {}, of which cargo packed and built for {}", duration(whole), duration(cargo))
}

/// Writes findings as workflow commands, which GitHub shows at the lines of a pull request.
///
/// # Errors
/// The stream does not take it.
pub fn github(out: &mut dyn Write, findings: &[Finding]) -> io::Result<()> {
    findings.iter().try_for_each(|finding| {
        let Finding { code, severity, package: _, path, line, message, help } = finding;
        let command = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = path.as_ref().map_or_else(String::new, |path| format!("file={},", property(path.as_str())));
        let line = line.map_or_else(String::new, |line| format!("line={line},"));
        let help = if help.is_empty() { String::new() } else { format!("\nhelp: {help}") };
        let words = data(&format!("{message}{help}"));
        writeln!(out, "::{command} {place}{line}title={}::{words}", property(code))
    })
}

/// A value after `::`, as GitHub's documentation of workflow commands escapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::shown;

    // What shows at one step and ends in the same way is told together, and how it ends is said once.
    #[test]
    fn steps_are_told_once() {
        let all: Vec<&AtLast> = ONLY_THE_ATTEMPT_TELLS.iter().filter(|left| left.step == "publish").collect();
        let text = shown(|out| at_last(out, &all));
        assert_eq!(text.matches("at publish (earlier uploads stay").count(), 1, "{text}");
        assert_eq!(text.matches("    - whether").count() + text.matches("    - how").count(), all.len(), "{text}");
    }

    // A finding cannot end its line or begin another command.
    #[test]
    fn commands_are_escaped() {
        let finding = Finding::error("secret", "100%\n::error::x").at(&"a,b:c.rs".into(), Some(3)).help("take it out");
        let found = [finding, Finding::warning("file-media", "m")];
        let text = shown(|out| github(out, &found));
        let first = "::error file=a%2Cb%3Ac.rs,line=3,title=secret::100%25%0A::error::x%0Ahelp: take it out\n";
        assert_eq!(text, format!("{first}::warning title=file-media::m\n"));
    }
}

//! The output of `cargo release check`: the plan, verified packages, and what no check can find out.

use std::io;
use std::time::Duration;

use crate::apply::CargoTime;
use crate::check::AtLast;
use crate::check::ONLY_THE_ATTEMPT_TELLS;
use crate::journal::Verified;
use crate::plan::ReleasePlan;
use crate::report::screen::measure::bytes;
use crate::report::screen::measure::duration;
use crate::report::screen::page::Screen;
use crate::report::screen::style;
use crate::report::screen::style::field;
use crate::report::screen::text;
use crate::report::screen::text::count;

/// Writes the plan with its findings, and the number of verified packages.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn checked(out: &mut dyn Screen, plan: &ReleasePlan, verified: &[Verified]) -> io::Result<()> {
    crate::report::plan(out, plan)?;
    if verified.is_empty() {
        return Ok(());
    }
    let size = bytes(verified.iter().map(|archive| archive.size).sum());
    field(out, "Verified", &[format!("{}, {size} packed", count(verified.len(), "package"))])
}

/// Writes each verified package, and what no check can find out before the release runs the steps of the plan.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn at_length(out: &mut dyn Screen, plan: &ReleasePlan, verified: &[Verified]) -> io::Result<()> {
    if !verified.is_empty() {
        writeln!(out)?;
        writeln!(out, "{}", style::paint(style::TITLE, format!("Verified {}", count(verified.len(), "package"))))?;
    }
    for Verified { name, version, registry, checksum: _, size } in verified {
        writeln!(out, "  {name} {version} for {}, {}", registry.shown(), bytes(*size))?;
    }
    let kinds: Vec<String> = plan.steps.iter().map(|step| word(step.action.kind())).collect();
    let left: Vec<&AtLast> =
        ONLY_THE_ATTEMPT_TELLS.iter().filter(|left| kinds.iter().any(|kind| kind == left.step)).collect();
    if left.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{}", style::paint(style::TITLE, "Not covered by the check"))?;
    let is_one = |one: &&AtLast, other: &&AtLast| (one.step, one.then) == (other.step, other.then);
    left.chunk_by(is_one).try_for_each(|group| at_last(out, group))
}

fn word(kind: crate::plan::StepKind) -> String {
    format!("{kind:?}").to_lowercase()
}

/// Unchecked conditions of one step that fail in the same way.
fn at_last(out: &mut dyn Screen, group: &[&AtLast]) -> io::Result<()> {
    let Some(AtLast { step, then, what: _ }) = group.first() else { return Ok(()) };
    indented(out, &format!("at {step} ({then}):"), 2)?;
    group.iter().try_for_each(|left| indented(out, &format!("- {}", left.what), 4))
}

fn indented(out: &mut dyn Screen, words: &str, by: usize) -> io::Result<()> {
    for (at, line) in text::wrap(words, out.text_columns() - by - 2).iter().enumerate() {
        let by = if at == 0 { by } else { by + 2 };
        writeln!(out, "{:by$}{line}", "")?;
    }
    Ok(())
}

/// Writes how long something took, and how much of it cargo built and packed.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn took(out: &mut dyn Screen, what: &str, time: CargoTime) -> io::Result<()> {
    let CargoTime { whole, packing, building } = time;
    let rest = whole.saturating_sub(packing + building);
    let share =
        |part: Duration| format!("{} ({:.0} %)", duration(part), 100.0 * part.as_secs_f64() / whole.as_secs_f64());
    let (building, packing, rest) = (share(building), share(packing), share(rest));
    writeln!(
        out,
        "{what} in {}: cargo built for {building} and packed for {packing}, the rest took {rest}",
        duration(whole)
    )
}

/// Writes that nothing was packed or built because there were errors already.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn not_built(out: &mut dyn Screen) -> io::Result<()> {
    style::note(out, "nothing was packed or built because of the errors above; add `--keep-going` to verify anyway")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::shown;

    // Whoever waits sees what for.
    #[test]
    fn shares_of_the_time_are_told() {
        let [whole, packing, building] = [50_000, 4_000, 45_000].map(Duration::from_millis);
        let text = shown(|out| took(out, "finished", CargoTime { whole, packing, building }));
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let told = "finished in 50s: cargo built for 45s (90 %) and packed for 4.0s (8 %), the rest took 1.0s (2 %)";
        assert_eq!(words, told);
    }

    // What shows at one step and ends in the same way is shown together, and how it ends is said once.
    #[test]
    fn steps_are_told_once() {
        let all: Vec<&AtLast> = ONLY_THE_ATTEMPT_TELLS.iter().filter(|left| left.step == "publish").collect();
        let text = shown(|out| at_last(out, &all));
        assert_eq!(text.matches("at publish (earlier uploads stay").count(), 1, "{text}");
        assert_eq!(text.matches("    - whether").count() + text.matches("    - how").count(), all.len(), "{text}");
    }
}

//! Confirm: waits until the index shows the version, and that it is ours. A wait that runs out is a failure that can be
//! resumed, never a success.

use std::time::Duration;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::tools::system::clock;
use crate::tools::system::interrupt;

use crate::apply::context::Tell;
use crate::apply::event::AfterWait;
use crate::apply::event::Event;
use crate::apply::publish_state;
use crate::apply::publish_state::Live;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;

/// How often an index is asked about one version, and how long the time between two questions to one index is at the
/// least, however many versions are waited for. A file of an index is a small one that caches answer for, often with 304;
/// where cargo has to read, each question takes a process.
const DIRECT: LookPace = LookPace { first: Duration::from_millis(250), between: Duration::from_millis(25) };
const BY_CARGO: LookPace = LookPace { first: Duration::from_secs(1), between: Duration::from_millis(500) };

/// The longest time between two looks, unless more versions are waited for.
const LONGEST: Duration = Duration::from_secs(10);

/// The shortest time until an index is asked again that did not answer.
const SILENT: Duration = Duration::from_secs(1);

/// How often to look.
#[derive(Clone, Copy)]
struct LookPace {
    first: Duration,
    between: Duration,
}

impl LookPace {
    /// How long until the next look: a tenth of the time that was waited so far, so that what is late is seen a tenth later
    /// at the most; longer where so many others wait for the same index.
    fn next(self, waited: Duration, all: u32) -> Duration {
        (waited / 10).min(LONGEST).max(self.first).max(self.between * all)
    }
}

fn verified<'a>(registry: &RegistryName, context: &'a StepContext<'_>) -> Result<(&'a PackageName, &'a Verified)> {
    let name = context.package()?;
    let known = context.journal.verified(name, registry);
    known
        .map(|known| (name, known))
        .ok_or_else(|| Failure::bug(format!("`{name}` is confirmed before it was verified")))
}

/// Done when the index shows it.
pub(crate) fn probe(registry: &RegistryName, context: &StepContext<'_>) -> Result<Probe> {
    let (_, known) = verified(registry, context)?;
    Ok(match publish_state::in_index(known, context)? {
        Live::Ours(proof) => Probe::Done(proof),
        Live::Theirs(failure) => Probe::Conflict(failure),
        Live::Absent | Live::Unknown(_) => Probe::ToDo,
    })
}

/// Waits.
pub(crate) fn perform(
    registry: &RegistryName,
    timeout: Duration,
    context: &StepContext<'_>,
    tell: Tell<'_>,
) -> Result<Proof> {
    let (name, known) = verified(registry, context)?;
    let watch = clock::Stopwatch::start();
    let until = clock::time_of_day(clock::now(), timeout);
    let mut said = String::new();
    let index = context.world.registry(registry)?;
    let wait = index.waits();
    let pace = if wait.is_by_cargo() { BY_CARGO } else { DIRECT };
    loop {
        let (reason, at_least) = match publish_state::in_index(known, context)? {
            Live::Ours(proof) => return Ok(proof),
            Live::Theirs(failure) => return Err(failure),
            Live::Absent => ("it is not in the index yet".to_owned(), Duration::ZERO),
            Live::Unknown(why) => (format!("the index does not answer: {why}"), SILENT),
        };
        if watch.elapsed() >= timeout || context.world.is_late() {
            return Err(timed_out(&format!("{name} {} on {registry:#}", known.version), &reason, timeout));
        }
        if reason != said {
            let (step, package) = (context.step.id.clone(), context.step.package.clone());
            let left = timeout.saturating_sub(watch.elapsed());
            said.clone_from(&reason);
            let (until, then) = (until.clone(), AfterWait::GivesUp);
            tell(&Event::Waiting { step, package, reason, until, then, left })?;
        }
        let next = pace.next(watch.elapsed(), wait.all()).max(at_least);
        context.world.pause(clock::jittered(next).min(timeout.saturating_sub(watch.elapsed())));
        interrupt::stop_if_asked()?;
        context.world.goes_on_waiting()?;
    }
}

fn timed_out(what: &str, reason: &str, timeout: Duration) -> Failure {
    Failure::interrupted(format!("timed out after {} s waiting for {what}", timeout.as_secs()))
        .because(reason.to_owned())
        .because("the upload may have arrived all the same; nothing is uploaded twice")
        .help("`cargo release resume` looks again and goes on; `[confirm] timeout` sets how long to wait")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    // Each row: how long was waited, how many wait, and how long until the next look.
    #[test]
    fn looks_are_dense_at_first_and_rare_later() {
        let table = [
            (ms(0), 1, ms(250)),
            (ms(2_500), 8, ms(250)),
            (ms(10_000), 8, ms(1_000)),
            (ms(60_000), 8, ms(6_000)),
            (ms(600_000), 8, ms(10_000)),
        ];
        for (waited, all, expected) in table {
            assert_eq!(DIRECT.next(waited, all), expected, "{waited:?}, {all} wait");
        }
    }

    // However many wait, an index is asked forty times a second at the most; by cargo, twice.
    #[test]
    fn an_index_is_asked_at_one_pace() {
        for all in [1, 10, 64, 500] {
            for waited in [ms(0), ms(5_000), ms(3_600_000)] {
                assert!(DIRECT.next(waited, all) >= all * ms(25));
                assert!(BY_CARGO.next(waited, all) >= all * ms(500));
            }
        }
    }
}

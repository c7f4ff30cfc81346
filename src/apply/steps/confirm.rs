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

/// The times between two looks, in milliseconds; the last one repeats.
const PATIENCE: [u64; 9] = [250, 500, 1000, 1000, 2000, 3000, 5000, 5000, 10_000];

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
    for wait in PATIENCE.iter().chain(std::iter::repeat(&PATIENCE[PATIENCE.len() - 1])) {
        let reason = match publish_state::in_index(known, context)? {
            Live::Ours(proof) => return Ok(proof),
            Live::Theirs(failure) => return Err(failure),
            Live::Absent => "it is not in the index yet".to_owned(),
            Live::Unknown(why) => format!("the index does not answer: {why}"),
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
        context.world.pause(Duration::from_millis(*wait));
        interrupt::stop_if_asked()?;
        context.world.goes_on_waiting()?;
    }
    Err(Failure::bug("an endless wait has ended"))
}

fn timed_out(what: &str, reason: &str, timeout: Duration) -> Failure {
    Failure::interrupted(format!("timed out after {} s waiting for {what}", timeout.as_secs()))
        .because(reason.to_owned())
        .because("the upload may have arrived all the same; nothing is uploaded twice")
        .help("`cargo release resume` looks again and goes on; `[confirm] timeout` sets how long to wait")
}

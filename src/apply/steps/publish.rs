//! Publish: one cargo process a package. An upload is accepted, and never sent again; or refused, and never tried again by
//! itself; or unknown: then it is looked for, and sent again while there is time. Cargo's exit status decides nothing.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::error::Failure;
use crate::error::Result;
use crate::journal::Limited;
use crate::journal::Proof;
use crate::journal::Verified;
use crate::names::PackageName;
use crate::plan::Upload;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::environment::Secret;
use crate::tools::system::interrupt;

use crate::apply::context::Tell;
use crate::apply::event::AfterWait;
use crate::apply::event::Event;
use crate::apply::publish_state;
use crate::apply::publish_state::Live;
use crate::apply::step_context::Performed;
use crate::apply::step_context::Probe;
use crate::apply::step_context::StepContext;
use crate::apply::trusted::Age;
use crate::apply::upload::answer::UploadOutcome;
use crate::apply::upload::refusal;
use crate::apply::upload::send;
use crate::apply::verify::lockfile;

/// The first wait of each kind, in seconds; each one after it doubles, up to the longest.
const FIRST_AGAIN: u64 = 1;
const FIRST_UNNAMED: u64 = 5;
const LONGEST: u64 = 60;

/// How many tokens that were minted for one upload may be refused.
const FRESH_REFUSED: u32 = 2;

/// Added to the time that a registry names: clocks differ.
const MARGIN: Duration = Duration::from_millis(500);

const UNGATED: &str = "the registry's own credential provider passed the checksum gate by; the index was compared";

/// What was verified of this step's package.
pub(crate) fn verified<'a>(upload: &Upload, context: &'a StepContext<'_>) -> Result<(&'a PackageName, &'a Verified)> {
    let name = context.package()?;
    let known = context.journal.verified(name, &upload.registry);
    known.map(|known| (name, known)).ok_or_else(|| Failure::bug(format!("`{name}` was not verified before its upload")))
}

/// Done when the index or the API shows the version and it is ours, and when the registry took it before: what is
/// accepted is waited for, whatever the index shows meanwhile.
pub(crate) fn probe(upload: &Upload, context: &StepContext<'_>) -> Result<Probe> {
    let (_, known) = verified(upload, context)?;
    let accepted = context.journal.proof(&context.step.id);
    Ok(match (publish_state::anywhere(known, context)?, accepted) {
        (Live::Ours(proof), _) => Probe::Done(proof),
        (Live::Theirs(failure), _) => Probe::Conflict(failure),
        (Live::Absent | Live::Unknown(_), Some(accepted)) => Probe::Done(accepted.clone()),
        // Where the index does not answer, nor does it answer cargo, which asks it before it uploads: that is tried again.
        (Live::Absent | Live::Unknown(_), None) => Probe::ToDo,
    })
}

/// Uploads, and sends again what nobody has seen.
pub(crate) fn perform(upload: &Upload, context: &StepContext<'_>, tell: Tell<'_>) -> Result<Performed> {
    let (_, known) = verified(upload, context)?;
    lockfile::ensure(context)?;
    let mut again = Again::within(upload.limits.retry);
    let mut ended: Option<Arc<Secret>> = None;
    let mut fresh_refused = 0;
    let mut may_be_there = context.journal.was_left_open(&context.step.id);
    loop {
        let sent = send::once(upload, known, context, tell, ended.as_deref())?;
        // A token may end between two uploads, or while cargo packs. One that was minted for this upload and is refused
        // twice is not allowed to publish.
        if let (UploadOutcome::Refused { status: Some(401 | 403), .. }, Some((token, age))) =
            (&sent.answer, &sent.token)
        {
            fresh_refused += u32::from(*age == Age::Fresh);
            if fresh_refused < FRESH_REFUSED {
                ended = Some(Arc::clone(token));
                continue;
            }
        }
        let said = match sent.answer {
            UploadOutcome::Accepted => {
                let remark = (!sent.gated).then(|| UNGATED.to_owned());
                return Ok(Performed::Done(Proof::Uploaded { remark }));
            }
            UploadOutcome::Taken => return taken(known, context),
            UploadOutcome::Later { at, said } => return limited(at, said, upload, context),
            UploadOutcome::Exhausted { said } => return Err(refusal::exhausted(known, &said)),
            UploadOutcome::Refused { status, said } => {
                let failure = refusal::refused(known, status, &said);
                return Ok(Performed::Refused { said, failure });
            }
            UploadOutcome::Failed { .. } => return Err(refusal::failed(known, &sent.tail)),
            UploadOutcome::Unsent { said } => said,
            UploadOutcome::Unknown { said } => {
                may_be_there = true;
                said
            }
        };
        let lost = LostUpload { said: &said, may_be_there };
        if let Some(proof) = look_for(known, &lost, &mut again, (context, tell))? {
            return Ok(Performed::Done(proof));
        }
    }
}

/// An upload that nobody has seen.
struct LostUpload<'a> {
    /// Why, in cargo's words.
    said: &'a str,
    /// Whether it was sent, now or before.
    may_be_there: bool,
}

impl LostUpload<'_> {
    fn reason(&self, known: &Verified) -> String {
        let Self { said, may_be_there } = self;
        match may_be_there {
            true => format!("it is not known whether {:#} took the upload: {said}", known.registry),
            false => format!("{:#} cannot be reached: {said}", known.registry),
        }
    }

    fn failure(&self, known: &Verified) -> Failure {
        if self.may_be_there { refusal::unknown(known, self.said) } else { refusal::unsent(known, self.said) }
    }
}

/// The registry has the version: whose it is, it tells, or the index does in time.
fn taken(known: &Verified, context: &StepContext<'_>) -> Result<Performed> {
    match publish_state::anywhere(known, context)? {
        Live::Ours(proof) => Ok(Performed::Done(proof)),
        Live::Theirs(failure) => Err(failure),
        Live::Absent | Live::Unknown(_) => Ok(Performed::Done(Proof::Uploaded { remark: None })),
    }
}

/// Until when the registry takes no more: as it says, else a while that doubles, within the time for trying again.
fn limited(at: Option<Timestamp>, said: String, upload: &Upload, context: &StepContext<'_>) -> Result<Performed> {
    let now = clock::now();
    let is_new = context.is_new(upload)?;
    let later = |wait: Duration| now.checked_add(wait).unwrap_or(now);
    if let Some(at) = at {
        let until = at.checked_add(MARGIN).unwrap_or(at);
        return Ok(Performed::Later(Limited { is_new, until, said }));
    }
    let (times, since) = context.journal.limited_so_far(&context.step.id);
    let waited =
        since.map_or(Duration::ZERO, |since| Duration::try_from(now.duration_since(since)).unwrap_or_default());
    if waited >= upload.limits.retry {
        let (_, known) = verified(upload, context)?;
        return Err(refusal::exhausted(known, &said));
    }
    let until = later(Duration::from_secs(doubled(FIRST_UNNAMED, times)));
    Ok(Performed::Later(Limited { is_new, until, said }))
}

/// Looks whether an upload arrived after all, for a while that grows from time to time.
///
/// # Errors
/// It is somebody else's, the time for trying is over, or we were asked to stop.
fn look_for(
    known: &Verified,
    lost: &LostUpload<'_>,
    again: &mut Again,
    (context, tell): (&StepContext<'_>, Tell<'_>),
) -> Result<Option<Proof>> {
    let wait = again.next();
    let mut looks = Again::within(wait);
    let mut is_told = false;
    loop {
        match publish_state::anywhere(known, context)? {
            Live::Ours(proof) => return Ok(Some(proof)),
            Live::Theirs(failure) => return Err(failure),
            Live::Absent | Live::Unknown(_) => {}
        }
        if again.is_over() || interrupt::asked() || context.world.is_late() || context.world.goes_on_waiting().is_err()
        {
            return Err(lost.failure(known));
        }
        if looks.is_over() {
            return Ok(None);
        }
        if !is_told {
            is_told = true;
            let (step, package) = (context.step.id.clone(), context.step.package.clone());
            let reason = lost.reason(known);
            let left = again.left();
            let until = clock::time_of_day(clock::now(), left);
            let then = AfterWait::GivesUp;
            tell(&Event::Waiting { step, package, reason, until, then, left })?;
        }
        context.world.pause(looks.next());
    }
}

/// Waits that double within a time.
struct Again {
    watch: Stopwatch,
    within: Duration,
    turn: u32,
}

impl Again {
    fn within(within: Duration) -> Self {
        Self { watch: Stopwatch::start(), within, turn: 0 }
    }

    /// The next wait, a little longer or shorter than planned: many releases stumble over the same registry.
    fn next(&mut self) -> Duration {
        let wait = Duration::from_secs(doubled(FIRST_AGAIN, self.turn));
        self.turn += 1;
        clock::jittered(wait).min(self.left())
    }

    fn left(&self) -> Duration {
        self.within.saturating_sub(self.watch.elapsed())
    }

    fn is_over(&self) -> bool {
        self.left().is_zero()
    }
}

fn doubled(first: u64, turn: u32) -> u64 {
    first.saturating_mul(2u64.saturating_pow(turn)).min(LONGEST)
}

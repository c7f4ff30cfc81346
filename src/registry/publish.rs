//! The upload of a version, and everything that can go wrong with it on purpose.

use super::Shared;
use super::answer::HttpError;
use super::answer::HttpResponse;
use super::answer::Reply;
use super::faults::Fault;
use super::faults::Faults;
use super::faults::Refusal;
use super::limit;
use super::state;
use super::state::SeenFrom;
use super::state::ShownAs;
use super::upload::ReceivedUpload;
use crate::check;
use crate::check::PackedArchive;
use crate::check::Rules;
use crate::names::PackageName;
use crate::tools::system::clock;

/// What is done with an upload.
enum Course {
    Refuse(Refusal),
    Drop,
    StoreThenDrop,
    Store,
}

/// Stores an upload and answers, unless a fault says otherwise.
pub(super) fn publish(shared: &Shared, body: &[u8]) -> Result<Reply, HttpError> {
    let upload = ReceivedUpload::parse(body)?;
    if let Some(rules) = shared.rules {
        by_rules(&upload, rules)?;
    }
    let name = upload.metadata.name.clone();
    let counted = shared.state().count(&name, clock::now());
    if let Err(until) = counted {
        return Err(limited(shared.state().find(&name).is_err(), until));
    }
    let course = course(&mut shared.state().faults, &name);
    match &course {
        Course::Refuse(refusal) => return Err(denied(refusal)),
        Course::Drop => return Ok(Reply::Cut),
        Course::Store | Course::StoreThenDrop => store(shared, upload)?,
    }
    let slow =
        shared.state().faults.take(&name, |fault| if let Fault::SlowUpload(by) = fault { Some(*by) } else { None });
    if let Some(by) = slow {
        clock::pause(by);
    }
    if matches!(course, Course::StoreThenDrop) {
        return Ok(Reply::Cut);
    }
    let warnings = serde_json::json!({ "invalid_categories": [], "invalid_badges": [], "other": [] });
    Ok(Reply::Response(HttpResponse::json(&serde_json::json!({ "warnings": warnings }))))
}

/// Refuses with the first reason, as registries do.
fn by_rules(upload: &ReceivedUpload<'_>, rules: Rules) -> Result<(), HttpError> {
    let name = PackageName::from(upload.metadata.name.as_str());
    let packed = PackedArchive::read(&name, &upload.metadata.vers, upload.archive);
    match check::refused(&packed, rules).first() {
        None => Ok(()),
        Some(finding) => {
            let reason = finding.message.split_once(" is refused: ").map_or(finding.message.as_str(), |(_, why)| why);
            Err(HttpError::bad(reason))
        }
    }
}

fn store(shared: &Shared, upload: ReceivedUpload<'_>) -> Result<(), HttpError> {
    if let Some(upstream) = &shared.upstream {
        let taken = upstream.lines(&upload.metadata.name)?;
        state::admits(taken.iter().map(|line| (line.name.as_str(), &line.vers)), &upload.metadata)?;
    }
    let mut state = shared.state();
    let seen = seen(&mut state.faults, &upload.metadata.name);
    state.store(upload, seen)
}

fn course(faults: &mut Faults, name: &str) -> Course {
    let special = faults.take(name, |fault| match fault {
        Fault::Refuse(refusal) => Some(Course::Refuse(refusal.clone())),
        Fault::ErrorsWithOk(message) => Some(Course::Refuse(Refusal::new(200, message))),
        Fault::DropUnstored => Some(Course::Drop),
        Fault::StoreThenDrop => Some(Course::StoreThenDrop),
        Fault::ShownAfter(_) | Fault::NeverShown | Fault::WrongChecksum => None,
        Fault::SlowUpload(_) | Fault::SlowIndex(_) | Fault::IndexRefused(_) => None,
        Fault::Later(_) | Fault::ReadOnly | Fault::TrustedOnly | Fault::Limited(_) => None,
    });
    special.unwrap_or(Course::Store)
}

fn seen(faults: &mut Faults, name: &str) -> ShownAs {
    let from = faults.take(name, |fault| match fault {
        Fault::ShownAfter(age) => Some(SeenFrom::Age(*age)),
        Fault::NeverShown => Some(SeenFrom::Reveal),
        Fault::Refuse(_) | Fault::ErrorsWithOk(_) | Fault::DropUnstored | Fault::StoreThenDrop => None,
        Fault::WrongChecksum | Fault::SlowUpload(_) | Fault::SlowIndex(_) | Fault::IndexRefused(_) => None,
        Fault::Later(_) | Fault::ReadOnly | Fault::TrustedOnly | Fault::Limited(_) => None,
    });
    let falsified = faults.take(name, |fault| (*fault == Fault::WrongChecksum).then_some(())).is_some();
    ShownAs { from: from.unwrap_or_default(), falsified }
}

/// The words of crates.io.
fn limited(is_new: bool, until: jiff::Timestamp) -> HttpError {
    let what = if is_new { "new crates" } else { "updates to existing crates" };
    let until = limit::http_date(until);
    let message = format!(
        "You have published too many {what} in a short period of time. Please try again after {until} and see the \
         rate limits for more details."
    );
    HttpError(HttpResponse::error(429, &message).with("Retry-After", until))
}

fn denied(refusal: &Refusal) -> HttpError {
    let answer = HttpResponse::error(refusal.status, &refusal.message);
    match refusal.retry_after {
        Some(seconds) => HttpError(answer.with("Retry-After", seconds.to_string())),
        None => HttpError(answer),
    }
}

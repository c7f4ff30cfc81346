//! What is done when a server answers "later" to a question: it is waited for as long as it asks, within limits, and that is
//! told. Beyond them its answer stands, and what was asked stays unknown.

use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use ureq::http::HeaderMap;
use ureq::http::StatusCode;
use ureq::http::header::RETRY_AFTER;

use crate::tools::system::clock;
use crate::tools::system::interrupt;

/// The longest single wait.
const LONGEST: Duration = Duration::from_secs(60);
/// All waits of one client together.
const IN_ALL: Duration = Duration::from_secs(120);
/// A wait that the server does not name; each one after it doubles.
const UNNAMED: Duration = Duration::from_secs(5);
/// How long we go on without hearing whether we should stop.
const ATTENTION: Duration = Duration::from_millis(250);

static TELL: OnceLock<fn(&Later)> = OnceLock::new();

/// A wait that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Later {
    /// Who asks to wait.
    pub host: String,
    /// How long.
    pub wait: Duration,
}

/// Says who is told of waits, once for this process; without it they are silent.
pub(crate) fn told_to(tell: fn(&Later)) {
    // The first to say so is told.
    TELL.get_or_init(|| tell);
}

/// The patience of one client, which wears out.
#[derive(Debug)]
pub(crate) struct Patience {
    left: Mutex<Duration>,
}

impl Patience {
    /// With the limits of this module.
    pub(crate) fn new() -> Self {
        Self { left: Mutex::new(IN_ALL) }
    }

    /// Waits as an answer asks. `false` where it asks for nothing, for more than there is patience for, or where we were
    /// asked to stop meanwhile.
    pub(crate) fn waits(&self, host: &str, answer: (StatusCode, &HeaderMap), turn: u32) -> bool {
        let Some(wait) = asked(answer, turn, clock::now()) else { return false };
        if !self.grants(wait) {
            return false;
        }
        let later = Later { host: host.to_owned(), wait };
        TELL.get().into_iter().for_each(|tell| tell(&later));
        let mut left = wait;
        while !left.is_zero() && !interrupt::asked() {
            let slice = left.min(ATTENTION);
            clock::pause(slice);
            left -= slice;
        }
        !interrupt::asked()
    }

    fn grants(&self, wait: Duration) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = left.checked_sub(wait).filter(|_| wait <= LONGEST);
        rest.inspect(|rest| *left = *rest).is_some()
    }
}

/// How long an answer asks to wait: 429, and 503 that names a time (RFC 9110, "Retry-After": seconds, or a date).
fn asked((status, headers): (StatusCode, &HeaderMap), turn: u32, now: Timestamp) -> Option<Duration> {
    let named = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim);
    let named = named.and_then(|text| seconds(text).or_else(|| until(text, now)));
    match status {
        StatusCode::TOO_MANY_REQUESTS => named.or_else(|| UNNAMED.checked_mul(2u32.checked_pow(turn)?)),
        StatusCode::SERVICE_UNAVAILABLE => named,
        _ => None,
    }
}

fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_secs)
}

fn until(text: &str, now: Timestamp) -> Option<Duration> {
    let then = rfc2822::parse(text).ok()?.timestamp();
    Some(Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(status: u16, retry_after: &str, turn: u32) -> Option<u64> {
        let mut headers = HeaderMap::new();
        if !retry_after.is_empty() {
            headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        }
        let now: Timestamp = "2026-08-26T10:00:00Z".parse().unwrap();
        asked((StatusCode::from_u16(status).unwrap(), &headers), turn, now).map(|wait| wait.as_secs())
    }

    // Each row: an answer, at which turn, and how many seconds it asks for.
    #[test]
    fn servers_say_how_long() {
        let table = [
            (429, "7", 0, Some(7)),
            (429, "Wed, 26 Aug 2026 10:00:30 GMT", 0, Some(30)),
            (429, "Wed, 26 Aug 2026 09:00:00 GMT", 0, Some(0)),
            (429, "", 0, Some(5)),
            (429, "soon", 2, Some(20)),
            (503, "7", 0, Some(7)),
            (503, "", 0, None),
            (500, "7", 0, None),
            (200, "", 0, None),
        ];
        for (status, retry_after, turn, expected) in table {
            assert_eq!(asks(status, retry_after, turn), expected, "{status} {retry_after:?} {turn}");
        }
    }

    // Patience has an end, for one wait and for all of them.
    #[test]
    fn patience_wears_out() {
        let patience = Patience::new();
        let grants = |seconds| patience.grants(Duration::from_secs(seconds));
        assert!(!grants(61));
        assert!(grants(60) && grants(59));
        assert!(!grants(2) && grants(1) && !grants(1));
    }
}

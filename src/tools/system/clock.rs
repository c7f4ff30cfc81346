//! The time. Everything else takes it as an argument.

use std::time::Duration;
use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::environment::Environment;

/// The current moment.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The date of a release, `YYYY-MM-DD` in UTC; `SOURCE_DATE_EPOCH` (the reproducible-builds variable) fixes it.
pub fn today(environment: &Environment) -> String {
    let fixed = environment.text("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.trim().parse().ok());
    let moment = fixed.and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_else(now);
    date(moment)
}

/// The date of a moment, `YYYY-MM-DD` in UTC.
pub fn date(moment: Timestamp) -> String {
    moment.to_zoned(TimeZone::UTC).date().to_string()
}

/// The time of day that long after a moment, in UTC.
pub fn time_of_day(now: Timestamp, after: Duration) -> String {
    let later = now.checked_add(after).ok();
    later.map_or_else(|| "the end of time".to_owned(), |later| later.strftime("%H:%M:%S UTC").to_string())
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A duration that differs by up to a quarter from this one, by chance.
pub fn jittered(duration: Duration) -> Duration {
    use std::hash::BuildHasher as _;
    // Seeded by the system for each process, and different at each call.
    let chance = std::hash::RandomState::new().hash_one(Instant::now()) % 51;
    duration * (75 + u32::try_from(chance).unwrap_or(25)) / 100
}

/// Waits.
pub fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

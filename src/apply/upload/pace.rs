//! How fast registries take uploads: what is known of their limits, and what their answers teach. New crates and new
//! versions of old ones have limits of their own. Arithmetic alone; the waiting is elsewhere.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::names::RegistryName;

/// What is limited: uploads to a registry, of crates that are new there or not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Budget {
    pub(crate) registry: RegistryName,
    pub(crate) is_new: bool,
}

impl Budget {
    /// What is uploaded, in words.
    pub(crate) fn what(&self) -> &'static str {
        if self.is_new { "new crates" } else { "new versions" }
    }
}

/// A limit that a registry publishes: so many at once, then one more after each interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) at_once: u32,
    pub(crate) every: Duration,
}

/// The state of every budget.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    known: BTreeMap<Budget, Used>,
}

/// How much of a budget is used.
#[derive(Clone, Debug, Default)]
struct Used {
    limit: Option<Limit>,
    /// How long one more takes, as far as it was learnt.
    every: Option<Duration>,
    /// The longest interval that answers have shown. They name whole seconds, so that one alone may be too short.
    learnt: Option<Duration>,
    first: Option<Timestamp>,
    taken: u32,
    /// The time that the registry named last, and how many it has taken since.
    named: Option<(Timestamp, u32)>,
    next: Option<Timestamp>,
}

impl Pace {
    /// Knows a limit that a registry publishes.
    pub(crate) fn publishes(&mut self, budget: Budget, limit: Limit) {
        let used = self.known.entry(budget).or_default();
        used.limit = Some(limit);
        used.every = Some(limit.every);
    }

    /// When the next upload may be sent; `None` for now.
    pub(crate) fn next(&self, budget: &Budget) -> Option<Timestamp> {
        self.known.get(budget)?.next
    }

    /// How many uploads may be on their way at once; `None` where nothing is known of a limit. Once one was named, each waits
    /// for what became of the one before.
    pub(crate) fn room(&self, budget: &Budget) -> Option<usize> {
        let used = self.known.get(budget)?;
        let at_once = used.limit.map(|limit| limit.at_once.saturating_sub(used.taken).max(1));
        let at_once = if used.named.is_some() { Some(1) } else { at_once };
        at_once.and_then(|at_once| usize::try_from(at_once).ok())
    }

    /// An upload was taken.
    pub(crate) fn taken(&mut self, budget: &Budget, now: Timestamp) {
        let used = self.known.entry(budget.clone()).or_default();
        used.taken += 1;
        let first = *used.first.get_or_insert(now);
        used.next = match (&mut used.named, used.limit) {
            (Some((_, since)), _) => {
                *since += 1;
                // Where the interval is not known, the next answer teaches it.
                let from = used.next.unwrap_or(now);
                used.every.and_then(|every| from.checked_add(every).ok())
            }
            (None, Some(limit)) => {
                let over = (used.taken + 1).checked_sub(limit.at_once).filter(|over| *over > 0);
                over.and_then(|over| first.checked_add(limit.every.checked_mul(over)?).ok())
            }
            (None, None) => None,
        };
    }

    /// An upload was taken that was sent before the registry named a time: it tells nothing about what comes after.
    pub(crate) fn taken_before(&mut self, budget: &Budget) {
        self.known.entry(budget.clone()).or_default().taken += 1;
    }

    /// The registry takes no more until then.
    pub(crate) fn limited(&mut self, budget: &Budget, until: Timestamp) {
        let used = self.known.entry(budget.clone()).or_default();
        if let Some((before, since)) = used.named.filter(|(_, since)| *since > 0)
            && let Ok(between) = Duration::try_from(until.duration_since(before))
        {
            used.learnt = used.learnt.max(Some(between / since).filter(|every| !every.is_zero()));
            used.every = used.learnt;
        }
        used.named = Some((until, 0));
        used.next = Some(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(is_new: bool) -> Budget {
        Budget { registry: "box".into(), is_new }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + seconds).unwrap()
    }

    // What a registry does with a limit: so many at once, then one an interval, at whole seconds.
    struct Bucket {
        tokens: u32,
        every: i64,
        next: i64,
    }

    impl Bucket {
        fn asked(&mut self, now: i64) -> Result<(), i64> {
            while self.next <= now {
                self.tokens += 1;
                self.next += self.every;
            }
            self.tokens = self.tokens.checked_sub(1).ok_or(self.next)?;
            Ok(())
        }
    }

    /// How many uploads were refused on the way to so many that were taken, and how long it took.
    fn refusals(pace: &mut Pace, bucket: &mut Bucket, wanted: u32) -> (u32, i64) {
        let (mut now, mut taken, mut refused) = (0, 0, 0);
        while taken < wanted {
            if let Some(next) = pace.next(&budget(true)) {
                now = now.max(next.as_second() - 1_000_000);
            }
            match bucket.asked(now) {
                Ok(()) => {
                    taken += 1;
                    pace.taken(&budget(true), at(now));
                }
                Err(until) => {
                    refused += 1;
                    pace.limited(&budget(true), at(until));
                }
            }
        }
        (refused, now)
    }

    // A limit that nobody published costs two refusals, and from then on none.
    #[test]
    fn limit_is_learnt() {
        let mut bucket = Bucket { tokens: 3, every: 3, next: 3 };
        assert_eq!(refusals(&mut Pace::default(), &mut bucket, 129), (2, 126 * 3));
    }

    // A published limit is waited for, not run into; one that is smaller than published is learnt.
    #[test]
    fn published_limit_is_kept() {
        let limit = Limit { at_once: 5, every: Duration::from_secs(600) };
        let mut pace = Pace::default();
        pace.publishes(budget(true), limit);
        assert_eq!(refusals(&mut pace, &mut Bucket { tokens: 5, every: 600, next: 600 }, 12), (0, 7 * 600));
        let mut pace = Pace::default();
        pace.publishes(budget(true), limit);
        assert_eq!(refusals(&mut pace, &mut Bucket { tokens: 2, every: 600, next: 600 }, 12), (1, 10 * 600));
    }

    // New crates and new versions do not wait for each other.
    #[test]
    fn budgets_are_their_own() {
        let mut pace = Pace::default();
        pace.limited(&budget(true), at(60));
        assert_eq!((pace.next(&budget(true)), pace.next(&budget(false))), (Some(at(60)), None));
    }
}

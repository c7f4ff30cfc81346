//! Limits of uploads, as crates.io has them (`rate_limiter.rs`): a bucket of tokens that fills up again, one at a time.

use std::time::Duration;

use jiff::Timestamp;

use super::faults::UploadLimit;

/// How much of a limit is left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    tokens: u32,
    filled: Timestamp,
}

impl Bucket {
    /// Full.
    pub(super) fn full(limit: UploadLimit, now: Timestamp) -> Self {
        Self { tokens: limit.at_once, filled: now }
    }

    /// Takes a token; where there is none, the moment of the next one.
    pub(super) fn take(&mut self, limit: UploadLimit, now: Timestamp) -> Result<(), Timestamp> {
        let next = |filled: Timestamp| filled.checked_add(limit.every).unwrap_or(filled);
        while next(self.filled) <= now && !limit.every.is_zero() {
            self.filled = next(self.filled);
            self.tokens = (self.tokens + 1).min(limit.at_once);
        }
        match self.tokens.checked_sub(1) {
            Some(left) => {
                // A full bucket begins to fill up when something is taken from it.
                if self.tokens == limit.at_once {
                    self.filled = now;
                }
                self.tokens = left;
                Ok(())
            }
            None => Err(next(self.filled)),
        }
    }
}

/// A moment as HTTP writes it, at the next whole second.
pub(super) fn http_date(moment: Timestamp) -> String {
    let whole = moment.checked_add(Duration::from_millis(999)).unwrap_or(moment);
    whole.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    // So many at once, then one an interval; what is not used is kept, up to the size of the bucket.
    #[test]
    fn fills_up_again() {
        let limit = UploadLimit { of_new_crates: true, at_once: 2, every: Duration::from_secs(3) };
        let at = |seconds| Timestamp::from_second(seconds).expect("a moment");
        let mut bucket = Bucket::full(limit, at(0));
        assert_eq!([bucket.take(limit, at(0)), bucket.take(limit, at(0))], [Ok(()), Ok(())]);
        assert_eq!(bucket.take(limit, at(1)), Err(at(3)));
        assert_eq!([bucket.take(limit, at(3)), bucket.take(limit, at(4))], [Ok(()), Err(at(6))]);
        assert_eq!([bucket.take(limit, at(99)), bucket.take(limit, at(99))], [Ok(()), Ok(())]);
        assert_eq!(bucket.take(limit, at(99)), Err(at(102)));
    }
}

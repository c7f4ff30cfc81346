//! How long a verification takes, and how much of that is cargo's: for a look at where the time goes, and for nothing else.

use std::time::Duration;

/// The time of verifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CargoTime {
    /// From their beginning to their end.
    pub whole: Duration,
    /// Cargo, until it has packed everything of a call.
    pub packing: Duration,
    /// Cargo, afterwards: it unpacks, and compiles.
    pub building: Duration,
}

impl CargoTime {
    /// One call of cargo: how long it took, and after how long it began to verify, as it says, where it did.
    pub(crate) fn call(took: Duration, packed_after: Option<Duration>) -> Self {
        let packing = packed_after.unwrap_or(took);
        Self { whole: Duration::ZERO, packing, building: took.saturating_sub(packing) }
    }

    /// This and another one.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            whole: self.whole + other.whole,
            packing: self.packing + other.packing,
            building: self.building + other.building,
        }
    }
}

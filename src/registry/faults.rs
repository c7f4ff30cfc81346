//! What the registry does wrong on purpose: a value, decided by whoever starts it. Nothing here waits or answers.

use std::time::Duration;

use crate::names::PackageName;

/// One thing that goes wrong.
#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only tests make a registry go wrong"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The index shows an uploaded version only so long after its upload.
    ShownAfter(Duration),
    /// The index shows an uploaded version only once `BoxedRegistry::reveal` was called.
    NeverShown,
    /// The index shows an uploaded version with the checksum of something else.
    WrongChecksum,
    /// An upload is refused, and nothing is stored.
    Refuse(Refusal),
    /// An upload is answered with status 200 and errors in the body, and nothing is stored.
    ErrorsWithOk(String),
    /// The connection is cut after the upload was read, before anything is stored.
    DropUnstored,
    /// The upload is stored, and then the connection is cut without an answer.
    StoreThenDrop,
    /// An upload is stored at once and answered so much later.
    SlowUpload(Duration),
    /// A request for the index file is answered so much later.
    SlowIndex(Duration),
    /// A request for the index file is refused with this status.
    IndexRefused(u16),
    /// Whoever reads the index or the web API is told to come back so many seconds later (429).
    Later(u64),
    /// Uploads are limited, as crates.io does it: so many at once, then one more after each interval.
    Limited(UploadLimit),
    /// The registry says that it takes no uploads.
    ReadOnly,
    /// A crate says that it takes new versions by trusted publishing alone.
    TrustedOnly,
}

/// A limit of uploads, of new crates or of new versions of those that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimit {
    /// What it is for.
    pub of_new_crates: bool,
    /// How many are taken at once.
    pub at_once: u32,
    /// How long it takes until one more is taken.
    pub every: Duration,
}

/// How an upload is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status: 429, 500, 503, …
    pub status: u16,
    /// The text of the error.
    pub message: String,
    /// The `Retry-After` header, in seconds.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// A refusal without a `Retry-After` header.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after: None }
    }
}

#[cfg(feature = "testing")]
impl Fault {
    /// Goes wrong for this package only.
    pub fn on(self, package: impl Into<PackageName>) -> ArmedFault {
        ArmedFault { package: Some(package.into()), ..ArmedFault::from(self) }
    }

    /// Goes wrong so many times.
    pub fn times(self, count: u32) -> ArmedFault {
        ArmedFault::from(self).times(count)
    }
}

/// A fault with the package that it is meant for and how often it strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArmedFault {
    fault: Fault,
    package: Option<PackageName>,
    left: Option<u32>,
}

impl ArmedFault {
    /// Goes wrong so many times, and never again.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { left: Some(count), ..self }
    }

    fn strikes(&self, package: &str) -> bool {
        self.left != Some(0) && self.package.as_ref().is_none_or(|meant| *meant == *package)
    }
}

impl From<Fault> for ArmedFault {
    /// For all packages, every time.
    fn from(fault: Fault) -> Self {
        Self { fault, package: None, left: None }
    }
}

/// Everything that goes wrong, in the order in which it is looked through: of two faults of one sort the first that
/// still strikes is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<ArmedFault>);

impl Faults {
    /// Nothing goes wrong.
    #[cfg(feature = "testing")]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn with(mut self, fault: impl Into<ArmedFault>) -> Self {
        self.0.push(fault.into());
        self
    }

    /// The first fault that strikes this package and that `wanted` makes something of; it is counted.
    pub(super) fn take<T>(&mut self, package: &str, wanted: impl Fn(&Fault) -> Option<T>) -> Option<T> {
        let striking = self.0.iter_mut().filter(|armed| armed.strikes(package));
        let (armed, made) = striking.filter_map(|armed| wanted(&armed.fault).map(|made| (armed, made))).next()?;
        armed.left = armed.left.map(|left| left - 1);
        Some(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(fault: &Fault) -> Option<u16> {
        if let Fault::Refuse(refusal) = fault { Some(refusal.status) } else { None }
    }

    /// A fault for one package leaves the others alone and is used up.
    #[test]
    fn strikes_its_package_so_often() {
        let mut faults = Faults::none().with(Fault::Refuse(Refusal::new(429, "later")).on("leaf").times(2));
        assert_eq!(faults.take("cup", refused), None);
        assert_eq!(faults.take("leaf", refused), Some(429));
        assert_eq!(faults.take("leaf", refused), Some(429));
        assert_eq!(faults.take("leaf", refused), None);
    }

    /// A question about one sort of fault does not use up another.
    #[test]
    fn counts_only_what_was_wanted() {
        let mut faults = Faults::none()
            .with(Fault::StoreThenDrop.times(1))
            .with(Fault::Refuse(Refusal::new(503, "closed")).times(1))
            .with(Fault::Refuse(Refusal::new(500, "broken")));
        assert_eq!(faults.take("leaf", refused), Some(503));
        assert_eq!(faults.take("leaf", refused), Some(500));
        assert_eq!(faults.take("leaf", refused), Some(500));
        assert!(faults.take("leaf", |fault| (*fault == Fault::StoreThenDrop).then_some(())).is_some());
    }
}

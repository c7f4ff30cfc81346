//! The API check while it runs: what takes so long, and what came of it.

use std::io;
use std::io::Write;
use std::time::Duration;

use semver::Version;

use super::measure;
use super::style;
use crate::names::PackageName;

/// Writes that the API of a package is being compared with that of a version.
///
/// # Errors
/// The stream does not take it.
pub fn comparing(out: &mut dyn Write, package: &PackageName, version: &Version) -> io::Result<()> {
    style::status(out, "Comparing", &format!("the API of {package} with {version}"))
}

/// Writes what came of it, and how long it took.
///
/// # Errors
/// The stream does not take it.
pub fn compared(out: &mut dyn Write, package: &PackageName, what: &str, time: Duration) -> io::Result<()> {
    let time = measure::duration(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    style::status(out, "Compared", &format!("{package}: {what} ({time})"))
}

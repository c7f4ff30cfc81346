//! Status lines of the API check, which may take minutes.

use std::io;
use std::io::Write;
use std::time::Duration;

use semver::Version;

use crate::names::PackageName;
use crate::report::screen::measure;
use crate::report::screen::style;

/// Writes that the API of a package is being compared with this version.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn comparing(out: &mut dyn Write, package: &PackageName, version: &Version) -> io::Result<()> {
    style::status(out, "Comparing", &format!("the API of {package} with {version}"))
}

/// Writes the result of a comparison, and how long it took.
///
/// # Errors
/// Writing to the stream failed.
pub(crate) fn compared(out: &mut dyn Write, package: &PackageName, what: &str, time: Duration) -> io::Result<()> {
    let time = measure::duration(time);
    style::status(out, "Compared", &format!("{package}: {what} ({time})"))
}

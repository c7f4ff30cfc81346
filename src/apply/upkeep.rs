//! What is done to crates after their release: yanks, and owners. Each asks the registry, acts through cargo, which has
//! the token, and asks again: what cargo says decides nothing. Run again, it goes on where it was cut short.

use std::time::Duration;

use semver::Version;

use crate::error::Failure;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;
use crate::names::RegistryName;
use crate::plan::Yank;
use crate::snapshot::Listing;
use crate::tools::system::clock;
use crate::tools::system::interrupt;

use crate::apply::context::ReleaseContext;

/// How long the index has time to show a yank, with a look after each of these seconds.
const LOOKS: [u64; 5] = [0, 1, 2, 4, 8];

/// What became of a yank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Yanked {
    /// It was so before.
    Already,
    /// The index shows it.
    Shown,
    /// The registry took it, and the index does not show it yet.
    Taken,
}

/// Yanks a version, or takes that back, as its target says.
///
/// # Errors
/// The registry refuses, does not answer, or we were asked to stop.
pub(crate) fn yank(world: &ReleaseContext, target: &Yank) -> Result<Yanked> {
    interrupt::stop_if_asked()?;
    if is_so(world, target)? {
        return Ok(Yanked::Already);
    }
    let Yank { package, version, registry, yanked } = target;
    let output = world.cargo.yank(registry, package, version, !yanked).run()?;
    let looks: &[u64] = if output.success() { &LOOKS } else { &[0] };
    for wait in looks {
        clock::pause(Duration::from_secs(*wait));
        if is_so(world, target)? {
            return Ok(Yanked::Shown);
        }
        if interrupt::asked() {
            break;
        }
    }
    if output.success() {
        return Ok(Yanked::Taken);
    }
    let what = if *yanked { "could not be yanked" } else { "could not be brought back" };
    Err(Failure::world(format!("`{package} {version}` {what} on {registry:#}"))
        .because(output.tail(12))
        .help("only an owner can, and a token of trusted publishing cannot: `cargo login`")
        .help("the same command again goes on with what is left"))
}

/// Whether the index shows what is wanted.
fn is_so(world: &ReleaseContext, target: &Yank) -> Result<bool> {
    let Yank { package, version, registry, yanked } = target;
    let listing = listing(world, registry, package)?;
    if let Listing::Unknown(why) = &listing {
        let what = format!("{registry:#} does not say whether `{package} {version}` is yanked");
        return Err(Failure::interrupted(what).because(why.clone()).help("the same command again goes on"));
    }
    Ok(listing.find(version).is_some_and(|listed| listed.yanked == *yanked))
}

/// What a registry lists under a name now.
///
/// # Errors
/// It is not configured, or does not answer.
pub(crate) fn listing(world: &ReleaseContext, registry: &RegistryName, package: &PackageName) -> Result<Listing> {
    Ok(world.registry(registry)?.listing(package))
}

/// The owners of a crate; `None` where the registry does not tell them.
///
/// # Errors
/// As [`listing`].
pub(crate) fn owners(
    world: &ReleaseContext,
    registry: &RegistryName,
    package: &PackageName,
) -> Result<Option<Vec<String>>> {
    Ok(world.registry(registry)?.known_owners(package))
}

/// A published archive; `None` where it is not to be had.
///
/// # Errors
/// As [`listing`], and where the registry does not answer.
pub(crate) fn archive(
    world: &ReleaseContext,
    registry: &RegistryName,
    (package, version): (&PackageName, &Version),
    checksum: &Digest,
) -> Result<Option<Vec<u8>>> {
    let bytes = world.registry(registry)?.download(package, version, checksum)?;
    Ok(bytes.filter(|bytes| Digest::of(bytes) == *checksum))
}

/// What became of one owner.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", content = "why")]
pub(crate) enum OwnerChange {
    /// The registry lists them.
    Added,
    /// They have an invitation, and are no owner before they accept it.
    Invited,
    /// The registry does not list them any more.
    Removed,
    /// The registry refuses, in its words.
    Refused(String),
}

/// Adds an owner, by a call of its own: one login that is wrong keeps nobody else out.
///
/// # Errors
/// Cargo cannot be started, or we were asked to stop.
pub(crate) fn add_owner(
    world: &ReleaseContext,
    registry: &RegistryName,
    package: &PackageName,
    login: &str,
) -> Result<OwnerChange> {
    interrupt::stop_if_asked()?;
    let output = world.cargo.add_owners(registry, package, &[login.to_owned()]).run()?;
    let listed = world.registry(registry)?.known_owners(package).unwrap_or_default();
    if listed.iter().any(|owner| owner.eq_ignore_ascii_case(login)) {
        return Ok(OwnerChange::Added);
    }
    Ok(if output.success() { OwnerChange::Invited } else { OwnerChange::Refused(output.tail(6)) })
}

/// Removes an owner.
///
/// # Errors
/// As [`add_owner`].
pub(crate) fn remove_owner(
    world: &ReleaseContext,
    registry: &RegistryName,
    package: &PackageName,
    login: &str,
) -> Result<OwnerChange> {
    interrupt::stop_if_asked()?;
    let output = world.cargo.remove_owner(registry, package, login).run()?;
    match world.registry(registry)?.known_owners(package) {
        Some(listed) if listed.iter().any(|owner| owner.eq_ignore_ascii_case(login)) => {
            Ok(OwnerChange::Refused(output.tail(6)))
        }
        Some(_) => Ok(OwnerChange::Removed),
        None if output.success() => Ok(OwnerChange::Removed),
        None => Ok(OwnerChange::Refused(output.tail(6))),
    }
}

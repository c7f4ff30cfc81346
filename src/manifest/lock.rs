//! New versions in `Cargo.lock`, as cargo itself would write them.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use semver::Version;

pub(crate) use super::closure::pinned;
use super::literal::Literal;
use super::locked::LockFile;
use super::locked::Reference;
use super::splice;
use super::splice::Splice;
use crate::error::Failure;
use crate::error::Result;
use crate::names::PackageName;

/// The text of a `Cargo.lock` in which these members (name, old version, new version) have their new versions: in their
/// own entries, and where others name them with a version. One that has its new version already is left as it is.
///
/// A reference is spelled as shortly as it can be without being ambiguous, and entries are in order; where a package of
/// the same name from elsewhere is locked too, either may change with a version. Every other byte is kept.
///
/// # Errors
/// The lock file cannot be read, does not hold a member at its old version, refers to a package that it does not hold,
/// or would hold two packages that nothing tells apart.
pub(crate) fn set_versions(lock: &str, changes: &[(PackageName, Version, Version)]) -> Result<String> {
    let before = LockFile::parse(lock)?;
    let mut versions: Vec<Version> = before.packages.iter().map(|package| package.version.clone()).collect();
    let names: BTreeSet<&str> = changes.iter().map(|(name, _, _)| name.as_str()).collect();
    told_apart(&before, &versions, &names, "contains")?;
    for change in changes {
        versions[member(&before, change)?] = change.2.clone();
    }
    told_apart(&before, &versions, &names, "would contain")?;

    let mut splices = own_lines(&before, &versions);
    splices.extend(references(&before, &versions, &names)?);
    splices.sort_by_key(|splice| splice.at);
    let edited = splice::apply(lock, &splices)?;

    let after = LockFile::parse(&edited)?;
    if after.packages.iter().map(|package| &package.version).ne(&versions) {
        return Err(Failure::bug("an edit of `Cargo.lock` produced an unexpected result"));
    }
    let ordered = splice::apply(&edited, &reordered(&after, &names))?;
    if LockFile::parse(&ordered)?.held() != after.held() {
        return Err(Failure::bug("putting `Cargo.lock` in order produced an unexpected result"));
    }
    Ok(ordered)
}

/// The names of all packages in a lock file, read line by line.
pub(crate) fn names(lock: &str) -> Vec<PackageName> {
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().map(PackageName::from).collect()
}

/// Those of these changes that a lock file holds the old version of.
///
/// # Errors
/// The lock file cannot be read.
pub(crate) fn held(
    lock: &str,
    changes: &[(PackageName, Version, Version)],
) -> Result<Vec<(PackageName, Version, Version)>> {
    let lock = LockFile::parse(lock)?;
    Ok(changes.iter().filter(|change| member(&lock, change).is_ok()).cloned().collect())
}

/// The members that a lock file has by their path, at another version than they have now: `core 0.1.0 for 0.2.0`. A lock
/// file that cannot be read has none.
pub(crate) fn behind<'a>(text: &str, members: impl Iterator<Item = (&'a PackageName, &'a Version)>) -> Vec<String> {
    let Ok(lock) = LockFile::parse(text) else { return Vec::new() };
    let mut behind = Vec::new();
    for (name, version) in members {
        let own = lock.named(name.as_str()).iter().map(|index| &lock.packages[*index]);
        let mut own = own.filter(|package| package.source.is_none());
        if let Some(stale) = own.find(|package| package.version != *version) {
            behind.push(format!("{name} {} for {version}", stale.version));
        }
    }
    behind
}

/// Where the entry of a member is: it has no source, and the old version, or already the new one.
fn member(lock: &LockFile<'_>, (name, from, to): &(PackageName, Version, Version)) -> Result<usize> {
    let at = |version: &Version| {
        let mut named = lock.named(name.as_str()).iter().copied();
        named.find(|index| lock.packages[*index].source.is_none() && lock.packages[*index].version == *version)
    };
    at(from).or_else(|| at(to)).ok_or_else(|| {
        Failure::unplannable(format!("`Cargo.lock` does not contain the member `{name}` at {from}"))
            .help("run `cargo update --workspace` and commit the lock file")
    })
}

/// Refuses two packages of one name and version without a source; cargo does the same.
fn told_apart(lock: &LockFile<'_>, versions: &[Version], names: &BTreeSet<&str>, verb: &str) -> Result<()> {
    for name in names {
        let mut seen = BTreeSet::new();
        for index in lock.named(name).iter().filter(|index| lock.packages[**index].source.is_none()) {
            let version = &versions[*index];
            if !seen.insert(version) {
                let what = format!("`Cargo.lock` {verb} two packages `{name}` {version} from no registry");
                return Err(Failure::unplannable(what).because("cargo cannot tell them apart"));
            }
        }
    }
    Ok(())
}

/// The `version = "…"` lines that change.
fn own_lines(lock: &LockFile<'_>, versions: &[Version]) -> Vec<Splice> {
    let changed = lock.packages.iter().zip(versions).filter(|(package, version)| package.version != **version);
    changed.map(|(package, version)| package.version_at.saying(lock.text, &version.to_string())).collect()
}

/// The entries of `dependencies` that are spelled differently with these versions.
fn references(lock: &LockFile<'_>, versions: &[Version], names: &BTreeSet<&str>) -> Result<Vec<Splice>> {
    let mut splices = Vec::new();
    for package in &lock.packages {
        let mut by_name: BTreeMap<&str, Vec<&Literal>> = BTreeMap::new();
        for literal in &package.dependencies {
            let name = Reference::parse(&literal.value).name;
            if names.contains(name) {
                by_name.entry(name).or_default().push(literal);
            }
        }
        for slots in by_name.into_values() {
            let mut texts = spelled(lock, versions, &slots).map_err(|reference| {
                let what = format!("`{}` of `Cargo.lock` refers to `{reference}`", package.name);
                Failure::unplannable(what).because("there is no such package")
            })?;
            texts.sort_by(|one, other| Reference::parse(one).cmp(&Reference::parse(other)));
            let changed = slots.iter().zip(&texts).filter(|(literal, text)| literal.value != **text);
            splices.extend(changed.map(|(literal, text)| literal.saying(lock.text, text)));
        }
    }
    Ok(splices)
}

/// These references with these versions; the first one that leads nowhere is the error.
fn spelled<'l>(lock: &LockFile<'_>, versions: &[Version], references: &[&'l Literal]) -> Result<Vec<String>, &'l str> {
    let spell = |literal: &&'l Literal| {
        let found = lock.find(&Reference::parse(&literal.value));
        found.map(|index| lock.spelled(index, versions)).ok_or(literal.value.as_str())
    };
    references.iter().map(spell).collect()
}

/// Puts the entries of each of these names in cargo's order: by version, and the one without a source first.
fn reordered(lock: &LockFile<'_>, names: &BTreeSet<&str>) -> Vec<Splice> {
    let mut splices = Vec::new();
    for name in names {
        let slots = lock.named(name);
        let mut order = slots.to_vec();
        order.sort_by_key(|index| {
            let package = &lock.packages[*index];
            (&package.version, package.source.is_some())
        });
        let moved = slots.iter().zip(&order).filter(|(slot, index)| slot != index);
        splices.extend(moved.map(|(slot, index)| Splice {
            at: lock.packages[*slot].span.start,
            expects: lock.block(*slot).to_owned(),
            writes: lock.block(*index).to_owned(),
        }));
    }
    splices.sort_by_key(|splice| splice.at);
    splices
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(name: &str, from: &str, to: &str) -> (PackageName, Version, Version) {
        (PackageName::from(name), Version::parse(from).unwrap(), Version::parse(to).unwrap())
    }

    const REGISTRY: &str = "registry+https://registry.example/index";

    /// What cargo writes for the members x (at this version), y (depends on member x and on x 0.2.0 of a registry) and
    /// z (depends on x 0.2.0 of the registry).
    fn lock(x: &str) -> String {
        let member = format!("[[package]]\nname = \"x\"\nversion = \"{x}\"\n\n");
        let foreign =
            format!("[[package]]\nname = \"x\"\nversion = \"0.2.0\"\nsource = \"{REGISTRY}\"\nchecksum = \"00\"\n\n");
        let sourced = format!("x 0.2.0 ({REGISTRY})");
        let (packages, y, z) = match x {
            "0.1.0" => ([member, foreign], ["x 0.1.0", "x 0.2.0"], "x 0.2.0"),
            "0.2.0" => ([member, foreign], ["x 0.2.0", &*sourced], &*sourced),
            "0.3.0" => ([foreign, member], ["x 0.2.0", "x 0.3.0"], "x 0.2.0"),
            "0.10.0" => ([foreign, member], ["x 0.10.0", "x 0.2.0"], "x 0.2.0"),
            other => panic!("no lock for {other}"),
        };
        let [y1, y2] = y;
        format!(
            "# This file is automatically @generated by Cargo.\nversion = 4\n\n{}[[package]]\nname = \"y\"\n\
             version = \"0.1.0\"\ndependencies = [\n \"{y1}\",\n \"{y2}\",\n]\n\n[[package]]\nname = \"z\"\n\
             version = \"0.1.0\"\ndependencies = [\n \"{z}\",\n]\n",
            packages.concat()
        )
    }

    // The same texts as cargo 1.95 wrote for each of these versions, from and to each of them: with the entries in
    // order, and with a source where name and version do not tell the two apart.
    #[test]
    fn a_namesake_in_a_registry_is_told_apart() {
        for from in ["0.1.0", "0.2.0", "0.3.0", "0.10.0"] {
            for to in ["0.1.0", "0.2.0", "0.3.0", "0.10.0"] {
                let after = set_versions(&lock(from), &[change("x", from, to)]).unwrap();
                assert_eq!(after, lock(to), "{from} to {to}");
            }
        }
    }

    const PLAIN: &str = "version = 4\r\n\r\n[[package]]\r\nname = \"core\"\r\nversion = \"0.1.0\"\r\n\r\n\
        [[package]]\r\nname = \"cli\"\r\nversion = \"1.0.0\"\r\ndependencies = [\r\n \"core\",\r\n \"semver\",\r\n]\r\n\r\n\
        [[package]]\r\nname = \"semver\"\r\nversion = \"0.1.0\"\r\nsource = \"registry+x\"\r\n";

    // One line changes; a reference without a version stays, and so do CRLF line ends.
    #[test]
    fn a_reference_by_name_alone_stays() {
        let after = set_versions(PLAIN, &[change("core", "0.1.0", "0.2.0")]).unwrap();
        assert_eq!(after, PLAIN.replacen("0.1.0", "0.2.0", 1));
    }

    // Several members move in one edit.
    #[test]
    fn several_members_move_at_once() {
        let changes = [change("core", "0.1.0", "0.2.0-rc.1"), change("cli", "1.0.0", "1.0.1")];
        let after = set_versions(PLAIN, &changes).unwrap();
        assert_eq!(after, PLAIN.replacen("0.1.0", "0.2.0-rc.1", 1).replace("1.0.0", "1.0.1"));
        assert_eq!(set_versions(&after, &changes).unwrap(), after);
    }

    // The oldest form names every version, and keeps doing so.
    #[test]
    fn the_first_format_keeps_its_long_references() {
        let before = "[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.1.0\"\n\
            dependencies = [\n \"a 0.1.0\",\n \"c 1.0.0 (registry+x)\",\n]\n\n[[package]]\nname = \"c\"\n\
            version = \"1.0.0\"\nsource = \"registry+x\"\n\n[metadata]\n\"checksum c 1.0.0 (registry+x)\" = \"00\"\n";
        let after = set_versions(before, &[change("a", "0.1.0", "0.2.0")]).unwrap();
        let expected = before.replacen("version = \"0.1.0\"", "version = \"0.2.0\"", 1).replace("a 0.1.0", "a 0.2.0");
        assert_eq!(after, expected);
    }

    // A lock file that is behind the manifests is said to be so, and what to do.
    #[test]
    fn a_member_that_is_not_locked_is_refused() {
        let refused = set_versions(PLAIN, &[change("core", "0.0.9", "0.2.0")]).unwrap_err();
        assert_eq!(refused.what(), "`Cargo.lock` does not contain the member `core` at 0.0.9");
        assert_eq!(refused.helps().len(), 1);
        // A registry's package is no member.
        assert!(set_versions(PLAIN, &[change("semver", "0.1.0", "0.2.0")]).is_err());
    }

    // Two path packages of one name and version would be one for cargo.
    #[test]
    fn two_that_nothing_tells_apart_are_refused() {
        let before =
            "[[package]]\nname = \"a\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"a\"\nversion = \"0.2.0\"\n";
        let refused = set_versions(before, &[change("a", "0.1.0", "0.2.0")]).unwrap_err();
        assert!(refused.what().contains("two packages `a` 0.2.0"), "{refused}");
    }

    // A reference that leads nowhere is said, with who makes it.
    #[test]
    fn a_reference_to_nothing_is_refused() {
        let before = PLAIN.replace("\"core\",", "\"core 7.0.0\",");
        let refused = set_versions(&before, &[change("core", "0.1.0", "0.2.0")]).unwrap_err();
        assert_eq!(refused.what(), "`cli` of `Cargo.lock` refers to `core 7.0.0`");
    }

    proptest! {
        // There and back is where it started; twice is once.
        #[test]
        fn there_and_back(to in "[0-2]\\.[0-9]{1,2}\\.0(-rc\\.1)?") {
            prop_assume!(Version::parse(&to).is_ok());
            let forth = [change("x", "0.1.0", &to)];
            let after = set_versions(&lock("0.1.0"), &forth).unwrap();
            prop_assert_eq!(&set_versions(&after, &forth).unwrap(), &after);
            prop_assert_eq!(set_versions(&after, &[change("x", &to, "0.1.0")]).unwrap(), lock("0.1.0"));
        }
    }
}

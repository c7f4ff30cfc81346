//! What a lock file pins for one package.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::locked::LockFile;
use super::locked::Reference;
use crate::error::Result;

/// The packages, with their versions, that a package of a lock file is built from, as far as they come from elsewhere:
/// those without a source are members, and move by releases. Of its own dependencies those in `direct` count: the lock
/// file does not tell which of them are only for tests. Empty where it is not in there.
///
/// # Errors
/// The lock file cannot be read.
pub(crate) fn pinned(lock: &str, package: &str, direct: &BTreeSet<&str>) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let lock = LockFile::parse(lock)?;
    let mut left: Vec<usize> =
        lock.named(package).iter().copied().filter(|index| lock.packages[*index].source.is_none()).collect();
    let mut seen: BTreeSet<usize> = left.iter().copied().collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some(index) = left.pop() {
        let at = &lock.packages[index];
        if at.source.is_some() {
            found.entry(at.name.clone()).or_default().insert(at.version.to_string());
        }
        let references = at.dependencies.iter().map(|reference| Reference::parse(&reference.value));
        let counts = |reference: &Reference<'_>| at.name != package || direct.contains(reference.name);
        let wanted: Vec<usize> = references.filter(counts).filter_map(|reference| lock.find(&reference)).collect();
        left.extend(wanted.into_iter().filter(|index| seen.insert(*index)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    // What others need is not pinned for us, and members are not told.
    #[test]
    fn only_what_it_is_built_from() {
        let source = "source = \"registry+x\"\n";
        let entry = |name: &str, version: &str, rest: &str| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{rest}\n")
        };
        let lock = [
            "version = 4\n\n".to_owned(),
            entry("a", "1.0.0", source),
            entry("b", "1.0.0", source),
            entry("b", "2.0.0", source),
            entry("cli", "0.1.0", "dependencies = [\"core\", \"b 2.0.0\", \"z\"]\n"),
            entry("core", "0.1.0", "dependencies = [\"a\"]\n"),
            entry("z", "1.0.0", source),
        ];
        let pinned = pinned(&lock.concat(), "cli", &BTreeSet::from(["core", "b"])).unwrap();
        let told: Vec<String> = pinned.iter().map(|(name, versions)| format!("{name} {versions:?}")).collect();
        assert_eq!(told, ["a {\"1.0.0\"}", "b {\"2.0.0\"}"]);
    }
}

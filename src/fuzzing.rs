//! What has to hold whatever bytes a parser is given: `fuzz/` makes the bytes up, and the tests keep those that once
//! broke something. Compiled for those two only.

use std::path::Path;

use jiff::civil::Date;
use semver::Version;

use crate::changelog;
use crate::changelog::Document;
use crate::changelog::Note;
use crate::changelog::Origin;
use crate::changelog::Owner;
use crate::changelog::Release;
use crate::changelog::Unreleased;
use crate::journal::Journal;
use crate::journal::JournalEntry;
use crate::manifest::lock;
use crate::names::PackageName;
use crate::names::TagName;

/// Any text is a changelog: nothing of it is lost, and a second release of the same version changes nothing.
pub fn changelog(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert_eq!(Document::parse(text).render(), text, "a changelog is put together as it was");
    let release = release();
    drop(changelog::flaws(text, &release.owner, &|_| false));
    drop(Unreleased::read(text, &release.owner));
    if let Ok(drafted) = changelog::bring_up(text, &release, None) {
        assert_eq!(Document::parse(&drafted).render(), drafted);
    }
    let Ok(released) = changelog::release(text, &release) else { return };
    let again = changelog::release(&released.text, &release).expect("what was released can be read");
    let second = changelog::Released { origin: Origin::Already, ..released };
    assert_eq!(again, second, "a release is there once");
}

fn release() -> Release {
    let package = PackageName::from("tea");
    Release {
        owner: Owner::alone(&package),
        version: Version::new(1, 2, 0),
        date: Date::constant(2026, 11, 22),
        previous_tag: Some(TagName::from("v1.1.0")),
        tag: Some(TagName::from("v1.2.0")),
        repository: Some("https://example.com/tea".to_owned()),
        draft: Some("### Fixed\n\n- Pour\n".to_owned()),
    }
}

/// Any text is a lock file or is refused: new versions of its members are there afterwards, once and for all.
pub fn lock_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let changes = members(text);
    let Ok(edited) = lock::set_versions(text, &changes) else { return };
    assert_eq!(lock::set_versions(&edited, &changes).ok(), Some(edited), "a version is set once");
}

/// The packages of a lock file that are its workspace's, each with a next version.
fn members(text: &str) -> Vec<(PackageName, Version, Version)> {
    let Ok(document) = text.parse::<toml_edit::DocumentMut>() else { return Vec::new() };
    let packages = document.get("package").and_then(toml_edit::Item::as_array_of_tables);
    let member = |package: &toml_edit::Table| {
        let text = |key: &str| package.get(key).and_then(toml_edit::Item::as_str);
        let version = text("version").and_then(|version| Version::parse(version).ok())?;
        let next = Version::new(version.major, version.minor, version.patch.checked_add(1)?);
        text("source").is_none().then_some((PackageName::from(text("name")?), version, next))
    };
    packages.into_iter().flatten().filter_map(member).collect()
}

/// Any text is a note or has faults with places; what is read is written back the same, and its packages can go.
pub fn note(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (note, faults) = Note::read(text);
    let lines = text.lines().count().max(1);
    assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line)), "a fault has a line: {faults:?}");
    assert!(!Note::file_name(&note.text).is_empty());
    let names: Vec<PackageName> = note.packages.iter().map(|package| package.name.clone()).collect();
    let Some((first, rest)) = names.split_first() else { return };
    if let Some(left) = changelog::note_without(text, std::slice::from_ref(first)) {
        let (left, _) = Note::read(&left);
        assert!(left.packages.iter().map(|package| &package.name).eq(rest), "one package goes, the others stay");
        assert_eq!(left.text, note.text);
    }
    if faults.is_empty() {
        let pairs: Vec<_> = note.packages.iter().map(|package| (package.name.clone(), package.level)).collect();
        let (read, _) = Note::read(&Note::written(&pairs, &note.text));
        assert_eq!((read.packages.len(), read.text), (pairs.len(), note.text), "a note is read as it was written");
    }
}

/// Any bytes are a journal or are refused, and one that was cut off anywhere says no more than the whole.
pub fn journal(data: &[u8]) {
    let read = |bytes: &[u8]| Journal::read(bytes, Path::new("journal.jsonl"));
    let Ok(Some(whole)) = read(data) else { return };
    for entry in whole.entries() {
        let written = serde_json::to_vec(entry).expect("an entry can be written");
        assert_eq!(
            serde_json::from_slice::<JournalEntry>(&written).ok().as_ref(),
            Some(entry),
            "read as it was written"
        );
    }
    for step in &whole.plan().steps {
        drop((whole.proof(&step.id).cloned(), whole.took(&step.id)));
    }
    let cut = data.len().saturating_sub(data.len() % 97 + 1);
    let Ok(Some(part)) = read(&data[..cut]) else { return };
    assert!(whole.entries().starts_with(part.entries()), "a cut journal is a beginning of the whole");
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the inputs are files")]

    use std::path::PathBuf;

    fn seeds(target: &str) -> Vec<Vec<u8>> {
        let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        let paths = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        paths.map(|path| std::fs::read(path).unwrap()).collect()
    }

    // Inputs that once broke a parser, and good ones that are cut off, break none.
    #[test]
    #[expect(clippy::type_complexity, reason = "a table of functions")]
    fn what_was_found_stays_fixed() {
        let targets: [(&str, fn(&[u8])); 4] = [
            ("changelog", super::changelog),
            ("lock_file", super::lock_file),
            ("note", super::note),
            ("journal", super::journal),
        ];
        for (name, target) in targets {
            let seeds = seeds(name);
            assert!(!seeds.is_empty(), "{name} has no seeds");
            for seed in &seeds {
                (0..=seed.len()).rev().step_by(seed.len() / 64 + 1).for_each(|end| target(&seed[..end]));
            }
        }
    }
}

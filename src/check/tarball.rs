//! The archive itself: its size, and the paths and kinds of what is in it.

use super::RuleSubject;
use super::codes::Code;
use super::finding::Finding;
use super::limits;
use super::packed::ArchiveEntry;
use super::reserved;

/// Characters that cargo refuses in names of files, since some system cannot have them.
const SPECIAL: [char; 9] = ['\\', '/', '<', '>', ':', '"', '|', '?', '*'];

pub(super) fn packed_size(subject: &RuleSubject<'_>) -> Option<Finding> {
    let (has, limit) = (subject.packed.compressed, limits::PACKED);
    let message = format!("{} has {has} bytes packed, and is refused: max upload size is: {limit}", subject.title());
    let help = "exclude files with `exclude` in `[package]`; `cargo package --list` lists them";
    (has > limit).then(|| subject.about(Finding::error(Code::CrateTooLarge, message).help(help)))
}

pub(super) fn readable(subject: &RuleSubject<'_>) -> Option<Finding> {
    let why = subject.packed.broken?;
    let message = format!("{} is refused: {why}", subject.title());
    let help = "the limit is 512 MiB unpacked; exclude files with `exclude` in `[package]`";
    Some(subject.about(Finding::error(Code::ArchiveUnreadable, message).help(help)))
}

pub(super) fn paths(subject: &RuleSubject<'_>) -> Vec<Finding> {
    let root = subject.packed.root();
    let inside = |entry: &&ArchiveEntry| {
        let below = entry.path.strip_prefix(&root);
        // The directory itself may be there, too.
        let is_root = entry.path == root || format!("{}/", entry.path) == root;
        entry.is_text && (below.is_some() || is_root) && entry.path.split('/').all(|part| part != "..")
    };
    let outside = subject.packed.entries.iter().filter(|entry| !inside(entry));
    let found = |entry: &ArchiveEntry| {
        let message = format!("{} is refused: invalid path found: {}", subject.title(), entry.path);
        Finding::error(Code::EntryPath, message).help(format!("all paths in an archive must start with `{root}`"))
    };
    outside.map(|entry| subject.about(found(entry))).collect()
}

pub(super) fn kinds(subject: &RuleSubject<'_>) -> Vec<Finding> {
    let odd = subject.packed.entries.iter().filter(|entry| !entry.kind.is_file() && !entry.kind.is_dir());
    let found = |entry: &ArchiveEntry| {
        let why = format!("unexpected tar entry type {:?} found: {}", entry.kind, entry.path);
        Finding::error(Code::EntryType, format!("{} is refused: {why}", subject.title()))
            .help("an archive may contain only files and directories")
    };
    odd.map(|entry| subject.about(found(entry))).collect()
}

pub(super) fn one_manifest(subject: &RuleSubject<'_>) -> Option<Finding> {
    let is_manifest = |path: &&str| path.eq_ignore_ascii_case("Cargo.toml");
    let found: Vec<&str> = subject.packed.files().map(|(path, _)| path).filter(is_manifest).collect();
    let missing = "uploaded tarball is missing a `Cargo.toml` manifest file";
    let why = match found.as_slice() {
        ["Cargo.toml" | "cargo.toml"] => return None,
        [] => missing.to_owned(),
        [other] => format!("{missing}; `{other}` was found, but must be named `Cargo.toml` with that exact casing"),
        several => format!(
            "uploaded tarball contains more than one `Cargo.toml` manifest file; found {}",
            several.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        ),
    };
    let finding = Finding::error(Code::ManifestFile, format!("{} is refused: {why}", subject.title()));
    Some(subject.about(finding.help("include exactly one `Cargo.toml`, with this spelling")))
}

/// Cargo refuses to pack these.
pub(super) fn special_characters(subject: &RuleSubject<'_>) -> Vec<Finding> {
    let special = |path: &str| path.rsplit('/').next().and_then(|name| name.chars().find(|c| SPECIAL.contains(c)));
    let odd = subject.packed.files().filter_map(|(path, _)| Some((path, special(path)?)));
    let found = |(path, c): (&str, char)| {
        let message = format!("cannot package a filename with a special character `{c}`: {path}");
        subject.file(Finding::error(Code::FileName, message), path).help("rename it, or add it to `exclude`")
    };
    odd.map(found).collect()
}

/// Cargo warns of these.
pub(super) fn windows_names(subject: &RuleSubject<'_>) -> Vec<Finding> {
    let is_reserved = |path: &&str| {
        let stem = |part: &str| part.split('.').next().unwrap_or_default().to_lowercase();
        path.split('/').any(|part| reserved::ON_WINDOWS.contains(&stem(part).as_str()))
    };
    let found = |path: &str| {
        let message = format!("`{path}` is not a valid file name on Windows");
        subject.file(Finding::warning(Code::FileNameOnWindows, message), path).help("rename it")
    };
    subject.packed.files().map(|(path, _)| path).filter(is_reserved).map(found).collect()
}

/// The JSON that is uploaded before the archive has the whole readme in it.
pub(super) fn metadata_size(subject: &RuleSubject<'_>) -> Option<Finding> {
    let manifest = subject.manifest?;
    let path = manifest.text("readme")?;
    let entry = subject.packed.file(path)?;
    let quoted = serde_json::to_string(&String::from_utf8_lossy(&entry.content)).ok()?;
    let has = u64::try_from(quoted.len()).unwrap_or(u64::MAX).max(entry.size);
    let message = format!("{} is refused: JSON metadata blob too large", subject.title());
    let help = format!("it includes the readme ({has} bytes); the limit is {} bytes", limits::METADATA);
    (has > limits::METADATA).then(|| subject.file(Finding::error(Code::MetadataTooLarge, message), path).help(help))
}

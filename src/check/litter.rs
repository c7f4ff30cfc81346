//! Files that nobody meant to ship: large ones, media, test data, and what editors and systems leave behind. One finding a
//! kind, with the line to add to `exclude`.

use super::RuleSubject;
use super::codes::Code;
use super::finding::Finding;
use super::finding::Severity;
use super::packed::ArchiveEntry;
use crate::phrase;

/// A file of this many bytes is large.
const LARGE: u64 = 1024 * 1024;
/// Media and test data below this many bytes altogether are not worth a word.
const WORTH_A_WORD: u64 = 128 * 1024;
/// A pointer of Git LFS has less than this many bytes, and begins so (its specification).
const POINTER: u64 = 1024;
const POINTER_START: &str = "version https://git-lfs.github.com/spec/v1\n";
/// How many files are named.
const NAMED: usize = 3;

/// Endings of files that editors, systems and tools leave behind.
const LEFT_BEHIND: [&str; 12] =
    ["~", ".swp", ".swo", ".bak", ".orig", ".rej", ".tmp", ".iml", ".profraw", ".pdb", ".rlib", ".log"];
/// Names of such files.
const LEFT_FILES: [&str; 6] = [".DS_Store", "Thumbs.db", "desktop.ini", "perf.data", "flamegraph.svg", "nohup.out"];
/// Directories that hold nothing else.
const LEFT_DIRS: [&str; 7] = [".idea", ".vscode", ".vs", "node_modules", "__pycache__", ".direnv", "target"];
/// Endings of media and packed files.
const MEDIA: [&str; 22] = [
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".ico", ".mp3", ".mp4", ".mov", ".avi", ".webm", ".wav",
    ".ogg", ".pdf", ".psd", ".zip", ".gz", ".xz", ".7z", ".tar",
];
/// Directories of test data.
const TEST_DATA: [&str; 8] =
    ["testdata", "test_data", "test-data", "fixtures", "snapshots", "corpus", "golden", "test-assets"];

/// All kinds.
pub(super) fn findings(subject: &RuleSubject<'_>) -> Vec<Finding> {
    let kinds = [pointers(subject), large(subject), left_behind(subject), media(subject), test_data(subject)];
    kinds.into_iter().flatten().collect()
}

type File<'a> = (&'a str, &'a ArchiveEntry);

/// Files whose content lies elsewhere (Git LFS), where it was not fetched: what is packed is the note that says where.
fn pointers(subject: &RuleSubject<'_>) -> Option<Finding> {
    let is_pointer = |(_, entry): &File<'_>| {
        entry.size < POINTER
            && entry.text().is_some_and(|text| text.starts_with(POINTER_START) && text.contains("\noid "))
    };
    let pointers: Vec<File<'_>> = subject.packed.files().filter(is_pointer).collect();
    let finding =
        told(subject, Code::LfsPointer, "pointers to large files are packed in the place of the files", &pointers)?;
    let help = "fetch the files, with git-lfs installed: `git lfs pull`; or leave them out (`exclude`)";
    Some(Finding { severity: Severity::Error, ..finding.help(help) })
}

fn large(subject: &RuleSubject<'_>) -> Option<Finding> {
    let large: Vec<File<'_>> = subject.packed.files().filter(|(_, entry)| entry.size > LARGE).collect();
    told(subject, Code::FileLarge, "large files are packed", &large)
}

fn left_behind(subject: &RuleSubject<'_>) -> Option<Finding> {
    let is_left = |(path, _): &File<'_>| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let in_dir = dir.split('/').any(|part| LEFT_DIRS.contains(&part)) && !path.starts_with("src/");
        let ending = LEFT_BEHIND.iter().any(|ending| name.ends_with(ending)) && name != "Cargo.toml.orig";
        LEFT_FILES.contains(&name) || in_dir || (ending && !is_used(subject, name))
    };
    let left: Vec<File<'_>> = subject.packed.files().filter(is_left).collect();
    told(subject, Code::FileLitter, "files of editors, systems or tools are packed", &left)
}

/// Media that no packed source, manifest or text names.
fn media(subject: &RuleSubject<'_>) -> Option<Finding> {
    let is_media = |(path, _): &File<'_>| {
        let lower = path.to_lowercase();
        MEDIA.iter().any(|ending| lower.ends_with(ending)) && !is_test_data(path) && !is_used(subject, path)
    };
    let media: Vec<File<'_>> = subject.packed.files().filter(is_media).collect();
    enough(&media)
        .then(|| told(subject, Code::FileMedia, "media that no packed source names are packed", &media))
        .flatten()
}

fn test_data(subject: &RuleSubject<'_>) -> Option<Finding> {
    let data: Vec<File<'_>> = subject.packed.files().filter(|(path, _)| is_test_data(path)).collect();
    enough(&data).then(|| told(subject, Code::FileTestData, "test data is packed", &data)).flatten()
}

fn is_test_data(path: &str) -> bool {
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    !path.starts_with("src/") && dir.split('/').any(|part| TEST_DATA.contains(&part))
}

fn enough(files: &[File<'_>]) -> bool {
    files.iter().map(|(_, entry)| entry.size).sum::<u64>() >= WORTH_A_WORD
}

/// Whether a packed source, manifest or text names the file.
fn is_used(subject: &RuleSubject<'_>, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let names = |(path, entry): File<'_>| {
        let source = [".rs", ".md", ".toml"].iter().any(|ending| path.ends_with(ending));
        source && entry.text().is_some_and(|text| text.contains(name))
    };
    subject.packed.files().any(names)
}

fn told(subject: &RuleSubject<'_>, code: Code, what: &str, files: &[File<'_>]) -> Option<Finding> {
    let (first, _) = files.first()?;
    let bytes: u64 = files.iter().map(|(_, entry)| entry.size).sum();
    let named = phrase::first(files.iter().map(|(path, _)| format!("`{path}`")), NAMED);
    let message = format!("{what} with {}, {}: {named}", subject.title(), size(bytes));
    let finding = subject.file(Finding::warning(code, message), first);
    Some(finding.help(format!("is that meant? Else add to `[package]`: `exclude = [{}]`", excluded(files).join(", "))))
}

/// What `exclude` has to have: the directories where all that is below them is meant, else the files.
fn excluded(files: &[File<'_>]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (path, _) in files {
        let parts: Vec<&str> = path.split('/').collect();
        let known = |part: &&str| TEST_DATA.contains(part) || LEFT_DIRS.contains(part);
        let line = match parts.iter().position(known).filter(|at| at + 1 < parts.len()) {
            Some(at) => format!("\"/{}/\"", parts.get(..=at).unwrap_or(&parts).join("/")),
            None => format!("\"/{path}\""),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let more = lines.len() > 2 * NAMED;
    lines.truncate(2 * NAMED);
    lines.extend(more.then(|| "…".to_owned()));
    lines
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_240 => format!("{bytes} bytes"),
        10_240..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

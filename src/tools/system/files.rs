//! Files: read as they are, written whole or not at all.

use std::fs;
use std::io;
use std::io::Write as _;
use std::path::Path;

use crate::error::OrFail as _;
use crate::error::Result;

/// The bytes of a file; `None` where there is none.
///
/// # Errors
/// It exists and cannot be read.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).or_world(|| format!("cannot read `{}`", path.display())),
    }
}

/// The text of a file; `None` where there is none.
///
/// # Errors
/// It exists and cannot be read, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<Option<String>> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).or_unplannable(|| format!("`{}` is not UTF-8 text", path.display()))
}

/// Writes a file whole: into a temporary file beside it, synced, and renamed over it. The permissions of a file that
/// was there are kept.
///
/// # Errors
/// A step of that fails; then the old file is still there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = write_whole(path, bytes, true);
    written.or_world(|| format!("cannot write `{}`", path.display()))
}

/// As [`write()`], and not synced: for what is of no use once the machine has stopped.
///
/// # Errors
/// As [`write()`].
pub(crate) fn write_fleeting(path: &Path, bytes: &[u8]) -> Result<()> {
    let written = write_whole(path, bytes, false);
    written.or_world(|| format!("cannot write `{}`", path.display()))
}

fn write_whole(path: &Path, bytes: &[u8], lasts: bool) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    match fs::metadata(path) {
        Ok(old) => fs::set_permissions(file.path(), old.permissions())?,
        Err(_) => readable_by_all(file.path())?,
    }
    if lasts {
        file.as_file().sync_all()?;
    }
    file.persist(path)?;
    if lasts { sync_dir(dir) } else { Ok(()) }
}

#[cfg(unix)]
fn readable_by_all(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes a new file; `false` where there is something of that name, which is left alone.
///
/// # Errors
/// It cannot be written.
pub fn make(path: &Path, bytes: &[u8]) -> Result<bool> {
    let made = || -> io::Result<()> {
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    match made() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        other => other.map(|()| true).or_world(|| format!("cannot write `{}`", path.display())),
    }
}

/// Makes a directory and those above it.
///
/// # Errors
/// It cannot be made.
pub fn make_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).or_world(|| format!("cannot create the directory `{}`", path.display()))
}

/// Where a path below a directory leads, with links followed; `None` where it leads out of the directory, or a link on the
/// way leads nowhere.
///
/// # Errors
/// The directory cannot be found.
pub fn inside(dir: &Path, path: &str) -> Result<Option<std::path::PathBuf>> {
    let root = canonical(dir)?;
    let whole = dir.join(path);
    for at in whole.ancestors() {
        if let Ok(found) = at.canonicalize() {
            let rest = whole.strip_prefix(at).unwrap_or(Path::new(""));
            let found = if rest.as_os_str().is_empty() { found } else { found.join(rest) };
            return Ok(found.starts_with(&root).then_some(found));
        }
        if fs::symlink_metadata(at).is_ok() {
            return Ok(None);
        }
    }
    Ok(None)
}

/// Makes a directory that only its owner can look into, and those above it.
///
/// # Errors
/// It cannot be made.
pub fn make_own_dir(path: &Path) -> Result<()> {
    make_dir(path)?;
    own(path, 0o700).or_world(|| format!("cannot set the mode of `{}`", path.display()))
}

#[cfg(unix)]
fn own(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn own(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Removes a file or a directory with all that is in it; nothing where there is none.
///
/// # Errors
/// It cannot be removed.
pub fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.or_world(|| format!("cannot remove `{}`", path.display())),
    }
}

/// Moves a file.
///
/// # Errors
/// It cannot be moved.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).or_world(|| format!("cannot move `{}` to `{}`", from.display(), to.display()))
}

/// Links to a file; nothing where there is none.
///
/// # Errors
/// The link cannot be made; it never can where links are not to be had by everybody.
pub fn link(to: &Path, at: &Path) -> Result<()> {
    if !to.exists() {
        return Ok(());
    }
    symlink(to, at).or_world(|| format!("cannot link to `{}`", to.display()))
}

#[cfg(unix)]
fn symlink(to: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The directories in a directory, by name; none where there is no such directory.
///
/// # Errors
/// It cannot be read.
pub fn directories(path: &Path) -> Result<Vec<std::path::PathBuf>> {
    match fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).or_world(|| format!("cannot read `{}`", path.display())),
        Ok(entries) => {
            let mut found: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
            found.retain(|path| path.is_dir());
            found.sort();
            Ok(found)
        }
    }
}

/// The names of what is in a directory, those of directories with a `/` at the end; none where there is no such directory.
///
/// # Errors
/// It cannot be read.
pub fn names(path: &Path) -> Result<Vec<String>> {
    let read = |path: &Path| -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let end = if entry.file_type()?.is_dir() { "/" } else { "" };
            names.extend(entry.file_name().to_str().map(|name| format!("{name}{end}")));
        }
        Ok(names)
    };
    match read(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
        read => read.or_world(|| format!("cannot read `{}`", path.display())),
    }
}

/// Copies a file.
///
/// # Errors
/// It cannot be copied.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map(|_| ()).or_world(|| format!("cannot copy `{}` to `{}`", from.display(), to.display()))
}

/// Appends to a file, and waits until it is on the disk.
///
/// # Errors
/// It cannot be written.
pub fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
        own(path, 0o600)?;
        file.write_all(bytes)?;
        file.sync_data()
    };
    write().or_world(|| format!("cannot write `{}`", path.display()))
}

/// How many bytes are free for us where a directory lies; none where that cannot be told.
#[cfg(unix)]
pub fn free_bytes(dir: &Path) -> Option<u64> {
    let system = nix::sys::statvfs::statvfs(dir).ok()?;
    // Both have other types on other systems.
    let (blocks, size) = (system.blocks_available() as u64, system.fragment_size() as u64);
    Some(blocks.saturating_mul(size))
}

#[cfg(not(unix))]
pub fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Opens a file of ours for reading and writing, and makes it where there is none.
///
/// # Errors
/// It cannot be opened.
pub fn open_or_make(path: &Path) -> Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    let open = || {
        let file = options.open(path)?;
        own(path, 0o600)?;
        Ok::<_, io::Error>(file)
    };
    open().or_world(|| format!("cannot open `{}`", path.display()))
}

/// Replaces what an open file holds.
///
/// # Errors
/// It cannot be written.
pub fn rewrite(mut file: &fs::File, bytes: &[u8]) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(bytes)?;
    file.sync_data()
}

/// Makes a new temporary directory that stays when we end.
///
/// # Errors
/// It cannot be made.
pub fn temporary_dir(prefix: &str) -> Result<std::path::PathBuf> {
    let made = tempfile::Builder::new().prefix(prefix).tempdir();
    made.map(tempfile::TempDir::keep).or_world(|| "cannot create a temporary directory".into())
}

/// A path without links in it.
///
/// # Errors
/// There is nothing.
pub fn canonical(path: &Path) -> Result<std::path::PathBuf> {
    path.canonicalize().or_world(|| format!("`{}` cannot be found", path.display()))
}

/// Whether there is a file that nobody may execute. Systems that do not mark what may be executed have none.
#[cfg(unix)]
pub fn is_there_but_not_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 == 0)
}

/// Whether there is a file that nobody may execute. Systems that do not mark what may be executed have none.
#[cfg(not(unix))]
pub fn is_there_but_not_executable(_: &Path) -> bool {
    false
}

/// Whether there is nothing at a path, or an empty directory.
///
/// # Errors
/// It cannot be read, or is no directory.
pub fn is_empty_or_absent(path: &Path) -> Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).or_world(|| format!("cannot read `{}`", path.display())),
    }
}

/// The files below a directory that one of these globs names, in order. Links are not followed.
///
/// # Errors
/// A glob or a directory cannot be read.
pub fn matching(root: &Path, globs: &[String]) -> Result<Vec<std::path::PathBuf>> {
    let mut found = std::collections::BTreeSet::new();
    for glob in globs {
        let built = globset::GlobBuilder::new(glob).literal_separator(true).build();
        let matcher = built.or_unplannable(|| format!("the glob `{glob}` cannot be read"))?.compile_matcher();
        let parts: Vec<&str> = glob.split('/').collect();
        let plain = parts.iter().take_while(|part| !part.contains(['*', '?', '[', '{'])).count();
        let below = files_below(root.join(parts[..plain.min(parts.len() - 1)].join("/")))?;
        found.extend(below.into_iter().filter(|path| path.strip_prefix(root).is_ok_and(|path| matcher.is_match(path))));
    }
    Ok(found.into_iter().collect())
}

/// Every file below a directory; none where it cannot be listed.
fn files_below(dir: std::path::PathBuf) -> Result<Vec<std::path::PathBuf>> {
    let (mut left, mut found) = (vec![dir], Vec::new());
    while let Some(dir) = left.pop() {
        let Ok(entries) = fs::read_dir(&dir) else { continue };
        for entry in entries {
            let entry = entry.or_world(|| format!("`{}` cannot be read", dir.display()))?;
            let kind = entry.file_type().or_world(|| format!("`{}` cannot be read", dir.display()))?;
            if kind.is_dir() {
                left.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

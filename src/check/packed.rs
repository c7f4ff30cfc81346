//! A packed archive (`.crate`) as it would be uploaded: what is in it, read in memory and never unpacked to disk.

use std::io::Read;
use std::io::Take;

use flate2::read::GzDecoder;
use semver::Version;
use tar::EntryType;

use super::limits;
use crate::names::PackageName;
use crate::names::RepoPath;

/// How much of a file is kept to look into, in bytes.
const KEPT: u64 = 4 * 1024 * 1024;

/// A packed archive.
#[derive(Clone, Debug)]
pub(crate) struct PackedArchive {
    /// The name that it is uploaded under.
    pub name: PackageName,
    /// The version that it is uploaded under.
    pub version: Version,
    /// Where the package lies in the repository.
    pub dir: RepoPath,
    /// The size of the archive, in bytes.
    pub compressed: u64,
    /// What is in it, in its order.
    pub entries: Vec<ArchiveEntry>,
    /// Why it could not be read to its end, in the registry's words.
    pub broken: Option<&'static str>,
}

/// Something in an archive.
#[derive(Clone, Debug)]
pub(crate) struct ArchiveEntry {
    /// Its path as it stands there; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// Whether the path is UTF-8.
    pub is_text: bool,
    /// What it is.
    pub kind: EntryType,
    /// Its size, in bytes.
    pub size: u64,
    /// Its content, up to 4 MiB.
    pub content: Vec<u8>,
}

impl PackedArchive {
    /// Reads an archive.
    pub(crate) fn read(name: &PackageName, version: &Version, archive: &[u8]) -> Self {
        Self::read_within(name, version, archive, limits::UNPACKED)
    }

    /// As [`PackedArchive::read`], where it is too large from so many bytes on.
    pub(super) fn read_within(name: &PackageName, version: &Version, archive: &[u8], unpacked: u64) -> Self {
        let compressed = u64::try_from(archive.len()).unwrap_or(u64::MAX);
        let (name, version) = (name.clone(), version.clone());
        let mut packed = Self { name, version, dir: RepoPath::root(), compressed, entries: Vec::new(), broken: None };
        if packed.read_entries(archive, unpacked).is_err() {
            packed.broken = Some("uploaded tarball is malformed or too large when decompressed");
        }
        packed.dir = packed.recorded_dir().unwrap_or(packed.dir);
        packed
    }

    /// Says where the package lies in the repository.
    #[must_use]
    #[cfg(test)]
    pub(crate) fn lying_at(mut self, dir: &RepoPath) -> Self {
        self.dir = dir.clone();
        self
    }

    /// Where cargo says that the package lies.
    fn recorded_dir(&self) -> Option<RepoPath> {
        let record: serde_json::Value = serde_json::from_str(self.text(".cargo_vcs_info.json")?).ok()?;
        record.get("path_in_vcs")?.as_str().map(RepoPath::from)
    }

    fn read_entries(&mut self, archive: &[u8], unpacked: u64) -> std::io::Result<()> {
        // One byte more than may be: that the limit is reached is an error there.
        let limited: Take<_> = GzDecoder::new(archive).take(unpacked.max(self.compressed));
        for entry in tar::Archive::new(limited).entries()? {
            let mut entry = entry?;
            let declared = declared_size(&mut entry);
            if declared.is_some() && declared != entry.header().entry_size().ok() {
                self.broken = Some("uploaded tarball is malformed");
                return Ok(());
            }
            let bytes = entry.path_bytes().into_owned();
            let mut content = Vec::new();
            (&mut entry).take(KEPT).read_to_end(&mut content)?;
            std::io::copy(&mut entry, &mut std::io::sink())?;
            self.entries.push(ArchiveEntry {
                path: String::from_utf8_lossy(&bytes).into_owned(),
                is_text: std::str::from_utf8(&bytes).is_ok(),
                kind: entry.header().entry_type(),
                size: entry.size(),
                content,
            });
        }
        Ok(())
    }

    /// The directory that everything must be in: `NAME-VERSION/`.
    pub(crate) fn root(&self) -> String {
        format!("{}-{}/", self.name, self.version)
    }

    /// The files with their paths below the root.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &ArchiveEntry)> {
        let root = self.root();
        let files = self.entries.iter().filter(|entry| entry.kind.is_file());
        files.filter_map(move |entry| Some((entry.path.strip_prefix(&root)?, entry)))
    }

    /// The file at this path below the root.
    pub(crate) fn file(&self, path: &str) -> Option<&ArchiveEntry> {
        self.files().find(|(found, _)| *found == path).map(|(_, entry)| entry)
    }

    /// The text of the file at this path below the root.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.file(path).and_then(ArchiveEntry::text)
    }

    /// The place of a file in the repository. `Cargo.toml` in the archive was made from the one that lies there.
    pub(super) fn place(&self, path: &str) -> RepoPath {
        self.dir.join(if path == "Cargo.toml.orig" { "Cargo.toml" } else { path })
    }
}

impl ArchiveEntry {
    /// Its content, where it is UTF-8 without NUL.
    pub(crate) fn text(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.content).ok()?;
        (!text.contains('\0')).then_some(text)
    }
}

/// The size that a pax header before the entry declares.
fn declared_size(entry: &mut tar::Entry<'_, impl Read>) -> Option<u64> {
    let extensions = entry.pax_extensions().ok()??;
    let size = extensions.flatten().find(|extension| extension.key() == Ok("size"))?;
    // One that is no number agrees with none.
    Some(size.value().ok().and_then(|value| value.parse().ok()).unwrap_or(u64::MAX))
}

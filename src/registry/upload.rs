//! An upload as it comes over the wire, `u32le length | JSON | u32le length | archive`, and the archive in it. Pure.
//!
//! The rules and their words are those of crates.io's publish endpoint, as far as they concern the framing, the name
//! and the archive's outer shape.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Component;
use std::path::Path;

use flate2::read::GzDecoder;
use semver::Version;
use serde::Deserialize;
use tar::Archive;
use tar::Entry;
use tar::EntryType;

use super::answer::HttpError;

/// The most bytes of metadata (1 MiB).
const MAX_JSON: usize = 1024 * 1024;
/// The most bytes of a packed archive (10 MiB).
const MAX_ARCHIVE: usize = 10 * 1024 * 1024;
/// The most bytes of an unpacked archive (512 MiB).
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;
/// The most bytes that a whole upload can have.
pub(super) const MAX_BODY: u64 = (MAX_JSON + MAX_ARCHIVE + 8) as u64;
/// The most characters of a crate name.
const MAX_NAME: usize = 64;

/// An upload that was understood.
#[derive(Debug)]
pub(super) struct ReceivedUpload<'a> {
    /// What cargo says about it.
    pub(super) metadata: UploadMetadata,
    /// The packed archive.
    pub(super) archive: &'a [u8],
}

/// The JSON of an upload, as far as the index needs it.
#[derive(Debug, Deserialize)]
pub(super) struct UploadMetadata {
    pub(super) name: String,
    pub(super) vers: Version,
    #[serde(default)]
    pub(super) deps: Vec<UploadedDependency>,
    #[serde(default)]
    pub(super) features: BTreeMap<String, Vec<String>>,
    pub(super) links: Option<String>,
    pub(super) rust_version: Option<String>,
}

/// A dependency in the JSON of an upload.
#[derive(Debug, Deserialize)]
pub(super) struct UploadedDependency {
    pub(super) name: String,
    pub(super) version_req: String,
    #[serde(default)]
    pub(super) features: Vec<String>,
    pub(super) optional: bool,
    pub(super) default_features: bool,
    pub(super) target: Option<String>,
    pub(super) kind: String,
    /// The index of another registry; none for this one.
    pub(super) registry: Option<String>,
    /// The key in the manifest, where it is not the name.
    pub(super) explicit_name_in_toml: Option<String>,
}

impl<'a> ReceivedUpload<'a> {
    /// Reads the body of an upload and looks into its archive.
    pub(super) fn parse(body: &'a [u8]) -> Result<Self, HttpError> {
        let (json, rest) = part(body, "metadata")?;
        if json.len() > MAX_JSON {
            return Err(HttpError::new(413, "JSON metadata blob too large"));
        }
        let metadata: UploadMetadata =
            serde_json::from_slice(json).map_err(|error| HttpError::bad(format!("invalid upload request: {error}")))?;
        check_name(&metadata.name)?;
        let (archive, rest) = part(rest, "tarball")?;
        if !rest.is_empty() {
            return Err(HttpError::bad(format!("{} bytes follow the tarball", rest.len())));
        }
        if archive.len() > MAX_ARCHIVE {
            return Err(HttpError::new(413, format!("max upload size is: {MAX_ARCHIVE}")));
        }
        check_archive(archive, &format!("{}-{}", metadata.name, metadata.vers))?;
        Ok(Self { metadata, archive })
    }
}

/// Takes a length and so many bytes from the front.
fn part<'a>(bytes: &'a [u8], what: &str) -> Result<(&'a [u8], &'a [u8]), HttpError> {
    let (length, rest) =
        bytes.split_first_chunk::<4>().ok_or_else(|| HttpError::bad(format!("invalid {what} length")))?;
    let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let short = || HttpError::bad(format!("invalid {what} length for remaining payload: {length}"));
    rest.split_at_checked(length).ok_or_else(short)
}

fn check_name(name: &str) -> Result<(), HttpError> {
    if name.len() > MAX_NAME {
        return Err(HttpError::bad(format!("the crate name `{name}` is too long (max {MAX_NAME} characters)")));
    }
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Ok(());
    }
    Err(HttpError::bad(format!("the name `{name}` cannot be used as a crate name")))
}

fn check_archive(archive: &[u8], root: &str) -> Result<(), HttpError> {
    let malformed = |_| HttpError::bad("uploaded tarball is malformed or too large when decompressed");
    let mut unpacked = Archive::new(GzDecoder::new(archive).take(MAX_UNPACKED));
    let mut has_manifest = false;
    for entry in unpacked.entries().map_err(malformed)? {
        let path = entry_path(&entry.map_err(malformed)?, root)?;
        has_manifest |= path == "Cargo.toml";
    }
    if has_manifest { Ok(()) } else { Err(HttpError::bad("uploaded tarball is missing a `Cargo.toml` manifest file")) }
}

/// The path of an entry below the root that all have to be in.
fn entry_path(entry: &Entry<'_, impl std::io::Read>, root: &str) -> Result<String, HttpError> {
    let bytes = entry.path_bytes();
    let text = String::from_utf8_lossy(&bytes);
    let plain = Path::new(&*text).components().all(|part| matches!(part, Component::Normal(_)));
    let below = text.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
    let Some(below) = below.filter(|_| plain) else {
        return Err(HttpError::bad(format!("invalid path found: {text}")));
    };
    let kind = entry.header().entry_type();
    if kind != EntryType::Regular && kind != EntryType::Directory {
        return Err(HttpError::bad(format!("unexpected tar entry type {kind:?} found: {text}")));
    }
    Ok(below.to_owned())
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const JSON: &str = r#"{"name":"leaf","vers":"0.1.0"}"#;

    fn packed(paths: &[&str]) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for path in paths {
            let mut header = tar::Header::new_gnu();
            header.as_gnu_mut().expect("GNU").name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_entry_type(EntryType::Regular);
            header.set_size(0);
            header.set_cksum();
            builder.append(&header, std::io::empty()).expect("in memory");
        }
        builder.into_inner().expect("in memory").finish().expect("in memory")
    }

    fn body(json: &str, archive: &[u8]) -> Vec<u8> {
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).expect("small").to_le_bytes();
        [&length(json.as_bytes()), json.as_bytes(), &length(archive), archive].concat()
    }

    fn denied(body: &[u8]) -> String {
        ReceivedUpload::parse(body).expect_err("it has to be denied").detail()
    }

    /// What cargo sends is taken apart without a byte lost.
    #[test]
    fn takes_a_whole_upload() {
        let archive = packed(&["leaf-0.1.0/Cargo.toml", "leaf-0.1.0/src/lib.rs"]);
        let body = body(JSON, &archive);
        let upload = ReceivedUpload::parse(&body).expect("it is whole");
        assert_eq!((upload.metadata.name.as_str(), upload.archive), ("leaf", archive.as_slice()));
    }

    /// A body that ends anywhere before its end is denied, and so is one that goes on.
    #[test]
    fn denies_every_wrong_length() {
        let whole = body(JSON, &packed(&["leaf-0.1.0/Cargo.toml"]));
        for end in 0..whole.len() {
            assert!(denied(&whole[..end]).contains("length"), "cut at {end}");
        }
        assert_eq!(denied(&[whole.as_slice(), b"!"].concat()), "1 bytes follow the tarball");
    }

    /// Names that cargo would not send either.
    #[test]
    fn denies_odd_names() {
        for name in ["", "1leaf", "le af", "../leaf", "blätter", "a".repeat(65).as_str()] {
            let json = format!(r#"{{"name":"{name}","vers":"0.1.0"}}"#);
            assert!(denied(&body(&json, &[])).contains("crate name"), "{name}");
        }
    }

    /// Every file has to be below `name-version`, and the manifest has to be there.
    #[test]
    fn denies_archives_of_another_shape() {
        let outside = ["leaf-0.1.0/../Cargo.toml", "leaf-0.1.1/Cargo.toml", "Cargo.toml", "/leaf-0.1.0/Cargo.toml"];
        for path in outside {
            assert_eq!(denied(&body(JSON, &packed(&[path]))), format!("invalid path found: {path}"));
        }
        assert!(denied(&body(JSON, &packed(&["leaf-0.1.0/src/lib.rs"]))).contains("missing a `Cargo.toml`"));
        assert!(denied(&body(JSON, b"no archive")).contains("malformed"));
    }
}

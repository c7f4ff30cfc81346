//! Packed archives (`.crate`): gzipped tar, everything under `NAME-VERSION/`.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::CommitId;

/// The files of an archive by their path below `NAME-VERSION/`.
///
/// # Errors
/// It is not a gzipped tar.
pub fn entries(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    read(bytes).or_world(|| "cannot unpack the archive".into())
}

fn read(bytes: &[u8]) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(GzDecoder::new(bytes)).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let below = path.split_once('/').map_or(path.clone(), |(_, below)| below.to_owned());
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        files.insert(below, content);
    }
    Ok(files)
}

/// The record of the commit that an archive was packed from (`.cargo_vcs_info.json`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VcsRecord {
    /// The commit.
    pub commit: CommitId,
    /// Whether files were not as in the commit.
    pub dirty: bool,
}

/// The VCS record among an archive's files; `None` where there is none that can be read.
pub fn vcs_record(files: &BTreeMap<String, Vec<u8>>) -> Option<VcsRecord> {
    #[derive(Deserialize)]
    struct Info {
        git: GitRecord,
    }
    #[derive(Deserialize)]
    struct GitRecord {
        sha1: String,
        #[serde(default)]
        dirty: bool,
    }
    let info: Info = serde_json::from_slice(files.get(".cargo_vcs_info.json")?).ok()?;
    Some(VcsRecord { commit: CommitId::from(info.git.sha1), dirty: info.git.dirty })
}

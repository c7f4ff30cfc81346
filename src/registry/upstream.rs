//! The registry behind the one in the box: what is not in the box is answered from there. It is read and never written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use semver::Version;
use serde::Deserialize;

use super::index;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;
use crate::tools::registry::index::Index;
use crate::tools::registry::index::IndexConfig;
use crate::tools::registry::web::Web;
use crate::tools::system::files;

/// How many questions are under way at once while it is asked ahead.
const AT_ONCE: usize = 8;

/// The registry behind the one in the box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// Its sparse index, as cargo's configuration spells it: `sparse+https://…/`.
    pub index: String,
    /// Directories of archives, as cargo keeps them (`registry/cache/NAME`): what is there is not downloaded.
    pub caches: Vec<PathBuf>,
    /// Names that are going to be asked for.
    pub expected: Vec<PackageName>,
}

/// An upstream that answers, with what it said already.
#[derive(Debug)]
pub(super) struct OpenUpstream {
    web: Web,
    /// With a slash at the end.
    root: String,
    config: IndexConfig,
    caches: Vec<PathBuf>,
    told: Mutex<BTreeMap<String, Told>>,
}

/// The index file of a name; none where there is no such crate.
type Told = Option<Arc<str>>;

/// A line of the index, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(super) struct UpstreamLine {
    pub(super) name: String,
    pub(super) vers: Version,
    pub(super) cksum: Digest,
}

impl OpenUpstream {
    /// Opens it.
    pub(super) fn open(upstream: Upstream) -> Result<Arc<Self>> {
        let Upstream { index, caches, expected } = upstream;
        let web = Web::new();
        let config = Index::open(&index, web.clone())?.config()?;
        if config.auth_required {
            return Err(Failure::world(format!(
                "the index `{index}` asks for a token, and tokens are never read here"
            )));
        }
        let address = index.trim_start_matches("sparse+").trim_end_matches('/');
        let source = Arc::new(Self { web, root: format!("{address}/"), config, caches, told: Mutex::default() });
        Self::ask_ahead(&source, expected);
        Ok(source)
    }

    /// Asks for these names in the background: cargo asks for one after the other.
    fn ask_ahead(source: &Arc<Self>, expected: Vec<PackageName>) {
        let left = Arc::new(Mutex::new(expected.into_iter()));
        for _ in 0..AT_ONCE {
            let (source, left) = (Arc::clone(source), Arc::clone(&left));
            std::thread::spawn(move || {
                let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
                // What goes wrong here is told to whoever asks.
                std::iter::from_fn(next).for_each(|name| drop(source.file(name.as_str())));
            });
        }
    }

    /// The index file of a name.
    pub(super) fn file(&self, name: &str) -> Result<Told> {
        let path = index::path_of(name);
        if let Some(told) = self.told.lock().unwrap_or_else(PoisonError::into_inner).get(&path) {
            return Ok(told.clone());
        }
        let address = format!("{}{path}", self.root);
        let answer = self.web.get(&address)?;
        let told: Told = match answer.status().as_u16() {
            200 => Some(String::from_utf8(answer.into_body()).or_world(|| format!("`{address}` is no text"))?.into()),
            404 | 410 | 451 => None,
            status => return Err(Failure::world(format!("`{address}` answered with status {status}"))),
        };
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(path, told.clone());
        Ok(told)
    }

    /// The lines under a name that can be read; cargo passes over the others as well.
    pub(super) fn lines(&self, name: &str) -> Result<Vec<UpstreamLine>> {
        let file = self.file(name)?;
        Ok(file.iter().flat_map(|file| file.lines()).filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// An archive that is in a cache and has the checksum that the index gives, else the address to get it from; none
    /// where there is no such version.
    pub(super) fn archive(&self, name: &str, version: &str) -> Result<Option<ArchiveSource>> {
        let lines = self.lines(name)?;
        let Some(line) = lines.into_iter().find(|line| line.name == name && line.vers.to_string() == version) else {
            return Ok(None);
        };
        for cache in &self.caches {
            let kept = files::read(&cache.join(format!("{name}-{version}.crate")))?;
            if let Some(bytes) = kept.filter(|bytes| Digest::of(bytes) == line.cksum) {
                return Ok(Some(ArchiveSource::Kept(bytes)));
            }
        }
        Ok(Some(ArchiveSource::At(self.config.download(&PackageName::from(name), &line.vers, &line.cksum))))
    }
}

/// Where an archive is.
#[derive(Debug)]
pub(super) enum ArchiveSource {
    /// Here.
    Kept(Vec<u8>),
    /// At this address.
    At(String),
}

//! A registry's sparse index, asked at every question. Nothing is cached here; what cargo has cached is read where the
//! index says that it is still so, and never written.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;

use crates_index::HashKind;
use crates_index::SparseIndex;
use crates_index::http;
use semver::Version;
use serde::Deserialize;
use tempfile::TempDir;

use super::web::Web;
use super::web::told;
use crate::error::Failure;
use crate::error::OrFail as _;
use crate::error::Result;
use crate::names::Digest;
use crate::names::PackageName;

/// The index of crates.io.
pub(crate) const CRATES_IO: &str = crates_index::sparse::URL;

/// How many questions are under way at once.
pub(super) const AT_ONCE: usize = 24;

/// A sparse index.
pub(crate) struct Index {
    sparse: SparseIndex,
    /// The same index with what cargo has cached of it.
    cached: Option<SparseIndex>,
    web: Web,
    /// What was answered before, with its mark: asked for again, only a change is sent.
    seen: Mutex<BTreeMap<PackageName, (http::HeaderValue, Vec<IndexVersion>)>>,
    /// The library looks for a cache: an empty directory of our own, never cargo's.
    _no_cache: TempDir,
}

/// The index's `config.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct IndexConfig {
    /// The template of the address that archives are downloaded from.
    #[serde(default)]
    pub dl: String,
    /// Where uploads go; none where the registry takes none.
    #[serde(default)]
    pub api: Option<String>,
    /// Whether reading needs a token.
    #[serde(default, rename = "auth-required")]
    pub auth_required: bool,
}

impl IndexConfig {
    /// The address of an archive, made as the Cargo book says of `dl` ("Index Configuration").
    pub fn download(&self, name: &PackageName, version: &Version, checksum: &Digest) -> String {
        address(&self.dl, name, version, checksum)
    }
}

/// A version that is in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexVersion {
    /// The name, as it is spelled there.
    pub name: PackageName,
    /// The version.
    pub version: Version,
    /// The SHA-256 of the archive.
    pub checksum: Digest,
    /// Whether it was yanked.
    pub yanked: bool,
}

impl Index {
    /// The index at this address, as cargo's configuration spells it: `sparse+https://…/`.
    ///
    /// # Errors
    /// It is not a sparse index, or there is no temporary directory.
    pub(crate) fn open(address: &str, web: Web) -> Result<Self> {
        if !address.starts_with("sparse+http") {
            return Err(Failure::world(format!("the index `{address}` is not a sparse index"))
                .because("git indexes are not read directly")
                .help("if the registry has a sparse index, use `sparse+https://…/`"));
        }
        let no_cache = tempfile::tempdir().or_world(|| "cannot create a temporary directory".into())?;
        let sparse = SparseIndex::at_path(no_cache.path().to_owned(), address.to_owned());
        Ok(Self { sparse, cached: None, web, seen: Mutex::default(), _no_cache: no_cache })
    }

    /// With what cargo has cached in its home: the index is asked whether that is still so, and answers without sending it.
    #[must_use]
    pub(crate) fn with_cache_of(self, cargo_home: &Path) -> Self {
        let address = format!("sparse+{}", self.sparse.url());
        let cached = SparseIndex::with_path_and_hash_kind(cargo_home, address, &HashKind::Stable).ok();
        Self { cached, ..self }
    }

    /// The index's `config.json`.
    ///
    /// # Errors
    /// The index does not answer, or has none that can be read.
    pub(crate) fn config(&self) -> Result<IndexConfig> {
        let what = || format!("cannot read `config.json` of the index `{}`", self.sparse.url());
        let request = self.sparse.make_config_request().or_world(what)?;
        let answer = self.web.send(request.body(()).or_world(what)?)?;
        match answer.status() {
            http::StatusCode::OK => serde_json::from_slice(answer.body()).or_world(what),
            // Cargo then asks again with a token, and takes this status to mean that one is needed.
            http::StatusCode::UNAUTHORIZED => Ok(IndexConfig { auth_required: true, ..IndexConfig::default() }),
            status => Err(Failure::world(what()).because(format!("it answered with {}", told(status)))),
        }
    }

    /// What is listed under a name, yanked versions too; none where the name is not there.
    ///
    /// # Errors
    /// The index does not answer, or not with what it should.
    pub(crate) fn lookup(&self, name: &PackageName) -> Result<Option<Vec<IndexVersion>>> {
        if let Some(cached) = &self.cached
            && let Some(lines) = self.unchanged(cached, name)
        {
            return Ok(Some(lines));
        }
        self.ask(name, None, None)
    }

    /// What cargo has cached under a name, where the index says that it is still so, or what it sends in its place. None
    /// where nothing is cached, or the answer is neither.
    fn unchanged(&self, cached: &SparseIndex, name: &PackageName) -> Option<Vec<IndexVersion>> {
        let request = cached.make_cache_request(name.as_str()).ok()?;
        let headers = request.headers_ref()?;
        let known = [http::header::IF_NONE_MATCH, http::header::IF_MODIFIED_SINCE];
        known.iter().any(|header| headers.contains_key(header)).then_some(())?;
        let answer = self.web.send(request.body(()).ok()?).ok()?;
        let useful = answer.status() == http::StatusCode::NOT_MODIFIED || answer.status() == http::StatusCode::OK;
        let listed = useful.then(|| cached.parse_cache_response(name.as_str(), answer, false).ok()).flatten()??;
        Some(listed.versions().iter().filter_map(line).collect())
    }

    /// As [`Index::lookup`], asking caches on the way to look again: for confirming. Asked over and over, it is sent only
    /// what changed.
    ///
    /// # Errors
    /// As [`Index::lookup`].
    pub(crate) fn fresh(&self, name: &PackageName) -> Result<Option<Vec<IndexVersion>>> {
        let known = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        self.ask(name, Some("no-cache"), known)
    }

    /// [`Index::lookup`] for many names, several at once; tells how many were answered.
    pub(crate) fn lookup_all(
        &self,
        names: &[PackageName],
        answered: &(dyn Fn(usize) + Sync),
    ) -> BTreeMap<PackageName, Result<Option<Vec<IndexVersion>>>> {
        let left = Mutex::new(names.iter());
        let answers = Mutex::new(BTreeMap::new());
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some(name) = next() {
                let answer = self.lookup(name);
                let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                answers.insert(name.clone(), answer);
                answered(answers.len());
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE.min(names.len()) {
                scope.spawn(work);
            }
        });
        answers.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(
        &self,
        name: &PackageName,
        cache_control: Option<&str>,
        known: Option<(http::HeaderValue, Vec<IndexVersion>)>,
    ) -> Result<Option<Vec<IndexVersion>>> {
        // Without the package: one that fails for all of them is one finding, which names them.
        let what = || format!("failed to query the index `{}`", self.sparse.url());
        let request = self.sparse.make_cache_request(name.as_str()).or_world(what)?;
        let request = match cache_control {
            Some(value) => request.header(http::header::CACHE_CONTROL, value),
            None => request,
        };
        let request = match &known {
            Some((mark, _)) => request.header(http::header::IF_NONE_MATCH, mark),
            None => request,
        };
        let answer = self.web.send(request.body(()).or_world(what)?)?;
        if answer.status().is_server_error() || answer.status() == http::StatusCode::TOO_MANY_REQUESTS {
            return Err(Failure::world(what()).because(format!("it answered with {}", told(answer.status()))));
        }
        if let (http::StatusCode::NOT_MODIFIED, Some((_, lines))) = (answer.status(), known) {
            return Ok(Some(lines));
        }
        let mark = answer.headers().get(http::header::ETAG).cloned();
        let listed = self.sparse.parse_cache_response(name.as_str(), answer, false).or_world(what)?;
        let lines: Option<Vec<IndexVersion>> = listed.map(|listed| listed.versions().iter().filter_map(line).collect());
        if let (Some(mark), Some(lines)) = (mark, &lines) {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.insert(name.clone(), (mark, lines.clone()));
        }
        Ok(lines)
    }
}

/// A version that is not one by today's rules cannot be ours.
pub(crate) fn line(version: &crates_index::Version) -> Option<IndexVersion> {
    Some(IndexVersion {
        name: PackageName::from(version.name()),
        version: Version::parse(version.version()).ok()?,
        checksum: Digest::from_bytes(version.checksum()),
        yanked: version.is_yanked(),
    })
}

fn address(template: &str, name: &PackageName, version: &Version, checksum: &Digest) -> String {
    if !template.contains('{') {
        return format!("{}/{name}/{version}/download", template.trim_end_matches('/'));
    }
    template
        .replace("{crate}", name.as_str())
        .replace("{version}", &version.to_string())
        .replace("{prefix}", &prefix(name.as_str()))
        .replace("{lowerprefix}", &prefix(&name.as_str().to_lowercase()))
        .replace("{sha256-checksum}", checksum.as_str())
}

/// The file of a name in an index: that of the lower-cased name.
pub(crate) fn path_of(name: &str) -> String {
    let name = name.to_lowercase();
    format!("{}/{name}", prefix(&name))
}

/// The directory of a name in an index (the Cargo book, "Index Files").
fn prefix(name: &str) -> String {
    match name.len() {
        1 => "1".to_owned(),
        2 => "2".to_owned(),
        3 => format!("3/{}", name.get(..1).unwrap_or_default()),
        _ => format!("{}/{}", name.get(..2).unwrap_or_default(), name.get(2..4).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Each row: the `dl` of a registry, and where an archive is.
    #[test]
    fn downloads_are_where_the_index_says() {
        let table = [
            ("http://box/api/v1/crates", "http://box/api/v1/crates/Serde/1.0.0/download"),
            ("http://box/{crate}/{crate}-{version}.crate", "http://box/Serde/Serde-1.0.0.crate"),
            ("http://box/{prefix}/{lowerprefix}/{sha256-checksum}", "http://box/Se/rd/se/rd/abc"),
        ];
        for (template, expected) in table {
            let found = address(template, &"Serde".into(), &Version::new(1, 0, 0), &"abc".into());
            assert_eq!(found, expected);
        }
    }
}

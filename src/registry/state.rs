//! What the registry holds: in memory, and as files for people to look at. It knows nothing of HTTP.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use super::Published;
use super::ReceivedRequest;
use super::answer::HttpError;
use super::faults::Fault;
use super::faults::Faults;
use super::index;
use super::index::IndexLine;
use super::limit::Bucket;
use super::owners::Owners;
use super::upload::ReceivedUpload;
use super::upload::UploadMetadata;
use crate::error::Result;
use crate::names::Digest;
use crate::tools::system::clock;
use crate::tools::system::clock::Stopwatch;
use crate::tools::system::files;

/// Everything that changes while the registry runs.
#[derive(Debug)]
pub(super) struct RegistryState {
    dir: PathBuf,
    /// By canonical name.
    crates: BTreeMap<String, Crate>,
    stored: usize,
    pub(super) faults: Faults,
    pub(super) asked: Vec<ReceivedRequest>,
    /// For new crates and for new versions.
    limits: BTreeMap<bool, Bucket>,
    /// How long tokens of trusted publishing are good; none: there are no such tokens.
    pub(super) trusted: Option<Life>,
    pub(super) minted: Vec<Minted>,
    /// Identities that were used: each is good for once.
    pub(super) identities: BTreeSet<String>,
}

/// How long a token of trusted publishing is good.
#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only tests say which tokens are taken"))]
#[derive(Clone, Copy, Debug)]
pub enum Life {
    /// For so many uploads.
    Uploads(usize),
    /// For this long.
    Time(Duration),
}

/// A token of trusted publishing.
#[derive(Debug)]
pub(super) struct Minted {
    pub(super) token: String,
    pub(super) since: Timestamp,
    pub(super) used: usize,
    pub(super) revoked: bool,
}

/// Everything under one name.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) name: String,
    pub(super) owners: Owners,
    versions: Vec<Stored>,
}

/// One uploaded version.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) line: IndexLine,
    pub(super) archive: Vec<u8>,
    /// Counts the uploads of all crates.
    number: usize,
    uploaded_at: Timestamp,
    age: Stopwatch,
    seen: ShownAs,
}

/// How the index shows a version.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ShownAs {
    pub(super) from: SeenFrom,
    /// With the checksum of something else.
    pub(super) falsified: bool,
}

/// From when on the index shows a version.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum SeenFrom {
    #[default]
    Upload,
    Age(Duration),
    Reveal,
}

impl RegistryState {
    /// An empty registry that leaves its files in this directory.
    pub(super) fn new(dir: &Path, faults: Faults) -> Self {
        Self {
            dir: dir.to_owned(),
            crates: BTreeMap::new(),
            stored: 0,
            faults,
            asked: Vec::new(),
            limits: BTreeMap::new(),
            trusted: None,
            minted: Vec::new(),
            identities: BTreeSet::new(),
        }
    }

    /// Takes an upload off its limit, where there is one; else the moment when it may come again.
    pub(super) fn count(&mut self, name: &str, now: Timestamp) -> Result<(), Timestamp> {
        let is_new = self.find(name).is_err();
        let wanted = |fault: &Fault| match fault {
            Fault::Limited(limit) => (limit.of_new_crates == is_new).then_some(*limit),
            Fault::ShownAfter(_) | Fault::NeverShown | Fault::WrongChecksum | Fault::Refuse(_) => None,
            Fault::ErrorsWithOk(_) | Fault::DropUnstored | Fault::StoreThenDrop | Fault::SlowUpload(_) => None,
            Fault::SlowIndex(_) | Fault::IndexRefused(_) | Fault::Later(_) => None,
            Fault::ReadOnly | Fault::TrustedOnly => None,
        };
        let Some(limit) = self.faults.take(name, wanted) else { return Ok(()) };
        self.limits.entry(is_new).or_insert_with(|| Bucket::full(limit, now)).take(limit, now)
    }

    /// What is under that name, however it is spelled.
    pub(super) fn find(&self, name: &str) -> Result<&Crate, HttpError> {
        self.crates.get(&index::canonical(name)).ok_or_else(|| missing(name))
    }

    /// As [`RegistryState::find`], to change it.
    pub(super) fn find_mut(&mut self, name: &str) -> Result<&mut Crate, HttpError> {
        self.crates.get_mut(&index::canonical(name)).ok_or_else(|| missing(name))
    }

    /// Stores an upload; the first one of a name makes the crate.
    pub(super) fn store(&mut self, upload: ReceivedUpload<'_>, seen: ShownAs) -> Result<(), HttpError> {
        let ReceivedUpload { metadata, archive } = upload;
        let name = metadata.name.clone();
        if let Ok(known) = self.find(&name) {
            let taken = known.versions.iter().map(|stored| (known.name.as_str(), &stored.line.vers));
            admits(taken, &metadata)?;
        }
        let file = format!("{name}-{}.crate", metadata.vers);
        files::write(&self.dir.join("crates").join(&name).join(file), archive)?;
        self.stored += 1;
        let stored = Stored {
            line: IndexLine::of(metadata, Digest::of(archive)),
            archive: archive.to_vec(),
            number: self.stored,
            uploaded_at: clock::now(),
            age: Stopwatch::start(),
            seen,
        };
        let entry = self.crates.entry(index::canonical(&name));
        let krate = entry.or_insert_with(|| Crate { name, owners: Owners::first(), versions: Vec::new() });
        krate.versions.push(stored);
        krate.write_index(&self.dir)?;
        Ok(())
    }

    /// Marks a version as yanked or not.
    pub(super) fn set_yanked(&mut self, name: &str, version: &str, yanked: bool) -> Result<(), HttpError> {
        let dir = self.dir.clone();
        let krate = self.find_mut(name)?;
        let at = krate.position(version)?;
        krate.versions[at].line.yanked = yanked;
        krate.write_index(&dir)?;
        Ok(())
    }

    /// Lets the index show everything.
    #[cfg(feature = "testing")]
    pub(super) fn reveal(&mut self) {
        for stored in self.crates.values_mut().flat_map(|krate| &mut krate.versions) {
            stored.seen = ShownAs::default();
        }
    }

    /// Everything that was stored, in the order of the uploads.
    pub(super) fn published(&self) -> Vec<Published> {
        let mut stored: Vec<&Stored> = self.crates.values().flat_map(|krate| &krate.versions).collect();
        stored.sort_by_key(|stored| stored.number);
        stored.into_iter().map(Stored::published).collect()
    }
}

impl Crate {
    /// What the index says now; nothing where it shows no version.
    pub(super) fn index_file(&self) -> Option<String> {
        let lines: String = self.versions.iter().filter(|stored| stored.is_seen()).map(Stored::seen_line).collect();
        (!lines.is_empty()).then_some(lines)
    }

    /// A version, spelled exactly so.
    pub(super) fn version(&self, version: &str) -> Result<&Stored, HttpError> {
        self.position(version).map(|at| &self.versions[at])
    }

    /// What the web API says about the crate.
    pub(super) fn describe(&self, trusted_only: bool) -> Value {
        let versions: Vec<Value> = self.versions.iter().rev().map(Stored::describe).collect();
        let newest = self.versions.iter().map(|stored| &stored.line.vers).max();
        json!({
            "crate": { "id": self.name, "name": self.name, "max_version": newest, "trustpub_only": trusted_only },
            "versions": versions,
        })
    }

    fn position(&self, version: &str) -> Result<usize, HttpError> {
        let found = self.versions.iter().position(|stored| stored.line.vers.to_string() == version);
        found.ok_or_else(|| HttpError::missing(format!("crate `{}` does not have a version `{version}`", self.name)))
    }

    /// The file has everything, also what the index does not show yet.
    fn write_index(&self, dir: &Path) -> Result<()> {
        let lines: String = self.versions.iter().map(|stored| stored.line.text() + "\n").collect();
        files::write(&dir.join("index").join(index::path_of(&self.name)), lines.as_bytes())
    }
}

impl Stored {
    fn is_seen(&self) -> bool {
        match self.seen.from {
            SeenFrom::Upload => true,
            SeenFrom::Age(age) => self.age.elapsed() >= age,
            SeenFrom::Reveal => false,
        }
    }

    fn seen_line(&self) -> String {
        let mut line = self.line.clone();
        if self.seen.falsified {
            line.cksum = Digest::of(line.cksum.as_str().as_bytes());
        }
        line.text() + "\n"
    }

    /// What the web API says about the version.
    pub(super) fn describe(&self) -> Value {
        json!({
            "crate": self.line.name,
            "num": self.line.vers,
            "checksum": self.line.cksum,
            "yanked": self.line.yanked,
            "created_at": self.uploaded_at,
            "crate_size": self.archive.len(),
        })
    }

    fn published(&self) -> Published {
        Published {
            name: self.line.name.clone().into(),
            version: self.line.vers.clone(),
            checksum: self.line.cksum.clone(),
            yanked: self.line.yanked,
            uploaded_at: self.uploaded_at,
        }
    }
}

/// Whether an upload is free beside these versions: a name keeps its spelling, and a version is taken for good, whatever
/// its build metadata.
pub(super) fn admits<'a>(
    taken: impl Iterator<Item = (&'a str, &'a semver::Version)>,
    wanted: &UploadMetadata,
) -> Result<(), HttpError> {
    for (name, version) in taken {
        if name != wanted.name {
            return Err(HttpError::bad(format!("crate was previously named `{name}`")));
        }
        if version.cmp_precedence(&wanted.vers).is_eq() {
            let taken = semver::Version { build: semver::BuildMetadata::EMPTY, ..version.clone() };
            return Err(HttpError::bad(format!("crate version `{taken}` is already uploaded")));
        }
    }
    Ok(())
}

fn missing(name: &str) -> HttpError {
    HttpError::missing(format!("crate `{name}` does not exist"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(state: &mut RegistryState, name: &str, version: &str, seen: ShownAs) -> Result<(), HttpError> {
        let metadata = serde_json::from_value(json!({ "name": name, "vers": version })).expect("an upload");
        state.store(ReceivedUpload { metadata, archive: b"an archive" }, seen)
    }

    /// A registry whose files are gone when it is.
    fn empty() -> (tempfile::TempDir, RegistryState) {
        let dir = tempfile::tempdir().expect("a directory");
        let state = RegistryState::new(dir.path(), Faults::none());
        (dir, state)
    }

    fn index(state: &RegistryState) -> Option<String> {
        state.find("tea-leaf").expect("stored").index_file()
    }

    /// Build metadata makes no other version, and another spelling no other crate.
    #[test]
    fn takes_a_name_and_a_version_once() {
        let (_dir, mut state) = empty();
        store(&mut state, "tea-leaf", "0.1.0", ShownAs::default()).expect("it is free");
        let again = store(&mut state, "tea-leaf", "0.1.0+meta", ShownAs::default()).expect_err("it is taken");
        assert_eq!(again.detail(), "crate version `0.1.0` is already uploaded");
        let other = store(&mut state, "Tea_Leaf", "0.2.0", ShownAs::default()).expect_err("it is taken");
        assert_eq!(other.detail(), "crate was previously named `tea-leaf`");
        store(&mut state, "tea-leaf", "0.1.0-rc.1", ShownAs::default()).expect("a pre-release is another version");
    }

    /// What is hidden is stored and nevertheless not there for readers of the index, until it is revealed.
    #[test]
    fn hides_until_revealed() {
        let (_dir, mut state) = empty();
        store(&mut state, "tea-leaf", "0.1.0", ShownAs { from: SeenFrom::Reveal, falsified: true })
            .expect("it is free");
        assert_eq!((index(&state), state.published().len()), (None, 1));
        state.reveal();
        assert!(index(&state).is_some_and(|lines| lines.contains(Digest::of(b"an archive").as_str())));
    }

    /// The index names another checksum than the stored archive has.
    #[test]
    fn shows_a_wrong_checksum() {
        let (_dir, mut state) = empty();
        store(&mut state, "tea-leaf", "0.1.0", ShownAs { falsified: true, ..ShownAs::default() }).expect("it is free");
        assert!(index(&state).is_some_and(|lines| !lines.contains(Digest::of(b"an archive").as_str())));
        assert_eq!(state.published()[0].checksum, Digest::of(b"an archive"));
    }
}

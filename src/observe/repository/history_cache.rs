//! What was found out about commits, kept under git's common directory for the next time. A commit is what its id names,
//! so none of it can become wrong; what cannot be read, or was written by another version, is found out again. The file
//! may be deleted at any time.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

use flate2::Crc;

use super::attribute::Changes;
use super::attribute::Task;
use super::graph::CommitGraph;
use super::graph::CommitNode;
use super::graph::Place;
use super::package_set::Members;
use crate::error::Result;
use crate::names::Digest;
use crate::names::RepoPath;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::KnownObjects;
use crate::tools::git::read::Oid;
use crate::tools::system::files;

/// How the file begins: its format. A change of what is in it, or of how it is found out, takes another number.
const FORMAT: &[u8; 24] = b"cargo-release history 04";

/// So many commits have to be new for the file to be written: fewer are found out faster than it is written.
const WORTH_WRITING: usize = 256;

/// The length of an id.
const ID: usize = 20;

/// Commits, and what they change.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) graph: CommitGraph,
    /// The layout of packages that the changes were found out with.
    layout: Option<Digest>,
    changes: HashMap<Place, (Members, Changes)>,
    /// What tags peel to, where the references do not say it.
    peeled: BTreeMap<Oid, Oid>,
    /// How many commits were read from the file.
    known: usize,
    /// How many changes, and commits of tags, were found out since.
    found: usize,
}

impl Kept {
    /// What the file of a repository holds; nothing where there is none that can be read. A shallow clone keeps nothing: it
    /// does not know all parents.
    pub(crate) fn read(git: &Checkout) -> Self {
        if git.is_shallow() {
            return Self::default();
        }
        let bytes = files::read(&place(git.common_dir())).ok().flatten();
        bytes.and_then(|bytes| Self::decoded(&bytes)).unwrap_or_default()
    }

    /// Writes the file where much is new. Where that fails it is found out again.
    pub(crate) fn write(&self, git: &Checkout) {
        let new = (self.graph.nodes().len() - self.known).max(self.found);
        if new >= WORTH_WRITING && !git.is_shallow() {
            drop(files::write(&place(git.common_dir()), &self.encoded()));
        }
    }

    /// Changes count only for the layout that they were found out with.
    pub(crate) fn lay_out(&mut self, layout: &Digest) {
        if self.layout.as_ref() != Some(layout) {
            self.changes.clear();
            self.layout = Some(layout.clone());
        }
    }

    /// What a commit changes of the packages that it is looked at for, where that is known.
    pub(crate) fn changes(&self, task: &Task) -> Option<Changes> {
        let (looked_at, changes) = self.changes.get(&task.commit).filter(|(members, _)| members.holds(&task.wanted))?;
        if *looked_at == task.wanted {
            return Some(changes.clone());
        }
        Some(changes.iter().filter(|(member, _)| task.wanted.contains(*member)).cloned().collect())
    }

    /// Keeps what a commit changes.
    pub(crate) fn keep(&mut self, task: &Task, changes: Changes) {
        self.changes.insert(task.commit, (task.wanted.clone(), changes));
        self.found += 1;
    }

    /// Of these commits, the merges whose messages say that something breaks, as `says` tells of those that were not read yet.
    ///
    /// # Errors
    /// A message cannot be read.
    pub(crate) fn breaking_merges(
        &mut self,
        tasks: &[Task],
        says: impl Fn(Oid) -> Result<bool>,
    ) -> Result<BTreeSet<Place>> {
        let mut breaking = BTreeSet::new();
        for task in tasks {
            let Some(merge) = self.unread_merge(task.commit) else { continue };
            if says(merge)? {
                breaking.insert(task.commit);
            } else {
                self.keep_silent(task.commit);
            }
        }
        Ok(breaking)
    }

    /// A merge, where it is not known that its message does not say that something breaks.
    pub(crate) fn unread_merge(&self, commit: Place) -> Option<Oid> {
        let node = self.graph.node(commit);
        (node.parents.len() > 1 && !node.is_silent).then_some(node.id)
    }

    /// Keeps that the message of a merge does not say that something breaks.
    pub(crate) fn keep_silent(&mut self, merge: Place) {
        self.graph.keep_silent(merge);
        self.found += 1;
    }

    pub(crate) fn encoded(&self) -> Vec<u8> {
        let mut body = Writer(Vec::new());
        body.number(self.graph.nodes().len());
        for node in self.graph.nodes() {
            body.0.extend_from_slice(node.id.as_bytes());
            body.0.extend_from_slice(node.tree.as_bytes());
            body.0.extend_from_slice(&node.time.to_le_bytes());
            body.number(node.parents.len() * 2 + usize::from(node.is_silent));
            node.parents.iter().for_each(|parent| body.number(*parent));
        }
        body.text(self.layout.as_ref().map_or("", Digest::as_str));
        let mut places: Vec<_> = self.changes.keys().copied().collect();
        places.sort_unstable();
        body.number(places.len());
        let mut last: Option<&Members> = None;
        for place in places {
            let Some((members, changes)) = self.changes.get(&place) else { continue };
            body.number(place);
            // Neighbours are mostly looked at for the same packages.
            body.number(if last == Some(members) { 0 } else { members.words().len() });
            if last != Some(members) {
                members.words().iter().for_each(|word| body.0.extend_from_slice(&word.to_le_bytes()));
            }
            last = Some(members);
            body.number(changes.len());
            for (member, paths) in changes {
                body.number(*member);
                body.number(paths.len());
                paths.iter().for_each(|path| body.text(path.as_str()));
            }
        }
        body.number(self.peeled.len());
        for (tag, commit) in &self.peeled {
            body.0.extend_from_slice(tag.as_bytes());
            body.0.extend_from_slice(commit.as_bytes());
        }
        let mut whole = FORMAT.to_vec();
        whole.extend_from_slice(&checksum(&body.0).to_le_bytes());
        whole.append(&mut body.0);
        whole
    }

    pub(crate) fn decoded(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(FORMAT)?;
        let (sum, body) = rest.split_first_chunk::<4>()?;
        if checksum(body) != u32::from_le_bytes(*sum) {
            return None;
        }
        let mut body = CacheReader(body);
        let mut nodes: Vec<CommitNode> = Vec::new();
        for place in 0..body.number()? {
            let (id, tree) = (body.id()?, body.id()?);
            let time = i64::from_le_bytes(body.bytes(8)?.try_into().ok()?);
            let (count, is_silent) = body.number().map(|number| (number / 2, number % 2 == 1))?;
            let parents: Vec<Place> = (0..count).map(|_| body.number()).collect::<Option<_>>()?;
            parents.iter().all(|parent| *parent < place).then_some(())?;
            nodes.push(CommitNode { id, tree, time, parents, is_silent });
        }
        let layout = body.text()?;
        let layout = (!layout.is_empty()).then(|| Digest::from(layout));
        let mut changes = HashMap::new();
        let mut members = Members::default();
        for _ in 0..body.number()? {
            let place = body.number().filter(|place| *place < nodes.len())?;
            let words = body.number()?;
            if words > 0 {
                let word = |_| Some(u64::from_le_bytes(body.bytes(8)?.try_into().ok()?));
                members = Members::from_words((0..words).map(word).collect::<Option<_>>()?);
            }
            let mut found = Changes::new();
            for _ in 0..body.number()? {
                let member = body.number()?;
                let paths = (0..body.number()?).map(|_| body.text().map(RepoPath::from)).collect::<Option<_>>()?;
                found.push((member, paths));
            }
            changes.insert(place, (members.clone(), found));
        }
        let mut peeled = BTreeMap::new();
        for _ in 0..body.number()? {
            peeled.insert(body.id()?, body.id()?);
        }
        let known = nodes.len();
        Some(Self { graph: CommitGraph::of(nodes), layout, changes, peeled, known, found: 0 })
    }
}

impl KnownObjects for Kept {
    fn commit(&self, id: Oid) -> Option<Oid> {
        self.peeled.get(&id).copied().or_else(|| self.graph.place(id).map(|_| id))
    }

    fn peels(&mut self, tag: Oid, commit: Oid) {
        if tag != commit {
            self.peeled.insert(tag, commit);
            self.found += 1;
        }
    }
}

/// Where what was found out is kept for the next time. All of it may be deleted at any time.
pub(crate) fn cache_dir(common_dir: &Path) -> PathBuf {
    common_dir.join("cargo-release").join("cache")
}

fn place(common_dir: &Path) -> PathBuf {
    cache_dir(common_dir).join("history")
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits a byte, the lowest first; the last byte is the one without the eighth.
    fn number(&mut self, mut number: usize) {
        while number > 0x7f {
            self.0.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
            number >>= 7;
        }
        self.0.push(u8::try_from(number).unwrap_or_default());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }
}

struct CacheReader<'a>(&'a [u8]);

impl CacheReader<'_> {
    fn bytes(&mut self, length: usize) -> Option<&[u8]> {
        let (found, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(found)
    }

    fn id(&mut self) -> Option<Oid> {
        Oid::from_bytes(self.bytes(ID)?).ok()
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..usize::BITS).step_by(7) {
            let byte = *self.bytes(1)?.first()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        String::from_utf8(self.bytes(length)?.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::repository::graph::CommitNode;

    fn kept() -> Kept {
        let id = |byte: u8| Oid::from_bytes(&[byte; ID]).unwrap();
        let node =
            |byte, parents| CommitNode { id: id(byte), tree: id(byte + 100), time: -5, parents, is_silent: false };
        let graph = CommitGraph::of(vec![node(1, vec![]), node(2, vec![0]), node(3, vec![0, 1])]);
        let mut kept = Kept { graph, ..Kept::default() };
        kept.lay_out(&Digest::of(b"layout"));
        let wanted = Members::from_words(vec![0b101]);
        kept.keep(&Task { commit: 1, wanted: wanted.clone() }, vec![(0, vec!["a/x".into()]), (2, vec!["c".into()])]);
        kept.keep(&Task { commit: 2, wanted }, Changes::new());
        kept.peels(id(9), id(2));
        let merge = Task { commit: 2, wanted: Members::from_words(vec![1]) };
        assert!(kept.breaking_merges(&[merge], |_| Ok(false)).unwrap().is_empty());
        kept
    }

    // What was kept comes back, also for fewer packages than it was found out for, and never for others.
    #[test]
    fn answers_only_what_was_asked_before() {
        let kept = Kept::decoded(&kept().encoded()).unwrap();
        let changes = |words| kept.changes(&Task { commit: 1, wanted: Members::from_words(vec![words]) });
        assert_eq!(changes(0b101).unwrap().len(), 2);
        assert_eq!(changes(0b100), Some(vec![(2, vec!["c".into()])]));
        assert_eq!(changes(0b111), None);
        assert_eq!(kept.graph.node(2).parents, [0, 1]);
        assert_eq!(kept.graph.node(2).time, -5);
        let commit = |byte: u8| kept.commit(Oid::from_bytes(&[byte; ID]).unwrap());
        assert_eq!((commit(9), commit(2), commit(8)), (commit(2), commit(2), None));
    }

    // A message that says that nothing breaks is read once; one that says that something does is told every time.
    #[test]
    fn merges_that_break_nothing_are_read_once() {
        let mut kept = Kept::decoded(&kept().encoded()).unwrap();
        let merge = || [Task { commit: 2, wanted: Members::from_words(vec![1]) }];
        assert!(kept.breaking_merges(&merge(), |_| Ok(true)).unwrap().is_empty());
        let graph = CommitGraph::of(
            kept.graph.nodes().iter().map(|node| CommitNode { is_silent: false, ..node.clone() }).collect(),
        );
        let mut kept = Kept { graph, ..Kept::default() };
        assert_eq!(kept.breaking_merges(&merge(), |_| Ok(true)).unwrap(), BTreeSet::from([2]));
    }

    // With another layout of packages nothing of it counts.
    #[test]
    fn another_layout_forgets() {
        let mut kept = kept();
        kept.lay_out(&Digest::of(b"another"));
        assert_eq!(kept.changes(&Task { commit: 2, wanted: Members::from_words(vec![1]) }), None);
    }

    // A file that was cut off, or in which any byte is another, is as if it were not there.
    #[test]
    fn a_damaged_file_is_none() {
        let whole = kept().encoded();
        for end in 0..whole.len() {
            assert!(Kept::decoded(&whole[..end]).is_none(), "cut off at {end}");
        }
        for at in 0..whole.len() {
            let mut other = whole.clone();
            other[at] ^= 1;
            assert!(Kept::decoded(&other).is_none(), "another byte at {at}");
        }
    }
}

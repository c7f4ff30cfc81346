//! Which packages two trees of the repository differ in, found by comparing the ids of subtrees: what is equal is never
//! opened. A package that lies inside another is not a part of it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::package_set::Member;
use super::package_set::Members;
use crate::error::Result;
use crate::names::RepoPath;
use crate::tools::git::read::Checkout;
use crate::tools::git::read::Oid;
use crate::tools::git::read::RawEntry;
use crate::tools::git::read::RawTree;

/// The mode of an entry that is a directory.
const DIRECTORY: i32 = 0o040_000;

/// The directories of the packages.
#[derive(Debug, Default)]
pub(crate) struct Directories {
    root: Directory,
}

#[derive(Debug, Default)]
struct Directory {
    member: Option<Member>,
    /// Where it is a file: packages that lie elsewhere and ship it.
    shipped_by: Vec<Member>,
    inside: BTreeMap<Vec<u8>, Directory>,
    /// All packages that have something at it or below.
    below: Members,
}

impl Directory {
    /// Fills in what is below, for so many packages.
    fn sum(&mut self, members: usize) {
        let mut below = Members::none(members);
        self.member.iter().chain(&self.shipped_by).for_each(|member| below.insert(*member));
        for inside in self.inside.values_mut() {
            inside.sum(members);
            below.add(&inside.below);
        }
        self.below = below;
    }

    /// Whether anything of these packages may be found in it, where it lies in a directory of `owner`'s.
    fn concerns(&self, wanted: &Members, owner: Option<Member>) -> bool {
        self.below.meets(wanted) || (owner.is_some() && self.member.is_none())
    }

    /// Tells all packages in it.
    fn members(&self, tell: &mut dyn FnMut(Member)) {
        self.member.into_iter().for_each(&mut *tell);
        self.inside.values().for_each(|inside| inside.members(tell));
    }
}

/// A side of a comparison: a directory, or nothing.
type Side = Option<Oid>;

/// An entry of a tree: its mode and what it names.
#[derive(Clone, Copy, PartialEq, Eq)]
struct TreeEntry {
    mode: i32,
    id: Oid,
}

impl TreeEntry {
    fn directory(self) -> Side {
        (self.mode == DIRECTORY).then_some(self.id)
    }
}

/// An entry that differs: its name, and what either side has there.
struct EntryDifference {
    name: Vec<u8>,
    sides: [Option<TreeEntry>; 2],
}

/// Told of each difference; says what to look for.
trait DifferenceListener {
    /// A package differs at this path, which is empty where only that is known.
    fn differs(&mut self, member: Member, path: &[u8]);
    /// The packages that are looked at.
    fn wanted(&self) -> &Members;
    /// Whether paths are wanted, beyond that a package differs.
    fn wants_paths(&self) -> bool;
}

impl Directories {
    /// The directories of packages, in their order.
    pub(crate) fn of<'a>(dirs: impl IntoIterator<Item = &'a RepoPath>) -> Self {
        let mut all = Self::default();
        for (member, dir) in dirs.into_iter().enumerate() {
            all.place(dir).member = Some(member);
        }
        all
    }

    /// Another directory of a package, where it is nobody else's: where it lay before.
    pub(crate) fn add_former(&mut self, member: Member, dir: &RepoPath) {
        self.place(dir).member.get_or_insert(member);
    }

    /// A file that a package ships and that lies outside of its directory.
    pub(crate) fn add_file(&mut self, member: Member, file: &RepoPath) {
        self.place(file).shipped_by.push(member);
    }

    /// Done: there are so many packages.
    pub(crate) fn complete(mut self, members: usize) -> Self {
        self.root.sum(members);
        self
    }

    fn place(&mut self, path: &RepoPath) -> &mut Directory {
        let parts = path.as_str().split('/').filter(|part| !part.is_empty());
        parts.fold(&mut self.root, |at, part| at.inside.entry(part.as_bytes().to_vec()).or_default())
    }

    /// Those of these packages that differ between two trees of the repository; nothing stands for the empty tree.
    pub(crate) fn changed(&self, git: &Checkout, sides: [Side; 2], of: &Members) -> Result<Members> {
        let mut found = DifferingPackages { of, members: of.emptied() };
        TreeComparison { git, listener: &mut found }.directory(&self.root, sides, None, &mut Vec::new())?;
        Ok(found.members)
    }

    /// The paths that differ between two trees in each of these packages, in the order of the trees.
    pub(crate) fn paths(&self, git: &Checkout, sides: [Side; 2], of: &Members) -> Result<Paths> {
        let mut found = Paths { of: of.clone(), paths: BTreeMap::new() };
        TreeComparison { git, listener: &mut found }.directory(&self.root, sides, None, &mut Vec::new())?;
        Ok(found)
    }
}

/// All paths that differ between two trees.
pub(crate) fn all_paths(git: &Checkout, sides: [Side; 2]) -> Result<Vec<RepoPath>> {
    let everything = Directories { root: Directory { member: Some(0), ..Directory::default() } }.complete(1);
    let mut one = Members::none(1);
    one.insert(0);
    let mut found = everything.paths(git, sides, &one)?;
    Ok(found.of(0))
}

/// The packages that were found to differ, of those that are looked at.
struct DifferingPackages<'a> {
    of: &'a Members,
    members: Members,
}

impl DifferenceListener for DifferingPackages<'_> {
    fn differs(&mut self, member: Member, _: &[u8]) {
        if self.of.contains(member) {
            self.members.insert(member);
        }
    }

    fn wanted(&self) -> &Members {
        self.of
    }

    fn wants_paths(&self) -> bool {
        false
    }
}

/// The paths that differ, package by package.
#[derive(Debug)]
pub(crate) struct Paths {
    of: Members,
    paths: BTreeMap<Member, Vec<RepoPath>>,
}

impl Paths {
    /// Those of one package.
    pub(crate) fn of(&mut self, member: Member) -> Vec<RepoPath> {
        self.paths.remove(&member).unwrap_or_default()
    }

    /// Those of all packages that have any.
    pub(crate) fn all(self) -> impl Iterator<Item = (Member, Vec<RepoPath>)> {
        self.paths.into_iter().filter(|(_, paths)| !paths.is_empty())
    }

    /// Keeps of each package the paths that the others have too.
    pub(crate) fn keep(&mut self, others: &Self) {
        let theirs = |member: &Member| others.paths.get(member).map_or(&[][..], Vec::as_slice);
        for (member, paths) in &mut self.paths {
            let theirs: std::collections::BTreeSet<&RepoPath> = theirs(member).iter().collect();
            paths.retain(|path| theirs.contains(path));
        }
    }
}

impl DifferenceListener for Paths {
    fn differs(&mut self, member: Member, path: &[u8]) {
        if self.of.contains(member) && !path.is_empty() {
            let path = RepoPath::from(String::from_utf8_lossy(path).into_owned());
            self.paths.entry(member).or_default().push(path);
        }
    }

    fn wanted(&self) -> &Members {
        &self.of
    }

    fn wants_paths(&self) -> bool {
        true
    }
}

struct TreeComparison<'a, L> {
    git: &'a Checkout,
    listener: &'a mut L,
}

impl<L: DifferenceListener> TreeComparison<'_, L> {
    /// Compares a directory that packages lie in, or one that is a package's.
    fn directory(&mut self, at: &Directory, sides: [Side; 2], owner: Option<Member>, path: &mut Vec<u8>) -> Result<()> {
        if sides[0] == sides[1] {
            return Ok(());
        }
        // What belongs to a package that is not looked at is nobody's here.
        let owner = at.member.or(owner).filter(|owner| self.listener.wanted().contains(*owner));
        if at.inside.is_empty() {
            return owner.map_or(Ok(()), |owner| self.files(owner, sides, path));
        }
        for difference in self.differences(sides)? {
            let length = enter(path, &difference.name);
            let inside = at.inside.get(&difference.name);
            match (inside, owner) {
                (Some(inside), owner) if inside.concerns(self.listener.wanted(), owner) => {
                    self.nested(inside, &difference, owner, path)?;
                }
                (None, Some(owner)) => self.entry(owner, &difference, path)?,
                (Some(_) | None, _) => {}
            }
            path.truncate(length);
        }
        Ok(())
    }

    /// Compares an entry that packages lie in. Where it is no directory it is a submodule, and holds them all.
    fn nested(
        &mut self,
        at: &Directory,
        difference: &EntryDifference,
        owner: Option<Member>,
        path: &mut Vec<u8>,
    ) -> Result<()> {
        if difference.sides.iter().flatten().any(|entry| entry.directory().is_none()) {
            at.members(&mut |member| self.listener.differs(member, path));
            at.shipped_by.iter().for_each(|member| self.listener.differs(*member, path));
            let plain = at.member.is_none() && at.inside.is_empty();
            owner.filter(|_| plain).into_iter().for_each(|owner| self.listener.differs(owner, path));
        }
        self.directory(at, difference.sides.map(|side| side.and_then(TreeEntry::directory)), owner, path)
    }

    /// Compares a directory that belongs to a package as a whole.
    fn files(&mut self, owner: Member, sides: [Side; 2], path: &mut Vec<u8>) -> Result<()> {
        if sides[0] == sides[1] {
            return Ok(());
        }
        if !self.listener.wants_paths() {
            self.listener.differs(owner, &[]);
            return Ok(());
        }
        for difference in self.differences(sides)? {
            let length = enter(path, &difference.name);
            self.entry(owner, &difference, path)?;
            path.truncate(length);
        }
        Ok(())
    }

    /// Tells of an entry that differs: the files in it where it is a directory, else itself.
    fn entry(&mut self, owner: Member, difference: &EntryDifference, path: &mut Vec<u8>) -> Result<()> {
        let directories = difference.sides.map(|side| side.and_then(TreeEntry::directory));
        let is_file = |side: Option<TreeEntry>| side.is_some_and(|entry| entry.directory().is_none());
        if difference.sides.into_iter().any(is_file) {
            self.listener.differs(owner, path);
        }
        self.files(owner, directories, path)
    }

    /// The entries that two trees do not have in common. A file and a directory of one name come as two: git sorts them
    /// apart.
    fn differences(&self, sides: [Side; 2]) -> Result<Vec<EntryDifference>> {
        if sides[0] == sides[1] {
            return Ok(Vec::new());
        }
        let trees = [self.opened(sides[0])?, self.opened(sides[1])?];
        let [mut left, mut right] = trees.each_ref().map(|tree| tree.entries().peekable());
        let mut found = Vec::new();
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => return Ok(found),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) if one == other => Ordering::Equal,
                (Some(one), Some(other)) => sorted(one).cmp(sorted(other)),
            };
            let one = order.is_le().then(|| left.next()).flatten();
            let other = order.is_ge().then(|| right.next()).flatten();
            if one == other {
                continue;
            }
            let sides = [&one, &other].map(|side| side.as_ref().map(entry));
            if sides[0] != sides[1] {
                let name = one.as_ref().or(other.as_ref()).map(|side| side.name.to_vec());
                found.push(EntryDifference { name: name.unwrap_or_default(), sides });
            }
        }
    }

    fn opened(&self, side: Side) -> Result<RawTree> {
        side.map_or_else(|| Ok(RawTree::default()), |id| self.git.raw_tree(id))
    }
}

fn entry(found: &RawEntry<'_>) -> TreeEntry {
    TreeEntry { mode: found.mode(), id: found.id() }
}

/// The bytes by which git sorts the entries of a tree: a directory as if its name ended in `/`.
fn sorted<'a>(entry: &RawEntry<'a>) -> impl Iterator<Item = &'a u8> + use<'a> {
    let end: &[u8] = if entry.mode() == DIRECTORY { b"/" } else { b"" };
    entry.name.iter().chain(end)
}

/// Appends a part to a path; the length to cut it back to.
fn enter(path: &mut Vec<u8>, name: &[u8]) -> usize {
    let length = path.len();
    if length > 0 {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    length
}
